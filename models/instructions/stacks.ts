import type { EmittedOf, EventsOf, Peer } from '../../src/explore/model.ts';
import type { daxMachine } from '../../src/machines/dax.ts';
import type { notifierMachine } from '../../src/machines/notifier.ts';
import type { revokeMachine } from '../../src/machines/revoke.ts';
import type { unbindMachine } from '../../src/machines/unbind.ts';
import { type Steps, type Waits, type When, type WireOf, waiting } from './threads.ts';
import { revokeWires, unbindWires } from './unplug.ts';

/** Each thread that reports has its own calls. */
interface Calls {
  readonly notifier: readonly Peer<typeof notifierMachine>[];
}

/**
 * K0 to K9 of `device`, which looks for its holder once. `marked` is what the block layer does about a dead disk, where
 * anybody hears of it.
 */
export const partUnbindSteps = <R extends Calls>(
  device: (room: NoInfer<R>) => Peer<typeof daxMachine>,
  waits: Waits<NoInfer<R>, 'unbind.requested' | 'ref.drained'>,
  ...marked: Steps<EventsOf<typeof unbindMachine>, NoInfer<R>>
): Steps<EventsOf<typeof unbindMachine>, R> => [
  { type: 'unbind.requested', environment: true, ...waiting(waits['unbind.requested']) },
  'host.removed',
  { type: 'holder.read', read: (room) => ({ set: device(room).context.data !== null }) },
  'alive.cleared',
  'grace.awaited',
  { type: 'grace.passed', when: ({ notifier }) => !notifier.some((call) => call.hasTag('reading')) },
  'holder.cleared',
  'device.put',
  'disk.deleted',
  ...marked,
  'ref.killed',
  { type: 'ref.drained', ...waiting(waits['ref.drained']) },
  'memory.removed',
];

/** Device 0 is the leg. Its block device is held by the layer: no file system hears that it is dead. */
export const legUnbindWires = <const N>(notifier: N) =>
  ({
    ...unbindWires(notifier),
    'host.removed': ['dax', 0],
    'alive.cleared': ['dax', 0],
    'grace.awaited': [],
    'ops.stored': ['dax', 0],
    'data.stored': ['dax', 0],
    'filesystem.shut': [],
  }) as const satisfies WireOf<EmittedOf<typeof unbindMachine>>;

/** The driver's own sweep over the pages of the leg, where entries are left out. */
export const legSweepSteps = <R>(isMapped: When<NoInfer<R>>): Steps<EventsOf<typeof revokeMachine>, R> => [
  { type: 'entry.reached', oneOf: [{ filled: true }] },
  { type: 'tasks.collected', read: (room, self) => ({ mapped: isMapped(room, self), early: false }) },
  'range.unmapped',
  'tasks.told',
  'entry.left',
  'pages.invalidated',
];

export const legSweepWires = <const T>(tasks: T) =>
  ({
    ...revokeWires('unbind'),
    'entry.locked': [],
    'entry.unlocked': [],
    'entry.cleared': [],
    'page.poisoned': [],
    'page.unmapped': tasks,
    'task.signalled': tasks,
  }) as const satisfies WireOf<EmittedOf<typeof revokeMachine>>;
