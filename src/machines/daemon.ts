import { assign, emit, setup } from 'xstate';
import type { Code } from './messages.ts';

/**
 * The userspace daemon that replays what a file system has refused (mail 001: a level record, replayed after the mount).
 *
 * Kept: it sleeps until the mount is announced, then reads the record until nothing is left, and wakes again when the record
 * changes. It replays as a test program would, by injecting the poison anew, because the kernel has no other way in.
 * Left out: its scan of the media, and other subscribers.
 *
 * An `eager` daemon does not wait for the mount: it replays the first record as soon as it is there, once, and never again.
 */
export const daemonMachine = setup({
  types: {
    context: {} as { readonly eager: boolean; readonly poison: number },
    input: {} as { readonly eager: boolean },
    events: {} as
      | { type: 'mount.announced' | 'badblocks.changed' | 'caller.died' }
      | { type: 'badblocks.read'; pending: number }
      | { type: 'failure.returned'; poison: number; code: Code | 'EBUSY' },
    emitted: {} as { type: 'poison.replayed' | 'range.reconciled'; poison: number },
    tags: {} as 'rest' | 'watching',
  },
  guards: {
    isEager: ({ context }) => context.eager,
    isEagerlyDone: ({ context, event }) => context.eager && 'code' in event && event.code === 'ok',
    isDone: ({ event }) => 'code' in event && (event.code === 'ok' || event.code === 'EFSCORRUPTED'),
    hasPending: ({ event }) => 'pending' in event && event.pending >= 0,
  },
  actions: {
    note: assign({ poison: ({ event }) => ('pending' in event ? event.pending : -1) }),
    forget: assign({ poison: -1 }),
    replay: emit(({ context }) => ({ type: 'poison.replayed', poison: context.poison })),
    reconcile: emit(({ context }) => ({ type: 'range.reconciled', poison: context.poison })),
  },
}).createMachine({
  id: 'daemon',
  context: ({ input }) => ({ ...input, poison: -1 }),
  initial: 'waiting',
  states: {
    waiting: {
      tags: ['rest', 'watching'],
      on: {
        'mount.announced': 'reading',
        'badblocks.changed': [{ guard: 'isEager', target: 'reading' }, {}],
      },
    },
    reading: {
      tags: 'watching',
      on: {
        'badblocks.read': [
          { guard: 'hasPending', target: 'replaying', actions: ['note', 'replay'] },
          { target: 'synced' },
        ],
        'badblocks.changed': {},
        'mount.announced': {},
      },
    },
    replaying: {
      tags: 'watching',
      on: {
        'failure.returned': [
          { guard: 'isEagerlyDone', target: 'retired', actions: ['reconcile', 'forget'] },
          { guard: 'isEager', target: 'retired', actions: 'forget' },
          { guard: 'isDone', target: 'reading', actions: ['reconcile', 'forget'] },
          { target: 'reading', actions: 'forget' },
        ],
        'caller.died': { target: 'retired', actions: 'forget' },
        'badblocks.changed': {},
        'mount.announced': {},
      },
    },
    synced: {
      tags: ['rest', 'watching'],
      on: { 'badblocks.changed': 'reading' },
    },
    retired: {
      tags: 'rest',
      on: { 'badblocks.changed': {}, 'mount.announced': {} },
    },
  },
});
