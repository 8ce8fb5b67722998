import type { Peer } from '../explore/model.ts';
import { always, sometimes } from '../explore/property.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { fileMachine } from '../machines/file.ts';
import type { mapperMachine } from '../machines/mapper.ts';
import type { pageMachine } from '../machines/page.ts';

interface Told {
  readonly failure: readonly Peer<typeof failureMachine>[];
  readonly mapper: readonly Peer<typeof mapperMachine>[];
  readonly file: readonly Peer<typeof fileMachine>[];
}

/** The witness: a task is told. */
export const taskIsTold = sometimes<Pick<Told, 'mapper'>>('a task is told', ({ mapper }) =>
  mapper.some((task) => task.hasTag('told')),
);

/**
 * I12 ToldBySignal: a task counts as told when a signal has reached it, and only then. One that comes in the middle of its own machine
 * check reaches it when memory_failure() returns.
 *
 * Why it can fail: the return of memory_failure() is not the news. A task whose signal it has overtaken, or that has got none, may
 * take it for one.
 *
 * @see kill_me_maybe()
 */
export const toldBySignal = always<Pick<Told, 'mapper'>>(
  'I12 ToldBySignal',
  ({ mapper }) =>
    mapper.every((task) => task.hasTag('consuming') || task.hasTag('told') === (task.context.signal === 'delivered')),
  { witness: taskIsTold, about: 'A task counts as told when a signal has reached it, and only then.' },
);

/**
 * I12 MapperTold, first half: when memory_failure() has returned, no task that asked to be told early still maps the page
 * without having been told.
 *
 * Why it can fail: whatever ends the walk ends it for those who map the rest of the range too; their next load is a machine
 * check of its own.
 *
 * @see collect_procs(), task_early_kill(); S000-09, S002-04
 */
export const mapperTold = always<Told>(
  'I12 MapperTold',
  ({ failure, mapper, file }) =>
    !failure.some((event) => event.hasTag('returned')) ||
    mapper.every(
      (task) =>
        task.context.policy === 'late' ||
        !task.hasTag('mapped') ||
        task.context.signal !== 'none' ||
        !file[task.context.file]!.context.inRange,
    ),
  {
    witness: taskIsTold,
    about:
      'When memory_failure() has returned, no task that asked to be told early still maps the page without having been told.',
  },
);

/**
 * I12 MarkedFirst: who is told of poison, or finds its mapping gone, is so for a page that is marked.
 *
 * Why it can fail: marking (D2), unmapping and telling are steps of their own, and a removal does the last two without the first. A
 * page without the mark is given to the next reader as if it were good.
 *
 * @see mf_dax_kill_procs(), SetPageHWPoison()
 */
export const markedFirst = always<Pick<Told, 'mapper'> & { readonly page: Peer<typeof pageMachine> }>(
  'I12 MarkedFirst',
  ({ mapper, page }) =>
    page.hasTag('marked') || mapper.every((task) => task.context.entry && task.context.signal === 'none'),
  { witness: taskIsTold, about: 'Who is told of poison, or finds its mapping gone, is so for a page that is marked.' },
);

/** The witness: a task touches the page again when it has been unmapped. */
export const refaultIsAnswered = sometimes<Pick<Told, 'mapper'>>(
  'a task comes to know of the poison by a fault',
  ({ mapper }) => mapper.some((task) => task.context.refaulted),
);

/** The witness: a task touches it before that. */
export const consumerIsTold = sometimes<Pick<Told, 'mapper'>>(
  'a task comes to know of the poison by its own machine check',
  ({ mapper }) => mapper.some((task) => task.context.consumed && !task.context.refaulted && task.hasTag('told')),
);

/**
 * I12 NextTouch: a task that touches a page that is poisoned gets to hear that it is.
 *
 * Why it can fail: a fault may answer with an error like any other (KB-14); a load through an entry that nobody has taken away
 * is a machine check of its own, and when the handler then answers with an error too, the task gets a SIGBUS that says
 * nothing (S002-04).
 *
 * @see dax_iomap_fault(), kill_me_maybe(); S002-04, S002-07, KB-14
 */
export const nextTouch = always<Pick<Told, 'mapper'>>(
  'I12 NextTouch',
  ({ mapper }) => mapper.every((task) => !task.hasTag('misled')),
  { witness: refaultIsAnswered, about: 'A task that touches a page that is poisoned gets to hear that it is.' },
);

/** The witness: the platform's report comes to an end. */
const reportReturns = sometimes<Pick<Told, 'failure'>>('memory_failure has returned to the platform', ({ failure }) =>
  failure[0]!.hasTag('returned'),
);

/**
 * I12 NobodyLeft: when memory_failure() has returned, nobody maps the page any more who does not know.
 *
 * Why it can fail: for those who want to be told late nobody is collected, and where nobody is collected nothing is unmapped
 * (H-11, trace 1d: "Recovered", no signal, and the next touch succeeds because the poison is not real).
 *
 * @see unmap_and_kill()
 */
export const nobodyLeft = always<Told>(
  'I12 NobodyLeft',
  ({ failure, mapper }) =>
    !failure[0]!.hasTag('returned') ||
    mapper.every((task) => (!task.hasTag('mapped') && !task.context.entry) || task.context.signal !== 'none'),
  {
    witness: reportReturns,
    about: 'When memory_failure() has returned, nobody maps the page any more who does not know.',
  },
);

/**
 * I12 Noticed: when memory_failure() has returned, no task still believes in its page.
 *
 * Why it can fail: the signal is optional for those who asked for it and forced on nobody else; it may be blocked, and a late
 * task gets none (S000-17).
 */
export const noticed = always<Told>(
  'I12 Noticed',
  ({ failure, mapper }) =>
    !failure[0]!.hasTag('returned') ||
    mapper.every((task) => task.context.signal === 'delivered' || task.hasTag('misled') || task.hasTag('consuming')),
  { witness: reportReturns, about: 'When memory_failure() has returned, no task still believes in its page.' },
);
