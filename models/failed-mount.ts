import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { holderPair } from '../src/invariants/holder-pair.ts';
import { failedMountLeavesNothing, peragsFromSuperblock } from '../src/invariants/leftovers.ts';
import { mountCompletes, mountFails } from '../src/invariants/mount-ends.ts';
import { noEarlyWalk } from '../src/invariants/no-early-walk.ts';
import { noFreedHolder, noLateWalk, noNullHolder } from '../src/invariants/no-late-walk.ts';
import { noOrphan } from '../src/invariants/one-holder.ts';
import { queueIsDiscarded, queueKeeps } from '../src/invariants/outcome.ts';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { holderMachine } from '../src/machines/holder.ts';
import { logMachine } from '../src/machines/log.ts';
import { mountMachine } from '../src/machines/mount.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { peragsMachine } from '../src/machines/perags.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
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
  holderRead,
  superblockLocked,
} from './instructions/handler.ts';
import {
  holderInput,
  holderSteps,
  holderWires,
  mountVariables,
  mountWires,
  xfsMount,
} from './instructions/mounting.ts';
import { lockWires } from './instructions/threads.ts';
import { kernel, preset, registration } from './presets.ts';

const options = {
  /** What the handler's guard reads. */
  guard: ['born', 'bornAndActive', 'none'],
  whenUnready: kernel.whenUnready,
  lock: kernel.lock,
  contended: kernel.contended,
  lateError: kernel.lateError,
  abortedIntents: kernel.abortedIntents,
  ...registration,
  /** The order of the error labels: fs_put_dax() and then kfree(mp), or the other way round. */
  frees: ['afterPut', 'beforePut'],
  /** Whether recovery may meet the poison itself, with an AGF locked, and wait for memory_failure() to return. */
  consumes: [false, true],
} as const;

const v71 = preset('P6', options);
const repaired = preset('repaired', options);

/** H-03 and KB-12, in the put that ends a failed mount. */
const holderTorn = { [noNullHolder.name]: 'violated', [holderPair.name]: 'violated' } as const;
const holderFreed = { [noFreedHolder.name]: 'violated' } as const;
const walkedEarly = { [noEarlyWalk.name]: 'violated' } as const;
const walkedLate = { [noLateWalk.name]: 'violated' } as const;
/** H-17 */
const orphaned = { [noOrphan.name]: 'violated' } as const;

/**
 * A mount may fail at every step. What does the way back leave behind, and who trips over it?
 *
 * The world is one mount of a file system with a dirty log, which may fail in xfs_alloc_buftarg(), for its superblock, its
 * perags, its log and its intents, and one poison event. No task maps a page: nothing was ever mounted to map.
 *
 * What surprised, and who was right:
 * - The late error of xfs_alloc_buftarg() (H-17) is the only way to an orphan in v7.1; but what a handler does with it is
 *   what it does with every failed mount in the moment before its put returns: it looks at a mount that has been freed. The
 *   repair of one is no repair of the other, in either direction.
 * - A handler that waits for s_umount cannot be called by the thread that mounts: memory_failure() then waits for a lock of
 *   its own caller (`recovery-consumes-guard-waits`). An upper bound for umount (H-01) bought with a lock must only try it.
 * - Intents left in the AIL (KB-37) stop the mount before it has put anything: the device stays held by a mount that neither
 *   comes nor goes.
 */
export default defineModel({
  name: 'failed-mount',
  about: 'A mount may fail at every step: what does the way back leave behind, and who trips over it?',
  sources: ['S001-05', 'S001-11', 'S001-18', 'KB-12', 'KB-37', 'H-02', 'H-03', 'H-17'],
  options,
  variants: {
    P1: {
      about: 'v12 as posted: no guard keeps a walk out of perags that are on their way out.',
      option: { ...v71, guard: 'none', whenUnready: 'walk' },
      expect: { ...walkedEarly, ...walkedLate, ...holderTorn, ...holderFreed, ...orphaned },
    },
    P6: {
      about: 'v7.1: the guard keeps the walk out; holder and mount go under the feet of whoever asks.',
      option: v71,
      expect: { ...holderTorn, ...holderFreed, ...orphaned },
    },
    P7: {
      about: 'Next: holder_ops is loaded once.',
      option: preset('P7', options),
      expect: { ...holderTorn, ...holderFreed, ...orphaned },
    },
    'registration-put': {
      about: 'v7.1 with fs_put_dax() on the late error path of xfs_alloc_buftarg().',
      option: { ...v71, lateError: 'puts' },
      expect: { ...holderTorn, ...holderFreed },
    },
    'registration-kept': {
      about: 'All repaired but that path.',
      option: { ...repaired, lateError: 'keepsRegistration' },
      expect: { ...holderFreed, ...orphaned },
    },
    'freed-before-put': {
      about: 'All repaired, and two error labels in the wrong order: the mount is freed, and then put.',
      option: { ...repaired, frees: 'beforePut' },
      expect: { ...holderFreed, ...orphaned },
    },
    'put-undrained': {
      about: 'All repaired, but nobody waits for the handler between the put and kfree(mp).',
      option: { ...repaired, put: 'plain' },
      expect: holderFreed,
    },
    'intents-kept': {
      about: 'v7.1 with recovery as it was before 2022: the intents of a recovery that is given up stay in the AIL.',
      option: { ...v71, abortedIntents: 'kept' },
      expect: { ...holderTorn, ...holderFreed, ...orphaned, deadlock: 'violated' },
    },
    'recovery-consumes': {
      about: 'v7.1, and recovery meets the poison itself: the handler refuses, recovery gets -EIO, the mount fails.',
      option: { ...v71, consumes: true },
      expect: { ...holderTorn, ...holderFreed, ...orphaned },
    },
    'recovery-consumes-unguarded': {
      about: 'The same in v12: the walk wants the AGF that its caller holds.',
      option: { ...v71, guard: 'none', whenUnready: 'walk', consumes: true },
      expect: {
        ...walkedEarly,
        ...walkedLate,
        ...holderTorn,
        ...holderFreed,
        ...orphaned,
        deadlock: 'violated',
      },
    },
    'recovery-consumes-guard-waits': {
      about:
        'All repaired, but the guard waits for s_umount: the thread that mounts holds it, and waits for the guard.',
      option: { ...repaired, consumes: true, contended: 'waits' },
      expect: { deadlock: 'violated' },
    },
    'recovery-consumes-repaired': {
      about: 'All repaired, and recovery meets the poison itself.',
      option: { ...repaired, consumes: true },
    },
    'repaired-by-delay': {
      about: 'All repaired, and what comes too early waits in a queue: a mount that fails empties it and calls nobody.',
      option: { ...repaired, whenUnready: 'queue' },
    },
    'repaired-by-drop': {
      about: 'All repaired, and what comes too early is answered -EIO: nothing is left of it.',
      option: { ...repaired, whenUnready: 'drop' },
    },
    repaired: {
      about:
        'What comes too early stands in a record; the holder is checked, put drained, every registration taken back.',
      option: repaired,
    },
  },
  build: (option) =>
    compose(
      {
        mount: start(mountMachine, {
          ...xfsMount,
          frees: option.frees,
          lateError: option.lateError,
          abortedIntents: option.abortedIntents,
        }),
        s_umount: start(rwsemMachine),
        holder: start(holderMachine, { own: 'mp', ...holderInput(option) }),
        dax: start(daxMachine, { holder: null }),
        superblock: start(superblockMachine, { mounted: false }),
        perags: start(peragsMachine, { mounted: false }),
        log: start(logMachine),
        failure: start(failureMachine, { poison: 0 }),
        mf_mutex: start(lockMachine),
        notifier: start(notifierMachine, notifierInput(option)),
        handler: start(handlerMachine, handlerInput(option)),
        badblocks: start(badblocksMachine),
        fate: replicate(fateMachine, 1),
      },
      {
        wires: {
          mount: {
            ...mountWires,
            ...mountVariables,
            ...lockWires('s_umount'),
            'get.called': 'holder',
            'put.called': 'holder',
            'poison.consumed': { rendezvous: 'failure' },
            'failure.resumed': { rendezvous: 'handler' },
            'event.discarded': 'fate',
          },
          holder: { ...holderWires, 'get.returned': 'mount', 'put.returned': 'mount' },
          failure: {
            ...failureWires,
            ...lockWires('mf_mutex'),
            // Who consumes poison in this world is the thread that mounts.
            'failure.returned': ({ to }) => (to === 'application' ? 'mount' : []),
            'caller.died': ({ to }) => (to === 'application' ? 'mount' : []),
            'event.generic': 'fate',
            'event.unowned': 'fate',
          },
          notifier: notifierWires({ rendezvous: 'handler' }, 'failure'),
          handler: {
            'failure.handled': ({ to }) => to,
            'failure.deferred': { queue: 'mount', full: 'fail' },
            'thread.died': 'notifier',
            'filesystem.shut': 'superblock',
            'task.signalled': [],
            'kill.called': [],
            ...handlerLockWires,
            'event.owned': 'fate',
            'event.queued': 'fate',
            'event.recorded': ['fate', 'badblocks'],
          },
          badblocks: { 'badblocks.changed': [] },
        },
        mailboxes: { mount: { capacity: 1 } },
        spontaneous: {
          mount: [
            { type: 'mount.requested', environment: true },
            'devices.opened',
            { type: 'buftarg.failed', environment: true },
            'superblock.read',
            'perags.initialised',
            { type: 'log.read', read: ({ log }) => ({ stale: log.hasTag('stale') }) },
            'log.scanned',
            // Whoever changes an rmapbt has its AGF, and so waits for a walk that has it.
            { type: 'log.replayed', when: ({ handler }) => !handler.hasTag('walking') },
            { type: 'intents.recovered', when: ({ handler }) => !handler.hasTag('walking') },
            { type: 'poison.met', environment: true, when: () => option.consumes },
            'superblock.born',
            'mount.attached',
            { type: 'error.met', environment: true },
            // Unmounting the log waits for an empty AIL.
            { type: 'perags.freed', when: ({ log }) => !log.hasTag('intents') },
            'mount.freed',
          ],
          holder: holderSteps({ 'readers.gone': ({ notifier }) => !notifier.hasTag('reading') }),
          log: [{ type: 'power.failed', environment: true, when: ({ mount }) => mount.hasTag('unmounted') }],
          failure: failureSteps({ pgmap: liveDevice, page: nobodyMaps }),
          notifier: notifierSteps,
          handler: [
            holderRead,
            superblockLocked(option.contended),
            flagRead(option.guard),
            callRefused,
            featuresRead,
            // The AGF's lock: recovery holds it while it works on an intent.
            { ...agfRead, when: ({ mount }) => !mount.hasTag('consuming') },
            { type: 'record.found', oneOf: [{ owner: 'data' }, { owner: 'metadata' }] },
            { type: 'inode.found', oneOf: [{ inode: 'absent' }] },
            'group.unlocked',
            'walk.ended',
            'thread.ended',
          ],
        },
        properties: [
          noEarlyWalk,
          noLateWalk,
          noNullHolder,
          noFreedHolder,
          holderPair,
          noOrphan,
          failedMountLeavesNothing,
          peragsFromSuperblock,
          mountCompletes,
          mountFails,
          ...(option.whenUnready === 'queue' ? [queueIsDiscarded, queueKeeps] : []),
        ],
      },
    ),
});
