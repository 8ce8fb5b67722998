import type { VariantSpec } from '../../src/explore/model.ts';
import { noBlast, noNeedlessShutdown, pageIsTaken } from '../../src/invariants/blast.ts';
import { mapperTold, taskIsTold } from '../../src/invariants/mapper-told.ts';
import { eventIsOwned, metaShutdown } from '../../src/invariants/meta-shutdown.ts';
import { allAreVisited, ownerIsVisited, shutdownLast, walkAll } from '../../src/invariants/walk-all.ts';
import { kernel, preset } from '../presets.ts';

/**
 * What a walk may find and meet, in the kernels and designs where it matters, as variants of `walk-all-owners`: their options, and what
 * comes of each.
 */
export const options = {
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

export const designs = {
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
    about: 'Repaired, with metadata in the first of two groups, and both a shutdown and a truncate whenever they like.',
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
} satisfies Readonly<Record<string, VariantSpec<typeof options>>>;
