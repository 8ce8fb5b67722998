import { compose, defineModel, start } from '../src/explore/model.ts';
import {
  closedAlone,
  deadDiskHasShut,
  deadDiskShuts,
  diskIsFound,
  diskIsRemoved,
  noLateShutdown,
  noLostDisk,
  removalLeavesNothing,
} from '../src/invariants/teardown.ts';
import { diskMachine } from '../src/machines/disk.ts';
import { gendiskMachine } from '../src/machines/gendisk.ts';
import { referenceMachine } from '../src/machines/primitives/reference.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { umountMachine } from '../src/machines/umount.ts';
import { diskUmountSteps, diskUmountWires, gendiskSteps, gendiskWires } from './instructions/disks.ts';

const options = {
  /** When umount closes the block device: after it has let go of s_umount (v6.6), or before. */
  closes: ['afterwards', 'underLock'],
  /** What the callback of a dead disk asks. */
  asks: ['bornAndActive', 'bornOnly', 'bornAndActiveUnlocked'],
  pgmapRef: ['own', 'queues'],
  findsDisk: ['byPointer', 'throughQueue'],
} as const;

/**
 * An umount and the removal of the disk below it, with the locks and references on which they meet.
 *
 * These are bugs next to the notification, of the block layer and the pmem driver, and their fixes are rules for it: a release of
 * something below comes after the lock above is dropped (KB-34, and with it the umount window, H-01); who asks whether a file
 * system lives asks for both ends of its life, under the lock that ends it (KB-33); no step waits for what a later step of its
 * own thread lets go (KB-27); and who tears down keeps his own pointers (KB-28). Each variant but the first takes one of them
 * away.
 *
 * The world is one umount and one removal, each when it likes.
 */
export default defineModel({
  name: 'teardown-order',
  about: 'A disk is removed while the file system on it is unmounted: who waits for whom, and who is still there?',
  sources: ['KB-27', 'KB-28', 'KB-33', 'KB-34', 'S004-17'],
  options,
  variants: {
    P6: {
      about: 'v7.1: as the fixes left it.',
    },
    'closed-under-s_umount': {
      about: 'Before v6.6: s_umount, then open_mutex; the callback of a dead disk takes them the other way round.',
      option: { closes: 'underLock' },
      expect: { deadlock: 'violated' },
    },
    'asked-for-born-only': {
      about: 'The callback asks for SB_BORN under s_umount: it stays set when everything else has gone.',
      option: { asks: 'bornOnly' },
      expect: { [noLateShutdown.name]: 'violated' },
    },
    'asked-without-lock': {
      about: 'The callback asks for both, without s_umount.',
      option: { asks: 'bornAndActiveUnlocked' },
      expect: { [noLateShutdown.name]: 'violated' },
    },
    'closed-under-s_umount-asked-without-lock': {
      about: 'One way out of the circle: the callback takes no lock, and is wrong.',
      option: { closes: 'underLock', asks: 'bornAndActiveUnlocked' },
      expect: { [noLateShutdown.name]: 'violated' },
    },
    'reference-borrowed': {
      about: 'The page map counts its users with the queue: del_gendisk() waits for what memunmap_pages() drops.',
      option: { pgmapRef: 'queues' },
      expect: {
        deadlock: 'violated',
        [diskIsRemoved.name]: 'unreached',
        [diskIsFound.name]: 'unreached',
        [noLostDisk.name]: 'vacuous',
        [removalLeavesNothing.name]: 'vacuous',
      },
    },
    'disk-through-queue': {
      about: 'The disk is looked up through its queue after it has been detached.',
      option: { findsDisk: 'throughQueue' },
      expect: {
        [noLostDisk.name]: 'violated',
        [diskIsRemoved.name]: 'unreached',
        [removalLeavesNothing.name]: 'vacuous',
      },
    },
  },
  build: (option) =>
    compose(
      {
        umount: start(umountMachine, { putsFirst: false, closes: option.closes }),
        gendisk: start(gendiskMachine, {
          asks: option.asks,
          pgmapRef: option.pgmapRef,
          findsDisk: option.findsDisk,
        }),
        s_umount: start(rwsemMachine),
        disk: start(diskMachine),
        queue: start(referenceMachine, { count: option.pgmapRef === 'queues' ? 1 : 0 }),
        superblock: start(superblockMachine, { mounted: true }),
      },
      {
        wires: {
          // The registration with the DAX device is another model's (umount-window).
          umount: diskUmountWires,
          gendisk: { ...gendiskWires, 'reference.dropped': 'queue' },
        },
        spontaneous: {
          umount: diskUmountSteps(),
          gendisk: gendiskSteps({ 'queue.drained': ({ queue }) => queue.context.count === 0 }),
        },
        properties: [
          noLateShutdown,
          deadDiskHasShut,
          closedAlone,
          noLostDisk,
          removalLeavesNothing,
          deadDiskShuts,
          diskIsRemoved,
        ],
      },
    ),
});
