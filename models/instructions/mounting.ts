import type { EmittedOf, EventsOf, Peer } from '../../src/explore/model.ts';
import type { HolderInput, holderMachine } from '../../src/machines/holder.ts';
import type { logMachine } from '../../src/machines/log.ts';
import type { MountInput, mountMachine } from '../../src/machines/mount.ts';
import type { umountMachine } from '../../src/machines/umount.ts';
import type { Kernel } from '../presets.ts';
import { type Dax, type Steps, type Waits, type When, type WireOf, waiting } from './threads.ts';

/** A mount of XFS as it has been since v6.0, but that no registration outlives its failure. */
export const xfsMount = {
  registers: 'beforeSuperblock',
  skipsRecovery: false,
  frees: 'afterPut',
  lateError: 'puts',
  abortedIntents: 'cancelled',
} as const satisfies MountInput;

/** M0 to M14, and the way back. */
export const mountSteps = <R extends { readonly log: Peer<typeof logMachine> }>(
  waits: Waits<R, 'mount.requested' | 'log.replayed' | 'intents.recovered' | 'perags.freed'>,
  ...more: Steps<EventsOf<typeof mountMachine>, R>
): Steps<EventsOf<typeof mountMachine>, R> => [
  { type: 'mount.requested', environment: true, ...waiting(waits['mount.requested']) },
  'devices.opened',
  'superblock.read',
  'perags.initialised',
  { type: 'log.read', read: ({ log }) => ({ stale: log.hasTag('stale') }) },
  'log.scanned',
  { type: 'log.replayed', ...waiting(waits['log.replayed']) },
  { type: 'intents.recovered', ...waiting(waits['intents.recovered']) },
  'superblock.born',
  'mount.attached',
  { type: 'error.met', environment: true },
  { type: 'perags.freed', ...waiting(waits['perags.freed']) },
  'mount.freed',
  ...more,
];

/** The same where there is nothing to replay. */
export const cleanMountSteps = <R>(requested: When<R>): Steps<EventsOf<typeof mountMachine>, R> => [
  { type: 'mount.requested', environment: true, when: requested },
  'devices.opened',
  'superblock.read',
  'perags.initialised',
  { type: 'log.read', oneOf: [{ stale: false }] },
  'intents.recovered',
  'superblock.born',
  'mount.attached',
  { type: 'error.met', environment: true },
  'perags.freed',
  'mount.freed',
];

/** Whom it locks, registers with and tells is the model's. */
export const mountWires = {
  'lock.taken': [],
  'lock.released': [],
  'get.called': [],
  'put.called': [],
  'superblock.read': [],
  'superblock.born': [],
  'mount.freed': [],
  'perags.initialised': [],
  'perags.freed': [],
  'log.scanned': [],
  'log.replayed': [],
  'intents.recovered': [],
  'intents.cancelled': [],
  'poison.consumed': [],
  'mount.announced': [],
  'failure.resumed': [],
  'event.discarded': [],
} as const satisfies WireOf<EmittedOf<typeof mountMachine>>;

/** What it sets up and takes down. */
export const mountVariables = {
  'superblock.read': 'superblock',
  'superblock.born': 'superblock',
  'mount.freed': 'superblock',
  'perags.initialised': 'perags',
  'perags.freed': 'perags',
  'log.scanned': 'log',
  'log.replayed': 'log',
  'intents.recovered': 'log',
  'intents.cancelled': 'log',
} as const satisfies Partial<WireOf<EmittedOf<typeof mountMachine>>>;

/** In which order a put clears the two fields, and whether it waits for readers, as its kernel has it. */
export const holderInput = ({ put, withdraws }: Pick<Kernel, 'put' | 'withdraws'>) =>
  ({ drains: put === 'drained', order: withdraws }) satisfies Partial<HolderInput>;

/** Get and put: what is looked up is a host that leads to a device which is alive. */
export const holderSteps = <R extends Dax>(
  waits: Waits<R, 'readers.gone'>,
): Steps<EventsOf<typeof holderMachine>, R> => [
  { type: 'host.found', read: ({ dax }) => ({ alive: dax.context.host && dax.context.alive }) },
  { type: 'data.exchanged', read: ({ dax }) => ({ found: dax.context.data }) },
  'ops.installed',
  'ops.cleared',
  'data.cleared',
  { type: 'readers.gone', ...waiting(waits['readers.gone']) },
];

/** It writes to the device; who asked it to, and waits for its answer, is the model's. */
export const holderWires = {
  'data.stored': 'dax',
  'ops.stored': 'dax',
  'get.returned': [],
  'put.returned': [],
  'reference.taken': [],
  'reference.dropped': [],
} as const satisfies WireOf<EmittedOf<typeof holderMachine>>;

/** U0 to U6. The put is answered by its holder, or, where there is none, at once (`more`). */
export const umountSteps = <R>(
  waits: Waits<R, 'umount.requested' | 'superblock.deactivated'>,
  ...more: Steps<EventsOf<typeof umountMachine>, R>
): Steps<EventsOf<typeof umountMachine>, R> => [
  { type: 'umount.requested', environment: true, ...waiting(waits['umount.requested']) },
  { type: 'superblock.deactivated', ...waiting(waits['superblock.deactivated']) },
  'inodes.evicted',
  'log.unmounted',
  'perags.freed',
  'bdev.closed',
  'buftarg.freed',
  'mount.freed',
  ...more,
];

/** It takes the superblock down; what else there is to lock, to take down or to put is the model's. */
export const umountWires = {
  'lock.taken': [],
  'lock.released': [],
  'disk.locked': [],
  'disk.unlocked': [],
  'superblock.deactivated': 'superblock',
  'log.unmounted': [],
  'perags.freed': [],
  'put.called': [],
  'mount.freed': 'superblock',
} as const satisfies WireOf<EmittedOf<typeof umountMachine>>;
