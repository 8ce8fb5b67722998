import type { EmittedOf, EventsOf, Peer } from '../../src/explore/model.ts';
import type { holderMachine } from '../../src/machines/holder.ts';
import type { logMachine } from '../../src/machines/log.ts';
import type { mountMachine } from '../../src/machines/mount.ts';
import type { umountMachine } from '../../src/machines/umount.ts';
import { type Dax, type Steps, type Waits, type WireOf, waiting } from './threads.ts';

/** M0 to M14, and the way back. */
export const mountSteps = <R extends { readonly log: Peer<typeof logMachine> }>(
  waits: Waits<R, 'mount.requested' | 'perags.freed'>,
  ...more: Steps<EventsOf<typeof mountMachine>, R>
): Steps<EventsOf<typeof mountMachine>, R> => [
  { type: 'mount.requested', environment: true, ...waiting(waits['mount.requested']) },
  'devices.opened',
  'superblock.read',
  'perags.initialised',
  { type: 'log.read', read: ({ log }) => ({ stale: log.hasTag('stale') }) },
  'log.scanned',
  'log.replayed',
  'intents.recovered',
  'superblock.born',
  'mount.attached',
  { type: 'error.met', environment: true },
  { type: 'perags.freed', ...waiting(waits['perags.freed']) },
  'mount.freed',
  ...more,
];

/** What a mount sets up and takes down; whom it locks, registers with and tells is the model's. */
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
