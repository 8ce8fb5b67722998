import { isStuck } from '../judge.ts';
import type { LearnedStep } from '../steps.ts';
import { type StateId, StateStore } from '../store.ts';
import type { System } from '../system.ts';
import type { StepLabel } from '../verdict.ts';
import { type Breach, isSettled } from './breach.ts';
import { type Budget, eachStep, fewestSwitches } from './fewest-switches.ts';

/** A run that goes well, as far as it is another than the one that does not. */
export interface Deviation {
  /** How many steps both have in common. */
  readonly same: number;
  readonly steps: readonly LearnedStep[];
  readonly end: 'settled' | 'taken' | 'over';
}

/**
 * The run nearest to a violation in which nothing is violated: it has as many steps as possible in common with it.
 * Then the step that goes wrong comes later, if it can; the environment does nothing more, if it can go without; and
 * of these it is a shortest.
 *
 * A run ends where only the environment can move and nobody is stuck. Where no run does, since the model is one of
 * things that go on for ever, it ends with a step like the last one of the violation that does no harm. Of an order
 * of two events it ends when the first has come.
 *
 * From each state of the run, the last one first, everything is searched that can be reached without harm. What has
 * been searched from one state in vain need not be searched again from the one before, so that all of it costs two
 * searches, one of them with the environment.
 *
 * @param breaches what must be kept; the first is the one that the run violates
 * @returns null where the budget is not enough; 'none' where no run goes well, whatever is done from the start
 */
export function nearest(
  system: System,
  breaches: readonly Breach[],
  steps: readonly LearnedStep[],
  vectors: readonly Uint32Array[],
  budget: Budget,
): Deviation | 'none' | null {
  const last = steps.at(-1)!;
  const goals: readonly Goal[] = [
    { end: 'settled', state: (vector) => isSettled(system, vector) && !isStuck(system, vector), step: never },
    ...(breaches[0]?.over ? [{ end: 'over', state: () => false, step: breaches[0].over } as const] : []),
  ];
  const forbidden: Steps = (step, before, after) =>
    step.writes === null || breaches.some((breach) => breach.by(step, before, after));
  const found = deviation(system, steps, vectors, forbidden, goals, budget);
  if (found !== 'none') return found;
  const goesOn = forEver(system, forbidden, budget);
  const again: Goal = {
    end: 'taken',
    state: () => false,
    step: ({ label }, _, after) => isLike(label, last.label) && goesOn(after),
  };
  const anyhow = deviation(system, steps, vectors, forbidden, [again], budget);
  return anyhow === 'none' && budget.states < 0 ? null : anyhow;
}

/**
 * Whether one can go on for ever from a state: whether a state comes again on some way from it. Depth first; what has been
 * searched once need not be searched again.
 *
 * @returns false also where the budget is spent
 */
function forEver(system: System, forbidden: Steps, budget: Budget): (from: Uint32Array) => boolean {
  const searched = new StateStore(system.width);
  const goingOn = new Set<StateId>();
  const successors = (id: StateId): Uint32Array[] => {
    const before = new Uint32Array(system.width);
    const next: Uint32Array[] = [];
    searched.load(id, before);
    budget.states--;
    eachStep(system, before, (step, after) => {
      if (!forbidden(step, before, after)) next.push(after.slice());
    });
    return next;
  };
  return (from) => {
    const way = new Set<StateId>();
    const open: { readonly id: StateId; readonly next: Uint32Array[] }[] = [];
    /** Goes on to a state, if it is new; returns whether it comes again, or goes on as is known. */
    const enter = (state: Uint32Array): boolean => {
      const { size } = searched;
      const id = searched.add(state, null);
      if (id === size) {
        way.add(id);
        open.push({ id, next: successors(id) });
      }
      return id < size && (way.has(id) || goingOn.has(id));
    };
    let found = enter(from);
    for (let last = open.at(-1); !found && last !== undefined && budget.states >= 0; last = open.at(-1)) {
      const next = last.next.pop();
      if (next !== undefined) found = enter(next);
      else way.delete(open.pop()!.id);
    }
    if (found) for (const id of way) goingOn.add(id);
    return found;
  };
}

/** Something of steps. */
type Steps = Breach['by'];

/** Where a run may end: in such a state, or with such a step. */
interface Goal {
  readonly end: Deviation['end'];
  readonly state: (vector: Uint32Array) => boolean;
  readonly step: Steps;
}

const never = (): boolean => false;

const isLike = (a: StepLabel, b: StepLabel): boolean =>
  a.actor === b.actor && a.self === b.self && a.cause === b.cause && a.message.type === b.message.type;

function deviation(
  system: System,
  steps: readonly LearnedStep[],
  vectors: readonly Uint32Array[],
  forbidden: Steps,
  goals: readonly Goal[],
  budget: Budget,
): Deviation | 'none' | null {
  // what the run itself does before it comes to the violation may break something else
  const clean = steps.findIndex(
    (step, i) => vectors[i + 1] === undefined || forbidden(step, vectors[i]!, vectors[i + 1]!),
  );
  const undisturbed: Steps = (step, before, after) => step.environment || forbidden(step, before, after);
  const searches = [undisturbed, forbidden].map((avoids) => ({ avoids, searched: new StateStore(system.width) }));
  for (let same = clean; same >= 0; same--) {
    const from = vectors[same]!;
    for (const { avoids, searched } of searches) {
      const found = shortest(system, searched, from, avoids, goals, budget);
      if (found === 'spent') return null;
      if (found === null) continue;
      const wrong = steps[same]!;
      const later = wrong.environment || found.steps.some(({ label }) => isLike(label, wrong.label));
      const again = later ? null : withStepLike(system, wrong, from, [undisturbed, forbidden], goals, budget);
      if (again !== null) return { same, ...again };
      const goal = goals.find(({ end }) => end === found.end)!;
      const follows: Steps = (step, before, after) => !avoids(step, before, after);
      const ends: Steps = (step, before, after) =>
        follows(step, before, after) && (goal.step(step, before, after) || goal.state(after));
      const previous = steps[same - 1]?.label;
      const quest = { from, steps: found.steps.length, follows, ends, ...(previous && { after: previous }) };
      // what a budget does not suffice for is left as it was found
      const calmest = fewestSwitches(system, quest, budget);
      return { same, steps: calmest?.steps ?? found.steps, end: found.end };
    }
  }
  return 'none';
}

/**
 * A run in which the step that goes wrong comes all the same, later: that it should wait says more than that
 * something else should happen, an error say, which may be shorter.
 *
 * @param avoids what must not happen on the way; where nothing is found, the next
 */
function withStepLike(
  system: System,
  wrong: LearnedStep,
  from: Uint32Array,
  avoids: readonly Steps[],
  goals: readonly Goal[],
  budget: Budget,
): Pick<Deviation, 'steps' | 'end'> | null {
  // one slot more, for whether it has come
  const { width } = system;
  const start = new Uint32Array(width + 1);
  start.set(from);
  for (const forbidden of avoids) {
    const store = new StateStore(width + 1);
    store.add(start, null);
    const cameBy: LearnedStep[] = [];
    const [state, next] = [start.slice(), start.slice()];
    for (let id = 0; id < store.size && --budget.states >= 0; id++) {
      store.load(id, state);
      const before = state.slice(0, width);
      const end = state[width] === 1 ? goals.find((goal) => goal.state(before))?.end : undefined;
      if (end !== undefined)
        return {
          steps: store
            .path(id)
            .slice(1)
            .map((each) => cameBy[each]!),
          end,
        };
      eachStep(system, before, (step, after) => {
        if (forbidden(step, before, after)) return;
        next.set(after);
        next[width] = state[width] === 1 || isLike(step.label, wrong.label) ? 1 : 0;
        const { size } = store;
        store.add(next, id);
        if (store.size > size) cameBy[size] = step;
      });
    }
  }
  return null;
}

/** A shortest way from a state to a goal, through states that have not been searched before. */
function shortest(
  system: System,
  searched: StateStore,
  from: Uint32Array,
  forbidden: Steps,
  goals: readonly Goal[],
  budget: Budget,
): { readonly steps: readonly LearnedStep[]; readonly end: Deviation['end'] } | null | 'spent' {
  const first = searched.size;
  searched.add(from, null);
  if (searched.size === first) return null;
  const reached = (test: (goal: Goal) => boolean): Deviation['end'] | undefined => goals.find(test)?.end;
  const atOnce = reached(({ state }) => state(from));
  if (atOnce !== undefined) return { steps: [], end: atOnce };

  const cameBy: LearnedStep[] = [];
  const before = new Uint32Array(system.width);
  const way = (id: StateId): LearnedStep[] =>
    searched
      .path(id)
      .slice(1)
      .map((each) => cameBy[each]!);
  for (let id = first; id < searched.size; id++) {
    if (--budget.states < 0) return 'spent';
    searched.load(id, before);
    let found: { readonly steps: readonly LearnedStep[]; readonly end: Deviation['end'] } | undefined;
    eachStep(system, before, (step, after) => {
      if (found !== undefined || forbidden(step, before, after)) return;
      const size = searched.size;
      searched.add(after, id);
      const isNew = searched.size > size;
      if (isNew) cameBy[size] = step;
      const end = reached((goal) => goal.step(step, before, after) || (isNew && goal.state(after)));
      if (end !== undefined) found = { steps: [...way(id), step], end };
    });
    if (found !== undefined) return found;
  }
  return null;
}
