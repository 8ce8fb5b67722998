import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { handlerMachine } from '../machines/handler.ts';
import type { logMachine } from '../machines/log.ts';
import type { notifierMachine } from '../machines/notifier.ts';
import type { peragsMachine } from '../machines/perags.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { umountMachine } from '../machines/umount.ts';
import { umountCompletes } from './leftovers.ts';
import { handlerWalks } from './no-early-walk.ts';

/**
 * I2 NoLateWalk, in its three parts: the walk is over when its perags go, and the mount that the handler looks behind is
 * there. They fail, and are repaired, independently of each other.
 *
 * @see xfs_free_perag(), dax_holder(), fs_put_dax()
 */

interface Walk {
  readonly handler: Peer<typeof handlerMachine>;
  readonly perags: Peer<typeof peragsMachine>;
}

interface Callback {
  readonly handler: Peer<typeof handlerMachine>;
}

/** The witness: the device does call its holder. */
export const callbackIsInvoked = sometimes<{ readonly notifier: Peer<typeof notifierMachine> }>(
  'a callback is invoked',
  ({ notifier }) => notifier.hasTag('calling'),
);

/** The witness for the window that mail 001 is about: the callback is live while no superblock has been read (S001-07). */
export const callbackBeforeSuperblock = sometimes<{
  readonly notifier: Peer<typeof notifierMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}>(
  'a callback is invoked before the superblock is read',
  ({ notifier, superblock }) =>
    notifier.hasTag('calling') && !superblock.hasTag('features') && !superblock.hasTag('freed'),
);

/**
 * Nobody walks perags that are being freed.
 *
 * Why it can fail: SB_BORN, the guard, stays set through umount, and a mount that fails frees its perags under whatever
 * guard has been passed before; nothing makes either wait for a walk (H-01).
 */
export const noLateWalk = never<Walk>(
  'I2 NoLateWalk',
  ({ handler, perags }) => handler.hasTag('walking') && perags.hasTag('freed'),
  { witness: handlerWalks, about: 'Nobody walks perags that have been freed.' },
);

/**
 * I2 InactiveFirst: SB_ACTIVE goes before anything that it vouches for: inodes, log, perags.
 *
 * Why it can fail: it cannot, as long as U1 comes first. On that rests every guard that asks for an upper bound (H-01, KB-33).
 *
 * @see generic_shutdown_super()
 */
export const inactiveFirst = never<
  Pick<Walk, 'perags'> & {
    readonly umount: Peer<typeof umountMachine>;
    readonly superblock: Peer<typeof superblockMachine>;
    readonly log: Peer<typeof logMachine>;
  }
>(
  'I2 InactiveFirst',
  ({ umount, superblock, perags, log }) =>
    superblock.hasTag('active') && (umount.hasTag('evicting') || log.hasTag('unmounted') || perags.hasTag('freed')),
  { witness: umountCompletes, about: 'SB_ACTIVE goes before anything that it vouches for: inodes, log, perags.' },
);

/**
 * The handler never looks behind a NULL holder.
 *
 * Why it can fail: put clears holder_data first and holder_ops after it, so that a notifier may still find the ops of a
 * holder that has gone; dax_holder() is used unchecked (H-03).
 */
export const noNullHolder = never<Callback & { readonly notifier: Peer<typeof notifierMachine> }>(
  'I2 NoNullHolder',
  ({ handler }) => handler.hasTag('null'),
  { witness: callbackIsInvoked, about: 'The handler never looks behind a NULL holder.' },
);

/**
 * The handler never looks behind a mount that has been freed.
 *
 * Why it can fail: the callback runs inside dax_srcu, but put does not wait for its readers, and kfree(mp) follows (H-02,
 * S001-05). Checking the holder does not help: it was not NULL when it was loaded.
 */
export const noFreedHolder = never<Callback & { readonly notifier: Peer<typeof notifierMachine> }>(
  'I2 NoFreedHolder',
  ({ handler }) => handler.hasTag('freed'),
  { witness: callbackIsInvoked, about: 'The handler never looks behind a mount that has been freed.' },
);
