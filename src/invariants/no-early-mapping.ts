import type { Peer } from '../explore/model.ts';
import { always, sometimes } from '../explore/property.ts';
import type { applicationMachine } from '../machines/application.ts';
import type { superblockMachine } from '../machines/superblock.ts';

interface Mapping {
  readonly application: Peer<typeof applicationMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}

/** The witness: a task maps a page. */
export const pageIsMapped = sometimes<Mapping>('a page is mapped', ({ application }) => application.hasTag('mapped'));

/**
 * No task maps a page of a file system that is not born: what is dropped before SB_BORN has nobody to be told to.
 *
 * Why it can fail: it cannot, as long as files are opened only after the mount has been attached. It is the ground on which
 * dropping stands, and says nothing for poison in metadata.
 *
 * @see vfs_get_tree(); S001-21
 */
export const noEarlyMapping = always<Mapping>(
  'NoEarlyMapping',
  ({ application, superblock }) => !application.hasTag('mapped') || superblock.hasTag('born'),
  { witness: pageIsMapped, about: 'No task maps a page of a file system that is not born.' },
);
