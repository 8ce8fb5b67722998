import type { Peer } from '../explore/model.ts';
import { sometimes, step } from '../explore/property.ts';
import type { journalMachine } from '../machines/journal.ts';
import type { logShutdownMachine } from '../machines/log-shutdown.ts';
import type { pushMachine } from '../machines/push.ts';
import type { shutdownMachine } from '../machines/shutdown.ts';

interface Shutdown {
  readonly shutdown: readonly Peer<typeof shutdownMachine>[];
  readonly journal: Peer<typeof journalMachine>;
}

/** The witness: of two threads that shut the file system down, both are done. */
export const bothReturn = sometimes<Pick<Shutdown, 'shutdown'>>('two shutdowns return', ({ shutdown }) =>
  shutdown.every((each) => each.hasTag('returned')),
);

/** The witness: a transaction may still be committed while the file system is being shut down. */
export const commitMeetsShutdown = sometimes<Shutdown>(
  'a shutdown is under way while the log is open',
  ({ shutdown, journal }) => journal.hasTag('open') && shutdown.some((each) => !each.hasTag('rest')),
);

/**
 * The part of I10 and I16 that rests on xfs_force_shutdown(): whoever has called it and got the answer may say that the
 * file system is shut down. No transaction is committed after that.
 *
 * Why it can fail: only the first caller does the work. A second one, who finds the flag set, may be back before it is
 * done.
 *
 * @see xfs_do_force_shutdown(); KB-35
 */
export const noCommitAfterShutdown = step<Shutdown>(
  'I16 NoCommitAfterShutdown',
  ({ taken }) => taken[0]?.message.type !== 'transaction.committed',
  { when: ({ before }) => before.shutdown.some((each) => each.hasTag('returned')), witness: bothReturn },
);

interface Force {
  readonly mountShutdown: Peer<typeof logShutdownMachine>;
  readonly logShutdown: Peer<typeof logShutdownMachine>;
  readonly push: Peer<typeof pushMachine>;
}

/** The witness that neither way in is refused: by the mount and by the log, both are over (L3). */
export const bothWaysReturn = sometimes<Force>(
  'both ways to shut down return',
  ({ mountShutdown, logShutdown }) => mountShutdown.hasTag('returned') && logShutdown.hasTag('returned'),
);

/** The witness: a log that has failed gives back what it was to write. */
export const bufferIsGivenBack = sometimes<Force>('a failed log gives a buffer back', ({ push }) =>
  push.hasTag('givingBack'),
);
