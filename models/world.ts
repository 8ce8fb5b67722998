import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { holderPair } from '../src/invariants/holder-pair.ts';
import { failedMountLeavesNothing, umountCompletes, umountLeavesNothing } from '../src/invariants/leftovers.ts';
import { mountCompletes } from '../src/invariants/mount-ends.ts';
import { noEarlyWalk } from '../src/invariants/no-early-walk.ts';
import { noFreedHolder, noLateWalk, noNullHolder } from '../src/invariants/no-late-walk.ts';
import { noNewMapping } from '../src/invariants/no-new-mapping.ts';
import { noOrphan } from '../src/invariants/one-holder.ts';
import { outcome, ownerHandles } from '../src/invariants/outcome.ts';
import { preRemoveShutdown } from '../src/invariants/pre-remove-shutdown.ts';
import { noEntryOutlives } from '../src/invariants/refs-before-free.ts';
import { unbindCompletes, unplugRevokes } from '../src/invariants/unplug-revokes.ts';
import { wholePair } from '../src/invariants/whole-pair.ts';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { daemonMachine } from '../src/machines/daemon.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { holderMachine } from '../src/machines/holder.ts';
import { collectedBy, killMachine } from '../src/machines/kill.ts';
import { logMachine } from '../src/machines/log.ts';
import { memmapMachine } from '../src/machines/memmap.ts';
import { mountMachine } from '../src/machines/mount.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { peragsMachine } from '../src/machines/perags.ts';
import { preRemoveMachine } from '../src/machines/pre-remove.ts';
import { entryMachine } from '../src/machines/primitives/entry-lock.ts';
import { freezeMachine } from '../src/machines/primitives/freeze.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { percpuRefMachine } from '../src/machines/primitives/percpu-ref.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { srcuMachine } from '../src/machines/primitives/srcu.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { taskMachine } from '../src/machines/task.ts';
import { umountMachine } from '../src/machines/umount.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { designs, options } from './designs/world.ts';
import {
  daemonSteps,
  daemonWires,
  failureOf,
  failureSteps,
  failureWires,
  fateOf,
  livePgmap,
  notifierInput,
  notifierSteps,
  notifierWires,
} from './instructions/delivery.ts';
import {
  agfRead,
  callRefused,
  featuresRead,
  flagRead,
  handlerInput,
  handlerLockWires,
  handlerWires,
  holderRead,
  superblockLocked,
} from './instructions/handler.ts';
import { killInput, killSteps } from './instructions/kill.ts';
import {
  holderInput,
  holderSteps,
  holderWires,
  mountSteps,
  mountVariables,
  umountSteps,
  umountWires,
  xfsMount,
} from './instructions/mounting.ts';
import { lockWires } from './instructions/threads.ts';
import {
  freezeSteps,
  graceIsOver,
  preRemoveSteps,
  preRemoveWires,
  removalHandler,
  removalRevoke,
  revokeSteps,
  revokeWires,
  taskSteps,
  taskWires,
  unbindSteps,
  unbindWires,
} from './instructions/unplug.ts';

/**
 * The smallest world in which everything can meet: one device, one file system that is mounted and unmounted once, one block of
 * metadata and one of file data, two tasks that map it (an early-kill and a late-kill one), two poison events, and one
 * unplug. Every machine is the one that the small models use, with all its steps.
 *
 * It asks whether the repairs of the small models stand beside each other: each was found alone, with the other actors at
 * rest. They do: no promise is broken, and mount, umount and unbind come to their ends.
 *
 * All of it is too much for every day. Its cuts are here, each as much as a check of seconds can bear; `npm run nightly`
 * explores it uncut, to the end: 2,939,334 states and 12,055,580 transitions in v7.1, 6,462,153 and 25,738,215 in the repaired
 * kernel. A cut without a second event still has mount, umount, unplug, poison and faults.
 *
 * What is cut from all: the second inode that shares the block, and consumption (the tasks do not load poison); who is told of
 * what is who-is-told's, sharing is walk-all-owners'. The removal's own walk does not look at perags, which umount frees
 * as it does for poison. I5 is not claimed with an unplug: an event that comes after the kill finds nobody, and the removal is what
 * its users are told.
 */
export default defineModel({
  name: 'world',
  about: 'Everything at once, in the smallest world in which it can meet: mount, umount, poison, unplug and faults.',
  sources: ['H-01', 'H-02', 'H-03', 'H-07', 'H-12', 'H-13', 'H-15', 'H-17'],
  options,
  variants: designs,
  build: (option) =>
    compose(
      {
        mount: start(mountMachine, { ...xfsMount, lateError: option.lateError }),
        umount: start(umountMachine, { putsFirst: false }),
        s_umount: start(rwsemMachine),
        // The get of the mount with the put of its failure, and the put of the umount.
        holder: replicate(holderMachine, 2, (self) => ({
          own: 'mp' as const,
          ...holderInput(option),
          hasReference: self === 1,
        })),
        dax: start(daxMachine, { holder: null }),
        srcu: start(srcuMachine),
        superblock: start(superblockMachine, { mounted: false }),
        perags: start(peragsMachine, { mounted: false }),
        log: start(logMachine),
        freeze: start(freezeMachine, { hasHolders: true }),
        failure: replicate(failureMachine, 2, (poison) => ({ poison })),
        mf_mutex: start(lockMachine),
        notifier: start(notifierMachine, notifierInput(option)),
        handler: start(handlerMachine, {
          ...handlerInput(option),
          kills: 'called',
          onError: option.onError,
        }),
        kill: start(killMachine, killInput(option)),
        unbind: start(unbindMachine, { notifies: 'beforeKill', marksDead: option.marksDead, revokes: option.sweep }),
        removalNotifier: start(notifierMachine, notifierInput(option)),
        preRemove: start(preRemoveMachine, {
          ...removalHandler,
          gate: option.gate,
          records: ['metadata', 'data'],
          onError: option.onError === 'searchCore' ? 'searchCore' : 'end',
          withoutRmap: option.withoutRmap,
        }),
        revoke: start(revokeMachine, removalRevoke),
        sweep: start(revokeMachine, removalRevoke),
        entry: start(entryMachine),
        memmap: start(memmapMachine),
        pgmap: start(percpuRefMachine),
        task: replicate(taskMachine, 2, (self) => ({
          name: `task ${self}`,
          killsEarly: self === 0,
          section: option.section,
        })),
        badblocks: start(badblocksMachine),
        daemon: start(daemonMachine, { eager: false }),
        fate: replicate(fateMachine, 2),
      },
      {
        wires: {
          mount: {
            ...mountVariables,
            ...lockWires('s_umount'),
            'get.called': ['holder', 0],
            'put.called': ['holder', 0],
            'poison.consumed': [],
            'mount.announced': 'daemon',
            'failure.resumed': { rendezvous: 'handler' },
            'event.discarded': fateOf,
          },
          umount: {
            ...umountWires,
            ...lockWires('s_umount'),
            'log.unmounted': 'log',
            'perags.freed': 'perags',
            'put.called': ['holder', 1],
          },
          holder: {
            ...holderWires,
            'get.returned': 'mount',
            'put.returned': (_, self) => (self === 0 ? 'mount' : 'umount'),
          },
          failure: {
            ...failureWires,
            ...lockWires('mf_mutex'),
            'failure.returned': ({ to }) => (to === 'daemon' ? to : []),
            'caller.died': ({ to }) => (to === 'daemon' ? to : []),
            'event.generic': fateOf,
            'event.unowned': fateOf,
          },
          notifier: notifierWires({ rendezvous: 'handler' }, failureOf),
          handler: {
            ...handlerWires,
            ...handlerLockWires,
            'failure.handled': ({ to }) => to,
            'failure.deferred': { queue: 'mount', full: 'fail' },
            'kill.called': 'kill',
            'filesystem.shut': 'superblock',
            'event.owned': fateOf,
            'event.queued': fateOf,
            'event.recorded': (event) => [fateOf(event), 'badblocks'],
          },
          kill: {
            'entry.taken': { rendezvous: 'entry' },
            'entry.released': 'entry',
            'page.poisoned': 'memmap',
            'page.unmapped': 'task',
            'task.signalled': ({ task }) => ['task', task],
            'kill.returned': 'handler',
          },
          unbind: unbindWires('removalNotifier'),
          removalNotifier: notifierWires('preRemove', 'unbind'),
          preRemove: preRemoveWires('removalNotifier'),
          revoke: revokeWires('preRemove'),
          sweep: revokeWires('unbind'),
          freeze: { 'freeze.answered': 'preRemove' },
          task: taskWires,
          badblocks: { 'badblocks.changed': 'daemon' },
          daemon: daemonWires,
        },
        mailboxes: { mount: { capacity: 2 } },
        spontaneous: {
          mount: mountSteps(
            {
              // A disk that has been marked dead is not opened any more, nor one that is not there.
              'mount.requested': ({ unbind }) =>
                !unbind.hasTag('removed') &&
                (option.marksDead !== 'beforeKill' || !(unbind.hasTag('killing') || unbind.hasTag('doomed'))),
              'perags.freed': ({ log }) => !log.hasTag('intents'),
            },
            { type: 'buftarg.failed', environment: true },
          ),
          umount: umountSteps({
            // Open files and a freeze by the kernel hold the superblock.
            'umount.requested': ({ mount, task, freeze }) =>
              option.umount &&
              mount.hasTag('mounted') &&
              freeze.context.asker === null &&
              !freeze.hasTag('frozen') &&
              task.every((each) => each.hasTag('settled') && !each.hasTag('mapped')),
          }),
          holder: holderSteps({
            'readers.gone': ({ notifier, removalNotifier, srcu }) =>
              !notifier.hasTag('reading') && !removalNotifier.hasTag('reading') && srcu.context.readers.length === 0,
          }),
          log: [
            {
              type: 'power.failed',
              environment: true,
              when: ({ mount }) => option.crash && mount.hasTag('unmounted'),
            },
          ],
          failure: failureSteps(
            {
              pgmap: livePgmap,
              page: {
                read: ({ task }, poison) => ({ mapped: poison === 1 && task.some((each) => each.hasTag('mapped')) }),
              },
            },
            { 'poison.reported': (_, poison) => poison >= 2 - option.events },
          ),
          notifier: notifierSteps,
          handler: [
            holderRead,
            superblockLocked(option.contended),
            flagRead(option.guard),
            callRefused,
            featuresRead,
            agfRead,
            {
              type: 'record.found',
              read: ({ handler }) =>
                handler.context.poison === 1 ? { owner: 'data', file: 0 } : { owner: 'metadata', file: -1 },
            },
            {
              type: 'inode.found',
              read: ({ umount, entry }) => ({
                inode: umount.hasTag('evicting') ? 'inTransit' : entry.context.filled ? 'inCore' : 'absent',
              }),
            },
            {
              type: 'core.searched',
              read: ({ handler, entry }) => ({
                files: handler.context.poison === 1 && entry.context.filled ? [0] : [],
              }),
            },
            'group.unlocked',
            'walk.ended',
            'thread.ended',
          ],
          kill: killSteps(
            {
              read: ({ entry }) => ({
                entry: entry.hasTag('locked') ? 'locked' : entry.context.filled ? 'present' : 'empty',
                inRange: true,
              }),
            },
            ({ task }) =>
              collectedBy(
                'poison',
                task.map((each) => ({ maps: each.hasTag('mapped'), early: each.context.killsEarly })),
              ),
          ),
          unbind: unbindSteps({
            'unbind.requested': () => option.unplug,
            'grace.passed': (room) =>
              graceIsOver(room) &&
              !room.notifier.hasTag('reading') &&
              !room.holder.some((one) => one.hasTag('reading')),
            // super_lock() waits for whoever mounts or unmounts.
            'superblock.marked': ({ s_umount }) => !s_umount.hasTag('held'),
            'ref.drained': ({ failure }) => failure.every((event) => event.hasTag('quiet') || event.hasTag('rest')),
          }),
          removalNotifier: notifierSteps,
          preRemove: preRemoveSteps(
            { ready: option.guard === 'born' ? 'born' : 'active' },
            // freeze_super() takes s_umount for writing: it waits for readers too.
            { 'freeze.called': ({ s_umount }) => s_umount.hasTag('rest') },
          ),
          revoke: revokeSteps,
          sweep: revokeSteps,
          freeze: freezeSteps,
          task: taskSteps(
            ['read', 'write'],
            ({ mount, umount }, self) =>
              self < option.tasks && mount.hasTag('mounted') && umount.hasTag('rest') && umount.hasTag('mounted'),
          ),
          daemon: daemonSteps,
        },
        properties: [
          mountCompletes,
          noOrphan,
          failedMountLeavesNothing,
          wholePair,
          ...(option.events > 0
            ? [noEarlyWalk, noLateWalk, noNullHolder, noFreedHolder, holderPair, ownerHandles]
            : []),
          ...(option.events > 0 && !option.unplug ? [outcome] : []),
          ...(option.umount ? [umountCompletes, umountLeavesNothing] : []),
          ...(option.unplug ? [unbindCompletes, preRemoveShutdown] : []),
          ...(option.unplug && option.tasks > 0 ? [unplugRevokes, noNewMapping, noEntryOutlives] : []),
        ],
      },
    ),
});
