import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { noEarlyRemovalWalk, removalIsWalked } from '../src/invariants/alive-during-pre-remove.ts';
import { lateOwnerShutdown, ownerIsUnborn, ownerShutdown } from '../src/invariants/pre-remove-shutdown.ts';
import { noEntryOutlives, syncedWhileThere } from '../src/invariants/refs-before-free.ts';
import { mountCompletes, unbindCompletes, unplugRevokes } from '../src/invariants/unplug-revokes.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { holderMachine } from '../src/machines/holder.ts';
import { logMachine } from '../src/machines/log.ts';
import { memmapMachine } from '../src/machines/memmap.ts';
import { mountMachine } from '../src/machines/mount.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { peragsMachine } from '../src/machines/perags.ts';
import { preRemoveMachine } from '../src/machines/pre-remove.ts';
import { entryMachine } from '../src/machines/primitives/entry-lock.ts';
import { freezeMachine } from '../src/machines/primitives/freeze.ts';
import { percpuRefMachine } from '../src/machines/primitives/percpu-ref.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { srcuMachine } from '../src/machines/primitives/srcu.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { taskMachine } from '../src/machines/task.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { notifierSteps, notifierWires } from './instructions/delivery.ts';
import {
  holderInput,
  holderSteps,
  holderWires,
  mountSteps,
  mountVariables,
  xfsMount,
} from './instructions/mounting.ts';
import { lockWires } from './instructions/threads.ts';
import {
  freezeSteps,
  graceIsOver,
  lateTask,
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
import { kernel, preset } from './presets.ts';

const options = {
  put: kernel.put,
  withdraws: kernel.withdraws,
  section: kernel.section,
  sweep: kernel.sweep,
  marksDead: kernel.marksDead,
  /** Whether the handler writes back what is dirty before all else, and when: a proposal of the patch's sixth to tenth version (V21). */
  syncs: ['no', 'first', 'underLock', 'whenBorn'],
} as const;

/** A page that has been mapped in between is removed. */
const mapped = { [unplugRevokes.name]: 'violated', [noEntryOutlives.name]: 'violated' } as const;
/** The device is killed under a file system that has come to life in between, and is not told. */
const notShut = { [ownerShutdown.name]: 'violated', [lateOwnerShutdown.name]: 'violated' } as const;

/**
 * An unplug while the file system is being mounted: its owner is not ready, or not there yet, when it is told.
 *
 * The world is one mount that may fail, begun before the unplug, and a task that writes to a mapped page once it can. A
 * mount that begins later does not find the device.
 *
 * Recorded (4d, v6.12): the handler answers -EIO, ALIVE and the registration go all the same, the block layer waits
 * until the mount is over, mount(2) returns 0, and the file system is shut down at once. `P6` contains this run. It
 * also contains what the recording could not show, as its mount was held: a mount that is over between the answer and
 * the kill. Its user may map a page in that time, and nobody takes it away.
 *
 * What surprised, and who was right:
 * - H-07 as the ledger tells it, with the lookup after kill_dax() has found nobody, is refuted: dax_remove_host() comes
 *   before, and the lookup fails. The run that is found looks up first, and stores the registration after the test: the
 *   window is there, one step to the left of where it was reported.
 * - A get that is under way holds up synchronize_srcu(), so that K5 always clears what it has stored; no registration
 *   outlives the kill.
 * - To write back what is dirty first, as the patch did for a while (V21), was wrong in two ways, and either alone puts both right
 *   here: to ask first whether the file system is born (`syncs-when-born`), or to take s_umount, which waits for the mount
 *   (`syncs-under-lock`). What is taken away under the sync is a mount that fails; an umount, for which the lock is needed even
 *   of a file system that is born, is not in this room.
 * - The shutdown of the block layer, moved before the kill, repairs I16 alone: it waits for the mount that the handler
 *   could not wait for. I7 takes the sweep (`marked-first`, `swept`).
 */
export default defineModel({
  name: 'unplug-during-mount',
  about: 'A device is unplugged while it is being mounted: who tells whom, and is the file system shut down in time?',
  sources: ['S003-26', 'KB-08', 'H-06', 'H-07', 'H-23'],
  options,
  variants: {
    P6: {
      about: 'v7.1: what comes before SB_BORN is answered -EIO, who registers after the test is not told.',
      option: preset('P6', options),
      expect: { ...mapped, ...notShut },
    },
    'marked-first': {
      about: 'v7.1, and the block layer waits for the mount and shuts it down before the kill.',
      option: { ...preset('P6', options), marksDead: 'beforeKill' },
      expect: mapped,
    },
    swept: {
      about: 'v7.1, and the driver takes away what is mapped after the kill.',
      option: { ...preset('P6', options), section: 'insertion', sweep: 'afterGrace' },
      expect: notShut,
    },
    repaired: {
      about: 'Both.',
      option: preset('repaired', options),
    },

    // Whether to sync first, and under what.
    'syncs-first': {
      about: 'v7.1 whose handler writes back what is dirty before it asks whether the file system is born.',
      option: { ...preset('P6', options), syncs: 'first' },
      expect: { ...mapped, ...notShut, [noEarlyRemovalWalk.name]: 'violated', [syncedWhileThere.name]: 'violated' },
    },
    'syncs-under-lock': {
      about: 'The same under s_umount: whoever mounts is waited for, and may have failed.',
      option: { ...preset('P6', options), syncs: 'underLock' },
      expect: { ...mapped, ...notShut },
    },
    'syncs-when-born': {
      about: 'The same when the file system is known to be born.',
      option: { ...preset('P6', options), syncs: 'whenBorn' },
      expect: { ...mapped, ...notShut },
    },
  },
  build: (option) =>
    compose(
      {
        unbind: start(unbindMachine, { notifies: 'beforeKill', marksDead: option.marksDead, revokes: option.sweep }),
        notifier: start(notifierMachine, { loadsOnce: true }),
        preRemove: start(preRemoveMachine, { ...removalHandler, syncs: option.syncs }),
        revoke: start(revokeMachine, removalRevoke),
        sweep: start(revokeMachine, removalRevoke),
        mount: start(mountMachine, xfsMount),
        holder: start(holderMachine, { own: 'mp', ...holderInput(option) }),
        s_umount: start(rwsemMachine),
        perags: start(peragsMachine, { mounted: false }),
        log: start(logMachine),
        dax: start(daxMachine, { holder: null }),
        srcu: start(srcuMachine),
        superblock: start(superblockMachine, { mounted: false }),
        freeze: start(freezeMachine, { hasHolders: true }),
        entry: start(entryMachine),
        memmap: start(memmapMachine),
        pgmap: start(percpuRefMachine),
        task: replicate(taskMachine, 1, () => lateTask('task', option.section)),
      },
      {
        wires: {
          unbind: unbindWires('notifier'),
          notifier: notifierWires('preRemove', 'unbind'),
          preRemove: preRemoveWires('notifier'),
          revoke: revokeWires('preRemove'),
          sweep: revokeWires('unbind'),
          freeze: { 'freeze.answered': 'preRemove' },
          mount: {
            ...mountVariables,
            'get.called': 'holder',
            'put.called': 'holder',
            ...lockWires('s_umount'),
            'mount.announced': [],
            'poison.consumed': [],
            'failure.resumed': [],
            'event.discarded': [],
          },
          holder: { ...holderWires, 'get.returned': 'mount', 'put.returned': 'mount' },
          task: taskWires,
        },
        spontaneous: {
          unbind: unbindSteps({
            'grace.passed': (room) => graceIsOver(room) && !room.holder.hasTag('reading'),
            'superblock.marked': ({ superblock, mount }) =>
              mount.hasTag('unmounted') || superblock.hasTag('born') || superblock.hasTag('freed'),
          }),
          mount: mountSteps({ 'mount.requested': ({ unbind }) => unbind.hasTag('bound') }),
          holder: holderSteps({ 'readers.gone': ({ notifier }) => !notifier.hasTag('reading') }),
          notifier: notifierSteps,
          preRemove: preRemoveSteps(
            {},
            {},
            {
              type: 'superblock.locked',
              // Nobody else takes s_umount when the mount has given it back: that the handler keeps it need not be seen.
              when: ({ s_umount }) => !s_umount.hasTag('held'),
              read: ({ superblock }) => ({ ready: superblock.hasTag('born') }),
            },
            'filesystem.synced',
          ),
          revoke: revokeSteps,
          sweep: revokeSteps,
          freeze: freezeSteps,
          task: taskSteps(
            ['write'],
            ({ mount, dax }) => mount.hasTag('mounted') && (dax.context.data === 'mp' || !dax.context.alive),
          ),
        },
        properties: [
          unplugRevokes,
          ownerShutdown,
          noEntryOutlives,
          unbindCompletes,
          mountCompletes,
          lateOwnerShutdown,
          noEarlyRemovalWalk,
          removalIsWalked,
          ownerIsUnborn,
          ...(option.syncs === 'no' ? [] : [syncedWhileThere]),
        ],
      },
    ),
});
