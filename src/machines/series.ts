import { assign, setup } from 'xstate';

/**
 * A kernel tree to which a series of patches is applied, one after the other: a kernel may be built from any prefix of
 * it.
 *
 * Kept: how many are in. Left out: what a patch says, and everything that is in the tree besides. No kernel variable
 * stands behind it.
 */
export const seriesMachine = setup({
  types: {
    context: {} as { readonly applied: number },
    events: {} as { type: 'patch.applied' },
    tags: {} as 'rest',
  },
  actions: { apply: assign({ applied: ({ context }) => context.applied + 1 }) },
}).createMachine({
  id: 'series',
  context: { applied: 0 },
  initial: 'open',
  states: { open: { tags: 'rest', on: { 'patch.applied': { actions: 'apply' } } } },
});
