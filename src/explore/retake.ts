import { everHandles } from './anatomy.ts';
import { isSettled } from './explain/breach.ts';
import { walked } from './explain/explain.ts';
import { isStuck } from './judge.ts';
import { assignmentOf, type Composition, type Message, type Model, type OptionValue } from './model.ts';
import { brokenAfter } from './plain-judge.ts';
import { deadlock, unhandled } from './property.ts';
import { plainStart, plainStep, type Replayed, ReplayFault, viewsOf } from './replay.ts';
import { checkShape } from './shape.ts';
import { didYouMean, SpecError } from './spec-error.ts';
import { compile } from './system.ts';
import { validate } from './validate.ts';
import type { Run, StepLabel } from './verdict.ts';

/** A run as it is kept, to be taken again. */
export interface Taking {
  /** The variant, by its options; those that are left out take their first value. */
  readonly option: Readonly<Record<string, OptionValue>>;
  readonly property: string;
  readonly steps: readonly TakenStep[];
}

/** The label of a step; of its message the whole payload. */
export type TakenStep = Omit<StepLabel, 'message'> & { readonly message: Message & Readonly<Record<string, unknown>> };

/** What becomes of a run in the model as it is now. */
export interface Retaken {
  /** It still violates the property; it can still be taken, and does not; or it cannot be taken any more. */
  readonly outcome: 'violated' | 'kept' | 'stuck';
  /** As far as it goes, by plain XState; at most to where the property is violated. */
  readonly run: Run;
  /** Why it cannot be taken any more: the step after the last of `run`. */
  readonly why?: string;
}

/**
 * Takes the steps of a run again through plain XState, one by one, and looks whether they still violate the property.
 *
 * ```ts
 * expect(retake(model, { option: {}, property: 'no update is lost', steps }).outcome).not.toBe('violated');
 * ```
 *
 * @throws SpecError where the run speaks of what the model does not have: it would be kept only because it is out of date
 */
export function retake(model: Model, { option, property, steps }: Taking): Retaken {
  const composition = model.build(assignmentOf(model, option, 'the run that is taken again'));
  checkShape(model.name, composition);
  validate(composition);
  checkNames(composition, property, steps);
  const { replayed, why } = taken(composition, steps);
  const broken =
    property === deadlock
      ? deadlockAfter(composition, replayed, why !== undefined)
      : brokenAfter(composition, property, replayed);
  if (broken === null)
    return { outcome: why === undefined ? 'kept' : 'stuck', run: replayed.run, ...(why !== undefined && { why }) };
  const isStep = composition.properties.some(({ name, kind }) => name === property && kind === 'step');
  const ends = isStep ? ({ at: 'step' } as const) : replayed.run.ends;
  return { outcome: 'violated', run: { ...replayed.run, steps: replayed.run.steps.slice(0, broken), ends } };
}

/** As many of the steps as can be taken, and why no more. */
function taken(composition: Composition, labels: readonly StepLabel[]): { replayed: Replayed; why?: string } {
  const start = plainStart(composition);
  const states = [start];
  const messages: Replayed['taken'][number][] = [];
  const steps: Run['steps'][number][] = [];
  let ends: Run['ends'] = { at: 'state' };
  let why: string | undefined;
  for (const label of labels) {
    try {
      if (ends.at === 'unhandled') throw new ReplayFault('the step before it has no successor');
      const one = plainStep(composition, states.at(-1)!, label);
      steps.push(one.step);
      messages.push(one.taken);
      if (one.unhandled) ends = { at: 'unhandled', ...one.unhandled };
      else states.push(one.after);
    } catch (error) {
      if (!(error instanceof ReplayFault)) throw error;
      why = error.message;
      break;
    }
  }
  return {
    replayed: { run: { initial: viewsOf(start), steps, ends }, states, taken: messages },
    ...(why !== undefined && { why }),
  };
}

/** Whether it ends where nobody but the environment can move, and somebody is stuck: that is not to be seen from the run alone. */
function deadlockAfter(composition: Composition, { run }: Replayed, isCut: boolean): number | null {
  if (isCut || run.ends.at === 'unhandled') return null;
  const system = compile(composition);
  const end = walked(
    system,
    run.steps.map(({ label }) => label),
  ).vectors.at(-1)!;
  return isSettled(system, end) && isStuck(system, end) ? run.steps.length : null;
}

/** A step may have become impossible because the race is gone, but not because somebody is called otherwise now. */
function checkNames(composition: Composition, property: string, labels: readonly StepLabel[]): void {
  const properties = [...composition.properties.map(({ name }) => name), deadlock, unhandled];
  if (!properties.includes(property)) throw outdated('property', property, properties);
  const actors = Object.keys(composition.actors);
  for (const { actor, cause, message } of labels) {
    if (!actors.includes(actor)) throw outdated('actor', actor, actors);
    const { machine } = composition.actors[actor]!;
    if (cause !== 'delay' && !everHandles(machine, message.type))
      throw outdated(`message of ${actor}`, message.type, []);
  }
}

const outdated = (what: string, name: string, known: readonly string[]): SpecError =>
  new SpecError(`the run is out of date: no ${what} "${name}"`, {
    code: 'E-RUN-STALE',
    where: 'the run that is taken again',
    why:
      known.length === 0
        ? 'no state of the machine takes it'
        : `there are ${known.map((each) => `"${each}"`).join(', ')}`,
    instead: `a run of the model as it is now${didYouMean(name, known)}: holdfast check --save-runs`,
  });
