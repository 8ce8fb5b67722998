import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { noBlast, noNeedlessShutdown, noStaleRecord, pageIsTaken } from '../src/invariants/blast.ts';
import { mapperTold, taskIsTold } from '../src/invariants/mapper-told.ts';
import { eventIsOwned, metaShutdown } from '../src/invariants/meta-shutdown.ts';
import {
  allAreVisited,
  inodeLeaves,
  noVainWait,
  ownerIsVisited,
  shutdownLast,
  walkAll,
} from '../src/invariants/walk-all.ts';
import { noCircle } from '../src/invariants/walk-ends.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { faultMachine } from '../src/machines/fault.ts';
import { fileMachine } from '../src/machines/file.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { killMachine } from '../src/machines/kill.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { reclaimMachine } from '../src/machines/reclaim.ts';
import { type RmapInput, recordAt, rmapbtMachine } from '../src/machines/rmapbt.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { alwaysLive, failureSteps, failureWires, heldNotifierSteps, notifierWires } from './instructions/delivery.ts';
import { filesInRange, handlerWires, letInSteps, mountedHandler, shutdownSteps } from './instructions/handler.ts';
import { fileKillSteps, killWires, mappersBy, namedFile, reclaimSteps, reclaimWires } from './instructions/kill.ts';
import { kernel, preset } from './presets.ts';

const options = {
  onMetadata: kernel.onMetadata,
  kills: kernel.kills,
  onError: kernel.onError,
  inTransit: kernel.inTransit,
  whenLost: kernel.whenLost,
  checksPage: kernel.checksPage,
  /** Whether the walk is content with the first record. */
  records: ['all', 'first'],
  /** What the range holds: one block that two files share, with or without a block of metadata; or a block in each of two groups. */
  range: ['shared', 'metadataFirst', 'metadataBetween', 'metadataLast', 'twoGroups', 'mixed', 'mixedSecond'],
  /**
   * What may happen meanwhile: file 0 is truncated and written again; it was closed and is reclaimed; its inode has gone though a
   * task maps it; somebody else faults on its page; somebody shuts the file system down; the first AGF cannot be read, or the second.
   */
  meanwhile: [
    'nothing',
    'truncate',
    'reclaim',
    'evicted',
    'fault',
    'shutdown',
    'shutdownAndTruncate',
    'badAgf',
    'badSecondAgf',
  ],
} as const;

const file0 = { owner: 'data', file: 0 } as const;
const file1 = { owner: 'data', file: 1 } as const;
const metadata = { owner: 'metadata', file: -1 } as const;
const ranges: Record<Assignment<typeof options>['range'], RmapInput['groups']> = {
  shared: [[file0, file1]],
  metadataFirst: [[metadata, file0, file1]],
  metadataBetween: [[file0, metadata, file1]],
  metadataLast: [[file0, file1, metadata]],
  twoGroups: [[file0], [file1]],
  mixed: [[file0, metadata], [file1]],
  mixedSecond: [[file0], [metadata, file1]],
};

/** The walk ends before it has met everybody, and who comes later in it is not told. */
const cutShort = { [walkAll.name]: 'violated', [mapperTold.name]: 'violated' } as const;
/** It ends with a shutdown of its own. */
const shutTooEarly = { ...cutShort, [shutdownLast.name]: 'violated' } as const;
/** Nobody is visited at all. */
const notWalked = {
  [ownerIsVisited.name]: 'unreached',
  [taskIsTold.name]: 'unreached',
  [pageIsTaken.name]: 'unreached',
  [noBlast.name]: 'vacuous',
} as const;
/** A walk that is cut short does not own its event. */
const notOwned = { [metaShutdown.name]: 'vacuous', [eventIsOwned.name]: 'unreached' } as const;
const notBoth = { [allAreVisited.name]: 'unreached' } as const;
const shutForNothing = { [noNeedlessShutdown.name]: 'violated' } as const;

const v60 = preset('P2b', options);
const v71 = preset('P6', options);
const better = preset('repaired', options);

/**
 * A range that has failed may have several owners, in one block that files share or in the blocks of several groups: what keeps
 * the walk from reaching all of them, and what does it do that it should not?
 *
 * The world is one event, two files with a task each that asked to be told early, and one thing that may happen meanwhile. The
 * mount is up and stays registered: how long is the question of the windows. `P6-shared` does what trace 6a recorded: one callback
 * for each owner, in order, each task unmapped and told, answer 0; `P6` what 2b recorded, but that there
 * nobody mapped the block.
 *
 * What surprised, and who was right:
 * - In v6.0 metadata is harmless when it is the last record (`P2b-metadata-last`): the shutdown cuts off nothing. The bug shows
 *   in two orders of three, and KB-02 asks for both.
 * - An AGF that cannot be read may not simply be passed over (`agf-passed-over`): those in the other groups are told, and those in
 *   its own are not. S001-25 blames the `break`; without it the claim is no safer. What helps is a way to the mappings that
 *   reads no metadata.
 * - The same way is what H-05 needs after a shutdown, and it makes a list, the very thing that S004-03 warns of. It is safe
 *   if the kill looks at the page again with the entry in hand (`listed-and-checked`): the lock that matters is the entry's, not
 *   the AGF's.
 * - H-10 needs three parties: the walk, a truncate, and the next owner, who pays for the file that was truncated.
 * - That a lookup skips an inode in transit is right only because nobody maps its pages. `mapped-but-not-in-core` takes that
 *   away, and S004-26 with it.
 */
export default defineModel({
  name: 'walk-all-owners',
  about: 'A range that has failed may have several owners: what keeps the walk from reaching all of them?',
  sources: [
    ...['S000-06', 'S000-07', 'S000-08', 'S000-09', 'S001-01', 'S001-02', 'S001-03', 'S001-25'],
    ...['S004-03', 'S004-14', 'S004-25', 'S004-26', 'S004-30', 'KB-02', 'H-05', 'H-09', 'H-10'],
  ],
  options,
  variants: {
    'P6-shared': {
      about: 'v7.1, and nothing happens meanwhile: every owner of a shared block is visited, in order (trace 6a).',
      option: v71,
    },
    P1: {
      about:
        'v12: who maps the range is told, metadata is left for later. The file system goes on with what it has lost.',
      option: { ...preset('P1', options), range: 'metadataBetween' },
      expect: { [metaShutdown.name]: 'violated' },
    },
    'P2b-metadata-first': {
      about: 'v6.0: the first record shuts the file system down, and nobody at all is told.',
      option: { ...v60, range: 'metadataFirst' },
      expect: {
        ...shutTooEarly,
        ...notOwned,
        ...notBoth,
        ...notWalked,
      },
    },
    P2b: {
      about: 'v6.0: whoever comes after the metadata is not told (KB-02).',
      option: { ...v60, range: 'metadataBetween' },
      expect: { ...shutTooEarly, ...notOwned, ...notBoth },
    },
    'P2b-metadata-last': {
      about: 'v6.0, the other order: there is nobody left to cut off.',
      option: { ...v60, range: 'metadataLast' },
    },
    'P3-metadata-first': {
      about: 'v6.1: the shutdown waits for the end of the walk.',
      option: { ...preset('P3', options), range: 'metadataFirst' },
    },
    P3: {
      about: 'v6.1: the same for the order in which v6.0 tells the first owner only.',
      option: { ...preset('P3', options), range: 'metadataBetween' },
    },
    P6: {
      about: 'v7.1: as v6.1. Each file that shares the block is told, and then the file system is shut down.',
      option: { ...v71, range: 'metadataBetween' },
    },
    'P6-truncate': {
      about: 'v7.1: an entry that a truncate has just removed is -EBUSY, and ends the walk for the other file (H-10).',
      option: { ...v71, meanwhile: 'truncate' },
      expect: { ...shutTooEarly, ...shutForNothing },
    },
    'lost-entry-skipped': {
      about: 'The same with an entry that has gone taken for one that never was.',
      option: { ...v71, whenLost: 'skip', meanwhile: 'truncate' },
    },
    'P6-fault': {
      about: 'v7.1: an entry that somebody has locked who faults on it is waited for, and is still there.',
      option: { ...v71, meanwhile: 'fault' },
    },
    'P2b-idle-file': {
      about: 'v6.0: an inode on its way out of memory is skipped.',
      option: { ...v60, meanwhile: 'reclaim' },
      expect: notBoth,
    },
    'P6-idle-file': {
      about: 'v7.1: a block of a file that nobody has open shuts the file system down (H-09; trace 5a during umount).',
      option: { ...v71, meanwhile: 'reclaim' },
      expect: { ...shutForNothing, ...notBoth },
    },
    'idle-file-skipped': {
      about: 'v7.1 with the inode in transit skipped again: nobody maps the pages of a closed file.',
      option: { ...v71, inTransit: 'skip', meanwhile: 'reclaim' },
      expect: notBoth,
    },
    'mapped-but-not-in-core': {
      about: 'What skipping rests on, taken away: a task maps a page whose inode the lookup does not find.',
      option: { ...v71, meanwhile: 'evicted' },
      expect: { [mapperTold.name]: 'violated', ...notBoth },
    },
    'P6-shutdown': {
      about:
        'v7.1: somebody shuts the file system down. No AGF is read any more: the walk ends, or never begins (H-05, trace 2c).',
      option: { ...v71, range: 'twoGroups', meanwhile: 'shutdown' },
      expect: cutShort,
    },
    'P6-bad-agf': {
      about: 'v7.1: the AGF of the first group cannot be read. The second group has one that can, and nobody reads it.',
      option: { ...v71, range: 'twoGroups', meanwhile: 'badAgf' },
      expect: {
        [walkAll.name]: 'vacuous',
        [shutdownLast.name]: 'vacuous',
        [mapperTold.name]: 'violated',
        ...notOwned,
        ...notBoth,
        ...notWalked,
      },
    },
    'P6-bad-second-agf': {
      about:
        'v7.1: the AGF of the second group cannot be read. The walk ends there, with a shutdown for all who come later.',
      option: { ...v71, range: 'mixedSecond', meanwhile: 'badSecondAgf' },
      expect: { ...shutTooEarly, ...notOwned, ...notBoth },
    },
    'agf-passed-over': {
      about: 'The same without the break: the second group is walked, and who maps the first is still not told.',
      option: { ...v71, onError: 'goOn', range: 'twoGroups', meanwhile: 'badAgf' },
      expect: { ...shutTooEarly, ...notBoth },
    },
    'bad-agf-searched': {
      about: 'The same with a search of the inodes in memory, which needs no AGF.',
      option: { ...v71, onError: 'searchCore', range: 'twoGroups', meanwhile: 'badAgf' },
    },
    'first-record-only': {
      about: 'A walk that takes a block to have one owner.',
      option: { ...v71, records: 'first' },
      expect: { ...cutShort, ...notBoth },
    },
    'listed-truncate': {
      about: 'Owners are listed under the AGF and killed without it: the file has another page at that index by then.',
      option: { ...v71, kills: 'listed', whenLost: 'skip', meanwhile: 'truncate' },
      expect: { [noBlast.name]: 'violated' },
    },
    'listed-and-checked': {
      about: 'The same list, and the kill asks again with the entry locked.',
      option: { ...v71, kills: 'listed', checksPage: true, whenLost: 'skip', meanwhile: 'truncate' },
    },
    repaired: {
      about:
        'Repaired, with metadata in the first of two groups, and both a shutdown and a truncate whenever they like.',
      option: { ...better, range: 'mixed', meanwhile: 'shutdownAndTruncate' },
    },
    'repaired-undisturbed': {
      about: 'Repaired, and nothing happens meanwhile.',
      option: better,
    },
    'repaired-metadata-between': {
      about: 'Repaired, with metadata in the range.',
      option: { ...better, range: 'metadataBetween' },
    },
    'repaired-metadata-in-second-group': {
      about: 'Repaired, with metadata in the second of two groups.',
      option: { ...better, range: 'mixedSecond' },
    },
    'repaired-truncate': {
      about: 'Repaired, beside a truncate and the write that follows it.',
      option: { ...better, meanwhile: 'truncate' },
    },
    'repaired-fault': {
      about: 'Repaired, beside somebody who faults on the page of the first file.',
      option: { ...better, meanwhile: 'fault' },
    },
    'repaired-idle-file': {
      about: 'Repaired, with a file that nobody has open.',
      option: { ...better, meanwhile: 'reclaim' },
      expect: notBoth,
    },
    'repaired-shutdown': {
      about: 'Repaired, with a shutdown at any moment: the search takes over where the walk ends.',
      option: { ...better, range: 'twoGroups', meanwhile: 'shutdown' },
    },
    'repaired-shutdown-truncate': {
      about: 'Repaired, with a shutdown, and a truncate beside the search that follows it.',
      option: { ...better, range: 'twoGroups', meanwhile: 'shutdownAndTruncate' },
    },
    'repaired-bad-agf': {
      about: 'Repaired, with an AGF that cannot be read, and metadata behind it.',
      option: { ...better, range: 'mixed', meanwhile: 'badAgf' },
    },
    'repaired-bad-second-agf': {
      about: 'Repaired, with an AGF that cannot be read when the first group has been walked.',
      option: { ...better, range: 'mixedSecond', meanwhile: 'badSecondAgf' },
    },
  },
  build: (option) => {
    /** The tasks that map a file: nobody maps one that is closed; then both map the other. */
    const fileOf = (task: number) => (option.meanwhile === 'reclaim' ? 1 : task);
    const mappersOf = mappersBy(2, fileOf);
    const truncates = option.meanwhile === 'truncate' || option.meanwhile === 'shutdownAndTruncate';
    const shuts = option.meanwhile === 'shutdown' || option.meanwhile === 'shutdownAndTruncate';
    return compose(
      {
        failure: replicate(failureMachine, 1, () => ({ poison: 0 })),
        notifier: start(notifierMachine, { loadsOnce: true }),
        handler: start(handlerMachine, {
          ...mountedHandler,
          kills: option.kills,
          onMetadata: option.onMetadata,
          onError: option.onError,
          inTransit: option.inTransit,
          stops: option.records === 'first' ? 'atFirst' : 'atLast',
        }),
        kill: start(killMachine, {
          flavour: 'poison',
          unmaps: 'ifCollected',
          whenLost: option.whenLost,
          checksPage: option.checksPage,
        }),
        mapper: replicate(mapperMachine, 2, (number) => ({
          file: fileOf(number),
          policy: 'early',
          blocksOptional: false,
        })),
        file: replicate(fileMachine, 2, (number) => ({
          starts:
            number === 1 || (option.meanwhile !== 'reclaim' && option.meanwhile !== 'evicted')
              ? 'mapped'
              : option.meanwhile === 'reclaim'
                ? 'idle'
                : 'absent',
        })),
        rmapbt: start(rmapbtMachine, {
          groups: ranges[option.range],
          unreadable: option.meanwhile === 'badAgf' ? 0 : option.meanwhile === 'badSecondAgf' ? 1 : -1,
        }),
        reclaim: start(reclaimMachine, { file: 0 }),
        fault: start(faultMachine, { file: 0 }),
        superblock: start(superblockMachine, { mounted: true }),
        fate: replicate(fateMachine, 1),
      },
      {
        wires: {
          failure: { ...failureWires, 'event.generic': 'fate', 'event.unowned': 'fate' },
          notifier: notifierWires('handler', 'failure'),
          handler: { ...handlerWires, 'kill.called': 'kill', 'filesystem.shut': 'superblock', 'event.owned': 'fate' },
          kill: { ...killWires, 'page.unmapped': ({ file }) => mappersOf(file) },
          mapper: { 'poison.consumed': [] },
          reclaim: reclaimWires(mappersOf),
          fault: {
            'entry.taken': { rendezvous: namedFile },
            'entry.released': namedFile,
          },
        },
        spontaneous: {
          failure: failureSteps({ pgmap: alwaysLive }),
          notifier: heldNotifierSteps,
          handler: [
            ...letInSteps(),
            {
              type: 'agf.read',
              read: ({ handler, rmapbt, superblock }) => ({
                perag: handler.context.group < rmapbt.context.groups.length,
                shutdown: superblock.context.shutdown,
                failed: rmapbt.context.unreadable === handler.context.group,
                more: handler.context.group + 1 < rmapbt.context.groups.length ? 'group' : 'nothing',
              }),
            },
            {
              type: 'record.found',
              read: ({ handler, rmapbt: { context } }) =>
                // Nothing is found in a group that cannot be read.
                recordAt(handler.context.group === context.unreadable ? [] : context.groups, handler.context),
            },
            {
              type: 'inode.found',
              read: ({ handler, file }) => {
                const found = file[handler.context.file]!;
                return {
                  inode: found.hasTag('inCore') ? 'inCore' : found.hasTag('inTransit') ? 'inTransit' : 'absent',
                };
              },
            },
            'group.unlocked',
            { type: 'core.searched', read: ({ file }) => ({ files: filesInRange(file) }) },
            'walk.ended',
          ],
          kill: fileKillSteps,
          reclaim: reclaimSteps(truncates, {
            type: 'inode.reclaimed',
            environment: true,
            when: () => option.meanwhile === 'reclaim',
          }),
          fault: [
            { type: 'page.touched', environment: true, when: () => option.meanwhile === 'fault' },
            'access.refused',
          ],
          superblock: shutdownSteps(() => shuts),
        },
        properties: [
          walkAll,
          shutdownLast,
          metaShutdown,
          mapperTold,
          noBlast,
          noNeedlessShutdown,
          allAreVisited,
          ...(option.meanwhile === 'badAgf' ? [] : [noCircle]),
          ...(truncates ? [noStaleRecord] : []),
          ...(truncates || option.meanwhile === 'fault' ? [noVainWait] : []),
          ...(option.meanwhile === 'reclaim' ? [inodeLeaves] : []),
        ],
      },
    );
  },
});
