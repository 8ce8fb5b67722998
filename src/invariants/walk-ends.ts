import type { Peer } from '../explore/model.ts';
import { never } from '../explore/property.ts';
import type { handlerMachine } from '../machines/handler.ts';
import { handlerWalks } from './no-early-walk.ts';

/**
 * L3 NoCircle: no walk comes to the same record twice.
 *
 * This is what can be said of the end of a walk without fairness. A tree has so many records and no more: who comes to none of them
 * twice comes to an end. And as the walk has the AGF locked, nobody changes the tree under it: who comes to one of them again
 * will do so for ever.
 *
 * Why it can fail: a tree that recovery has yet to correct may lead back to where the walk has been (S001-14, H-19); and so does
 * a walk that does not go on from the group that it has done with.
 *
 * @see xfs_rmap_query_range(); S001-14, H-19
 */
export const noCircle = never<{ readonly handler: Peer<typeof handlerMachine> }>(
  'L3 NoCircle',
  ({ handler: { hasTag, context } }) => hasTag('arrived') && context.been.includes(context.record),
  { witness: handlerWalks, about: 'No walk comes to the same record twice.' },
);
