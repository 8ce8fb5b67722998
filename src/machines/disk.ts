import { assign, setup } from 'xstate';

/**
 * A struct gendisk: its open_mutex, and whether its queue still leads to it.
 *
 * Kept: who opens, closes or deletes the disk does so one at a time. Left out: who has it open, and its capacity.
 */
export const diskMachine = setup({
  types: {
    context: {} as { readonly isAttached: boolean },
    events: {} as { type: 'disk.locked' | 'disk.unlocked' | 'disk.detached' },
    tags: {} as 'rest',
  },
  actions: { detach: assign({ isAttached: false }) },
}).createMachine({
  id: 'disk',
  context: { isAttached: true },
  initial: 'free',
  states: {
    free: { tags: 'rest', on: { 'disk.locked': 'held', 'disk.detached': { actions: 'detach' } } },
    held: { on: { 'disk.unlocked': 'free' } },
  },
});
