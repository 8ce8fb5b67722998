import { emit, setup } from 'xstate';
import type { DaxStore, LockMessage } from './messages.ts';

/**
 * The thread that opens the table of a mapped device over a leg, and closes it.
 *
 * Kept: it looks whether the mapped device is there, and then links the leg to it; the link and, where device mapper
 * chains its holders, the registration with the DAX device of the leg are made and ended together. Left out: more than
 * one leg, and what the table says (relay.ts).
 *
 * `locks`: the look and the link are done under one lock with the creation and the removal of the mapped device (the
 * fix of KB-31), or under none.
 */
export const tableMachine = setup({
  types: {
    context: {} as TableInput,
    input: {} as TableInput,
    events: {} as
      | { type: 'open.requested' | 'link.made' | 'close.requested' | 'link.removed' }
      | { type: 'disk.read'; there: boolean },
    emitted: {} as DaxStore | LockMessage<'table' | 'none'>,
    tags: {} as 'rest' | 'linked',
  },
  guards: { isThere: ({ event }) => 'there' in event && event.there },
  actions: {
    lock: emit(({ context }) => ({ type: 'lock.taken', lock: context.locks })),
    unlock: emit(({ context }) => ({ type: 'lock.released', lock: context.locks })),
    storeData: emit({ type: 'data.stored', holder: 'other' }),
    storeOps: emit({ type: 'ops.stored', set: true, by: 'other' }),
    clearOps: emit({ type: 'ops.stored', set: false }),
    clearData: emit({ type: 'data.stored', holder: null }),
  },
}).createMachine({
  id: 'table',
  context: ({ input }) => input,
  initial: 'closed',
  states: {
    closed: { tags: 'rest', on: { 'open.requested': { target: 'looking', actions: 'lock' } } },
    looking: {
      on: {
        'disk.read': [
          { guard: 'isThere', target: 'linking' },
          { target: 'closed', actions: 'unlock' },
        ],
      },
    },
    linking: { on: { 'link.made': { target: 'open', actions: ['storeData', 'storeOps', 'unlock'] } } },
    open: { tags: ['rest', 'linked'], on: { 'close.requested': { target: 'closing', actions: 'lock' } } },
    closing: {
      tags: 'linked',
      on: { 'link.removed': { target: 'closed', actions: ['clearOps', 'clearData', 'unlock'] } },
    },
  },
});

export interface TableInput {
  readonly locks: 'table' | 'none';
}
