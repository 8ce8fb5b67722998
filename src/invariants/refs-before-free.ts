import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { memmapMachine } from '../machines/memmap.ts';
import type { entryMachine } from '../machines/primitives/entry-lock.ts';
import type { unbindMachine } from '../machines/unbind.ts';

/**
 * I17 RefsBeforeFree: what can still be reached is not freed. One invariant for each kind of thing that an unplug frees.
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
 * Why it can fail: page table entries and mapping entries are taken away by different functions. What is left in the mapping is
 * found by the next truncate or umount, which looks behind it (recorded: dax_disassociate_entry() oopses in umount).
 *
 * @see invalidate_inode_pages2_range(), dax_disassociate_entry(); KB-08, H-04
 */
export const noEntryOutlives = never<Entries>(
  'I17 NoEntryOutlivesMemory',
  ({ memmap, entry }) => memmap.hasTag('removed') && entry.context.filled,
  { witness: entryNamesPage },
);
