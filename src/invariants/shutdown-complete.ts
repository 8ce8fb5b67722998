import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
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
  {
    when: ({ before }) => before.shutdown.some((each) => each.hasTag('returned')),
    witness: bothReturn,
    about: 'Whoever has called xfs_force_shutdown() and got the answer may say that the file system is shut down.',
  },
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

/**
 * I16 LogIsShut: when all who shut the log down have come back, it takes nothing more, and what it had taken has been written or
 * given back.
 *
 * Why it can fail: each way fails the log at a moment of its own, and waits for a push that somebody else does.
 *
 * @see xfs_do_force_shutdown(), xlog_force_shutdown(); KB-36
 */
export const logIsShut = never<Force>(
  'I16 LogIsShut',
  ({ mountShutdown, logShutdown, push }) =>
    push.context.pending &&
    !mountShutdown.hasTag('inside') &&
    !logShutdown.hasTag('inside') &&
    !(push.context.failed && push.hasTag('pushed')),
  {
    witness: bothWaysReturn,
    about:
      'When all who shut the log down have come back, it takes nothing more, and what it had taken has been written or given back.',
  },
);

/** The witness: the callbacks want a buffer that the mount's way in holds. */
export const bufferIsWanted = sometimes<Force>(
  'a buffer is wanted by two',
  ({ mountShutdown, push }) => push.hasTag('givingBack') && mountShutdown.hasTag('inside'),
);

/**
 * I17 BufferAlone: a buffer is given back while nobody else has it locked. Who comes by the mount's way has, from beginning to end.
 *
 * Why it can fail: two threads mean the same buffer, and one of them does not know that the other is there.
 */
export const bufferAlone = never<Force>(
  'I17 BufferAlone',
  ({ mountShutdown, push }) => push.hasTag('releasing') && mountShutdown.hasTag('inside'),
  { witness: bufferIsWanted, about: 'A buffer is given back while nobody else has it locked.' },
);
