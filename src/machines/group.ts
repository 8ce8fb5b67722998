import { assign, setup } from 'xstate';

/**
 * The two counts of an xfs_group: active references, which keep it in use, and passive ones, which keep its memory.
 *
 * Kept: that they are two, and that each is given back as what it was taken as, or not. Left out: what a group is.
 */
export const groupMachine = setup({
  types: {
    context: {} as { readonly active: number; readonly passive: number },
    events: {} as { type: 'active.taken' | 'active.dropped' | 'passive.dropped' },
    tags: {} as 'rest',
  },
  actions: {
    takeActive: assign({ active: ({ context }) => context.active + 1 }),
    dropActive: assign({ active: ({ context }) => context.active - 1 }),
    dropPassive: assign({ passive: ({ context }) => context.passive - 1 }),
  },
}).createMachine({
  id: 'group',
  // One of each is the mount's own.
  context: { active: 1, passive: 1 },
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: {
        'active.taken': { actions: 'takeActive' },
        'active.dropped': { actions: 'dropActive' },
        'passive.dropped': { actions: 'dropPassive' },
      },
    },
  },
});
