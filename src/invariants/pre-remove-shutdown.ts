import type { Peer } from '../explore/model.ts';
import { sometimes, step } from '../explore/property.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { unbindMachine } from '../machines/unbind.ts';

interface Removal {
  readonly unbind: Peer<typeof unbindMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}

/** The witness: a file system is in use when its device is killed. */
export const deviceIsInUse = sometimes<Removal>(
  'the device of an active file system is killed',
  ({ unbind, superblock }) => unbind.hasTag('doomed') && superblock.hasTag('active'),
);

/**
 * I16 PreRemoveShutdown: a file system that cannot do without a device is shut down before the device is killed.
 *
 * Why it can fail: the handler has early returns, and kill_dax() does not look at the answer; the block layer's own shutdown
 * comes after the kill (H-06, H-23). Whoever becomes the holder after kill_dax() has looked for one is not told at all (H-07).
 * What a file system can do without (a mirror's leg, a clean cache) is not in these models.
 *
 * @see kill_dax(), fs_bdev_mark_dead(); S003-10, S003-31
 */
export const preRemoveShutdown = step<Removal>(
  'I16 PreRemoveShutdown',
  ({ before }) => before.superblock.context.shutdown,
  {
    when: ({ before, taken }) =>
      before.superblock.hasTag('active') && taken[0]?.actor === 'unbind' && taken[0].message.type === 'alive.cleared',
    witness: deviceIsInUse,
  },
);
