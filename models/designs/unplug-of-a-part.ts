import type { VariantSpec } from '../../src/explore/model.ts';
import { deviceIsInUse, preRemoveShutdown } from '../../src/invariants/pre-remove-shutdown.ts';
import {
  dataAreElsewhere,
  mappedPartGoes,
  noFalseLoss,
  noStaleData,
  partIsSpared,
  partRevoked,
  reportArrives,
  stackBlast,
  taskIsTouched,
} from '../../src/invariants/stacked.ts';
import { unbindCompletes } from '../../src/invariants/unplug-revokes.ts';
import { kernel, preset } from '../presets.ts';

/**
 * The parts that may go, and the designs by which somebody hears of it, as variants of `unplug-of-a-part`: their options, and what comes
 * of each.
 */
export const options = {
  stack: kernel.stack,
  unneeded: kernel.unneeded,
  deadDisk: kernel.deadDisk,
  notifies: ['beforeKill', 'never'],
  marksDead: kernel.marksDead,
  withLog: kernel.withLog,
  realtime: kernel.realtime,
  sweep: kernel.sweep,
  /** What goes: a device of the file system's own, or a leg of the layer below it. */
  part: ['data', 'log', 'realtime', 'mirrorLeg', 'cleanCache', 'dirtyCache'],
  /** How a dead block device leads to its file system: by its holder, or by the one number that this keeps (KB-33). */
  found: ['byHolder', 'bySuperDevice'],
  /** Whether a device may be unbound while it has a holder (posted, and dropped). */
  veto: ['never', 'whileHeld'],
  /** Whether the cache knows what it has not written back. */
  cache: ['knows', 'takesAllForClean'],
  /** When the layer stops using a leg that goes: before those above take their mappings away, or after. */
  closes: ['first', 'last'],
  /** When tasks touch their pages again: when the device is dead, or at any time. */
  faults: ['afterwards', 'anytime'],
} as const;

const v71 = preset('P6', options);
const repaired = { ...preset('repaired', options), faults: 'anytime' } as const;

/** Memory is removed under a page table entry. */
const mapped = { [partRevoked.name]: 'violated' } as const;
/** The file system goes down with a device that it did not need. */
const shut = { [partIsSpared.name]: 'violated' } as const;
/** The device is killed under a file system that goes on. */
const notShut = { [preRemoveShutdown.name]: 'violated' } as const;
/** Somebody is told who has lost nothing. */
const blast = { [stackBlast.name]: 'violated' } as const;
/** A task reads what its data once were. */
const stale = { [noStaleData.name]: 'violated' } as const;
/** The file system is never asked. */
const unasked = { [reportArrives.name]: 'unreached' } as const;
/** Nobody does anything. */
const idle = { ...unasked, [taskIsTouched.name]: 'unreached', [stackBlast.name]: 'vacuous' } as const;
/** The mapping stays, so that nobody looks for his data anywhere else. */
const stays = {
  [dataAreElsewhere.name]: 'unreached',
  [noStaleData.name]: 'vacuous',
  [noFalseLoss.name]: 'vacuous',
} as const;

export const designs = {
  P6: {
    about: 'v7.1 loses its data device: told, shut down.',
    option: v71,
  },
  'P6-log': {
    about: 'v7.1 loses its external log: 0 is answered, and the block layer comes after the kill.',
    option: { ...v71, part: 'log' },
    expect: notShut,
  },
  'P4-realtime': {
    about: 'v6.8 loses its realtime device: not revoked, and shut down by the block layer.',
    option: { ...preset('P4', options), part: 'realtime' },
    expect: { ...mapped, ...shut, ...idle },
  },
  'P6-realtime': {
    about: 'v7.1 loses its realtime device: revoked, and shut down.',
    option: { ...v71, part: 'realtime' },
    expect: shut,
  },
  'P6-mirror-leg': {
    about: 'v7.1 on a mirror: nobody is told of the leg.',
    option: { ...v71, part: 'mirrorLeg' },
    expect: { ...mapped, ...idle, ...stays },
  },
  'P6-clean-cache': {
    about: 'v7.1 on a cache with everything written back: nobody is told.',
    option: { ...v71, part: 'cleanCache' },
    expect: { ...mapped, ...idle, ...stays },
  },
  'P6-dirty-cache': {
    about: 'v7.1 on a cache with data of its own: nobody is told.',
    option: { ...v71, part: 'dirtyCache' },
    expect: { ...mapped, ...idle, ...stays },
  },
  repaired: {
    about: 'The data device: told, shut down, swept.',
    option: repaired,
  },
  'repaired-log': {
    about: 'The external log: shut down, before the kill.',
    option: { ...repaired, part: 'log' },
  },
  'repaired-realtime': {
    about: 'The realtime device: its files are revoked, the others go on.',
    option: { ...repaired, part: 'realtime' },
  },
  'repaired-mirror-leg': {
    about: 'The leg of a mirror: closed, its mappings taken away; the next touch finds the other leg.',
    option: { ...repaired, part: 'mirrorLeg' },
  },
  'repaired-clean-cache': {
    about: 'A cache with everything written back: the same, with the device below it.',
    option: { ...repaired, part: 'cleanCache' },
  },
  'repaired-dirty-cache': {
    about: 'A cache with data of its own: what it has not written back is reported as lost.',
    option: { ...repaired, part: 'dirtyCache' },
  },

  // Who is told?
  'mirror-leg-broadcast': {
    about: 'The layer tells its file system that the device goes, as it was told itself.',
    option: { ...v71, stack: 'passes', part: 'mirrorLeg' },
    expect: { ...blast, ...shut },
  },
  'mirror-leg-broadcast-spared': {
    about: 'The same to a file system that would go on without what it does not need: it cannot know.',
    option: { ...repaired, stack: 'passes', part: 'mirrorLeg' },
    expect: { ...blast, ...shut, [noFalseLoss.name]: 'violated' },
  },
  'mirror-leg-swept': {
    about: 'The layer tells nobody, and the driver takes the mappings away: who has lost nothing is killed.',
    option: { ...repaired, stack: 'silent', part: 'mirrorLeg' },
    expect: { ...blast, ...unasked },
  },
  'clean-cache-broadcast': {
    about: 'A cache with everything written back tells the file system that the device goes.',
    option: { ...v71, stack: 'passes', part: 'cleanCache' },
    expect: { ...blast, ...shut },
  },
  'dirty-cache-broadcast': {
    about: 'The same of a cache with data of its own: all is given up for a part.',
    option: { ...v71, stack: 'passes', part: 'dirtyCache' },
    expect: { ...blast, ...shut },
  },
  'dirty-cache-swept': {
    about: 'The layer tells nobody, and the driver takes the mappings away: the next touch reads an old copy.',
    option: { ...repaired, stack: 'silent', part: 'dirtyCache' },
    expect: { ...stale, ...unasked },
  },
  'dirty-cache-taken-for-clean': {
    about: 'A cache that does not know what it has not written back: the same.',
    option: { ...repaired, cache: 'takesAllForClean', part: 'dirtyCache' },
    expect: stale,
  },
  'told-by-block-layer-only': {
    about: 'v7.1, and nothing but the dead block device tells that the data device has gone.',
    option: { ...v71, notifies: 'never' },
    expect: { ...mapped, ...notShut, ...idle },
  },
  'log-found-by-number': {
    about: 'A log for which only the block layer shuts down, and which it does not find (KB-33).',
    option: { ...repaired, withLog: 'ignore', found: 'bySuperDevice', part: 'log' },
    expect: notShut,
  },

  // What does the file system make of it?
  'realtime-spared-by-handler': {
    about: 'The handler goes on without realtime, and the callback of the dead block device does not.',
    option: { ...repaired, deadDisk: 'shutsDown', part: 'realtime' },
    expect: shut,
  },
  'realtime-spared-by-block-layer': {
    about: 'The callback would go on, and the handler does not.',
    option: { ...repaired, unneeded: 'shutDown', part: 'realtime' },
    expect: shut,
  },
  'mirror-leg-translated-shut': {
    about: 'The layer says that nothing is lost, and a removal ends in a shutdown whatever it was.',
    option: { ...repaired, unneeded: 'shutDown', part: 'mirrorLeg' },
    expect: shut,
  },
  'mirror-leg-closed-late': {
    about:
      'The layer uses the leg until its mappings are gone: a fault maps it again, and the sweep kills whose it is.',
    option: { ...repaired, closes: 'last', part: 'mirrorLeg' },
    expect: blast,
  },
  'mirror-leg-closed-late-unswept': {
    about: 'The same without a sweep.',
    option: { ...repaired, closes: 'last', sweep: 'no', part: 'mirrorLeg' },
    expect: mapped,
  },

  // May it go at all?
  vetoed: {
    about: 'v7.1 refuses to unbind a device that has a holder.',
    option: { ...v71, veto: 'whileHeld' },
    expect: {
      ...idle,
      [unbindCompletes.name]: 'unreached',
      [mappedPartGoes.name]: 'unreached',
      [deviceIsInUse.name]: 'unreached',
      [partRevoked.name]: 'vacuous',
      [preRemoveShutdown.name]: 'vacuous',
    },
  },
  'vetoed-mirror-leg': {
    about: 'The same of the leg of a mirror: there is no holder to ask.',
    option: { ...v71, veto: 'whileHeld', part: 'mirrorLeg' },
    expect: { ...mapped, ...idle, ...stays },
  },
} satisfies Readonly<Record<string, VariantSpec<typeof options>>>;
