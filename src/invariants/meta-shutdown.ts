import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { fateMachine } from '../machines/fate.ts';
import type { rmapbtMachine } from '../machines/rmapbt.ts';
import type { superblockMachine } from '../machines/superblock.ts';

interface Shutdown {
  readonly fate: readonly Peer<typeof fateMachine>[];
  readonly rmapbt: Peer<typeof rmapbtMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}

/** The witness: an event is owned. */
export const eventIsOwned = sometimes<Pick<Shutdown, 'fate'>>('an event is owned', ({ fate }) =>
  fate.some((event) => event.hasTag('owned')),
);

/**
 * I10 MetaShutdown: an event whose range holds metadata is not owned before the file system is shut down.
 *
 * Why it can fail: there is nobody to signal for a block of metadata, and a handler that only signals leaves the file
 * system running on what it has lost.
 *
 * @see xfs_dax_failure_fn(); S001-01, S001-02, S004-25
 */
export const metaShutdown = never<Shutdown>(
  'I10 MetaShutdown',
  ({ fate, rmapbt, superblock }) =>
    fate.some((event) => event.hasTag('owned')) &&
    rmapbt.context.groups.flat().some(({ owner }) => owner === 'metadata') &&
    !superblock.context.shutdown,
  {
    witness: eventIsOwned,
    about: 'An event whose range holds metadata is not owned before the file system is shut down.',
  },
);
