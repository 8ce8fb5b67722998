import { emit, setup } from 'xstate';
import type { LockMessage, Meta } from './messages.ts';

/**
 * del_gendisk() and memunmap_pages() in the thread that unbinds a device (K7 to K9), with the locks that `unbind.ts` leaves out.
 *
 * Kept: bdev_mark_dead() holds open_mutex while the file system's callback takes s_umount, asks whether the superblock is born
 * and active, and shuts it down; then the disk is detached from its queue, the queue's users are waited for, and only then is
 * the memory unmapped. Left out: the DAX device, which has been killed before.
 *
 * The input is what was wrong once: a question without the lock or without its upper bound (KB-33), a reference to the queue
 * that only a later step of this thread drops (KB-27), a way to the disk through a queue that knows it no more (KB-28).
 */
export const gendiskMachine = setup({
  types: {
    context: {} as GendiskInput,
    input: {} as GendiskInput,
    events: {} as
      | {
          type:
            | 'removal.requested'
            | 'superblock.locked'
            | 'filesystem.shut'
            | 'disk.detached'
            | 'queue.drained'
            | 'memory.unmapped';
        }
      | { type: 'flag.read'; born: boolean; active: boolean }
      | { type: 'disk.found'; attached: boolean },
    emitted: {} as
      | { type: 'disk.locked' | 'disk.unlocked' | 'disk.detached' | 'filesystem.shut' | 'reference.dropped' }
      | LockMessage,
    tags: {} as 'rest' | 'marking' | 'marked' | 'shutting' | 'null' | 'removed',
    meta: {} as Meta,
  },
  guards: {
    isUnlocked: ({ context }) => context.asks === 'bornAndActiveUnlocked',
    isTooLate: ({ context, event }) =>
      'born' in event && (context.asks === 'bornOnly' ? !event.born : !(event.born && event.active)),
    isLost: ({ context, event }) => context.findsDisk === 'throughQueue' && 'attached' in event && !event.attached,
    isBorrowing: ({ context }) => context.pgmapRef === 'queues',
  },
  actions: {
    lockDisk: emit({ type: 'disk.locked' }),
    unlockDisk: emit({ type: 'disk.unlocked' }),
    lock: emit({ type: 'lock.taken', lock: 's_umount', shared: true }),
    unlock: emit({ type: 'lock.released', lock: 's_umount' }),
    shut: emit({ type: 'filesystem.shut' }),
    detach: emit({ type: 'disk.detached' }),
    drop: emit({ type: 'reference.dropped' }),
  },
}).createMachine({
  id: 'gendisk',
  context: ({ input }) => input,
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: {
        'removal.requested': [
          { guard: 'isUnlocked', target: 'asking', actions: 'lockDisk', meta: { step: 'K7' } },
          { target: 'locking', actions: 'lockDisk', meta: { step: 'K7' } },
        ],
      },
    },
    locking: {
      tags: 'marking',
      on: { 'superblock.locked': { target: 'asking', actions: 'lock', meta: { step: 'K7' } } },
    },
    asking: {
      tags: 'marking',
      on: { 'flag.read': [{ guard: 'isTooLate', target: 'marked' }, { target: 'shutting' }] },
    },
    shutting: {
      tags: ['marking', 'shutting'],
      on: { 'filesystem.shut': { target: 'marked', actions: 'shut', meta: { step: 'K7' } } },
    },
    marked: {
      always: [
        { guard: 'isUnlocked', target: 'detaching', actions: 'unlockDisk' },
        { target: 'detaching', actions: ['unlock', 'unlockDisk'] },
      ],
    },
    detaching: {
      tags: 'marked',
      on: { 'disk.detached': { target: 'draining', actions: 'detach' } },
    },
    draining: {
      description: 'Everybody who uses the queue has to go first, whoever that is.',
      tags: 'marked',
      on: { 'queue.drained': 'finding' },
    },
    finding: {
      tags: 'marked',
      on: { 'disk.found': [{ guard: 'isLost', target: 'lost' }, { target: 'unmapping' }] },
    },
    unmapping: {
      tags: 'marked',
      on: {
        'memory.unmapped': [
          { guard: 'isBorrowing', target: 'removed', actions: 'drop', meta: { step: 'K9' } },
          { target: 'removed', meta: { step: 'K9' } },
        ],
      },
    },
    removed: { tags: ['rest', 'marked', 'removed'] },
    lost: {
      description: 'queue to disk gives NULL once the disk has been detached, and the helper has looked behind it.',
      tags: ['rest', 'marked', 'null'],
    },
  },
});

export interface GendiskInput {
  /** What is asked of the superblock, and under which lock. */
  readonly asks: 'bornAndActive' | 'bornOnly' | 'bornAndActiveUnlocked';
  /** Whose reference keeps the memory's page map: one of its own, or the queue's usage counter (KB-27). */
  readonly pgmapRef: 'own' | 'queues';
  readonly findsDisk: 'byPointer' | 'throughQueue';
}
