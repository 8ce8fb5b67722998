import type { Peer } from '../explore/model.ts';
import { always, never, sometimes } from '../explore/property.ts';
import type { groupMachine } from '../machines/group.ts';
import type { groupTeardownMachine } from '../machines/group-teardown.ts';
import type { groupWalkMachine } from '../machines/group-walk.ts';

interface Group {
  readonly group: Peer<typeof groupMachine>;
  readonly walk: Peer<typeof groupWalkMachine>;
  readonly teardown: Peer<typeof groupTeardownMachine>;
}

/** The witness: a walk has stopped on an error. */
export const walkFails = sometimes<Pick<Group, 'walk'>>('a walk stops on an error', ({ walk }) =>
  walk.hasTag('failed'),
);

/**
 * I17 RefsBeforeFree, for the groups of a walk: as long as anybody uses a group, its memory is kept.
 *
 * Why it can fail: a walk that stops on an error gives back a passive reference for an active one (KB-13). The memory is then
 * kept by nobody, and the wait for the users never ends, which is the verdict `deadlock`.
 *
 * @see xfs_dax_notify_dev_failure()
 */
export const groupIsKept = always<Group>(
  'I17 RefsBeforeFree',
  ({ group }) => group.context.active === 0 || group.context.passive > 0,
  { witness: walkFails, about: 'As long as anybody uses a group, its memory is kept.' },
);

/** The witness: the memory of a group is freed. */
export const groupIsFreed = sometimes<Pick<Group, 'teardown'>>('a group is freed', ({ teardown }) =>
  teardown.hasTag('freed'),
);

/**
 * I17 FreedByNobody: the memory of a group is freed when nobody holds it, not even its teardown.
 *
 * Why it can fail: there are two kinds of references, and to wait for one of them says nothing of the other.
 *
 * @see xfs_group_free()
 */
export const freedByNobody = never<Pick<Group, 'group' | 'teardown'>>(
  'I17 FreedByNobody',
  ({ group, teardown }) => teardown.hasTag('freed') && group.context.passive > 0,
  { witness: groupIsFreed, about: 'The memory of a group is freed when nobody holds it, not even its teardown.' },
);
