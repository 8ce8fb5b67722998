import type { Peer } from '../explore/model.ts';
import { never } from '../explore/property.ts';
import type { handlerMachine } from '../machines/handler.ts';
import { handlerWalks } from './no-early-walk.ts';

/**
 * I13 OwnRange: of two file systems on one device, each walks for the events of its own partition only.
 *
 * In this room event 0 lies in the partition of `mp`, and event 1 in that of `other`.
 *
 * Why it can fail: what the device reports is an offset into itself. A file system that takes it for an offset into its own
 * partition finds other blocks there, and kills their users (S000-01); and one that has taken another's place is told of
 * what the other should be told (KB-11).
 *
 * @see xfs_dax_translate_range()
 */
export const ownRange = never<{ readonly handler: Peer<typeof handlerMachine> }>(
  'I13 OwnRange',
  ({ handler }) =>
    handler.hasTag('walking') && handler.context.holder === (handler.context.poison === 0 ? 'other' : 'mp'),
  {
    witness: handlerWalks,
    about: 'Of two file systems on one device, each walks for the events of its own partition only.',
  },
);
