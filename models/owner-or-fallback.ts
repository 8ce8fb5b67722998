import { type Assignment, compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { callerIsAnswered } from '../src/invariants/caller-answered.ts';
import { fallbackValid, noMissingHop, outcomeAtOnce } from '../src/invariants/fallback-valid.ts';
import { mapperTold } from '../src/invariants/mapper-told.ts';
import { eventIsOwned, metaShutdown } from '../src/invariants/meta-shutdown.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { fileMachine } from '../src/machines/file.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { killMachine } from '../src/machines/kill.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { reclaimMachine } from '../src/machines/reclaim.ts';
import { type RmapInput, recordAt, rmapbtMachine } from '../src/machines/rmapbt.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { toldMachine } from '../src/machines/told.ts';
import { designs, options } from './designs/owner-or-fallback.ts';
import { failureSteps, failureWires, notifierLoads, notifierWires } from './instructions/delivery.ts';
import {
  filesInRange,
  handlerLockWires,
  handlerWires,
  holderRead,
  mountedAgfRead,
  mountedHandler,
  shutdownSteps,
} from './instructions/handler.ts';
import { fileKillSteps, killInput, killWires, mappersBy, reclaimSteps, reclaimWires } from './instructions/kill.ts';

type Option = Assignment<typeof options>;

const file0 = { owner: 'data', file: 0 } as const;
const file1 = { owner: 'data', file: 1 } as const;
const metadata = { owner: 'metadata', file: -1 } as const;
const blocks: Record<Option['block'], RmapInput['groups']> = {
  shared: [[file0, file1]],
  single: [[file0]],
  metadata: [[metadata]],
  unmapped: [[file0]],
  sharedAndMetadata: [[file0, metadata, file1]],
};

/**
 * Every reason that an owner has not to act, against two questions: does somebody else act then (I5), and does he find everybody
 * (I6)?
 *
 * The world is one event in one block, the owners of the block with a task each that asked to be told early, and one obstacle.
 * That the file system may not be ready yet, or no more, is the question of poison-during-mount and umount-window.
 *
 * What real kernels did, with the same verdicts: 7a and 7b (`P6-no-holder`), 3a (`P6-no-holder-unmapped`), 2f
 * (`P6-no-rmapbt`, `P6-no-rmapbt-metadata`: -EBUSY), 2c (`P6-shutdown`: -EIO, nobody told), 6a (`P6`).
 *
 * What surprised, and who was right:
 * - Only -EOPNOTSUPP leaves the way open, but it is not enough that it is open: without an rmapbt a page that files share is lost
 *   on the generic path, because it names no owner (`P6-no-rmapbt-shared`). Before it was reflink's time the page named the
 *   first, and the others were never told (`shared-page-names-first`). S000-04 fears the second; v6.0 on has the first, which
 *   breaks I5 and not I6.
 * - A block of metadata is lost on the generic path too, and the file system goes on (`P6-no-rmapbt-metadata`). Nobody on the list
 *   speaks of it.
 * - H-16 is refuted: half a registration is met before any file can be opened, so that nothing is mapped and the event is
 *   nobody's. `half-registered-while-mapped` shows what it would cost later.
 * - A dead device answers -ENXIO for good, which is right as long as an unplug leaves no mapping behind (I7):
 *   `P6-dead-device` and `P6-dead-device-mapped` (trace 4g) differ in nothing else.
 * - Repaired, a file system without an rmapbt looks for the page in the mappings of its inodes. If it is in none it may be metadata
 *   as well as free, so it shuts down. Not to know more is the price of not having an rmapbt.
 */
export default defineModel({
  name: 'owner-or-fallback',
  about: 'Of every reason not to act that an owner has: does the generic path act then, and can it?',
  sources: [
    ...['S000-04', 'S000-10', 'S000-11', 'S000-12', 'S000-13', 'S000-16', 'S000-22', 'S001-24', 'S001-27', 'S004-09'],
    ...['KB-05', 'KB-06', 'KB-38', 'H-05', 'H-10', 'H-16'],
  ],
  options,
  variants: designs,
  build: (option) => {
    const { obstacle, block } = option;
    const registered = obstacle !== 'noHolder';
    const isShared = block === 'shared' || block === 'sharedAndMetadata';
    const isMapped = isShared || block === 'single';
    /** One of the files has the page of a block that is not shared. Both tasks map that. */
    const fileOf = (task: number) => (isShared ? task : 0);
    const mappersOf = mappersBy(2, fileOf);
    const mayFallBack =
      option.fallsBack === 'always' ||
      obstacle === 'noHolder' ||
      obstacle === 'halfRegistered' ||
      obstacle === 'noOperations' ||
      (obstacle === 'noRmapbt' && option.onError !== 'searchCore');
    const truncates = obstacle === 'truncate' || obstacle === 'shutdownAndTruncate';
    const shuts = obstacle === 'shutdown' || obstacle === 'shutdownAndTruncate';
    return compose(
      {
        failure: replicate(failureMachine, 1, () => ({
          poison: 0,
          fallsBack: option.fallsBack,
          fallback: option.fallback,
          operationsMissing: option.operationsMissing,
        })),
        notifier: start(notifierMachine, { loadsOnce: true, unowned: option.unowned }),
        handler: start(handlerMachine, {
          ...mountedHandler,
          lock: option.lock,
          onMetadata: option.onMetadata,
          onError: option.onError,
          inTransit: option.inTransit,
        }),
        kill: start(killMachine, killInput(option)),
        mapper: replicate(mapperMachine, 2, (task) => ({
          file: fileOf(task),
          policy: 'early',
          blocksOptional: false,
          maps: isMapped,
        })),
        file: replicate(fileMachine, 2, (number) => ({ starts: number === 0 || isShared ? 'mapped' : 'absent' })),
        rmapbt: start(rmapbtMachine, { groups: obstacle === 'outside' ? [[]] : blocks[block], unreadable: -1 }),
        reclaim: start(reclaimMachine, { file: 0 }),
        superblock: start(superblockMachine, { mounted: true }),
        dax: start(daxMachine, { holder: registered ? 'mp' : null }),
        s_umount: start(rwsemMachine),
        fate: replicate(fateMachine, 1),
        answered: start(toldMachine),
      },
      {
        wires: {
          failure: {
            ...failureWires,
            'task.signalled': () => toldByPage(option),
            'failure.returned': 'answered',
            'event.generic': 'fate',
            'event.unowned': 'fate',
          },
          notifier: notifierWires('handler', 'failure'),
          handler: {
            ...handlerWires,
            ...handlerLockWires,
            'kill.called': 'kill',
            'filesystem.shut': 'superblock',
            'event.owned': 'fate',
          },
          kill: { ...killWires, 'page.unmapped': ({ file }) => mappersOf(file) },
          mapper: { 'poison.consumed': [] },
          reclaim: reclaimWires(mappersOf),
        },
        spontaneous: {
          // What stands in the owner's way stands there before the event, but for a shutdown and a truncate, which may come at any time.
          dax: [
            {
              type: 'alive.cleared',
              environment: true,
              when: ({ dax, failure }) => obstacle === 'deadDevice' && dax.context.alive && isQuiet(failure),
            },
            {
              type: 'ops.stored',
              environment: true,
              oneOf: [{ set: false }],
              when: ({ dax, failure }) => obstacle === 'halfRegistered' && dax.context.ops && isQuiet(failure),
            },
          ],
          superblock: shutdownSteps(() => shuts),
          failure: failureSteps(
            {
              pgmap: { oneOf: [{ live: true, operations: obstacle !== 'noOperations' }] },
              page: {
                read: ({ mapper }) => ({
                  mapped: toldByPage(option).some(([, task]) => mapper[task]!.hasTag('mapped')) || isStale(option),
                }),
              },
            },
            {
              'poison.reported': ({ dax }) =>
                (obstacle !== 'deadDevice' || !dax.context.alive) &&
                (obstacle !== 'halfRegistered' || !dax.context.ops),
            },
          ),
          notifier: notifierLoads,
          handler: [
            holderRead,
            { type: 'superblock.locked', oneOf: [{ freed: false, held: false }] },
            { type: 'flag.read', oneOf: [{ ready: true, freed: false }] },
            {
              type: 'features.read',
              oneOf: [{ rmap: obstacle !== 'noRmapbt', freed: false, inRange: obstacle !== 'outside' }],
            },
            mountedAgfRead,
            {
              type: 'record.found',
              // What is in the block is there without an rmapbt too, but nobody says so.
              read: ({ handler, rmapbt }) =>
                recordAt(obstacle === 'noRmapbt' ? [] : rmapbt.context.groups, handler.context),
            },
            {
              type: 'inode.found',
              read: ({ handler, file }) => ({
                inode: file[handler.context.file]!.hasTag('inCore') ? 'inCore' : 'absent',
              }),
            },
            'group.unlocked',
            { type: 'core.searched', read: ({ file }) => ({ files: isMapped ? filesInRange(file) : [] }) },
            'walk.ended',
          ],
          kill: fileKillSteps,
          reclaim: reclaimSteps(truncates),
        },
        // What a world cannot put to the test is not claimed of it.
        properties: [
          outcomeAtOnce,
          noMissingHop,
          callerIsAnswered,
          eventIsOwned,
          ...(isMapped ? [mapperTold] : []),
          ...(block === 'metadata' || block === 'sharedAndMetadata' ? [metaShutdown] : []),
          ...(isMapped && mayFallBack ? [fallbackValid] : []),
        ],
      },
    );
  },
});

const isQuiet = (failure: readonly Peer<typeof failureMachine>[]): boolean => failure[0]!.hasTag('quiet');

/** page->mapping still names a file that has gone from the block: it is found, and nobody there maps anything. */
const isStale = ({ page }: Option): boolean => page === 'stale';

/** The tasks to whom the page itself leads, by mapping and index. */
function toldByPage({ page, block, sharedPage }: Option): readonly (readonly ['mapper', number])[] {
  if (page !== 'current') return [];
  if (block === 'single')
    return [
      ['mapper', 0],
      ['mapper', 1],
    ];
  const isShared = block === 'shared' || block === 'sharedAndMetadata';
  return isShared && sharedPage === 'firstOwner' ? [['mapper', 0]] : [];
}
