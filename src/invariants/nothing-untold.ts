import type { Peer } from '../explore/model.ts';
import { always, sometimes } from '../explore/property.ts';
import type { badblocksMachine } from '../machines/badblocks.ts';
import type { daemonMachine } from '../machines/daemon.ts';
import type { filesystemMachine } from '../machines/filesystem.ts';
import type { firmwareMachine } from '../machines/firmware.ts';
import type { reportMachine } from '../machines/report.ts';
import type { scrubMachine } from '../machines/scrub.ts';

interface Telling {
  readonly firmware: Peer<typeof firmwareMachine>;
  readonly report: readonly Peer<typeof reportMachine>[];
  readonly scrub: Peer<typeof scrubMachine>;
  readonly badblocks: Peer<typeof badblocksMachine>;
  readonly daemon: Peer<typeof daemonMachine>;
  readonly filesystem: Peer<typeof filesystemMachine>;
}

/** The witness: whatever has failed has failed, and nobody has anything left to do about it. */
export const allIsQuiet = sometimes<Telling>(
  'the last range has failed, and all are at rest',
  (room) => room.firmware.hasTag('spent') && isSettled(room),
);

/** The witness: more than one range has failed before there is a file system to be told. */
export const earlyFailures = sometimes<Telling>(
  'ranges fail before the mount',
  ({ firmware, filesystem }) => firmware.context.raised > 1 && !filesystem.hasTag('born'),
);

/** The witness that a report may be dropped: the queue is full. */
export const queueIsFull = sometimes<Telling>('the queue is full', ({ report }) => report[0]!.mailbox.length > 0);

/** The witness that the record may be too small: it is full. */
export const recordIsFull = sometimes<Telling>(
  'the record is full',
  ({ badblocks }) => badblocks.context.pending.length === badblocks.context.room,
);

/**
 * I5 NothingUntold: when all are at rest beside a mounted file system, it has been told of every range that has failed.
 *
 * Why it can fail: an event is gone when nobody takes it, be it that the queue is full (H-22) or that the mount is not done (H-15). A
 * record stays, but somebody has to read it, not too early and not only once, it has to have room, and the range has to get
 * into it, which not every device sees to (S000-18).
 *
 * @see memory_failure_queue(), nd_pmem_notify(); S000-18, S000-27, S001-19, S001-23
 */
export const nothingUntold = always<Telling>(
  'I5 NothingUntold',
  (room) => !isSettled(room) || room.filesystem.context.told.length === room.firmware.context.raised,
  {
    witness: allIsQuiet,
    about: 'When all are at rest beside a mounted file system, it has been told of every range that has failed.',
  },
);

/** Nobody but the environment will do anything. */
function isSettled({ firmware, report, scrub, daemon, filesystem }: Telling): boolean {
  return (
    filesystem.hasTag('born') &&
    daemon.hasTag('rest') &&
    report.every((call) => call.hasTag('rest') && call.mailbox.length === 0) &&
    scrub.hasTag('rest') &&
    (!scrub.context.scans || scrub.context.seen === firmware.context.raised)
  );
}
