import type { Peer } from '../explore/model.ts';
import { always, never, sometimes } from '../explore/property.ts';
import type { cacheTruncateMachine } from '../machines/cache-truncate.ts';
import type { fateMachine } from '../machines/fate.ts';
import type { frameMachine } from '../machines/frame.ts';
import type { killMachine } from '../machines/kill.ts';
import type { mapperMachine } from '../machines/mapper.ts';
import type { pageMachine } from '../machines/page.ts';
import type { pageFailureMachine } from '../machines/page-failure.ts';
import { taskIsTold } from './mapper-told.ts';
import { fallbackHandles } from './outcome.ts';

interface Frame {
  readonly pageFailure: Peer<typeof pageFailureMachine>;
  readonly frame: Peer<typeof frameMachine>;
}

interface Mapped extends Frame {
  readonly mapper: readonly Peer<typeof mapperMachine>[];
}

interface Killed extends Frame {
  readonly kill: readonly Peer<typeof killMachine>[];
}

/** The witness: memory_failure() ends, whatever kind of page it was for. */
export const pageIsHandled = sometimes<Pick<Frame, 'pageFailure'>>(
  'memory_failure has returned for a page',
  ({ pageFailure }) => pageFailure.hasTag('returned'),
);

/** The witness: a page is a process's own, and that process is told. */
export const ownMemoryIsTold = sometimes<Pick<Mapped, 'mapper'>>('a process is told of its own memory', ({ mapper }) =>
  mapper.some((task) => task.context.file < 0 && task.hasTag('told')),
);

/** The witness: a file has another page where it had the one that fails, and a task maps that. */
export const anotherPageIsMapped = sometimes<Pick<Mapped, 'frame' | 'mapper'>>(
  'a task maps another page at the same index',
  ({ frame, mapper }) =>
    mapper.some(
      (task) => task.context.file >= 0 && task.hasTag('mapped') && !usersOf(frame).includes(task.context.file),
    ),
);

/** The witness: one page has a mapping killed in each of two files. */
export const twoOwnersAreTold = sometimes<Mapped>('a task of each owner is told', ({ mapper }) =>
  [0, 1].every((file) => mapper.some((task) => task.context.file === file && task.hasTag('told'))),
);

/**
 * I6 FallbackValid, for ordinary memory: who goes by what the page says reaches everybody who uses the page.
 *
 * Why it can fail: a page names one mapping, and nothing says that there is no other (S004-29); and what it says may
 * have changed since it was looked at (S004-22).
 *
 * @see memory_failure(); S000-02, S004-20, S004-28
 */
export const pageNamesAll = never<Frame & { readonly fate: readonly Peer<typeof fateMachine>[] }>(
  'I6 FallbackValid',
  ({ pageFailure, frame }) =>
    pageFailure.hasTag('generic') && usersOf(frame).some((file) => file !== pageFailure.context.file),
  { witness: fallbackHandles, about: 'Who goes by what the page says reaches everybody who uses the page.' },
);

/**
 * I12 MapperTold, for ordinary memory: when memory_failure() has returned, nobody maps the page any more.
 *
 * Why it can fail: the mapping that the page does not name is not killed; a file system that is asked for a page that
 * is not its own knows nobody.
 */
export const noMapperLeft = never<Mapped>(
  'I12 MapperTold',
  ({ pageFailure, frame, mapper }) =>
    pageFailure.hasTag('returned') &&
    mapper.some((task) => task.hasTag('mapped') && usersOf(frame).includes(task.context.file)),
  { witness: taskIsTold, about: 'When memory_failure() has returned, nobody maps the page any more.' },
);

/**
 * I5 Outcome, for ordinary memory: when memory_failure() has returned, the owner has handled the event, or the generic
 * path has, or nobody used the page.
 */
export const pageOutcome = always<Frame & { readonly fate: readonly Peer<typeof fateMachine>[] }>(
  'I5 Outcome',
  ({ pageFailure, fate: [end] }) =>
    !pageFailure.hasTag('returned') || end!.hasTag('owned') || end!.hasTag('generic') || end!.hasTag('unowned'),
  {
    witness: pageIsHandled,
    about:
      'When memory_failure() has returned, the owner has handled the event, or the generic path has, or nobody used the page.',
  },
);

/**
 * I17 NoFreeMapping: a page that has left the cache of a file is mapped by nobody who maps the file.
 *
 * Why it can fail: to unmap and to delete are two steps, of a truncate as of a kill, and a frame without users is
 * handed out.
 */
export const noFreeMapping = never<
  Pick<Mapped, 'frame' | 'mapper'> & { readonly truncate: readonly Peer<typeof cacheTruncateMachine>[] }
>(
  'I17 NoFreeMapping',
  ({ frame, mapper, truncate }) =>
    mapper.some(
      ({ context: { file, entry } }) =>
        file >= 0 && entry && !frame.context.files.includes(file) && !truncate[file]!.hasTag('rewritten'),
    ),
  {
    witness: anotherPageIsMapped,
    about: 'A page that has left the cache of a file is mapped by nobody who maps the file.',
  },
);

/**
 * I12 NoneCached: when memory_failure() has returned, nobody finds the page in the cache of a file.
 *
 * Why it can fail: who reads the file does not map it. What counts for him is whether the page is still there to be
 * found.
 */
export const noneCached = never<Frame>(
  'I12 NoneCached',
  ({ pageFailure, frame }) => pageFailure.hasTag('returned') && frame.context.files.length > 0,
  {
    witness: pageIsHandled,
    about: 'When memory_failure() has returned, nobody finds the page in the cache of a file.',
  },
);

/**
 * I12 MarkedFirst, for ordinary memory: who is told of poison is so for a page that is marked.
 *
 * Why it can fail: marking and telling are two steps, and a page without the mark is given to the next who asks for a
 * page.
 */
export const pageMarkedFirst = always<Pick<Mapped, 'mapper'> & { readonly page: Peer<typeof pageMachine> }>(
  'I12 MarkedFirst',
  ({ mapper, page }) => page.hasTag('marked') || mapper.every((task) => task.context.signal === 'none'),
  { witness: taskIsTold, about: 'Who is told of poison is so for a page that is marked.' },
);

/**
 * I13 Blast, for ordinary memory: no mapping is killed whose page has not failed.
 *
 * Why it can fail: between a look at the page and its lock the file may be truncated, written again, and have another
 * page at the same index; and the frame may have become somebody's own memory.
 */
export const noForeignKill = never<Killed & Pick<Mapped, 'mapper'>>(
  'I13 Blast',
  ({ kill, frame }) => kill.some((call) => call.hasTag('locking') && !usersOf(frame).includes(call.context.file)),
  { witness: anotherPageIsMapped, about: 'No mapping is killed whose page has not failed.' },
);

/** The files that have the frame, or -1 for a process that has it to itself. */
function usersOf({ context: { files, anonymous } }: Peer<typeof frameMachine>): readonly number[] {
  return anonymous ? [-1] : files;
}
