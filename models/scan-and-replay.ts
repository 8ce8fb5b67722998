import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { earlyFailures, nothingUntold, queueIsFull, recordIsFull } from '../src/invariants/nothing-untold.ts';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { daemonMachine } from '../src/machines/daemon.ts';
import { filesystemMachine } from '../src/machines/filesystem.ts';
import { firmwareMachine } from '../src/machines/firmware.ts';
import { reportMachine } from '../src/machines/report.ts';
import { scrubMachine } from '../src/machines/scrub.ts';
import { daemonSteps } from './instructions/delivery.ts';
import { kernel, preset } from './presets.ts';

const options = {
  whenUnready: ['drop', 'record'],
  overflow: kernel.overflow,
  noRoom: kernel.noRoom,
  /** Whether a failure is announced as it happens. */
  pushes: [true, false],
  /** Who announces it: the firmware, through a queue with room for one; or the task that consumes it, by itself. */
  announces: ['firmware', 'task'],
  /** Whether the media can be scanned; not all can (S000-18). */
  scans: [true, false],
  /** When the record is read: whenever it changes, after the mount; once, then; once, as soon as there is something in it; never. */
  daemon: ['onChange', 'onceAfterMount', 'onceAtOnce', 'never'],
  /** How many ranges the record has room for, of three that fail. */
  room: [1, 3],
  /** How the daemon replays: from outside, as by corrupt-pfn; or through a mapping of its own, by a load or by madvise(). */
  replays: ['fromOutside', 'throughMapping'],
} as const;
const v71 = preset('P6', options);
const better = preset('repaired', options);
const untold = { [nothingUntold.name]: 'violated' } as const;

/**
 * Push, poll, or both: how does a file system come to know of every range that has failed?
 *
 * The world is three ranges that fail one after the other, at any time, before, during and after a mount that may fail and be tried
 * again; a queue with room for one event, and a record with room for one range (or for all three); a scan of the media where
 * they can be scanned; a daemon that reads the record and replays what stands there. Whoever has been told writes his page anew.
 *
 * What surprised, and who was right:
 * - Where the media can be scanned, every event may be lost and every report be refused (`scanned-all-dropped`, `polled-on-change`):
 *   the level is enough, if it is read whenever it changes. Whether to delay or to drop (S001-28) is then a question of how soon.
 * - Where they cannot, nothing but the event ever enters the record, and it has to be entered before it can be lost: before the
 *   queue (H-22), and again by a handler that is not ready (H-15), since an event that a task consumes passes through no
 *   queue (`consumed-unrecorded`).
 * - One page of records is no obstacle for as long as somebody scans again when there is room (`record-overflows` against `repaired`).
 *   On media that cannot be scanned it is one, and no option here helps (`unscannable-record-overflows`).
 * - Of the ways to replay that there are, two go through a mapping of the daemon's own, a load and madvise(). There the daemon counts
 *   as the task that has consumed, as trace 1b shows of madvise(): the file system is told, and the daemon gets the signal
 *   (`replayed-through-mapping`). What a replay needs is a notification that nobody waits for (V14); corrupt-pfn makes one.
 */
export default defineModel({
  name: 'scan-and-replay',
  about:
    'Ranges fail before, during and after a mount: is the file system told of each, by event, by record, or by both?',
  sources: ['S000-18', 'S000-27', 'S001-17', 'S001-19', 'S001-22', 'S001-23', 'H-15', 'H-22'],
  options,
  variants: {
    P6: {
      about: 'v7.1: each failure is an event, pushed once. Nobody reads the record.',
      option: { ...v71, daemon: 'never' },
      expect: untold,
    },
    'polled-once': {
      about: 'Nothing is pushed; the record is read when the mount is done, and not again (V16).',
      option: { ...better, pushes: false, daemon: 'onceAfterMount' },
      expect: untold,
    },
    'polled-on-change': {
      about: 'Nothing is pushed; the record is read whenever it changes.',
      option: { ...better, pushes: false },
    },
    'polled-unscannable': {
      about: 'Nothing is pushed, and nothing scans: a failure is known when somebody consumes it.',
      option: { ...better, pushes: false, scans: false },
      expect: untold,
    },
    unread: {
      about: 'Pushed and recorded, and nobody reads: there is no interface for a daemon.',
      option: { ...better, daemon: 'never' },
      expect: untold,
    },
    'replayed-too-early': {
      about: 'The record is read as soon as there is something in it, once: before the mount the replay is refused.',
      option: { ...better, daemon: 'onceAtOnce' },
      expect: untold,
    },
    'replayed-once': {
      about: 'It is read after the mount, once: what is refused or dropped later is not seen.',
      option: { ...better, daemon: 'onceAfterMount' },
      expect: untold,
    },
    'replayed-through-mapping': {
      about: 'The daemon replays through a mapping of its own, and dies of the first replay that succeeds (trace 1b).',
      option: { ...better, replays: 'throughMapping' },
      expect: untold,
    },
    'record-overflows': {
      about: 'A range for which the record has no room is not looked for again.',
      option: { ...better, noRoom: 'forgotten' },
      expect: untold,
    },
    'unscannable-record-overflows': {
      about: 'No room in the record, and no scan to find what was left out.',
      option: { ...better, scans: false },
      expect: untold,
    },
    'unscannable-queue-overflows': {
      about: 'The queue drops what it has no room for, and nobody has recorded it before (H-22).',
      option: { ...better, scans: false, room: 3, overflow: 'dropped' },
      expect: untold,
    },
    'consumed-unrecorded': {
      about: 'Tasks consume, recovery among them, and a handler that is not ready forgets (H-15).',
      option: { ...better, announces: 'task', scans: false, room: 3, whenUnready: 'drop' },
      expect: untold,
    },
    'scanned-all-dropped': {
      about: 'The queue drops, the handler forgets, and a scan finds it all again.',
      option: { ...better, overflow: 'dropped', whenUnready: 'drop' },
    },
    repaired: {
      about: 'Pushed, recorded before it is pushed, scanned, and read whenever the record changes.',
      option: better,
    },
    'repaired-unscannable': {
      about: 'The same on media that cannot be scanned, with room for all.',
      option: { ...better, scans: false, room: 3 },
    },
    'repaired-consumed': {
      about: 'The same where tasks consume, and nobody has recorded anything before the handler is asked.',
      option: { ...better, announces: 'task', scans: false, room: 3 },
    },
  },
  build: (option) => {
    const isQueued = option.announces === 'firmware';
    return compose(
      {
        firmware: start(firmwareMachine, {
          events: 3,
          records: option.overflow === 'recorded' && isQueued,
          pushes: option.pushes,
        }),
        // The work item, and the daemon's own call.
        report: replicate(reportMachine, 2, (self) => ({
          whenUnready: option.whenUnready,
          consumes: self === 1 && option.replays === 'throughMapping',
        })),
        scrub: start(scrubMachine, { scans: option.scans, rescans: option.noRoom === 'rescanned' }),
        badblocks: start(badblocksMachine, { room: option.room }),
        daemon: start(daemonMachine, { eager: option.daemon === 'onceAtOnce' }),
        filesystem: start(filesystemMachine),
      },
      {
        wires: {
          firmware: {
            'event.raised': isQueued ? { queue: ['report', 0], full: 'drop' } : { rendezvous: ['report', 0] },
            'event.recorded': 'badblocks',
          },
          report: {
            'range.told': 'filesystem',
            'event.recorded': 'badblocks',
            'failure.returned': (_, self) => (self === 1 ? 'daemon' : []),
            'caller.died': 'daemon',
          },
          scrub: { 'ranges.found': 'badblocks' },
          badblocks: {
            'badblocks.changed': option.daemon === 'onChange' || option.daemon === 'onceAtOnce' ? 'daemon' : [],
          },
          daemon: { 'poison.replayed': ['report', 1], 'range.reconciled': ['badblocks', 'scrub'] },
          filesystem: { 'mount.announced': option.daemon === 'never' ? [] : 'daemon' },
        },
        mailboxes: { report: { capacity: 1 } },
        spontaneous: {
          firmware: [{ type: 'error.raised', environment: true }],
          report: [{ type: 'owner.asked', read: ({ filesystem }) => ({ ready: filesystem.hasTag('born') }) }],
          scrub: [
            {
              type: 'media.scanned',
              when: ({ scrub, firmware }) => option.scans && scrub.context.seen !== firmware.context.raised,
              read: ({ firmware: { context }, filesystem }) => ({
                raised: context.raised,
                ranges: Array.from({ length: context.raised }, (_, range) => range).filter(
                  (range) => !filesystem.context.told.includes(range),
                ),
              }),
            },
            'record.filled',
          ],
          daemon: daemonSteps,
          filesystem: [
            { type: 'mount.requested', environment: true },
            'superblock.born',
            { type: 'error.met', environment: true },
          ],
        },
        properties: [
          nothingUntold,
          earlyFailures,
          ...(option.pushes && isQueued ? [queueIsFull] : []),
          ...(option.scans && option.room === 1 ? [recordIsFull] : []),
        ],
      },
    );
  },
});
