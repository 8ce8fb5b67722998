import { compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { holderPair } from '../src/invariants/holder-pair.ts';
import { umountCompletes } from '../src/invariants/leftovers.ts';
import { noFreedHolder, noLateWalk, noNullHolder } from '../src/invariants/no-late-walk.ts';
import { sameRegistration, wholePair } from '../src/invariants/whole-pair.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { holderMachine } from '../src/machines/holder.ts';
import { logMachine } from '../src/machines/log.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { peragsMachine } from '../src/machines/perags.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { registrarMachine } from '../src/machines/registrar.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { umountMachine } from '../src/machines/umount.ts';
import {
  failureSteps,
  failureWires,
  liveDevice,
  namedNotifierSteps,
  nobodyMaps,
  notifierInput,
  notifierWires,
} from './instructions/delivery.ts';
import { handlerInput, handlerLockWires, handlerWires, holderRead } from './instructions/handler.ts';
import { holderInput, holderSteps, holderWires, umountSteps, umountWires } from './instructions/mounting.ts';
import { lockWires } from './instructions/threads.ts';
import { kernel, preset, registration } from './presets.ts';

const options = {
  /** What makes one of the two stores of a registration, and keeps readers apart from it (V8). */
  guardedBy: ['exchange', 'lock'],
  /** What the handler's guard reads. */
  guard: ['born', 'bornAndActive'],
  lock: kernel.lock,
  contended: kernel.contended,
  ...registration,
  puts: kernel.puts,
} as const;

const v71 = preset('P6', options);

/** H-01: no lock around the registration is any help against it. */
const walkedLate = { [noLateWalk.name]: 'violated' } as const;
/** The two stores of a put, with a notification in between, and what it has loaded by then. */
const torn = {
  [sameRegistration.name]: 'violated',
  [noNullHolder.name]: 'violated',
  [holderPair.name]: 'violated',
} as const;
/** H-02 */
const freed = { [noFreedHolder.name]: 'violated' } as const;

/** A handler that keeps s_umount, and waits for it, as the handler of a removal does for its freeze. */
const handlerWaits = { guard: 'bornAndActive', lock: 's_umount' } as const;

/**
 * A registration was to be guarded by a lock, and is guarded by cmpxchg and SRCU. What difference does it make?
 *
 * The world is an umount, a second file system that registers as soon as the block device has been closed, and one event in a
 * file of the first. Whoever notifies has the lock for reading until the callback has returned, as it is inside dax_srcu;
 * whoever registers or withdraws has it for writing.
 *
 * What surprised, and who was right: the lock alone does what takes four repairs otherwise (`repaired`): a pair that is whole, ops
 * that are not gone when they are called, data that are not NULL, and a holder that is not freed under its callback. What was
 * said against it is right as well: whoever puts waits for the callback, and must have nothing in hand then that the callback
 * needs. When the lock was proposed put was called under s_umount. Since v6.6 it comes after it. A put that drains, which
 * is what H-02 needs anyway, is in the same place (`exchanged-under-s_umount-drained`).
 */
export default defineModel({
  name: 'holder-lock',
  about: 'A lock around a registration, or cmpxchg and SRCU: what is whole, and who waits for whom?',
  sources: ['KB-11', 'KB-12', 'KB-32', 'H-02', 'H-03'],
  options,
  variants: {
    P6: {
      about: 'v7.1: cmpxchg for the data, a store for the ops, and nobody waits.',
      option: v71,
      expect: { ...walkedLate, ...torn, ...freed, [wholePair.name]: 'violated' },
    },
    locked: {
      about: 'v7.1 with a lock in place of all that.',
      option: { ...v71, guardedBy: 'lock' },
      expect: walkedLate,
    },
    'locked-handler-waits': {
      about: 'The same, and a handler that waits for s_umount: umount has let go of it before it puts.',
      option: { ...v71, ...handlerWaits, guardedBy: 'lock' },
    },
    'locked-under-s_umount': {
      about:
        'The same with a put under s_umount, as before v6.6: put waits for the handler, and the handler for s_umount.',
      option: { ...v71, ...handlerWaits, guardedBy: 'lock', puts: 'first' },
      expect: { deadlock: 'violated' },
    },
    'exchanged-under-s_umount': {
      about:
        'The same with cmpxchg, and a put that waits for nobody: no circle, and no pair that a callback could rely on.',
      option: { ...v71, ...handlerWaits, puts: 'first' },
      expect: { ...torn, ...freed },
    },
    'exchanged-under-s_umount-drained': {
      about:
        'All repaired but the place of the put and a handler that waits: put waits for its readers, and is in the circle.',
      option: { ...preset('repaired', options), contended: 'waits', puts: 'first' },
      expect: { deadlock: 'violated' },
    },
    repaired: {
      about: 'cmpxchg, ops that go first and are loaded once, data that are checked, a put that waits for its readers.',
      option: preset('repaired', options),
    },
    'repaired-locked': {
      about: 'The same with the lock instead of all these.',
      option: {
        ...preset('repaired', options),
        guardedBy: 'lock',
        holderOps: 'loadedTwice',
        holderData: 'unchecked',
        put: 'plain',
        withdraws: 'dataFirst',
      },
    },
  },
  build: (option) =>
    compose(
      {
        umount: start(umountMachine, { putsFirst: option.puts === 'first' }),
        s_umount: start(rwsemMachine),
        registrar: replicate(registrarMachine, 2, () => ({ locks: option.guardedBy === 'lock' })),
        rwsem: start(lockMachine),
        holder: replicate(holderMachine, 2, (self) => ({
          own: self === 0 ? ('mp' as const) : ('other' as const),
          ...holderInput(option),
          hasReference: self === 0,
        })),
        dax: start(daxMachine, { holder: 'mp' }),
        superblock: start(superblockMachine, { mounted: true }),
        perags: start(peragsMachine, { mounted: true }),
        log: start(logMachine),
        failure: start(failureMachine, { poison: 0 }),
        notifier: start(notifierMachine, notifierInput(option)),
        handler: start(handlerMachine, handlerInput(option)),
      },
      {
        wires: {
          umount: {
            ...umountWires,
            ...lockWires('s_umount'),
            'log.unmounted': 'log',
            'perags.freed': 'perags',
            'put.called': ['registrar', 0],
          },
          registrar: {
            ...lockWires('rwsem'),
            'get.called': (_, self) => ['holder', self],
            'put.called': (_, self) => ['holder', self],
            'put.returned': 'umount',
          },
          holder: {
            ...holderWires,
            'get.returned': (_, self) => ['registrar', self],
            'put.returned': (_, self) => ['registrar', self],
          },
          failure: failureWires,
          notifier: notifierWires({ rendezvous: 'handler' }, 'failure'),
          handler: { ...handlerWires, ...handlerLockWires },
        },
        spontaneous: {
          umount: umountSteps({}),
          registrar: [
            {
              type: 'get.called',
              environment: true,
              // The block device is free to be opened again when it has been closed.
              when: ({ perags, s_umount }, self) => self === 1 && perags.hasTag('freed') && !s_umount.hasTag('held'),
            },
            { type: 'lock.awaited', when: ({ notifier }) => !notifier.hasTag('reading') },
          ],
          holder: holderSteps({ 'readers.gone': ({ notifier }) => !notifier.hasTag('reading') }),
          failure: failureSteps(
            { pgmap: liveDevice, page: nobodyMaps },
            {
              'range.sent': ({ registrar }) =>
                option.guardedBy === 'exchange' || registrar.every((one) => one.hasTag('rest')),
            },
          ),
          notifier: namedNotifierSteps,
          handler: [
            holderRead,
            {
              type: 'superblock.locked',
              read: (room) => ({
                freed: isFreed(room),
                held: option.contended === 'isUnready' && room.s_umount.hasTag('held'),
              }),
            },
            {
              type: 'flag.read',
              // The other file system is still being mounted.
              read: (room) => ({
                ready:
                  room.handler.context.holder === 'mp' &&
                  room.superblock.hasTag(option.guard === 'born' ? 'born' : 'active'),
                freed: isFreed(room),
              }),
            },
            { type: 'call.refused', read: (room) => ({ freed: isFreed(room) }) },
            { type: 'features.read', read: (room) => ({ rmap: true, freed: isFreed(room) }) },
            { type: 'agf.read', read: ({ perags }) => ({ perag: perags.hasTag('present'), shutdown: false }) },
            { type: 'record.found', oneOf: [{ owner: 'data' }] },
            { type: 'inode.found', oneOf: [{ inode: 'absent' }] },
            'group.unlocked',
            'walk.ended',
            'thread.ended',
          ],
        },
        properties: [noLateWalk, noNullHolder, noFreedHolder, holderPair, wholePair, sameRegistration, umountCompletes],
      },
    ),
});

/** Whether the mount that the handler works for has been freed. */
const isFreed = (room: {
  readonly handler: Peer<typeof handlerMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}): boolean => room.handler.context.holder === 'mp' && room.superblock.hasTag('freed');
