import { confirmRun } from '../confirm.ts';
import { encode } from '../encode.ts';
import type { Composition } from '../model.ts';
import type { Property } from '../property.ts';
import { replay } from '../replay.ts';
import { SpecError } from '../spec-error.ts';
import { type LearnedStep, writeInto } from '../steps.ts';
import { compile, type System } from '../system.ts';
import type { ActorRef, StepLabel, Verdict } from '../verdict.ts';
import { happensApart } from './apart.ts';
import { type Better, betterThan } from './better.ts';
import { type Breach, breachOf, stepsAt } from './breach.ts';
import type { Explanation, Order } from './explanation.ts';
import { type Budget, fewestSwitches, switchesOf } from './fewest-switches.ts';
import { leaveOut } from './left-out.ts';
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
  const before = dependenciesOf(system, steps, vectors);
  const order = orderOf(system, steps, vectors, before);
  const isApart = steps.length > 0 && happensApart(system, breach, steps, order, before);
  const better = steps.length === 0 ? 'none' : betterThan(system, name, steps, vectors, isApart, budget);
  const found = better !== null && better !== 'none' && 'told' in better ? better : undefined;
  return {
    reasons: reasonsOf(composition, property, states, taken, found?.states ?? []),
    order,
    leftOut: leaveOut(system, breach, steps),
    ...(isApart && { alone: whoIsAtFault(steps, order, better) }),
    ...(better === 'none' ? { instead: 'none' } : found !== undefined ? { instead: found.told } : better),
  };
}

/** Of the thread in which it becomes too late the one who takes its last step; not the environment, unless nobody else does. */
function whoIsAtFault(steps: readonly LearnedStep[], { threads }: Order, better: Better): ActorRef {
  const at = better !== null && typeof better === 'object' && 'tooLate' in better ? better.tooLate : steps.length;
  const own = threads.find((thread) => thread.includes(at))!.findLast((step) => !steps[step - 1]!.environment);
  const { actor, self } = steps[(own ?? steps.length) - 1]!.label;
  return { actor, self };
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
