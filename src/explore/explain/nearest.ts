import { encode } from '../encode.ts';
import { isStuck } from '../judge.ts';
import type { LearnedStep } from '../steps.ts';
import { type StateId, StateStore } from '../store.ts';
import type { System } from '../system.ts';
import { type Breach, isSettled } from './breach.ts';
import { type Budget, eachStep, fewestSwitches } from './fewest-switches.ts';
import { forEver } from './for-ever.ts';
import { comingTo, type Guide } from './guide.ts';
import { isLike } from './left-out.ts';

/** A run that goes well, as far as it is another than the one that does not. */
export interface Deviation {
  /** How many steps both have in common. */
  readonly same: number;
  readonly steps: readonly LearnedStep[];
  readonly end: 'settled' | 'taken' | 'over';
}

/** What a run is looked for beside: the violation, and what must be kept; the first is what it violates. */
export interface Violation {
  readonly steps: readonly LearnedStep[];
  readonly vectors: readonly Uint32Array[];
  readonly breaches: readonly Breach[];
}

/** Among which runs one is looked for. */
export interface Choice {
  /** For each state of the violation each of these in turn. */
  readonly guides: readonly Guide[];
  /** Whether this one will do; where not, one is looked for from the state before. Without it, only where it parts from the violation is asked for. */
  readonly accepts?: (found: Deviation) => boolean;
}

/**
 * The run nearest to a violation in which nothing is violated: it has as many steps as possible in common with it.
 * Then the step that goes wrong comes later, if it can; and of these it is a shortest.
 *
 * A run ends where only the environment can move and nobody is stuck. Where no run does, since the model is one of
 * things that go on for ever, it ends with a step like the last one of the violation that does no harm. Of an order
 * of two events it ends when the first has come.
 *
 * From each state of the run, the last one first, everything is searched that can be reached without harm. What has
 * been searched from one state in vain need not be searched again from the one before, so that all of it costs one
 * search for each guide.
 *
 * @returns null where the budget is not enough; 'none' where no run goes well, whatever is done from the start
 */
export function nearest(
  system: System,
  violation: Violation,
  choice: Choice,
  budget: Budget,
): Deviation | 'none' | null {
  const { steps, breaches } = violation;
  const last = steps.at(-1)!;
  const goals: readonly Goal[] = [
    { end: 'settled', state: (vector) => isSettled(system, vector) && !isStuck(system, vector), step: never },
    ...(breaches[0]?.over ? [{ end: 'over', state: () => false, step: breaches[0].over } as const] : []),
  ];
  const forbidden: Steps = (step, before, after) =>
    step.writes === null || breaches.some((breach) => breach.by(step, before, after));
  const found = deviation(system, violation, choice, forbidden, goals, budget);
  if (found !== 'none') return found;
  const goesOn = forEver(system, forbidden, budget);
  const again: Goal = {
    end: 'taken',
    state: () => false,
    step: ({ label }, _, after) => isLike(label, last.label) && goesOn(after),
  };
  const anyhow = deviation(system, violation, choice, forbidden, [again], budget);
  return anyhow === 'none' && budget.states < 0 ? null : anyhow;
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

function deviation(
  system: System,
  { steps, vectors }: Violation,
  { guides, accepts }: Choice,
  forbidden: Steps,
  goals: readonly Goal[],
  budget: Budget,
): Deviation | 'none' | null {
  // what the run itself does before it comes to the violation may break something else
  const clean = steps.findIndex(
    (step, i) => vectors[i + 1] === undefined || forbidden(step, vectors[i]!, vectors[i + 1]!),
  );
  const quests = guides.map((guide) => questOf(system, guide, forbidden, goals));
  for (let same = clean; same >= 0; same--) {
    const wrong = steps[same]!;
    for (const quest of quests) {
      const found = shortest(quest, quest.from(vectors[same]!, same), budget);
      if (found === 'spent') return null;
      if (found === null) continue;
      if (accepts === undefined) return { same, ...found };
      const isLater = found.steps.some(({ label }) => isLike(label, wrong.label));
      const later = isLater ? null : laterOne(system, wrong, vectors[same]!, same, guides, forbidden, goals, budget);
      const better = later ?? calmed(quest, vectors[same]!, same, found, steps[same - 1], budget);
      const deviation = { same, ...(parts(better, wrong) ? better : found) };
      if (accepts(deviation)) return deviation;
      quest.forget(vectors.slice(same, clean + 1).map((vector, i) => quest.from(vector, same + i)));
    }
  }
  return 'none';
}

/** Whether a run does not begin with what goes wrong. */
const parts = ({ steps: [first] }: Found, wrong: LearnedStep): boolean =>
  first === undefined || encode(first.label, 'a step') !== encode(wrong.label, 'a step');

/** A search along a guide, which goes on from one start after the other. */
interface Pursuit {
  readonly system: System;
  readonly follows: Steps;
  readonly goals: readonly Goal[];
  searched: StateStore;
  readonly from: (vector: Uint32Array, same: number) => Uint32Array;
  /** What has been searched halfway must be searched again, but for these states. */
  readonly forget: (but: readonly Uint32Array[]) => void;
}

function questOf(system: System, guide: Guide, forbidden: Steps, all: readonly Goal[]): Pursuit {
  const width = system.width + guide.slots;
  const bare = (state: Uint32Array): Uint32Array => state.subarray(0, system.width);
  const goals = all.map(
    ({ end, state, step }): Goal => ({
      end,
      state: (vector) => guide.mayEnd(vector) && state(bare(vector)),
      step: (taken, before, after) => guide.mayEnd(after) && step(taken, bare(before), bare(after)),
    }),
  );
  const pursuit: Pursuit = {
    system,
    follows: (step, before, after) => !forbidden(step, bare(before), bare(after)) && guide.follows(step, before, after),
    goals,
    searched: new StateStore(width),
    from: (vector, same) => {
      const start = new Uint32Array(width);
      start.set(vector);
      guide.begin(same, start);
      return start;
    },
    forget: (but) => {
      pursuit.searched = new StateStore(width);
      for (const state of but) pursuit.searched.add(state, null);
    },
  };
  return pursuit;
}

/** The end of a run. */
type Found = Pick<Deviation, 'steps' | 'end'>;

/**
 * A run in which the step that goes wrong comes all the same, later: that it should wait says more than that
 * something else should happen, which may be shorter.
 */
function laterOne(
  system: System,
  wrong: LearnedStep,
  from: Uint32Array,
  same: number,
  guides: readonly Guide[],
  forbidden: Steps,
  goals: readonly Goal[],
  budget: Budget,
): Found | null {
  const settled = goals.filter(({ end }) => end === 'settled');
  for (const guide of guides) {
    const quest = questOf(system, comingTo(system, wrong.label, guide), forbidden, settled);
    const found = shortest(quest, quest.from(from, same), budget);
    if (found !== null && found !== 'spent') return found;
  }
  return null;
}

/** Of the runs that are as short the one in which the actors take turns the least often; as it is where the budget is not enough. */
function calmed(
  { system, follows, goals, from }: Pursuit,
  vector: Uint32Array,
  same: number,
  found: Found,
  previous: LearnedStep | undefined,
  budget: Budget,
): Found {
  const goal = goals.find(({ end }) => end === found.end)!;
  const ends: Steps = (step, before, after) =>
    follows(step, before, after) && (goal.step(step, before, after) || goal.state(after));
  const quest = { from: from(vector, same), steps: found.steps.length, follows, ends };
  const calmest = fewestSwitches(system, { ...quest, ...(previous && { after: previous.label }) }, budget);
  return { steps: calmest?.steps ?? found.steps, end: found.end };
}

/** A shortest way from a state to a goal, through states that have not been searched before. */
function shortest(
  { system, follows, goals, searched }: Pursuit,
  from: Uint32Array,
  budget: Budget,
): Found | null | 'spent' {
  const first = searched.size;
  searched.add(from, null);
  if (searched.size === first) return null;
  const reached = (test: (goal: Goal) => boolean): Deviation['end'] | undefined => goals.find(test)?.end;
  const atOnce = reached(({ state }) => state(from));
  if (atOnce !== undefined) return { steps: [], end: atOnce };

  const cameBy: LearnedStep[] = [];
  const before = new Uint32Array(from.length);
  const way = (id: StateId): LearnedStep[] =>
    searched
      .path(id)
      .slice(1)
      .map((each) => cameBy[each]!);
  for (let id = first; id < searched.size; id++) {
    if (--budget.states < 0) return 'spent';
    searched.load(id, before);
    let found: Found | undefined;
    eachStep(system, before, (step, after) => {
      if (found !== undefined || !follows(step, before, after)) return;
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
