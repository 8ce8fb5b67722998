import type { EmittedOf, EventsOf, Peer } from '../../src/explore/model.ts';
import type { diskMachine } from '../../src/machines/disk.ts';
import type { gendiskMachine } from '../../src/machines/gendisk.ts';
import type { umountMachine } from '../../src/machines/umount.ts';
import { umountWires } from './mounting.ts';
import { lockWires, type Steps, type Superblock, type Waits, type WireOf, waiting } from './threads.ts';

/** open_mutex of the disk, which is waited for. */
export const diskWires = { 'disk.locked': { rendezvous: 'disk' }, 'disk.unlocked': 'disk' } as const;

/** U0 to U6 where the block device is closed with a lock of its own. Nobody has registered, so that put is answered at once. */
export const diskUmountSteps = <R>(
  waits: Waits<R, 'umount.requested' | 'mount.freed'> = {},
): Steps<EventsOf<typeof umountMachine>, R> => [
  { type: 'umount.requested', environment: true, ...waiting(waits['umount.requested']) },
  'superblock.deactivated',
  'inodes.evicted',
  'log.unmounted',
  'perags.freed',
  'bdev.closed',
  'disk.entered',
  'disk.left',
  'buftarg.freed',
  'put.returned',
  { type: 'mount.freed', ...waiting(waits['mount.freed']) },
];

export const diskUmountWires = { ...umountWires, ...lockWires('s_umount'), ...diskWires } as const;

/** del_gendisk() and memunmap_pages(). */
export const gendiskSteps = <R extends Superblock & { readonly disk: Peer<typeof diskMachine> }>(
  waits: Waits<NoInfer<R>, 'queue.drained'>,
): Steps<EventsOf<typeof gendiskMachine>, R> => [
  { type: 'removal.requested', environment: true },
  'superblock.locked',
  {
    type: 'flag.read',
    read: ({ superblock }) => ({ born: !superblock.hasTag('freed'), active: superblock.hasTag('active') }),
  },
  'filesystem.shut',
  'disk.detached',
  { type: 'queue.drained', ...waiting(waits['queue.drained']) },
  { type: 'disk.found', read: ({ disk }) => ({ attached: disk.context.isAttached }) },
  'memory.unmapped',
];

export const gendiskWires = {
  ...lockWires('s_umount'),
  ...diskWires,
  'disk.detached': { rendezvous: 'disk' },
  'filesystem.shut': 'superblock',
  'reference.dropped': [],
} as const satisfies WireOf<EmittedOf<typeof gendiskMachine>>;
