import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import {
  bothAreMapped,
  everyHolderShuts,
  oneOutcome,
  partRevoked,
  stackBlast,
  stackFallback,
  stackOutcome,
  taskIsTouched,
} from '../src/invariants/stacked.ts';
import { unbindCompletes } from '../src/invariants/unplug-revokes.ts';
import { clientMachine } from '../src/machines/client.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { memmapMachine } from '../src/machines/memmap.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { percpuRefMachine } from '../src/machines/primitives/percpu-ref.ts';
import { relayMachine } from '../src/machines/relay.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { upperMachine } from '../src/machines/upper.ts';
import { failureSteps, failureWires, livePgmap, notifierLoads } from './instructions/delivery.ts';
import { partUnbindSteps } from './instructions/stacks.ts';
import { unbindWires } from './instructions/unplug.ts';

const options = {
  /** How many holders the one DAX device of a disk has, whatever its partitions. */
  holders: ['one', 'several'],
  /** When the owner of the page that fails has registered: first, and so it is called first, or is the one holder. */
  owner: ['first', 'last'],
  event: ['both', 'poison'],
  /** Which of the answers of several holders is the device's. */
  answersBy: ['owner', 'last'],
  /** Whether the others are told when one has answered. */
  stops: ['never', 'atAnswer'],
  /** What a holder asks first: if the range is its own, or (up to v7.0) if it has an rmapbt. */
  asksFirst: ['range', 'features'],
  rmapbt: ['both', 'otherOnly', 'ownerOnly'],
  /** Whether a holder subtracts the start of its partition from what the device reports. */
  translates: [true, false],
} as const;
type Option = Assignment<typeof options>;

const several = { holders: 'several' } as const;

/** The page of one partition alone is mapped: the other file system goes without DAX. */
const oneMapped = { [bothAreMapped.name]: 'unreached' } as const;
const lost = { [stackOutcome.name]: 'violated' } as const;
/** A file system loses its device and its mappings without a word. */
const untold = { [partRevoked.name]: 'violated', [everyHolderShuts.name]: 'violated' } as const;
/** Nobody does anything. */
const untouched = {
  [taskIsTouched.name]: 'unreached',
  [stackFallback.name]: 'vacuous',
  [stackBlast.name]: 'vacuous',
} as const;

/**
 * Two file systems on two partitions of one disk. The disk has one DAX device, and that one holder.
 *
 * That the second mount goes without DAX, what becomes of the device when the first goes, and that each has to subtract
 * where its partition begins, are the questions of two-holders and byte-or-sector. Here both are mounted. The world is
 * one poison event in the first partition and one unplug, in either order or at once; how each file system walks is
 * left to upper.ts. Of several holders (V11, a chain of them, which a device calls one after the other) no kernel has
 * seen any.
 *
 * What surprised, and who was right:
 * - One holder is enough for safety (`P6`): who is not told maps nothing, because he found the device taken. What it
 *   costs is that only one partition's files are ever mapped (a witness). The review that took 1:1 gave up a use, not a
 *   promise.
 * - Several holders mean several answers, and the interface has room for one. -ENXIO, "not mine", has to be no answer:
 *   if it comes last and counts, the generic path is not taken for a file system that cannot look owners up
 *   (`last-answer-counts`); if it comes first and ends the round, the owner is never asked (`first-answer-ends`).
 * - So the order of a holder's own questions becomes part of the interface. One that says "no rmapbt" before it asks
 *   whether the range is its own (v6.0 to v7.0) sends its neighbour's event to the generic path as well, after the
 *   neighbour has handled it (`features-first`).
 * - Everybody is told of everything: who does not translate kills the tasks of a healthy partition with every event of
 *   another (`untranslated`); with one holder he does it with half of them.
 */
export default defineModel({
  name: 'partitions',
  about: 'Two file systems on two partitions of one disk: can its one DAX device serve both?',
  sources: ['S000-01', 'KB-11'],
  options,
  variants: {
    P6: {
      about: 'v7.1: the owner of the page that fails has the device.',
      expect: oneMapped,
    },
    'P6-not-the-holder': {
      about: 'v7.1: the other file system has it, and says that the range is not its own. Nobody maps the page.',
      option: { owner: 'last', event: 'poison' },
      expect: { ...oneMapped },
    },
    repaired: {
      about: 'As v7.1.',
      expect: oneMapped,
    },
    'repaired-several': {
      about: 'Several holders: all are told, and who has nothing to do with a range is not counted.',
      option: several,
    },
    'repaired-several-owner-last': {
      about: 'The same, and the owner is the last to be asked.',
      option: { ...several, owner: 'last' },
    },
    'repaired-several-poison': {
      about: 'Several holders and a poison event alone: the neighbour hears of it, and does nothing.',
      option: { ...several, event: 'poison' },
    },
    'repaired-several-no-rmapbt': {
      about: 'Several holders, the owner without an rmapbt: the generic path is taken for it.',
      option: { ...several, rmapbt: 'otherOnly', event: 'poison' },
    },
    'last-answer-counts': {
      about: 'The same, but the neighbour speaks last, and that is what the device answers.',
      option: { ...several, rmapbt: 'otherOnly', answersBy: 'last', event: 'poison' },
      expect: { ...lost, ...untouched },
    },
    'first-answer-ends': {
      about: 'The first answer ends the round.',
      option: { ...several, owner: 'last', stops: 'atAnswer' },
      expect: { ...lost, ...untold },
    },
    'features-first': {
      about: 'The neighbour has no rmapbt, and says so before it asks whether the range is its own.',
      option: { ...several, owner: 'last', asksFirst: 'features', rmapbt: 'ownerOnly', event: 'poison' },
      expect: { [oneOutcome.name]: 'violated' },
    },
    'range-first': {
      about: 'The neighbour has no rmapbt, and asks first whether the range is its own (v7.1).',
      option: { ...several, owner: 'last', rmapbt: 'ownerOnly', event: 'poison' },
    },
    untranslated: {
      about: 'Each takes what the device reports for an offset into its own partition.',
      option: { ...several, translates: false, event: 'poison' },
      expect: { [stackBlast.name]: 'violated' },
    },
  },
  build: (option) =>
    compose(
      {
        failure: start(failureMachine, { poison: 0 }),
        unbind: start(unbindMachine, { notifies: 'beforeKill', marksDead: 'never', revokes: 'no' }),
        pgmap: start(percpuRefMachine),
        memmap: start(memmapMachine),
        dax: start(daxMachine, { holder: 'mp' }),
        // Each of the two threads that report has its own calls.
        notifier: replicate(notifierMachine, 2, () => ({ loadsOnce: true })),
        relay: replicate(relayMachine, 2, () => ({
          routes: [option.owner === 'first' ? [0, 1] : [1, 0]],
          copies: 'none' as const,
          answersBy: option.answersBy,
          stops: option.stops,
        })),
        filesystem: replicate(upperMachine, 4, (call) => ({
          device: 'data' as const,
          hasRmap: option.rmapbt === 'both' || (partitionOf(call) === 0) === (option.rmapbt === 'ownerOnly'),
          asksFirst: option.asksFirst,
          ignoresLog: true,
          unneeded: 'shutDown' as const,
          deadDisk: 'shutsDown' as const,
        })),
        superblock: replicate(superblockMachine, 2, () => ({ mounted: true })),
        client: replicate(clientMachine, 2, (partition) => ({
          page: isHolder(option, partition) ? { device: 0, block: partition } : null,
        })),
      },
      {
        wires: {
          failure: { ...failureWires, 'notification.asked': ['notifier', failing], 'task.signalled': ['client', 0] },
          unbind: {
            ...unbindWires(['notifier', going]),
            'grace.awaited': [],
            'revoke.called': [],
            'filesystem.shut': [],
          },
          notifier: {
            'failure.notified': (_, thread) =>
              option.holders === 'several' ? ['relay', thread] : ['filesystem', callOf(thread, holderOf(option))],
            'notification.answered': (_, thread) => (thread === failing ? 'failure' : 'unbind'),
            'thread.died': [],
          },
          relay: {
            'notification.asked': ({ poison: partition }, thread) => ['filesystem', callOf(thread, partition)],
            'failure.handled': (_, thread) => ['notifier', thread],
            'lock.taken': [],
            'lock.released': [],
          },
          filesystem: {
            'failure.handled': (_, call) => [option.holders === 'several' ? 'relay' : 'notifier', threadOf(call)],
            'page.unmapped': (_, call) => ['client', partitionOf(call)],
            'task.signalled': (_, call) => ['client', partitionOf(call)],
            'filesystem.shut': (_, call) => ['superblock', partitionOf(call)],
          },
        },
        spontaneous: {
          failure: failureSteps({
            pgmap: livePgmap,
            page: { read: ({ client }) => ({ mapped: client[0]!.hasTag('mapped') }) },
          }),
          unbind: partUnbindSteps(({ dax }) => dax, {
            'unbind.requested': () => option.event === 'both',
            'ref.drained': ({ failure }) => !failure.hasTag('pinned'),
          }),
          notifier: notifierLoads,
          relay: [{ type: 'table.read', oneOf: [{ open: true }] }, 'target.called'],
          filesystem: [
            {
              type: 'range.located',
              read: (_, call) => ({
                own: threadOf(call) === going || partitionOf(call) === 0 || !option.translates,
                means: threadOf(call) === going ? ('going' as const) : ('failed' as const),
              }),
            },
            'owners.found',
            'shutdown.decided',
          ],
        },
        properties: [
          bothAreMapped,
          stackOutcome,
          oneOutcome,
          stackFallback,
          ...(option.event === 'poison' ? [stackBlast] : [partRevoked, everyHolderShuts, unbindCompletes]),
        ],
      },
    ),
});

/** The threads: memory_failure(), and the unbind of the disk. */
const failing = 0;
const going = 1;

/** Either thread may be inside either file system. */
const callOf = (thread: number, partition: number): number => 2 * thread + partition;
const threadOf = (call: number): number => Math.floor(call / 2);
const partitionOf = (call: number): number => call % 2;

/** The page that fails lies in partition 0. */
const holderOf = ({ owner }: Option): number => (owner === 'first' ? 0 : 1);
const isHolder = (option: Option, partition: number): boolean =>
  option.holders === 'several' || holderOf(option) === partition;
