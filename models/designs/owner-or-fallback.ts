import type { VariantSpec } from '../../src/explore/model.ts';
import { callerIsAnswered, failureReturns } from '../../src/invariants/caller-answered.ts';
import { fallbackValid, noMissingHop, outcomeAtOnce } from '../../src/invariants/fallback-valid.ts';
import { mapperTold, taskIsTold } from '../../src/invariants/mapper-told.ts';
import { eventIsOwned, metaShutdown } from '../../src/invariants/meta-shutdown.ts';
import { fallbackHandles } from '../../src/invariants/outcome.ts';
import { kernel, preset } from '../presets.ts';

/**
 * Every reason not to act that an owner has, in the kernels and designs where it matters, as variants of `owner-or-fallback`: their
 * options, and what comes of each.
 */
export const options = {
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

export const designs = {
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
} satisfies Readonly<Record<string, VariantSpec<typeof options>>>;
