import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { gendiskMachine } from '../machines/gendisk.ts';
import type { superblockMachine } from '../machines/superblock.ts';

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
