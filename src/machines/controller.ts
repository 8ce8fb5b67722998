import { emit, setup } from 'xstate';

/**
 * memory_failure() as the first series had it: with an mf_recover_controller on its stack, which says what is to be done with each
 * file that is found, and which it passes down.
 *
 * Kept: the controller is gone when the function has returned. Left out: what is in it.
 */
export const controllerMachine = setup({
  types: {
    events: {} as { type: 'poison.reported' | 'walk.returned' },
    emitted: {} as { type: 'walk.called' },
    tags: {} as 'rest' | 'onStack' | 'gone',
  },
}).createMachine({
  id: 'controller',
  initial: 'quiet',
  states: {
    quiet: {
      tags: 'rest',
      on: { 'poison.reported': { target: 'waiting', actions: emit({ type: 'walk.called' }) } },
    },
    waiting: { tags: 'onStack', on: { 'walk.returned': 'returned' } },
    returned: { tags: ['rest', 'gone'] },
  },
});
