import { emit, setup } from 'xstate';
import type { CallbackAnswer, FateMessage, LockMessage, Meta } from './messages.ts';

/**
 * The thread that mounts an XFS: xfs_fs_fill_super() with all it calls (M0 to M12), then vfs_get_tree() and the way out of
 * mount(2); or, where one of the calls fails, the way back: unwinding, put of the DAX device, kfree(mp) (F).
 *
 * Kept: the order of registration, superblock, perags, log recovery and SB_BORN, because that order decides what a
 * notification may rely on. s_umount is held from M0 to M14, or until kill_block_super() lets go of it. A mount fails where the
 * kernel's can: in xfs_alloc_buftarg(), at M2, M6, M8 and M10, for a block that cannot
 * be read or for poison that recovery itself consumes. Left out: everything in between that no notification looks at.
 *
 * `registers` says where fs_dax_get_by_bdev() is called: with the block devices, before the superblock has been read, as in
 * every version; after recovery, which is the least that makes a guard superfluous; or never. `skipsRecovery` is
 * ro,norecovery.
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
            | 'buftarg.failed'
            | 'poison.met'
            | 'caller.died'
            | 'perags.freed'
            | 'put.returned'
            | 'mount.freed';
        }
      | { type: 'log.read'; stale: boolean }
      | { type: 'failure.deferred' | 'failure.returned'; poison: number }
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
            | 'intents.cancelled'
            | 'mount.announced'
            | 'poison.consumed'
            | 'mount.freed';
        }
      | { type: 'failure.resumed'; poison: number }
      | LockMessage
      | FateMessage<'discarded'>,
    tags: {} as
      | 'rest'
      | 'busy'
      | 'unmounted'
      | 'afterLogMount'
      | 'afterRecovery'
      | 'mounted'
      | 'consuming'
      | 'failing'
      | 'closed'
      | 'failed'
      | 'working',
    meta: {} as Meta,
  },
  guards: {
    isEarly: ({ context }) => context.registers === 'beforeSuperblock',
    isLate: ({ context }) => context.registers === 'afterRecovery',
    isFreeingFirst: ({ context }) => context.frees === 'beforePut',
    isForgetful: ({ context }) => context.lateError === 'keepsRegistration',
    isCancelling: ({ context }) => context.abortedIntents === 'cancelled',
    isUnrecovered: ({ context }) => context.skipsRecovery,
    isStale: ({ event }) => 'stale' in event && event.stale,
  },
  actions: {
    lock: emit({ type: 'lock.taken', lock: 's_umount' }),
    unlock: emit({ type: 'lock.released', lock: 's_umount' }),
    get: emit({ type: 'get.called' }),
    put: emit({ type: 'put.called' }),
    publishSuperblock: emit({ type: 'superblock.read' }),
    initialisePerags: emit({ type: 'perags.initialised' }),
    freePerags: emit({ type: 'perags.freed' }),
    scan: emit({ type: 'log.scanned' }),
    replay: emit({ type: 'log.replayed' }),
    recover: emit({ type: 'intents.recovered' }),
    cancelIntents: emit({ type: 'intents.cancelled' }),
    consume: emit({ type: 'poison.consumed' }),
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
          { guard: 'isEarly', target: 'opening', actions: 'lock', meta: { step: 'M0' } },
          { target: 'reading', actions: 'lock', meta: { step: 'M0' } },
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
        'error.met': [
          { guard: 'isFreeingFirst', target: 'freeingFirst', actions: 'unlock', meta: { step: 'F' } },
          { target: 'putting', actions: ['unlock', 'put'], meta: { step: 'F' } },
        ],
        'buftarg.failed': [
          { guard: 'isForgetful', target: 'freeing', actions: 'unlock', meta: { step: 'F' } },
          { guard: 'isFreeingFirst', target: 'freeingFirst', actions: 'unlock', meta: { step: 'F' } },
          { target: 'putting', actions: ['unlock', 'put'], meta: { step: 'F' } },
        ],
      },
    },
    initialising: {
      tags: 'busy',
      on: {
        'perags.initialised': [
          { guard: 'isUnrecovered', target: 'settling', actions: 'initialisePerags', meta: { step: 'M6' } },
          { target: 'locating', actions: 'initialisePerags', meta: { step: 'M6' } },
        ],
        'error.met': [
          { guard: 'isFreeingFirst', target: 'freeingFirst', actions: 'unlock', meta: { step: 'F' } },
          { target: 'putting', actions: ['unlock', 'put'], meta: { step: 'F' } },
        ],
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
          { guard: 'isLate', target: 'openingLate', actions: 'recover', meta: { step: 'M10' } },
          { target: 'settling', actions: 'recover', meta: { step: 'M10' } },
        ],
        'error.met': [
          { guard: 'isCancelling', target: 'unwinding', actions: 'cancelIntents' },
          { target: 'unwinding' },
        ],
        'poison.met': { target: 'consuming', actions: 'consume', meta: { step: 'P0' } },
      },
    },
    consuming: {
      description:
        'In memory_failure() for a block that recovery has read itself, with an AGF locked. What it gets is -EIO.',
      tags: ['busy', 'afterLogMount', 'consuming'],
      on: {
        'failure.returned': [
          { guard: 'isCancelling', target: 'unwinding', actions: 'cancelIntents' },
          { target: 'unwinding' },
        ],
        'caller.died': 'dead',
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
      on: { 'mount.attached': { target: 'mounted', actions: ['unlock', 'announce'], meta: { step: 'M14' } } },
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
      description:
        'xfs_mountfs() goes back: the AIL has to be empty before the perags go, and the holder is still there.',
      tags: ['busy', 'failing'],
      on: {
        'perags.freed': [
          {
            guard: 'isFreeingFirst',
            target: 'freeingFirst',
            actions: ['freePerags', 'unlock'],
            meta: { step: 'F' },
          },
          { target: 'putting', actions: ['freePerags', 'unlock', 'put'], meta: { step: 'F' } },
        ],
      },
    },
    putting: {
      description: 'xfs_free_buftarg(): the registration ends only here, after all that it relied on has gone.',
      tags: ['busy', 'failing', 'closed'],
      on: { 'put.returned': [{ guard: 'isFreeingFirst', target: 'failed' }, { target: 'freeing' }] },
    },
    freeing: {
      tags: ['busy', 'failing', 'closed'],
      on: { 'mount.freed': { target: 'failed', actions: 'free', meta: { step: 'F' } } },
    },
    freeingFirst: {
      tags: ['busy', 'failing', 'closed'],
      on: { 'mount.freed': { target: 'putting', actions: ['free', 'put'], meta: { step: 'F' } } },
    },
    dead: { tags: ['rest', 'busy'] },
    failed: {
      tags: ['rest', 'closed', 'failed'],
      on: { 'failure.deferred': { actions: 'discard' } },
    },
  },
});

export interface MountInput {
  readonly registers: 'beforeSuperblock' | 'afterRecovery' | 'never';
  readonly skipsRecovery: boolean;
  /** When kfree(mp) comes in a mount that fails. Only a mutation frees before it puts. */
  readonly frees: 'afterPut' | 'beforePut';
  /** What an error of xfs_alloc_buftarg() that comes after the registration does to it (hazard H-17). */
  readonly lateError: 'keepsRegistration' | 'puts';
  /** What becomes of the intents that recovery has found when it is given up (KB-37). */
  readonly abortedIntents: 'cancelled' | 'kept';
}
