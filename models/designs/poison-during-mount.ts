import type { VariantSpec } from '../../src/explore/model.ts';
import { halfRegistrationIsMet, holderPair } from '../../src/invariants/holder-pair.ts';
import { bornBeforeAttached } from '../../src/invariants/leftovers.ts';
import { noEarlyMapping } from '../../src/invariants/no-early-mapping.ts';
import { handlerWalks, noEarlyWalk, noWalkBeforeSuperblock } from '../../src/invariants/no-early-walk.ts';
import {
  callbackBeforeSuperblock,
  callbackIsInvoked,
  noFreedHolder,
  noLateWalk,
  noNullHolder,
} from '../../src/invariants/no-late-walk.ts';
import {
  consumptionReturns,
  nothingLeft,
  outcome,
  outcomeAfterMount,
  ownerHandles,
  ownerTells,
  replayIsOwned,
} from '../../src/invariants/outcome.ts';
import { noCircle } from '../../src/invariants/walk-ends.ts';
import { kernel, preset, registration } from '../presets.ts';

/**
 * The kernels and the designs of a mount under which poison is reported, as variants of `poison-during-mount`: their options, and what
 * comes of each.
 */
export const options = {
  registers: kernel.registers,
  guard: kernel.guard,
  whenUnready: kernel.whenUnready,
  asksFeatures: kernel.asksFeatures,
  ...registration,
  /** ro,norecovery */
  skipsRecovery: [false, true],
  /** What a walk finds behind the last record of an rmapbt that recovery has yet to correct: the end, or the first record. */
  staleTree: ['finishes', 'leadsBack'],
  /** When the daemon reads the record: level-triggered after the mount; once, as soon as there is one; or never, for want of an ABI. */
  daemon: ['level', 'eager', 'untold'],
  /** Whether files may be opened before the mount has been attached (M14). */
  opens: ['afterMount', 'early'],
  /** Whether poison is found by a task that loads from it, or by a scan of the media alone. */
  finds: ['consumptionAndScan', 'scan'],
} as const;

/** The kernel that all other variants change in one respect or two. */
const v71 = preset('P6', options);

// The verdicts that several variants share.

/** A mount that fails puts its holder under the eyes of a notifier: H-03, with ops loaded twice KB-12. */
const holderTorn = { [noNullHolder.name]: 'violated', [holderPair.name]: 'violated' } as const;
/** It then frees its mount under the feet of a handler: H-02. */
const holderFreed = { [noFreedHolder.name]: 'violated' } as const;
/** Whoever registers before M2 suffers both until they are repaired. */
const registeredEarly = { ...holderTorn, ...holderFreed } as const;
/** What comes before SB_BORN is answered -EIO, for good: H-15. */
const dropped = { [outcome.name]: 'violated' } as const;
const walkedEarly = { [noEarlyWalk.name]: 'violated' } as const;
/** The walk follows a tree that recovery would have corrected, round and round. */
const walkedInCircles = { [noCircle.name]: 'violated' } as const;
/** The perags of a mount that fails go while the walk is in them. */
const walkedLate = { [noLateWalk.name]: 'violated' } as const;

export const designs = {
  P0: {
    about: 'v5.19: nobody registers, and the generic path does what can be done for a page with one owner.',
    option: preset('P0', options),
    expect: {
      [noEarlyWalk.name]: 'vacuous',
      [noWalkBeforeSuperblock.name]: 'vacuous',
      [noCircle.name]: 'vacuous',
      [noLateWalk.name]: 'vacuous',
      [noNullHolder.name]: 'vacuous',
      [noFreedHolder.name]: 'vacuous',
      [holderPair.name]: 'vacuous',
      [handlerWalks.name]: 'unreached',
      [ownerHandles.name]: 'unreached',
      [ownerTells.name]: 'unreached',
      [callbackIsInvoked.name]: 'unreached',
      [halfRegistrationIsMet.name]: 'unreached',
      [callbackBeforeSuperblock.name]: 'unreached',
    },
  },
  P1: {
    about: 'v12 as posted: registered before the superblock is read, and no guard at all.',
    option: preset('P1', options),
    expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped },
  },
  'P1-without-feature-test': {
    about: 'v12 without the question for an rmapbt (H4): what the mail fears of the time before M2.',
    option: { ...preset('P1', options), asksFeatures: false },
    expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, [noWalkBeforeSuperblock.name]: 'violated' },
  },
  'P1-tree-leads-back': {
    about: 'v12, and the rmapbt that recovery has yet to correct leads back to a record: the walk goes round in it.',
    option: { ...preset('P1', options), staleTree: 'leadsBack' },
    expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped, ...walkedInCircles },
  },
  P2a: {
    about: 'v6.0-rc1: the guard reads the wrong flags word. No call is ever let through, so nothing else can go wrong.',
    option: preset('P2a', options),
    expect: {
      ...registeredEarly,
      ...dropped,
      [noEarlyWalk.name]: 'vacuous',
      [noWalkBeforeSuperblock.name]: 'vacuous',
      [noCircle.name]: 'vacuous',
      [noLateWalk.name]: 'vacuous',
      [handlerWalks.name]: 'unreached',
      [ownerHandles.name]: 'unreached',
      [ownerTells.name]: 'unreached',
      [outcomeAfterMount.name]: 'violated',
    },
  },
  P2b: {
    about: 'v6.0: the guard reads SB_BORN where it is. What comes before is answered -EIO and forgotten.',
    option: preset('P2b', options),
    expect: { ...registeredEarly, ...dropped },
  },
  'P2b-tree-leads-back': {
    about: 'v6.0 and the same tree: when the handler is let in, recovery has corrected it.',
    option: { ...preset('P2b', options), staleTree: 'leadsBack' },
    expect: { ...registeredEarly, ...dropped },
  },
  P6: {
    about: 'v6.1 to v7.1 (P3 to P6): as v6.0; when a shutdown comes makes no difference to poison in file data.',
    option: preset('P6', options),
    expect: { ...registeredEarly, ...dropped },
  },
  P7: {
    about: 'Next: holder_ops is loaded once. What it stands beside may still be NULL.',
    option: preset('P7', options),
    expect: { ...registeredEarly, ...dropped },
  },
  'delayed-until-born': {
    about: 'Chinner: what comes too early waits in a queue, and is worked off by the mount, or thrown away with it.',
    option: { ...v71, whenUnready: 'queue' },
    expect: registeredEarly,
  },
  'dropped-and-replayed': {
    about: 'Williams: what comes too early is dropped, and a daemon replays it from a record after the mount.',
    option: { ...v71, whenUnready: 'record' },
    expect: registeredEarly,
  },
  'replayed-once-too-early': {
    about: 'The daemon replays the record as soon as it sees it, once: before M13 the event is dropped again.',
    option: { ...v71, whenUnready: 'record', daemon: 'eager' },
    expect: { ...registeredEarly, ...dropped },
  },
  'recorded-unread': {
    about: 'What is dropped is recorded, and nobody is told of the record: there is no ABI for a daemon to live on.',
    option: { ...v71, whenUnready: 'record', daemon: 'untold' },
    expect: {
      ...registeredEarly,
      [nothingLeft.name]: 'violated',
      [replayIsOwned.name]: 'unreached',
      [bornBeforeAttached.name]: 'vacuous',
    },
  },
  'found-by-scan-only': {
    about: 'Poison is found by a scan of the media alone: no task has ever to be told in its own context.',
    option: { ...v71, finds: 'scan' },
    expect: {
      ...registeredEarly,
      ...dropped,
      [outcomeAfterMount.name]: 'vacuous',
      [consumptionReturns.name]: 'unreached',
    },
  },
  'opened-early': {
    about:
      'Files can be opened when the superblock has been read: what is dropped before SB_BORN has somebody to tell.',
    option: { ...v71, opens: 'early' },
    expect: {
      ...registeredEarly,
      ...dropped,
      [noEarlyMapping.name]: 'violated',
      [outcomeAfterMount.name]: 'violated',
    },
  },
  'registered-after-recovery': {
    about: "Registered only after M10: no guard is needed, no failure follows, and earlier events are nobody's.",
    option: { ...v71, registers: 'afterRecovery', guard: 'none', whenUnready: 'walk' },
    expect: { [callbackBeforeSuperblock.name]: 'unreached' },
  },
  'guard-at-M2': {
    about: 'Ready when the superblock has been read: there are no perags yet.',
    option: { ...v71, guard: 'M2' },
    expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped },
  },
  'guard-at-M6': {
    about: 'Ready when there are perags: the log has not been looked at yet.',
    option: { ...v71, guard: 'M6' },
    expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped },
  },
  'guard-at-M8': {
    about: 'Ready when the log has been replayed: its intents have yet to change the rmapbt.',
    option: { ...v71, guard: 'M8' },
    expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped },
  },
  'guard-at-M10': {
    about: 'Ready when the intents are recovered: as safe as SB_BORN, and a little earlier.',
    option: { ...v71, guard: 'M10' },
    expect: { ...registeredEarly, ...dropped },
  },
  norecovery: {
    about: 'ro,norecovery under the SB_BORN guard: born with a dirty log, and with the tree that goes with it.',
    option: { ...v71, skipsRecovery: true, staleTree: 'leadsBack' },
    expect: { ...registeredEarly, ...walkedEarly, ...walkedInCircles, ...dropped },
  },
  'norecovery-guard-at-clean-log': {
    about: 'ro,norecovery under a guard that looks at the log: no walk, and no outcome either.',
    option: { ...v71, skipsRecovery: true, guard: 'cleanLog', staleTree: 'leadsBack' },
    expect: { ...registeredEarly, ...dropped, [outcomeAfterMount.name]: 'violated' },
  },
  'holder-read-once': {
    about: 'P6 with the holder loaded once and checked: never NULL, but it may have been freed.',
    option: { ...v71, holderOps: 'loadedOnce', holderData: 'checked' },
    expect: { ...holderFreed, ...dropped },
  },
  'holder-read-once-put-drained': {
    about: 'The same, and put waits for those who have loaded it: I2 and I3 hold.',
    option: { ...v71, holderOps: 'loadedOnce', holderData: 'checked', put: 'drained' },
    expect: dropped,
  },
  repaired: {
    about: 'Recorded and replayed, the holder loaded once and checked, and a put that drains.',
    option: preset('repaired', options),
  },
  'repaired-by-delay': {
    about: 'The same with a queue for the record: delayed until born.',
    option: { ...preset('repaired', options), whenUnready: 'queue' },
  },
} satisfies Readonly<Record<string, VariantSpec<typeof options>>>;
