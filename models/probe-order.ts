import { compose, defineModel, start } from '../src/explore/model.ts';
import {
  aliveHasDriver,
  busIsFlushed,
  deviceIsProbed,
  failedProbeLeavesNothing,
  flushedAlone,
  noDanglingPageMap,
  noDeadDevice,
  pgmapIsFollowed,
  probesAwaited,
} from '../src/invariants/probe-order.ts';
import { busMachine } from '../src/machines/bus.ts';
import { daxInodeMachine } from '../src/machines/dax-inode.ts';
import { lookupMachine } from '../src/machines/lookup.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { probeMachine } from '../src/machines/probe.ts';

const options = {
  /** Whether the probe publishes its page map after the last step that may fail. */
  publishes: ['atLast', 'beforeLastStep'],
  /** Whether the new device is stored before the next step that may fail. */
  stores: ['atOnce', 'afterNextStep'],
  /** Whether a lookup makes what it does not find. */
  lookup: ['finds', 'creates'],
  /** Whether the wait for an idle bus comes before the device's lock is taken. */
  flush: ['waitsFirst', 'waitsLocked'],
} as const;

/**
 * A DAX driver is probed, and the probe may fail at each step after the first; somebody looks the device up; somebody else
 * waits until no probe is under way.
 *
 * Bugs of drivers, whose rules are those of a registration: publish last (KB-17), store what you will have to undo before
 * you can fail (KB-29), never make what you look for (KB-19), never wait for others with a lock that they need (KB-39).
 */
export default defineModel({
  name: 'probe-order',
  about: 'The probe of a DAX driver fails half-way: what has it left where others find it?',
  sources: ['KB-17', 'KB-19', 'KB-29', 'KB-39'],
  options,
  variants: {
    P7: {
      about: 'Next: all four fixed.',
    },
    'published-early': {
      about: 'The page map is published, and then the last step fails.',
      option: { publishes: 'beforeLastStep' },
      expect: { [noDanglingPageMap.name]: 'violated' },
    },
    'stored-late': {
      about: 'dax_add_host() fails before the device is stored: the way back kills a NULL pointer.',
      option: { stores: 'afterNextStep' },
      expect: { [aliveHasDriver.name]: 'violated' },
    },
    'lookup-creates': {
      about: 'Whoever looks for a device that is not there makes one, alive and without a driver.',
      option: { lookup: 'creates' },
      expect: { [aliveHasDriver.name]: 'violated' },
    },
    'waits-locked': {
      about: 'The lock first, and then the wait for a probe that needs it.',
      option: { flush: 'waitsLocked' },
      expect: { deadlock: 'violated' },
    },
  },
  build: (option) =>
    compose(
      {
        probe: start(probeMachine, { publishes: option.publishes, stores: option.stores }),
        inode: start(daxInodeMachine),
        lookup: start(lookupMachine, { creates: option.lookup === 'creates' }),
        bus: start(busMachine, { waitsLocked: option.flush === 'waitsLocked' }),
        device_lock: start(lockMachine),
      },
      {
        wires: {
          probe: {
            'lock.taken': { rendezvous: 'device_lock' },
            'lock.released': 'device_lock',
            'device.allocated': 'inode',
            'device.killed': 'inode',
            'pgmap.mapped': 'inode',
            'pgmap.published': 'inode',
            'pgmap.freed': 'inode',
          },
          lookup: { 'device.created': 'inode' },
          bus: { 'lock.taken': { rendezvous: 'device_lock' }, 'lock.released': 'device_lock' },
        },
        spontaneous: {
          probe: [
            { type: 'probe.requested', environment: true },
            'device.locked',
            'device.allocated',
            'host.added',
            'pgmap.mapped',
            'driver.attached',
            { type: 'error.met', environment: true },
            'pgmap.freed',
            'device.killed',
          ],
          lookup: [
            { type: 'lookup.requested', environment: true },
            { type: 'device.found', read: ({ inode }) => ({ device: inode.context.device }) },
            {
              type: 'pgmap.found',
              read: ({ inode: { context } }) => ({ pgmap: context.pgmap === 'mapped' ? 'none' : context.pgmap }),
            },
            'lookup.ended',
          ],
          bus: [
            {
              type: 'flush.requested',
              environment: true,
              read: ({ probe }) => ({ probing: probe.hasTag('probing') }),
            },
            'device.locked',
            { type: 'probe.idle', when: ({ probe }) => !probe.hasTag('probing') },
            'flush.ended',
          ],
        },
        properties: [
          aliveHasDriver,
          noDeadDevice,
          noDanglingPageMap,
          failedProbeLeavesNothing,
          flushedAlone,
          probesAwaited,
          deviceIsProbed,
          pgmapIsFollowed,
          busIsFlushed,
        ],
      },
    ),
});
