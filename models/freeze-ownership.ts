import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { removalIsWalked } from '../src/invariants/alive-during-pre-remove.ts';
import {
  bothFreeze,
  freezeIsKept,
  freezeIsReleased,
  noOrphanFreeze,
  noUmountOfFrozen,
  userLosesFreeze,
  userThawsInVain,
  walkUnderForeignFreeze,
} from '../src/invariants/freeze-balance.ts';
import { umountCompletes, unbindCompletes, unplugRevokes } from '../src/invariants/unplug-revokes.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { freezerMachine } from '../src/machines/freezer.ts';
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
import { umountMachine } from '../src/machines/umount.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { notifierSteps, notifierWires } from './instructions/delivery.ts';
import { umountSteps, umountWires } from './instructions/mounting.ts';
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
  freezes: kernel.freezes,
  section: kernel.section,
  sweep: kernel.sweep,
  marksDead: kernel.marksDead,
  /** Who else freezes: a user, another part of the kernel, or nobody. */
  freezer: ['user', 'other', 'nobody'],
  /** What the handler does when its freeze fails. */
  whenUnfrozen: ['goOn', 'abort', 'retry', 'claim'],
  /** Whether it thaws the freeze of a user (R9). */
  thawsUser: [true, false],
  /** Write faults at any time, or none that are under way when the unplug begins. */
  faults: ['writes', 'before'],
} as const;

/** A write fault gets through a gate that another has opened. */
const mapped = { [unplugRevokes.name]: 'violated' } as const;
/** Somebody thaws what is not his. */
const stolen = { [freezeIsKept.name]: 'violated' } as const;
const alone = { [walkUnderForeignFreeze.name]: 'unreached' } as const;

/**
 * The gate of an unplug is a freeze. Who else may hold it, and who may open it?
 *
 * The world is that of `unplug-revokes` with one task and write faults only, a user or another part of the kernel that
 * freezes and thaws, and an umount after the unplug. Read faults, which pass every freeze, are the other model's.
 *
 * What the model says of the objections that reviewers raised while the handler of an unplug was written:
 * - One bit for all freezes is unsafe both ways (KB-09): a user thaws the kernel's freeze (I15), and a write fault maps
 *   the page behind the walk (I7). With two accounts a user may freeze and thaw at will.
 * - Two accounts do not help against another freezer on the kernel's own (H-14): the handler is answered -EBUSY, walks
 *   under the other's freeze, and the other thaws when it likes. To give up instead is worse, as then nothing is
 *   revoked at all; to take the other's freeze for one's own adds the theft. To try again keeps I7, and lets whoever has
 *   frozen the file system say when its device may go. The repaired kernel does not rely on the gate.
 * - The thaw of a user's freeze (H-27) is as unconditional as the ledger says: "a user's freeze is gone" is reached. It
 *   is also right: with it spared, the umount of a file system that has lost its device never ends, and no later freeze
 *   can take its place, because a file system that is shut down cannot be frozen (recorded: 4g, -EIO).
 */
export default defineModel({
  name: 'freeze-ownership',
  about: 'An unplug freezes the file system while it walks: what if somebody else freezes or thaws it too?',
  sources: ['KB-08', 'KB-09', 'H-14', 'H-27'],
  options,
  variants: {
    P6: {
      about: 'v7.1 beside a user: a freeze has two accounts, and the handler thaws both in the end.',
      option: preset('P6', options),
    },
    'P6-other': {
      about:
        'v7.1 beside another freezer in the kernel: -EBUSY is only logged, and the other may thaw in the middle of the walk.',
      option: { ...preset('P6', options), freezer: 'other' },
      expect: mapped,
    },
    'P6-other-quiet': {
      about: 'The same with no fault under way: the walk goes on without a freeze of its own, and revokes.',
      option: { ...preset('P6', options), freezer: 'other', faults: 'before' },
    },
    'one-account': {
      about:
        'The handler of v6.8 with the freezes of v6.5: a user thaws, in the middle of the walk, what the kernel has frozen.',
      option: { ...preset('P6', options), freezes: 'shared' },
      expect: { ...mapped, ...stolen, [userThawsInVain.name]: 'violated' },
    },
    repaired: {
      about: 'Beside a user.',
      option: preset('repaired', options),
    },
    'repaired-other': {
      about: 'Beside another freezer: what the gate lets in, the sweep after the kill takes away.',
      option: { ...preset('repaired', options), freezer: 'other' },
    },
    'gives-up': {
      about: 'The handler gives up when it cannot freeze.',
      option: { ...preset('P6', options), freezer: 'other', faults: 'before', whenUnfrozen: 'abort' },
      expect: { ...mapped, ...alone },
    },
    'tries-again': {
      about: 'The handler tries until it can freeze: the other has to let go first, and unbind waits for that.',
      option: { ...preset('P6', options), freezer: 'other', whenUnfrozen: 'retry' },
      expect: alone,
    },
    'claims-any-freeze': {
      about: 'The handler takes -EBUSY for its own freeze, and thaws it.',
      option: { ...preset('P6', options), freezer: 'other', whenUnfrozen: 'claim' },
      expect: { ...mapped, ...stolen },
    },
    'spares-the-user': {
      about: "The handler leaves a user's freeze in place: nobody can umount what has lost its device.",
      option: { ...preset('P6', options), thawsUser: false },
      expect: { deadlock: 'violated', [userLosesFreeze.name]: 'unreached' },
    },
  },
  build: (option) =>
    compose(
      {
        unbind: start(unbindMachine, { notifies: 'beforeKill', marksDead: option.marksDead, revokes: option.sweep }),
        notifier: start(notifierMachine, { loadsOnce: true }),
        preRemove: start(preRemoveMachine, {
          ...removalHandler,
          whenUnfrozen: option.whenUnfrozen,
          thawsUser: option.thawsUser,
        }),
        revoke: start(revokeMachine, removalRevoke),
        sweep: start(revokeMachine, removalRevoke),
        dax: start(daxMachine, { holder: 'mp' }),
        srcu: start(srcuMachine),
        superblock: start(superblockMachine, { mounted: true }),
        freeze: start(freezeMachine, { hasHolders: option.freezes === 'separate' }),
        entry: start(entryMachine),
        memmap: start(memmapMachine),
        pgmap: start(percpuRefMachine),
        task: replicate(taskMachine, 1, () => lateTask('task', option.section)),
        user: start(freezerMachine, { by: 'user', holder: 'user' }),
        other: start(freezerMachine, { by: 'other', holder: 'kernel' }),
        umount: start(umountMachine, { putsFirst: false }),
      },
      {
        wires: {
          unbind: unbindWires('notifier'),
          notifier: notifierWires('preRemove', 'unbind'),
          preRemove: preRemoveWires('notifier'),
          revoke: revokeWires('preRemove'),
          sweep: revokeWires('unbind'),
          freeze: { 'freeze.answered': ({ by }) => (by === 'handler' ? 'preRemove' : by) },
          user: { 'freeze.asked': { rendezvous: 'freeze' }, 'thaw.asked': { rendezvous: 'freeze' } },
          other: { 'freeze.asked': { rendezvous: 'freeze' }, 'thaw.asked': { rendezvous: 'freeze' } },
          umount: umountWires,
          task: taskWires,
        },
        spontaneous: {
          unbind: unbindSteps({
            'unbind.requested': ({ task }) =>
              option.faults !== 'before' || task.every((each) => each.hasTag('settled')),
            'grace.passed': graceIsOver,
          }),
          notifier: notifierSteps,
          preRemove: preRemoveSteps(),
          revoke: revokeSteps,
          sweep: revokeSteps,
          freeze: freezeSteps,
          user: [
            { type: 'freeze.requested', environment: true, when: () => option.freezer === 'user' },
            { type: 'thaw.requested', environment: true, when: () => option.freezer === 'user' },
          ],
          other: [
            { type: 'freeze.requested', environment: true, when: () => option.freezer === 'other' },
            'freeze.over',
          ],
          umount: umountSteps(
            {
              'umount.requested': ({ unbind, task }) =>
                unbind.hasTag('removed') && task.every((each) => each.hasTag('settled') && !each.hasTag('mapped')),
              'superblock.deactivated': ({ freeze }) => !freeze.hasTag('frozen'),
            },
            'put.returned',
          ),
          task: taskSteps(['write'], ({ unbind }) => option.faults !== 'before' || unbind.hasTag('bound')),
        },
        properties: [
          unplugRevokes,
          freezeIsReleased,
          freezeIsKept,
          noUmountOfFrozen,
          unbindCompletes,
          removalIsWalked,
          umountCompletes,
          ...(option.freezer === 'user' ? [userLosesFreeze, noOrphanFreeze, userThawsInVain] : []),
          ...(option.freezer === 'user' && option.freezes === 'separate' ? [bothFreeze] : []),
          ...(option.freezer === 'other' ? [walkUnderForeignFreeze] : []),
        ],
      },
    ),
});
