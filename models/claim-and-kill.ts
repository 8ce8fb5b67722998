import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { noEarlyRemovalWalk } from '../src/invariants/alive-during-pre-remove.ts';
import { claimMeetsKill, noSilentRevocation } from '../src/invariants/claim-meets-kill.ts';
import { mountCompletes, mountFails } from '../src/invariants/mount-ends.ts';
import { preRemoveShutdown, shutsOnlyActive } from '../src/invariants/pre-remove-shutdown.ts';
import { unbindCompletes } from '../src/invariants/unplug-revokes.ts';
import { wholePair } from '../src/invariants/whole-pair.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { holderMachine } from '../src/machines/holder.ts';
import { mountMachine } from '../src/machines/mount.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { preRemoveMachine } from '../src/machines/pre-remove.ts';
import { freezeMachine } from '../src/machines/primitives/freeze.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { toldMachine } from '../src/machines/told.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { notifierInput, notifierSteps, notifierWires } from './instructions/delivery.ts';
import {
  cleanMountSteps,
  holderInput,
  holderSteps,
  holderWires,
  mountWires,
  xfsMount,
} from './instructions/mounting.ts';
import { freezeSteps, preRemoveSteps, preRemoveWires, unbindSteps, unbindWires } from './instructions/unplug.ts';
import { kernel, preset } from './presets.ts';

const options = {
  notifies: kernel.notifies,
  flag: kernel.flag,
  gate: kernel.gate,
  marksDead: kernel.marksDead,
  holderOps: kernel.holderOps,
  put: kernel.put,
  withdraws: kernel.withdraws,
  /** K4: whether kill_dax() waits for those who are in a read section. */
  grace: ['awaited', 'skipped'],
  /** Whether a lookup that fails leaves the read section that it has entered. */
  lookup: ['leaves', 'staysInside'],
} as const;

const v71 = preset('P6', options);
const repaired = preset('repaired', options);

/** The device is killed under a file system that is born and goes on. */
const notShut = { [preRemoveShutdown.name]: 'violated' } as const;
/** A registration is ended, and nobody has told its owner. */
const silent = { [noSilentRevocation.name]: 'violated' } as const;

/**
 * A device is unplugged while a file system on it is being mounted. kill_dax() looks for a holder once; a mount becomes one when
 * it gets there. (The other race of the two, with poison instead of the end, is poison-during-mount.)
 *
 * The world is one mount, which may fail, and one unbind. Nobody maps a file: mappings are unplug-revokes.
 *
 * What real kernels did (recorded on v6.12: 4d), and which run does it: an unbind that finds the mount in recovery is answered
 * -EIO, kills the device and clears the holder all the same, and then waits in the block layer until the mount has come to
 * its end. mount(2) returns 0, and the file system is shut down at once; its umount finds no registration, and nothing bad comes
 * of it. All of that is in `P6`.
 *
 * What surprised, and who was right:
 * - H-07 is a run of v7.1, but a narrow one: the lookup has to come before dax_remove_host(), which comes before the look for a
 *   holder. What it costs is the notice, not the shutdown. That comes with del_gendisk(), after the kill (H-23): a file
 *   system is born on a dead device for a while, which the recorded 4d shows without any race.
 * - The rule that H-07 proposes, to look again after synchronize_srcu(), finds the holder, but not in time: the device has been
 *   killed by then, and notices to a dead device are refused (`asked-again`). What helps is to mark the disk dead before the
 *   kill, which waits for a mount that is under way and lets no other begin (`marked-first`).
 * - That kill_dax() clears a registration that its owner still believes in (H-08) does no harm as long as it has waited for
 *   those who are registering. Where it has not, their second store comes after its own (`kill-without-grace`).
 */
export default defineModel({
  name: 'claim-and-kill',
  about: 'A device is unplugged while a file system on it is being mounted: who is told, and who keeps a dead device?',
  sources: ['KB-10', 'KB-30', 'H-07', 'H-08', 'H-23'],
  options,
  variants: {
    P3: {
      about: 'v6.1: the holder is told, if there is one, and if it is born.',
      option: preset('P3', options),
      expect: { ...notShut, ...silent },
    },
    P6: {
      about: 'v7.1: the block layer tells whoever is mounted, after the kill.',
      option: v71,
      expect: { ...notShut, ...silent },
    },
    P7: {
      about: 'Next: the same.',
      option: preset('P7', options),
      expect: { ...notShut, ...silent },
    },
    untold: {
      about: 'v7.1, but the registration is withdrawn without a word (v11).',
      option: { ...v71, notifies: 'never' },
      expect: { ...notShut, ...silent },
    },
    'asked-again': {
      about: 'v7.1, and kill_dax() looks again when the readers have gone: too late to tell.',
      option: { ...v71, notifies: 'afterKill' },
      expect: notShut,
    },
    'marked-first': {
      about: 'v7.1, and the disk is marked dead before the device is killed: a mount under way is waited for.',
      option: { ...v71, marksDead: 'beforeKill' },
    },
    'kill-without-grace': {
      about: 'v7.1 without synchronize_srcu(): a registration stores its ops after its data have been cleared.',
      option: { ...v71, grace: 'skipped' },
      expect: { ...notShut, ...silent, [wholePair.name]: 'violated' },
    },
    'reader-stays': {
      about: 'All repaired, and a lookup that fails does not leave its read section: the unbind waits for ever.',
      option: { ...repaired, lookup: 'staysInside' },
      expect: { deadlock: 'violated' },
    },
    repaired: {
      about: 'The holder is told, the disk is marked dead, and only then is the device killed.',
      option: repaired,
    },
  },
  build: (option) =>
    compose(
      {
        mount: start(mountMachine, xfsMount),
        holder: replicate(holderMachine, 1, () => ({
          own: 'mp' as const,
          ...holderInput(option),
          staysInside: option.lookup === 'staysInside',
        })),
        dax: start(daxMachine, { holder: null }),
        superblock: start(superblockMachine, { mounted: false }),
        unbind: start(unbindMachine, { notifies: option.notifies, marksDead: option.marksDead, revokes: 'no' }),
        told: start(toldMachine),
        notifier: start(notifierMachine, notifierInput(option)),
        preRemove: start(preRemoveMachine, {
          isFlagged: option.flag === 'preRemove',
          gate: option.flag === 'preRemove' ? option.gate : 'none',
          walk: 'rmap',
          records: ['metadata'],
          shutsAt: 'end',
          onError: 'end',
          withoutRmap: 'refuse',
          ignoresLog: false,
          knowsRealtime: true,
          whenUnfrozen: 'goOn',
          thawsUser: false,
        }),
        freeze: start(freezeMachine, { hasHolders: true }),
      },
      {
        wires: {
          mount: {
            ...mountWires,
            'get.called': 'holder',
            'put.called': 'holder',
            'superblock.read': 'superblock',
            'superblock.born': 'superblock',
            'mount.freed': 'superblock',
          },
          holder: { ...holderWires, 'get.returned': 'mount', 'put.returned': 'mount' },
          unbind: {
            ...unbindWires('notifier'),
            'notification.asked': ['notifier', 'told'],
            'grace.awaited': [],
            'revoke.called': [],
            'ref.killed': [],
            'ref.drained': [],
            'memory.removed': [],
          },
          notifier: notifierWires('preRemove', 'unbind'),
          preRemove: { ...preRemoveWires('notifier'), 'revoke.called': [] },
          freeze: { 'freeze.answered': 'preRemove' },
        },
        spontaneous: {
          mount: cleanMountSteps(
            // A disk that has been marked dead is not opened any more.
            ({ unbind }) =>
              !unbind.hasTag('removed') &&
              (option.marksDead !== 'beforeKill' || !(unbind.hasTag('killing') || unbind.hasTag('doomed'))),
          ),
          holder: holderSteps({ 'readers.gone': ({ notifier }) => !notifier.hasTag('reading') }),
          unbind: unbindSteps({
            // Whoever looks the device up now finds it no more, and is out in one step.
            'grace.passed': ({ holder }) => option.grace === 'skipped' || !holder.some((one) => one.hasTag('reading')),
            // super_lock() waits until the superblock is born or dying.
            'superblock.marked': ({ mount }) =>
              mount.hasTag('unmounted') || mount.hasTag('mounted') || mount.hasTag('closed'),
          }),
          notifier: notifierSteps,
          preRemove: preRemoveSteps(),
          freeze: freezeSteps,
        },
        properties: [
          noSilentRevocation,
          preRemoveShutdown,
          wholePair,
          unbindCompletes,
          mountCompletes,
          mountFails,
          claimMeetsKill,
          ...(option.notifies === 'beforeKill' ? [noEarlyRemovalWalk] : []),
          ...(option.marksDead === 'never' ? [] : [shutsOnlyActive]),
        ],
      },
    ),
});
