import type { Alphabet, EventId, SeenEvent } from './refine-events.ts';
import type { Escape, Pursuit, Side } from './refine-pursuit.ts';
import { firstPlace, nowhere, type SetId, unseen, type Whereabouts } from './refine-whereabouts.ts';
import { type Replayed, ReplayFault, replay } from './replay.ts';
import type { LearnedStep } from './steps.ts';
import { StateStore } from './store.ts';
import type { Run } from './verdict.ts';

/** A behaviour of the implementation that the specification does not have. */
export interface Counterexample {
  /** A shortest run that shows it: the specification can do all that is seen of it but the last event. */
  readonly run: Run;
  /** What is seen of each of its steps; of the last one up to the event that the specification does not have. */
  readonly seen: readonly (readonly SeenEvent[])[];
  readonly stood: Stood;
}

/** Where the specification stood before that event. */
export interface Stood {
  /** One of its runs of which the same is seen up to there. It may be in the midst of its last step then. */
  readonly run: Run;
  /** All that could have been seen next, after this run or another one of which the same is seen. */
  readonly could: readonly SeenEvent[];
}

/**
 * Evidence: both runs are taken again by plain XState, and what is seen of them is looked at once more.
 *
 * @throws ReplayFault where the search and plain XState differ
 */
export function counterexample(
  pursuit: Pursuit,
  { from, step }: Escape,
  specification: Side,
  alphabet: Alphabet,
): Counterexample {
  const { implementation, whereabouts } = pursuit;
  const { replayed, words } = taken(implementation, alphabet, [...pursuit.stepsTo(from), step]);
  const { followed, where } = follow(whereabouts, words.flat());
  const [whole, last] = [words.slice(0, -1), words.at(-1)!];
  const before = whole.flat().length;
  const event = last[followed.length - before];
  if (event === undefined)
    throw new ReplayFault('of the last step nothing is seen that the specification could not follow');
  const seen = [...whole, last.slice(0, followed.length - before + 1)];
  return {
    run: replayed.run,
    seen: seen.map((events) => events.map((id) => alphabet.event(id))),
    stood: {
      run: runWith(specification, whereabouts, alphabet, followed),
      could: whereabouts.eventsFrom(where).map((id) => alphabet.event(id)),
    },
  };
}

/** Steps taken by plain XState, and what is seen of them then. */
function taken(
  { system, observer }: Side,
  alphabet: Alphabet,
  steps: readonly LearnedStep[],
): { readonly replayed: Replayed; readonly words: readonly (readonly EventId[])[] } {
  const replayed = replay(
    system.composition,
    steps.map(({ label }) => label),
  );
  const { ends } = replayed.run;
  const words = replayed.taken.map((messages, i) => {
    const isLast = i === steps.length - 1;
    const events = observer.events(messages, isLast && ends.at === 'unhandled' ? ends : null);
    if (alphabet.word(events) === observer.word(steps[i]!)) return events;
    throw new ReplayFault(`in step ${i + 1} plain XState takes other messages than the search`);
  });
  return { replayed, words };
}

/** As many of the events as the specification can follow, and where it is then. */
function follow(whereabouts: Whereabouts, events: readonly EventId[]): { followed: EventId[]; where: SetId } {
  let where = whereabouts.start;
  const followed: EventId[] = [];
  for (const event of events) {
    const next = whereabouts.next(where, event);
    if (next === nowhere) break;
    where = next;
    followed.push(event);
  }
  return { followed, where };
}

/** A run of the specification of which these events are seen, or begin what is seen. */
function runWith(side: Side, whereabouts: Whereabouts, alphabet: Alphabet, events: readonly EventId[]): Run {
  const { replayed, words } = taken(side, alphabet, stepsWith(whereabouts, events));
  const seen = words.flat();
  if (events.every((event, i) => seen[i] === event)) return replayed.run;
  throw new ReplayFault('plain XState does not do what the specification is said to do');
}

/** The steps of a way on which these events are seen. */
function stepsWith(whereabouts: Whereabouts, events: readonly EventId[]): LearnedStep[] {
  /** Pairs of a place, and how many of the events were seen on the way to it. */
  const found = new StateStore(2);
  const [at, to] = [new Uint32Array(2), new Uint32Array(2)];
  found.add([firstPlace, 0], null);
  for (let id = 0; id < found.size; id++) {
    found.load(id, at);
    if (at[1] === events.length) {
      const path = found.path(id);
      return path.slice(1).flatMap((next, i) => {
        found.load(path[i]!, at);
        found.load(next, to);
        return whereabouts.stepBetween(at[0]!, at[1] === to[1] ? unseen : events[at[1]!]!, to[0]!) ?? [];
      });
    }
    const edges = whereabouts.edges(at[0]!);
    for (let i = 0; i < edges.length; i += 2) {
      if (edges[i] === unseen) found.add([edges[i + 1]!, at[1]!], id);
      else if (edges[i] === events[at[1]!]) found.add([edges[i + 1]!, at[1]! + 1], id);
    }
  }
  throw new Error('the specification has lost the way on which it was followed');
}
