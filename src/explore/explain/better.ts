import { isSameActor } from '../actor-ref.ts';
import { encode } from '../encode.ts';
import { brokenAfter } from '../plain-judge.ts';
import { type PlainState, ReplayFault, replay } from '../replay.ts';
import { type LearnedStep, writeInto } from '../steps.ts';
import type { System } from '../system.ts';
import type { StepLabel } from '../verdict.ts';
import { allBreaches, breachOf, stepsAt } from './breach.ts';
import type { Instead } from './explanation.ts';
import type { Budget } from './fewest-switches.ts';
import { anyhow, sameDoings, undisturbed } from './guide.ts';
import { type Deviation, nearest, type Violation } from './nearest.ts';
import { behind } from './order.ts';
import { sooner } from './sooner.ts';

/** What is known of better runs: the nearest one, or else after which step it is too late for any; `none` from the start. */
export type Better =
  | { readonly told: Instead; readonly states: readonly PlainState[] }
  | { readonly tooLate: number }
  | 'none'
  | null;

/**
 * Rather a run that differs by the order of steps alone; then one in which the environment does something more, but is
 * not what is waited for: nobody can be told to wait for an error. Where there is neither, when it is too late.
 *
 * Of each, rather what keeps everything that is claimed of states and steps; where there is nothing, what keeps this
 * property. (Whether an order of two events is kept depends on the way to a state, and the search for a better run
 * does not tell ways apart.)
 */
export function betterThan(
  system: System,
  name: string,
  steps: readonly LearnedStep[],
  vectors: readonly Uint32Array[],
  isApart: boolean,
  budget: Budget,
): Better {
  const breach = breachOf(system, name);
  const others = [...allBreaches(system)].filter(([other, { over }]) => other !== name && over === undefined);
  const all = { steps, vectors, breaches: [breach, ...others.map(([, each]) => each)] };
  const own = { steps, vectors, breaches: [breach] };
  const wanted = others.some(([, { atStart }]) => atStart) ? [own] : [all, own];
  // what takes no race is not mended by another order
  const guides = isApart ? [] : [sameDoings(system, steps), sameDoings(system, steps, true)];
  for (const violation of wanted) {
    for (const guide of guides) {
      const waitsForSomebody = (found: Deviation) => awaitedIn(system, violation, found)?.environment !== true;
      const found = nearest(system, violation, { guides: [guide], accepts: waitsForSomebody }, budget);
      if (found === null) return null;
      if (found === 'none') continue;
      const soonest = sooner(system, violation, found);
      return told(system, violation, soonest, violation === all ? [name, ...others.map(([other]) => other)] : [name]);
    }
  }
  for (const violation of wanted) {
    const found = nearest(system, violation, { guides: [undisturbed, anyhow] }, budget);
    if (found === null) return null;
    if (found !== 'none') return { tooLate: found.same + 1 };
  }
  return 'none';
}

/** The deviation, taken by plain XState, and what the step that goes wrong has to do with it. */
function told(
  system: System,
  violation: Violation,
  found: Deviation,
  kept: readonly string[],
): { readonly told: Instead; readonly states: readonly PlainState[] } {
  const { steps, vectors } = violation;
  const { same, steps: instead, end } = found;
  const all = [...steps.slice(0, same), ...instead].map(({ label }) => label);
  const replayed = replay(system.composition, all);
  for (const name of kept) {
    if (brokenAfter(system.composition, name, replayed) !== null)
      throw new ReplayFault(`"${name}": on plain XState the run that is to keep it does not`);
  }
  const { run, states } = replayed;
  const { next, awaited } = waitOf(system, violation, found);
  const comes = steps.findIndex(({ label }, i) => i > same && awaited !== -1 && isLike(label, instead[awaited]!.label));
  const told: Instead = {
    same,
    steps: run.steps.slice(same),
    end,
    keeps: kept.length > 1 ? 'all' : 'this',
    ...(steps[same]!.environment && { early: true }),
    ...(awaited !== -1 && {
      awaited: {
        step: awaited + 1,
        behind: behind(system, vectors[same]!, instead, awaited).map((step) => step + 1),
        ...(comes !== -1 && { comes: comes + 1 }),
      },
    }),
    ...(next !== -1 && { next: next + 1 }),
  };
  return { told, states };
}

const awaitedIn = (system: System, violation: Violation, found: Deviation): LearnedStep | undefined =>
  found.steps[waitOf(system, violation, found).awaited];

/** Where in the better run the actor goes on whose step goes wrong, and what that step did not wait for; -1 where it does not, or for nothing. */
function waitOf(
  system: System,
  { steps, vectors }: Violation,
  { same, steps: instead }: Deviation,
): { readonly next: number; readonly awaited: number } {
  const wrong = steps[same]!;
  const next = instead.findIndex(({ label }) => isSameActor(label, wrong.label));
  const first = next === -1 ? instead : instead.slice(0, next);
  const changing = awaitedBy(system, wrong, vectors[same]!, first);
  // where the step could still be taken as it was, it is for the property that it has to wait
  return { next, awaited: changing === -1 && next !== -1 ? next - 1 : changing };
}

const isLike = (a: StepLabel, b: StepLabel): boolean => isSameActor(a, b) && a.message.type === b.message.type;

/** The first of the steps that come first instead after which the step cannot be taken as it was; -1 where it always can. */
function awaitedBy(system: System, wrong: LearnedStep, from: Uint32Array, first: readonly LearnedStep[]): number {
  const code = encode(wrong.label, 'a step');
  const at = from.slice();
  return first.findIndex(({ writes }) => {
    writeInto(system, writes!, at);
    return !stepsAt(system, at).some(
      ({ label }) => isSameActor(label, wrong.label) && encode(label, 'a step') === code,
    );
  });
}
