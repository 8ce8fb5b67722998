import type { Peer } from '../explore/model.ts';
import { sometimes, step, type Taken } from '../explore/property.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { preRemoveMachine } from '../machines/pre-remove.ts';
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

/** The witness: the disk is marked dead, and the file system on it is shut down for that. */
export const deviceShutsDown = sometimes<Pick<Removal, 'superblock'>>(
  'the file system of a dead device is shut down',
  ({ superblock }) => superblock.context.shutdown,
);

/**
 * I2 NoLateShutdown: whoever marks the disk dead shuts down no file system that is not there yet, or on its way out.
 *
 * Why it can fail: super_lock() waits until the superblock is born or dying, and which of the two it was has to be asked (KB-33).
 *
 * @see fs_bdev_mark_dead()
 */
export const shutsOnlyActive = step<Removal>(
  'I2 NoLateShutdown',
  ({ before, taken }) =>
    taken[0]?.actor !== 'unbind' ||
    before.superblock.hasTag('active') ||
    !taken.some(({ message }) => message.type === 'filesystem.shut'),
  {
    witness: deviceShutsDown,
    about: 'Whoever marks the disk dead shuts down no file system that is not there yet, or on its way out.',
  },
);

/** The witness that an owner may be there and not be ready: it is told of the unplug, and is not born. */
export const ownerIsUnborn = sometimes<
  Pick<Removal, 'superblock'> & { readonly preRemove: Peer<typeof preRemoveMachine> }
>(
  'the handler is told of the unplug and the file system is not born',
  ({ preRemove, superblock }) => preRemove.hasTag('called') && !superblock.hasTag('born'),
);

/** The witness of H-07: somebody becomes the holder when kill_dax() has looked for one and found none. */
export const ownerComesLate = sometimes<Pick<Removal, 'unbind'> & { readonly dax: Peer<typeof daxMachine> }>(
  'a holder registers after kill_dax has looked for one',
  ({ unbind, dax }) => unbind.hasTag('untold') && dax.context.alive && dax.context.data !== null,
);

/**
 * I16 PreRemoveShutdown: a file system that cannot do without a device is shut down before the device is killed.
 *
 * Why it can fail: the handler has early returns, and kill_dax() does not look at the answer; the block layer's own
 * shutdown comes after the kill (H-06, H-23). Whoever becomes the holder after kill_dax() has looked for one is not
 * told at all (H-07). What a file system can do without (a mirror's leg, a clean cache) is not in these models.
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
    about: 'A file system that cannot do without a device is shut down before the device is killed.',
  },
);

/**
 * I16 OkMeansShut: a handler that answers 0 to an unplug has shut its file system down.
 *
 * Why it can fail: 0 is also what an external log answers, of which the handler does nothing (H-06, H-26). That nobody looks at
 * the answer makes it worse: the block layer comes after the kill.
 *
 * @see xfs_dax_notify_failure()
 */
export const okMeansShut = step<Pick<Removal, 'superblock'> & { readonly preRemove: Peer<typeof preRemoveMachine> }>(
  'I16 OkMeansShut',
  ({ after }) => after.superblock.context.shutdown,
  {
    when: ({ taken }) =>
      taken.some(({ message }) => message.type === 'failure.handled' && 'code' in message && message.code === 'ok'),
  },
);

/** The witness: a registered holder, ready or not, loses its device. */
export const ownerLosesDevice = sometimes<Pick<Removal, 'unbind'> & { readonly dax: Peer<typeof daxMachine> }>(
  'a holder is there when its device is killed',
  ({ unbind, dax }) => unbind.hasTag('killing') && dax.context.data !== null,
);

/**
 * I16 where a mount may have gone on without DAX: what is claimed of a born file system is claimed of one that holds
 * the device. Without DAX it reaches the device through the block layer only, whose own shutdown comes before the disk
 * has gone.
 *
 * @see kill_dax(), fs_dax_get_by_bdev(); H-06, H-07
 */
export const ownerShutdown = step<Owner>('I16 OwnerShutdown', ({ before }) => before.superblock.context.shutdown, {
  when: ({ before, taken }) => isKilledUnder(before, taken[0]),
  witness: ownerLosesDevice,
});

/**
 * The part of it that is about an owner who comes when kill_dax() has looked for one already.
 *
 * Why it can fail: the test of holder_data and the kill are two steps, and a mount that has found the device before
 * registers in between (H-07).
 */
export const lateOwnerShutdown = step<Owner>(
  'I16 LateOwnerShutdown',
  ({ before }) => before.superblock.context.shutdown,
  {
    when: ({ before, taken }) => isKilledUnder(before, taken[0]) && before.unbind.hasTag('untold'),
    witness: ownerComesLate,
  },
);

type Owner = Removal & { readonly dax: Peer<typeof daxMachine> };

function isKilledUnder({ superblock, dax }: Owner, first: Taken | undefined): boolean {
  return (
    superblock.hasTag('active') &&
    dax.context.data !== null &&
    first?.actor === 'unbind' &&
    first.message.type === 'alive.cleared'
  );
}
