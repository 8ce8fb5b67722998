import type { Peer } from '../explore/model.ts';
import { always, sometimes } from '../explore/property.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { fileMachine } from '../machines/file.ts';
import type { mapperMachine } from '../machines/mapper.ts';

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
  { witness: taskIsTold },
);
