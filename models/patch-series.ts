import { type Assignment, compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { eventIsOwned } from '../src/invariants/meta-shutdown.ts';
import {
  cacheEventReturns,
  fallbackOfPrefix,
  mapperOfPrefixTold,
  noMissingOperation,
  outcomeOfPrefix,
} from '../src/invariants/patch-series.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { classOf, frameMachine } from '../src/machines/frame.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { collectedBy, killMachine } from '../src/machines/kill.ts';
import { layerMachine } from '../src/machines/layer.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { pageFailureMachine } from '../src/machines/page-failure.ts';
import { recordAt } from '../src/machines/rmapbt.ts';
import { seriesMachine } from '../src/machines/series.ts';
import { failureSteps, failureWires, fateOf } from './instructions/delivery.ts';
import { handlerWires, letInSteps, mountedHandler } from './instructions/handler.ts';
import { killSteps, killWires, mappersBy, mappingsOf } from './instructions/kill.ts';

const options = {
  /** In which order the patches come: as the review wants them, or as their author had them. */
  order: ['callersFirst', 'lowestFirst'],
  /** How many are in: any number, or as many. */
  prefix: ['any', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  /** What a caller makes of an operation that is not there, and what a driver answers that begins as a skeleton. */
  gap: ['declines', 'nothingSucceeds', 'skeletonsSucceed'],
  /**
   * What the file system can do when its patches are in: look owners up; decline; or it has no operations at all
   * (ext4).
   */
  fileSystem: ['able', 'declines', 'withoutOperations'],
  /** Whether files share pages. */
  pages: ['single', 'shared'],
  /** What patch 5 makes the kill go by: mapping and index, or an offset that only an owner supplies. */
  killsBy: ['mapping', 'ownersOffset'],
} as const;
type Option = Assignment<typeof options>;

/**
 * The patches of mail 004, each by what it adds: P1 ->memory_failure and who calls it; P2, P3, P4 ->corrupted_range of
 * the block device, of the super block and of the address space; P5 the kill, by mapping and range; P6 to P9 who
 * implements the four. Its author had each operation together with its implementer.
 */
const series: Readonly<Record<Option['order'], readonly (readonly Piece[])[]>> = {
  callersFirst: [['P1'], ['P2'], ['P3'], ['P4'], ['P5'], ['P6'], ['P7'], ['P8'], ['P9']],
  lowestFirst: [['P5'], ['P3', 'P8'], ['P2', 'P7'], ['P1', 'P6'], ['P4', 'P9']],
};
type Piece = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8' | 'P9';

/** Who implements the operations: pmem, the driver of the block device, XFS and XFS. */
const implementers = ['P6', 'P7', 'P8', 'P9'] as const;

/** Before P8 nobody owns anything. */
const notOwned = { [eventIsOwned.name]: 'unreached' } as const;
const lost = { [outcomeOfPrefix.name]: 'violated', [mapperOfPrefixTold.name]: 'violated' } as const;

/**
 * A series of patches teaches memory_failure() to ask an owner, layer by layer. What does a kernel do that is built in
 * the middle of it?
 *
 * The world is one event, in a page of DAX or in one of the page cache, with the tasks that map it; and a tree that may
 * be built from any prefix of the series. A function that a patch changes is there twice, as it was and as it is, and
 * the tree says which of them runs. Before the page cache's patches, and beside them, DAX goes its own way:
 * memory_failure() to pmem, to the block device, to the super block.
 *
 * What surprised, and who was right:
 * - Both orders are safe in every prefix, and neither needs a skeleton (`repaired`, `repaired-lowest-first`). But they
 *   lean on different things: with callers first, a caller that meets nobody has to go back to the generic path, or an
 *   event is lost as soon as P1 is in (`callers-first-nothing-succeeds`); with the lowest first no caller ever meets
 *   nobody, whatever it would make of it (`lowest-first-nothing-succeeds`).
 * - That is true of the one file system for which the series is made. Whoever has no such operations meets the same
 *   question for good (`ext4-nothing-succeeds`), so the rule is needed in either order. The review wants callers first
 *   for the sake of the reader; what it gets besides is a series in which the rule is in force, and put to the test,
 *   from the first patch on.
 * - A skeleton is as good as what it answers (S004-09): 0 loses the event (`skeletons-succeed`). One that answers
 *   -EOPNOTSUPP is to its caller as if it were not there (`repaired`), so that there is nothing to gain by it.
 * - Sharing pages has to come last: with a part of the series in, the generic path still acts, and knows one owner of
 *   each page (`shared-too-early`). With all of it in, nothing breaks (`repaired-shared-last`).
 * - Declining and not being there are the same to everybody else (`unable-declines`, `unable-without-operations`). A
 *   proposal to register only where the file system is able changes nothing.
 */
export default defineModel({
  name: 'patch-series',
  about: 'Callers first or the lowest level first: is a kernel safe that is built from any prefix of the series?',
  sources: ['S004-06', 'S004-09', 'S004-14', 'KB-05'],
  options,
  variants: {
    P0: {
      about: 'None of them: the generic path, for DAX and for the page cache.',
      option: { prefix: 0 },
      expect: notOwned,
    },
    ...ofPrefixes([
      'memory_failure() asks for an operation of the page map. pmem has none.',
      'Block devices may have an operation; nobody calls it yet.',
      'So may super blocks.',
      'memory_failure() asks for an operation of the address space too. XFS has none.',
      'The kill can be called by range.',
      'pmem is asked, and asks its block device, which has none.',
      'The block device is asked, and asks the super block.',
    ]),
    'prefix-8': {
      about: 'XFS owns what is in DAX. The page cache goes by what its pages say.',
      option: { prefix: 8 },
    },
    'prefix-9': {
      about: 'All of them: XFS owns both.',
      option: { prefix: 9 },
    },
    'callers-first-nothing-succeeds': {
      about: 'Any prefix, where to find nobody counts as success: lost with P1.',
      option: { gap: 'nothingSucceeds' },
      expect: lost,
    },
    'lowest-first-nothing-succeeds': {
      about: 'Any prefix of the other order, and the same: nobody is ever missing.',
      option: { order: 'lowestFirst', gap: 'nothingSucceeds' },
    },
    'ext4-nothing-succeeds': {
      about: 'The same on a file system that has no such operations: the order is no help.',
      option: { order: 'lowestFirst', gap: 'nothingSucceeds', fileSystem: 'withoutOperations' },
      expect: { ...lost, ...notOwned },
    },
    'skeletons-succeed': {
      about: 'Any prefix, with drivers that begin with an operation which does nothing, successfully.',
      option: { gap: 'skeletonsSucceed' },
      expect: lost,
    },
    'killed-by-owners-offset': {
      about: 'Any prefix, where P5 makes the kill take an offset that only an owner supplies (KB-05).',
      option: { killsBy: 'ownersOffset' },
      expect: { [fallbackOfPrefix.name]: 'violated' },
    },
    'shared-too-early': {
      about: 'Any prefix, with pages that files share already.',
      option: { pages: 'shared' },
      expect: { [fallbackOfPrefix.name]: 'violated', [mapperOfPrefixTold.name]: 'violated' },
    },
    'unable-declines': {
      about: 'All patches, and a file system that is asked and declines.',
      option: { prefix: 9, fileSystem: 'declines' },
      expect: notOwned,
    },
    'unable-without-operations': {
      about: 'All patches, and a file system that has nothing to ask.',
      option: { prefix: 9, fileSystem: 'withoutOperations' },
      expect: notOwned,
    },
    repaired: {
      about: 'The series as the review orders it, in any prefix.',
    },
    'repaired-lowest-first': {
      about: 'The series as its author had it, in any prefix.',
      option: { order: 'lowestFirst' },
    },
    'repaired-shared-last': {
      about: 'All of it, and then pages that files share.',
      option: { prefix: 9, pages: 'shared' },
    },
  },
  build: (option) => {
    const patches = series[option.order];
    const isIn = ({ context }: Peer<typeof seriesMachine>, piece: Piece) =>
      patches.slice(0, context.applied).flat().includes(piece);
    const isThere = (applied: number, layer: number) =>
      patches.slice(0, applied).flat().includes(implementers[layer]!) &&
      (option.fileSystem !== 'withoutOperations' || layer < 2);
    /** What is answered where an operation is not there yet. Only drivers begin as skeletons. */
    const insteadOf = (layer: number) =>
      option.gap === 'nothingSucceeds' || (option.gap === 'skeletonsSucceed' && layer < 2) ? 'ok' : 'EOPNOTSUPP';
    const isBuilt = ({ context }: Peer<typeof seriesMachine>) =>
      option.prefix === 'any' || context.applied === option.prefix;
    const last = option.prefix === 'any' ? patches.length : option.prefix;
    const isShared = option.pages === 'shared';
    const files = isShared ? [0, 1] : [0];
    const fileOf = (task: number) => (isShared ? task : 0);
    const mappersOf = mappersBy(2, fileOf);
    /** Of the two for DAX the events are 0 and 1, of the two for the page cache 2 and 3. */
    const isDax = (poison: number) => poison < 2;

    return compose(
      {
        series: start(seriesMachine),
        // Before P5 and after it.
        failure: replicate(failureMachine, 2, (self) => ({
          poison: self,
          fallback: self === 1 && option.killsBy === 'ownersOffset' ? 'byOwnersOffset' : 'byPage',
        })),
        // Before P4 and after it.
        pageFailure: replicate(pageFailureMachine, 2, (self) => ({
          poison: 2 + self,
          asks: self === 0 ? 'never' : 'ifCached',
          classifies: 'underLock',
        })),
        // The operations of the page map, of the block device, of the super block and of the address space.
        layer: replicate(layerMachine, 4, (self) => ({
          caller: self === 0 || self === 3 ? 'memory_failure' : 'layer',
        })),
        handler: start(handlerMachine, mountedHandler),
        // Called by either memory_failure() of the page cache, and by the file system.
        kill: replicate(killMachine, 3, () => ({
          flavour: 'poison',
          unmaps: 'always',
          whenLost: 'fail',
          checksPage: false,
        })),
        mapper: replicate(mapperMachine, 2, (task) => ({
          file: fileOf(task),
          policy: 'early',
          blocksOptional: false,
        })),
        frame: start(frameMachine, { files, anonymous: false }),
        fate: replicate(fateMachine, 4),
      },
      {
        wires: {
          failure: {
            ...failureWires,
            'notification.asked': ['layer', 0],
            // The generic path of DAX finds who maps the file that the page names.
            'task.signalled': () => mappersOf(0),
            'event.generic': fateOf,
            'event.unowned': fateOf,
          },
          pageFailure: {
            'lock.taken': [],
            'lock.released': [],
            'page.poisoned': [],
            'notification.asked': ['layer', 3],
            'kill.called': ({ poison }) => ['kill', poison - 2],
            'event.generic': fateOf,
            'event.unowned': fateOf,
          },
          layer: {
            'failure.notified': (_, self) => (self < 2 ? ['layer', self + 1] : 'handler'),
            'failure.handled': (_, self) => ['layer', self - 1],
            'notification.answered': ({ poison }) =>
              isDax(poison) ? ['failure', poison] : ['pageFailure', poison - 2],
          },
          handler: {
            ...handlerWires,
            'failure.handled': ({ poison }) => ['layer', isDax(poison) ? 2 : 3],
            'kill.called': ['kill', 2],
            'thread.died': [],
            'event.owned': fateOf,
          },
          kill: {
            ...killWires,
            'entry.taken': [],
            'entry.released': 'frame',
            'page.unmapped': ({ file }) => mappersOf(file),
            'kill.returned': (_, self) => (self === 2 ? 'handler' : ['pageFailure', self]),
          },
          mapper: { 'poison.consumed': [] },
        },
        spontaneous: {
          series: [
            {
              type: 'patch.applied',
              environment: true,
              when: ({ series: tree, failure, pageFailure }) =>
                tree.context.applied < last && [...failure, ...pageFailure].every((event) => event.hasTag('quiet')),
            },
          ],
          failure: failureSteps(
            {
              pgmap: { read: ({ series: tree }) => ({ live: true, operations: isIn(tree, 'P1') }) },
              page: {
                read: ({ mapper }) => ({ mapped: mappersOf(0).some(([, task]) => mapper[task]!.hasTag('mapped')) }),
              },
            },
            {
              'poison.reported': ({ series: tree, failure, pageFailure }, self) =>
                isBuilt(tree) &&
                isIn(tree, 'P5') === (self === 1) &&
                [...failure, ...pageFailure].every((event) => event.hasTag('quiet')),
            },
          ),
          pageFailure: [
            {
              type: 'poison.reported',
              environment: true,
              when: ({ series: tree, failure, pageFailure }, self) =>
                isBuilt(tree) &&
                isIn(tree, 'P4') === (self === 1) &&
                [...failure, ...pageFailure].every((event) => event.hasTag('quiet')),
            },
            'page.locked',
            { type: 'page.classified', read: ({ frame }) => classOf(frame.context) },
            'page.marked',
            'page.unlocked',
          ],
          layer: [
            {
              type: 'operation.read',
              read: ({ series: { context } }, self) => ({
                is: isThere(context.applied, self) ? 'there' : insteadOf(self),
              }),
            },
          ],
          handler: [
            ...letInSteps(option.fileSystem === 'able'),
            { type: 'agf.read', oneOf: [{ perag: true, shutdown: false }] },
            {
              type: 'record.found',
              read: ({ handler }) =>
                recordAt([files.map((file) => ({ owner: 'data' as const, file }))], handler.context),
            },
            { type: 'inode.found', oneOf: [{ inode: 'inCore' }] },
            'group.unlocked',
            'walk.ended',
          ],
          kill: killSteps({ oneOf: [{ entry: 'present', inRange: true }] }, (room, self) =>
            collectedBy('poison', mappingsOf(room.kill[self]!.context.file, room)),
          ),
        },
        properties: [
          outcomeOfPrefix,
          mapperOfPrefixTold,
          noMissingOperation(isThere),
          eventIsOwned,
          cacheEventReturns,
          // Where all is owned nothing can be said of the generic path.
          ...(option.prefix === 9 && option.fileSystem === 'able' ? [] : [fallbackOfPrefix]),
        ],
      },
    );
  },
});

/**
 * A variant for each prefix, from the first on, in which the generic path still does all: there is one way through it.
 */
function ofPrefixes(all: readonly string[]) {
  return Object.fromEntries(
    all.map((about, index) => [
      `prefix-${index + 1}`,
      {
        about,
        option: { prefix: (index + 1) as Exclude<Option['prefix'], 'any'> },
        expect: notOwned,
      },
    ]),
  );
}
