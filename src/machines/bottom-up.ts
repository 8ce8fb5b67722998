import { emit, setup } from 'xstate';
import type { FateMessage, LockMessage } from './messages.ts';

/**
 * A block device that reports a failure upwards (->corrupted_range of 2020): from the disk to whoever has claimed it,
 * and into the file system.
 *
 * Kept: the way up takes the lock of the disk first, under which the claim is looked at, and s_umount after it, under
 * which the file system is asked whether it lives. Left out: the range, and the walk. No kernel has it; the shutdown of
 * a dead disk goes the same way (`gendisk.ts`).
 *
 * The input is what may be done about a lock that somebody takes the other way round: not to wait for it, or to let go
 * of the first before one takes the second, with or without a reference to what one goes to.
 */
export const bottomUpMachine = setup({
  types: {
    context: {} as BottomUpInput,
    input: {} as BottomUpInput,
    events: {} as
      | { type: 'error.raised' | 'disk.entered' | 'range.walked' | 'disk.left' }
      | { type: 'claim.read'; claimed: boolean; going: boolean }
      | { type: 'superblock.locked'; held: boolean; freed: boolean }
      | { type: 'flag.read'; active: boolean },
    emitted: {} as
      | { type: 'disk.locked' | 'disk.unlocked' | 'reference.taken' | 'reference.dropped' }
      | LockMessage<'s_umount'>
      | FateMessage<'owned' | 'unowned' | 'recorded'>,
    tags: {} as 'rest' | 'atDisk' | 'asking' | 'walking' | 'freed' | 'returned',
  },
  guards: {
    isClaimed: ({ event }) => 'claimed' in event && event.claimed,
    isHolding: ({ context }) => context.disk === 'held',
    isPinning: ({ context }) => context.disk === 'pinned' || context.disk === 'pinnedBlindly',
    isGoing: ({ context, event }) => context.disk === 'pinned' && 'going' in event && event.claimed && event.going,
    isFreed: ({ event }) => 'freed' in event && event.freed,
    isTurnedAway: ({ context, event }) => context.contended === 'isUnready' && 'held' in event && event.held,
    isActive: ({ event }) => 'active' in event && event.active,
    isRecording: ({ context }) => context.whenUnready === 'record',
  },
  actions: {
    lockDisk: emit({ type: 'disk.locked' }),
    unlockDisk: emit({ type: 'disk.unlocked' }),
    pin: emit({ type: 'reference.taken' }),
    unpin: emit({ type: 'reference.dropped' }),
    lock: emit({ type: 'lock.taken', lock: 's_umount', shared: true }),
    unlock: emit({ type: 'lock.released', lock: 's_umount' }),
    own: emit({ type: 'event.owned', poison: 0 }),
    disown: emit({ type: 'event.unowned', poison: 0 }),
    record: emit({ type: 'event.recorded', poison: 0 }),
  },
}).createMachine({
  id: 'bottomUp',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: { tags: 'rest', on: { 'error.raised': 'raised' } },
    raised: { on: { 'disk.entered': { target: 'looking', actions: 'lockDisk' } } },
    looking: {
      tags: 'atDisk',
      on: {
        'claim.read': [
          { guard: 'isGoing', target: 'turnedAway', actions: 'unlockDisk' },
          { guard: 'isClaimed', target: 'found' },
          { target: 'returned', actions: ['disown', 'unlockDisk'] },
        ],
      },
    },
    found: {
      always: [
        { guard: 'isHolding', target: 'climbing' },
        { guard: 'isPinning', target: 'climbing', actions: ['pin', 'unlockDisk'] },
        { target: 'climbing', actions: 'unlockDisk' },
      ],
    },
    climbing: {
      on: {
        'superblock.locked': [
          { guard: 'isFreed', target: 'dangling' },
          { guard: 'isTurnedAway', target: 'refused' },
          { target: 'asking', actions: 'lock' },
        ],
      },
    },
    asking: {
      tags: 'asking',
      on: {
        'flag.read': [
          { guard: 'isActive', target: 'walking' },
          { target: 'refused', actions: 'unlock' },
        ],
      },
    },
    walking: {
      tags: ['asking', 'walking'],
      on: { 'range.walked': { target: 'leaving', actions: ['own', 'unlock'] } },
    },
    refused: {
      description: 'The file system is on its way up or down.',
      always: [{ guard: 'isRecording', target: 'leaving', actions: 'record' }, { target: 'leaving' }],
    },
    turnedAway: {
      description: 'There is no reference to take any more: the last one has gone, and the umount with it.',
      always: [{ guard: 'isRecording', target: 'returned', actions: 'record' }, { target: 'returned' }],
    },
    leaving: {
      on: {
        'disk.left': [
          { guard: 'isHolding', target: 'returned', actions: 'unlockDisk' },
          { guard: 'isPinning', target: 'returned', actions: 'unpin' },
          { target: 'returned' },
        ],
      },
    },
    returned: { tags: ['rest', 'returned'] },
    dangling: {
      description: 'It has climbed to a file system that has been freed since.',
      tags: ['rest', 'freed'],
    },
  },
});

interface BottomUpInput {
  /**
   * The lock of the disk on the way up: held; dropped, with an active reference to the file system in its place, if
   * there is still one; with one, whether or not there is; or dropped.
   */
  readonly disk: 'held' | 'pinned' | 'pinnedBlindly' | 'dropped';
  /** What it makes of a lock that is held. */
  readonly contended: 'waits' | 'isUnready';
  /** What becomes of an event for which the file system is not there. */
  readonly whenUnready: 'drop' | 'record';
}
