import type { Peer } from '../explore/model.ts';
import { always, never, sometimes, step } from '../explore/property.ts';
import type { mapperMachine } from '../machines/mapper.ts';
import type { noticeMachine } from '../machines/notice.ts';
import type { ringMachine } from '../machines/ring.ts';
import type { subscriberMachine } from '../machines/subscriber.ts';

interface Notice {
  readonly notice: Peer<typeof noticeMachine>;
  readonly ring: readonly Peer<typeof ringMachine>[];
  readonly subscriber: readonly Peer<typeof subscriberMachine>[];
  readonly mapper: readonly Peer<typeof mapperMachine>[];
}

/** The witness: an event comes to an end. */
const eventReturns = sometimes<Pick<Notice, 'notice'>>(
  'memory_failure has returned',
  ({ notice }) => notice.context.returned.length > 0,
);

/** The witness: a process reads what was posted for it. */
export const reportIsRead = sometimes<Pick<Notice, 'subscriber'>>('a subscriber knows', ({ subscriber }) =>
  subscriber.some(({ context }) => context.known.length > 0),
);

/** The witness: a report finds a ring without room. */
export const ringIsFull = sometimes<Pick<Notice, 'ring' | 'notice'>>(
  'a report meets a full ring',
  ({ ring, notice }) =>
    notice.hasTag('posting') &&
    ring.some((one) => one.hasTag('open') && one.context.waiting.length === one.context.room),
);

/**
 * I12 Noticed, of processes that want to know: when memory_failure() has returned, each of them knows, or has something
 * to read that will tell it.
 *
 * Why it can fail: a signal may be blocked and goes to some (S000-17); a ring has an end, and what is dropped there is
 * gone unless the ring says so; a report that one process has read is not there for the next; and between a look at the
 * record and the ring's opening there is time for an event.
 *
 * @see kill_proc(), task_early_kill(); V19
 */
export const everybodyKnows = always<Notice>(
  'I12 Noticed',
  (room) =>
    room.subscriber.every((_, process) =>
      room.notice.context.returned.every((poison) => isSettled(room, process, poison)),
    ),
  {
    witness: eventReturns,
    about: 'When memory_failure() has returned, every subscriber knows, or has something to read that will tell it.',
  },
);

/**
 * I12 NobodyLeft, where subscribers are told instead of tasks: when memory_failure() has returned for the page that is
 * mapped, nobody maps it.
 *
 * Why it can fail: who subscribes is told by the report, and the mapping goes with the walk: one does not stand for the
 * other.
 */
export const reportedAndUnmapped = never<Pick<Notice, 'notice' | 'mapper'>>(
  'I12 NobodyLeft',
  ({ notice, mapper }) => hasEnded(notice) && mapper.some((task) => task.context.entry),
  { witness: eventReturns, about: 'When memory_failure() has returned for the page that is mapped, nobody maps it.' },
);

/**
 * I12 NoFalseAlarm: a ring says that it has overflowed only where there have been more events than it has room for.
 *
 * Why it can fail: what is posted twice takes two places.
 */
export const noFalseAlarm = never<Pick<Notice, 'notice' | 'ring' | 'subscriber'>>(
  'I12 NoFalseAlarm',
  ({ notice, ring }) =>
    ring.some(({ context }) => context.overflowed && context.room >= notice.context.returned.length + 1),
  {
    witness: reportIsRead,
    about: 'A ring says that it has overflowed only where there have been more events than it has room for.',
  },
);

/** I17 RingBound: no ring holds more than it has room for. */
export const ringBound = always<Pick<Notice, 'ring' | 'notice'>>(
  'I17 RingBound',
  ({ ring }) => ring.every(({ context }) => context.waiting.length <= context.room),
  { witness: ringIsFull, about: 'No ring holds more than it has room for.' },
);

/**
 * I12 ReadOnce: what a subscriber has read from a ring is not there to be read again, be it a report or that some are
 * missing.
 *
 * Why it can fail: to read and to take away are two things, and who only reads comes to no end.
 */
export const readOnce = step<Pick<Notice, 'ring' | 'subscriber'>>(
  'I12 ReadOnce',
  ({ before, after, taken: [first] }) => {
    const [was, is] = [before, after].map(({ ring }) => (ring[first!.self] ?? ring[0]!).context);
    return was!.waiting.length > 0 ? is!.waiting.length < was!.waiting.length : was!.overflowed && !is!.overflowed;
  },
  {
    witness: reportIsRead,
    about:
      'What a subscriber has read from a ring is not there to be read again, be it a report or that some are missing.',
    when: ({ taken: [first] }) => first!.message.type === 'ring.read',
  },
);

const hasEnded = ({ context: { returned, events } }: Peer<typeof noticeMachine>): boolean => returned.length === events;

function isSettled({ notice, ring, subscriber, mapper }: Notice, process: number, poison: number): boolean {
  const who = subscriber[process]!;
  const own = ring[process] ?? ring[0]!;
  // The page that is mapped is the last to fail: of the others only those are to know who have asked.
  const isMapped = poison === notice.context.events - 1;
  if (who.hasTag('deaf')) return !isMapped || mapper[process]!.context.signal === 'delivered';
  const isOnItsWay = who.hasTag('joining') || own.context.waiting.length > 0 || own.context.overflowed;
  return who.context.known.includes(poison) || isOnItsWay;
}
