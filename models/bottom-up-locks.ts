import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import {
  askedAlone,
  mountEnds,
  mountMeetsReport,
  noFreedMount,
  noWalkOutsideLife,
  oneAtDisk,
  reportHasOutcome,
  umountEnds,
} from '../src/invariants/bottom-up.ts';
import { bottomUpMachine } from '../src/machines/bottom-up.ts';
import { claimMachine } from '../src/machines/claim.ts';
import { diskMachine } from '../src/machines/disk.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { openingMachine } from '../src/machines/opening.ts';
import { referenceMachine } from '../src/machines/primitives/reference.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { umountMachine } from '../src/machines/umount.ts';
import { diskUmountSteps, diskUmountWires, diskWires } from './instructions/disks.ts';
import { lockWires } from './instructions/threads.ts';
import { kernel, preset } from './presets.ts';

const options = {
  contended: kernel.contended,
  /** What becomes of a report for which the file system is not ready. */
  whenUnready: ['drop', 'record'],
  /** When a mount opens the device of an external log: under s_umount, or before. */
  opens: ['underLock', 'before'],
  /** When an umount closes its devices: after it has let go of s_umount (v6.6), or before. */
  closes: ['afterwards', 'underLock'],
  /** The lock of the disk on the way up. */
  disk: ['held', 'pinned', 'pinnedBlindly', 'dropped'],
} as const;

/** A report that waits for s_umount. */
const v2 = { contended: 'waits', whenUnready: 'record' } as const;
const old = { opens: 'underLock', closes: 'underLock' } as const;

const stuck = { deadlock: 'violated' } as const;
const astray = { [noFreedMount.name]: 'violated' } as const;

/**
 * Mail 004 wants any block device to be able to report any failure upwards. Upwards means the lock of the disk first
 * and that of the file system second. Mount and umount come from the other side.
 *
 * The world is one disk that carries a file system and its external log on two partitions, so that one open_mutex
 * stands before both; one report, one mount, and one umount after it, each when it likes.
 *
 * teardown-order has the circle that was found and fixed (KB-34): the shutdown of a dead disk against an umount that
 * closes devices under s_umount. Here is what the fix leaves, were there more than dead disks to report. That a mount
 * opens the log's device under s_umount is in the sources (M0, M1), and that open_mutex is the disk's; that to open
 * takes it as to close does is inferred; that anybody reports upwards but a removal is not so: it never came.
 *
 * What surprised, and who was right:
 * - To close devices after s_umount (KB-34, v6.6) breaks the circle of umount and leaves that of mount: with the log on
 *   the same disk, mount waits for the disk and the report for s_umount (`closed-afterwards`). The rule has to hold at
 *   both ends of a life (`order-kept`).
 * - Three ways lead out, and each of them has a price. To keep the order everywhere is free, but needs everybody; not
 *   to wait for s_umount turns reports away, which must then be kept somewhere (`tried-and-dropped`); to let go of the
 *   disk on the way up needs a reference in its place (`disk-dropped`), and one that can be refused: the claim outlives
 *   the last reference (`disk-pinned-blindly`).
 * - Mail 004 is right that the interface could serve everybody, and none of this is seen in it: it says nothing of
 *   locks.
 */
export default defineModel({
  name: 'bottom-up-locks',
  about: 'A block device reports upwards while its file system is mounted or unmounted: who waits for whom?',
  sources: ['S004-17', 'KB-34'],
  options,
  variants: {
    'closed-under-s_umount': {
      about: 'Before v6.6: the report against an umount that closes its devices under s_umount (KB-34).',
      option: { ...v2, opens: 'before', closes: 'underLock' },
      expect: stuck,
    },
    'closed-afterwards': {
      about:
        'Umount closes them afterwards, as since v6.6. A mount that opens one under s_umount is still in the circle.',
      option: v2,
      expect: stuck,
    },
    'order-kept': {
      about: 'Devices are opened before s_umount is taken, and closed after it is let go.',
      option: { ...v2, opens: 'before' },
    },
    'disk-pinned': {
      about: 'The report lets go of the disk before it takes s_umount, and has a reference to the file system instead.',
      option: { ...v2, ...old, disk: 'pinned' },
    },
    'disk-pinned-blindly': {
      about: 'The same, and the reference is taken from a file system that has already lost its last.',
      option: { ...v2, ...old, disk: 'pinnedBlindly' },
      expect: astray,
    },
    'disk-dropped': {
      about: 'The same without a reference: there may be no file system any more when s_umount is free.',
      option: { ...v2, ...old, disk: 'dropped' },
      expect: astray,
    },
    'tried-and-dropped': {
      about: 'The report does not wait for s_umount, and what it had to say is lost.',
      option: { ...old, contended: 'isUnready', whenUnready: 'drop' },
      expect: { [reportHasOutcome.name]: 'violated' },
    },
    repaired: {
      about: 'The report does not wait for s_umount: it leaves a record when somebody else has it.',
      option: preset('repaired', options),
    },
    'repaired-closed-under-s_umount': {
      about: 'The same beside mount and umount in the old order, which do no harm then.',
      option: { ...preset('repaired', options), ...old },
    },
  },
  build: (option) =>
    compose(
      {
        bottomUp: start(bottomUpMachine, option),
        opening: start(openingMachine, { opens: option.opens }),
        umount: start(umountMachine, { putsFirst: false, closes: option.closes }),
        s_umount: start(rwsemMachine),
        disk: start(diskMachine),
        claim: start(claimMachine),
        /** What keeps an active file system from being unmounted. */
        active: start(referenceMachine),
        superblock: start(superblockMachine, { mounted: false }),
        fate: replicate(fateMachine, 1),
      },
      {
        wires: {
          bottomUp: {
            ...diskWires,
            ...lockWires('s_umount'),
            'reference.taken': 'active',
            'reference.dropped': 'active',
            'event.owned': 'fate',
            'event.unowned': 'fate',
            'event.recorded': 'fate',
          },
          opening: {
            ...diskWires,
            ...lockWires('s_umount'),
            'bdev.claimed': 'claim',
            'superblock.read': 'superblock',
            'superblock.born': 'superblock',
          },
          umount: {
            ...diskUmountWires,
            // An umount is at the disk once, to close it.
            'disk.unlocked': ['disk', 'claim'],
          },
        },
        spontaneous: {
          bottomUp: [
            { type: 'error.raised', environment: true },
            'disk.entered',
            {
              type: 'claim.read',
              read: ({ claim, umount }) => ({
                claimed: claim.hasTag('claimed'),
                going: !(umount.hasTag('mounted') && umount.hasTag('rest')),
              }),
            },
            {
              type: 'superblock.locked',
              read: ({ s_umount, superblock }) => ({
                held: s_umount.hasTag('held'),
                freed: superblock.hasTag('freed'),
              }),
            },
            { type: 'flag.read', read: ({ superblock }) => ({ active: superblock.hasTag('active') }) },
            'range.walked',
            'disk.left',
          ],
          opening: [
            { type: 'mount.requested', environment: true },
            'bdev.opened',
            'superblock.created',
            'log.entered',
            'log.opened',
            'superblock.read',
            'superblock.born',
            'mount.attached',
          ],
          umount: diskUmountSteps({
            // U0 is what the last active reference does when it goes.
            'umount.requested': ({ opening, active }) => opening.hasTag('mounted') && active.context.count === 0,
          }),
        },
        properties: [
          noWalkOutsideLife,
          noFreedMount,
          oneAtDisk,
          askedAlone,
          reportHasOutcome,
          mountEnds,
          umountEnds,
          ...(option.opens === 'underLock' ? [mountMeetsReport] : []),
        ],
      },
    ),
});
