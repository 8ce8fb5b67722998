import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { aliveDuringPreRemove } from '../src/invariants/alive-during-pre-remove.ts';
import { callerIsAnswered } from '../src/invariants/caller-answered.ts';
import { holderPair } from '../src/invariants/holder-pair.ts';
import { noNullHolder } from '../src/invariants/no-late-walk.ts';
import { ownerHandles } from '../src/invariants/outcome.ts';
import { preRemoveShutdown } from '../src/invariants/pre-remove-shutdown.ts';
import { noEntryOutlives, noMemoryUnderFailure, unplugMeetsPoison } from '../src/invariants/refs-before-free.ts';
import { unbindCompletes, unplugRevokes } from '../src/invariants/unplug-revokes.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { memmapMachine } from '../src/machines/memmap.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { preRemoveMachine } from '../src/machines/pre-remove.ts';
import { entryMachine } from '../src/machines/primitives/entry-lock.ts';
import { freezeMachine } from '../src/machines/primitives/freeze.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { percpuRefMachine } from '../src/machines/primitives/percpu-ref.ts';
import { srcuMachine } from '../src/machines/primitives/srcu.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { taskMachine } from '../src/machines/task.ts';
import { toldMachine } from '../src/machines/told.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import {
  failureSteps,
  failureWires,
  livePgmap,
  nobodyMaps,
  notifierInput,
  notifierSteps,
  notifierWires,
} from './instructions/delivery.ts';
import { handlerInput, handlerWires, holderRead, mountedAgfRead } from './instructions/handler.ts';
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
  onError: ['end', 'searchCore'],
  holderOps: kernel.holderOps,
  holderData: kernel.holderData,
  section: kernel.section,
  sweep: kernel.sweep,
  marksDead: kernel.marksDead,
  /** Whether kill_dax() waits for the readers of dax_srcu before it takes the registration away (K4). */
  waits: [true, false],
  /** Whether removal waits for those who hold the pagemap (K9). */
  drains: [true, false],
} as const;

/** Poison shuts the file system down, and the walk of the unplug reads no AGF after that. */
const cutShort = { [unplugRevokes.name]: 'violated', [noEntryOutlives.name]: 'violated' } as const;

/**
 * kill_dax() does not take mf_mutex: a poison event and an unplug may be in the same file system at the same time. What
 * does the one do to the other?
 *
 * The world is that of `unplug-revokes` with one task whose mapping stands before the unplug, and one event in a block
 * of metadata, or of a file that nobody has open. What becomes of the event is not asked: an event that finds the
 * device dead is answered -ENXIO, for good, and there is nobody left to tell.
 *
 * What surprised, and who was right:
 * - H-04 needs no shutdown of long ago. Poison in metadata that is reported while the unplug is freezing is enough: its
 *   shutdown comes between the gate and the first AGF. Recorded as 4g, where the two follow each other.
 * - The two notifiers do not disturb each other otherwise. The registration goes only when synchronize_srcu() has seen
 *   the event's notifier leave, so that no event meets half of it: KB-12 is right that kill_dax() cannot cause it, and
 *   `without-grace` says what it is that keeps it from doing so. The memory goes only when memory_failure() has let go
 *   of the pagemap (`without-drain`).
 */
export default defineModel({
  name: 'unplug-and-poison-together',
  about: 'Poison is reported while the device is being unplugged: what does the one do to the other?',
  sources: ['H-04', 'KB-12', 'S001-17'],
  options,
  variants: {
    P4: {
      about: 'v6.8: as P6.',
      option: preset('P4', options),
      expect: cutShort,
    },
    P6: {
      about: 'v7.1: a shutdown for poison takes the walk from the unplug.',
      option: preset('P6', options),
      expect: cutShort,
    },
    repaired: {
      about: 'A walk that finds no metadata searches the inodes in core, and the driver sweeps after the kill.',
      option: preset('repaired', options),
    },
    'searches-core': {
      about: 'P6 whose walk searches the inodes in core when it can read no metadata.',
      option: { ...preset('P6', options), onError: 'searchCore' },
    },
    'without-grace': {
      about: 'P6 whose kill waits for nobody: the registration goes under the notifier of the event.',
      option: { ...preset('P6', options), waits: false },
      expect: { ...cutShort, [noNullHolder.name]: 'violated', [holderPair.name]: 'violated' },
    },
    'without-drain': {
      about: 'P6 whose removal does not wait for memory_failure().',
      option: { ...preset('P6', options), drains: false },
      expect: { ...cutShort, [noMemoryUnderFailure.name]: 'violated' },
    },
  },
  build: (option) =>
    compose(
      {
        unbind: start(unbindMachine, { notifies: 'beforeKill', marksDead: option.marksDead, revokes: option.sweep }),
        unplugNotifier: start(notifierMachine, notifierInput(option)),
        preRemove: start(preRemoveMachine, { ...removalHandler, onError: option.onError }),
        revoke: start(revokeMachine, removalRevoke),
        sweep: start(revokeMachine, removalRevoke),
        dax: start(daxMachine, { holder: 'mp' }),
        srcu: start(srcuMachine),
        superblock: start(superblockMachine, { mounted: true }),
        freeze: start(freezeMachine, { hasHolders: true }),
        entry: start(entryMachine),
        memmap: start(memmapMachine),
        pgmap: start(percpuRefMachine),
        task: replicate(taskMachine, 1, () => lateTask('task', option.section)),
        failure: replicate(failureMachine, 1, () => ({ poison: 0 })),
        mf_mutex: start(lockMachine),
        notifier: start(notifierMachine, notifierInput(option)),
        handler: start(handlerMachine, {
          ...handlerInput(option),
          onError: 'end',
        }),
        fate: replicate(fateMachine, 1),
        answered: start(toldMachine),
      },
      {
        wires: {
          unbind: unbindWires('unplugNotifier'),
          unplugNotifier: notifierWires('preRemove', 'unbind'),
          preRemove: preRemoveWires('unplugNotifier'),
          revoke: revokeWires('preRemove'),
          sweep: revokeWires('unbind'),
          freeze: { 'freeze.answered': 'preRemove' },
          failure: {
            ...failureWires,
            ...lockWires('mf_mutex'),
            'failure.returned': 'answered',
            'event.generic': 'fate',
            'event.unowned': 'fate',
          },
          notifier: notifierWires('handler', 'failure'),
          handler: { ...handlerWires, 'filesystem.shut': 'superblock', 'event.owned': 'fate' },
          task: taskWires,
        },
        spontaneous: {
          unbind: unbindSteps({
            'unbind.requested': ({ task }) => task.every((each) => each.hasTag('settled')),
            'grace.passed': (room) => !option.waits || (graceIsOver(room) && !room.notifier.hasTag('reading')),
            'ref.drained': ({ failure }) => !option.drains || !failure.some((each) => each.hasTag('pinned')),
          }),
          unplugNotifier: notifierSteps,
          preRemove: preRemoveSteps(),
          revoke: revokeSteps,
          sweep: revokeSteps,
          freeze: freezeSteps,
          failure: failureSteps({ pgmap: livePgmap, page: nobodyMaps }),
          notifier: notifierSteps,
          handler: [
            holderRead,
            { type: 'flag.read', oneOf: [{ ready: true, freed: false }] },
            { type: 'features.read', oneOf: [{ rmap: true, freed: false }] },
            mountedAgfRead,
            { type: 'record.found', oneOf: [{ owner: 'data' }, { owner: 'metadata' }] },
            { type: 'inode.found', oneOf: [{ inode: 'absent' }] },
            'group.unlocked',
            'walk.ended',
            'thread.ended',
          ],
          task: taskSteps(['write'], ({ unbind }) => unbind.hasTag('bound')),
        },
        properties: [
          unplugRevokes,
          aliveDuringPreRemove,
          preRemoveShutdown,
          noEntryOutlives,
          noMemoryUnderFailure,
          noNullHolder,
          holderPair,
          unbindCompletes,
          callerIsAnswered,
          ownerHandles,
          unplugMeetsPoison,
        ],
      },
    ),
});
