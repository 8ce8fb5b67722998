import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { freezerMachine } from '../machines/freezer.ts';
import type { preRemoveMachine } from '../machines/pre-remove.ts';
import type { freezeMachine } from '../machines/primitives/freeze.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import { umountCompletes } from './unplug-revokes.ts';

/**
 * I15 FreezeBalance, in its two halves: what the handler has frozen it thaws, and nobody thaws what another has frozen
 * on the kernel's account. A user's freeze it thaws as well, on purpose.
 */
interface Freezing {
  readonly preRemove: Peer<typeof preRemoveMachine>;
  readonly freeze: Peer<typeof freezeMachine>;
}

/** The witness: the handler freezes the file system. */
export const handlerFreezes = sometimes<Pick<Freezing, 'freeze'>>(
  'the handler has frozen the file system',
  ({ freeze }) => freeze.hasTag('frozen') && freeze.context.taker === 'handler',
);

/** The witness that a freeze is somebody else's: the handler walks under it. */
export const walkUnderForeignFreeze = sometimes<Freezing>(
  "the handler walks under somebody else's freeze",
  ({ preRemove, freeze }) =>
    preRemove.hasTag('walking') && freeze.hasTag('frozen') && freeze.context.taker !== 'handler',
);

/** The witness of what R9 does by design: a user who has frozen finds the file system thawed (H-27). */
export const userLosesFreeze = sometimes<{
  readonly user: Peer<typeof freezerMachine>;
  readonly freeze: Peer<typeof freezeMachine>;
}>(
  "a user's freeze is gone",
  ({ user, freeze }) => user.hasTag('holding') && !freeze.hasTag('frozen') && !freeze.context.holders.includes('user'),
);

/** The witness that a freeze has two accounts: a user has frozen what the handler has frozen too. */
export const bothFreeze = sometimes<Pick<Freezing, 'freeze'>>(
  'the handler and a user have both frozen it',
  ({ freeze }) => freeze.context.taker === 'handler' && freeze.context.holders.includes('user'),
);

/**
 * I15 NoOrphanFreeze: a freeze on a user's account belongs to a user, who may end it.
 *
 * Why it can fail: an attempt that comes to nothing, as in a file system that is shut down, has closed the gate and written down who
 * asked, and both have to be taken back.
 *
 * @see freeze_super(), thaw_super()
 */
export const noOrphanFreeze = never<Pick<Freezing, 'freeze'> & { readonly user: Peer<typeof freezerMachine> }>(
  'I15 NoOrphanFreeze',
  ({ user, freeze }) => user.hasTag('rest') && !user.hasTag('holding') && freeze.context.holders.includes('user'),
  {
    witness: sometimes<Pick<Freezing, 'freeze'>>('a user freezes the file system', ({ freeze }) =>
      freeze.context.holders.includes('user'),
    ),
    about: "A freeze on a user's account belongs to a user, who may end it.",
  },
);

/**
 * The handler leaves no freeze of its own behind.
 *
 * Why it can fail: it has several exits, and one thaw.
 *
 * @see xfs_dax_notify_dev_failure(), thaw_super()
 */
export const freezeIsReleased = never<Freezing>(
  'I15 FreezeIsReleased',
  ({ preRemove, freeze }) => preRemove.hasTag('rest') && freeze.context.taker === 'handler',
  { witness: handlerFreezes, about: 'The handler leaves no freeze of its own behind.' },
);

/**
 * A freeze on the kernel's account is thawed only by whoever has taken it.
 *
 * Why it can fail: with one bit for all, any thaw is everybody's (KB-09); and who takes -EBUSY for success thaws what
 * another has frozen (KB-08).
 *
 * @see freeze_super(), thaw_super(); KB-08, KB-09
 */
export const freezeIsKept = step<Freezing>(
  'I15 FreezeIsKept',
  ({ before, after, taken }) =>
    after.freeze.context.taker !== null ||
    taken.every(
      ({ message }) =>
        message.type !== 'thaw.asked' || !('by' in message) || message.by === before.freeze.context.taker,
    ),
  {
    when: ({ before }) => before.freeze.hasTag('frozen') && before.freeze.context.taker !== null,
    witness: handlerFreezes,
    about: "A freeze on the kernel's account is thawed only by whoever has taken it.",
  },
);

/**
 * I15 UserThawsInVain: a user who has frozen nothing thaws nothing, however often he tries while the kernel's freeze stands.
 *
 * Why it can fail: with one bit for all, the kernel's freeze is the only thing that there is to thaw (KB-09).
 *
 * @see thaw_super(); KB-09
 */
export const userThawsInVain = step<Pick<Freezing, 'freeze'>>(
  'I15 UserThawsInVain',
  ({ before, after }) => after.freeze.hasTag('frozen') && after.freeze.context.taker === before.freeze.context.taker,
  {
    when: ({ before, taken }) =>
      before.freeze.hasTag('frozen') &&
      before.freeze.context.taker !== null &&
      !before.freeze.context.holders.includes('user') &&
      taken.some(({ message }) => message.type === 'thaw.asked' && 'by' in message && message.by === 'user'),
    witness: handlerFreezes,
    about: "A user who has frozen nothing thaws nothing, however often he tries while the kernel's freeze stands.",
  },
);

/**
 * I15 NoUmountOfFrozen: a file system that is frozen is not taken down.
 *
 * Why it can fail: it cannot, as long as an umount waits for the thaw. That is what makes a freeze that nobody ends an umount that
 * never ends (H-27).
 *
 * @see freeze_super(), generic_shutdown_super(); H-27
 */
export const noUmountOfFrozen = step<
  Pick<Freezing, 'freeze'> & { readonly superblock: Peer<typeof superblockMachine> }
>('I15 NoUmountOfFrozen', ({ before }) => !before.freeze.hasTag('frozen'), {
  when: ({ taken }) => taken.some(({ message }) => message.type === 'superblock.deactivated'),
  witness: umountCompletes,
  about: 'A file system that is frozen is not taken down.',
});
