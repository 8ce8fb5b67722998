import type { Peer } from '../explore/model.ts';
import { always, never, sometimes } from '../explore/property.ts';
import type { bottomUpMachine } from '../machines/bottom-up.ts';
import type { diskMachine } from '../machines/disk.ts';
import type { fateMachine } from '../machines/fate.ts';
import type { openingMachine } from '../machines/opening.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { umountMachine } from '../machines/umount.ts';

interface Climb {
  readonly bottomUp: Peer<typeof bottomUpMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}

/** The witness: a report reaches a file system that acts on it. */
export const reportClimbs = sometimes<Pick<Climb, 'bottomUp'>>('a report reaches the file system', ({ bottomUp }) =>
  bottomUp.hasTag('walking'),
);

/** The witness that a mount comes to its end (half of L2). */
export const mountEnds = sometimes<{ readonly opening: Peer<typeof openingMachine> }>('a mount ends', ({ opening }) =>
  opening.hasTag('mounted'),
);

/** The witness that an umount does (the other half). */
export const umountEnds = sometimes<{ readonly umount: Peer<typeof umountMachine> }>('an umount ends', ({ umount }) =>
  umount.hasTag('unmounted'),
);

/**
 * I2 NoLateWalk, for whoever comes up from a device: a file system is walked only while it is active.
 *
 * Why it can fail: what was asked under s_umount is true for as long as s_umount is held.
 */
export const noWalkOutsideLife = never<Climb>(
  'I2 NoLateWalk',
  ({ bottomUp, superblock }) => bottomUp.hasTag('walking') && !superblock.hasTag('active'),
  { witness: reportClimbs, about: 'A file system is walked only while it is active.' },
);

/** The witness: a mount that has s_umount comes to a disk at which a report is. That is half of a circle. */
export const mountMeetsReport = sometimes<
  Pick<Climb, 'bottomUp'> & { readonly opening: Peer<typeof openingMachine>; readonly disk: Peer<typeof diskMachine> }
>(
  'a mount finds the disk held by a report',
  ({ bottomUp, opening, disk }) => opening.hasTag('waiting') && bottomUp.hasTag('atDisk') && !disk.hasTag('rest'),
);

/**
 * I4 OneAtDisk: whoever opens a device, or looks who has claimed it, does so alone.
 *
 * Why it can fail: a claim that is looked at while it is being made is half a claim.
 */
export const oneAtDisk = never<Pick<Climb, 'bottomUp'> & { readonly opening: Peer<typeof openingMachine> }>(
  'I4 OneAtDisk',
  ({ bottomUp, opening }) => bottomUp.hasTag('atDisk') && opening.hasTag('atDisk'),
  { witness: reportClimbs, about: 'Whoever opens a device, or looks who has claimed it, does so alone.' },
);

/**
 * I2 AskedAlone: who asks a file system whether it lives has no mount beside him that is still at work on it.
 *
 * Why it can fail: s_umount is what a mount holds until it is done.
 */
export const askedAlone = never<Pick<Climb, 'bottomUp'> & { readonly opening: Peer<typeof openingMachine> }>(
  'I2 AskedAlone',
  ({ bottomUp, opening }) => bottomUp.hasTag('asking') && opening.hasTag('mounting'),
  {
    witness: reportClimbs,
    about: 'Who asks a file system whether it lives has no mount beside him that is still at work on it.',
  },
);

/**
 * I17 NoFreedMount: nobody climbs to a file system that has been freed.
 *
 * Why it can fail: the claim was looked at under the lock of the disk. Who lets go of that before he has s_umount needs
 * something else that keeps the file system there.
 */
export const noFreedMount = never<Climb>('I17 NoFreedMount', ({ bottomUp }) => bottomUp.hasTag('freed'), {
  witness: reportClimbs,
  about: 'Nobody climbs to a file system that has been freed.',
});

/** The witness: a report comes to its end. */
const reportReturns = sometimes<Pick<Climb, 'bottomUp'>>('a report returns', ({ bottomUp }) =>
  bottomUp.hasTag('returned'),
);

/**
 * I5 Outcome, of a report from below: it is owned, nobody's, or recorded for who mounts the device next.
 *
 * Why it can fail: not to wait for a lock means to turn a report away, and nobody sends it again (H-15).
 */
export const reportHasOutcome = always<
  Pick<Climb, 'bottomUp'> & { readonly fate: readonly Peer<typeof fateMachine>[] }
>('I5 Outcome', ({ bottomUp, fate: [end] }) => !bottomUp.hasTag('returned') || !end!.hasTag('undecided'), {
  witness: reportReturns,
  about: "A report that is over is owned, nobody's, or recorded for who mounts the device next.",
});
