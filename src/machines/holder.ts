import { emit, setup } from 'xstate';
import type { DaxStore, Holder, Meta } from './messages.ts';

/**
 * fs_dax_get_by_bdev() and fs_put_dax(): how a file system becomes the holder of a DAX device, and stops being it.
 *
 * Kept: either way two stores, one by one: holder_data by cmpxchg, holder_ops by a plain store after it. In between, a
 * notifier meets half a registration. A cmpxchg that loses is no error: the mount goes on without DAX; a put by somebody
 * who is not the holder withdraws nothing. Left out: dax_read_lock() around the lookup and the inode reference.
 *
 * `drains` is a repair: put waits for the readers of dax_srcu before it returns (hazard H-02). The kernel does not.
 */
export const holderMachine = setup({
  types: {
    context: {} as { readonly own: Holder; readonly drains: boolean },
    input: {} as { readonly own: Holder; readonly drains: boolean },
    events: {} as
      | { type: 'get.called' | 'put.called' | 'ops.installed' | 'ops.cleared' | 'readers.gone' }
      | { type: 'host.found'; alive: boolean }
      | { type: 'data.exchanged'; found: Holder | null },
    emitted: {} as DaxStore | { type: 'get.returned' | 'put.returned' },
    tags: {} as 'rest',
    meta: {} as Meta,
  },
  guards: {
    isAlive: ({ event }) => 'alive' in event && event.alive,
    isFree: ({ event }) => 'found' in event && event.found === null,
    isOwn: ({ context, event }) => 'found' in event && event.found === context.own,
    isDraining: ({ context }) => context.drains,
  },
  actions: {
    storeData: emit(({ context }) => ({ type: 'data.stored', holder: context.own })),
    clearData: emit({ type: 'data.stored', holder: null }),
    storeOps: emit({ type: 'ops.stored', set: true }),
    clearOps: emit({ type: 'ops.stored', set: false }),
    returnGet: emit({ type: 'get.returned' }),
    returnPut: emit({ type: 'put.returned' }),
  },
}).createMachine({
  id: 'holder',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: { 'get.called': 'looking', 'put.called': 'withdrawing' },
    },
    looking: {
      on: {
        'host.found': [
          { guard: 'isAlive', target: 'claiming', meta: { step: 'M1b' } },
          { target: 'idle', actions: 'returnGet', meta: { step: 'M1b' } },
        ],
      },
    },
    claiming: {
      on: {
        'data.exchanged': [
          { guard: 'isFree', target: 'installing', actions: 'storeData', meta: { step: 'M1c' } },
          { target: 'idle', actions: 'returnGet', meta: { step: 'M1c' } },
        ],
      },
    },
    installing: {
      on: { 'ops.installed': { target: 'idle', actions: ['storeOps', 'returnGet'], meta: { step: 'M1d' } } },
    },
    withdrawing: {
      on: {
        'data.exchanged': [
          { guard: 'isOwn', target: 'clearing', actions: 'clearData', meta: { step: 'put1' } },
          { target: 'idle', actions: 'returnPut', meta: { step: 'put1' } },
        ],
      },
    },
    clearing: {
      on: {
        'ops.cleared': [
          { guard: 'isDraining', target: 'draining', actions: 'clearOps', meta: { step: 'put2' } },
          { target: 'idle', actions: ['clearOps', 'returnPut'], meta: { step: 'put2' } },
        ],
      },
    },
    draining: {
      on: { 'readers.gone': { target: 'idle', actions: 'returnPut' } },
    },
  },
});
