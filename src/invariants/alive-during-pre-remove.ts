import type { Peer } from '../explore/model.ts';
import { sometimes, step } from '../explore/property.ts';
import type { preRemoveMachine } from '../machines/pre-remove.ts';

interface PreRemove {
  readonly preRemove: Peer<typeof preRemoveMachine>;
}

/** The witness: the handler walks what is on the device that goes. */
export const removalIsWalked = sometimes<PreRemove>('the device that goes is walked', ({ preRemove }) =>
  preRemove.hasTag('walking'),
);

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
  },
);
