import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { diskMachine } from '../machines/disk.ts';
import type { gendiskMachine } from '../machines/gendisk.ts';
import type { referenceMachine } from '../machines/primitives/reference.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { umountMachine } from '../machines/umount.ts';

interface Removal {
  readonly gendisk: Peer<typeof gendiskMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}

/** The witness: the removal of a disk comes to its end. */
export const diskIsRemoved = sometimes<Pick<Removal, 'gendisk'>>('a disk is removed', ({ gendisk }) =>
  gendisk.hasTag('removed'),
);

/** The witness: the block layer shuts a file system down. */
export const deadDiskShuts = sometimes<Pick<Removal, 'gendisk'>>(
  'a dead disk shuts its file system down',
  ({ gendisk }) => gendisk.hasTag('shutting'),
);

/**
 * I2 NoLateShutdown: the block layer's twin of I2. A dead disk shuts down no file system that is on its way out.
 *
 * Why it can fail: SB_BORN, the lower bound, stays set through umount; and a question that is answered without s_umount may be
 * wrong when its answer is used. The DAX handler has only the lower bound, and no lock (H-01).
 *
 * @see fs_bdev_mark_dead(); KB-33
 */
export const noLateShutdown = never<Removal>(
  'I2 NoLateShutdown',
  ({ gendisk, superblock }) => gendisk.hasTag('shutting') && !superblock.hasTag('active'),
  { witness: deadDiskShuts },
);

/**
 * I16 DeadDiskShuts: when a dead disk has been marked so, the file system on it is shut down, or on its way out.
 *
 * Why it can fail: it cannot, as long as what is asked under s_umount is acted on before s_umount is let go.
 *
 * @see fs_bdev_mark_dead(); KB-33
 */
export const deadDiskHasShut = never<Removal>(
  'I16 DeadDiskShuts',
  ({ gendisk, superblock }) => gendisk.hasTag('marked') && superblock.hasTag('active') && !superblock.context.shutdown,
  {
    witness: deadDiskShuts,
    about: 'When a dead disk has been marked so, the file system on it is shut down, or on its way out.',
  },
);

interface Closing extends Pick<Removal, 'gendisk'> {
  readonly umount: Peer<typeof umountMachine>;
}

/** The witness: an umount closes the disk at a moment at which it could be marked dead. */
const closeMeetsRemoval = sometimes<Closing>(
  'a disk is closed that is not marked dead',
  ({ umount, gendisk }) => umount.hasTag('closing') && !gendisk.hasTag('marked'),
);

/**
 * I17 ClosedAlone: nobody closes a disk while it is being marked dead.
 *
 * Why it can fail: the callback of a dead disk goes by who has it open, and that is what a close takes away. One lock keeps them
 * apart, if both take it first (KB-34).
 *
 * @see bdev_mark_dead(); KB-34
 */
export const closedAlone = never<Closing>(
  'I17 ClosedAlone',
  ({ umount, gendisk }) => umount.hasTag('closing') && gendisk.hasTag('marking'),
  { witness: closeMeetsRemoval, about: 'Nobody closes a disk while it is being marked dead.' },
);

/** The witness: the thread that removes a disk comes past the point at which it needs it once more. */
export const diskIsFound = sometimes<Pick<Removal, 'gendisk'>>(
  'the removal of a disk ends, well or badly',
  ({ gendisk }) => gendisk.hasTag('removed') || gendisk.hasTag('null'),
);

/**
 * I17 NoLostDisk: nobody looks for the disk through an object that has been detached from it.
 *
 * @see memunmap_pages(), blk_cleanup_disk(); KB-28
 */
export const noLostDisk = never<Pick<Removal, 'gendisk'>>('I17 NoLostDisk', ({ gendisk }) => gendisk.hasTag('null'), {
  witness: diskIsFound,
});

/**
 * L1 RemovalLeavesNothing: a disk that has been removed is detached from its queue, and no reference has been dropped that nobody had
 * taken.
 *
 * Why it can fail: who borrows a reference drops what somebody else counts on, once more than it was taken (KB-27).
 *
 * @see del_gendisk(), memunmap_pages(); KB-27
 */
export const removalLeavesNothing = never<
  Pick<Removal, 'gendisk'> & {
    readonly disk: Peer<typeof diskMachine>;
    readonly queue: Peer<typeof referenceMachine>;
  }
>(
  'L1 RemovalLeavesNothing',
  ({ gendisk, disk, queue }) => gendisk.hasTag('removed') && (disk.context.isAttached || queue.context.count !== 0),
  {
    witness: diskIsRemoved,
    about:
      'A disk that has been removed is detached from its queue, and no reference has been dropped that nobody had taken.',
  },
);
