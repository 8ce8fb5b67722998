import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { deviceIsFreed, linkedIsHeld, noClosedTable, noFreedDevice, noHalfDevice } from '../src/invariants/assembly.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { mappedDeviceMachine } from '../src/machines/mapped-device.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { relayMachine } from '../src/machines/relay.ts';
import { tableMachine } from '../src/machines/table.ts';

const options = {
  /** Whether whoever opens or closes the table takes the lock under which the mapped device is made and deleted. */
  opens: ['locked', 'unlocked'],
  /** How far the thread that makes and deletes the device holds it. */
  locks: ['disk', 'kill', 'nothing'],
  /** Whether a report on the leg takes that lock, to look into the table; or looks without one. */
  report: ['unlocked', 'locked'],
  /** One dax_srcu for all devices, as in every kernel, or one for each. */
  srcu: ['one', 'perDevice'],
} as const;

/** A leg is linked to a mapped device that is not all there (KB-31). */
const halfLinked = { [noHalfDevice.name]: 'violated' } as const;
/** A report climbs into freed memory. */
const freed = { [noFreedDevice.name]: 'violated' } as const;

/**
 * A mapped device is made and removed, its table is opened over a leg and closed, and the leg reports an error, each
 * when it likes.
 *
 * What links a leg to the device above it, and lets a report climb by it, has to be whole at both ends. The world is
 * one mapped device, one leg, and a table that may be opened and closed again and again; what lies above the mapped
 * device has not registered. That device mapper registers with its legs is a design (stacked-devices); that it links
 * them is not.
 *
 * What surprised, and who was right:
 * - KB-31, on both ends: a link is made to a disk that is half added, and to one that was there when it was looked for
 *   (`unlocked`). One lock on both sides, and the question whether the table is open asked under it, are enough; on one
 *   side it is none (`opened-unlocked`, `made-unlocked`). A report that comes by such a link ends in freed memory.
 * - That lock must not be kept through kill_dax() if a report takes it too: the kill waits for readers of dax_srcu, and
 *   the report is one (`kept-through-kill`). Either alone is safe (`repaired-kept-through-kill`,
 *   `repaired-locked-report`).
 * - The one dax_srcu of all devices, which H-21 complains of, is what keeps a mapped device in memory while a report
 *   comes through it from below: the report reads the leg's device, and the removal waits for the readers of all. With
 *   a domain for each device, as that hazard's rule has it, a chain of holders needs a reference of its own
 *   (`srcu-per-device`).
 */
export default defineModel({
  name: 'stack-assembly',
  about: 'A mapped device comes and goes while its table is opened and its leg reports: what is linked to what?',
  sources: ['KB-31', 'H-21'],
  options,
  variants: {
    unlocked: {
      about: 'Nobody takes a lock (KB-31).',
      option: { opens: 'unlocked', locks: 'nothing' },
      expect: { ...halfLinked, ...freed },
    },
    'opened-unlocked': {
      about: 'Only the thread that makes and deletes the device takes it.',
      option: { opens: 'unlocked' },
      expect: { ...halfLinked, ...freed },
    },
    'made-unlocked': {
      about: 'Only the thread that opens the table takes it.',
      option: { locks: 'nothing' },
      expect: { ...halfLinked, ...freed },
    },
    'kept-through-kill': {
      about: 'The lock is kept through kill_dax(), and a report on the leg takes it.',
      option: { locks: 'kill', report: 'locked' },
      expect: { deadlock: 'violated' },
    },
    'repaired-kept-through-kill': {
      about: 'The lock is kept through kill_dax(), and a report takes none.',
      option: { locks: 'kill' },
    },
    'repaired-locked-report': {
      about: 'The lock is let go before kill_dax(), and a report takes it.',
      option: { report: 'locked' },
    },
    'srcu-per-device': {
      about: 'Each device has an SRCU of its own: the removal does not wait for readers of the leg.',
      option: { srcu: 'perDevice' },
      expect: freed,
    },
    repaired: {
      about: 'One lock over making and deleting, let go in between; a report takes none.',
    },
  },
  build: (option) =>
    compose(
      {
        device: start(mappedDeviceMachine, { locks: option.locks }),
        table: start(tableMachine, { locks: option.opens === 'locked' ? 'table' : 'none' }),
        lock: start(lockMachine),
        leg: start(daxMachine, { holder: null }),
        // The first is the leg's, the second that of the mapped device.
        notifier: replicate(notifierMachine, 2, () => ({ loadsOnce: true })),
        relay: start(relayMachine, {
          routes: [[0]],
          copies: 'none',
          locks: option.report === 'locked' ? 'table' : 'none',
        }),
      },
      {
        wires: {
          device: chosenLockWires,
          table: {
            'data.stored': 'leg',
            'ops.stored': 'leg',
            ...chosenLockWires,
          },
          notifier: {
            'failure.notified': 'relay',
            'notification.answered': (_, self) => (self === 0 ? [] : 'relay'),
            'thread.died': [],
          },
          relay: {
            'notification.asked': ['notifier', 1],
            'failure.handled': ['notifier', 0],
            ...chosenLockWires,
          },
        },
        spontaneous: {
          device: [
            { type: 'device.requested', environment: true },
            'disk.added',
            { type: 'removal.requested', environment: true },
            { type: 'table.read', read: ({ table }) => ({ open: table.hasTag('linked') }) },
            'alive.cleared',
            {
              type: 'grace.passed',
              when: ({ notifier: [ofLeg, ofDevice] }) =>
                !ofDevice!.hasTag('reading') && (option.srcu === 'perDevice' || !ofLeg!.hasTag('reading')),
            },
            'disk.reached',
            'disk.deleted',
            'device.freed',
          ],
          table: [
            { type: 'open.requested', environment: true },
            { type: 'disk.read', read: ({ device }) => ({ there: device.hasTag('there') }) },
            'link.made',
            { type: 'close.requested', environment: true },
            'link.removed',
          ],
          notifier: [
            {
              type: 'notification.asked',
              environment: true,
              oneOf: [{ poison: 0 }],
              when: (_, self) => self === 0,
            },
            {
              type: 'alive.read',
              read: ({ device }, self) => ({ alive: self === 0 || device.hasTag('alive') }),
            },
            { type: 'ops.read', read: ({ leg }, self) => ({ set: self === 0 && leg.context.ops }) },
            { type: 'ops.called', read: ({ leg }, self) => ({ set: self === 0 && leg.context.ops }) },
          ],
          relay: [
            'table.locked',
            { type: 'table.read', read: ({ table }) => ({ open: table.hasTag('linked') }) },
            'target.called',
          ],
        },
        properties: [
          noHalfDevice,
          linkedIsHeld,
          noClosedTable,
          deviceIsFreed,
          ...(option.report === 'locked' ? [] : [noFreedDevice]),
        ],
      },
    ),
});

/** The lock of the table, by whoever is one that takes it. */
const lockOf = ({ lock }: { readonly lock: string }) => (lock === 'none' ? [] : 'lock');
const chosenLockWires = { 'lock.taken': { rendezvous: lockOf }, 'lock.released': lockOf } as const;
