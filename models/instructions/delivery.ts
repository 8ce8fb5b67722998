import type { EmittedOf, EventsOf, Peer } from '../../src/explore/model.ts';
import type { badblocksMachine } from '../../src/machines/badblocks.ts';
import type { daemonMachine } from '../../src/machines/daemon.ts';
import type { failureMachine } from '../../src/machines/failure.ts';
import type { notifierMachine } from '../../src/machines/notifier.ts';
import type { percpuRefMachine } from '../../src/machines/primitives/percpu-ref.ts';
import type { Kernel } from '../presets.ts';
import { type Dax, type Load, type Steps, type Waits, type WireOf, waiting } from './threads.ts';

/** The event of a message, and what has become of it. */
export const failureOf = ({ poison }: { readonly poison: number }) => ['failure', poison] as const;
export const fateOf = ({ poison }: { readonly poison: number }) => ['fate', poison] as const;

// -------------------------------------------------------------------------------------------------------- memory_failure()

/** What it loads of the page map (P3): that it is live, always; as long as the device is; or what its reference says. */
export const alwaysLive = { oneOf: [{ live: true }] } as const;
export const liveDevice = { read: ({ dax }: Dax) => ({ live: dax.context.alive }) };
export const livePgmap = {
  read: ({ pgmap }: { readonly pgmap: Peer<typeof percpuRefMachine> }) => ({ live: pgmap.hasTag('live') }),
};
/** What the generic path finds where no task maps the page. */
export const nobodyMaps = { oneOf: [{ mapped: false }] } as const;

interface FailureLoads<R> {
  readonly pgmap: Load<R, { live: boolean; operations?: boolean }>;
  /** Whether a task maps the page, where the generic path may have its turn. */
  readonly page?: Load<R, { mapped: boolean }>;
}

/** P0 to P7, from the report to the answer. */
export const failureSteps = <R>(
  { pgmap, page }: FailureLoads<NoInfer<R>>,
  waits: Waits<R, 'poison.reported' | 'range.sent'> = {},
): Steps<EventsOf<typeof failureMachine>, R> => [
  { type: 'poison.reported', environment: true, ...waiting(waits['poison.reported']) },
  'mutex.awaited',
  { type: 'pgmap.read', ...pgmap },
  { type: 'range.sent', ...waiting(waits['range.sent']) },
  ...(page === undefined ? [] : [{ type: 'page.read' as const, ...page }]),
];

/** It asks the notifier, and has no lock to take where it is alone. */
export const failureWires = {
  'lock.taken': [],
  'lock.released': [],
  'notification.asked': 'notifier',
  'task.signalled': [],
  'failure.returned': [],
  'caller.died': [],
  'event.generic': [],
  'event.unowned': [],
} as const satisfies WireOf<EmittedOf<typeof failureMachine>>;

// -------------------------------------------------------------------------------------------------------------- notifier

/** Whether it tests one load of the ops and calls through another, as its kernel has it. */
export const notifierInput = ({ holderOps }: Pick<Kernel, 'holderOps'>) => ({ loadsOnce: holderOps === 'loadedOnce' });

/** N2 to N4: the two fields of the device, one load each, and the second once more. */
export const notifierLoadsOf = <R>(
  device: (room: NoInfer<R>, self: number) => Dax['dax'],
): Steps<EventsOf<typeof notifierMachine>, R> => [
  { type: 'alive.read', read: (room, self) => ({ alive: device(room, self).context.alive }) },
  { type: 'ops.read', read: (room, self) => ({ set: device(room, self).context.ops }) },
  { type: 'ops.called', read: (room, self) => ({ set: device(room, self).context.ops }) },
];
export const notifierLoads = notifierLoadsOf<Dax>(({ dax }) => dax);

/** And the end of a thread that has called through a pointer which was gone by then. */
export const notifierSteps: Steps<EventsOf<typeof notifierMachine>, Dax> = [...notifierLoads, 'thread.ended'];

/** The same of a device that says whose ops it has. */
export const namedNotifierSteps: Steps<EventsOf<typeof notifierMachine>, Dax> = [
  ...notifierLoads.slice(0, 1),
  { type: 'ops.read', read: ({ dax }) => ({ set: dax.context.ops, of: dax.context.opsOf }) },
  { type: 'ops.called', read: ({ dax }) => ({ set: dax.context.ops, of: dax.context.opsOf }) },
  'thread.ended',
];

/** The same, where the device lives and its holder stays. */
export const heldNotifierSteps: Steps<EventsOf<typeof notifierMachine>, unknown> = [
  { type: 'alive.read', oneOf: [{ alive: true }] },
  { type: 'ops.read', oneOf: [{ set: true }] },
  { type: 'ops.called', oneOf: [{ set: true }] },
];

export const notifierWires = <const H, const C>(handler: H, caller: C) =>
  ({
    'failure.notified': handler,
    'notification.answered': caller,
    'thread.died': caller,
  }) as const satisfies WireOf<EmittedOf<typeof notifierMachine>>;

// ---------------------------------------------------------------------------------------------------------------- daemon

/** It replays the first range of the record. */
export const daemonSteps: Steps<
  EventsOf<typeof daemonMachine>,
  { readonly badblocks: Peer<typeof badblocksMachine> }
> = [{ type: 'badblocks.read', read: ({ badblocks }) => ({ pending: badblocks.context.pending[0] ?? -1 }) }];

export const daemonWires = {
  'poison.replayed': { rendezvous: failureOf },
  'range.reconciled': 'badblocks',
} as const satisfies WireOf<EmittedOf<typeof daemonMachine>>;
