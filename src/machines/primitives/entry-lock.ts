import { assign, setup } from 'xstate';

/**
 * One entry of a file's mapping xarray, and the lock bit in it.
 *
 * Kept: whoever comes to a locked entry waits, because a rendezvous with `locked` finds no transition; an entry holds a
 * page from its first fault on, until somebody clears it, which takes the lock for a moment. Left out: the wait queue,
 * the zero page, entries of more than one page.
 */
export const entryMachine = setup({
  types: {
    context: {} as { readonly filled: boolean },
    events: {} as
      | { type: 'entry.locked' | 'entry.unlocked' | 'entry.filled' | 'entry.cleared' }
      | { type: 'entry.taken'; by: 'kill' }
      | { type: 'entry.released' },
    tags: {} as 'rest' | 'locked',
  },
  actions: { fill: assign({ filled: true }), clear: assign({ filled: false }) },
}).createMachine({
  id: 'entry',
  context: { filled: false },
  initial: 'unlocked',
  states: {
    unlocked: {
      tags: 'rest',
      on: { 'entry.locked': 'locked', 'entry.taken': 'locked', 'entry.cleared': { actions: 'clear' } },
    },
    locked: {
      tags: 'locked',
      on: { 'entry.unlocked': 'unlocked', 'entry.released': 'unlocked', 'entry.filled': { actions: 'fill' } },
    },
  },
});
