import { isSameActor } from '../actor-ref.ts';
import { type LearnedStep, writeInto } from '../steps.ts';
import type { System } from '../system.ts';
import { type Breach, stepsAt } from './breach.ts';
import type { Order } from './explanation.ts';
import { likeIt } from './left-out.ts';

/** Steps after which nobody waits any longer for the others to be done. */
const mostSteps = 500;

/**
 * Whether a violation takes no race: it comes to the same where each thread begins only when all others have gone on
 * as far as they can, and at no moment anybody could have gone on but whoever did.
 *
 * Sound, and not complete: one order of the threads is tried, that of their first steps among those that the
 * dependencies allow; and one way for the others to go on.
 *
 * @param before for each step all that has to come before it, counted from 0
 */
export function happensApart(
  system: System,
  breach: Breach,
  steps: readonly LearnedStep[],
  { threads }: Order,
  before: readonly ReadonlySet<number>[],
): boolean {
  const order = oneAfterTheOther(
    threads.map((thread) => thread.map((step) => step - 1)),
    before,
  );
  if (order === null || breach.atStart) return false;
  const at = system.initial.slice();
  for (const thread of order) {
    if (thread !== order[0] && !finished(system, breach, at)) return false;
    for (const i of thread) {
      const enabled = stepsAt(system, at);
      const step = likeIt(enabled, steps[i]!.label);
      if (step === undefined || !enabled.every((each) => each.environment || isSameActor(each.label, step.label)))
        return false;
      if (breaks(system, breach, step, at)) return true;
      if (step.writes === null) return false;
    }
  }
  return false;
}

/** Lets everybody go on who can without the environment; returns whether they come to an end, and nothing is violated. */
function finished(system: System, breach: Breach, at: Uint32Array): boolean {
  for (let left = mostSteps; left > 0; left--) {
    const step = stepsAt(system, at).find(({ environment }) => !environment);
    if (step === undefined) return true;
    if (step.writes === null || breaks(system, breach, step, at)) return false;
  }
  return false;
}

/** Takes a step; returns whether it breaks it. */
function breaks(system: System, { by }: Breach, step: LearnedStep, at: Uint32Array): boolean {
  const before = at.slice();
  if (step.writes !== null) writeInto(system, step.writes, at);
  return by(step, before, at);
}

/** The threads, so that each needs only what is before it; null where two need each other. */
function oneAfterTheOther(
  threads: readonly (readonly number[])[],
  before: readonly ReadonlySet<number>[],
): (readonly number[])[] | null {
  const done = new Set<number>();
  const order: (readonly number[])[] = [];
  let waiting = [...threads];
  while (waiting.length > 0) {
    const isReady = (thread: readonly number[]): boolean =>
      thread.every((step) => [...before[step]!].every((each) => done.has(each) || thread.includes(each)));
    const next = waiting.find(isReady);
    if (next === undefined) return null;
    for (const step of next) done.add(step);
    order.push(next);
    waiting = waiting.filter((thread) => thread !== next);
  }
  return order;
}
