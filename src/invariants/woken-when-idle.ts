import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { layoutBreakMachine } from '../machines/layout-break.ts';
import type { pinMachine } from '../machines/pin.ts';
import type { referenceMachine } from '../machines/primitives/reference.ts';

interface IdlePage {
  readonly truncate: Peer<typeof layoutBreakMachine>;
  readonly pin: readonly Peer<typeof pinMachine>[];
  readonly page: Peer<typeof referenceMachine>;
}

/** A DAX page is idle at one: that reference is the file's own. */
export const isIdle = (page: Peer<typeof referenceMachine>): boolean => page.context.count === 1;

/** The witness: a truncate has to wait for a page that is in use. */
export const truncateSleeps = sometimes<IdlePage>('a truncate sleeps', ({ truncate }) => truncate.hasTag('asleep'));

/**
 * L WokenWhenIdle: nobody sleeps until a page is idle that is idle, unless somebody is about to wake him.
 *
 * What can be said of progress without fairness: who sleeps in such a state sleeps for ever. Why it can fail: one of the ways to
 * put a reference does not wake, or wakes before there is anything to wake for, or who sleeps was woken before he slept.
 *
 * @see xfs_break_layouts(); KB-22
 */
export const wokenWhenIdle = never<IdlePage>(
  'L WokenWhenIdle',
  ({ truncate, pin, page }) => truncate.hasTag('asleep') && isIdle(page) && !pin.some((each) => each.hasTag('waking')),
  {
    witness: truncateSleeps,
    about: 'Nobody sleeps until a page is idle that is idle, unless somebody is about to wake him.',
  },
);

/** The witness: a truncate has taken a page away that somebody had used. */
export const entryIsRemoved = sometimes<IdlePage>('an entry is removed', ({ truncate }) => truncate.hasTag('removed'));

/**
 * I17 AloneWithPage: a page that has lost its entry is in nobody's use.
 *
 * Why it can fail: a truncate that does not wait gives the block back to the file system while a device writes to it.
 */
export const aloneWithPage = never<IdlePage>(
  'I17 AloneWithPage',
  ({ truncate, pin }) => truncate.hasTag('removed') && pin.some((each) => each.hasTag('using')),
  { witness: entryIsRemoved, about: "A page that has lost its entry is in nobody's use." },
);
