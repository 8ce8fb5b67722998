import { emit, setup } from 'xstate';
import type { LockMessage, Meta } from './messages.ts';

/**
 * The thread that mounts a file system, so far as it opens block devices: the one of the data, and another of an
 * external log.
 *
 * Kept: the first is opened and claimed before there is a superblock; s_umount is held from then to the end of the
 * mount; the second is opened under it (M1). To open a block device takes the open_mutex of its disk, and both may be
 * partitions of one. Left out: everything else that a mount does (`mount.ts`), and mounts that fail.
 *
 * `opens: 'before'` is a repair: both are opened before s_umount is taken.
 */
export const openingMachine = setup({
  types: {
    context: {} as OpeningInput,
    input: {} as OpeningInput,
    events: {} as {
      type:
        | 'mount.requested'
        | 'bdev.opened'
        | 'superblock.created'
        | 'log.entered'
        | 'log.opened'
        | 'superblock.read'
        | 'superblock.born'
        | 'mount.attached';
    },
    emitted: {} as
      | { type: 'disk.locked' | 'disk.unlocked' | 'bdev.claimed' | 'superblock.read' | 'superblock.born' }
      | LockMessage<'s_umount'>,
    tags: {} as 'rest' | 'atDisk' | 'waiting' | 'mounting' | 'mounted',
    meta: {} as Meta,
  },
  guards: { isOpeningUnderLock: ({ context }) => context.opens === 'underLock' },
  actions: {
    lockDisk: emit({ type: 'disk.locked' }),
    unlockDisk: emit({ type: 'disk.unlocked' }),
    claim: emit({ type: 'bdev.claimed' }),
    lock: emit({ type: 'lock.taken', lock: 's_umount' }),
    unlock: emit({ type: 'lock.released', lock: 's_umount' }),
    read: emit({ type: 'superblock.read' }),
    bear: emit({ type: 'superblock.born' }),
  },
}).createMachine({
  id: 'opening',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: {
      tags: 'rest',
      on: { 'mount.requested': { target: 'opening', actions: 'lockDisk', meta: { step: 'M0' } } },
    },
    opening: {
      tags: 'atDisk',
      on: { 'bdev.opened': { target: 'opened', actions: ['claim', 'unlockDisk'], meta: { step: 'M0' } } },
    },
    opened: {
      on: {
        'superblock.created': [
          { guard: 'isOpeningUnderLock', target: 'created', actions: 'lock', meta: { step: 'M0' } },
          { target: 'reading', actions: 'lock', meta: { step: 'M0' } },
        ],
      },
    },
    created: {
      tags: ['mounting', 'waiting'],
      on: { 'log.entered': { target: 'openingLog', actions: 'lockDisk', meta: { step: 'M1' } } },
    },
    openingLog: {
      tags: ['mounting', 'atDisk'],
      on: { 'log.opened': { target: 'reading', actions: 'unlockDisk', meta: { step: 'M1' } } },
    },
    reading: {
      tags: 'mounting',
      on: { 'superblock.read': { target: 'read', actions: 'read', meta: { step: 'M2' } } },
    },
    read: {
      tags: 'mounting',
      on: { 'superblock.born': { target: 'born', actions: 'bear', meta: { step: 'M13' } } },
    },
    born: {
      tags: 'mounting',
      on: { 'mount.attached': { target: 'mounted', actions: 'unlock', meta: { step: 'M14' } } },
    },
    mounted: { tags: ['rest', 'mounted'] },
  },
});

interface OpeningInput {
  readonly opens: 'underLock' | 'before';
}
