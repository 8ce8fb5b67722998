import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { bothReturn, noForeignWait } from '../src/invariants/foreign-wait.ts';
import { noCallAfterKill } from '../src/invariants/no-call-after-kill.ts';
import { unbindCompletes } from '../src/invariants/unplug-revokes.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { failureSteps, failureWires, nobodyMaps } from './instructions/delivery.ts';
import { handlerLockWires, handlerWires } from './instructions/handler.ts';
import { kernel, preset } from './presets.ts';

const options = {
  lock: kernel.lock,
  contended: kernel.contended,
  mutex: kernel.mutex,
  /** One dax_srcu for all devices, as in every kernel; or one for each. */
  srcu: ['one', 'perDevice'],
  /** Whether the thread that unbinds keeps s_umount of a file system with a part on each device through kill_dax(). */
  unbindHolds: ['nothing', 's_umount'],
} as const;

/** An event waits for somebody else's walk. */
const waits = { [noForeignWait.name]: 'violated' } as const;

/**
 * Two devices, a file system on each, and the two things that all DAX devices share: mf_mutex and dax_srcu.
 *
 * The world is a poison event on either device, and an unbind of the second, whose own holder has been told already. The
 * handler of the first file system may sleep on its locks; of these only s_umount is here.
 *
 * What surprised, and who was right:
 * - One slow walk holds up every other memory failure (H-20): the source is right, and no design of the mails does anything
 *   about it. A mutex for each file system does.
 * - One dax_srcu makes an unbind wait for a walk on another device, but not in a circle (H-21): kill_dax() holds no lock
 *   that a walk may want. It takes one more mistake, s_umount kept through kill_dax() on a device that is one of two
 *   of a file system, with a handler that waits for s_umount. One dax_srcu for each device would take the circle away again.
 */
export default defineModel({
  name: 'two-devices',
  about: 'Two devices share one mf_mutex and one dax_srcu: who waits for whom?',
  sources: ['H-20', 'H-21'],
  options,
  variants: {
    P6: {
      about: 'v7.1: whoever comes second waits for the walk of the first.',
      option: preset('P6', options),
      expect: waits,
    },
    'mutex-per-file-system': {
      about: 'v7.1 with an mf_mutex for each file system.',
      option: { ...preset('P6', options), mutex: 'perFileSystem' },
    },
    'unbind-holds-lock': {
      about:
        'v7.1, with a handler that waits for s_umount, and an unbind that keeps it while it waits for the handler.',
      option: { ...preset('P6', options), lock: 's_umount', unbindHolds: 's_umount' },
      expect: { ...waits, deadlock: 'violated' },
    },
    'unbind-holds-lock-srcu-per-device': {
      about: 'The same, but the unbind waits for the readers of its own device only.',
      option: { ...preset('P6', options), lock: 's_umount', unbindHolds: 's_umount', srcu: 'perDevice' },
      expect: waits,
    },
    repaired: {
      about: 'An mf_mutex for each file system, and a handler that tries s_umount.',
      option: preset('repaired', options),
    },
    'repaired-unbind-holds-lock': {
      about: 'The repaired handler only tries s_umount: whoever keeps it, no circle closes.',
      option: { ...preset('repaired', options), unbindHolds: 's_umount' },
    },
  },
  build: (option) =>
    compose(
      {
        failure: replicate(failureMachine, 2, (poison) => ({ poison })),
        mf_mutex: replicate(lockMachine, option.mutex === 'one' ? 1 : 2),
        notifier: replicate(notifierMachine, 2, () => ({ loadsOnce: true })),
        handler: replicate(handlerMachine, 2, (device) => ({
          whenUnready: 'drop' as const,
          checksHolder: true,
          asksFeatures: true,
          lock: device === 0 ? option.lock : ('none' as const),
        })),
        s_umount: start(rwsemMachine),
        unbind: start(unbindMachine, { notifies: 'never', marksDead: 'never', revokes: 'no' }),
      },
      {
        wires: {
          failure: {
            ...failureWires,
            'lock.taken': { rendezvous: (_, device) => ['mf_mutex', option.mutex === 'one' ? 0 : device] },
            'lock.released': (_, device) => ['mf_mutex', option.mutex === 'one' ? 0 : device],
            'notification.asked': (_, device) => ['notifier', device],
          },
          notifier: {
            'failure.notified': { rendezvous: (_, device) => ['handler', device] },
            'notification.answered': (_, device) => ['failure', device],
            'thread.died': (_, device) => ['failure', device],
          },
          handler: {
            ...handlerWires,
            ...handlerLockWires,
            'failure.handled': (_, device) => ['notifier', device],
            'thread.died': (_, device) => ['notifier', device],
          },
          unbind: {
            'notification.asked': [],
            'host.removed': [],
            'alive.cleared': [],
            'grace.awaited': [],
            'ops.stored': [],
            'data.stored': [],
            'revoke.called': [],
            'filesystem.shut': [],
            'ref.killed': [],
            'ref.drained': [],
            'memory.removed': [],
          },
        },
        spontaneous: {
          failure: failureSteps({
            pgmap: { read: ({ unbind }, device) => ({ live: device === 0 || !unbind.hasTag('removed') }) },
            page: nobodyMaps,
          }),
          notifier: [
            { type: 'alive.read', read: ({ unbind }, device) => ({ alive: device === 0 || !unbind.hasTag('doomed') }) },
            { type: 'ops.read', oneOf: [{ set: true }] },
            { type: 'ops.called', oneOf: [{ set: true }] },
          ],
          handler: [
            { type: 'holder.read', oneOf: [{ holder: 'mp' }] },
            {
              type: 'superblock.locked',
              when: ({ unbind }) =>
                option.contended === 'isUnready' || option.unbindHolds === 'nothing' || !isKilling(unbind),
              read: ({ unbind }) => ({ freed: false, held: option.unbindHolds === 's_umount' && isKilling(unbind) }),
            },
            { type: 'flag.read', oneOf: [{ ready: true, freed: false }] },
            { type: 'call.refused', oneOf: [{ freed: false }] },
            { type: 'features.read', oneOf: [{ rmap: true, freed: false }] },
            { type: 'agf.read', oneOf: [{ perag: true, shutdown: false }] },
            { type: 'record.found', oneOf: [{ owner: 'data' }] },
            { type: 'inode.found', oneOf: [{ inode: 'absent' }] },
            'group.unlocked',
            'walk.ended',
          ],
          unbind: [
            {
              type: 'unbind.requested',
              environment: true,
            },
            'host.removed',
            {
              type: 'holder.read',
              // Where it takes s_umount here, it waits for whoever has it.
              when: ({ s_umount }) => option.unbindHolds === 'nothing' || s_umount.hasTag('rest'),
              read: () => ({ set: false }),
            },
            'alive.cleared',
            'grace.awaited',
            {
              type: 'grace.passed',
              when: ({ notifier }) =>
                !notifier.some((one, device) => one.hasTag('reading') && (option.srcu === 'one' || device === 1)),
            },
            'holder.cleared',
            'device.put',
            'disk.deleted',
            'ref.killed',
            'ref.drained',
            'memory.removed',
          ],
        },
        properties: [noForeignWait, bothReturn, noCallAfterKill, unbindCompletes],
      },
    ),
});

/** From the look for a holder to the end of kill_dax(). */
const isKilling = (unbind: { hasTag: (tag: 'killing' | 'doomed' | 'killed') => boolean }): boolean =>
  (unbind.hasTag('killing') || unbind.hasTag('doomed')) && !unbind.hasTag('killed');
