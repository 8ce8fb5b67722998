import { setup } from 'xstate';

/**
 * The lock of one buffer.
 *
 * Kept: who comes second waits, because a rendezvous with `locked` finds no transition. Left out: what is in the
 * buffer.
 */
export const bufferMachine = setup({
  types: { events: {} as { type: 'buffer.locked' | 'buffer.unlocked' }, tags: {} as 'rest' | 'locked' },
}).createMachine({
  id: 'buffer',
  initial: 'unlocked',
  states: {
    unlocked: { tags: 'rest', on: { 'buffer.locked': 'locked' } },
    locked: { tags: 'locked', on: { 'buffer.unlocked': 'unlocked' } },
  },
});
