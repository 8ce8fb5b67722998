import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { fileMachine } from '../machines/file.ts';
import type { mapperMachine } from '../machines/mapper.ts';
import type { reclaimMachine } from '../machines/reclaim.ts';
import type { rmapbtMachine } from '../machines/rmapbt.ts';
import type { superblockMachine } from '../machines/superblock.ts';

/**
 * I13 Blast: only what lies in the reported range is acted on.
 *
 * @see mf_dax_kill_procs(), xfs_dax_failure_fn()
 */

interface Blast {
  readonly file: readonly Peer<typeof fileMachine>[];
  readonly rmapbt: Peer<typeof rmapbtMachine>;
  readonly superblock: Peer<typeof superblockMachine>;
}

/** The witness: a page of the range is found and locked. */
export const pageIsTaken = sometimes<Pick<Blast, 'file'>>('a page of the range is taken', ({ file }) =>
  file.some(({ context }) => context.visited && context.inRange),
);

/** The witness: the file system stays up. */
const staysUp = sometimes<Pick<Blast, 'superblock'>>(
  'the file system is up',
  ({ superblock }) => !superblock.context.shutdown,
);

/** The witness: a file has another page at the index that failed, and a task maps it. */
export const anotherPageIsMapped = sometimes<
  Pick<Blast, 'file'> & { readonly mapper: readonly Peer<typeof mapperMachine>[] }
>('a task maps another page at the same index', ({ file, mapper }) =>
  mapper.some((task) => task.hasTag('mapped') && !file[task.context.file]!.context.inRange),
);

/**
 * I1 NoStaleRecord: the reverse map does not name a file whose extent has been freed.
 *
 * Why it can fail: the entry goes, and then the extent. A walk takes what the record says for the truth, and is kept from
 * it only by the lock of the AGF, under which extent and record go together.
 */
export const noStaleRecord = never<
  Pick<Blast, 'file' | 'rmapbt'> & {
    readonly reclaim: Peer<typeof reclaimMachine>;
    readonly mapper: readonly Peer<typeof mapperMachine>[];
  }
>(
  'I1 NoStaleRecord',
  ({ rmapbt, reclaim }) =>
    reclaim.hasTag('truncated') &&
    rmapbt.context.groups.flat().some(({ owner, file }) => owner === 'data' && file === reclaim.context.file),
  { witness: anotherPageIsMapped, about: 'The reverse map does not name a file whose extent has been freed.' },
);

/**
 * Nobody is unmapped or told for a page that lies elsewhere.
 *
 * Why it can fail: a list of {mapping, index} pairs is true as long as the lock is held under which it was made. After that a file
 * may be truncated, written again, and have another page at the same index (S004-03).
 */
export const noBlast = step<Pick<Blast, 'file'>>(
  'I13 Blast',
  ({ before, taken }) =>
    !taken.some(
      ({ message, self }) =>
        message.type === 'entry.taken' &&
        'by' in message &&
        message.by === 'kill' &&
        !before.file[self]!.context.inRange,
    ),
  { witness: pageIsTaken, about: 'Nobody is unmapped or told for a page that lies elsewhere.' },
);

/**
 * The handler shuts the file system down for metadata that is lost or cannot be read, and for nothing less.
 *
 * Why it can fail: a lookup that is refused for a moment, because the inode is on its way out of memory (H-09) or its entry
 * has just gone (H-10), is taken for corruption. Trace 5a has it happen to a plain file page.
 *
 * @see xfs_iget(), XFS_IGET_INCORE; S000-07
 */
export const noNeedlessShutdown = step<Blast>(
  'I13 NoNeedlessShutdown',
  ({ before, taken }) =>
    before.superblock.context.shutdown ||
    !taken.some(({ message }) => message.type === 'filesystem.shut') ||
    taken[0]?.actor === 'superblock' ||
    before.rmapbt.context.unreadable >= 0 ||
    before.rmapbt.context.groups.flat().some(({ owner }) => owner === 'metadata'),
  {
    witness: staysUp,
    about: 'The handler shuts the file system down for metadata that is lost or cannot be read, and for nothing less.',
  },
);
