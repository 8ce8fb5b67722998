import type { Peer } from '../explore/model.ts';
import { always, never, precedes, sometimes } from '../explore/property.ts';
import type { daemonMachine } from '../machines/daemon.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { driverMachine } from '../machines/driver.ts';
import type { logMachine } from '../machines/log.ts';
import type { memmapMachine } from '../machines/memmap.ts';
import type { mountMachine } from '../machines/mount.ts';
import type { pagemapMachine } from '../machines/pagemap.ts';
import type { peragsMachine } from '../machines/perags.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { taskMachine } from '../machines/task.ts';
import type { umountMachine } from '../machines/umount.ts';
import type { unbindMachine } from '../machines/unbind.ts';
import { mountCompletes, mountFails } from './mount-ends.ts';
import { unbindCompletes } from './unplug-revokes.ts';

/**
 * L1 and L2 as far as states can tell: a function that has come to its end has done what it is for. A design that keeps every
 * other promise by doing nothing breaks these.
 */
interface Mount {
  readonly mount: Peer<typeof mountMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
  readonly perags: Peer<typeof peragsMachine>;
}

interface Umount {
  readonly umount: Peer<typeof umountMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
  readonly perags: Peer<typeof peragsMachine>;
  readonly log: Peer<typeof logMachine>;
  readonly dax: Peer<typeof daxMachine>;
}

/** The witness that nothing has vetoed it: a file system is unmounted. */
export const umountCompletes = sometimes<Pick<Umount, 'umount'>>('an umount completes', ({ umount }) =>
  umount.hasTag('unmounted'),
);

/**
 * After an umount nothing is left of the mount: not its perags, its log, its registration or itself.
 *
 * Why it can fail: put withdraws only what stands in the caller's name (S001-04).
 *
 * @see xfs_fs_put_super(), xfs_free_buftarg(), xfs_mount_free()
 */
export const umountLeavesNothing = always<Umount>(
  'L2 UmountLeavesNothing',
  ({ umount, superblock, perags, log, dax }) =>
    !umount.hasTag('unmounted') ||
    (superblock.hasTag('freed') && perags.hasTag('freed') && log.hasTag('unmounted') && dax.context.data !== 'mp'),
  {
    witness: umountCompletes,
    about: 'After an umount nothing is left of the mount: not its perags, its log, its registration or itself.',
  },
);

/**
 * The log is written out while there are perags to write it to.
 *
 * Why it can fail: it cannot, as long as xfs_unmountfs() does the one before the other.
 *
 * @see xfs_unmountfs()
 */
export const logBeforePerags = never<Umount>(
  'U3 LogBeforePerags',
  ({ perags, log }) => perags.hasTag('freed') && !log.hasTag('unmounted'),
  { witness: umountCompletes, about: 'The log is written out while there are perags to write it to.' },
);

/**
 * The log is written out when no inode is left that could still write to it.
 *
 * Why it can fail: it cannot, as long as U2 comes before U3.
 *
 * @see generic_shutdown_super()
 */
export const inodesBeforeLog = never<Umount>(
  'U3 InodesBeforeLog',
  ({ umount, log }) => log.hasTag('unmounted') && (umount.hasTag('mounted') || umount.hasTag('evicting')),
  { witness: umountCompletes, about: 'The log is written out when no inode is left that could still write to it.' },
);

/**
 * A mount that has failed leaves nothing behind but, perhaps, a registration, which is I4's.
 *
 * Why it can fail: intents that keep the way back from its end (KB-37).
 *
 * @see xfs_mountfs(), xfs_mount_free()
 */
export const failedMountLeavesNothing = always<Mount>(
  'L2 FailedMountLeavesNothing',
  ({ mount, superblock, perags }) =>
    !mount.hasTag('failed') || (superblock.hasTag('freed') && !perags.hasTag('present')),
  { witness: mountFails, about: 'A mount that has failed leaves nothing behind but, perhaps, a registration.' },
);

/**
 * Perags are set up by the geometry of a superblock that has been read.
 *
 * Why it can fail: it cannot, as long as M2 comes before M6.
 *
 * @see xfs_initialize_perag()
 */
export const peragsFromSuperblock = never<Mount>(
  'M6 PeragsFromSuperblock',
  ({ superblock, perags }) => perags.hasTag('present') && !superblock.hasTag('features') && !superblock.hasTag('freed'),
  { witness: mountCompletes, about: 'Perags are set up by the geometry of a superblock that has been read.' },
);

/**
 * Nobody hears of a mount that is not born.
 *
 * Why it can fail: it cannot, as long as M13 comes before M14.
 *
 * @see vfs_get_tree(), do_new_mount()
 */
export const bornBeforeAttached = precedes<Pick<Mount, 'superblock'> & { readonly daemon: Peer<typeof daemonMachine> }>(
  'M14 BornBeforeAttached',
  {
    first: ({ superblock }) => superblock.hasTag('born'),
    // biome-ignore lint/suspicious/noThenProperty: it is the other half of a precedence, and nothing awaits it
    then: ['daemon', 'mount.announced'],
  },
);

/**
 * After an unbind nothing is left of the device: its disk does not lead to it, it is dead, nobody holds it, and its memory is gone.
 *
 * Why it can fail: a notification that comes after the pagemap has been killed needs the registration until then, and nobody
 * ends it afterwards (S003-22).
 *
 * @see kill_dax(), memunmap_pages()
 */
export const unbindLeavesNothing = always<{
  readonly unbind: Peer<typeof unbindMachine>;
  readonly memmap: Peer<typeof memmapMachine>;
  readonly dax: Peer<typeof daxMachine>;
}>(
  'L1 UnbindLeavesNothing',
  ({ unbind, memmap, dax }) =>
    !unbind.hasTag('removed') ||
    (memmap.hasTag('removed') &&
      !dax.context.host &&
      !dax.context.alive &&
      dax.context.data === null &&
      !dax.context.ops),
  {
    witness: unbindCompletes,
    about:
      'After an unbind nothing is left of the device: its disk does not lead to it, it is dead, nobody holds it, and its memory is gone.',
  },
);

/** The witness that the holder does its part: a mapper hears of the unplug from it, before the device is dead. */
export const handlerTells = sometimes<{
  readonly unbind: Peer<typeof unbindMachine>;
  readonly task: readonly Peer<typeof taskMachine>[];
}>(
  'a mapper is told before its device is dead',
  ({ unbind, task }) => !unbind.hasTag('doomed') && task.some(({ context }) => context.told),
);

interface Driver {
  readonly driver: Peer<typeof driverMachine>;
  readonly pagemap: Peer<typeof pagemapMachine>;
}

/** The witness: a driver goes. */
export const driverGoes = sometimes<Driver>('a driver has gone', ({ driver }) => driver.hasTag('gone'));

/** The witness: a probe fails. */
export const probeFails = sometimes<Driver>('a probe has failed', ({ driver }) => driver.hasTag('failed'));

/**
 * A driver that has gone leaves neither code nor, where the pagemap was its own, memory behind.
 *
 * Why it can fail: it cannot, as long as each step of devm_memunmap_pages() is there.
 *
 * @see memunmap_pages()
 */
export const driverLeavesNothing = always<Driver>(
  'I17 DriverLeavesNothing',
  ({ driver, pagemap: { context } }) =>
    !driver.hasTag('gone') || (!context.provided && (context.removed || driver.context.pagemap === 'lasting')),
  {
    witness: driverGoes,
    about: 'A driver that has gone leaves neither code nor, where the pagemap was its own, memory behind.',
  },
);

/**
 * A probe that has failed leaves no pagemap allocated.
 *
 * Why it can fail: it cannot, as long as devres knows of it.
 *
 * @see devm_memremap_pages()
 */
export const probeLeavesNothing = always<Driver>(
  'I17 ProbeLeavesNothing',
  ({ driver, pagemap }) => !driver.hasTag('failed') || pagemap.context.freed,
  { witness: probeFails, about: 'A probe that has failed leaves no pagemap allocated.' },
);
