import type { Peer } from '../explore/model.ts';
import { always, sometimes } from '../explore/property.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { holderMachine } from '../machines/holder.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { toldMachine } from '../machines/told.ts';
import type { unbindMachine } from '../machines/unbind.ts';

/**
 * The witness that a registration and the end of its device race: the device can be looked up no more, and somebody who has
 * done so in time is about to become its holder.
 *
 * @see fs_dax_get_by_bdev(), kill_dax(); H-07
 */
export const claimMeetsKill = sometimes<{
  readonly dax: Peer<typeof daxMachine>;
  readonly holder: readonly Peer<typeof holderMachine>[];
}>(
  'somebody registers while the device is taken away',
  ({ dax, holder }) => !dax.context.host && holder.some((one) => one.hasTag('reading') && one.context.hasReference),
);

interface Revocation {
  readonly holder: readonly Peer<typeof holderMachine>[];
  readonly unbind: Peer<typeof unbindMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
  readonly told: Peer<typeof toldMachine>;
}

/** The witness: kill_dax() has ended a registration that its owner knows nothing of. */
export const registrationIsRevoked = sometimes<Revocation>(
  'a registration is revoked',
  ({ holder, unbind, superblock }) => isRevoked({ holder, unbind }) && superblock.hasTag('active'),
);

/**
 * I4 NoSilentRevocation: whoever revokes a registration has told its owner before, or has made sure that he is shut down.
 *
 * Why it can fail: kill_dax() looks for a holder, finds none, and does not look again; or it does not tell at all (KB-10).
 * That the owner could not do anything about it, because he was not born, is another matter (H-06).
 *
 * @see kill_dax(); KB-10, H-07
 */
export const noSilentRevocation = always<Revocation>(
  'I4 NoSilentRevocation',
  ({ told, superblock }) => told.hasTag('told') || superblock.context.shutdown,
  {
    when: ({ holder, unbind, superblock }) => isRevoked({ holder, unbind }) && superblock.hasTag('active'),
    witness: registrationIsRevoked,
    about: 'Whoever revokes a registration has told its owner before, or has made sure that he is shut down.',
  },
);

const isRevoked = ({ holder, unbind }: Pick<Revocation, 'holder' | 'unbind'>): boolean =>
  unbind.hasTag('killed') && holder.some((one) => one.context.hasReference);
