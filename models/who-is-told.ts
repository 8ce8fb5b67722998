import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import {
  consumerIsTold,
  mapperTold,
  markedFirst,
  nextTouch,
  nobodyLeft,
  noticed,
  refaultIsAnswered,
  taskIsTold,
  toldBySignal,
} from '../src/invariants/mapper-told.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fileMachine } from '../src/machines/file.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { collectedBy, killMachine } from '../src/machines/kill.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { pageMachine } from '../src/machines/page.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import {
  alwaysLive,
  failureOf,
  failureSteps,
  failureWires,
  heldNotifierSteps,
  notifierWires,
} from './instructions/delivery.ts';
import { handlerWires, letInSteps, mountedAgfRead, mountedHandler, shutdownSteps } from './instructions/handler.ts';
import { killSteps, killWires } from './instructions/kill.ts';
import { lockWires } from './instructions/threads.ts';
import { kernel, preset } from './presets.ts';

const options = {
  onError: kernel.onError,
  unmaps: kernel.unmaps,
  refault: kernel.refault,
  notice: kernel.notice,
  /** How the two tasks want to be told: early, or when they touch the page, which is the default. */
  tasks: ['earlyAndLate', 'bothEarly', 'bothLate'],
  /** Whether task 0 has blocked SIGBUS, so far as that can be done. */
  blocks: [false, true],
  /** A mutation: only the task that consumes the poison is ever told. */
  tells: ['byPolicy', 'onAccessOnly'],
  /** Whether the file system has been shut down before. */
  isShutDown: [false, true],
} as const;
type Option = Assignment<typeof options>;

const v71 = preset('P6', options);
const better = preset('repaired', options);

const leftBehind = { [nobodyLeft.name]: 'violated' } as const;
const misled = { [nextTouch.name]: 'violated', [refaultIsAnswered.name]: 'unreached' } as const;
const untold = { [mapperTold.name]: 'violated' } as const;
const unnoticed = { [noticed.name]: 'violated' } as const;

/**
 * One page fails that two tasks map: who gets to hear of it, and when?
 *
 * The world is three events in the same page: the platform's report, and each task's own load. The poison is real, so that a load
 * through an entry that has been left is a machine check, and the platform has a record of it, so that a fault finds it
 * (with the software's poison of the traces a touch succeeds instead: 1b, 1d). What else may end the walk is the question of
 * walk-all-owners.
 *
 * What real kernels did, with the same verdicts: 1c and 1e (`P6-both-early`: both get an action-optional signal), 1d (`P6-both-late`:
 * no signal, not unmapped, "Recovered"), 1b (a task that is current gets its signal forced), 2c (`P6-shutdown`).
 *
 * What surprised, and who was right:
 * - That a page keeps its mappings where nobody is collected (H-11) misleads nobody: who touches it consumes the poison itself
 *   and has its signal forced (`P6-both-late`: NextTouch holds). It costs a machine check for each task, and it needs the handler
 *   to succeed each time: after a shutdown it does not, and the tasks die of a SIGBUS that says nothing (`P6-shutdown`).
 * - Unmapping everybody and answering faults (H-11's rule) is not enough after a shutdown either: the fault asks for the shutdown
 *   first and says "error" (`unmaps-and-searches`). The fault has to ask in the other order.
 * - A task may lose the race for its own machine check: the platform's report has unmapped the page before its own event is looked
 *   at, and who maps nothing is not collected. All is well as long as the answer is 0, for then it faults. That is why a
 *   handler that finds everybody by searching, after somebody else's shutdown, has to answer 0 and not -EFSCORRUPTED.
 * - An exception table for the faulting load (S002-07) serves those who load. Whoever asked to be told early is not.
 */
export default defineModel({
  name: 'who-is-told',
  about: 'A page fails that two tasks map: who gets to hear of it, when, and in which words?',
  sources: ['S000-17', 'S002-04', 'S002-07', 'KB-14', 'H-05', 'H-11'],
  options,
  variants: {
    P6: {
      about: 'v7.1: one task wants to be told early, one late. The early one is told, and both are unmapped.',
      option: v71,
    },
    P3: {
      about: 'v6.1: the late task faults, and the fault answers as if the device were at fault (KB-14).',
      option: preset('P3', options),
      expect: misled,
    },
    'P6-both-early': {
      about: 'v7.1: both have asked to be told early, and are (traces 1c, 1e).',
      option: { ...v71, tasks: 'bothEarly' },
    },
    'P6-both-late': {
      about: 'v7.1: nobody has asked. Nobody is collected, so nobody is unmapped either (H-11, trace 1d).',
      option: { ...v71, tasks: 'bothLate' },
      expect: leftBehind,
    },
    'both-late-unmapped': {
      about: 'The same, and the page is unmapped all the same: the next touch is a fault.',
      option: { ...v71, unmaps: 'always', tasks: 'bothLate' },
    },
    'P6-blocked': {
      about: 'v7.1: a task that asked to be told early has blocked SIGBUS: the signal waits, and the task goes on.',
      option: { ...v71, tasks: 'bothEarly', blocks: true },
      expect: unnoticed,
    },
    'blocked-told-by-queue': {
      about: 'The same with a notice that is no signal.',
      option: { ...v71, notice: 'queue', tasks: 'bothEarly', blocks: true },
    },
    'told-on-access-only': {
      about: 'Only the load that fails is answered, as by an exception table: who asked to be told early is not.',
      option: { ...v71, tells: 'onAccessOnly', tasks: 'bothEarly' },
      expect: { ...untold, ...unnoticed, ...leftBehind },
    },
    'P6-shutdown': {
      about:
        'v7.1 after a shutdown: -EIO, nobody is told, and who touches the page dies of a plain SIGBUS (H-05, trace 2c).',
      option: { ...v71, isShutDown: true },
      expect: {
        ...untold,
        ...misled,
        ...leftBehind,
        [markedFirst.name]: 'vacuous',
        [toldBySignal.name]: 'vacuous',
        [taskIsTold.name]: 'unreached',
        [consumerIsTold.name]: 'unreached',
      },
    },
    'unmaps-and-searches': {
      about: 'After a shutdown, with the search of inodes in memory and everybody unmapped: the fault says "error".',
      option: { ...v71, onError: 'searchCore', unmaps: 'always', isShutDown: true },
      expect: misled,
    },
    repaired: {
      about: 'Repaired, with an early task that has blocked SIGBUS and a late one, after a shutdown.',
      option: { ...better, blocks: true, isShutDown: true },
    },
    'repaired-both-early': {
      about: 'Repaired, with two early tasks, one of which has blocked SIGBUS.',
      option: { ...better, tasks: 'bothEarly', blocks: true },
    },
    'repaired-both-late': {
      about: 'Repaired, with two late tasks.',
      option: { ...better, tasks: 'bothLate' },
    },
  },
  build: (option) =>
    compose(
      {
        failure: replicate(failureMachine, 3, (poison) => ({ poison })),
        mf_mutex: start(lockMachine),
        notifier: start(notifierMachine, { loadsOnce: true }),
        handler: start(handlerMachine, { ...mountedHandler, onError: option.onError }),
        kill: start(killMachine, { flavour: 'poison', unmaps: option.unmaps, whenLost: 'fail', checksPage: false }),
        mapper: replicate(mapperMachine, 2, (task) => ({
          file: 0,
          policy: isEarly(option, task) ? 'early' : 'late',
          blocksOptional: task === 0 && option.blocks && option.notice === 'signal',
        })),
        file: replicate(fileMachine, 1, () => ({ starts: 'mapped' })),
        page: start(pageMachine),
        superblock: start(superblockMachine, { mounted: true }),
      },
      {
        wires: {
          failure: {
            ...failureWires,
            ...lockWires('mf_mutex'),
            // Event 0 is the platform's, events 1 and 2 are those of tasks 0 and 1.
            'failure.returned': ({ poison }) => (poison === 0 ? [] : ['mapper', poison - 1]),
          },
          notifier: notifierWires('handler', failureOf),
          handler: { ...handlerWires, 'kill.called': 'kill', 'filesystem.shut': 'superblock' },
          kill: { ...killWires, 'page.poisoned': 'page' },
          mapper: { 'poison.consumed': { rendezvous: (_, task) => ['failure', task + 1] } },
        },
        spontaneous: {
          superblock: shutdownSteps(
            ({ failure }) => option.isShutDown && failure.every((event) => event.hasTag('quiet')),
          ),
          failure: failureSteps(
            { pgmap: alwaysLive },
            {
              'poison.reported': ({ superblock }, poison) =>
                poison === 0 && superblock.context.shutdown === option.isShutDown,
            },
          ),
          notifier: heldNotifierSteps,
          handler: [
            ...letInSteps(),
            mountedAgfRead,
            { type: 'record.found', oneOf: [{ owner: 'data', file: 0 }] },
            { type: 'inode.found', oneOf: [{ inode: 'inCore' }] },
            'group.unlocked',
            { type: 'core.searched', oneOf: [{ files: [0] }] },
            'walk.ended',
          ],
          kill: killSteps({ oneOf: [{ entry: 'present', inRange: true }] }, ({ kill, failure, mapper }) =>
            collectedBy(
              'poison',
              mapper.map((task) => ({
                maps: task.context.entry,
                early: task.context.policy === 'early' && option.tells === 'byPolicy',
              })),
              failure[kill.context.poison]!.context.source === 'application' ? kill.context.poison - 1 : -1,
            ),
          ),
          mapper: [
            {
              type: 'page.touched',
              environment: true,
              when: ({ superblock }) => superblock.context.shutdown === option.isShutDown,
            },
            {
              type: 'page.faulted',
              environment: true,
              read: ({ superblock }) => ({
                answer:
                  option.refault === 'error' || (option.refault === 'hwpoison' && superblock.context.shutdown)
                    ? 'error'
                    : 'hwpoison',
              }),
            },
          ],
        },
        properties: [
          mapperTold,
          markedFirst,
          nextTouch,
          nobodyLeft,
          toldBySignal,
          consumerIsTold,
          ...(option.tasks === 'bothEarly' ? [noticed] : []),
        ],
      },
    ),
});

const isEarly = ({ tasks }: Option, task: number): boolean =>
  tasks === 'bothEarly' || (tasks === 'earlyAndLate' && task === 0);
