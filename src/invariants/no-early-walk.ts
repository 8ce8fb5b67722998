import type { Peer } from '../explore/model.ts';
import { always, never, sometimes } from '../explore/property.ts';
import type { handlerMachine } from '../machines/handler.ts';
import type { logMachine } from '../machines/log.ts';
import type { peragsMachine } from '../machines/perags.ts';
import type { superblockMachine } from '../machines/superblock.ts';

interface Walk {
  readonly handler: Peer<typeof handlerMachine>;
  readonly perags: Peer<typeof peragsMachine>;
  readonly log: Peer<typeof logMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}

/** The witness: the rmapbt is walked at all. A handler that refuses every call never walks too early (KB-01). */
export const handlerWalks = sometimes<Pick<Walk, 'handler'>>('the handler walks', ({ handler }) =>
  handler.hasTag('walking'),
);

/**
 * I1 NoEarlyWalk: the rmapbt is walked only when its perags exist and the log has nothing left to replay.
 *
 * Why it can fail: the callback is registered before the superblock is read, so that a walk may begin at any moment of
 * the mount that the handler's guard lets through. Each of the two conditions is needed: guards that stand for only one of
 * them (M2, M6, M8) are let down by the other, and SB_BORN stands for both except where recovery is skipped (H-19). Perags
 * that are there no more are I2's.
 *
 * @see xfs_dax_notify_failure(), xfs_dax_notify_dev_failure(); S001-06, S001-11, S001-12, S001-13, S001-16
 */
export const noEarlyWalk = never<Walk>(
  'I1 NoEarlyWalk',
  ({ handler, perags, log }) => handler.hasTag('walking') && (perags.hasTag('absent') || log.hasTag('stale')),
  {
    witness: handlerWalks,
    about: 'The rmapbt is walked only when its perags are there and the log has nothing left to replay.',
  },
);

/**
 * A part of I1 that the mail fears and the code keeps: before M2 nothing is known of the file system, but neither is there
 * a feature word that promises an rmapbt, so that the handler answers -EOPNOTSUPP without a walk (H4).
 *
 * Why it can fail: with a handler that does not ask for the feature it does.
 *
 * @see xfs_has_rmapbt(); S001-07, S001-08, S001-09, S001-10
 */
export const noWalkBeforeSuperblock = always<Walk>(
  'I1 NoWalkBeforeSuperblock',
  ({ handler, superblock }) =>
    !handler.hasTag('walking') || superblock.hasTag('features') || superblock.hasTag('freed'),
  { witness: handlerWalks },
);
