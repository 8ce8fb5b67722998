import { type Assignment, compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { callerIsAnswered, failureReturns } from '../src/invariants/caller-answered.ts';
import { fallbackValid, noMissingHop, outcomeAtOnce } from '../src/invariants/fallback-valid.ts';
import { mapperTold, taskIsTold } from '../src/invariants/mapper-told.ts';
import { eventIsOwned, metaShutdown } from '../src/invariants/meta-shutdown.ts';
import { fallbackHandles } from '../src/invariants/outcome.ts';
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
import { fileKillSteps, killWires, mappersBy, reclaimSteps, reclaimWires } from './instructions/kill.ts';
import { kernel, preset } from './presets.ts';

const options = {
  onMetadata: kernel.onMetadata,
  onError: kernel.onError,
  inTransit: kernel.inTransit,
  whenLost: kernel.whenLost,
  checksPage: kernel.checksPage,
  unmaps: kernel.unmaps,
  sharedPage: kernel.sharedPage,
  fallback: kernel.fallback,
  operationsMissing: kernel.operationsMissing,
  lock: kernel.lock,
  /** Why no owner acts, if none does. */
  obstacle: [
    'none',
    'noHolder',
    'halfRegistered',
    'noOperations',
    'noRmapbt',
    'deadDevice',
    'outside',
    'shutdown',
    'truncate',
    'shutdownAndTruncate',
  ],
  /** What lies in the block: a page that one file has, or two share, mapped by a task each; metadata; a page that nobody maps. */
  block: ['shared', 'single', 'metadata', 'unmapped', 'sharedAndMetadata'],
  /** A mutation of what the page says of its owner: an owner that it had before (KB-38), or nothing at all (S000-10). */
  page: ['current', 'stale', 'bare'],
  /** Which answers send memory_failure() on to the generic path. */
  fallsBack: ['ifUnsupported', 'always', 'never'],
  /** What the device answers where nobody is registered. */
  unowned: ['EOPNOTSUPP', 'ok'],
} as const;
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

const v71 = preset('P6', options);
const better = preset('repaired', options);

/** The answer was final, and nobody has acted. */
const lost = { [outcomeAtOnce.name]: 'violated' } as const;
const untold = { [mapperTold.name]: 'violated' } as const;
/** No owner acts in such a world. */
const notOwned = { [eventIsOwned.name]: 'unreached' } as const;
/** The generic path does not act, so that nothing can be said of its grounds. */
const notGeneric = { [fallbackHandles.name]: 'unreached', [fallbackValid.name]: 'vacuous' } as const;
/** memory_failure() does not come back. */
const notReturned = { [failureReturns.name]: 'unreached', [callerIsAnswered.name]: 'vacuous' } as const;
const nobodyTold = { [taskIsTold.name]: 'unreached' } as const;
const nobodyToTell = { ...nobodyTold, [mapperTold.name]: 'vacuous' } as const;

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
  variants: {
    P6: {
      about: 'v7.1, and nothing in the way: the owner acts, for both files (trace 6a).',
      option: v71,
    },
    'P6-no-holder': {
      about: 'v7.1 on ext4: nobody is registered, and the page says who maps it (traces 7a, 7b).',
      option: { ...v71, obstacle: 'noHolder', block: 'single' },
      expect: notOwned,
    },
    'P6-no-holder-unmapped': {
      about: "v7.1 before the mount: nobody is registered and nobody maps the page. The event is nobody's (trace 3a).",
      option: { ...v71, obstacle: 'noHolder', block: 'unmapped' },
      expect: notOwned,
    },
    'P6-half-registered': {
      about: 'v7.1 between the two stores of a registration: as if there were none yet (H-16).',
      option: { ...v71, obstacle: 'halfRegistered', block: 'unmapped' },
      expect: notOwned,
    },
    'half-registered-while-mapped': {
      about: 'What cannot be: half a registration of a file system that is in use.',
      option: { ...v71, obstacle: 'halfRegistered' },
      expect: { ...lost, ...untold, ...notOwned, ...notGeneric, ...nobodyTold },
    },
    'P6-no-operations': {
      about: 'v7.1 on device DAX: the page map has no operations, and is asked for them.',
      option: { ...v71, obstacle: 'noOperations', block: 'single' },
      expect: notOwned,
    },
    'P2a-no-operations': {
      about: 'v6.0-rc1: it is called through all the same (KB-06).',
      option: { ...preset('P2a', options), fallback: 'byPage', obstacle: 'noOperations', block: 'single' },
      expect: { [noMissingHop.name]: 'violated', ...notReturned, ...notOwned, ...notGeneric, ...nobodyToTell },
    },
    'P6-no-rmapbt': {
      about:
        'v7.1 without an rmapbt: the owner declines before it has done anything, and the page says who maps it (2f).',
      option: { ...v71, obstacle: 'noRmapbt', block: 'single' },
      expect: notOwned,
    },
    'P2a-no-rmapbt': {
      about: 'v6.0-rc1: the generic path goes by an offset that the owner who declined has not set (KB-05).',
      option: { ...preset('P2a', options), obstacle: 'noRmapbt', block: 'single' },
      expect: {
        [fallbackValid.name]: 'violated',
        [fallbackHandles.name]: 'unreached',
        ...notReturned,
        ...notOwned,
        ...nobodyToTell,
      },
    },
    'P6-no-rmapbt-shared': {
      about: 'v7.1 without an rmapbt, and files share the page: it names no owner, and nobody is told.',
      option: { ...v71, obstacle: 'noRmapbt' },
      expect: { ...lost, ...untold, ...notOwned, ...notGeneric, ...nobodyTold },
    },
    'shared-page-names-first': {
      about: 'The same with pages as they were before reflink: the generic path tells the first owner and is content.',
      option: { ...v71, sharedPage: 'firstOwner', obstacle: 'noRmapbt' },
      expect: { [fallbackValid.name]: 'violated', ...untold, ...notOwned },
    },
    'P6-no-rmapbt-metadata': {
      about: 'v7.1 without an rmapbt, and the block holds metadata: -EBUSY, and the file system goes on (2f).',
      option: { ...v71, obstacle: 'noRmapbt', block: 'metadata' },
      expect: { ...lost, ...notOwned, [metaShutdown.name]: 'vacuous' },
    },
    'P6-dead-device': {
      about: 'v7.1 after an unplug that has left no mapping: -ENXIO, and nobody was to be told.',
      option: { ...v71, obstacle: 'deadDevice', block: 'unmapped' },
      expect: notOwned,
    },
    'P6-dead-device-mapped': {
      about: 'v7.1 after an unplug that has: -ENXIO all the same.',
      option: { ...v71, obstacle: 'deadDevice' },
      expect: { ...lost, ...untold, ...notOwned, ...nobodyTold },
    },
    'P6-outside': {
      about: "v7.1, and the range is outside of the file system: -ENXIO, and the event is nobody's.",
      option: { ...v71, obstacle: 'outside', block: 'unmapped' },
      expect: notOwned,
    },
    'P6-shutdown': {
      about: 'v7.1, and somebody shuts the file system down before or during the walk (H-05, trace 2c).',
      option: { ...v71, obstacle: 'shutdown' },
      expect: { ...lost, ...untold },
    },
    'P6-truncate': {
      about: 'v7.1 beside a truncate: -EBUSY, which is final (H-10).',
      option: { ...v71, obstacle: 'truncate' },
      expect: { ...lost, ...untold },
    },
    'no-holder-is-success': {
      about: 'Proposed and dropped: where nobody is registered there is nothing to report. ext4 loses its fallback.',
      option: { ...v71, unowned: 'ok', obstacle: 'noHolder', block: 'single' },
      expect: { ...lost, ...untold, ...notOwned, ...notGeneric, ...nobodyTold },
    },
    'always-falls-back': {
      about: 'Whatever the owner has answered, the generic path has its turn: two have acted, each on its own account.',
      option: { ...v71, fallsBack: 'always', sharedPage: 'firstOwner', page: 'stale' },
      expect: { ...lost, ...notGeneric },
    },
    'never-falls-back': {
      about: 'Nor is -EOPNOTSUPP a reason to go on: where no owner is, nobody acts.',
      option: { ...v71, fallsBack: 'never', obstacle: 'noHolder', block: 'single' },
      expect: { ...lost, ...untold, ...notOwned, ...notGeneric, ...nobodyTold },
    },
    'stale-page': {
      about: 'The page names the owner that it had before a shutdown, and the generic path believes it (KB-38).',
      option: { ...v71, page: 'stale', obstacle: 'noRmapbt', block: 'single' },
      expect: { [fallbackValid.name]: 'violated', ...untold, ...notOwned, ...nobodyTold },
    },
    'bare-page': {
      about: 'Nothing is kept in struct page: whoever has no rmapbt has nothing to go by.',
      option: { ...v71, page: 'bare', obstacle: 'noHolder', block: 'single' },
      expect: { ...lost, ...untold, ...notOwned, ...notGeneric, ...nobodyTold },
    },
    'registered-if-able': {
      about: 'All repaired, but who has no rmapbt does not register (V9), and so is not asked to search.',
      option: { ...better, obstacle: 'noHolder' },
      expect: { ...lost, ...untold, ...notOwned, ...notGeneric, ...nobodyTold },
    },
    repaired: {
      about: 'Repaired, with metadata in a shared block, a truncate and a shutdown at any time.',
      option: { ...better, obstacle: 'shutdownAndTruncate', block: 'sharedAndMetadata' },
    },
    'repaired-no-holder': {
      about: 'Repaired, on ext4.',
      option: { ...better, obstacle: 'noHolder', block: 'single' },
      expect: notOwned,
    },
    'repaired-no-rmapbt': {
      about: 'Repaired, without an rmapbt: the owner looks for the page in the mappings of its inodes.',
      option: { ...better, obstacle: 'noRmapbt' },
    },
    'repaired-no-rmapbt-metadata': {
      about: 'Repaired, without an rmapbt: what is in no mapping may be metadata.',
      option: { ...better, obstacle: 'noRmapbt', block: 'metadata' },
    },
    'repaired-half-registered': {
      about: 'Repaired, between the two stores of a registration.',
      option: { ...better, obstacle: 'halfRegistered', block: 'unmapped' },
      expect: notOwned,
    },
    'repaired-outside': {
      about: 'Repaired, outside of the file system.',
      option: { ...better, obstacle: 'outside', block: 'unmapped' },
      expect: notOwned,
    },
  },
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
        kill: start(killMachine, {
          flavour: 'poison',
          unmaps: option.unmaps,
          whenLost: option.whenLost,
          checksPage: option.checksPage,
        }),
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
