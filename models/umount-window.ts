import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { holderPair } from '../src/invariants/holder-pair.ts';
import { inodesBeforeLog, logBeforePerags, umountLeavesNothing } from '../src/invariants/leftovers.ts';
import { inactiveFirst, noFreedHolder, noLateWalk, noNullHolder } from '../src/invariants/no-late-walk.ts';
import { outcomeOfUmount, ownerHandles, ownerShutsDown } from '../src/invariants/outcome.ts';
import { putOnce } from '../src/invariants/whole-pair.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { holderMachine } from '../src/machines/holder.ts';
import { logMachine } from '../src/machines/log.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { peragsMachine } from '../src/machines/perags.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { umountMachine } from '../src/machines/umount.ts';
import {
  failureSteps,
  failureWires,
  liveDevice,
  nobodyMaps,
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
import { holderInput, holderWires, umountSteps, umountWires } from './instructions/mounting.ts';
import { lockWires } from './instructions/threads.ts';
import { kernel, preset, registration } from './presets.ts';

const options = {
  /** What the handler's guard reads. */
  guard: ['born', 'bornAndActive'],
  lock: kernel.lock,
  contended: kernel.contended,
  whenUnready: kernel.whenUnready,
  ...registration,
  puts: kernel.puts,
  /** On whose behalf put is called; the holder is `mp`. */
  putAs: ['mp', 'other'],
} as const;

/** H-01: SB_BORN says yes while the perags go. */
const walkedLate = { [noLateWalk.name]: 'violated' } as const;
/** H-03, and KB-12 where ops are loaded twice. */
const holderTorn = { [noNullHolder.name]: 'violated', [holderPair.name]: 'violated' } as const;
/** H-02: nobody waits for a handler that has loaded its mount. */
const holderFreed = { [noFreedHolder.name]: 'violated' } as const;

/** The repair of KB-12 and H-03. */
const holderChecked = { holderOps: 'loadedOnce', holderData: 'checked' } as const;
/** The repair of H-01: a guard with an upper bound, under the lock that umount takes. */
const guardLocked = { guard: 'bornAndActive', lock: 's_umount' } as const;
/** The repair of H-02. */
const putDrained = { put: 'drained' } as const;

/**
 * The umount window: perags and log go early, the registration goes late, and the flag that guards the handler never goes.
 *
 * The world is one umount, which begins when its user wants, and one poison event in a block of file data or of metadata.
 * Who owns the event in the end is asked only where it is recorded when nobody is ready: the rest is poison-during-mount's.
 *
 * What surprised, and who was right:
 * - A repaired guard and a drained put keep the walk and the freed mount apart, but not the handler and a NULL holder: a
 *   notifier that is let in between the two stores of put finds ops without data, and draining comes after both. The third
 *   repair, loading once and checking, is needed for I2 as well as for I3.
 * - SB_ACTIVE without the lock is no upper bound: it was true when it was asked (`guard-unlocked`). The source of H-01 says
 *   "under a lock teardown takes", and every word of it counts.
 * - Putting first makes the guard superfluous, but only with a put that drains; and together with a guard that waits for
 *   s_umount, which the put's caller holds, it is a deadlock.
 */
export default defineModel({
  name: 'umount-window',
  about: 'Poison may be reported at any moment of an umount: what does the handler still find?',
  sources: ['S001-04', 'S001-05', 'S000-21', 'KB-12', 'H-01', 'H-02', 'H-03'],
  options,
  variants: {
    P6: {
      about: 'v7.1: the guard has a lower bound only, the holder is loaded again and again, and put waits for nobody.',
      option: preset('P6', options),
      expect: { ...walkedLate, ...holderTorn, ...holderFreed },
    },
    P7: {
      about: 'Next: holder_ops is loaded once; what it stands beside is not looked at.',
      option: preset('P7', options),
      expect: { ...walkedLate, ...holderTorn, ...holderFreed },
    },
    'put-by-another': {
      about: 'Put on behalf of somebody else withdraws nothing: the registration outlives the mount.',
      option: { ...holderChecked, ...guardLocked, ...putDrained, putAs: 'other' },
      expect: { ...holderFreed, [umountLeavesNothing.name]: 'violated' },
    },
    'holder-read-once': {
      about: 'P6 with the holder loaded once and checked.',
      option: holderChecked,
      expect: { ...walkedLate, ...holderFreed },
    },
    'put-drained': {
      about: 'The same, and put waits for the readers: nothing is freed under the handler but the perags.',
      option: { ...holderChecked, ...putDrained },
      expect: walkedLate,
    },
    'guard-unlocked': {
      about: 'The same, and the guard asks for SB_ACTIVE too, without a lock: true when asked, false when used.',
      option: { ...holderChecked, ...putDrained, guard: 'bornAndActive' },
      expect: walkedLate,
    },
    'guard-locked': {
      about: 'The guard asks for SB_BORN and SB_ACTIVE under s_umount, but put does not drain.',
      option: { ...holderChecked, ...guardLocked },
      expect: holderFreed,
    },
    'guard-locked-put-drained': {
      about: 'Guard and put repaired, and the holder used as in P6: it may still be NULL.',
      option: { ...guardLocked, ...putDrained },
      expect: holderTorn,
    },
    repaired: {
      about: 'Guard under s_umount, which is tried and not waited for; put drained; holder loaded once and checked.',
      option: preset('repaired', options),
    },
    'guard-waits': {
      about: 'The same, and a handler that finds s_umount taken waits for it.',
      option: { ...preset('repaired', options), contended: 'waits' },
    },
    'put-first': {
      about: 'The other way out: put, drained, before the perags go. SB_BORN alone will do.',
      option: { ...holderChecked, ...putDrained, puts: 'first' },
    },
    'put-first-undrained': {
      about: 'Put before the perags go, but nobody waits for those who are in.',
      option: { ...holderChecked, puts: 'first' },
      expect: { ...walkedLate, ...holderFreed },
    },
    'put-first-guard-locked': {
      about: 'Put waits for the handler, the handler for s_umount, and whoever puts first holds it.',
      option: { ...holderChecked, ...guardLocked, ...putDrained, puts: 'first' },
      expect: { deadlock: 'violated' },
    },
  },
  build: (option) =>
    compose(
      {
        umount: start(umountMachine, { putsFirst: option.puts === 'first' }),
        s_umount: start(rwsemMachine),
        holder: start(holderMachine, {
          own: option.putAs,
          ...holderInput(option),
          hasReference: true,
        }),
        dax: start(daxMachine, { holder: 'mp' }),
        superblock: start(superblockMachine, { mounted: true }),
        perags: start(peragsMachine, { mounted: true }),
        log: start(logMachine),
        failure: start(failureMachine, { poison: 0 }),
        mf_mutex: start(lockMachine),
        notifier: start(notifierMachine, notifierInput(option)),
        handler: start(handlerMachine, handlerInput(option)),
        fate: replicate(fateMachine, 1),
      },
      {
        wires: {
          umount: {
            ...umountWires,
            ...lockWires('s_umount'),
            'log.unmounted': 'log',
            'perags.freed': 'perags',
            'put.called': 'holder',
          },
          holder: { ...holderWires, 'put.returned': 'umount' },
          failure: { ...failureWires, ...lockWires('mf_mutex'), 'event.generic': 'fate', 'event.unowned': 'fate' },
          notifier: notifierWires({ rendezvous: 'handler' }, 'failure'),
          handler: {
            ...handlerWires,
            ...handlerLockWires,
            'filesystem.shut': 'superblock',
            'event.owned': 'fate',
            'event.recorded': 'fate',
          },
        },
        spontaneous: {
          umount: umountSteps({}),
          holder: [
            { type: 'data.exchanged', read: ({ dax }) => ({ found: dax.context.data }) },
            'ops.cleared',
            'data.cleared',
            { type: 'readers.gone', when: ({ notifier }) => !notifier.hasTag('reading') },
          ],
          failure: failureSteps({ pgmap: liveDevice, page: nobodyMaps }),
          notifier: notifierSteps,
          handler: [
            holderRead,
            superblockLocked(option.contended),
            flagRead(option.guard),
            featuresRead,
            agfRead,
            callRefused,
            { type: 'record.found', oneOf: [{ owner: 'data' }, { owner: 'metadata' }] },
            {
              type: 'inode.found',
              read: ({ umount }) => ({
                inode: umount.hasTag('mounted') ? 'inCore' : umount.hasTag('evicting') ? 'inTransit' : 'absent',
              }),
            },
            'mapping.killed',
            'group.unlocked',
            'walk.ended',
            'thread.ended',
          ],
        },
        properties: [
          noLateWalk,
          inactiveFirst,
          noNullHolder,
          noFreedHolder,
          holderPair,
          umountLeavesNothing,
          putOnce,
          logBeforePerags,
          inodesBeforeLog,
          ownerHandles,
          ownerShutsDown,
          ...(option.whenUnready === 'record' ? [outcomeOfUmount] : []),
        ],
      },
    ),
});
