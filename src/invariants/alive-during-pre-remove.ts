import type { Peer } from '../explore/model.ts';
import { never, sometimes, step, type Taken } from '../explore/property.ts';
import type { preRemoveMachine } from '../machines/pre-remove.ts';
import type { superblockMachine } from '../machines/superblock.ts';

interface PreRemove {
  readonly preRemove: Peer<typeof preRemoveMachine>;
}

/** The witness: the handler walks what is on the device that goes. */
export const removalIsWalked = sometimes<PreRemove>('the device that goes is walked', ({ preRemove }) =>
  preRemove.hasTag('walking'),
);

/**
 * I1 NoEarlyWalk, for a removal: metadata is walked of a file system that is born, and of no other.
 *
 * Why it can fail: the holder is registered from M1 on, and dax_holder_notify_failure() asks nothing of it.
 *
 * @see xfs_dax_notify_failure(); S001-06
 */
export const noEarlyRemovalWalk = never<PreRemove & { readonly superblock: Peer<typeof superblockMachine> }>(
  'I1 NoEarlyWalk',
  ({ preRemove, superblock }) => preRemove.hasTag('reading') && !superblock.hasTag('born'),
  { witness: removalIsWalked, about: 'Metadata is walked of a file system that is born, and of no other.' },
);

/**
 * R6 ReadIsBelieved: metadata that cannot be read is a reason to shut down, and metadata that can be read is none.
 *
 * Why it can fail: a walk that searches the inodes in core when an AGF cannot be read goes on like one that has read it, and what
 * makes the difference is one bit on the way (H12). A removal shuts down in either case; the loss of a device's contents does not.
 *
 * @see xfs_dax_notify_dev_failure(); H-04
 */
export const readIsBelieved = step<PreRemove>(
  'R6 ReadIsBelieved',
  ({ after, taken: [first] }) => after.preRemove.context.wantsShutdown === !couldRead(first),
  {
    when: ({ before, taken: [first] }) =>
      first?.actor === 'preRemove' && first.message.type === 'agf.read' && before.preRemove.context.walk === 'rmap',
    witness: removalIsWalked,
    about: 'Metadata that cannot be read is a reason to shut down, and metadata that can be read is none.',
  },
);

const couldRead = (first: Taken | undefined): boolean =>
  first !== undefined &&
  'readable' in first.message &&
  first.message.readable === true &&
  'shutdown' in first.message &&
  first.message.shutdown === false;

/**
 * I9 AliveDuringPreRemove: the handler reads metadata while the device can still be read.
 *
 * Why it can fail: whoever tells the holder after the kill, to have new mappings blocked first, asks it to read a
 * device that does not answer (S003-22, S003-33). What is in memory already is not read from the device, and a walk of
 * the inodes in core reads nothing at all.
 *
 * @see xfs_alloc_read_agf(), kill_dax()
 */
export const aliveDuringPreRemove = step<PreRemove>(
  'I9 AliveDuringPreRemove',
  ({ taken }) => taken.every(({ message }) => !('readable' in message) || message.readable === true),
  {
    when: ({ before, taken }) =>
      taken[0]?.actor === 'preRemove' &&
      taken[0].message.type === 'agf.read' &&
      before.preRemove.context.walk === 'rmap',
    witness: removalIsWalked,
    about: 'The handler reads metadata while the device can still be read.',
  },
);
