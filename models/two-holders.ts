import { compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { holderPair } from '../src/invariants/holder-pair.ts';
import { noFreedHolder, noNullHolder } from '../src/invariants/no-late-walk.ts';
import { ownPutOnly } from '../src/invariants/one-holder.ts';
import { ownRange } from '../src/invariants/own-range.ts';
import { mountedWithoutDevice, noLeak, ownerKnows, sameRegistration, wholePair } from '../src/invariants/whole-pair.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { holderMachine } from '../src/machines/holder.ts';
import { logMachine } from '../src/machines/log.ts';
import { mountMachine } from '../src/machines/mount.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { peragsMachine } from '../src/machines/perags.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { referenceMachine } from '../src/machines/primitives/reference.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import {
  failureSteps,
  failureWires,
  liveDevice,
  namedNotifierSteps,
  nobodyMaps,
  notifierInput,
  notifierWires,
} from './instructions/delivery.ts';
import { handlerInput, holderRead } from './instructions/handler.ts';
import { cleanMountSteps, holderInput, holderWires, mountWires, xfsMount } from './instructions/mounting.ts';
import { lockWires } from './instructions/threads.ts';
import { kernel, preset, registration } from './presets.ts';

const options = {
  /** Two partitions, mounted side by side; or one device, mounted again as soon as its block device is closed. */
  device: ['partitions', 'handover'],
  /** What the handler's guard reads. */
  guard: ['born', 'bornAndActive'],
  ...registration,
  installs: kernel.installs,
  removes: kernel.removes,
  loser: kernel.loser,
  /** Whether the file system subtracts the start of its partition from what the device reports (H2). */
  translates: [true, false],
  /** Whose data a registration stores beside its own ops: only a mistake stores another's. */
  stores: ['own', 'others'],
} as const;

/** Mount 0 is known to the device as `mp`, mount 1 as `other`; each has its own block, and event 0 lies in block 0. */
const numberOf = { mp: 0, other: 1 } as const;

const v71 = preset('P6', options);
const repaired = preset('repaired', options);

/** The two stores of a put, with somebody else's registration in between. */
const pairTorn = { [wholePair.name]: 'violated', [sameRegistration.name]: 'violated' } as const;
/** H-03, and KB-12 where ops are loaded twice. */
const holderTorn = { [noNullHolder.name]: 'violated', [holderPair.name]: 'violated' } as const;
/** H-02 */
const holderFreed = { [noFreedHolder.name]: 'violated' } as const;
/** KB-11: a registration ends otherwise than by its owner's put. */
const taken = { [ownPutOnly.name]: 'violated' } as const;
/** H-18 */
const leaked = { [noLeak.name]: 'violated' } as const;

/**
 * Two mounts want one DAX device: partitions of it, or one after the other. The device has room for one holder.
 *
 * The world is two mounts that may fail, and one poison event in block 0. On a partitioned device block 0 is `mp`'s and block
 * 1 is `other`'s; in a handover both mount all of it, the second as soon as the first has closed its block device, which
 * it does before it puts. A mount that fails stands for one that is unmounted: both put alike.
 *
 * What surprised, and who was right:
 * - Nobody had said that put is torn for its *successor*. It clears holder_data, then holder_ops; in between the cmpxchg of the
 *   next mount succeeds, its ops are stored, and the first one's second store clears them. The device then has a holder that
 *   is never called, for as long as it is mounted, and nobody is told (`P6`, I3 WholePair). A cmpxchg on one of two
 *   fields makes a pair of neither (KB-11's fix is right about the data, and about nothing else).
 * - Loading ops once and checking the data, the repair of KB-12 and H-03, does not help against a successor: the data that are
 *   found are not NULL, they are another's (`holder-read-once`). Ops first, then a wait for their readers, then the data: then
 *   no load of the data can be stale, and the repair of H-03 is needed no more (`withdrawn-in-reverse`). That of KB-12 is:
 *   the second load of the ops may find none.
 * - A handover loses the device without a race: a mount that comes between the close of the block device and the put finds
 *   the device taken, and goes on without DAX (a witness: a file system has missed its device). That is not wrong, only silent.
 */
export default defineModel({
  name: 'two-holders',
  about: 'Two mounts want one DAX device, at once or one after the other: who is its holder, and who is called?',
  sources: ['S000-01', 'S000-05', 'S000-24', 'S000-29', 'KB-11', 'KB-32', 'H-18'],
  options,
  variants: {
    P6: {
      about: 'v7.1, two partitions: the first to come has the device, and the other no DAX.',
      option: v71,
      expect: { ...pairTorn, ...holderTorn, ...holderFreed, ...leaked },
    },
    'P6-handover': {
      about: 'v7.1, one device, mounted again while the last mount of it is on its way out.',
      option: { ...v71, device: 'handover' },
      expect: { ...pairTorn, ...holderTorn, ...holderFreed, ...leaked },
    },
    P7: {
      about: 'Next: holder_ops is loaded once.',
      option: preset('P7', options),
      expect: { ...pairTorn, ...holderTorn, ...holderFreed, ...leaked },
    },
    'holder-read-once': {
      about: 'v7.1 with the holder loaded once and checked: not NULL, but the wrong one.',
      option: { ...v71, holderOps: 'loadedOnce', holderData: 'checked' },
      expect: { ...pairTorn, ...holderFreed, ...leaked },
    },
    'withdrawn-in-order': {
      about: 'All repaired, but put clears the data first and waits last: the next holder is there before the wait.',
      option: { ...repaired, withdraws: 'dataFirst' },
      expect: pairTorn,
    },
    'withdrawn-undrained': {
      about: 'All repaired, but nobody waits between the ops and the data.',
      option: { ...repaired, put: 'plain' },
      expect: { [sameRegistration.name]: 'violated', ...holderFreed },
    },
    'withdrawn-in-reverse': {
      about:
        'Next, with a put that clears the ops, waits for their readers, and clears the data: nothing need be checked.',
      option: { ...preset('P7', options), put: 'drained', withdraws: 'opsFirst', loser: 'dropsReference' },
    },
    'holder-overwritten': {
      about:
        'All repaired, but a registration looks at nothing, and neither does a put (v9): the last to come has the device.',
      option: { ...repaired, installs: 'always', removes: 'always' },
      expect: { ...taken, ...pairTorn, ...holderFreed, [mountedWithoutDevice.name]: 'unreached' },
    },
    'holder-tested-then-set': {
      about: 'All repaired, but the test and the store of a registration are two instructions.',
      option: { ...repaired, installs: 'testedThenSet' },
      expect: { ...taken, ...pairTorn, ...holderFreed },
    },
    'holder-put-by-all': {
      about: 'All repaired, but a put does not ask whose registration it ends.',
      option: { ...repaired, removes: 'always' },
      expect: { ...taken, [wholePair.name]: 'violated' },
    },
    'data-of-another': {
      about: 'All repaired, but one file system hands out a pointer that is not what its callback takes it for.',
      option: { ...repaired, stores: 'others' },
      expect: { ...taken, ...pairTorn, ...holderFreed, [ownerKnows.name]: 'violated' },
    },
    untranslated: {
      about: "All repaired, but what the device reports is taken for an offset into one's own partition.",
      option: { ...repaired, translates: false },
      expect: { [ownRange.name]: 'violated' },
    },
    'reference-kept': {
      about: 'All repaired, but the loser of the race keeps its reference to the inode.',
      option: { ...repaired, loser: 'keepsReference' },
      expect: leaked,
    },
    'handover-withdrawn-in-order': {
      about: 'One device, mounted again: all repaired but the order in which put clears.',
      option: { ...repaired, device: 'handover', withdraws: 'dataFirst' },
      expect: pairTorn,
    },
    'repaired-handover': {
      about: 'One device, mounted again, all repaired.',
      option: { ...repaired, device: 'handover' },
    },
    repaired: {
      about: 'Two partitions; put withdraws in reverse, and the loser drops its reference.',
      option: repaired,
    },
  },
  build: (option) =>
    compose(
      {
        mount: replicate(mountMachine, 2, () => xfsMount),
        holder: replicate(holderMachine, 2, (self) => {
          const own = self === 0 ? 'mp' : 'other';
          return {
            own: option.stores === 'others' ? 'mp' : own,
            opsOf: own,
            ...holderInput(option),
            installs: option.installs,
            removes: option.removes,
            leaks: option.loser === 'keepsReference',
          } as const;
        }),
        dax: start(daxMachine, { holder: null }),
        inode: start(referenceMachine),
        superblock: replicate(superblockMachine, 2, () => ({ mounted: false })),
        perags: replicate(peragsMachine, 2, () => ({ mounted: false })),
        log: start(logMachine),
        failure: start(failureMachine, { poison: 0 }),
        mf_mutex: start(lockMachine),
        notifier: start(notifierMachine, notifierInput(option)),
        handler: start(handlerMachine, handlerInput(option)),
      },
      {
        wires: {
          mount: {
            ...mountWires,
            'get.called': (_, self) => ['holder', self],
            'put.called': (_, self) => ['holder', self],
            'superblock.read': (_, self) => ['superblock', self],
            'superblock.born': (_, self) => ['superblock', self],
            'mount.freed': (_, self) => ['superblock', self],
            'perags.initialised': (_, self) => ['perags', self],
            'perags.freed': (_, self) => ['perags', self],
          },
          holder: {
            ...holderWires,
            'get.returned': (_, self) => ['mount', self],
            'put.returned': (_, self) => ['mount', self],
            'reference.taken': 'inode',
            'reference.dropped': 'inode',
          },
          failure: { ...failureWires, ...lockWires('mf_mutex') },
          notifier: notifierWires({ rendezvous: 'handler' }, 'failure'),
          handler: {
            'failure.handled': 'notifier',
            'failure.deferred': [],
            'thread.died': 'notifier',
            'filesystem.shut': [],
            'task.signalled': [],
            'kill.called': [],
            'lock.taken': [],
            'lock.released': [],
            'event.owned': [],
            'event.queued': [],
            'event.recorded': [],
          },
        },
        spontaneous: {
          mount: cleanMountSteps(
            ({ mount }, self) =>
              option.device === 'partitions' ||
              mount[1 - self]!.hasTag('unmounted') ||
              mount[1 - self]!.hasTag('closed'),
          ),
          holder: [
            { type: 'host.found', read: ({ dax }) => ({ alive: dax.context.alive }) },
            { type: 'data.exchanged', read: ({ dax }) => ({ found: dax.context.data }) },
            'data.set',
            'ops.installed',
            'ops.cleared',
            'data.cleared',
            { type: 'readers.gone', when: ({ notifier }) => !notifier.hasTag('reading') },
          ],
          failure: failureSteps({ pgmap: liveDevice, page: nobodyMaps }),
          notifier: namedNotifierSteps,
          handler: [
            holderRead,
            {
              type: 'flag.read',
              read: (room) => {
                const superblock = room.superblock[ofHandler(room)]!;
                return {
                  ready: superblock.hasTag(option.guard === 'born' ? 'born' : 'active'),
                  freed: superblock.hasTag('freed'),
                };
              },
            },
            {
              type: 'features.read',
              read: (room) => {
                const superblock = room.superblock[ofHandler(room)]!;
                const block = option.device === 'partitions' && option.translates ? ofHandler(room) : 0;
                return {
                  rmap: superblock.hasTag('features'),
                  freed: superblock.hasTag('freed'),
                  inRange: room.handler.context.poison === block,
                };
              },
            },
            {
              type: 'agf.read',
              read: (room) => ({ perag: room.perags[ofHandler(room)]!.hasTag('present'), shutdown: false }),
            },
            { type: 'record.found', oneOf: [{ owner: 'data' }] },
            { type: 'inode.found', oneOf: [{ inode: 'absent' }] },
            'group.unlocked',
            'walk.ended',
            'thread.ended',
          ],
        },
        properties: [
          ownPutOnly,
          ownerKnows,
          wholePair,
          sameRegistration,
          noNullHolder,
          noFreedHolder,
          holderPair,
          noLeak,
          mountedWithoutDevice,
          ...(option.device === 'partitions' ? [ownRange] : []),
        ],
      },
    ),
});

/** The mount that the handler works for. */
const ofHandler = ({ handler }: { readonly handler: Peer<typeof handlerMachine> }): 0 | 1 =>
  numberOf[handler.context.holder ?? 'mp'];
