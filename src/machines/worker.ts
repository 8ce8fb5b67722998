import { assign, emit, setup } from 'xstate';
import type { FateMessage } from './messages.ts';

/**
 * The work item that calls memory_failure() for events that have been queued.
 *
 * Kept: one event at a time, in the order of the queue; while it works it does not look at the queue. The queue itself, bounded
 * and dropping what does not fit, is the mailbox that a model gives it. Where there is a record it reads that too, when the
 * queue is empty. Left out: everything that memory_failure() does.
 */
export const workerMachine = setup({
  types: {
    context: {} as { readonly poison: number },
    events: {} as
      | { type: 'event.raised'; poison: number }
      | { type: 'record.read'; pending: number }
      | { type: 'event.handled' },
    emitted: {} as FateMessage<'owned'> | { type: 'range.reconciled'; poison: number },
    tags: {} as 'rest' | 'busy',
  },
  actions: {
    note: assign({
      poison: ({ event }) => ('poison' in event ? event.poison : 'pending' in event ? event.pending : -1),
    }),
    forget: assign({ poison: -1 }),
    own: emit(({ context }) => ({ type: 'event.owned', poison: context.poison })),
    reconcile: emit(({ context }) => ({ type: 'range.reconciled', poison: context.poison })),
  },
}).createMachine({
  id: 'worker',
  context: { poison: -1 },
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'event.raised': { target: 'working', actions: 'note' },
        'record.read': { target: 'working', actions: 'note' },
      },
    },
    working: {
      tags: 'busy',
      on: { 'event.handled': { target: 'idle', actions: ['own', 'reconcile', 'forget'] } },
    },
  },
});
