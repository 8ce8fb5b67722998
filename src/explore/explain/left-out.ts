import { isSameActor } from '../actor-ref.ts';
import { encode } from '../encode.ts';
import { type LearnedStep, writeInto } from '../steps.ts';
import type { System } from '../system.ts';
import type { StepLabel } from '../verdict.ts';
import { type Breach, stepsAt } from './breach.ts';
import type { LeftOut } from './explanation.ts';

/** A run is tried once for each of its steps, so that long ones cost the square of their length. */
const longest = 300;

/**
 * Which steps of a run are needed: each is left out by itself, and whoever took the others takes them again. What is
 * read anew may be something else by now.
 *
 * Of a shortest run no step can be left out so that it is still violated, or there would be a shorter one. What is of
 * interest there are the steps without which all the others go on, and nothing is violated: these are what must not
 * meet.
 *
 * @returns nothing of a run that is too long
 */
export function leaveOut(system: System, breach: Breach, steps: readonly LearnedStep[]): LeftOut[] {
  if (steps.length > longest) return [];
  return steps.map((_, i) => ({ step: i + 1, leaves: retaken(system, breach, steps.toSpliced(i, 1)) }));
}

function retaken(system: System, breach: Breach, steps: readonly LearnedStep[]): LeftOut['leaves'] {
  const before = system.initial.slice();
  const after = new Uint32Array(system.width);
  if (breach.atStart) return 'violated';
  for (const { label } of steps) {
    const step = likeIt(stepsAt(system, before), label);
    if (step === undefined) return 'stuck';
    after.set(before);
    if (step.writes !== null) writeInto(system, step.writes, after);
    if (breach.by(step, before, after)) return 'violated';
    if (step.writes === null) return 'stuck';
    before.set(after);
  }
  return 'kept';
}

/** Whether both are steps of one actor, for the same reason, with messages of one type. */
export const isLike = (a: StepLabel, b: StepLabel): boolean =>
  isSameActor(a, b) && a.cause === b.cause && a.message.type === b.message.type;

/** The step of the same actor with the same message; where its payload differs now, the only one of its type. */
export function likeIt(enabled: readonly LearnedStep[], label: StepLabel): LearnedStep | undefined {
  const alike = enabled.filter((each) => isLike(each.label, label));
  const code = encode([label.message, label.outcomes], 'left out');
  const same = alike.find(({ label: each }) => encode([each.message, each.outcomes], 'left out') === code);
  return same ?? (alike.length === 1 ? alike[0] : undefined);
}
