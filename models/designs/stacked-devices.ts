import type { VariantSpec } from '../../src/explore/model.ts';
import { preRemoveShutdown } from '../../src/invariants/pre-remove-shutdown.ts';
import {
  partRevoked,
  reportArrives,
  stackBlast,
  stackFallback,
  stackOutcome,
  taskIsTouched,
} from '../../src/invariants/stacked.ts';
import { kernel, preset } from '../presets.ts';

/** The layers over a leg that fails or goes, as variants of `stacked-devices`: their options, and what comes of each. */
export const options = {
  stack: kernel.stack,
  sharedPage: kernel.sharedPage,
  notifies: ['beforeKill', 'never'],
  sweep: kernel.sweep,
  /** What happens to the leg. */
  event: ['poison', 'unplug', 'both'],
  /** What the layer makes of its legs: one device of several, or one of several that are alike. */
  layer: ['linear', 'mirror'],
  /** Who has the block that fails: one file; two, by a reflink; two blocks of the layer, by its table. */
  sharing: ['none', 'reflink', 'table'],
  /** Which of the places above a block of the leg the layer knows of. */
  routes: ['all', 'firstOnly'],
  /** What the layer says to who told it: what those above have answered, or 0. */
  answers: ['passed', 'zero'],
  /** The file system on the layer: XFS, or one that registers with nobody. */
  top: ['xfs', 'ext4'],
} as const;

const v71 = preset('P6', options);
const repaired = preset('repaired', options);

/** memory_failure() is over, and somebody who maps the page does not know. */
const lost = { [stackOutcome.name]: 'violated' } as const;
/** Somebody is told who has lost nothing. */
const blast = { [stackBlast.name]: 'violated' } as const;
/** The leg goes, and nobody above it hears of that. */
const goesUnheard = { [partRevoked.name]: 'violated', [preRemoveShutdown.name]: 'violated' } as const;
/** The file system is never asked. */
const unasked = { [reportArrives.name]: 'unreached' } as const;
/** Nobody does anything. */
const idle = { ...unasked, [taskIsTouched.name]: 'unreached', [stackBlast.name]: 'vacuous' } as const;
const idleInFailure = { ...idle, [stackFallback.name]: 'vacuous' } as const;

export const designs = {
  'P0-shared': {
    about: 'v5.19 under a block that files share: the generic path finds the first of them.',
    option: { ...preset('P0', options), sharing: 'reflink' },
    expect: { ...lost, ...unasked, [stackFallback.name]: 'violated' },
  },
  P6: {
    about: 'v7.1: the leg has no holder, so that the generic path goes by the page, and finds its one owner.',
    option: v71,
    expect: unasked,
  },
  'P6-shared': {
    about: 'v7.1 under a block that files share: the page names nobody, and nobody is told.',
    option: { ...v71, sharing: 'reflink' },
    expect: { ...lost, ...idleInFailure },
  },
  'P6-table': {
    about: 'v7.1 where the table has two blocks in one place: the same.',
    option: { ...v71, sharing: 'table' },
    expect: { ...lost, ...idleInFailure },
  },
  'P6-mirror': {
    about: 'v7.1 below a mirror: who maps the leg is killed, and his data are on the other.',
    option: { ...v71, layer: 'mirror' },
    expect: { ...blast, ...unasked },
  },
  'P6-ext4': {
    about: 'v7.1 with an ext4 on the layer: two devices without a holder.',
    option: { ...v71, top: 'ext4' },
    expect: unasked,
  },
  'P6-unplug': {
    about: 'v7.1: kill_dax() of the leg tells nobody.',
    option: { ...v71, event: 'unplug' },
    expect: { ...goesUnheard, ...idle },
  },
  'P6-both': {
    about: 'v7.1, unplugged and poisoned at once: who maps the page of a dead leg is not told either.',
    option: { ...v71, event: 'both' },
    expect: { ...lost, ...goesUnheard, ...unasked },
  },
  'chained-P6-both': {
    about: 'v7.1 with a layer that passes on what it is told, translated: that alone repairs this.',
    option: { ...v71, stack: 'translates', event: 'both' },
  },
  'swept-only': {
    about: 'All repaired but the chain: the driver takes the mappings away by itself.',
    option: { ...repaired, stack: 'silent', event: 'both' },
    expect: { ...lost, ...unasked, [preRemoveShutdown.name]: 'violated' },
  },
  passed: {
    about: 'A layer that passes offsets of the leg on as they come.',
    option: { ...repaired, stack: 'passes' },
    expect: { ...lost, ...blast },
  },
  'passed-unplug': {
    about: 'The same: that all of the leg goes is taken for the end of all that lies above it.',
    option: { ...repaired, stack: 'passes', event: 'unplug' },
    expect: blast,
  },
  'passed-mirror': {
    about: 'The same of a mirror.',
    option: { ...repaired, stack: 'passes', layer: 'mirror' },
    expect: { ...lost, ...blast },
  },
  'first-place-only': {
    about: 'A layer that looks the block up in its table, and stops at the first place where it finds it.',
    option: { ...repaired, routes: 'firstOnly', sharing: 'table' },
    expect: lost,
  },
  'zero-answered': {
    about: 'A layer that answers 0, whatever those above it have answered: an ext4 would have needed the generic path.',
    option: { ...repaired, answers: 'zero', top: 'ext4' },
    expect: { ...lost, ...idleInFailure },
  },
  repaired: {
    about: 'A layer that translates.',
    option: repaired,
  },
  'repaired-shared': {
    about: 'A layer that translates, below a block that files share.',
    option: { ...repaired, sharing: 'reflink' },
  },
  'repaired-table': {
    about: 'A layer that translates, with two blocks in one place.',
    option: { ...repaired, sharing: 'table' },
  },
  'repaired-mirror': {
    about: 'A mirror that says what it means: take the mappings of this leg away, nothing is lost.',
    option: { ...repaired, layer: 'mirror' },
  },
  'repaired-ext4': {
    about: 'A layer that passes on that nobody above it has registered.',
    option: { ...repaired, top: 'ext4' },
    expect: unasked,
  },
  'repaired-unplug': {
    about: 'A leg is unplugged, and the file system above the layer is told what it loses by it.',
    option: { ...repaired, event: 'unplug' },
  },
  'repaired-both': {
    about: 'Unplugged and poisoned at once.',
    option: { ...repaired, event: 'both' },
  },
  'repaired-both-table': {
    about: 'The same, with two blocks in one place.',
    option: { ...repaired, event: 'both', sharing: 'table' },
  },
  'repaired-both-mirror': {
    about: 'The same of a mirror.',
    option: { ...repaired, event: 'both', layer: 'mirror' },
  },
} satisfies Readonly<Record<string, VariantSpec<typeof options>>>;
