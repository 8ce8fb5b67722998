import type { EmittedOf, EventsOf, Peer } from '../../src/explore/model.ts';
import type { Device, PreRemoveInput, preRemoveMachine } from '../../src/machines/pre-remove.ts';
import type { entryMachine } from '../../src/machines/primitives/entry-lock.ts';
import type { freezeMachine } from '../../src/machines/primitives/freeze.ts';
import type { percpuRefMachine } from '../../src/machines/primitives/percpu-ref.ts';
import type { RevokeInput, revokeMachine } from '../../src/machines/revoke.ts';
import type { TaskInput, taskMachine } from '../../src/machines/task.ts';
import type { unbindMachine } from '../../src/machines/unbind.ts';
import {
  type Dax,
  type Srcu,
  type Steps,
  type Superblock,
  type Waits,
  type When,
  type WireOf,
  waiting,
} from './threads.ts';

// ---------------------------------------------------------------------------------------------------------------- unbind

/** synchronize_srcu() returns when those have left who were inside when it was called. */
export const graceIsOver = ({ srcu }: Srcu): boolean => srcu.context.awaited.length === 0;

/** K0 to K9. Somebody is waited for in every model before the registration goes (K4). */
export const unbindSteps = <R extends Dax & Superblock>(
  waits: { readonly 'grace.passed': When<NoInfer<R>> } & Waits<
    NoInfer<R>,
    'unbind.requested' | 'superblock.marked' | 'ref.drained'
  >,
): Steps<EventsOf<typeof unbindMachine>, R> => [
  { type: 'unbind.requested', environment: true, ...waiting(waits['unbind.requested']) },
  'host.removed',
  { type: 'holder.read', read: ({ dax }) => ({ set: dax.context.data !== null }) },
  'alive.cleared',
  'grace.awaited',
  { type: 'grace.passed', when: waits['grace.passed'] },
  { type: 'holder.readAgain', read: ({ dax }) => ({ set: dax.context.data !== null }) },
  'holder.cleared',
  'device.put',
  'disk.deleted',
  {
    type: 'superblock.marked',
    ...waiting(waits['superblock.marked']),
    read: ({ superblock }) => ({ active: superblock.hasTag('active') }),
  },
  'ref.killed',
  { type: 'ref.drained', ...waiting(waits['ref.drained']) },
  'memory.removed',
];

/** The driver tells the holder through `notifier`, and sweeps by itself where it does. */
export const unbindWires = <const N>(notifier: N) =>
  ({
    'notification.asked': notifier,
    'host.removed': 'dax',
    'alive.cleared': 'dax',
    'grace.awaited': 'srcu',
    'ops.stored': 'dax',
    'data.stored': 'dax',
    'revoke.called': 'sweep',
    'filesystem.shut': 'superblock',
    'ref.killed': 'pgmap',
    'ref.drained': 'pgmap',
    'memory.removed': 'memmap',
  }) as const satisfies WireOf<EmittedOf<typeof unbindMachine>>;

// ------------------------------------------------------------------------------------------------------ handler of a removal

/** The handler of v7.1 over a device with one record of file data on it. */
export const removalHandler = {
  isFlagged: true,
  gate: 'freeze',
  walk: 'rmap',
  onError: 'end',
  records: ['data'],
  shutsAt: 'end',
  withoutRmap: 'refuse',
  ignoresLog: true,
  knowsRealtime: true,
  whenUnfrozen: 'goOn',
  thawsUser: true,
} as const satisfies PreRemoveInput;

interface PreRemoveWorld {
  readonly device?: Device;
  readonly rmapbt?: boolean;
  /** Whether all metadata of the walk is in memory. */
  readonly isCached?: boolean;
  /** The flag of the superblock that lets the call in. */
  readonly ready?: 'born' | 'active';
}

/** R1 to R9. */
export const preRemoveSteps = <R extends Dax & Superblock>(
  { device = 'data', rmapbt = true, isCached = false, ready = 'born' }: PreRemoveWorld = {},
  waits: Waits<R, 'freeze.called'> = {},
  ...more: Steps<EventsOf<typeof preRemoveMachine>, R>
): Steps<EventsOf<typeof preRemoveMachine>, R> => [
  { type: 'flag.read', read: ({ superblock }) => ({ ready: superblock.hasTag(ready) }) },
  { type: 'device.found', oneOf: [{ device }] },
  { type: 'features.read', oneOf: [{ rmap: rmapbt }] },
  { type: 'freeze.called', ...waiting(waits['freeze.called']) },
  'gate.shut',
  {
    type: 'agf.read',
    read: ({ superblock, dax }) => ({
      shutdown: superblock.context.shutdown,
      readable: dax.context.alive || isCached,
    }),
  },
  'record.found',
  'shutdown.forced',
  'kernel.thawed',
  'user.thawed',
  ...more,
];

export const preRemoveWires = <const N extends string>(notifier: N) =>
  ({
    'failure.handled': notifier,
    'revoke.called': 'revoke',
    'filesystem.shut': 'superblock',
    'freeze.asked': { rendezvous: 'freeze' },
    'thaw.asked': { rendezvous: 'freeze' },
  }) as const satisfies WireOf<EmittedOf<typeof preRemoveMachine>>;

/** freeze_super() waits until the writers have left, and finds out only then that the file system is shut down. */
export const freezeSteps: Steps<
  EventsOf<typeof freezeMachine>,
  Superblock & { readonly freeze: Peer<typeof freezeMachine> }
> = [
  {
    type: 'writers.drained',
    when: ({ freeze }) => freeze.context.writers === 0,
    read: ({ superblock }) => ({ shutdown: superblock.context.shutdown }),
  },
];

// ---------------------------------------------------------------------------------------------------------------- revoke

/** Mappings and the entries that they leave, of early-kill and late-kill tasks alike. */
export const removalRevoke = { manner: 'removal', invalidates: true } as const satisfies RevokeInput;

/** D1 to D6 and R7, be it the handler that revokes or the driver. */
export const revokeSteps: Steps<
  EventsOf<typeof revokeMachine>,
  { readonly entry: Peer<typeof entryMachine>; readonly task: readonly Peer<typeof taskMachine>[] }
> = [
  { type: 'entry.reached', read: ({ entry }) => ({ filled: entry.context.filled }) },
  {
    type: 'tasks.collected',
    read: ({ task }) => ({
      mapped: task.some((each) => each.hasTag('mapped')),
      early: task.some((each) => each.hasTag('mapped') && each.context.killsEarly),
    }),
  },
  'page.marked',
  'range.unmapped',
  'tasks.told',
  'entry.left',
  'pages.invalidated',
];

export const revokeWires = <const C extends string>(caller: C) =>
  ({
    'entry.locked': { rendezvous: 'entry' },
    'entry.unlocked': 'entry',
    'entry.cleared': { rendezvous: 'entry' },
    'page.poisoned': 'memmap',
    'page.unmapped': 'task',
    'task.signalled': 'task',
    'revoke.returned': caller,
  }) as const satisfies WireOf<EmittedOf<typeof revokeMachine>>;

// ------------------------------------------------------------------------------------------------------------------ task

/** A task that wants to be told as late as may be. */
export const lateTask = (name: string, section: TaskInput['section']): TaskInput => ({
  name,
  killsEarly: false,
  section,
});

type Access = 'read' | 'write';

/** A1 to A7: every check of a fault is a load of its own. The first touch is whatever the model has its tasks do. */
export const taskSteps = <
  R extends Dax & Superblock & { readonly pgmap: Peer<typeof percpuRefMachine> } = Dax &
    Superblock & { readonly pgmap: Peer<typeof percpuRefMachine> },
>(
  accesses: readonly Access[],
  touches: When<R>,
): Steps<EventsOf<typeof taskMachine>, R> => [
  { type: 'page.touched', environment: true, oneOf: accesses.map((access) => ({ access })), when: touches },
  'write.started',
  { type: 'iomap.begun', read: ({ superblock }) => ({ shutdown: superblock.context.shutdown }) },
  'entry.reached',
  'section.entered',
  { type: 'alive.read', read: ({ dax }) => ({ alive: dax.context.alive }) },
  { type: 'alive.readAgain', read: ({ dax }) => ({ alive: dax.context.alive }) },
  { type: 'page.associated', read: ({ pgmap }) => ({ live: pgmap.hasTag('live') }) },
  'pte.inserted',
  'entry.left',
];

export const taskWires = {
  'writer.entered': { rendezvous: 'freeze' },
  'writer.left': 'freeze',
  'entry.locked': { rendezvous: 'entry' },
  'entry.unlocked': 'entry',
  'entry.filled': 'entry',
  'reader.entered': 'srcu',
  'reader.left': 'srcu',
} as const satisfies WireOf<EmittedOf<typeof taskMachine>>;
