import type { Peer } from '../explore/model.ts';
import { always, never, sometimes } from '../explore/property.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { fateMachine } from '../machines/fate.ts';
import type { layerMachine } from '../machines/layer.ts';
import type { mapperMachine } from '../machines/mapper.ts';
import type { pageFailureMachine } from '../machines/page-failure.ts';
import type { seriesMachine } from '../machines/series.ts';
import { taskIsTold } from './mapper-told.ts';
import { fallbackHandles } from './outcome.ts';

interface Series {
  readonly failure: readonly Peer<typeof failureMachine>[];
  readonly pageFailure: readonly Peer<typeof pageFailureMachine>[];
  readonly fate: readonly Peer<typeof fateMachine>[];
  readonly mapper: readonly Peer<typeof mapperMachine>[];
}

/** The witness: memory_failure() ends, for a page of DAX. */
export const daxEventReturns = sometimes<Pick<Series, 'failure'>>(
  'memory_failure has returned for a page of DAX',
  ({ failure }) => failure.some((event) => event.hasTag('returned')),
);

/** The witness: memory_failure() ends, for a page of the page cache. */
export const cacheEventReturns = sometimes<Pick<Series, 'pageFailure'>>(
  'memory_failure has returned for a page of the page cache',
  ({ pageFailure }) => pageFailure.some((event) => event.hasTag('returned')),
);

/**
 * I5 Outcome, of a kernel that is built from any prefix of a series: when memory_failure() has returned, an owner has
 * handled the event or the generic path has.
 *
 * Why it can fail: a caller may come before whom it calls. What is not there, or is there and does nothing, has to send
 * its caller back to the generic path; if it counts as success, the event ends there (S004-09).
 *
 * @see S004-06, S004-09
 */
export const outcomeOfPrefix = always<Series>(
  'I5 Outcome',
  ({ failure, pageFailure, fate }) =>
    [...failure, ...pageFailure].every(
      (event, poison) => !event.hasTag('returned') || fate[poison]!.hasTag('owned') || fate[poison]!.hasTag('generic'),
    ),
  {
    witness: daxEventReturns,
    about: 'When memory_failure() has returned, an owner has handled the event or the generic path has.',
  },
);

/**
 * I6 FallbackValid, of any prefix: where the generic path has acted, it has reached everybody, and it did not go by
 * what only an owner sets.
 *
 * Why it can fail: pages may come to be shared before there is an owner who knows by whom; and a patch that makes the
 * kill take an offset may come before whoever knows the offset (KB-05).
 */
export const fallbackOfPrefix = never<Series>(
  'I6 FallbackValid',
  ({ failure, fate, mapper }) =>
    failure.some((event) => event.hasTag('unfounded')) ||
    (fate.some((end) => end.hasTag('generic')) && mapper.some((task) => task.hasTag('mapped'))),
  {
    witness: fallbackHandles,
    about: 'Where the generic path has acted, it has reached everybody, and it did not go by what only an owner sets.',
  },
);

/**
 * I3 NoMissingHop, of any prefix: nobody calls through an operation that is not there.
 *
 * Why it can fail: between a caller and whom it calls lie several patches, and each caller has to ask (KB-06).
 *
 * @param isThere whether operation `layer` is there when so many patches are in
 */
export const noMissingOperation = (isThere: (applied: number, layer: number) => boolean) =>
  never<{ readonly series: Peer<typeof seriesMachine>; readonly layer: readonly Peer<typeof layerMachine>[] } & Series>(
    'I3 NoMissingHop',
    ({ series, layer }) => layer.some((one, self) => one.hasTag('calling') && !isThere(series.context.applied, self)),
    { witness: daxEventReturns },
  );

/**
 * I12 MapperTold, of any prefix: when memory_failure() has returned, no task still maps the page and has not been told.
 */
export const mapperOfPrefixTold = never<Series>(
  'I12 MapperTold',
  (room) => hasReturned(room) && room.mapper.some((task) => task.hasTag('mapped')),
  {
    witness: taskIsTold,
    about: 'When memory_failure() has returned, no task still maps the page and has not been told.',
  },
);

const hasReturned = ({ failure, pageFailure }: Series): boolean =>
  [...failure, ...pageFailure].some((event) => event.hasTag('returned'));
