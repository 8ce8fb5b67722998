import { emit, setup } from 'xstate';

/**
 * A task that maps a page of a file and touches it.
 *
 * Kept: the page can be mapped only when the file system is mounted; a load from poison raises memory_failure() in the
 * task's own context, and the task goes on when that has returned; one way or another it ends with SIGBUS. Left out:
 * which SIGBUS, faults that are refused, a second page.
 */
export const applicationMachine = setup({
  types: {
    events: {} as
      | { type: 'file.mapped' | 'page.touched' | 'caller.died' }
      | { type: 'task.signalled' | 'failure.returned'; poison: number },
    emitted: {} as { type: 'poison.consumed' },
    tags: {} as 'rest' | 'mapped' | 'signalled',
  },
  actions: { consume: emit({ type: 'poison.consumed' }) },
}).createMachine({
  id: 'application',
  initial: 'outside',
  states: {
    outside: {
      tags: 'rest',
      on: { 'file.mapped': 'mapped' },
    },
    mapped: {
      tags: ['rest', 'mapped'],
      on: { 'page.touched': { target: 'consuming', actions: 'consume' }, 'task.signalled': 'signalled' },
    },
    consuming: {
      description: 'In the machine check of its own load: a signal waits until memory_failure() returns.',
      tags: 'mapped',
      on: { 'failure.returned': 'signalled', 'caller.died': 'signalled', 'task.signalled': {} },
    },
    signalled: { tags: ['rest', 'signalled'] },
  },
});
