import { type Breach, stepsAt } from '../explain/breach.ts';
import { type LearnedStep, writeInto } from '../steps.ts';
import type { System } from '../system.ts';
import type { StepLabel } from '../verdict.ts';
import { byPriority, type Draw, type Scheduler, uniform } from './schedule.ts';

/** A scheduler, of either kind. */
export const anyScheduler = (draw: Draw, depth: number): Scheduler =>
  draw(2) === 0 ? uniform(draw) : byPriority(draw, depth);

/** The state that a step leads to; null where it is a verdict. */
export function afterOf(system: System, { writes }: LearnedStep, before: Uint32Array): Uint32Array | null {
  if (writes === null) return null;
  const after = before.slice();
  writeInto(system, writes, after);
  return after;
}

/** A state on a way, all the steps that it has, and the way that has led to it, which grows. */
export interface Stop {
  readonly vector: Uint32Array;
  readonly steps: readonly LearnedStep[];
  readonly way: readonly LearnedStep[];
}

/** Goes along a way that a scheduler picks, and tells of every state. Ends where no step leads on. */
export function* walking(system: System, scheduler: Scheduler, depth: number): Generator<Stop, void, undefined> {
  const way: LearnedStep[] = [];
  let vector = system.initial;
  for (;;) {
    const steps = stepsAt(system, vector);
    yield { vector, steps, way };
    const leading = steps.filter(({ writes }) => writes !== null);
    if (leading.length === 0 || way.length === depth) return;
    const step = scheduler(leading, way.length);
    vector = afterOf(system, step, vector)!;
    way.push(step);
  }
}

/** All of such a way. */
export function walk(system: System, scheduler: Scheduler, depth: number): readonly LearnedStep[] {
  let way: readonly LearnedStep[] = [];
  for (const stop of walking(system, scheduler, depth)) way = stop.way;
  return way;
}

/** As many of the steps as can still be taken, in their order; what they read anew may be something else by now. */
export function retaken(system: System, labels: readonly StepLabel[]): StepLabel[] {
  let vector = system.initial;
  return labels.flatMap((label) => {
    const step = likeIt(stepsAt(system, vector), label);
    if (step === undefined) return [];
    vector = afterOf(system, step, vector) ?? vector;
    return step.writes === null ? [] : [step.label];
  });
}

/** The steps up to the one that breaks a property; null where none does. A last step that is a verdict counts. */
export function upToBreach(system: System, breach: Breach, labels: readonly StepLabel[]): StepLabel[] | null {
  if (breach.atStart) return [];
  let vector = system.initial;
  const way: StepLabel[] = [];
  for (const label of labels) {
    const step = likeIt(stepsAt(system, vector), label);
    if (step === undefined) continue;
    const after = afterOf(system, step, vector) ?? vector;
    if (breach.by(step, vector, after)) return [...way, step.label];
    if (step.writes === null) continue;
    if (breach.over?.(step, vector, after)) return null;
    way.push(step.label);
    vector = after;
  }
  return null;
}

/** The step of the same actor with the same message, or else the only one with a message of this type. */
function likeIt(steps: readonly LearnedStep[], label: StepLabel): LearnedStep | undefined {
  const alike = steps.filter((step) => kindOf(step.label) === kindOf(label));
  const code = codeOf(label);
  return alike.find((step) => codeOf(step.label) === code) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** Who takes a message of which type, and why. */
export const kindOf = ({ actor, self, cause, message }: StepLabel): string =>
  JSON.stringify([actor, self, cause, message.type]);

const codeOf = ({ message, outcomes, from, position }: StepLabel): string =>
  JSON.stringify([message, outcomes, from, position], (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
