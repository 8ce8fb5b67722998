import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { preRemoveShutdown } from '../src/invariants/pre-remove-shutdown.ts';
import {
  noFalseLoss,
  noStaleData,
  partIsSpared,
  partRevoked,
  reportArrives,
  stackBlast,
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
import { designs, options } from './designs/unplug-of-a-part.ts';
import { notifierLoadsOf } from './instructions/delivery.ts';
import { legSweepSteps, legSweepWires, legUnbindWires, partUnbindSteps } from './instructions/stacks.ts';
import { removalRevoke } from './instructions/unplug.ts';

type Option = Assignment<typeof options>;

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
  variants: designs,
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
