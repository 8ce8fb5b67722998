import { emit, setup } from 'xstate';
import type { Code, LockMessage } from './messages.ts';

/**
 * An error on its way up from a block device: from the gendisk that reports it to the file system that is mounted on
 * it, as ->block_lost() and ->corrupted_range() were posted (V1, V2). No kernel has it.
 *
 * Kept: each hop is a look at something that may be gone by the next one; what is pinned stays. Two ways lead from a
 * block device to its super block: by the device number that a super block keeps, of which there is one
 * (get_active_super()), or by the holder of the block device. Left out: what was in front (the pagemap, or the end of
 * an I/O), and stacking.
 *
 * `pinsSuper`: nothing; a reference that keeps the file system active; or, as fs_bdev_mark_dead() has it since v6.6,
 * the super block's memory alone, and under s_umount a second question.
 */
export const climbMachine = setup({
  types: {
    context: {} as ClimbInput,
    input: {} as ClimbInput,
    events: {} as
      | { type: 'error.reported' | 'superblock.locked' | 'filesystem.called' | 'climb.ended' }
      | { type: 'disk.read'; attached: boolean }
      | { type: 'operation.called'; freed: boolean }
      | { type: 'super.read'; found: boolean }
      | { type: 'flag.read'; active: boolean }
      | { type: 'failure.handled'; poison: number; code: Code; met: boolean },
    emitted: {} as
      | { type: 'reference.taken' | 'reference.dropped'; of: 'disk' | 'super' | 'none' }
      | { type: 'failure.notified'; poison: number }
      | LockMessage<'s_umount'>,
    tags: {} as 'rest' | 'climbing' | 'looking' | 'holding' | 'astray' | 'told' | 'ended',
  },
  guards: {
    isAttached: ({ event }) => 'attached' in event && event.attached,
    isFreed: ({ event }) => 'freed' in event && event.freed,
    isLocking: ({ context, event }) => context.pinsSuper === 'locked' && 'found' in event && event.found,
    isFound: ({ event }) => 'found' in event && event.found,
    isActive: ({ event }) => 'active' in event && event.active,
    isLocked: ({ context }) => context.pinsSuper === 'locked',
  },
  actions: {
    pinDisk: emit(({ context }) => ({ type: 'reference.taken', of: context.pinsDisk ? 'disk' : 'none' })),
    unpinDisk: emit(({ context }) => ({ type: 'reference.dropped', of: context.pinsDisk ? 'disk' : 'none' })),
    pinSuper: emit(({ context }) => ({
      type: 'reference.taken',
      of: context.pinsSuper === 'nothing' ? 'none' : 'super',
    })),
    unpinSuper: emit(({ context }) => ({
      type: 'reference.dropped',
      of: context.pinsSuper === 'nothing' ? 'none' : 'super',
    })),
    lock: emit({ type: 'lock.taken', lock: 's_umount', shared: true }),
    unlock: emit({ type: 'lock.released', lock: 's_umount' }),
    call: emit({ type: 'failure.notified', poison: 0 }),
  },
}).createMachine({
  id: 'climb',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: { tags: 'rest', on: { 'error.reported': 'reported' } },
    reported: {
      tags: 'climbing',
      on: {
        'disk.read': [{ guard: 'isAttached', target: 'atDisk', actions: 'pinDisk' }, { target: 'ended' }],
      },
    },
    atDisk: {
      tags: 'climbing',
      on: { 'operation.called': [{ guard: 'isFreed', target: 'astray' }, { target: 'looking' }] },
    },
    looking: {
      tags: 'climbing',
      on: {
        'super.read': [
          { guard: 'isLocking', target: 'locking', actions: 'pinSuper' },
          { guard: 'isFound', target: 'located', actions: 'pinSuper' },
          { target: 'ended', actions: 'unpinDisk' },
        ],
      },
    },
    locking: { tags: ['climbing', 'holding'], on: { 'superblock.locked': { target: 'asking', actions: 'lock' } } },
    asking: {
      tags: ['climbing', 'holding'],
      on: {
        'flag.read': [
          { guard: 'isActive', target: 'located' },
          { target: 'ended', actions: ['unlock', 'unpinSuper', 'unpinDisk'] },
        ],
      },
    },
    located: {
      tags: ['climbing', 'holding'],
      on: { 'filesystem.called': { target: 'telling', actions: 'call' } },
    },
    telling: {
      tags: ['climbing', 'holding'],
      on: {
        'failure.handled': [
          { guard: 'isLocked', target: 'told', actions: ['unlock', 'unpinSuper', 'unpinDisk'] },
          { target: 'told', actions: ['unpinSuper', 'unpinDisk'] },
        ],
      },
    },
    told: { tags: ['rest', 'told', 'ended'] },
    ended: { tags: ['rest', 'ended'] },
    astray: {
      description: 'The operations of a disk that has been freed.',
      tags: ['rest', 'astray'],
    },
  },
});

export interface ClimbInput {
  readonly pinsDisk: boolean;
  readonly pinsSuper: 'nothing' | 'active' | 'locked';
}
