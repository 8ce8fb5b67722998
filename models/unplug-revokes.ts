import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { aliveDuringPreRemove, readIsBelieved, removalIsWalked } from '../src/invariants/alive-during-pre-remove.ts';
import { freezeIsReleased } from '../src/invariants/freeze-balance.ts';
import { handlerTells, unbindLeavesNothing } from '../src/invariants/leftovers.ts';
import { faultMeetsWalk, nobodyInside, noNewMapping } from '../src/invariants/no-new-mapping.ts';
import { okMeansShut, preRemoveShutdown } from '../src/invariants/pre-remove-shutdown.ts';
import { clearedBeforePut, noEntryOutlives } from '../src/invariants/refs-before-free.ts';
import {
  healthyMetadata,
  healthyPages,
  lateMapperIsTold,
  unbindCompletes,
  unmappedBeforeTold,
  unplugRevokes,
} from '../src/invariants/unplug-revokes.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { memmapMachine } from '../src/machines/memmap.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { preRemoveMachine } from '../src/machines/pre-remove.ts';
import { entryMachine } from '../src/machines/primitives/entry-lock.ts';
import { freezeMachine } from '../src/machines/primitives/freeze.ts';
import { percpuRefMachine } from '../src/machines/primitives/percpu-ref.ts';
import { srcuMachine } from '../src/machines/primitives/srcu.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { taskMachine } from '../src/machines/task.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { designs, options } from './designs/unplug-revokes.ts';
import { notifierInput, notifierSteps, notifierWires } from './instructions/delivery.ts';
import { shutdownSteps } from './instructions/handler.ts';
import {
  freezeSteps,
  graceIsOver,
  preRemoveSteps,
  preRemoveWires,
  revokeSteps,
  revokeWires,
  taskSteps,
  taskWires,
  unbindSteps,
  unbindWires,
} from './instructions/unplug.ts';

/**
 * Mail 003: a pmem device is taken away from under a mounted file system whose files are mapped. Somebody has to take
 * the mappings away, and they have to stay away. The file system must be told before it can no longer read its metadata
 * (that is, before the kill), and after no new mapping can come (that is, after the kill): is there a gate that gives
 * both?
 *
 * The world is one device, one file of one page, and two tasks that map it, one of which wants to know early. A device
 * that has been unbound does not come back. Every design of the mail is a variant (`designs/unplug-revokes.ts`); so are the kernels that
 * were built.
 *
 * What real kernels did (recorded on v6.12, which is P4 and here the same as P6), and which variant does it:
 * - 4a, unbind under two mappings: freeze, walk, signal to the early-kill and to the late-kill task, invalidation,
 *   shutdown, thaw, ALIVE, then the block layer. `P6-quiet` has this run as its only way to walk.
 * - 4g, unbind of a file system that is shut down: the freeze answers -EIO, the first AGF answers -EIO, nothing is
 *   unmapped, unbind succeeds, the task goes on reading, and umount falls over the entry that is left.
 *   `P6-after-shutdown` ends in both violations, I7 for the task and I17 for the umount.
 *
 * What surprised, and who was right:
 * - P6 breaks all that P0 breaks, but I16. What sets them apart are the runs: P6 needs a read fault that is under way when
 *   the walk comes (H-12, H-13); with write faults only, or none, it keeps all (`P6-writes`, `P6-quiet`). The reviewer
 *   of v6.8 who said that a freeze does not stop read faults was right, and nothing followed from it.
 * - To shut down before the walk, the rule that H-12 proposes, is no repair. A fault may have asked before the shutdown
 *   and map after the walk (`shutdown-first-inodes`); and a walk of the rmapbt finds no metadata any more
 *   (`shutdown-first`, as H-04). H-12 names the mapping lock as its other way out; nothing said of it here.
 * - To ask again under the entry lock, the second rule that H-13 proposes, is no repair either (`P6-recheck`): the
 *   device may be killed between the question and the entry. To keep the section open until the entry is there is (I8),
 *   and then H-12 still breaks I7 (`P6-section-to-insertion`).
 * - To move the call behind the kill is not enough: dax_holder_notify_failure() itself refuses a dead device
 *   (`kill-first-as-is`). Where it does not, killing first is safe for the mappings under the condition that mail 003
 *   names: nothing must be read (`kill-first`, `kill-first-inodes` against `kill-first-uncached`). The file system is
 *   then told late (I16).
 * - Killing first is safe although a fault that was let through may map later, because it holds the entry lock, for
 *   which the walk waits. A bare unmap_mapping_range() does not (`inode-walk-kill-first`).
 * - Mail 003 proposes to tell after dev_pagemap_kill() so that new mappings are blocked; for I7 the ledger is right
 *   that cached metadata decides, but I8 fails all the same, as kill_dax() has returned long before. In a kernel whose
 *   block layer shuts the file system down in del_gendisk() even cached metadata does not help.
 * - Ledger and model differ on S003-09: what a walk without a gate breaks first is I7. I8, which the ledger names,
 *   speaks of the time after the kill, and fails by H-13, with and without a gate.
 * - Without invalidation (KB-08) no page table entry is left; what is left is the entry of the mapping. The ledger says
 *   I7, the recorded oops says I17; the trace is right. (That invalidation takes page table entries away that have come
 *   in between, and that it waits for a locked entry, is what the sources imply where they call the two together the
 *   only guard of user mappings.)
 * - A range and an error, which mail 000 calls all that a file system needs, are enough of a failure and not of an unplug
 *   (`P6-without-flag`): metadata that can still be read has to be taken for lost, and a late-kill task keeps its mapping.
 * - That the handler answers 0 for an external log and does nothing (H-06) is a promise of its own that P6 breaks, I16 OkMeansShut.
 *   v6.1, which takes the removal of a log for its corruption, shuts down in time (`P3-external-log`).
 *
 * What `repaired` adds to P6: a fault stays inside dax_srcu until it has mapped; after synchronize_srcu(), when nobody
 * can come any more, the driver takes away what is left, whatever the holder has answered; no owner goes on that has
 * lost its device (it shuts down without an rmapbt and without its log too, and the block layer does it before the kill
 * for those who were not told). It is still told first, while it can read, freeze and write back.
 */
export default defineModel({
  name: 'unplug-revokes',
  about: 'A pmem device is unplugged under its mappings: who takes them away, and do they stay away?',
  sources: [
    'S000-23',
    'S003-01',
    'S003-03',
    'S003-05',
    'S003-07',
    'S003-08',
    'S003-09',
    'S003-10',
    'S003-11',
    'S003-15',
    'S003-16',
    'S003-17',
    'S003-18',
    'S003-19',
    'S003-20',
    'S003-21',
    'S003-22',
    'S003-23',
    'S003-24',
    'S003-26',
    'S003-28',
    'S003-33',
    'KB-07',
    'KB-08',
    'KB-10',
    'H-04',
    'H-06',
    'H-12',
    'H-13',
    'H-23',
    'H-26',
  ],
  options,
  variants: designs,
  build: (option) =>
    compose(
      {
        unbind: start(unbindMachine, { notifies: option.notifies, marksDead: option.marksDead, revokes: option.sweep }),
        notifier: start(notifierMachine, {
          ...notifierInput(option),
          asksAlive: option.deadDevice === 'isAsked',
        }),
        preRemove: start(preRemoveMachine, {
          isFlagged: option.flag === 'preRemove',
          gate: option.flag === 'preRemove' ? option.gate : 'none',
          walk: option.walk,
          records: option.records === 'metadataFirst' ? ['metadata', 'data'] : ['data', 'metadata'],
          shutsAt: option.onMetadata === 'shutInWalk' ? 'record' : 'end',
          onError: option.onError,
          withoutRmap: option.withoutRmap,
          ignoresLog: option.withLog === 'ignore',
          knowsRealtime: option.realtime === 'walked',
          whenUnfrozen: 'goOn',
          thawsUser: true,
        }),
        revoke: start(revokeMachine, {
          manner: option.unmapping === 'bare' ? 'inodeWalk' : option.flag === 'preRemove' ? 'removal' : 'corruption',
          invalidates: option.invalidates && option.flag === 'preRemove',
        }),
        sweep: start(revokeMachine, { manner: option.sweeps, invalidates: option.invalidates }),
        dax: start(daxMachine, { holder: option.holder === 'xfs' && option.notifies !== 'never' ? 'mp' : null }),
        srcu: start(srcuMachine),
        superblock: start(superblockMachine, { mounted: true }),
        freeze: start(freezeMachine, { hasHolders: true }),
        entry: start(entryMachine),
        memmap: start(memmapMachine),
        pgmap: start(percpuRefMachine),
        task: replicate(taskMachine, 2, (self) => ({
          name: `task ${self}`,
          killsEarly: option.mappers === 'earlyOnly' || self === 0,
          section: option.section,
          pins: option.pins,
        })),
      },
      {
        wires: {
          unbind: unbindWires('notifier'),
          notifier: notifierWires('preRemove', 'unbind'),
          preRemove: preRemoveWires('notifier'),
          revoke: {
            ...revokeWires('preRemove'),
            'task.signalled':
              option.unmapping === 'bare'
                ? []
                : option.flag === 'preRemove' || option.mappers === 'earlyOnly'
                  ? 'task'
                  : ['task', 0],
          },
          sweep: revokeWires('unbind'),
          freeze: { 'freeze.answered': 'preRemove' },
          task: taskWires,
        },
        spontaneous: {
          unbind: unbindSteps({
            'unbind.requested': ({ task, superblock }) =>
              (option.faults !== 'before' || task.every((each) => each.hasTag('settled'))) &&
              (option.shutdown !== 'before' || superblock.context.shutdown),
            'grace.passed': graceIsOver,
            'ref.drained': ({ task }) => !option.pins || !task.some((each) => each.hasTag('pinning')),
          }),
          notifier: notifierSteps,
          preRemove: preRemoveSteps({
            device: option.device,
            rmapbt: option.rmapbt,
            isCached: option.metadata === 'cached',
          }),
          revoke: revokeSteps,
          sweep: revokeSteps,
          freeze: freezeSteps,
          superblock: shutdownSteps(() => option.shutdown !== 'never'),
          task: taskSteps(
            option.faults === 'writes' ? ['write'] : ['read', 'write'],
            ({ unbind }) => option.faults !== 'none' && (option.faults !== 'before' || unbind.hasTag('bound')),
          ),
        },
        properties: [
          preRemoveShutdown,
          unbindCompletes,
          unbindLeavesNothing,
          clearedBeforePut,
          ...(isTold(option) ? [okMeansShut, healthyMetadata] : []),
          ...(option.faults === 'none'
            ? []
            : [
                unplugRevokes,
                aliveDuringPreRemove,
                readIsBelieved,
                noEntryOutlives,
                healthyPages,
                unmappedBeforeTold,
                removalIsWalked,
              ]),
          ...(option.sweep === 'afterGrace' && option.flag === 'preRemove' && option.faults === 'all'
            ? [handlerTells]
            : []),
          ...(option.faults === 'none' || option.mappers === 'earlyOnly' ? [] : [lateMapperIsTold]),
          ...(option.shutdown === 'anytime' && option.flag === 'preRemove' ? [freezeIsReleased] : []),
          ...(option.faults === 'all' ? [noNewMapping, faultMeetsWalk] : []),
          ...(option.faults === 'all' && option.section === 'insertion' ? [nobodyInside] : []),
        ],
      },
    ),
});

/** Whether the handler hears of the unplug: it has registered, and the call gets to it. */
function isTold({ holder, notifies, deadDevice }: Assignment<typeof options>): boolean {
  return holder === 'xfs' && (notifies === 'beforeKill' || (notifies !== 'never' && deadDevice === 'isSilent'));
}
