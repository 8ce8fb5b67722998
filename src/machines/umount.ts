import { emit, setup } from 'xstate';
import type { LockMessage, Meta } from './messages.ts';

/**
 * The thread that unmounts an XFS: generic_shutdown_super() and xfs_fs_put_super() under s_umount, then, after the lock,
 * what kill_sb leaves for last: the put of the DAX device and kfree(mp).
 *
 * Kept: SB_ACTIVE goes first and SB_BORN never; log and perags go long before the registration does. Left out: who else
 * holds the file system (nobody does), quota, and the other devices.
 *
 * `putsFirst` is a repair: the registration ends before the perags go, and not after (the other way out of hazard H-01).
 */
export const umountMachine = setup({
  types: {
    context: {} as UmountInput,
    input: {} as UmountInput,
    events: {} as {
      type:
        | 'umount.requested'
        | 'superblock.deactivated'
        | 'inodes.evicted'
        | 'log.unmounted'
        | 'perags.freed'
        | 'bdev.closed'
        | 'disk.entered'
        | 'disk.left'
        | 'buftarg.freed'
        | 'put.returned'
        | 'mount.freed';
    },
    emitted: {} as
      | { type: 'superblock.deactivated' | 'log.unmounted' | 'perags.freed' | 'put.called' | 'mount.freed' }
      | { type: 'disk.locked' | 'disk.unlocked' }
      | LockMessage,
    tags: {} as 'rest' | 'mounted' | 'evicting' | 'closing' | 'unmounted',
    meta: {} as Meta,
  },
  guards: {
    isPuttingFirst: ({ context }) => context.putsFirst,
    isClosingUnderLock: ({ context }) => context.closes === 'underLock',
    isClosingAfterwards: ({ context }) => context.closes === 'afterwards',
  },
  actions: {
    lock: emit({ type: 'lock.taken', lock: 's_umount' }),
    unlock: emit({ type: 'lock.released', lock: 's_umount' }),
    lockDisk: emit({ type: 'disk.locked' }),
    unlockDisk: emit({ type: 'disk.unlocked' }),
    deactivate: emit({ type: 'superblock.deactivated' }),
    unmountLog: emit({ type: 'log.unmounted' }),
    freePerags: emit({ type: 'perags.freed' }),
    put: emit({ type: 'put.called' }),
    free: emit({ type: 'mount.freed' }),
  },
}).createMachine({
  id: 'umount',
  context: ({ input }) => input,
  initial: 'mounted',
  states: {
    mounted: {
      tags: ['rest', 'mounted'],
      on: { 'umount.requested': { target: 'locked', actions: 'lock', meta: { step: 'U0' } } },
    },
    locked: {
      tags: 'mounted',
      on: { 'superblock.deactivated': { target: 'evicting', actions: 'deactivate', meta: { step: 'U1' } } },
    },
    evicting: {
      tags: 'evicting',
      on: {
        'inodes.evicted': [
          { guard: 'isPuttingFirst', target: 'puttingFirst', actions: 'put', meta: { step: 'U2' } },
          { target: 'emptied', meta: { step: 'U2' } },
        ],
      },
    },
    puttingFirst: {
      on: { 'put.returned': 'emptied' },
    },
    emptied: {
      on: { 'log.unmounted': { target: 'quiesced', actions: 'unmountLog', meta: { step: 'U3' } } },
    },
    quiesced: {
      on: { 'perags.freed': { target: 'dying', actions: 'freePerags', meta: { step: 'U3' } } },
    },
    dying: {
      description: 'SB_BORN still says yes, s_umount is free again, and the device still knows its holder.',
      on: {
        'bdev.closed': [
          { guard: 'isClosingUnderLock', target: 'closing', actions: 'lockDisk', meta: { step: 'U4' } },
          { guard: 'isClosingAfterwards', target: 'released', actions: 'unlock', meta: { step: 'U4' } },
          { guard: 'isPuttingFirst', target: 'freeing', actions: 'unlock', meta: { step: 'U4' } },
          { target: 'closed', actions: 'unlock', meta: { step: 'U4' } },
        ],
      },
    },
    released: {
      on: { 'disk.entered': { target: 'closing', actions: 'lockDisk' } },
    },
    closing: {
      tags: 'closing',
      on: {
        'disk.left': [
          { guard: 'isClosingUnderLock', target: 'closed', actions: ['unlockDisk', 'unlock'] },
          { target: 'closed', actions: 'unlockDisk' },
        ],
      },
    },
    closed: {
      on: { 'buftarg.freed': { target: 'putting', actions: 'put', meta: { step: 'U5' } } },
    },
    putting: {
      on: { 'put.returned': 'freeing' },
    },
    freeing: {
      on: { 'mount.freed': { target: 'unmounted', actions: 'free', meta: { step: 'U6' } } },
    },
    unmounted: { tags: ['rest', 'unmounted'] },
  },
});

export interface UmountInput {
  /** The registration ends before the perags go (a repair of hazard H-01). */
  readonly putsFirst: boolean;
  /** When the block devices are closed, which takes their open_mutex (KB-34). Where nobody else takes it, it is left out. */
  readonly closes?: 'underLock' | 'afterwards';
}
