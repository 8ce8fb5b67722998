import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { superblockMachine } from '../machines/superblock.ts';

/**
 * I4 OneHolder: a DAX device has one holder at most, and only the holder's own put, or the end of the device, ends that.
 *
 * @see fs_dax_get(), fs_put_dax(), kill_dax()
 */
interface Device {
  readonly dax: Peer<typeof daxMachine>;
}

/** The witness: the device has a holder. */
export const deviceIsHeld = sometimes<Device>('the device has a holder', ({ dax }) => dax.context.data !== null);

/**
 * No registration outlives its mount.
 *
 * Why it can fail: xfs_alloc_buftarg() registers and may fail after it, and that error path frees what it has made without
 * fs_put_dax() (H-17); a put on behalf of anybody else withdraws nothing (S001-04); and an error path may free the mount
 * before it puts it. The device then calls into freed memory, and knows no other holder ever after.
 */
export const noOrphan = never<Device & { readonly superblock: Peer<typeof superblockMachine> }>(
  'I4 NoOrphan',
  ({ dax, superblock }) => dax.context.data === 'mp' && superblock.hasTag('freed'),
  { witness: deviceIsHeld, about: 'No registration outlives its mount.' },
);

/** The two mounts of a room, by the names that the device knows them by. */
export const holderNames = ['mp', 'other'] as const;

/**
 * Whoever is registered stays so until its own put.
 *
 * Why it can fail: a second mount that stores itself without looking takes the first one's place, and its put then clears
 * what the first believes to have (KB-11). Installing only where there is nothing, and removing only what is one's own, are both
 * needed, each as one atomic step.
 */
export const ownPutOnly = step<Device>(
  'I4 OwnPutOnly',
  ({ before, after, taken }) => {
    const [by] = taken;
    return (
      by?.actor === 'holder' && before.dax.context.data === holderNames[by.self] && after.dax.context.data === null
    );
  },
  {
    when: ({ before, after }) => before.dax.context.data !== null && after.dax.context.data !== before.dax.context.data,
    about: 'Whoever is registered stays so until its own put.',
  },
);
