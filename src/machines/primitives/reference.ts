import { assign, setup } from 'xstate';

/**
 * A plain reference count, such as that of an inode.
 *
 * Kept: how many have been taken and not given back. Left out: what happens at zero.
 */
export const referenceMachine = setup({
  types: {
    context: {} as { readonly count: number },
    input: {} as { readonly count: number } | undefined,
    events: {} as { type: 'reference.taken' | 'reference.dropped' },
    tags: {} as 'rest',
  },
  actions: {
    add: assign({ count: ({ context }) => context.count + 1 }),
    subtract: assign({ count: ({ context }) => context.count - 1 }),
  },
}).createMachine({
  id: 'reference',
  context: ({ input }) => ({ count: input?.count ?? 0 }),
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: { 'reference.taken': { actions: 'add' }, 'reference.dropped': { actions: 'subtract' } },
    },
  },
});
