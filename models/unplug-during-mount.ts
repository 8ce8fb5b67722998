import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { removalIsWalked } from '../src/invariants/alive-during-pre-remove.ts';
import { lateOwnerShutdown, ownerIsUnborn, ownerShutdown } from '../src/invariants/pre-remove-shutdown.ts';
import { noEntryOutlives } from '../src/invariants/refs-before-free.ts';
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
import { srcuMachine } from '../src/machines/primitives/srcu.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { taskMachine } from '../src/machines/task.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { kernel, preset } from './presets.ts';

const options = {
  put: kernel.put,
  section: kernel.section,
  sweep: kernel.sweep,
  marksDead: kernel.marksDead,
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
 * - The shutdown of the block layer, moved before the kill, repairs I16 alone: it waits for the mount that the handler
 *   could not wait for. I7 takes the sweep (`marked-first`, `swept`).
 */
export default defineModel({
  name: 'unplug-during-mount',
  about: 'A device is unplugged while it is being mounted: who tells whom, and is the file system shut down in time?',
  sources: ['S003-26', 'H-06', 'H-07', 'H-23'],
  options,
  variants: {
    P6: {
      about: 'v7.1: what comes before SB_BORN is answered -EIO, who registers after the test is not told.',
      option: preset('P6', options),
      expect: { ...mapped, ...notShut },
      figures: { states: 846, transitions: 1622, depth: 56, steps: { 'I7 UnplugRevokes': 32 } },
    },
    'marked-first': {
      about: 'v7.1, and the block layer waits for the mount and shuts it down before the kill.',
      option: { ...preset('P6', options), marksDead: 'beforeKill' },
      expect: mapped,
      figures: { states: 631, transitions: 1130, depth: 56, steps: { 'I7 UnplugRevokes': 32 } },
    },
    swept: {
      about: 'v7.1, and the driver takes away what is mapped after the kill.',
      option: { ...preset('P6', options), section: 'insertion', sweep: 'afterGrace' },
      expect: notShut,
      figures: { states: 1027, transitions: 1982, depth: 55, steps: { 'I16 OwnerShutdown': 14 } },
    },
    repaired: {
      about: 'Both.',
      option: preset('repaired', options),
      figures: { states: 674, transitions: 1195, depth: 52 },
    },
  },
  build: (option) =>
    compose(
      {
        unbind: start(unbindMachine, { notifies: 'beforeKill', marksDead: option.marksDead, revokes: option.sweep }),
        notifier: start(notifierMachine, { loadsOnce: true }),
        preRemove: start(preRemoveMachine, {
          isFlagged: true,
          gate: 'freeze',
          walk: 'rmap',
          onError: 'end',
          records: ['data'],
          shutsAt: 'end',
          withoutRmap: 'refuse',
          ignoresLog: true,
          knowsRealtime: true,
          whenUnfrozen: 'goOn',
          thawsUser: true,
        }),
        revoke: start(revokeMachine, { manner: 'removal', invalidates: true }),
        sweep: start(revokeMachine, { manner: 'removal', invalidates: true }),
        mount: start(mountMachine, {
          registers: 'beforeSuperblock',
          skipsRecovery: false,
          frees: 'afterPut',
          lateError: 'puts',
          abortedIntents: 'cancelled',
        }),
        holder: start(holderMachine, { own: 'mp', drains: option.put === 'drained' }),
        perags: start(peragsMachine, { mounted: false }),
        log: start(logMachine),
        dax: start(daxMachine, { holder: null }),
        srcu: start(srcuMachine),
        superblock: start(superblockMachine, { mounted: false }),
        freeze: start(freezeMachine, { hasHolders: true }),
        entry: start(entryMachine),
        memmap: start(memmapMachine),
        pgmap: start(percpuRefMachine),
        task: replicate(taskMachine, 1, () => ({
          name: 'task',
          killsEarly: false,
          section: option.section,
          leaks: false,
          pins: false,
        })),
      },
      {
        wires: {
          unbind: {
            'notification.asked': 'notifier',
            'host.removed': 'dax',
            'alive.cleared': 'dax',
            'grace.awaited': 'srcu',
            'ops.stored': 'dax',
            'data.stored': 'dax',
            'revoke.called': 'sweep',
            'filesystem.shut': 'superblock',
            'ref.killed': 'pgmap',
            'ref.drained': 'pgmap',
            'memory.removed': 'memmap',
          },
          notifier: {
            'failure.notified': 'preRemove',
            'notification.answered': 'unbind',
            'thread.died': 'unbind',
          },
          preRemove: {
            'failure.handled': 'notifier',
            'revoke.called': 'revoke',
            'filesystem.shut': 'superblock',
            'freeze.asked': { rendezvous: 'freeze' },
            'thaw.asked': { rendezvous: 'freeze' },
          },
          revoke: {
            'entry.locked': { rendezvous: 'entry' },
            'entry.unlocked': 'entry',
            'entry.cleared': { rendezvous: 'entry' },
            'page.poisoned': 'memmap',
            'page.unmapped': 'task',
            'task.signalled': 'task',
            'revoke.returned': 'preRemove',
          },
          sweep: {
            'entry.locked': { rendezvous: 'entry' },
            'entry.unlocked': 'entry',
            'entry.cleared': { rendezvous: 'entry' },
            'page.poisoned': 'memmap',
            'page.unmapped': 'task',
            'task.signalled': 'task',
            'revoke.returned': 'unbind',
          },
          freeze: { 'freeze.answered': 'preRemove' },
          mount: {
            'get.called': 'holder',
            'put.called': 'holder',
            'lock.taken': [],
            'lock.released': [],
            'superblock.read': 'superblock',
            'superblock.born': 'superblock',
            'mount.freed': 'superblock',
            'perags.initialised': 'perags',
            'perags.freed': 'perags',
            'log.scanned': 'log',
            'log.replayed': 'log',
            'intents.recovered': 'log',
            'intents.cancelled': 'log',
            'mount.announced': [],
            'poison.consumed': [],
            'failure.resumed': [],
            'event.discarded': [],
          },
          holder: {
            'data.stored': 'dax',
            'ops.stored': 'dax',
            'get.returned': 'mount',
            'put.returned': 'mount',
            'reference.taken': [],
            'reference.dropped': [],
          },
          task: {
            'writer.entered': { rendezvous: 'freeze' },
            'writer.left': 'freeze',
            'entry.locked': { rendezvous: 'entry' },
            'entry.unlocked': 'entry',
            'entry.filled': 'entry',
            'reader.entered': 'srcu',
            'reader.left': 'srcu',
          },
        },
        spontaneous: {
          unbind: [
            { type: 'unbind.requested', environment: true },
            'host.removed',
            {
              type: 'holder.read',
              read: ({ dax }) => ({ set: dax.context.data !== null }),
            },
            'alive.cleared',
            'grace.awaited',
            {
              type: 'grace.passed',
              when: ({ srcu, holder }) => srcu.context.awaited.length === 0 && !holder.hasTag('reading'),
            },
            { type: 'holder.readAgain', read: ({ dax }) => ({ set: dax.context.data !== null }) },
            'holder.cleared',
            'device.put',
            'disk.deleted',
            {
              type: 'superblock.marked',
              when: ({ superblock, mount }) =>
                mount.hasTag('unmounted') || superblock.hasTag('born') || superblock.hasTag('freed'),
              read: ({ superblock }) => ({ active: superblock.hasTag('active') }),
            },
            'ref.killed',
            'ref.drained',
            'memory.removed',
          ],
          mount: [
            { type: 'mount.requested', environment: true, when: ({ unbind }) => unbind.hasTag('bound') },
            'devices.opened',
            'superblock.read',
            'perags.initialised',
            { type: 'log.read', read: ({ log }) => ({ stale: log.hasTag('stale') }) },
            'log.scanned',
            'log.replayed',
            'intents.recovered',
            'superblock.born',
            'mount.attached',
            { type: 'error.met', environment: true },
            'perags.freed',
            'mount.freed',
          ],
          holder: [
            {
              type: 'host.found',
              read: ({ dax }) => ({ alive: dax.context.host && dax.context.alive }),
            },
            { type: 'data.exchanged', read: ({ dax }) => ({ found: dax.context.data }) },
            'ops.installed',
            'ops.cleared',
            { type: 'readers.gone', when: ({ notifier }) => !notifier.hasTag('reading') },
          ],
          notifier: [
            { type: 'alive.read', read: ({ dax }) => ({ alive: dax.context.alive }) },
            { type: 'ops.read', read: ({ dax }) => ({ set: dax.context.ops }) },
            { type: 'ops.called', read: ({ dax }) => ({ set: dax.context.ops }) },
            'thread.ended',
          ],
          preRemove: [
            { type: 'flag.read', read: ({ superblock }) => ({ ready: superblock.hasTag('born') }) },
            { type: 'device.found', oneOf: [{ device: 'data' }] },
            { type: 'features.read', oneOf: [{ rmap: true }] },
            'freeze.called',
            'gate.shut',
            {
              type: 'agf.read',
              read: ({ superblock, dax }) => ({
                shutdown: superblock.context.shutdown,
                readable: dax.context.alive,
              }),
            },
            'record.found',
            'shutdown.forced',
            'kernel.thawed',
            'user.thawed',
          ],
          revoke: [
            {
              type: 'entry.reached',
              read: ({ entry }) => ({ filled: entry.context.filled }),
            },
            {
              type: 'tasks.collected',
              read: ({ task }) => ({
                mapped: task.some((each) => each.hasTag('mapped')),
                early: task.some((each) => each.hasTag('mapped') && each.context.killsEarly),
              }),
            },
            'page.marked',
            'range.unmapped',
            'tasks.told',
            'entry.left',
            'pages.invalidated',
          ],
          sweep: [
            { type: 'entry.reached', read: ({ entry }) => ({ filled: entry.context.filled }) },
            {
              type: 'tasks.collected',
              read: ({ task }) => ({ mapped: task.some((each) => each.hasTag('mapped')), early: false }),
            },
            'page.marked',
            'range.unmapped',
            'tasks.told',
            'entry.left',
            'pages.invalidated',
          ],
          freeze: [
            {
              type: 'writers.drained',
              when: ({ freeze }) => freeze.context.writers === 0,
              read: ({ superblock }) => ({ shutdown: superblock.context.shutdown }),
            },
          ],
          task: [
            {
              type: 'page.touched',
              environment: true,
              oneOf: [{ access: 'write' }],
              when: ({ mount, dax }) => mount.hasTag('mounted') && (dax.context.data === 'mp' || !dax.context.alive),
            },
            'write.started',
            { type: 'iomap.begun', read: ({ superblock }) => ({ shutdown: superblock.context.shutdown }) },
            'entry.reached',
            'section.entered',
            { type: 'alive.read', read: ({ dax }) => ({ alive: dax.context.alive }) },
            { type: 'alive.readAgain', read: ({ dax }) => ({ alive: dax.context.alive }) },
            { type: 'page.associated', read: ({ pgmap }) => ({ live: pgmap.hasTag('live') }) },
            'pte.inserted',
            'entry.left',
          ],
        },
        properties: [
          unplugRevokes,
          ownerShutdown,
          noEntryOutlives,
          unbindCompletes,
          mountCompletes,
          lateOwnerShutdown,
          removalIsWalked,
          ownerIsUnborn,
        ],
      },
    ),
});
