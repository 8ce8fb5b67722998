import type { Peer } from '../explore/model.ts';
import { sometimes, step } from '../explore/property.ts';
import type { fileMachine } from '../machines/file.ts';
import type { handlerMachine } from '../machines/handler.ts';
import type { killMachine } from '../machines/kill.ts';
import type { rmapbtMachine } from '../machines/rmapbt.ts';

interface Walk {
  readonly handler: Peer<typeof handlerMachine>;
  readonly file: readonly Peer<typeof fileMachine>[];
  readonly rmapbt: Peer<typeof rmapbtMachine>;
}

/** The witness: every file that shares the block has been visited. */
export const allAreVisited = sometimes<Walk>(
  'two owners are visited',
  ({ file }) => file.filter((each) => each.context.visited).length === 2,
);

/** The witness: one owner has been visited. */
export const ownerIsVisited = sometimes<Walk>('an owner is visited', ({ file }) =>
  file.some((each) => each.context.visited),
);

/**
 * I11 WalkAll: a walk that has begun ends when every owner in its range has been visited.
 *
 * Why it can fail: anything that goes wrong at one record ends the walk for all that come after it: a shutdown in the middle
 * (KB-02), an entry that has gone (H-10), an AGF that cannot be read (S001-25), a shutdown by somebody else.
 * An owner without an entry in memory has nothing to visit.
 *
 * @see xfs_dax_notify_dev_failure(), xfs_dax_failure_fn(); S000-06, S000-08, S000-09, S001-25, S004-25
 */
export const walkAll = step<Walk>(
  'I11 WalkAll',
  ({ before, after }) =>
    !before.handler.hasTag('scanning') || after.handler.hasTag('scanning') || unvisited(after).length === 0,
  { witness: ownerIsVisited, about: 'A walk that has begun ends when every owner in its range has been visited.' },
);

/**
 * I11 ShutdownLast: the handler's own shutdown follows its last visit.
 *
 * Why it can fail: once shut down, a file system reads no AGF any more, so that the walk cannot go on (KB-02).
 */
export const shutdownLast = step<Walk>(
  'I11 ShutdownLast',
  ({ before, after, taken }) =>
    !before.handler.hasTag('scanning') ||
    !taken.some(({ message }) => message.type === 'filesystem.shut') ||
    taken[0]?.actor === 'superblock' ||
    unvisited(after).length === 0,
  { witness: ownerIsVisited, about: "The handler's own shutdown follows its last visit." },
);

/** The witness: an inode goes from memory while the range is walked in which it has a page. */
export const inodeLeaves = sometimes<Pick<Walk, 'handler' | 'file'>>(
  'an inode leaves memory during the walk',
  ({ handler, file }) =>
    handler.hasTag('scanning') && file.some(({ hasTag }) => !hasTag('inCore') && !hasTag('inTransit')),
);

interface Kill {
  readonly kill: Peer<typeof killMachine>;
  readonly file: readonly Peer<typeof fileMachine>[];
}

/** The witness: the kill waits for an entry. */
export const killWaits = sometimes<Pick<Kill, 'kill'>>('the kill waits for an entry', ({ kill }) =>
  kill.hasTag('waiting'),
);

/**
 * L3 NoVainWait: who begins to wait for an entry has found it locked.
 *
 * Why it can fail: it is whoever unlocks the entry that wakes those who wait. For one that nobody has locked nobody comes.
 *
 * @see dax_lock_mapping_entry()
 */
export const noVainWait = step<Kill>(
  'L3 NoVainWait',
  ({ before, after }) =>
    before.kill.hasTag('waiting') ||
    !after.kill.hasTag('waiting') ||
    before.file[after.kill.context.file]!.hasTag('locked'),
  { witness: killWaits, about: 'Who begins to wait for an entry has found it locked.' },
);

/** Owners of the range that have a page of it in memory and have not been visited. */
function unvisited({ file, rmapbt }: Walk): readonly Peer<typeof fileMachine>[] {
  const owners = new Set(rmapbt.context.groups.flat().map((record) => record.file));
  return file.filter(
    ({ context, hasTag }, number) => owners.has(number) && hasTag('present') && context.inRange && !context.visited,
  );
}
