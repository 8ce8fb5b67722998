import type { Peer } from '../explore/model.ts';
import { always, never, sometimes } from '../explore/property.ts';
import type { clientMachine } from '../machines/client.ts';
import type { climbMachine } from '../machines/climb.ts';
import type { gendiskMachine } from '../machines/gendisk.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { umountMachine } from '../machines/umount.ts';
import type { upperMachine } from '../machines/upper.ts';

interface Climb {
  readonly climb: Peer<typeof climbMachine>;
}

interface Disk extends Climb {
  readonly gendisk: Peer<typeof gendiskMachine>;
}

interface Super extends Climb {
  readonly superblock: Peer<typeof superblockMachine>;
}

interface Called extends Super {
  readonly filesystem: Peer<typeof upperMachine>;
}

interface Clients extends Climb {
  readonly client: readonly Peer<typeof clientMachine>[];
}

/** The witness: an error is reported on a disk that is being removed. */
export const reportMeetsDiskRemoval = sometimes<Disk>(
  'an error climbs while its disk is removed',
  ({ climb, gendisk }) => climb.hasTag('climbing') && !gendisk.hasTag('rest'),
);

/**
 * I17 NoFreedDisk: nobody calls an operation of a disk that has been freed.
 *
 * Why it can fail: the disk was there when it was looked up, and del_gendisk() waits for those who hold it and for
 * nobody else.
 *
 * @see del_gendisk(); S004-01
 */
export const noFreedDisk = never<Disk>('I17 NoFreedDisk', ({ climb }) => climb.hasTag('astray'), {
  witness: reportMeetsDiskRemoval,
  about: 'Nobody calls an operation of a disk that has been freed.',
});

/** The witness: an error climbs while its file system is unmounted. */
export const reportMeetsUmount = sometimes<Super>(
  'an error climbs while its file system is unmounted',
  ({ climb, superblock }) => climb.hasTag('climbing') && !superblock.hasTag('active'),
);

/**
 * I2 NoLateWalk: a file system that is on its way out is not called any more.
 *
 * Why it can fail: between the look for the super block and the call through it there is time for an umount. A
 * reference keeps the file system; a lock with a question asked under it turns the caller away (KB-33); a pointer does
 * neither.
 *
 * @see get_active_super(), generic_shutdown_super(); S004-01, S004-23
 */
export const noLateCall = never<Called>(
  'I2 NoLateWalk',
  ({ filesystem, superblock }) => filesystem.hasTag('called') && !superblock.hasTag('active'),
  { witness: reportMeetsUmount, about: 'A file system that is on its way out is not called any more.' },
);

/**
 * I17 NoFreedSuper: a super block is not freed under somebody who is about to call it.
 *
 * Why it can fail: whoever has found it has its address, and no more unless he takes a reference: one that keeps it
 * active, or one that keeps its memory for as long as it takes to ask.
 *
 * @see get_active_super(), generic_shutdown_super()
 */
export const noFreedSuper = never<Super>(
  'I17 NoFreedSuper',
  ({ climb, superblock }) => climb.hasTag('holding') && superblock.hasTag('freed'),
  { witness: reportMeetsUmount, about: 'A super block is not freed under somebody who is about to call it.' },
);

/** The witness that whoever has told a file system lets it go: it can be unmounted afterwards. */
export const toldIsUnmounted = sometimes<Climb & { readonly umount: Peer<typeof umountMachine> }>(
  'a file system that has been told is unmounted',
  ({ climb, umount }) => climb.hasTag('told') && umount.hasTag('unmounted'),
);

/** The witness: an error has come as far as it comes. */
export const climbEnds = sometimes<Climb>('an error has climbed as far as it comes', ({ climb }) =>
  climb.hasTag('ended'),
);

/**
 * I5 Outcome: when the report is over, the file system that is in use on the device has been told of it, or is shut
 * down.
 *
 * Why it can fail: a super block keeps the number of one device. Who looks for it by that number finds nothing from the
 * realtime device or the log, and reports to nobody (KB-33).
 *
 * @see get_active_super(), fs_bdev_mark_dead(); S000-31
 */
export const reportOutcome = never<Super & { readonly umount: Peer<typeof umountMachine> }>(
  'I5 Outcome',
  ({ climb, superblock, umount }) =>
    climb.hasTag('ended') && !climb.hasTag('told') && isUsed(umount) && !superblock.context.shutdown,
  {
    witness: climbEnds,
    about:
      'When the report is over, the file system that is in use on the device has been told of it, or is shut down.',
  },
);

/** Nobody has begun to unmount it. */
const isUsed = (umount: Peer<typeof umountMachine>): boolean => umount.hasTag('mounted') && umount.hasTag('rest');

/** The witness: somebody is told. */
export const clientHears = sometimes<Pick<Clients, 'client'>>('a task is told', ({ client }) =>
  client.some(({ context }) => context.told),
);

/**
 * I13 OwnDevice: a report on one device of a file system is taken for one on that, and no task is told for a page on
 * another.
 *
 * Why it can fail: ->block_lost() does not say which of three devices it is about, and each has a reverse map of its
 * own (V1).
 */
export const ownDevice = never<Clients>('I13 OwnDevice', ({ client: [, other] }) => other!.context.told, {
  witness: climbEnds,
  about: 'A report on one device of a file system is taken for one on that, and no task is told for a page on another.',
});

/**
 * I12 EarlyTold: when the report is over, the task that asked to be told early has been, or can touch nothing any more.
 *
 * Why it can fail: an error that a task has not consumed has no task that must be told. A disk reports in whatever
 * context its I/O ends in, and what is meant for the one who has touched the page reaches nobody (S000-25).
 *
 * @see collect_procs()
 */
export const earlyTold = always<Clients & Super>(
  'I12 EarlyTold',
  ({ climb, client: [task], superblock }) => !climb.hasTag('told') || task!.context.told || superblock.context.shutdown,
  {
    witness: climbEnds,
    about: 'When the report is over, the task that asked to be told early has been, or can touch nothing any more.',
  },
);
