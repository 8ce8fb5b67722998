import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { badblocksMachine } from '../machines/badblocks.ts';
import type { mediaMachine } from '../machines/media.ts';
import type { preadMachine } from '../machines/pread.ts';

interface Recorded {
  readonly badblocks: Peer<typeof badblocksMachine>;
  readonly media: readonly Peer<typeof mediaMachine>[];
}

interface Read {
  readonly pread: Peer<typeof preadMachine>;
}

/** The witness: a page that was lost stands in no record any more, and is whole. */
export const recordIsDropped = sometimes<Recorded>(
  'a page is whole again and its record gone',
  ({ badblocks, media }) =>
    media.every((page, number) => page.hasTag('whole') && !badblocks.context.pending.includes(number)),
);

/** The witness: a page is read that had been lost. */
export const readIsServed = sometimes<Read>('a read is served', ({ pread }) => pread.hasTag('served'));

/** The witness: a read is turned away by the record. */
export const readIsRefused = sometimes<Read>('a read is refused', ({ pread }) => pread.hasTag('refused'));

/**
 * I14 RecordMonotone: a range disappears from the record only when its poison has been cleared and new data are in its place.
 *
 * Why it can fail: clearing, copying and dropping are three steps, each of which may fail, and a write that covers a part of a page
 * does each of them to the whole of it.
 *
 * @see pmem_recovery_write(), pmem_do_write(); S002-02, S002-08, S002-13, S002-15, S002-16
 */
export const recordMonotone = step<Recorded>(
  'I14 RecordMonotone',
  ({ before, after }) =>
    before.badblocks.context.pending
      .filter((range) => !after.badblocks.context.pending.includes(range))
      .every((range) => after.media[range]!.hasTag('whole')),
  {
    witness: recordIsDropped,
    about: 'A range disappears from the record only when its poison has been cleared and new data are in its place.',
  },
);

/**
 * I13 WholeStaysWhole: a page that has its data keeps them.
 *
 * Why it can fail: to clear a page is to lose what was in it. A request that is recovered as a whole loses its good pages for as
 * long as it takes (S002-13); a second writer clears what the first has just written (S002-08).
 */
export const wholeStaysWhole = step<Recorded>(
  'I13 WholeStaysWhole',
  ({ before, after }) =>
    before.media.every((page, number) => !page.hasTag('whole') || after.media[number]!.hasTag('whole')),
  { witness: recordIsDropped, about: 'A page that has its data keeps them.' },
);

/**
 * I14 NoFalseRead: no read succeeds on a page whose data have not been put in place.
 *
 * Why it can fail: a reader asks the record, and then copies. Whoever clears a page that the record does not name, be it because it
 * has been dropped too soon or because another writer has dropped it, takes the data away under a reader that was let in.
 *
 * @see __pmem_direct_access(); S002-08, S002-15
 */
export const noFalseRead = never<Read>('I14 NoFalseRead', ({ pread }) => pread.hasTag('deceived'), {
  witness: readIsServed,
  about: 'No read succeeds on a page whose data have not been put in place.',
});
