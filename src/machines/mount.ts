import { emit, setup } from 'xstate';
import type { CallbackAnswer, FateMessage, Meta } from './messages.ts';

/**
 * The thread that mounts an XFS: xfs_fs_fill_super() with all it calls (M0 to M12), then vfs_get_tree() and the way out of
 * mount(2); or, where one of the calls fails, the way back: unwinding, put of the DAX device, kfree(mp) (F).
 *
 * Kept: the order of registration, superblock, perags, log recovery and SB_BORN, because that order decides what a
 * notification may rely on. A mount fails where the kernel's can: at M2, M6, M8 and M10. Left out: everything in between
 * that no notification looks at, and poison that recovery itself consumes.
 *
 * `registers` says where fs_dax_get_by_bdev() is called: with the block devices, before the superblock has been read, as in
 * every version; or after recovery, which is the least that makes a guard superfluous. `skipsRecovery` is ro,norecovery.
 *
 * A notification that a handler defers waits in the mailbox of its mount: `busy` until the mount has an end, good or bad.
 * A mounted file system works it off; a failed one throws it away and calls nobody.
 */
export const mountMachine = setup({
  types: {
    context: {} as MountInput,
    input: {} as MountInput,
    events: {} as
      | {
          type:
            | 'mount.requested'
            | 'devices.opened'
            | 'get.returned'
            | 'superblock.read'
            | 'perags.initialised'
            | 'log.scanned'
            | 'log.replayed'
            | 'intents.recovered'
            | 'superblock.born'
            | 'mount.attached'
            | 'error.met'
            | 'perags.freed'
            | 'put.returned'
            | 'mount.freed';
        }
      | { type: 'log.read'; stale: boolean }
      | { type: 'failure.deferred'; poison: number }
      | CallbackAnswer,
    emitted: {} as
      | {
          type:
            | 'get.called'
            | 'put.called'
            | 'superblock.read'
            | 'superblock.born'
            | 'perags.initialised'
            | 'perags.freed'
            | 'log.scanned'
            | 'log.replayed'
            | 'intents.recovered'
            | 'mount.announced'
            | 'mount.freed';
        }
      | { type: 'failure.resumed'; poison: number }
      | FateMessage<'discarded'>,
    tags: {} as 'rest' | 'busy' | 'unmounted' | 'afterLogMount' | 'afterRecovery' | 'mounted' | 'failed' | 'working',
    meta: {} as Meta,
  },
  guards: {
    isEarly: ({ context }) => context.registers === 'beforeSuperblock',
    isUnrecovered: ({ context }) => context.skipsRecovery,
    isStale: ({ event }) => 'stale' in event && event.stale,
  },
  actions: {
    get: emit({ type: 'get.called' }),
    put: emit({ type: 'put.called' }),
    publishSuperblock: emit({ type: 'superblock.read' }),
    initialisePerags: emit({ type: 'perags.initialised' }),
    freePerags: emit({ type: 'perags.freed' }),
    scan: emit({ type: 'log.scanned' }),
    replay: emit({ type: 'log.replayed' }),
    recover: emit({ type: 'intents.recovered' }),
    bear: emit({ type: 'superblock.born' }),
    announce: emit({ type: 'mount.announced' }),
    free: emit({ type: 'mount.freed' }),
    resume: emit(({ event }) => ({ type: 'failure.resumed', poison: 'poison' in event ? event.poison : -1 })),
    discard: emit(({ event }) => ({ type: 'event.discarded', poison: 'poison' in event ? event.poison : -1 })),
  },
}).createMachine({
  id: 'mount',
  context: ({ input }) => input,
  initial: 'unmounted',
  states: {
    unmounted: {
      tags: ['rest', 'busy', 'unmounted'],
      on: {
        'mount.requested': [
          { guard: 'isEarly', target: 'opening', meta: { step: 'M0' } },
          { target: 'reading', meta: { step: 'M0' } },
        ],
      },
    },
    opening: {
      tags: 'busy',
      on: { 'devices.opened': { target: 'registering', actions: 'get', meta: { step: 'M1' } } },
    },
    registering: {
      description: 'The callback is live from here on, and no superblock has been read.',
      tags: 'busy',
      on: { 'get.returned': 'reading' },
    },
    reading: {
      tags: 'busy',
      on: {
        'superblock.read': { target: 'initialising', actions: 'publishSuperblock', meta: { step: 'M2' } },
        'error.met': { target: 'putting', actions: 'put' },
      },
    },
    initialising: {
      tags: 'busy',
      on: {
        'perags.initialised': [
          { guard: 'isUnrecovered', target: 'settling', actions: 'initialisePerags', meta: { step: 'M6' } },
          { target: 'locating', actions: 'initialisePerags', meta: { step: 'M6' } },
        ],
        'error.met': { target: 'putting', actions: 'put' },
      },
    },
    locating: {
      tags: 'busy',
      on: {
        'log.read': [
          { guard: 'isStale', target: 'scanning', meta: { step: 'M8' } },
          { target: 'finishing', meta: { step: 'M8' } },
        ],
        'error.met': 'unwinding',
      },
    },
    scanning: {
      tags: 'busy',
      on: {
        'log.scanned': { target: 'replaying', actions: 'scan', meta: { step: 'M8' } },
        'error.met': 'unwinding',
      },
    },
    replaying: {
      tags: 'busy',
      on: {
        'log.replayed': { target: 'finishing', actions: 'replay', meta: { step: 'M8' } },
        'error.met': 'unwinding',
      },
    },
    finishing: {
      tags: ['busy', 'afterLogMount'],
      on: {
        'intents.recovered': [
          { guard: 'isEarly', target: 'settling', actions: 'recover', meta: { step: 'M10' } },
          { target: 'openingLate', actions: 'recover', meta: { step: 'M10' } },
        ],
        'error.met': 'unwinding',
      },
    },
    openingLate: {
      tags: ['busy', 'afterLogMount', 'afterRecovery'],
      on: { 'devices.opened': { target: 'registeringLate', actions: 'get', meta: { step: 'M1' } } },
    },
    registeringLate: {
      tags: ['busy', 'afterLogMount', 'afterRecovery'],
      on: { 'get.returned': 'settling' },
    },
    settling: {
      tags: ['busy', 'afterLogMount', 'afterRecovery'],
      on: { 'superblock.born': { target: 'born', actions: 'bear', meta: { step: 'M13' } } },
    },
    born: {
      tags: ['busy', 'afterLogMount', 'afterRecovery'],
      on: { 'mount.attached': { target: 'mounted', actions: 'announce', meta: { step: 'M14' } } },
    },
    mounted: {
      tags: ['rest', 'afterLogMount', 'afterRecovery', 'mounted'],
      on: { 'failure.deferred': { target: 'working', actions: 'resume' } },
    },
    working: {
      tags: ['busy', 'afterLogMount', 'afterRecovery', 'mounted', 'working'],
      on: { 'failure.handled': 'mounted' },
    },
    unwinding: {
      tags: 'busy',
      on: { 'perags.freed': { target: 'putting', actions: ['freePerags', 'put'], meta: { step: 'F' } } },
    },
    putting: {
      description: 'xfs_free_buftarg(): the registration ends only here, after all that it relied on has gone.',
      tags: 'busy',
      on: { 'put.returned': 'freeing' },
    },
    freeing: {
      tags: 'busy',
      on: { 'mount.freed': { target: 'failed', actions: 'free', meta: { step: 'F' } } },
    },
    failed: {
      tags: ['rest', 'failed'],
      on: { 'failure.deferred': { actions: 'discard' } },
    },
  },
});

export interface MountInput {
  readonly registers: 'beforeSuperblock' | 'afterRecovery';
  readonly skipsRecovery: boolean;
}
