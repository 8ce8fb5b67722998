import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { dispatchMachine } from '../machines/dispatch.ts';
import type { driverMachine } from '../machines/driver.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { memmapMachine } from '../machines/memmap.ts';
import type { pagemapMachine } from '../machines/pagemap.ts';
import type { preRemoveMachine } from '../machines/pre-remove.ts';
import type { entryMachine } from '../machines/primitives/entry-lock.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { toldMachine } from '../machines/told.ts';
import type { unbindMachine } from '../machines/unbind.ts';
import { unbindCompletes } from './unplug-revokes.ts';

/**
 * I17 RefsBeforeFree: what can still be reached is not freed. One invariant for each kind of thing that an unplug
 * frees.
 */

interface Entries {
  readonly unbind: Peer<typeof unbindMachine>;
  readonly memmap: Peer<typeof memmapMachine>;
  readonly entry: Peer<typeof entryMachine>;
}

/** The witness: a file's mapping names a page of a device that is being removed. */
export const entryNamesPage = sometimes<Entries>(
  'a mapping entry names a page of the device that goes',
  ({ unbind, memmap, entry }) => !unbind.hasTag('bound') && !memmap.hasTag('removed') && entry.context.filled,
);

/**
 * No mapping entry names a page whose struct page is gone.
 *
 * Why it can fail: page table entries and mapping entries are taken away by different functions. What is left in the
 * mapping is found by the next truncate or umount, which looks behind it (recorded: dax_disassociate_entry() oopses in
 * umount).
 *
 * @see invalidate_inode_pages2_range(), dax_disassociate_entry(); KB-08, H-04
 */
export const noEntryOutlives = never<Entries>(
  'I17 NoEntryOutlivesMemory',
  ({ memmap, entry }) => memmap.hasTag('removed') && entry.context.filled,
  { witness: entryNamesPage, about: 'No mapping entry names a page whose struct page is gone.' },
);

/**
 * I17 ClearedBeforePut: whoever drops the driver's reference to the DAX device has taken back what stands in it.
 *
 * Why it can fail: where nobody else has a reference, the device is freed with this one, and a store that comes later goes to freed
 * memory (K5, K6). A notification that needs the registration for longer (S003-22) leaves it there for good.
 *
 * @see kill_dax(), put_dax()
 */
export const clearedBeforePut = step<Pick<Entries, 'unbind'> & { readonly dax: Peer<typeof daxMachine> }>(
  'I17 ClearedBeforePut',
  ({ before: { dax } }) => dax.context.data === null && !dax.context.ops,
  {
    when: ({ taken: [first] }) => first?.actor === 'unbind' && first.message.type === 'device.put',
    witness: unbindCompletes,
    about: "Whoever drops the driver's reference to the DAX device has taken back what stands in it.",
  },
);

interface Sync {
  readonly preRemove: Peer<typeof preRemoveMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}

/** The witness: the handler of an unplug writes back what is dirty. */
export const handlerSyncs = sometimes<Sync>('the handler syncs the file system', ({ preRemove }) =>
  preRemove.hasTag('syncing'),
);

/**
 * I17 SyncedWhileThere: a file system that is being synced is there.
 *
 * Why it can fail: a sync of a file system takes s_umount, under which a mount fails and an umount takes away; a handler that is
 * called from a device has no lock of the file system (V21).
 *
 * @see sync_filesystem(), super_drop_pagecache(); KB-08
 */
export const syncedWhileThere = never<Sync>(
  'I17 SyncedWhileThere',
  ({ preRemove, superblock }) => preRemove.hasTag('syncing') && superblock.hasTag('freed'),
  { witness: handlerSyncs, about: 'A file system that is being synced is there.' },
);

interface Together {
  readonly failure: readonly Peer<typeof failureMachine>[];
  readonly memmap: Peer<typeof memmapMachine>;
  readonly unbind: Peer<typeof unbindMachine>;
}

/** The witness: poison is being reported while its device is being unplugged. */
export const unplugMeetsPoison = sometimes<Together>(
  'memory_failure is at work during an unplug',
  ({ failure, unbind }) => !unbind.hasTag('rest') && failure.some((each) => each.hasTag('pinned')),
);

/**
 * The memory of a device stays for as long as memory_failure() holds its pagemap.
 *
 * Why it can fail: it does where removal does not wait for the reference that memory_failure() has taken (P3 to P8).
 *
 * @see get_dev_pagemap(), memunmap_pages()
 */
export const noMemoryUnderFailure = never<Together>(
  'I17 NoMemoryUnderFailure',
  ({ failure, memmap }) => memmap.hasTag('removed') && failure.some((each) => each.hasTag('pinned')),
  {
    witness: unplugMeetsPoison,
    about: 'The memory of a device stays for as long as memory_failure() holds its pagemap.',
  },
);

interface Dispatch {
  readonly dispatch: readonly Peer<typeof dispatchMachine>[];
}

interface Removal extends Dispatch {
  readonly driver: Peer<typeof driverMachine>;
  readonly pagemap: Peer<typeof pagemapMachine>;
}

/** The witness: a failing page frame is told to the owner of its device. */
export const ownerIsTold = sometimes<Dispatch>('the owner of a frame is told', ({ dispatch }) =>
  dispatch.some((each) => each.hasTag('told')),
);

/**
 * I5 OwnerIsTold: who has found the place of a frame in its device has told the owner of it.
 *
 * Why it can fail: the offset and the call are two things, and nobody notices the want of the second.
 *
 * @see memory_failure_dev_pagemap()
 */
export const ownerWasTold = never<Dispatch & { readonly told: Peer<typeof toldMachine> }>(
  'I5 OwnerIsTold',
  ({ dispatch, told }) => !told.hasTag('told') && dispatch.some((each) => each.context.told !== null),
  { witness: ownerIsTold, about: 'Who has found the place of a frame in its device has told the owner of it.' },
);

/** The witness: somebody looks at a frame that has no struct page. */
export const metadataFails = sometimes<Dispatch>('a frame of metadata fails', ({ dispatch }) =>
  dispatch.some((each) => each.context.frame === 'metadata' && each.hasTag('pinning')),
);

/** The witness: memory_failure() is at work while the driver goes. */
export const failureMeetsRemoval = sometimes<Removal>(
  'a driver goes while memory_failure holds its pagemap',
  ({ driver, dispatch }) => !driver.hasTag('rest') && dispatch.some((each) => each.hasTag('pinning')),
);

/** The witness: the driver has gone, and another failure follows. */
export const failureFollowsDriver = sometimes<Removal>(
  'memory_failure comes when the driver has gone',
  ({ driver, dispatch }) => driver.hasTag('gone') && dispatch.some((each) => !each.hasTag('rest')),
);

/** The witness: probe has failed, and a failure follows. */
export const failureFollowsProbe = sometimes<Removal>(
  'memory_failure comes when probe has failed',
  ({ driver, dispatch }) => driver.hasTag('failed') && dispatch.some((each) => !each.hasTag('rest')),
);

/**
 * No struct page is looked at that is not there.
 *
 * Why it can fail: the first frames of a namespace hold the struct pages of the others, and have none of their own.
 *
 * @see memory_failure_dev_pagemap(), pgmap_pfn_valid(); KB-15
 */
export const noMissingPage = never<Dispatch>(
  'I17 NoMissingPage',
  ({ dispatch }) => dispatch.some((each) => each.hasTag('wild')),
  { witness: metadataFails, about: 'No struct page is looked at that is not there.' },
);

/**
 * The struct pages stay for as long as memory_failure() holds the pagemap.
 *
 * Why it can fail: it does where removal does not wait for the reference that memory_failure() has taken.
 *
 * @see get_dev_pagemap(), memunmap_pages()
 */
export const noPagemapUnderFailure = never<Removal>(
  'I17 NoPagemapUnderFailure',
  ({ pagemap, dispatch }) => pagemap.context.removed && dispatch.some((each) => each.hasTag('pinning')),
  { witness: failureMeetsRemoval, about: 'The struct pages stay for as long as memory_failure() holds the pagemap.' },
);

/**
 * No operation of a driver that has gone is called.
 *
 * Why it can fail: a pagemap that outlives its driver goes on naming the driver's operations, unless the driver takes
 * them out.
 *
 * @see dev_pagemap_ops; KB-16
 */
export const noStaleOperations = never<Removal>(
  'I17 NoStaleOperations',
  ({ dispatch }) => dispatch.some((each) => each.hasTag('stale')),
  { witness: failureFollowsDriver, about: 'No operation of a driver that has gone is called.' },
);

/**
 * No pagemap is used that a failed probe has freed.
 *
 * Why it can fail: what has been published before the last step that may fail is found by others, and freed behind
 * their back.
 *
 * @see devm_memremap_pages(); KB-17
 */
export const noDanglingPagemap = never<Removal>(
  'I17 NoDanglingPagemap',
  ({ dispatch }) => dispatch.some((each) => each.hasTag('dangling')),
  { witness: failureFollowsProbe, about: 'No pagemap is used that a failed probe has freed.' },
);

/** The witness: a frame of the second range fails. */
export const secondRangeFails = sometimes<Dispatch>('a frame of the second range is told', ({ dispatch }) =>
  dispatch.some((each) => each.hasTag('told') && each.context.frame === 'second'),
);

/**
 * The owner is told of the blocks that have failed, and of no others.
 *
 * Why it can fail: a device of several ranges has gaps; an offset from the start of the first range is not one in the
 * device.
 *
 * @see KB-18
 */
export const rightBlocks = never<Dispatch>(
  'I13 RightBlocks',
  ({ dispatch }) => dispatch.some((each) => each.hasTag('told') && each.context.told !== each.context.frame),
  { witness: secondRangeFails, about: 'The owner is told of the blocks that have failed, and of no others.' },
);
