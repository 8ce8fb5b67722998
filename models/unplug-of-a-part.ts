import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { deviceIsInUse, preRemoveShutdown } from '../src/invariants/pre-remove-shutdown.ts';
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
} from '../src/invariants/stacked.ts';
import { unbindCompletes } from '../src/invariants/unplug-revokes.ts';
import { clientMachine } from '../src/machines/client.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { memmapMachine } from '../src/machines/memmap.ts';
import { wholeDevice } from '../src/machines/messages.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { relayMachine } from '../src/machines/relay.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { upperMachine } from '../src/machines/upper.ts';
import { notifierLoadsOf } from './instructions/delivery.ts';
import { legSweepSteps, legSweepWires, legUnbindWires, partUnbindSteps } from './instructions/stacks.ts';
import { removalRevoke } from './instructions/unplug.ts';
import { kernel, preset } from './presets.ts';

const options = {
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
type Option = Assignment<typeof options>;

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

/**
 * Mail 003: what has to happen when a device goes is the file system's to say. One that has lost the leg of a mirror,
 * or a cache that was clean, has lost nothing; one that has lost its realtime device still has its data and its log.
 * Who is told, and what does the file system make of it?
 *
 * The world is one part that is unplugged, a task that maps it, and one that maps what stays. The part is a device of
 * the file system's own (data, log, realtime), or lies under a layer: the leg of a mirror, a cache with everything
 * written back, a cache with file data that only it has. A layer passes nothing on, passes on what it is told, or says
 * what it means to those above it; that the memory of a mirror or a cache is mapped directly is what the mail supposes.
 * The file system is upper.ts; of the kernels as they are, the faults that race with its walk are unplug-revokes'.
 *
 * What a file system can do without: realtime by that mail, a mirror's leg, and a cache. That it could do without
 * realtime is policy and nothing that the source says (H-26); v7.1 goes down with it, and does nothing for its log,
 * without which it cannot live.
 *
 * What surprised, and who was right:
 * - Chinner, on each of his three cases. Told nothing, the leg of a mirror or a cache goes from under its mappings
 *   (`P6-mirror-leg`, I7); told as the data device is told, a healthy file system goes down (`mirror-leg-broadcast`,
 *   I13). The layer has to decide (`repaired-mirror-leg`), and it needs a word that the interface has not got: *moved*,
 *   take the mappings of this place away, and nothing is lost.
 * - To spare realtime in the handler is not enough: the block layer's mark_dead shuts the file system down all the
 *   same, a moment later (`realtime-spared-by-handler`). The interface does order an action that assumes a dead file
 *   system (S003-32); the callback has to ask, as the handler has.
 * - The driver's sweep keeps I7 for everybody, and kills those who have lost nothing (`mirror-leg-swept`). Of a dirty
 *   cache it is dangerous: the mappings go, the next touch finds the older copy below, and nobody has said that it is
 *   old (`dirty-cache-swept`).
 * - A layer has to stop using its leg *before* it has the mappings taken away; else the next fault goes to the leg
 *   again (`mirror-leg-closed-late`, and without the sweep I7 itself). It is the gate of S003-33 once more, at the
 *   layer.
 * - A veto for as long as there is a holder (V20) refuses what cannot be refused, as the device goes when it is pulled
 *   (`vetoed`: unbind never completes), and it does not protect the leg of a layer, which has none
 *   (`vetoed-mirror-leg`).
 * - The block layer's mark_dead as the only signal (V24) comes after the kill (`told-by-block-layer-only`).
 */
export default defineModel({
  name: 'unplug-of-a-part',
  about: 'A device goes that a file system could do without: who is told, and who dies of it?',
  sources: ['S003-27', 'S003-28', 'S003-29', 'S003-31', 'KB-33', 'H-06', 'H-23', 'H-26'],
  options,
  variants: {
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
  },
  build: (option) => {
    const { part } = option;
    const isLeg = part === 'mirrorLeg' || part === 'cleanCache' || part === 'dirtyCache';
    return compose(
      {
        unbind: start(unbindMachine, {
          notifies: option.notifies,
          marksDead: option.marksDead,
          revokes: option.sweep,
        }),
        sweep: start(revokeMachine, removalRevoke),
        memmap: start(memmapMachine),
        // Device 0 is the part that goes; above a leg device 1 is the layer's own.
        dax: replicate(daxMachine, 2, (device) => ({ holder: device === 0 ? holderOf(option, isLeg) : 'mp' })),
        notifier: replicate(notifierMachine, 2, () => ({ loadsOnce: true })),
        relay: replicate(relayMachine, 1, () => ({
          routes: [[0]],
          copies: copiesOf(option),
          translates: option.stack === 'passes' ? ('no' as const) : ('all' as const),
          closes: option.closes,
        })),
        filesystem: replicate(upperMachine, 1, () => ({
          device: part === 'log' || part === 'realtime' ? part : ('data' as const),
          ignoresLog: option.withLog === 'ignore',
          knowsRealtime: option.realtime === 'walked',
          unneeded: option.unneeded,
          deadDisk: option.deadDisk,
        })),
        superblock: start(superblockMachine, { mounted: true }),
        // One task maps the part; another, and of the log both, map what stays.
        client: replicate(clientMachine, 2, (task) => ({
          page: { device: task === 0 && part !== 'log' ? 0 : 1, block: 0 },
        })),
      },
      {
        wires: {
          unbind: {
            ...legUnbindWires(['notifier', 0]),
            // What the block layer has to say goes to the callback of whoever holds the block device.
            'filesystem.shut': 'filesystem',
            'ref.killed': [],
            'ref.drained': [],
          },
          sweep: legSweepWires(['client', 0]),
          notifier: {
            'failure.notified': (_, device) => (isLeg && device === 0 ? 'relay' : 'filesystem'),
            'notification.answered': (_, device) => (device === 0 ? 'unbind' : 'relay'),
            'thread.died': [],
          },
          relay: {
            'notification.asked': ['notifier', 1],
            'failure.handled': ['notifier', 0],
            'lock.taken': [],
            'lock.released': [],
          },
          filesystem: {
            'failure.handled': isLeg ? ['notifier', 1] : ['notifier', 0],
            // All of a device of its own is what the first task maps; all of the layer's is what both map.
            'page.unmapped': ({ block }) => (isLeg && block === wholeDevice ? 'client' : ['client', 0]),
            'task.signalled': ({ block }) => (isLeg && block === wholeDevice ? 'client' : ['client', 0]),
            'filesystem.shut': 'superblock',
          },
        },
        spontaneous: {
          unbind: partUnbindSteps(
            ({ dax }) => dax[0]!,
            { 'unbind.requested': ({ dax }) => option.veto === 'never' || dax[0]!.context.data === null },
            {
              type: 'superblock.marked',
              read: ({ superblock }) => ({ active: superblock.hasTag('active') && isFound(option, isLeg) }),
            },
          ),
          sweep: legSweepSteps(({ client }) => client[0]!.context.page?.device === 0),
          notifier: notifierLoadsOf(({ dax }, device) => dax[device]!),
          relay: [{ type: 'table.read', oneOf: [{ open: true }] }, 'target.called'],
          filesystem: [
            {
              type: 'range.located',
              read: ({ relay }) => ({ own: true, means: isLeg ? relay[0]!.context.means : 'going' }),
            },
            'owners.found',
            'shutdown.decided',
          ],
          client: [
            {
              type: 'page.faulted',
              environment: true,
              when: ({ unbind }) => option.faults === 'anytime' || unbind.hasTag('killed'),
              read: ({ superblock, filesystem, dax, relay }, task) => {
                const refused = { page: null, current: true };
                if (superblock.context.shutdown || filesystem[0]!.context.lost) return refused;
                if (task === 1) return { page: { device: 1, block: 0 }, current: true };
                const isInUse = dax[0]!.context.alive && !relay[0]!.context.closed;
                if (isInUse) return { page: { device: 0, block: 0 }, current: true };
                return isLeg ? { page: { device: 1, block: 0 }, current: part !== 'dirtyCache' } : refused;
              },
            },
          ],
        },
        properties: [
          unbindCompletes,
          ...(part === 'log' ? [] : [partRevoked, stackBlast, reportArrives]),
          ...(part === 'log' || part === 'data' ? [preRemoveShutdown] : [partIsSpared]),
          ...(isLeg ? [noStaleData, noFalseLoss] : []),
        ],
      },
    );
  },
});

/** Whoever holds the DAX device that goes: the layer, if layers hold theirs, or the file system. */
function holderOf({ stack }: Option, isLeg: boolean) {
  if (!isLeg) return 'mp';
  return stack === 'silent' ? null : 'other';
}

/** Where the data of the part are to be found otherwise, as far as the layer knows. */
function copiesOf({ part, cache }: Option) {
  if (part === 'dirtyCache') return cache === 'knows' ? 'old' : 'current';
  return part === 'mirrorLeg' || part === 'cleanCache' ? 'current' : 'none';
}

/** The block device of a leg is held by the layer; the number that a super block keeps is that of its data device. */
const isFound = ({ part, found }: Option, isLeg: boolean): boolean =>
  !isLeg && (part === 'data' || found === 'byHolder');
