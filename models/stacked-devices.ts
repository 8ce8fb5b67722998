import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { preRemoveShutdown } from '../src/invariants/pre-remove-shutdown.ts';
import {
  oneOutcome,
  partRevoked,
  reportArrives,
  stackBlast,
  stackFallback,
  stackOutcome,
} from '../src/invariants/stacked.ts';
import { unbindCompletes } from '../src/invariants/unplug-revokes.ts';
import { clientMachine, type Place } from '../src/machines/client.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { memmapMachine } from '../src/machines/memmap.ts';
import { wholeDevice } from '../src/machines/messages.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { percpuRefMachine } from '../src/machines/primitives/percpu-ref.ts';
import { relayMachine } from '../src/machines/relay.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { upperMachine } from '../src/machines/upper.ts';
import { designs, options } from './designs/stacked-devices.ts';
import { failureSteps, failureWires, livePgmap, notifierLoadsOf } from './instructions/delivery.ts';
import { legSweepSteps, legSweepWires, legUnbindWires, partUnbindSteps } from './instructions/stacks.ts';
import { removalRevoke } from './instructions/unplug.ts';

type Option = Assignment<typeof options>;

/**
 * A file system holds the DAX device of a layer (device mapper, md), and the layer has legs. What befalls memory is
 * reported on the leg, and the leg has no holder: does the file system hear of it, and of what?
 *
 * The world is one leg of two blocks, an XFS on the layer above it, and three tasks: one maps the page that fails, one
 * maps another page on the leg or shares the first, and one maps a page elsewhere. There is one poison event, one
 * unplug of the leg, or both at once. No kernel has a layer that passes anything on; holders chained through md and
 * device mapper were posted and dropped. That the memory of a mirror's leg is mapped directly is what mail 003
 * supposes, and not what a kernel is known to do. The file system is upper.ts, as how it walks is asked elsewhere.
 *
 * What surprised, and who was right:
 * - Below device mapper v7.1 is right by accident, and only as far as a page names its owner (`P6`): the generic path
 *   serves the leg. Where a reflink has made the page two files' it serves nobody (`P6-shared`), as it does where two
 *   blocks of the layer lie in one place (`P6-table`), which is the many-to-one of the review of dm's ->rmap.
 * - Of a mirror the generic path kills those who have lost nothing (`P6-mirror`). No owner below the layer could know
 *   better: what happens to a leg *means* something else above it, and only the layer knows what.
 * - A chain that passes offsets on as they come is worse than none: it tells the wrong task, answers 0, and so keeps
 *   the generic path from telling the right one (`passed`). All of the leg, (0, U64_MAX), is the plainest case: it is
 *   not all of what lies above (`passed-unplug`). One that translates into the first place it finds loses those in the
 *   others (`first-place-only`).
 * - That the chain answers what those above it have answered matters as much: an ext4 above it needs the generic path
 *   below it (`zero-answered`).
 * - The driver's sweep revokes a leg as well as a chain does, and is not enough: the file system loses its device
 *   without a word (I16), and an event between the kill and the sweep is answered -ENXIO, finally, while the page is
 *   still mapped (`swept-only`).
 */
export default defineModel({
  name: 'stacked-devices',
  about: 'A layer lies between a file system and its devices: what does the file system hear of a leg?',
  sources: ['S003-27', 'S004-09', 'H-06'],
  options,
  variants: designs,
  build: (option) => {
    const table = tableOf(option);
    return compose(
      {
        failure: start(failureMachine, { poison: 0 }),
        unbind: start(unbindMachine, { notifies: option.notifies, marksDead: 'never', revokes: option.sweep }),
        sweep: start(revokeMachine, removalRevoke),
        pgmap: start(percpuRefMachine),
        memmap: start(memmapMachine),
        // Device 0 is the leg, device 1 the layer's own.
        dax: replicate(daxMachine, 2, (device) => ({
          holder: device === 0 ? holderOfLeg(option) : holderOnTop(option),
        })),
        // Each of the two threads that report has calls of its own: on the leg, through the layer, above it.
        notifier: replicate(notifierMachine, 4, () => ({ loadsOnce: true })),
        relay: replicate(relayMachine, 2, () => ({
          routes: table.routes,
          copies: option.layer === 'mirror' ? ('current' as const) : ('none' as const),
          translates: option.stack === 'passes' ? ('no' as const) : option.routes,
          answersBy: option.answers === 'zero' ? ('nobody' as const) : ('owner' as const),
        })),
        filesystem: replicate(upperMachine, 2, () => ({
          device: 'data' as const,
          ignoresLog: true,
          unneeded: 'goOn' as const,
          deadDisk: 'shutsDown' as const,
        })),
        superblock: start(superblockMachine, { mounted: true }),
        client: replicate(clientMachine, 3, (task) => ({ page: table.pages[task]! })),
      },
      {
        wires: {
          failure: {
            ...failureWires,
            'notification.asked': ['notifier', atLeg(failing)],
            // The page names its first owner, or nobody where it has more than one.
            'task.signalled': ['client', 0],
          },
          unbind: legUnbindWires(['notifier', atLeg(going)]),
          sweep: legSweepWires(onLeg(table)),
          notifier: {
            'failure.notified': (_, self) => [isAtLeg(self) ? 'relay' : 'filesystem', threadOf(self)],
            'notification.answered': (_, self) =>
              isAtLeg(self) ? (threadOf(self) === failing ? 'failure' : 'unbind') : ['relay', threadOf(self)],
            'thread.died': [],
          },
          relay: {
            'notification.asked': (_, thread) => ['notifier', atLeg(thread) + 1],
            'failure.handled': (_, thread) => ['notifier', atLeg(thread)],
            'lock.taken': [],
            'lock.released': [],
          },
          filesystem: {
            'failure.handled': (_, thread) => ['notifier', atLeg(thread) + 1],
            'page.unmapped': ({ block }) => above(table, block),
            'task.signalled': ({ block }) => above(table, block),
            'filesystem.shut': 'superblock',
          },
        },
        spontaneous: {
          failure: failureSteps(
            {
              pgmap: livePgmap,
              page: {
                read: ({ client }) => ({
                  mapped:
                    client[0]!.hasTag('mapped') && (option.sharing === 'none' || option.sharedPage === 'firstOwner'),
                }),
              },
            },
            { 'poison.reported': () => option.event !== 'unplug' },
          ),
          unbind: partUnbindSteps(({ dax }) => dax[0]!, {
            'unbind.requested': () => option.event !== 'poison',
            'ref.drained': ({ failure }) => !failure.hasTag('pinned'),
          }),
          sweep: legSweepSteps(({ client }) => client.some(({ context }) => context.page?.device === 0)),
          notifier: notifierLoadsOf(({ dax }, self) => deviceOf(dax, self)),
          relay: [{ type: 'table.read', oneOf: [{ open: true }] }, 'target.called'],
          filesystem: [
            {
              type: 'range.located',
              read: ({ relay }, thread) => ({ own: true, means: relay[thread]!.context.means }),
            },
            'owners.found',
            'shutdown.decided',
          ],
        },
        properties: [
          reportArrives,
          stackBlast,
          ...(option.event === 'unplug' ? [] : [stackOutcome, oneOutcome, stackFallback]),
          ...(option.event === 'poison' ? [] : [partRevoked, unbindCompletes]),
          ...(option.event === 'poison' || option.layer === 'mirror' ? [] : [preRemoveShutdown]),
        ],
      },
    );
  },
});

/** The threads: memory_failure(), and the unbind of the leg. */
const failing = 0;
const going = 1;

/** Of a thread's two notifiers the first is that of the leg. */
const atLeg = (thread: number): number => 2 * thread;
const isAtLeg = (notifier: number): boolean => notifier % 2 === 0;
const threadOf = (notifier: number): number => Math.floor(notifier / 2);
const deviceOf = <D>(dax: readonly D[], notifier: number): D => dax[isAtLeg(notifier) ? 0 : 1]!;

const holderOfLeg = ({ stack }: Option) => (stack === 'silent' ? null : 'other');
const holderOnTop = ({ top }: Option) => (top === 'xfs' ? 'mp' : null);

/** Where the pages of the three tasks lie: on which device, and in which block of the layer. */
interface Table {
  /** What the layer has in each of the two blocks of the leg. */
  readonly routes: readonly (readonly number[])[];
  readonly pages: readonly Place[];
  readonly blocks: readonly number[];
}

function tableOf({ sharing }: Option): Table {
  return {
    routes: sharing === 'table' ? [[1, 2], []] : [[1], [2]],
    pages: [
      { device: 0, block: 0 },
      { device: 0, block: sharing === 'none' ? 1 : 0 },
      { device: 1, block: 0 },
    ],
    blocks: [1, sharing === 'reflink' ? 1 : 2, 0],
  };
}

/** The tasks that map a block of the layer, or any. */
const above = ({ blocks }: Table, block: number) =>
  blocks.flatMap((each, task) => (block === wholeDevice || each === block ? [['client', task] as const] : []));

/** The tasks that map a block of the leg. */
const onLeg = ({ pages }: Table) =>
  pages.flatMap(({ device }, task) => (device === 0 ? [['client', task] as const] : []));
