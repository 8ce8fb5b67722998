import { isSameActor } from '../actor-ref.ts';
import { type LearnedStep, writeInto } from '../steps.ts';
import type { System } from '../system.ts';
import { stepsAt } from './breach.ts';
import { likeIt } from './left-out.ts';
import type { Deviation, Violation } from './nearest.ts';
import { behind } from './order.ts';

/**
 * The same run, in which whoever went wrong waits for no more than he has to: the step that has to come before his, and
 * what that depends on. All others come after him, as far as it all comes to the same end, and does no harm.
 */
export function sooner(system: System, violation: Violation, found: Deviation): Deviation {
  const { same, steps } = found;
  const wrong = violation.steps[same]!.label;
  const next = steps.findIndex(({ label }) => isSameActor(label, wrong));
  // where the run ends with this step, there is no end to compare
  if (next < 1 || (found.end !== 'settled' && next === steps.length - 1)) return found;
  const from = violation.vectors[same]!;
  const end = along(system, violation, from, steps)?.end.join();
  for (let awaited = 0; awaited < next; awaited++) {
    if (steps[awaited]!.environment) continue; // nobody can be told to wait for it
    const first = new Set([...behind(system, from, steps, awaited), awaited]);
    const others = steps.filter((_, i) => !first.has(i) && i !== next);
    const order = [...[...first, next].map((i) => steps[i]!), ...others];
    const other = along(system, violation, from, order);
    if (other !== null && other.end.join() === end) return { ...found, steps: other.taken };
  }
  return found;
}

/** Takes steps like these, one after the other; null where one cannot be taken, or does harm. */
function along(
  system: System,
  { breaches }: Violation,
  from: Uint32Array,
  steps: readonly LearnedStep[],
): { readonly taken: readonly LearnedStep[]; readonly end: Uint32Array } | null {
  const taken: LearnedStep[] = [];
  let at = from;
  for (const { label } of steps) {
    const step = likeIt(stepsAt(system, at), label);
    if (step === undefined || step.writes === null) return null;
    const after = at.slice();
    writeInto(system, step.writes, after);
    if (breaches.some(({ by }) => by(step, at, after))) return null;
    taken.push(step);
    at = after;
  }
  return { taken, end: at };
}
