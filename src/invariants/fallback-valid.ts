import type { Peer } from '../explore/model.ts';
import { always, never, sometimes, step } from '../explore/property.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { fateMachine } from '../machines/fate.ts';
import type { fileMachine } from '../machines/file.ts';
import type { mapperMachine } from '../machines/mapper.ts';
import type { rmapbtMachine } from '../machines/rmapbt.ts';
import { fallbackHandles } from './outcome.ts';

interface Fallback {
  readonly failure: readonly Peer<typeof failureMachine>[];
  readonly mapper: readonly Peer<typeof mapperMachine>[];
  readonly file: readonly Peer<typeof fileMachine>[];
}

interface Outcome extends Fallback {
  readonly dax: Peer<typeof daxMachine>;
  readonly fate: readonly Peer<typeof fateMachine>[];
  readonly rmapbt: Peer<typeof rmapbtMachine>;
}

/** The witness: memory_failure() comes to an end, or to grief. */
const failureEnds = sometimes<Pick<Fallback, 'failure'>>('memory_failure ends', ({ failure }) =>
  failure.some((event) => event.hasTag('rest') && !event.hasTag('quiet')),
);

/**
 * I6 FallbackValid: the generic path acts only where page->mapping and page->index lead to everybody who maps the page.
 *
 * Why it can fail: a page has one mapping and one index, and a block that files share has several (S000-04); what the
 * page says may be left over from an owner that it had before (KB-38); or the path goes by something else altogether, which
 * only the other path sets (KB-05).
 *
 * @see mf_generic_kill_procs(), dax_associate_entry()
 */
export const fallbackValid = step<Fallback & { readonly fate: readonly Peer<typeof fateMachine>[] }>(
  'I6 FallbackValid',
  ({ after, taken }) =>
    !after.failure.some((event) => event.hasTag('unfounded')) &&
    (!taken.some(({ message }) => message.type === 'event.generic') || mappersOf(after).length === 0),
  {
    witness: fallbackHandles,
    about: 'The generic path acts only where page->mapping and page->index lead to everybody who maps the page.',
  },
);

/**
 * I3 NoMissingHop: no call goes through operations that are not there.
 *
 * Why it can fail: some page maps have none (device DAX), and whoever dispatches through them has to ask first (KB-06).
 *
 * @see memory_failure_dev_pagemap()
 */
export const noMissingHop = never<Fallback>(
  'I3 NoMissingHop',
  ({ failure }) => failure.some((event) => event.hasTag('torn')),
  { witness: failureEnds, about: 'No call goes through operations that are not there.' },
);

/**
 * I5 Outcome, where nothing keeps an event for later: when memory_failure() has returned, its event is owned, generic or
 * nobody's; and not two of them.
 *
 * *Nobody's* is an event that met no living registration of an owner of its range, while no task maps the page.
 *
 * Why it can fail: the owner's answer is final unless it is -EOPNOTSUPP, and there are more reasons to answer something else
 * than to be an owner (H-05, H-10, S001-24). Answering "not supported" is no better where the generic path cannot find the
 * mappings either.
 *
 * @see memory_failure_dev_pagemap(), dax_holder_notify_failure(); S000-11, S000-13, S000-16
 */
export const outcomeAtOnce = always<Outcome>(
  'I5 Outcome',
  (room) =>
    room.failure.every(
      (event, poison) =>
        !event.hasTag('returned') ||
        room.fate[poison]!.hasTag('owned') ||
        room.fate[poison]!.hasTag('generic') ||
        isNobodys(room),
    ),
  { witness: failureEnds },
);

function isNobodys(room: Outcome): boolean {
  const { dax, rmapbt } = room;
  const owned = dax.context.ops && dax.context.alive && rmapbt.context.groups.flat().length > 0;
  return !owned && mappersOf(room).length === 0;
}

/** The tasks that map a page of the range. */
function mappersOf({ mapper, file }: Pick<Fallback, 'mapper' | 'file'>): readonly Peer<typeof mapperMachine>[] {
  return mapper.filter((task) => task.hasTag('mapped') && file[task.context.file]!.context.inRange);
}
