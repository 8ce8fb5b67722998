import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import {
  everybodyKnows,
  noFalseAlarm,
  readOnce,
  reportedAndUnmapped,
  reportIsRead,
  ringBound,
} from '../src/invariants/subscribers.ts';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { collectedBy, killMachine } from '../src/machines/kill.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { noticeMachine } from '../src/machines/notice.ts';
import { ringMachine } from '../src/machines/ring.ts';
import { subscriberMachine } from '../src/machines/subscriber.ts';
import { killSteps, killWires } from './instructions/kill.ts';
import { kernel, preset } from './presets.ts';

const options = {
  notice: kernel.notice,
  /** How many events there are. A ring has room for one report. */
  events: [1, 2],
  /** A ring for each subscriber, or one from which all of them read. */
  rings: ['each', 'one'],
  /**
   * What becomes of a report for which a ring has no room: it is dropped and the ring says so; it is dropped; or its
   * sender waits.
   */
  whenFull: ['mark', 'drop', 'wait'],
  /** How a process joins: it opens the ring and then reads the record, or the other way round. */
  joins: ['opensFirst', 'readsFirst'],
  /** When the range stands in the record: before the report is posted, or when all is done. */
  records: ['first', 'last'],
  /** When the report is posted: before the walk (H3), or with what it finds (H10). */
  posts: ['beforeWalk', 'afterWalk'],
  /** Whether the file system has been shut down before, so that no walk begins. */
  isShutDown: [false, true],
} as const;

const v71 = preset('P6', options);
const better = preset('repaired', options);
const unaware = { [everybodyKnows.name]: 'violated' } as const;

/**
 * If a file system takes over from memory_failure(), mail 000 says, it should have something better for applications
 * than an action-optional signal. What would that have to be?
 *
 * The world is two processes that map a page. One has asked to be told early and has blocked SIGBUS, the other has
 * asked for nothing. Either may subscribe at any time, and reads when it likes, if at all. That a signal can be blocked
 * and a queue cannot is who-is-told's; here the queue is looked at: it has an end, it has a beginning, and there may be
 * several who read.
 *
 * What v7.1 has (healthmon, fserror) is the nearest thing to this that was built; what its queue does when it is full
 * is not in our sources, so that no variant claims to be it. The rings here are a design, and each variant but the
 * repaired ones takes one rule of it away.
 *
 * What surprised, and who was right:
 * - A ring that says that it has overflowed helps only if there is something to go back to, and only if that is written
 *   first: with the record written last, a reader that is sent there, or that has just joined, looks too early and is
 *   content (`recorded-last`). It is the rule for joining from the other side: open, then look; write, then post.
 * - Whoever waits for room waits for user space, in the middle of memory_failure() (`ring-full-waits`: a deadlock, as
 *   nobody has to read).
 * - The report has to come before the walk. After a shutdown there is no walk, and who waits for what it finds hears
 *   nothing (`posted-after-walk`); H3 and H10 are two reports for two purposes.
 * - Mail 000 is right in what it asks for, and the signal cannot be made into it: of the two processes here neither is
 *   told (`P6`).
 */
export default defineModel({
  name: 'better-than-ao',
  about: 'Processes subscribe to failures instead of waiting for a signal: who comes to know?',
  sources: ['S000-17'],
  options,
  variants: {
    P6: {
      about: 'v7.1: a signal. One process has blocked it, the other is not sent one; both must touch the page to know.',
      option: v71,
      expect: { ...unaware, [reportIsRead.name]: 'unreached' },
    },
    'one-ring': {
      about: 'One ring from which both read: what one has read the other has not.',
      option: { ...better, rings: 'one' },
      expect: unaware,
    },
    'ring-full-drops': {
      about: 'Two events, and a ring that drops what it has no room for and says nothing.',
      option: { ...better, events: 2, whenFull: 'drop' },
      expect: unaware,
    },
    'ring-full-waits': {
      about: 'Two events, and a ring whose sender waits until somebody has read.',
      option: { ...better, events: 2, whenFull: 'wait' },
      expect: { deadlock: 'violated' },
    },
    'reads-then-opens': {
      about: 'A process looks at the record and then opens the ring: what comes in between is in neither.',
      option: { ...better, joins: 'readsFirst' },
      expect: unaware,
    },
    'recorded-last': {
      about: 'The report is posted first and the record written afterwards: who is sent to the record finds nothing.',
      option: { ...better, records: 'last' },
      expect: unaware,
    },
    'posted-after-walk': {
      about: 'After a shutdown, where the report is what the walk has found: there is no walk.',
      option: { ...better, posts: 'afterWalk', isShutDown: true },
      expect: { ...unaware, [readOnce.name]: 'vacuous' },
    },
    repaired: {
      about: 'A ring for each subscriber that says when it has overflowed; two events.',
      option: { ...better, events: 2 },
    },
    'repaired-one-event': {
      about: 'The same with one event.',
      option: better,
    },
    'repaired-shutdown': {
      about: 'The same after a shutdown.',
      option: { ...better, isShutDown: true },
    },
  },
  build: (option) => {
    const isSignal = option.notice === 'signal';
    const ringOf = (process: number) => ['ring', option.rings === 'one' ? 0 : process] as const;
    return compose(
      {
        notice: start(noticeMachine, { records: option.records, posts: option.posts, events: option.events }),
        kill: start(killMachine, { flavour: 'poison', unmaps: 'always', whenLost: 'fail', checksPage: false }),
        mapper: replicate(mapperMachine, 2, (process) => ({
          file: 0,
          policy: process === 0 ? 'early' : 'late',
          blocksOptional: process === 0,
        })),
        subscriber: replicate(subscriberMachine, 2, () => ({ joins: isSignal ? 'never' : option.joins })),
        ring: replicate(ringMachine, option.rings === 'one' ? 1 : 2, () => ({ room: 1, whenFull: option.whenFull })),
        badblocks: start(badblocksMachine),
      },
      {
        wires: {
          notice: {
            // A ring that lets its senders wait does not take a report while it is full.
            'report.posted': { rendezvous: 'ring' },
            'kill.called': 'kill',
            'event.recorded': 'badblocks',
          },
          kill: {
            ...killWires,
            'entry.taken': [],
            'entry.released': [],
            'task.signalled': ({ task }) => (isSignal ? ['mapper', task] : []),
            'kill.returned': 'notice',
          },
          mapper: { 'poison.consumed': [] },
          subscriber: {
            'ring.opened': (_, process) => ringOf(process),
            'report.taken': (_, process) => ringOf(process),
            'overflow.seen': (_, process) => ringOf(process),
          },
          badblocks: { 'badblocks.changed': [] },
        },
        spontaneous: {
          notice: [
            {
              type: 'poison.reported',
              environment: true,
              when: ({ notice }) => notice.context.returned.length < option.events,
              read: ({ notice }) => ({ poison: notice.context.returned.length }),
            },
            'record.written',
            'report.posted',
            { type: 'agf.read', oneOf: [{ shutdown: option.isShutDown }] },
            'failure.ended',
          ],
          kill: killSteps(
            {
              read: ({ kill }) => ({
                entry: kill.context.poison === option.events - 1 ? 'present' : 'empty',
                inRange: true,
              }),
            },
            ({ mapper }) =>
              collectedBy(
                'poison',
                mapper.map((task) => ({ maps: task.context.entry, early: task.context.policy === 'early' })),
              ),
          ),
          subscriber: [
            // Nobody has to subscribe, and nobody to read.
            { type: 'ring.opened', environment: true },
            { type: 'record.read', read: ({ badblocks }) => ({ pending: badblocks.context.pending }) },
            {
              type: 'ring.read',
              environment: true,
              when: ({ ring }, process) => {
                const { waiting, overflowed } = ring[ringOf(process)[1]]!.context;
                return waiting.length > 0 || overflowed;
              },
              read: ({ ring }, process) => {
                return { poison: ring[ringOf(process)[1]]!.context.waiting[0] ?? -1 };
              },
            },
          ],
        },
        properties: [
          everybodyKnows,
          // Without subscribers there is nothing to be said of rings.
          ...(isSignal ? [reportIsRead] : [readOnce, noFalseAlarm]),
          ...(option.events > 1 ? [ringBound] : []),
          ...(option.isShutDown ? [] : [reportedAndUnmapped]),
        ],
      },
    );
  },
});
