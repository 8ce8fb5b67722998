import { type Assignment, compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { halfRegistrationIsMet, holderPair } from '../src/invariants/holder-pair.ts';
import { bornBeforeAttached } from '../src/invariants/leftovers.ts';
import { noEarlyMapping } from '../src/invariants/no-early-mapping.ts';
import { handlerWalks, noEarlyWalk, noWalkBeforeSuperblock } from '../src/invariants/no-early-walk.ts';
import {
  callbackBeforeSuperblock,
  callbackIsInvoked,
  noFreedHolder,
  noLateWalk,
  noNullHolder,
} from '../src/invariants/no-late-walk.ts';
import {
  consumptionReturns,
  eventIsNobodys,
  fallbackHandles,
  fallbackTells,
  nothingLeft,
  outcome,
  outcomeAfterMount,
  ownerHandles,
  ownerTells,
  queueIsDiscarded,
  replayIsOwned,
} from '../src/invariants/outcome.ts';
import { noCircle } from '../src/invariants/walk-ends.ts';
import { applicationMachine } from '../src/machines/application.ts';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { daemonMachine } from '../src/machines/daemon.ts';
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
import { recordAt, rmapbtMachine } from '../src/machines/rmapbt.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import {
  daemonSteps,
  daemonWires,
  failureOf,
  failureSteps,
  failureWires,
  fateOf,
  liveDevice,
  notifierSteps,
  notifierWires,
} from './instructions/delivery.ts';
import { agfRead, callRefused, featuresRead, handlerWires, holderRead } from './instructions/handler.ts';
import { holderSteps, holderWires, mountSteps, mountVariables, xfsMount } from './instructions/mounting.ts';
import { lockWires } from './instructions/threads.ts';
import { kernel, preset } from './presets.ts';

const options = {
  registers: kernel.registers,
  guard: kernel.guard,
  whenUnready: kernel.whenUnready,
  asksFeatures: kernel.asksFeatures,
  holderOps: kernel.holderOps,
  holderData: kernel.holderData,
  put: kernel.put,
  withdraws: kernel.withdraws,
  /** ro,norecovery */
  skipsRecovery: [false, true],
  /** What a walk finds behind the last record of an rmapbt that recovery has yet to correct: the end, or the first record. */
  staleTree: ['finishes', 'leadsBack'],
  /** When the daemon reads the record: level-triggered after the mount; once, as soon as there is one; or never, for want of an ABI. */
  daemon: ['level', 'eager', 'untold'],
  /** Whether files may be opened before the mount has been attached (M14). */
  opens: ['afterMount', 'early'],
  /** Whether poison is found by a task that loads from it, or by a scan of the media alone. */
  finds: ['consumptionAndScan', 'scan'],
} as const;

interface Mounting {
  readonly mount: Peer<typeof mountMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
  readonly perags: Peer<typeof peragsMachine>;
  readonly log: Peer<typeof logMachine>;
}

/** What the handler's guard reads. */
const isReady: Record<Assignment<typeof options>['guard'], (room: Mounting) => boolean> = {
  none: () => true,
  // SB_BORN, but looked for in mp->m_sb.sb_flags, a word that comes from the disk (KB-01).
  wrongWord: () => false,
  M2: ({ superblock }) => superblock.hasTag('features'),
  M6: ({ perags }) => perags.hasTag('present'),
  M8: ({ mount }) => mount.hasTag('afterLogMount'),
  M10: ({ mount }) => mount.hasTag('afterRecovery'),
  born: ({ superblock }) => superblock.hasTag('born'),
  // The rule that H-19 proposes: what counts is the log, not the birth.
  cleanLog: ({ superblock, log }) => superblock.hasTag('born') && !log.hasTag('stale'),
  // What H-01 asks for. The upper bound has no one to hold off here: nobody unmounts.
  bornAndActive: ({ superblock }) => superblock.hasTag('active'),
};

/** The kernel that all other variants change in one respect or two. */
const v71 = preset('P6', options);

// The verdicts that several variants share.

/** A mount that fails puts its holder under the eyes of a notifier: H-03, with ops loaded twice KB-12. */
const holderTorn = { [noNullHolder.name]: 'violated', [holderPair.name]: 'violated' } as const;
/** It then frees its mount under the feet of a handler: H-02. */
const holderFreed = { [noFreedHolder.name]: 'violated' } as const;
/** Whoever registers before M2 suffers both until they are repaired. */
const registeredEarly = { ...holderTorn, ...holderFreed } as const;
/** What comes before SB_BORN is answered -EIO, for good: H-15. */
const dropped = { [outcome.name]: 'violated' } as const;
const walkedEarly = { [noEarlyWalk.name]: 'violated' } as const;
/** The walk follows a tree that recovery would have corrected, round and round. */
const walkedInCircles = { [noCircle.name]: 'violated' } as const;
/** The perags of a mount that fails go while the walk is in them. */
const walkedLate = { [noLateWalk.name]: 'violated' } as const;

/**
 * Mail 001: the callback is registered before the superblock has been read. What may run in it, and what becomes of what may not?
 *
 * The world is one mount that may fail, a log that may be dirty, two poison events in two blocks of file data (the second in
 * the page that a task maps once it can), and a daemon. Metadata is left out: a shutdown would take away the next event's
 * walk (H-05), which is another question.
 *
 * What surprised, and who was right:
 * - v12 as posted (P1) does not walk before M2, though the mail says it would: the feature word is still zero, and the
 *   handler answers -EOPNOTSUPP. Only `P1-without-feature-test` does what the mail fears there. The source is right. The
 *   event is lost nonetheless: the generic path that it is sent to finds no mapping.
 * - Loading the holder once and checking it (`holder-read-once`) repairs what is NULL, not what is freed: the handler may
 *   have loaded the mount before the put, and nothing makes kfree(mp) wait for it. I2 holds only with a put that drains
 *   (H-02 names the failed mount too; it is right, and who thinks the check is enough is not).
 * - A guard on the log instead of the birth keeps I1 under norecovery, and then answers -EIO for as long as the file system
 *   is mounted: the candidate rule of H-19 trades one violation for another.
 * - That a walk may go round for ever (S001-14) is seen without asking what happens for ever: it comes to a record that it has
 *   looked at, and as it has the AGF, recovery cannot correct the tree meanwhile. It is one run of `P1`'s, and SB_BORN rules it
 *   out, but not under norecovery (H-19).
 * - A failed mount frees its perags with the holder still registered, so that every guard that a failing mount can satisfy
 *   (M2, M6, M8) breaks I2 NoLateWalk as well.
 */
export default defineModel({
  name: 'poison-during-mount',
  about: 'Poison may be reported at any moment of a mount: what may the file system do with it, and what may it not?',
  sources: [
    'S001-05',
    'S001-06',
    'S001-07',
    'S001-08',
    'S001-09',
    'S001-10',
    'S001-11',
    'S001-12',
    'S001-13',
    'S001-14',
    'S001-15',
    'S001-16',
    'S001-17',
    'S001-19',
    'S001-20',
    'S001-21',
    'S001-22',
    'S001-23',
    'S001-24',
    'S001-28',
    'KB-01',
    'KB-12',
    'H-02',
    'H-03',
    'H-15',
    'H-16',
    'H-19',
  ],
  options,
  variants: {
    P0: {
      about: 'v5.19: nobody registers, and the generic path does what can be done for a page with one owner.',
      option: preset('P0', options),
      expect: {
        [noEarlyWalk.name]: 'vacuous',
        [noWalkBeforeSuperblock.name]: 'vacuous',
        [noCircle.name]: 'vacuous',
        [noLateWalk.name]: 'vacuous',
        [noNullHolder.name]: 'vacuous',
        [noFreedHolder.name]: 'vacuous',
        [holderPair.name]: 'vacuous',
        [handlerWalks.name]: 'unreached',
        [ownerHandles.name]: 'unreached',
        [ownerTells.name]: 'unreached',
        [callbackIsInvoked.name]: 'unreached',
        [halfRegistrationIsMet.name]: 'unreached',
        [callbackBeforeSuperblock.name]: 'unreached',
      },
    },
    P1: {
      about: 'v12 as posted: registered before the superblock is read, and no guard at all.',
      option: preset('P1', options),
      expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped },
    },
    'P1-without-feature-test': {
      about: 'v12 without the question for an rmapbt (H4): what the mail fears of the time before M2.',
      option: { ...preset('P1', options), asksFeatures: false },
      expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, [noWalkBeforeSuperblock.name]: 'violated' },
    },
    'P1-tree-leads-back': {
      about: 'v12, and the rmapbt that recovery has yet to correct leads back to a record: the walk goes round in it.',
      option: { ...preset('P1', options), staleTree: 'leadsBack' },
      expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped, ...walkedInCircles },
    },
    P2a: {
      about:
        'v6.0-rc1: the guard reads the wrong flags word. No call is ever let through, so nothing else can go wrong.',
      option: preset('P2a', options),
      expect: {
        ...registeredEarly,
        ...dropped,
        [noEarlyWalk.name]: 'vacuous',
        [noWalkBeforeSuperblock.name]: 'vacuous',
        [noCircle.name]: 'vacuous',
        [noLateWalk.name]: 'vacuous',
        [handlerWalks.name]: 'unreached',
        [ownerHandles.name]: 'unreached',
        [ownerTells.name]: 'unreached',
        [outcomeAfterMount.name]: 'violated',
      },
    },
    P2b: {
      about: 'v6.0: the guard reads SB_BORN where it is. What comes before is answered -EIO and forgotten.',
      option: preset('P2b', options),
      expect: { ...registeredEarly, ...dropped },
    },
    'P2b-tree-leads-back': {
      about: 'v6.0 and the same tree: when the handler is let in, recovery has corrected it.',
      option: { ...preset('P2b', options), staleTree: 'leadsBack' },
      expect: { ...registeredEarly, ...dropped },
    },
    P6: {
      about: 'v6.1 to v7.1 (P3 to P6): as v6.0; when a shutdown comes makes no difference to poison in file data.',
      option: preset('P6', options),
      expect: { ...registeredEarly, ...dropped },
    },
    P7: {
      about: 'Next: holder_ops is loaded once. What it stands beside may still be NULL.',
      option: preset('P7', options),
      expect: { ...registeredEarly, ...dropped },
    },
    'delayed-until-born': {
      about: 'Chinner: what comes too early waits in a queue, and is worked off by the mount, or thrown away with it.',
      option: { ...v71, whenUnready: 'queue' },
      expect: registeredEarly,
    },
    'dropped-and-replayed': {
      about: 'Williams: what comes too early is dropped, and a daemon replays it from a record after the mount.',
      option: { ...v71, whenUnready: 'record' },
      expect: registeredEarly,
    },
    'replayed-once-too-early': {
      about: 'The daemon replays the record as soon as it sees it, once: before M13 the event is dropped again.',
      option: { ...v71, whenUnready: 'record', daemon: 'eager' },
      expect: { ...registeredEarly, ...dropped },
    },
    'recorded-unread': {
      about: 'What is dropped is recorded, and nobody is told of the record: there is no ABI for a daemon to live on.',
      option: { ...v71, whenUnready: 'record', daemon: 'untold' },
      expect: {
        ...registeredEarly,
        [nothingLeft.name]: 'violated',
        [replayIsOwned.name]: 'unreached',
        [bornBeforeAttached.name]: 'vacuous',
      },
    },
    'found-by-scan-only': {
      about: 'Poison is found by a scan of the media alone: no task has ever to be told in its own context.',
      option: { ...v71, finds: 'scan' },
      expect: {
        ...registeredEarly,
        ...dropped,
        [outcomeAfterMount.name]: 'vacuous',
        [consumptionReturns.name]: 'unreached',
      },
    },
    'opened-early': {
      about:
        'Files can be opened when the superblock has been read: what is dropped before SB_BORN has somebody to tell.',
      option: { ...v71, opens: 'early' },
      expect: {
        ...registeredEarly,
        ...dropped,
        [noEarlyMapping.name]: 'violated',
        [outcomeAfterMount.name]: 'violated',
      },
    },
    'registered-after-recovery': {
      about: "Registered only after M10: no guard is needed, no failure follows, and earlier events are nobody's.",
      option: { ...v71, registers: 'afterRecovery', guard: 'none', whenUnready: 'walk' },
      expect: { [callbackBeforeSuperblock.name]: 'unreached' },
    },
    'guard-at-M2': {
      about: 'Ready when the superblock has been read: there are no perags yet.',
      option: { ...v71, guard: 'M2' },
      expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped },
    },
    'guard-at-M6': {
      about: 'Ready when there are perags: the log has not been looked at yet.',
      option: { ...v71, guard: 'M6' },
      expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped },
    },
    'guard-at-M8': {
      about: 'Ready when the log has been replayed: its intents have yet to change the rmapbt.',
      option: { ...v71, guard: 'M8' },
      expect: { ...registeredEarly, ...walkedEarly, ...walkedLate, ...dropped },
    },
    'guard-at-M10': {
      about: 'Ready when the intents are recovered: as safe as SB_BORN, and a little earlier.',
      option: { ...v71, guard: 'M10' },
      expect: { ...registeredEarly, ...dropped },
    },
    norecovery: {
      about: 'ro,norecovery under the SB_BORN guard: born with a dirty log, and with the tree that goes with it.',
      option: { ...v71, skipsRecovery: true, staleTree: 'leadsBack' },
      expect: { ...registeredEarly, ...walkedEarly, ...walkedInCircles, ...dropped },
    },
    'norecovery-guard-at-clean-log': {
      about: 'ro,norecovery under a guard that looks at the log: no walk, and no outcome either.',
      option: { ...v71, skipsRecovery: true, guard: 'cleanLog', staleTree: 'leadsBack' },
      expect: { ...registeredEarly, ...dropped, [outcomeAfterMount.name]: 'violated' },
    },
    'holder-read-once': {
      about: 'P6 with the holder loaded once and checked: never NULL, but it may have been freed.',
      option: { ...v71, holderOps: 'loadedOnce', holderData: 'checked' },
      expect: { ...holderFreed, ...dropped },
    },
    'holder-read-once-put-drained': {
      about: 'The same, and put waits for those who have loaded it: I2 and I3 hold.',
      option: { ...v71, holderOps: 'loadedOnce', holderData: 'checked', put: 'drained' },
      expect: dropped,
    },
    repaired: {
      about: 'Recorded and replayed, the holder loaded once and checked, and a put that drains.',
      option: preset('repaired', options),
    },
    'repaired-by-delay': {
      about: 'The same with a queue for the record: delayed until born.',
      option: { ...preset('repaired', options), whenUnready: 'queue' },
    },
  },
  build: (option) =>
    compose(
      {
        mount: start(mountMachine, {
          ...xfsMount,
          registers: option.registers,
          skipsRecovery: option.skipsRecovery,
        }),
        holder: start(holderMachine, { own: 'mp', drains: option.put === 'drained', order: option.withdraws }),
        dax: start(daxMachine, { holder: null }),
        superblock: start(superblockMachine, { mounted: false }),
        perags: start(peragsMachine, { mounted: false }),
        log: start(logMachine),
        failure: replicate(failureMachine, 2, (poison) => ({ poison })),
        mf_mutex: start(lockMachine),
        rmapbt: start(rmapbtMachine, {
          groups: [[{ owner: 'data', file: 0 }]],
          unreadable: -1,
          whenStale: option.staleTree,
        }),
        notifier: start(notifierMachine, { loadsOnce: option.holderOps === 'loadedOnce' }),
        handler: start(handlerMachine, {
          whenUnready: option.whenUnready,
          checksHolder: option.holderData === 'checked',
          asksFeatures: option.asksFeatures,
          lock: 'none',
        }),
        application: start(applicationMachine),
        badblocks: start(badblocksMachine),
        daemon: start(daemonMachine, { eager: option.daemon === 'eager' }),
        fate: replicate(fateMachine, 2),
      },
      {
        wires: {
          mount: {
            'get.called': 'holder',
            'put.called': 'holder',
            'lock.taken': [],
            'lock.released': [],
            ...mountVariables,
            'mount.announced': option.daemon === 'untold' ? [] : 'daemon',
            'poison.consumed': [],
            'failure.resumed': { rendezvous: 'handler' },
            'event.discarded': fateOf,
          },
          holder: { ...holderWires, 'get.returned': 'mount', 'put.returned': 'mount' },
          failure: {
            ...failureWires,
            ...lockWires('mf_mutex'),
            'task.signalled': ({ poison }) => (poison === 1 ? 'application' : []),
            'failure.returned': ({ to }) => (to === 'platform' ? [] : to),
            'caller.died': ({ to }) => (to === 'platform' ? [] : to),
            'event.generic': fateOf,
            'event.unowned': fateOf,
          },
          notifier: notifierWires({ rendezvous: 'handler' }, failureOf),
          handler: {
            ...handlerWires,
            'failure.handled': ({ to }) => to,
            'failure.deferred': { queue: 'mount', full: 'fail' },
            'filesystem.shut': 'superblock',
            'task.signalled': ({ poison }) => (poison === 1 ? 'application' : []),
            'event.owned': fateOf,
            'event.queued': fateOf,
            'event.recorded': (event) => [fateOf(event), 'badblocks'],
          },
          application: { 'poison.consumed': { rendezvous: ['failure', 1] } },
          badblocks: { 'badblocks.changed': option.daemon === 'untold' ? [] : 'daemon' },
          daemon: daemonWires,
        },
        mailboxes: { mount: { capacity: 2 } },
        spontaneous: {
          mount: mountSteps({
            // Whoever changes an rmapbt has its AGF, and so waits for a walk that has it.
            'log.replayed': ({ handler }) => !handler.hasTag('walking'),
            'intents.recovered': ({ handler }) => !handler.hasTag('walking'),
          }),
          holder: holderSteps({ 'readers.gone': ({ notifier }) => !notifier.hasTag('reading') }),
          log: [{ type: 'power.failed', environment: true, when: ({ mount }) => mount.hasTag('unmounted') }],
          failure: failureSteps({
            pgmap: liveDevice,
            page: { read: ({ application }, poison) => ({ mapped: poison === 1 && application.hasTag('mapped') }) },
          }),
          notifier: notifierSteps,
          handler: [
            holderRead,
            {
              type: 'flag.read',
              read: (room) => ({ ready: isReady[option.guard](room), freed: room.superblock.hasTag('freed') }),
            },
            callRefused,
            featuresRead,
            agfRead,
            {
              type: 'record.found',
              read: ({ handler, rmapbt: { context }, log }) =>
                recordAt(context.groups, handler.context, context.whenStale === 'leadsBack' && log.hasTag('stale')),
            },
            {
              type: 'inode.found',
              read: ({ application, handler }) => ({
                inode: handler.context.poison === 1 && application.hasTag('mapped') ? 'inCore' : 'absent',
              }),
            },
            'mapping.killed',
            'group.unlocked',
            'walk.ended',
            'thread.ended',
          ],
          application: [
            {
              type: 'file.mapped',
              environment: true,
              when: ({ mount, superblock }) =>
                mount.hasTag('mounted') || (option.opens === 'early' && superblock.hasTag('features')),
            },
            { type: 'page.touched', environment: true, when: () => option.finds === 'consumptionAndScan' },
          ],
          daemon: daemonSteps,
        },
        properties: [
          noEarlyWalk,
          noWalkBeforeSuperblock,
          noCircle,
          noLateWalk,
          noNullHolder,
          noFreedHolder,
          holderPair,
          outcome,
          outcomeAfterMount,
          noEarlyMapping,
          bornBeforeAttached,
          ownerHandles,
          ownerTells,
          fallbackHandles,
          fallbackTells,
          eventIsNobodys,
          halfRegistrationIsMet,
          callbackBeforeSuperblock,
          ...(option.whenUnready === 'queue' ? [queueIsDiscarded] : []),
          ...(option.whenUnready === 'record' ? [nothingLeft, replayIsOwned] : []),
        ],
      },
    ),
});
