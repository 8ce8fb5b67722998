import type { VariantSpec } from '../../src/explore/model.ts';
import { aliveDuringPreRemove, readIsBelieved, removalIsWalked } from '../../src/invariants/alive-during-pre-remove.ts';
import { handlerTells, unbindLeavesNothing } from '../../src/invariants/leftovers.ts';
import { faultMeetsWalk, noNewMapping } from '../../src/invariants/no-new-mapping.ts';
import { okMeansShut, preRemoveShutdown } from '../../src/invariants/pre-remove-shutdown.ts';
import { clearedBeforePut, noEntryOutlives } from '../../src/invariants/refs-before-free.ts';
import {
  healthyMetadata,
  healthyPages,
  lateMapperIsTold,
  unmappedBeforeTold,
  unplugRevokes,
} from '../../src/invariants/unplug-revokes.ts';
import { kernel, preset } from '../presets.ts';

/**
 * The designs of an unplug that have been posted, built or thought of, as variants of `unplug-revokes`: their options, and what comes of
 * each.
 */
export const options = {
  notifies: kernel.notifies,
  flag: kernel.flag,
  onMetadata: kernel.onMetadata,
  gate: kernel.gate,
  withoutRmap: kernel.withoutRmap,
  withLog: kernel.withLog,
  realtime: kernel.realtime,
  onError: ['end', 'searchCore'],
  marksDead: kernel.marksDead,
  section: kernel.section,
  sweep: kernel.sweep,
  holderOps: kernel.holderOps,
  /** What the handler walks: the rmapbt on the device, or the inodes in core. */
  walk: ['rmap', 'inodes'],
  /** How the one who unmaps does it: as the handler's flag says, or with a bare unmap_mapping_range(). */
  unmapping: ['underEntryLock', 'bare'],
  /** Whether the entry of the mapping goes together with the page table entries (R7). */
  invalidates: [true, false],
  /** How the driver itself takes mappings away, where `sweep` says that it does. */
  sweeps: ['removal', 'perPage'],
  /** Whether all metadata of the walk is in memory. */
  metadata: ['uncached', 'cached'],
  /** Whether the device answers a notification once it has been killed. */
  deadDevice: ['isAsked', 'isSilent'],
  /** The order of the records on the device. */
  records: ['metadataFirst', 'dataFirst'],
  /** Who has registered: XFS, or nobody, as with ext4 and below device mapper. */
  holder: ['xfs', 'nobody'],
  /** Which device of the file system goes. */
  device: ['data', 'log', 'realtime'],
  rmapbt: [true, false],
  /** Which faults the tasks may take, and until when. */
  faults: ['all', 'writes', 'before', 'none'],
  /** Two tasks that map the page: one early-kill and one late-kill, or both early-kill. */
  mappers: ['both', 'earlyOnly'],
  /** Whether somebody else may shut the file system down, or has done so before the device goes. */
  shutdown: ['never', 'anytime', 'before'],
  /** Whether a mapped page holds a reference to its pagemap. */
  pins: [false, true],
} as const;

/** Memory is removed under a page table entry. */
const mapped = { [unplugRevokes.name]: 'violated' } as const;
/** A fault that has been let through maps the page after kill_dax(): H-13. */
const remapped = { [noNewMapping.name]: 'violated' } as const;
/** A mapping still names its page when the page is gone. */
const entryLeft = { [noEntryOutlives.name]: 'violated' } as const;
/** The device is killed under a file system that goes on. */
const notShut = { [preRemoveShutdown.name]: 'violated' } as const;
/** Good memory is marked as poisoned. */
const marked = { [healthyPages.name]: 'violated' } as const;
/** The handler reads from a device that has been killed. */
const deadRead = { [aliveDuringPreRemove.name]: 'violated' } as const;
/** Whoever is told last of all keeps the registration: nobody ends it after that. */
const stillHeld = { [unbindLeavesNothing.name]: 'violated', [clearedBeforePut.name]: 'violated' } as const;
/** Nobody but the driver takes mappings away. */
const notToldByHolder = { [handlerTells.name]: 'unreached' } as const;
/** The handler says that the file system is corrupt, and never that all is well. */
const calledCorrupt = { [healthyMetadata.name]: 'violated', [okMeansShut.name]: 'vacuous' } as const;
/** It can do nothing, and says so. */
const refused = { [okMeansShut.name]: 'vacuous' } as const;
/** No metadata is read at all. */
const noMetadata = { [aliveDuringPreRemove.name]: 'vacuous', [readIsBelieved.name]: 'vacuous' } as const;
/** A task that does not want to know early is told nothing. */
const lateUntold = { [lateMapperIsTold.name]: 'unreached' } as const;
/** Nor is any other. */
const nobodyTold = { ...lateUntold, [unmappedBeforeTold.name]: 'vacuous' } as const;
/** No handler walks. */
const notWalkedQuietly = { ...noMetadata, [removalIsWalked.name]: 'unreached' } as const;
const notWalked = { ...notWalkedQuietly, [faultMeetsWalk.name]: 'unreached' } as const;
/** No handler walks, and nobody is told by anybody else. */
const nobodyActs = { ...notWalked, ...nobodyTold } as const;
const nobodyActsQuietly = { ...notWalkedQuietly, ...nobodyTold } as const;
/** The kernel of that mail had no shutdown in del_gendisk() yet. */
const pgmapKillFirst = { notifies: 'afterPgmapKill', deadDevice: 'isSilent', marksDead: 'never' } as const;
/** Nothing but page table entries is taken away, and nobody is told. */
const inodeWalk = { walk: 'inodes', unmapping: 'bare', invalidates: false } as const;

export const designs = {
  P0: {
    about: 'Up to v5.19: nobody is told, nothing is revoked.',
    option: preset('P0', options),
    expect: { ...mapped, ...remapped, ...entryLeft, ...notShut, ...nobodyActs },
  },
  P2b: {
    about: 'v6.0: the removal is told as corruption of everything; the first metadata record ends the walk.',
    option: preset('P2b', options),
    expect: { ...mapped, ...remapped, ...entryLeft, ...calledCorrupt, ...nobodyTold },
  },
  P3: {
    about: 'v6.1: the walk ends at its end; it kills who wants to know early, and marks good memory as poisoned.',
    option: preset('P3', options),
    expect: { ...mapped, ...remapped, ...entryLeft, ...marked, ...calledCorrupt, ...lateUntold },
  },
  P4: {
    about: 'v6.8: freeze, walk, shutdown, kill. Read faults pass the freeze.',
    option: preset('P4', options),
    expect: { ...mapped, ...remapped, ...entryLeft },
  },
  P6: {
    about: 'v7.1: the same.',
    option: preset('P6', options),
    expect: { ...mapped, ...remapped, ...entryLeft },
  },
  P7: {
    about: 'Next: the same.',
    option: preset('P7', options),
    expect: { ...mapped, ...remapped, ...entryLeft },
  },
  repaired: {
    about: 'Told before the kill, and swept after it, when no fault that was let through is still on its way.',
    option: preset('repaired', options),
  },

  // P6 where nothing races with it, and where only one thing does.
  'P2b-early-only': {
    about: 'P2b with early-kill tasks only and no fault under way: the walk does not come to their page.',
    option: { ...preset('P2b', options), faults: 'before', mappers: 'earlyOnly' },
    expect: { ...mapped, ...entryLeft, ...calledCorrupt, [unmappedBeforeTold.name]: 'vacuous' },
  },
  'P3-early-only': {
    about: 'P3 with early-kill tasks only and no fault under way: it does.',
    option: { ...preset('P3', options), faults: 'before', mappers: 'earlyOnly' },
    expect: { ...entryLeft, ...marked, ...calledCorrupt },
  },
  'P3-quiet': {
    about: 'P3 with no fault under way: a late-kill task keeps its mapping, if no other maps the page.',
    option: { ...preset('P3', options), faults: 'before' },
    expect: { ...mapped, ...entryLeft, ...marked, ...calledCorrupt, ...lateUntold },
  },
  'P6-quiet': {
    about: 'P6 with no fault under way (recorded, on v6.12: 4a): every mapper is told, and nothing is left.',
    option: { ...preset('P6', options), faults: 'before' },
  },
  'P6-writes': {
    about: 'P6 with write faults only: the freeze stops them, and the shutdown those that waited for the thaw.',
    option: { ...preset('P6', options), faults: 'writes' },
  },
  'P6-without-flag': {
    about: 'P6 that is told a range and an error, and not that the device is going and can still be read.',
    option: { ...preset('P6', options), faults: 'before', flag: 'corruption' },
    expect: { ...mapped, ...entryLeft, ...marked, ...calledCorrupt, ...lateUntold },
  },
  'P6-without-invalidation': {
    about: 'P6 without R7: no page table entry is left, but the mapping still names its page.',
    option: { ...preset('P6', options), faults: 'before', invalidates: false },
    expect: entryLeft,
  },

  // P6 where its handler does nothing.
  'P6-untold': {
    about: 'The registration is withdrawn without a word, as v11 had it.',
    option: { ...preset('P6', options), faults: 'before', notifies: 'never' },
    expect: { ...mapped, ...entryLeft, ...notShut, ...nobodyActsQuietly },
  },
  'P6-after-shutdown': {
    about: 'Somebody shuts the file system down before (recorded, on v6.12: 4g): no metadata read, no walk.',
    option: { ...preset('P6', options), faults: 'before', shutdown: 'anytime' },
    expect: { ...mapped, ...entryLeft },
  },
  'P6-without-rmapbt': {
    about: 'No rmapbt: -EOPNOTSUPP before freeze and shutdown, and nobody looks at the answer.',
    option: { ...preset('P6', options), faults: 'before', rmapbt: false },
    expect: { ...mapped, ...entryLeft, ...notShut, ...refused, ...nobodyActsQuietly },
  },
  'P6-external-log': {
    about: 'The external log goes: the handler answers 0 and the file system goes on without a log.',
    option: { ...preset('P6', options), faults: 'none', device: 'log' },
    expect: { ...notShut, [okMeansShut.name]: 'violated' },
  },
  'P3-external-log': {
    about: 'v6.1, and the external log goes: taken for corruption, it shuts the file system down.',
    option: { ...preset('P3', options), faults: 'none', device: 'log' },
    expect: calledCorrupt,
  },
  'P6-holderless': {
    about: 'ext4, or a leg of device mapper: nobody has registered.',
    option: { ...preset('P6', options), faults: 'before', holder: 'nobody' },
    expect: { ...mapped, ...entryLeft, ...notShut, ...nobodyActsQuietly },
  },
  'P4-realtime': {
    about: 'The realtime device goes: -EOPNOTSUPP up to v6.13.',
    option: { ...preset('P4', options), faults: 'before', device: 'realtime' },
    expect: { ...mapped, ...entryLeft, ...notShut, ...refused, ...nobodyActsQuietly },
  },
  'P5-realtime': {
    about: 'The realtime device goes, and its groups are walked.',
    option: { ...preset('P5', options), faults: 'before', device: 'realtime' },
  },

  // The same with the repairs.
  'repaired-after-shutdown': {
    about: 'The repaired kernel, and anybody may shut the file system down at any time.',
    option: { ...preset('repaired', options), shutdown: 'anytime' },
  },
  'repaired-shut-down': {
    about:
      'The repaired kernel, and the file system has been shut down before: its handler searches, as no AGF is read.',
    option: { ...preset('repaired', options), shutdown: 'before' },
  },
  'repaired-without-rmapbt': {
    about: 'The repaired kernel without an rmapbt: shut down by its handler, swept by its driver.',
    option: { ...preset('repaired', options), rmapbt: false },
    expect: { ...notWalked, ...notToldByHolder },
  },
  'repaired-external-log': {
    about: 'The repaired kernel loses its external log: shut down.',
    option: { ...preset('repaired', options), faults: 'none', device: 'log' },
  },
  'repaired-holderless': {
    about: 'The repaired kernel without a holder: shut down by the block layer, before the kill.',
    option: { ...preset('repaired', options), holder: 'nobody' },
    expect: { ...notWalked, ...notToldByHolder },
  },

  // Which gate? Mail 003, one design at a time.
  'no-gate': {
    about: 'Notify, walk, kill, with nothing closed in between: write faults come back as well.',
    option: { ...preset('P6', options), gate: 'none', faults: 'writes' },
    expect: { ...mapped, ...entryLeft },
  },
  'shutdown-only': {
    about: 'The file system is shut down before the kill, and that is all.',
    option: { ...preset('P6', options), notifies: 'never', marksDead: 'beforeKill' },
    expect: { ...mapped, ...remapped, ...entryLeft, ...nobodyActs },
  },
  'shutdown-first': {
    about: 'Freeze and shut down, then walk the rmapbt: no metadata can be read any more.',
    option: { ...preset('P6', options), gate: 'freezeAndShutdown', faults: 'before' },
    expect: { ...mapped, ...entryLeft, ...refused, ...nobodyActsQuietly },
  },
  'shutdown-first-inodes': {
    about: 'Freeze and shut down, then walk the inodes in core: a fault may have asked before the shutdown.',
    option: { ...preset('P6', options), gate: 'freezeAndShutdown', walk: 'inodes' },
    expect: { ...mapped, ...remapped, ...entryLeft, ...noMetadata },
  },
  'kill-first-as-is': {
    about: 'The call moved behind the kill: the notifier finds the device dead and calls nobody.',
    option: { ...preset('P6', options), notifies: 'afterKill' },
    expect: { ...mapped, ...remapped, ...entryLeft, ...notShut, ...nobodyActs },
  },
  'kill-first': {
    about: 'Killed, then told, then walked by what is in memory: no fault comes back.',
    option: { ...preset('P6', options), notifies: 'afterKill', deadDevice: 'isSilent', metadata: 'cached' },
    expect: notShut,
  },
  'kill-first-uncached': {
    about: 'The same, and the metadata would have to be read from the device that has been killed.',
    option: { ...preset('P6', options), notifies: 'afterKill', deadDevice: 'isSilent' },
    expect: { ...mapped, ...remapped, ...entryLeft, ...notShut, ...refused, ...nobodyActs, ...deadRead },
  },
  'kill-first-inodes': {
    about: 'Killed, then told, then walked by the inodes in core, each entry under its lock.',
    option: { ...preset('P6', options), notifies: 'afterKill', deadDevice: 'isSilent', walk: 'inodes' },
    expect: { ...notShut, ...noMetadata },
  },
  'pgmap-kill-first': {
    about: 'Told from memunmap_pages() after dev_pagemap_kill(), with all metadata in memory.',
    option: { ...preset('P6', options), ...pgmapKillFirst, metadata: 'cached' },
    expect: { ...stillHeld, ...remapped, ...notShut },
  },
  'pgmap-kill-first-shut-by-block-layer': {
    about: 'The same in P6: the shutdown of the block layer comes in between, and no metadata is read after it.',
    option: { ...preset('P6', options), notifies: 'afterPgmapKill', deadDevice: 'isSilent', metadata: 'cached' },
    expect: { ...stillHeld, ...mapped, ...remapped, ...entryLeft, ...notShut, ...refused, ...nobodyActs },
  },
  'pgmap-kill-first-uncached': {
    about: 'The same, and the metadata would have to be read.',
    option: { ...preset('P6', options), ...pgmapKillFirst },
    expect: {
      ...stillHeld,
      ...mapped,
      ...remapped,
      ...entryLeft,
      ...notShut,
      ...refused,
      ...nobodyActs,
      ...deadRead,
    },
  },

  // Who revokes?
  'inode-walk': {
    about: 'unmap_mapping_range() for every inode in core, before the kill.',
    option: { ...preset('P6', options), ...inodeWalk, gate: 'none' },
    expect: { ...mapped, ...remapped, ...entryLeft, ...noMetadata, ...nobodyTold },
  },
  'inode-walk-kill-first': {
    about: 'The same after the kill: a fault that was let through before it maps the page after it.',
    option: { ...preset('P6', options), ...inodeWalk, notifies: 'afterKill', deadDevice: 'isSilent' },
    expect: { ...mapped, ...remapped, ...notShut, ...entryLeft, ...noMetadata, ...nobodyTold },
  },
  'inode-walk-kill-first-drained': {
    about: 'The same, and synchronize_srcu() waits for such a fault.',
    option: {
      ...preset('P6', options),
      ...inodeWalk,
      notifies: 'afterKill',
      deadDevice: 'isSilent',
      section: 'insertion',
    },
    expect: { ...entryLeft, ...notShut, ...noMetadata, ...nobodyTold },
  },
  'per-page': {
    about: 'memory_failure() for every page, before the kill.',
    option: { ...preset('P0', options), sweep: 'beforeKill', sweeps: 'perPage', invalidates: false },
    expect: { ...mapped, ...remapped, ...entryLeft, ...notShut, ...marked, ...notWalked },
  },
  'per-page-kill-first': {
    about: 'memory_failure() for every page, after the kill: nothing is mapped, and good memory is marked as poisoned.',
    option: { ...preset('P0', options), sweep: 'afterGrace', sweeps: 'perPage', invalidates: false },
    expect: { ...entryLeft, ...notShut, ...marked, ...notWalked },
  },
  'driver-sweeps': {
    about: 'The driver takes all mappings away after the kill, and the file system is not told.',
    option: { ...preset('P0', options), sweep: 'afterGrace' },
    expect: { ...notShut, ...notWalked },
  },

  // How does a fault end?
  'P6-section-to-insertion': {
    about: 'P6 whose faults stay inside dax_srcu until they have mapped: nobody maps after kill_dax().',
    option: { ...preset('P6', options), section: 'insertion' },
    expect: { ...mapped, ...entryLeft },
  },
  'P6-recheck': {
    about: 'P6 whose faults ask again under the entry lock whether the device is alive: it was, a moment ago.',
    option: { ...preset('P6', options), section: 'recheck' },
    expect: { ...mapped, ...remapped, ...entryLeft },
  },
  'P0-pinned': {
    about: 'P0 where a mapped page holds its pagemap: the memory stays, and unbind waits for whoever maps it.',
    option: { ...preset('P0', options), pins: true },
    expect: { ...remapped, ...notShut, ...nobodyActs, deadlock: 'violated' },
  },
} satisfies Readonly<Record<string, VariantSpec<typeof options>>>;
