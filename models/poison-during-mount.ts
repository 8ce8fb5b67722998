import { type Assignment, compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { halfRegistrationIsMet, holderPair } from '../src/invariants/holder-pair.ts';
import { bornBeforeAttached } from '../src/invariants/leftovers.ts';
import { noEarlyMapping } from '../src/invariants/no-early-mapping.ts';
import { noEarlyWalk, noWalkBeforeSuperblock } from '../src/invariants/no-early-walk.ts';
import { callbackBeforeSuperblock, noFreedHolder, noLateWalk, noNullHolder } from '../src/invariants/no-late-walk.ts';
import {
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
import { designs, options } from './designs/poison-during-mount.ts';
import {
  daemonSteps,
  daemonWires,
  failureOf,
  failureSteps,
  failureWires,
  fateOf,
  liveDevice,
  notifierInput,
  notifierSteps,
  notifierWires,
} from './instructions/delivery.ts';
import { agfRead, callRefused, featuresRead, handlerInput, handlerWires, holderRead } from './instructions/handler.ts';
import {
  holderInput,
  holderSteps,
  holderWires,
  mountSteps,
  mountVariables,
  xfsMount,
} from './instructions/mounting.ts';
import { lockWires } from './instructions/threads.ts';

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
  variants: designs,
  build: (option) =>
    compose(
      {
        mount: start(mountMachine, {
          ...xfsMount,
          registers: option.registers,
          skipsRecovery: option.skipsRecovery,
        }),
        holder: start(holderMachine, { own: 'mp', ...holderInput(option) }),
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
        notifier: start(notifierMachine, notifierInput(option)),
        handler: start(handlerMachine, handlerInput(option)),
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
