import { assign, emit, setup } from 'xstate';
import type { LockMessage } from './messages.ts';

/**
 * wait_nvdimm_bus_probe_idle(): a thread that wants the device to itself, with no probe under way.
 *
 * Kept: it waits for quiescence, and it takes the device's lock; the order of the two. Left out: what it wants with it. To wait
 * with the lock held was a deadlock (KB-39).
 *
 * `meets` is for invariants only: whether a probe was under way when it came.
 */
export const busMachine = setup({
  types: {
    context: {} as { readonly waitsLocked: boolean; readonly meets: boolean },
    input: {} as { readonly waitsLocked: boolean },
    events: {} as
      | { type: 'flush.requested'; probing: boolean }
      | { type: 'device.locked' | 'probe.idle' | 'flush.ended' },
    emitted: {} as LockMessage<'device_lock'>,
    tags: {} as 'rest' | 'flushing' | 'flushed',
  },
  guards: { isWaitingLocked: ({ context }) => context.waitsLocked },
  actions: {
    note: assign({ meets: ({ event }) => 'probing' in event && event.probing }),
    lock: emit({ type: 'lock.taken', lock: 'device_lock' }),
    unlock: emit({ type: 'lock.released', lock: 'device_lock' }),
  },
}).createMachine({
  id: 'bus',
  context: ({ input }) => ({ ...input, meets: false }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'flush.requested': [
          { guard: 'isWaitingLocked', target: 'locking', actions: 'note' },
          { target: 'waiting', actions: 'note' },
        ],
      },
    },
    locking: {
      on: {
        'device.locked': [
          { guard: 'isWaitingLocked', target: 'waiting', actions: 'lock' },
          { target: 'flushing', actions: 'lock' },
        ],
      },
    },
    waiting: {
      on: { 'probe.idle': [{ guard: 'isWaitingLocked', target: 'flushing' }, { target: 'locking' }] },
    },
    flushing: {
      tags: 'flushing',
      on: { 'flush.ended': { target: 'flushed', actions: 'unlock' } },
    },
    flushed: { tags: ['rest', 'flushed'] },
  },
});
