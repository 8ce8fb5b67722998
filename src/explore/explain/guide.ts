import { isSameActor } from '../actor-ref.ts';
import type { LearnedStep } from '../steps.ts';
import { instanceOf, type System } from '../system.ts';
import type { StepLabel } from '../verdict.ts';
import { stepsAt } from './breach.ts';
import { isLike, likeIt } from './left-out.ts';

/**
 * Which runs are looked at for one that goes well. What has to be remembered of a run for that stands in slots of its
 * own, behind those of the state that the run has come to.
 */
export interface Guide {
  readonly slots: number;
  /** Writes down what is remembered of the first steps of the violation. */
  readonly begin: (same: number, state: Uint32Array) => void;
  /** Whether a step may be taken. Where it may, what is remembered with it is written behind the state after it. */
  readonly follows: (step: LearnedStep, before: Uint32Array, after: Uint32Array) => boolean;
  /** Whether a run may end so. */
  readonly mayEnd: (state: Uint32Array) => boolean;
}

/** Any run. */
export const anyhow: Guide = { slots: 0, begin: () => {}, follows: () => true, mayEnd: () => true };

/** Runs in which the environment does nothing more. */
export const undisturbed: Guide = { ...anyhow, follows: ({ environment }) => !environment };

/** The same runs, of which those may end that have taken a step like this one. */
export function comingTo(system: System, label: StepLabel, guide: Guide): Guide {
  const slot = system.width + guide.slots;
  return {
    slots: guide.slots + 1,
    begin: guide.begin,
    follows: (step, before, after) => {
      if (!guide.follows(step, before, after)) return false;
      after[slot] = before[slot] === 1 || isLike(step.label, label) ? 1 : 0;
      return true;
    },
    mayEnd: (state) => state[slot] === 1 && guide.mayEnd(state),
  };
}

/**
 * Runs that differ from a violation by the order of steps, and not by luck: the environment does all that it does
 * there, and nothing else (`more`: it may do more than that); and whoever could do what he does there does that first,
 * in whatever order, before he does anything else.
 *
 * A run in which no error is met, no page fails or somebody happens to choose otherwise goes well too, and is of no use
 * to whoever has to mend the protocol.
 *
 * What is remembered: which steps of the violation a run has taken, a bit for each.
 */
export function sameDoings(system: System, steps: readonly LearnedStep[], more = false): Guide {
  const { width } = system;
  const slots = Math.ceil(steps.length / 32);
  const byActor = Map.groupBy(steps.keys(), (i) => slotOf(system, steps[i]!));
  const has = (state: Uint32Array, i: number): boolean => (state[width + (i >>> 5)]! & (1 << (i & 31))) !== 0;
  const add = (state: Uint32Array, i: number): void => {
    state[width + (i >>> 5)]! |= 1 << (i & 31);
  };
  const disturbing = [...steps.keys()].filter((i) => steps[i]!.environment);

  const follows: Guide['follows'] = (step, before, after) => {
    const open = (byActor.get(slotOf(system, step)) ?? []).filter((i) => !has(before, i));
    if (open.length === 0) return more || !step.environment;
    const enabled = stepsAt(system, before).filter(({ label }) => isSameActor(label, step.label));
    const taken = open.find((i) => likeIt(enabled, steps[i]!.label) === step);
    if (taken !== undefined) add(after, taken);
    else if (step.environment) return more;
    else return !open.some((i) => !steps[i]!.environment && likeIt(enabled, steps[i]!.label) !== undefined);
    return true;
  };
  return {
    slots,
    begin: (same, state) => {
      for (let i = 0; i < same; i++) add(state, i);
    },
    follows,
    mayEnd: (state) => disturbing.every((i) => has(state, i)),
  };
}

const slotOf = (system: System, { label }: LearnedStep): number => instanceOf(system.instances, label).slot;
