import { confirmRun } from '../confirm.ts';
import { encode } from '../encode.ts';
import type { Composition } from '../model.ts';
import { brokenAfter } from '../plain-judge.ts';
import type { Property } from '../property.ts';
import { type PlainState, ReplayFault, replay } from '../replay.ts';
import { SpecError } from '../spec-error.ts';
import { type LearnedStep, writeInto } from '../steps.ts';
import { compile, type System } from '../system.ts';
import type { ActorRef, StepLabel, Verdict } from '../verdict.ts';
import { allBreaches, type Breach, breachOf, stepsAt } from './breach.ts';
import type { Explanation, Instead } from './explanation.ts';
import { type Budget, fewestSwitches, switchesOf } from './fewest-switches.ts';
import { leaveOut } from './left-out.ts';
import { type Deviation, nearest } from './nearest.ts';
import { dependenciesOf, orderOf } from './order.ts';
import { reasonsOf } from './reasons.ts';

/** How many states may be looked at to explain the violations of one variant. */
export const explanationBudget = 150_000;

/**
 * A violation with its explanation, and with the run that is the easiest to follow.
 *
 * To explain is to look at states that nobody has judged: the search may have stopped, and a judge is content with
 * the first violation. Where the specification has no answer in one of them, nothing is explained.
 */
export function explained(system: System, verdict: Verdict, budget: Budget): Verdict {
  try {
    return withExplanation(system, verdict, budget);
  } catch (error) {
    if (error instanceof SpecError) return verdict;
    throw error;
  }
}

function withExplanation(system: System, verdict: Verdict, budget: Budget): Verdict {
  const { property: name, of, run } = verdict;
  const found = run!.steps.map(({ label }) => label);
  const calmest = calmestRun(system, name, found, budget);
  const labels = calmest ?? found;
  const told = calmest === null ? run! : confirmRun(system, { name, of }, labels, run!.ends.at === 'step');
  const explanation = explain(system, name, labels, budget);
  return {
    ...verdict,
    run: told,
    explanation: { ...explanation, ...(calmest && { switches: switchesOf(told.steps) }) },
  };
}

/** The same of a run that was found otherwise: it need not be a shortest one, and stays as it is. */
export function explainRun(composition: Composition, verdict: Verdict): Verdict {
  const budget = { states: explanationBudget };
  const labels = verdict.run!.steps.map(({ label }) => label);
  try {
    return { ...verdict, explanation: explain(compile(composition), verdict.property, labels, budget) };
  } catch (error) {
    if (error instanceof SpecError) return verdict;
    throw error;
  }
}

/**
 * Of the shortest runs that violate a property the one with the fewest switches between actors.
 *
 * @param labels one of these runs
 * @returns null where the budget is not enough to tell, or where there is none: the run is not a shortest one
 */
export function calmestRun(
  system: System,
  name: string,
  labels: readonly StepLabel[],
  budget: Budget,
): readonly StepLabel[] | null {
  const { by, over = () => false } = breachOf(system, name);
  const quest = {
    from: system.initial,
    steps: labels.length,
    follows: (...step: Parameters<Breach['by']>) => !by(...step) && !over(...step),
    ends: by,
  };
  return fewestSwitches(system, quest, budget)?.steps.map(({ label }) => label) ?? null;
}

/**
 * Everything that is said of a violation beside its run.
 *
 * @param labels the run, one that plain XState has confirmed
 */
export function explain(system: System, name: string, labels: readonly StepLabel[], budget: Budget): Explanation {
  const { composition } = system;
  const breach = breachOf(system, name);
  const { steps, vectors } = walked(system, labels);
  const { states, taken } = replay(composition, labels);
  const property = (composition.properties as readonly Property<unknown>[]).find((each) => each.name === name);
  const found = steps.length === 0 ? 'none' : insteadOf(system, name, breach, steps, vectors, budget);
  const instead = found === null || found === 'none' ? found : found.told;
  const others = found === null || found === 'none' ? [] : found.states;
  return {
    reasons: reasonsOf(composition, property, states, taken, others),
    order: orderOf(system, steps, vectors),
    leftOut: leaveOut(system, breach, steps),
    ...(instead && { instead }),
  };
}

/** The steps of a run as the search has learned them, and the states between them. */
export function walked(
  system: System,
  labels: readonly StepLabel[],
): { readonly steps: readonly LearnedStep[]; readonly vectors: readonly Uint32Array[] } {
  const vectors = [system.initial];
  const steps = labels.map((label) => {
    const before = vectors.at(-1)!;
    const code = encode(label, 'a step');
    const step = stepsAt(system, before).find((each) => encode(each.label, 'a step') === code)!;
    const after = before.slice();
    if (step.writes !== null) {
      writeInto(system, step.writes, after);
      vectors.push(after);
    }
    return step;
  });
  return { steps, vectors };
}

/**
 * Rather one that keeps everything that is claimed of states and steps; where there is none, one that keeps this
 * property. (Whether an order of two events is kept depends on the way to a state, and the search for a better run
 * does not tell ways apart.)
 */
function insteadOf(
  system: System,
  name: string,
  breach: Breach,
  steps: readonly LearnedStep[],
  vectors: readonly Uint32Array[],
  budget: Budget,
): { readonly told: Instead; readonly states: readonly PlainState[] } | 'none' | null {
  const others = [...allBreaches(system)].filter(([other, { over }]) => other !== name && over === undefined);
  const all = others.some(([, { atStart }]) => atStart)
    ? 'none'
    : nearest(system, [breach, ...others.map(([, each]) => each)], steps, vectors, budget);
  const found = all === 'none' ? nearest(system, [breach], steps, vectors, budget) : all;
  if (found === null || found === 'none') return found;
  const kept = all === found ? [name, ...others.map(([other]) => other)] : [name];
  return told(system, steps, vectors, found, kept);
}

/** The deviation, taken by plain XState, and what the step that goes wrong has to do with it. */
function told(
  system: System,
  steps: readonly LearnedStep[],
  vectors: readonly Uint32Array[],
  { same, steps: instead, end }: Deviation,
  kept: readonly string[],
): { readonly told: Instead; readonly states: readonly PlainState[] } {
  const all = [...steps.slice(0, same), ...instead].map(({ label }) => label);
  const replayed = replay(system.composition, all);
  for (const name of kept) {
    if (brokenAfter(system.composition, name, replayed) !== null)
      throw new ReplayFault(`"${name}": on plain XState the run that is to keep it does not`);
  }
  const { run, states } = replayed;
  const wrong = steps[same]!;
  const next = instead.findIndex(({ label }) => isSame(label, wrong.label));
  const first = next === -1 ? instead : instead.slice(0, next);
  const changing = awaitedBy(system, wrong, vectors[same]!, first);
  // where the step could still be taken as it was, it is for the property that it has to wait
  const awaited = changing === -1 && next !== -1 ? next - 1 : changing;
  const comes = steps.findIndex(({ label }, i) => i > same && awaited !== -1 && isLike(label, instead[awaited]!.label));
  const told: Instead = {
    same,
    steps: run.steps.slice(same),
    end,
    keeps: kept.length > 1 ? 'all' : 'this',
    ...(awaited !== -1 && {
      awaited: {
        step: awaited + 1,
        behind: behind(system, vectors[same]!, instead, awaited),
        ...(comes !== -1 && { comes: comes + 1 }),
      },
    }),
    ...(next !== -1 && { next: next + 1 }),
  };
  return { told, states };
}

const isSame = (a: ActorRef, b: ActorRef): boolean => a.actor === b.actor && a.self === b.self;

const isLike = (a: StepLabel, b: StepLabel): boolean => isSame(a, b) && a.message.type === b.message.type;

/** The first of the steps that come first instead after which the step cannot be taken as it was; -1 where it always can. */
function awaitedBy(system: System, wrong: LearnedStep, from: Uint32Array, first: readonly LearnedStep[]): number {
  const code = encode(wrong.label, 'a step');
  const at = from.slice();
  return first.findIndex(({ writes }) => {
    writeInto(system, writes!, at);
    return !stepsAt(system, at).some(({ label }) => isSame(label, wrong.label) && encode(label, 'a step') === code);
  });
}

/** Which of the steps before it a step depends on, counted from 1. */
function behind(system: System, from: Uint32Array, steps: readonly LearnedStep[], at: number): number[] {
  const vectors = [from];
  for (const { writes } of steps.slice(0, at)) {
    const after = vectors.at(-1)!.slice();
    writeInto(system, writes!, after);
    vectors.push(after);
  }
  return [...dependenciesOf(system, steps.slice(0, at + 1), vectors)[at]!]
    .map((step) => step + 1)
    .sort((a, b) => a - b);
}
