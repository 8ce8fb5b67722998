import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { taskIsTold } from '../src/invariants/mapper-told.ts';
import { eventIsOwned } from '../src/invariants/meta-shutdown.ts';
import { fallbackHandles } from '../src/invariants/outcome.ts';
import {
  noForeignKill,
  noFreeMapping,
  noMapperLeft,
  noneCached,
  ownMemoryIsTold,
  pageMarkedFirst,
  pageNamesAll,
  pageOutcome,
  twoOwnersAreTold,
} from '../src/invariants/page-cache.ts';
import { borrowerMachine } from '../src/machines/borrower.ts';
import { cacheTruncateMachine } from '../src/machines/cache-truncate.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { classOf, frameMachine, noFile } from '../src/machines/frame.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { collectedBy, killMachine } from '../src/machines/kill.ts';
import { layerMachine } from '../src/machines/layer.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { pageMachine } from '../src/machines/page.ts';
import { pageFailureMachine } from '../src/machines/page-failure.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { recordAt, rmapbtMachine } from '../src/machines/rmapbt.ts';
import { handlerWires, letInSteps, mountedHandler } from './instructions/handler.ts';
import { killSteps, killWires, mappersBy, mappingsOf } from './instructions/kill.ts';
import { lockWires } from './instructions/threads.ts';
import { kernel, preset } from './presets.ts';

const options = {
  cachedPage: kernel.cachedPage,
  onError: kernel.onError,
  /**
   * What the page is when the model begins: in the cache of one file, of two that share it, or a process's own memory.
   */
  page: ['cached', 'shared', 'anonymous'],
  /**
   * What the file system can say of its owners: all of them; nothing, for want of an rmapbt; or it does not even have
   * the operation.
   */
  fileSystem: ['able', 'withoutRmapbt', 'withoutOperation'],
  /** A mutation: whether anonymous pages are asked about too. */
  anonymousPage: ['staysOut', 'askedToo'],
  /** A mutation: whether it looks what the page is before it has locked it. */
  classifies: ['underLock', 'beforeLock'],
} as const;
type Option = Assignment<typeof options>;

const v71 = preset('P6', options);
const better = preset('repaired', options);

/** Nobody is asked, or nobody can say. */
const notOwned = { [eventIsOwned.name]: 'unreached' } as const;
const halfTold = {
  [pageNamesAll.name]: 'violated',
  [noMapperLeft.name]: 'violated',
  [noneCached.name]: 'violated',
  [twoOwnersAreTold.name]: 'unreached',
} as const;

/**
 * A page of ordinary memory fails. It says itself to whom it belongs: is that all that there is to know?
 *
 * The world is one frame and one event, the files that have the page with tasks that map it, a truncate of each file
 * with a write after it, and a process that may get the frame when it is free. All tasks are collected (they asked to
 * be told early), and the kill unmaps. The kill is that of DAX under another lock: mail 004 wants one routine for
 * ranges of a page-cache mapping, and one for those of a DAX mapping (S004-14), that differ in nothing else here; it
 * ends with the removal of the page from the cache.
 *
 * No kernel shares page-cache pages between files. The variants in which files do are what mail 004 looks ahead to;
 * ->corrupted_range of the address space, by which they are asked for, never came. What PageHWPoison, unmapping and
 * removal do in detail is not in the sources that this rests on, nor where exactly the mark is set: here it is under
 * the lock of the page.
 *
 * What surprised, and who was right:
 * - Of v7.1 everything holds (S000-02, `P6`): a page has one owner, or it is a process's own. With two owners three
 *   promises break at once, and the least visible is the third: a reader who never mapped the file still finds the page
 *   in the second cache (`P6-shared`, NoneCached).
 * - Asking the file system is enough only if it can say: one without an rmapbt declines, which sends memory_failure()
 *   back to the page (`shared-without-rmapbt`). Who lets pages be shared has to know who shares them.
 * - The lock of the page is not there for the sake of anonymous pages alone (S004-22). A look before it kills the
 *   mapping of another page of the same file (`classified-before-lock`), which no !PageAnon prevents.
 */
export default defineModel({
  name: 'page-cache-sharing',
  about: 'A page of ordinary memory fails: does what it says of its owner lead to everybody who uses it?',
  sources: ['S000-02', 'S004-14', 'S004-20', 'S004-22', 'S004-28', 'S004-29', 'S004-30'],
  options,
  variants: {
    P6: {
      about: 'v7.1: a page of one file, which goes by what the page says.',
      option: v71,
      expect: notOwned,
    },
    'P6-anonymous': {
      about: 'v7.1: a page that is a process’s own.',
      option: { ...v71, page: 'anonymous' },
      expect: notOwned,
    },
    'P6-shared': {
      about: 'The same, were pages shared: the owner that the page does not name is neither unmapped nor told.',
      option: { ...v71, page: 'shared' },
      expect: { ...halfTold, ...notOwned },
    },
    'shared-without-rmapbt': {
      about: 'The file system is asked and cannot say, so that it is the page again that is believed.',
      option: { ...v71, cachedPage: 'asksOwner', page: 'shared', fileSystem: 'withoutRmapbt' },
      expect: { ...halfTold, ...notOwned },
    },
    'shared-without-operation': {
      about: 'The file system has nothing that could be asked: the same.',
      option: { ...better, page: 'shared', fileSystem: 'withoutOperation' },
      expect: { ...halfTold, ...notOwned },
    },
    'single-without-operation': {
      about: 'Where pages are not shared that does no harm: no operation means the generic path.',
      option: { ...better, fileSystem: 'withoutOperation' },
      expect: notOwned,
    },
    'anonymous-asked-too': {
      about: 'Without !PageAnon: the file system is asked for a page that is none of its own, and knows of nobody.',
      option: { ...better, page: 'anonymous', anonymousPage: 'askedToo' },
      expect: {
        [noMapperLeft.name]: 'violated',
        [taskIsTold.name]: 'unreached',
        [pageMarkedFirst.name]: 'vacuous',
        [ownMemoryIsTold.name]: 'unreached',
        [fallbackHandles.name]: 'unreached',
        [pageNamesAll.name]: 'vacuous',
      },
    },
    'classified-before-lock': {
      about: 'What the page is, is looked at before the page is locked: another page of the file is killed.',
      option: { ...v71, classifies: 'beforeLock' },
      expect: {
        [pageNamesAll.name]: 'violated',
        [noMapperLeft.name]: 'violated',
        [noForeignKill.name]: 'violated',
        ...notOwned,
      },
    },
    repaired: {
      about: 'The owner is asked for pages of the page cache, and for no others; files share the page.',
      option: { ...better, page: 'shared' },
    },
    'repaired-without-rmapbt': {
      about: 'The same without an rmapbt: the file system looks for the page in the mappings of its inodes.',
      option: { ...better, page: 'shared', fileSystem: 'withoutRmapbt' },
    },
    'repaired-anonymous': {
      about: 'The same of a process’s own page: nobody is asked.',
      option: { ...better, page: 'anonymous' },
      expect: notOwned,
    },
  },
  build: (option) => {
    const isShared = option.page === 'shared';
    const owners = option.page === 'anonymous' ? [] : isShared ? [0, 1] : [0];
    /** Two tasks that map files, and one whose own memory the page may be. */
    const fileOf = (task: number) => (task === 2 ? noFile : isShared ? task : 0);
    const mappersOf = mappersBy(3, fileOf);
    return compose(
      {
        pageFailure: start(pageFailureMachine, { poison: 0, classifies: option.classifies, asks: asksOf(option) }),
        page_lock: start(lockMachine),
        frame: start(frameMachine, { files: owners, anonymous: option.page === 'anonymous' }),
        page: start(pageMachine),
        aops: start(layerMachine, { caller: 'memory_failure' }),
        handler: start(handlerMachine, { ...mountedHandler, onError: option.onError }),
        // The kill that memory_failure() calls, and the one that the file system does.
        kill: replicate(killMachine, 2, () => ({
          flavour: 'poison',
          unmaps: 'always',
          whenLost: 'fail',
          checksPage: false,
        })),
        mapper: replicate(mapperMachine, 3, (task) => ({
          file: fileOf(task),
          policy: 'early',
          blocksOptional: false,
          maps: task === 2 ? option.page === 'anonymous' : option.page !== 'anonymous',
        })),
        rmapbt: start(rmapbtMachine, {
          groups: [owners.map((file) => ({ owner: 'data' as const, file }))],
          unreadable: -1,
        }),
        truncate: replicate(cacheTruncateMachine, 2, (file) => ({ file })),
        borrower: start(borrowerMachine),
        fate: replicate(fateMachine, 1),
      },
      {
        wires: {
          pageFailure: {
            ...lockWires('page_lock'),
            'page.poisoned': 'page',
            'notification.asked': 'aops',
            'kill.called': ['kill', 0],
            'event.generic': 'fate',
            'event.unowned': 'fate',
          },
          aops: { 'failure.notified': 'handler', 'notification.answered': 'pageFailure', 'failure.handled': [] },
          handler: {
            ...handlerWires,
            'failure.handled': 'aops',
            'kill.called': ['kill', 1],
            'thread.died': [],
            'event.owned': 'fate',
          },
          kill: {
            ...killWires,
            // The page is locked and marked already, by memory_failure().
            'entry.taken': [],
            'entry.released': 'frame',
            'page.unmapped': ({ file }) => mappersOf(file),
            'kill.returned': (_, self) => (self === 0 ? 'pageFailure' : 'handler'),
          },
          mapper: { 'poison.consumed': [] },
          truncate: {
            ...lockWires('page_lock'),
            'page.unmapped': ({ file }) => mappersOf(file),
            'page.mapped': ({ file }) => mappersOf(file),
            'page.deleted': 'frame',
            'record.removed': 'rmapbt',
          },
          borrower: { 'page.allocated': 'frame', 'page.mapped': ['mapper', 2] },
        },
        spontaneous: {
          pageFailure: [
            { type: 'poison.reported', environment: true },
            'page.locked',
            { type: 'page.classified', read: ({ frame }) => classOf(frame.context) },
            'page.marked',
            'page.unlocked',
          ],
          aops: [
            {
              type: 'operation.read',
              oneOf: [{ is: option.fileSystem === 'withoutOperation' ? 'EOPNOTSUPP' : 'there' }],
            },
          ],
          handler: [
            ...letInSteps(option.fileSystem === 'able'),
            { type: 'agf.read', oneOf: [{ perag: true, shutdown: false }] },
            {
              type: 'record.found',
              // A page of a process lies in no block, so that no record is about it.
              read: ({ handler, rmapbt, frame }) =>
                recordAt(frame.context.anonymous ? [[]] : rmapbt.context.groups, handler.context),
            },
            { type: 'inode.found', oneOf: [{ inode: 'inCore' }] },
            'group.unlocked',
            { type: 'core.searched', read: ({ frame }) => ({ files: frame.context.files }) },
            'walk.ended',
          ],
          kill: killSteps(
            {
              read: ({ kill, frame, truncate }, self) => {
                const { file } = kill[self]!.context;
                const isHere = file === noFile ? frame.context.anonymous : frame.context.files.includes(file);
                const isAnother = file !== noFile && truncate[file]!.hasTag('rewritten');
                return { entry: isHere || isAnother ? 'present' : 'empty', inRange: isHere };
              },
            },
            (room, self) => collectedBy('poison', mappingsOf(room.kill[self]!.context.file, room)),
          ),
          truncate: [
            {
              type: 'truncate.requested',
              environment: true,
              when: ({ frame }, file) => frame.context.files.includes(file),
            },
            'page.dropped',
            'page.removed',
            { type: 'extent.freed', when: ({ handler }) => !handler.hasTag('walking') },
            { type: 'page.written', environment: true },
          ],
          borrower: [
            {
              type: 'memory.touched',
              environment: true,
              when: ({ frame, page, page_lock }) =>
                classOf(frame.context).kind === 'unused' && !page.hasTag('marked') && !page_lock.hasTag('held'),
            },
          ],
        },
        properties: [
          pageNamesAll,
          noMapperLeft,
          noneCached,
          pageMarkedFirst,
          pageOutcome,
          eventIsOwned,
          ownMemoryIsTold,
          ...(isShared ? [twoOwnersAreTold] : []),
          // A process's own memory has no file of which another page could be meant.
          ...(option.page === 'anonymous' ? [] : [noForeignKill, noFreeMapping]),
        ],
      },
    );
  },
});

const asksOf = ({ cachedPage, anonymousPage }: Option): 'never' | 'ifCached' | 'always' =>
  cachedPage === 'byPage' ? 'never' : anonymousPage === 'askedToo' ? 'always' : 'ifCached';
