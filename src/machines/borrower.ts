import { emit, setup } from 'xstate';

/**
 * A process that touches memory of its own for the first time: it gets a frame that nobody uses, and maps it.
 *
 * Kept: a frame that was a file's a moment ago may be a process's now. Left out: everything that looks for a free
 * frame.
 */
export const borrowerMachine = setup({
  types: {
    events: {} as { type: 'memory.touched' },
    emitted: {} as { type: 'page.allocated' | 'page.mapped' },
    tags: {} as 'rest',
  },
}).createMachine({
  id: 'borrower',
  initial: 'waiting',
  states: {
    waiting: {
      tags: 'rest',
      on: {
        'memory.touched': {
          target: 'served',
          actions: [emit({ type: 'page.allocated' }), emit({ type: 'page.mapped' })],
        },
      },
    },
    served: { tags: 'rest' },
  },
});
