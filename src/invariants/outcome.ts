import type { Peer } from '../explore/model.ts';
import { always, never, sometimes } from '../explore/property.ts';
import type { applicationMachine } from '../machines/application.ts';
import type { badblocksMachine } from '../machines/badblocks.ts';
import type { daemonMachine } from '../machines/daemon.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { fateMachine } from '../machines/fate.ts';
import type { mountMachine } from '../machines/mount.ts';
import type { superblockMachine } from '../machines/superblock.ts';

/**
 * I5 Outcome: when memory_failure() has returned, its event is owned, generic, kept or nobody's.
 *
 * *Owned*: the handler ran to its end, whatever it decided. *Generic*: the generic path told the tasks. *Kept*: it stands where
 * a later step reads it. *Nobody's*: the device met no complete registration, and no task maps the page. Anything
 * else is lost: the return code is final, no other delivery follows.
 *
 * @see memory_failure_dev_pagemap(), xfs_dax_notify_failure(); S001-15, S001-20, S001-22, S001-28, H-15
 */
interface Outcome {
  readonly failure: readonly Peer<typeof failureMachine>[];
  readonly fate: readonly Peer<typeof fateMachine>[];
  readonly mount: Peer<typeof mountMachine>;
  readonly badblocks: Peer<typeof badblocksMachine>;
  readonly daemon: Peer<typeof daemonMachine>;
}

/** The witness that a fallback exists: a task that maps the page is told although no owner was there when it was asked. */
export const fallbackHandles = sometimes<Pick<Outcome, 'fate'>>('the generic path handled an event', ({ fate }) =>
  fate.some((event) => event.hasTag('generic')),
);

interface Telling extends Pick<Outcome, 'failure' | 'fate'> {
  readonly application: Peer<typeof applicationMachine>;
}

/** The witness that an owner acts and does not only answer: a task that maps the page, and has not touched it, is told. */
export const ownerTells = sometimes<Telling>('the owner tells a task', (room) => isTold(room, 'owned'));

/** The same of the generic path. */
export const fallbackTells = sometimes<Telling>('the generic path tells a task', (room) => isTold(room, 'generic'));

/** The witness that an owner acts where nobody can be told: metadata is hit, and the file system shuts down. */
export const ownerShutsDown = sometimes<{
  readonly fate: readonly Peer<typeof fateMachine>[];
  readonly superblock: Peer<typeof superblockMachine>;
}>(
  'the owner shuts the file system down',
  ({ fate, superblock }) => superblock.context.shutdown && fate.some((event) => event.hasTag('owned')),
);

/** The witness that an event may come before there is anybody to own it. */
export const eventIsNobodys = sometimes<Pick<Outcome, 'fate'>>("an event is nobody's", ({ fate }) =>
  fate.some((event) => event.hasTag('unowned')),
);

/** The witness: an event comes to an end. */
export const eventReturns = sometimes<Outcome>('memory_failure has returned', ({ failure }) =>
  failure.some((event) => event.hasTag('returned')),
);

/** The witness: an event that a task consumed comes to an end. */
export const consumptionReturns = sometimes<Outcome>('memory_failure has returned to a task', ({ failure }) =>
  failure.some((event) => event.hasTag('returned') && event.context.source === 'application'),
);

/** The witness that KB-01 fails: some event reaches an owner who acts on it. */
export const ownerHandles = sometimes<Pick<Outcome, 'fate'>>('the owner handled an event', ({ fate }) =>
  fate.some((event) => event.hasTag('owned')),
);

/**
 * No event is lost.
 *
 * Why it can fail: an owner that is not ready answers -EIO, which is final, and nothing in the kernel remembers the event (H-15).
 */
export const outcome = always<Outcome>(
  'I5 Outcome',
  (room) => room.failure.every((event, poison) => !event.hasTag('returned') || isDecided(room, poison)),
  { witness: eventReturns, about: 'No event is lost.' },
);

/**
 * No event is lost that a task has consumed: tasks map files of mounted file systems only, so that an owner was ready.
 *
 * Why it can fail: a guard that reads the wrong flags word is never satisfied, not even after the mount (KB-01).
 */
export const outcomeAfterMount = always<Outcome>(
  'I5 Outcome after mount',
  (room) =>
    room.failure.every(
      (event, poison) => !event.hasTag('returned') || event.context.source !== 'application' || isDecided(room, poison),
    ),
  { witness: consumptionReturns, about: 'No event is lost that a task has consumed.' },
);

interface Leaving {
  readonly failure: Peer<typeof failureMachine>;
  readonly fate: readonly Peer<typeof fateMachine>[];
}

/** The witness that a file system on its way out turns an event away, and the event is kept all the same. */
export const eventIsKept = sometimes<Leaving>(
  'an event is kept that nobody was ready for',
  ({ failure, fate }) => failure.hasTag('returned') && fate[0]!.hasTag('recorded'),
);

/**
 * I5 Outcome for the one event of an umount: no mount is left here to work off a queue, so that kept means recorded, for whoever
 * mounts the device next.
 *
 * Why it can fail: the handler has two ways to turn a call away, one because of s_umount and one because of the flag, and each of
 * them has to leave the record (H-15).
 */
export const outcomeOfUmount = always<Leaving>(
  'I5 Outcome',
  ({ failure, fate: [end] }) =>
    !failure.hasTag('returned') ||
    end!.hasTag('owned') ||
    end!.hasTag('generic') ||
    end!.hasTag('unowned') ||
    end!.hasTag('recorded'),
  { witness: eventIsKept },
);

/** The witness: the daemon sleeps beside a mounted file system, having read all there was. */
export const recordIsRead = sometimes<Outcome>('the daemon has read all there is', isAsleep);

/**
 * Nothing is left in the record by a reader that sleeps over it.
 *
 * This is the half of I5 that speaks of settled states. What is queued needs no claim of its own: a mailbox with mail in a
 * settled state is a deadlock.
 *
 * Why it can fail: a handler may ask before SB_BORN and record after the daemon has looked. The mount alone must not be what
 * wakes it; the record has to as well.
 */
export const nothingLeft = never<Outcome>(
  'I5 NothingLeft',
  (room) => isAsleep(room) && room.badblocks.context.pending.length > 0,
  { witness: recordIsRead, about: 'Nothing is left in the record by a reader that sleeps over it.' },
);

/** The witness: an event is queued. */
export const eventIsQueued = sometimes<Pick<Outcome, 'fate'>>('an event is queued', ({ fate }) =>
  fate.some((event) => event.hasTag('queued')),
);

/**
 * I5 QueueKeeps: what is said to be queued stands in the queue, or is being worked off.
 *
 * Why it can fail: the handler has two ways to turn a call away, and each has to do both: to say so and to do so.
 */
export const queueKeeps = always<Pick<Outcome, 'fate' | 'mount'>>(
  'I5 QueueKeeps',
  ({ fate, mount }) =>
    fate.every(
      (event, poison) => !event.hasTag('queued') || mount.mailbox.some(waits(poison)) || mount.hasTag('working'),
    ),
  { witness: eventIsQueued, about: 'What is said to be queued stands in the queue, or is being worked off.' },
);

/** The witness for a queue: a mount that fails empties it, and calls nobody. */
export const queueIsDiscarded = sometimes<Pick<Outcome, 'fate' | 'mount'>>(
  'a failed mount discards what was queued',
  ({ fate, mount }) => mount.hasTag('failed') && fate.some((event) => event.hasTag('discarded')),
);

/** The witness for a record: an event that was refused becomes owned by a replay. */
export const replayIsOwned = sometimes<Outcome>('a replayed event is owned', ({ failure, fate }) =>
  failure.some((event, poison) => event.context.source === 'daemon' && fate[poison]!.hasTag('owned')),
);

function isDecided({ fate, mount, badblocks, daemon }: Outcome, poison: number): boolean {
  const end = fate[poison]!;
  if (end.hasTag('queued')) return mount.mailbox.some(waits(poison)) || mount.hasTag('working');
  if (end.hasTag('recorded')) return badblocks.context.pending.includes(poison) && daemon.hasTag('watching');
  if (end.hasTag('discarded')) return mount.hasTag('failed');
  return end.hasTag('owned') || end.hasTag('generic') || end.hasTag('unowned');
}

const waits =
  (poison: number) =>
  (mail: Peer<typeof mountMachine>['mailbox'][number]): boolean =>
    'poison' in mail && mail.poison === poison;

function isTold({ application, failure, fate }: Telling, end: 'owned' | 'generic'): boolean {
  // the second event lies in the page that the task maps
  return application.hasTag('signalled') && failure[1]!.context.source === 'platform' && fate[1]!.hasTag(end);
}

function isAsleep({ mount, daemon }: Outcome): boolean {
  return mount.hasTag('mounted') && daemon.hasTag('watching') && daemon.hasTag('rest');
}
