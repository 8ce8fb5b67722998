import type { VariantSpec } from '../../src/explore/model.ts';
import { holderPair } from '../../src/invariants/holder-pair.ts';
import { noFreedHolder, noLateWalk, noNullHolder } from '../../src/invariants/no-late-walk.ts';
import { noNewMapping } from '../../src/invariants/no-new-mapping.ts';
import { noOrphan } from '../../src/invariants/one-holder.ts';
import { outcome } from '../../src/invariants/outcome.ts';
import { preRemoveShutdown } from '../../src/invariants/pre-remove-shutdown.ts';
import { noEntryOutlives } from '../../src/invariants/refs-before-free.ts';
import { unplugRevokes } from '../../src/invariants/unplug-revokes.ts';
import { kernel, preset, registration } from '../presets.ts';

/**
 * The cuts of the world in which everything can meet, each as much as a check of seconds can bear, as variants of `world`: their
 * options, and what comes of each.
 */
export const options = {
  guard: ['born', 'bornAndActive'],
  whenUnready: kernel.whenUnready,
  lock: kernel.lock,
  contended: kernel.contended,
  lateError: kernel.lateError,
  ...registration,
  onError: kernel.onError,
  whenLost: kernel.whenLost,
  checksPage: kernel.checksPage,
  unmaps: kernel.unmaps,
  gate: kernel.gate,
  withoutRmap: kernel.withoutRmap,
  marksDead: kernel.marksDead,
  section: kernel.section,
  sweep: kernel.sweep,
  /** Poison events: one in file data, and a second one in metadata. */
  events: [2, 1, 0],
  /** Tasks that map the file: an early-kill one and a late-kill one. */
  tasks: [2, 1, 0],
  unplug: [true, false],
  umount: [true, false],
  /** Whether the log may be dirty. */
  crash: [true, false],
} as const;

const v71 = preset('P6', options);
const repaired = preset('repaired', options);

/** H-03, and KB-12 where ops are loaded twice. */
const holderTorn = { [noNullHolder.name]: 'violated', [holderPair.name]: 'violated' } as const;
/** H-02 */
const holderFreed = { [noFreedHolder.name]: 'violated' } as const;
/** H-17 */
const orphaned = { [noOrphan.name]: 'violated' } as const;
/** H-01 */
const walkedLate = { [noLateWalk.name]: 'violated' } as const;
/** H-15 and H-05 */
const lost = { [outcome.name]: 'violated' } as const;
/** H-07, H-12, H-13 and what comes of them. */
const notRevoked = {
  [preRemoveShutdown.name]: 'violated',
  [unplugRevokes.name]: 'violated',
  [noNewMapping.name]: 'violated',
  [noEntryOutlives.name]: 'violated',
} as const;

export const designs = {
  'P6-without-unplug': {
    about: 'v7.1 with two events, in data and in metadata, and nobody who unplugs.',
    option: { ...v71, unplug: false, tasks: 1 },
    expect: { ...orphaned, ...walkedLate, ...holderTorn, ...holderFreed, ...lost },
  },
  'P6-without-poison': {
    about: 'v7.1 with two tasks and an unplug, and no poison.',
    option: { ...v71, events: 0 },
    expect: { ...orphaned, ...notRevoked },
  },
  'P6-without-second': {
    about: 'v7.1 with one event and one task: everything once.',
    option: { ...v71, events: 1, tasks: 1 },
    expect: { ...orphaned, ...walkedLate, ...holderTorn, ...holderFreed, ...notRevoked },
  },
  'repaired-without-unplug': {
    about: 'The repaired kernel with two events, in data and in metadata, and nobody who unplugs.',
    option: { ...repaired, unplug: false, tasks: 1 },
  },
  'repaired-without-poison': {
    about: 'The repaired kernel with two tasks and an unplug, and no poison.',
    option: { ...repaired, events: 0 },
  },
  'repaired-without-second': {
    about: 'The repaired kernel with one event and one task: everything once.',
    option: { ...repaired, events: 1, tasks: 1 },
  },
} satisfies Readonly<Record<string, VariantSpec<typeof options>>>;
