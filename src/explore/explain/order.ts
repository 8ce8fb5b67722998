import { encode } from '../encode.ts';
import { type LearnedStep, writeInto } from '../steps.ts';
import { instanceOf, type System } from '../system.ts';
import { stepsAt } from './breach.ts';
import type { Order } from './explanation.ts';

/**
 * Which steps of a run have to come in the order that they have.
 *
 * Two steps may change places where neither changes anything that the other looks at (`learned.ts` knows what that
 * is), or where what is changed makes no difference to it: with the old content instead, the same step is there and
 * does the same. Of all others the order matters, and of what follows from these.
 *
 * @param vectors the states of the run; of a step that is a verdict there is none behind it
 * @param before what {@link dependenciesOf} says of them
 */
export function orderOf(
  system: System,
  steps: readonly LearnedStep[],
  vectors: readonly Uint32Array[],
  before: readonly ReadonlySet<number>[],
): Order {
  const threads = threadsOf(system, steps, vectors);
  const threadOf = new Map(threads.flatMap((thread, number) => thread.map((step) => [step, number] as const)));
  const across = steps.flatMap((_, later) =>
    [...before[later]!]
      .filter((earlier) => threadOf.get(earlier) !== threadOf.get(later))
      .filter((earlier) => ![...before[later]!].some((between) => before[between]!.has(earlier)))
      .sort((a, b) => a - b)
      .map((earlier) => [earlier + 1, later + 1] as const),
  );
  return { threads: threads.map((thread) => thread.map((step) => step + 1)), across };
}

/** For each step all that has to come before it, counted from 0. */
export function dependenciesOf(
  system: System,
  steps: readonly LearnedStep[],
  vectors: readonly Uint32Array[],
): readonly ReadonlySet<number>[] {
  const looked = steps.map((step, i) => slotsOf(system, step, vectors[i]!));
  const all: Set<number>[] = [];
  for (const [later, step] of steps.entries()) {
    const direct = new Set<number>();
    for (const slot of looked[later]!) {
      const before = changersOf(slot, vectors).filter((i) => i < later);
      const needed = before.findLast((i) => !isIndifferent(system, step, vectors[later]!, slot, vectors[i]![slot]!));
      if (needed !== undefined) direct.add(needed);
    }
    const after = vectors[later + 1];
    for (let earlier = 0; earlier < later && after !== undefined; earlier++) {
      const spoilt = [...looked[earlier]!].some(
        (slot) =>
          vectors[later]![slot] !== after[slot] &&
          !isIndifferent(system, steps[earlier]!, vectors[earlier]!, slot, after[slot]!),
      );
      if (spoilt || writesSame(steps[earlier]!, step)) direct.add(earlier);
    }
    all[later] = new Set([...direct, ...[...direct].flatMap((each) => [...all[each]!])]);
  }
  return all;
}

/** Which of the steps before it a step depends on, counted from 0. */
export function behind(system: System, from: Uint32Array, steps: readonly LearnedStep[], at: number): number[] {
  const vectors = [from];
  for (const { writes } of steps.slice(0, at)) {
    const after = vectors.at(-1)!.slice();
    writeInto(system, writes!, after);
    vectors.push(after);
  }
  return [...dependenciesOf(system, steps.slice(0, at + 1), vectors)[at]!].sort((a, b) => a - b);
}

/** The slots that the source of a step looked at to find it. */
function slotsOf(system: System, step: LearnedStep, before: Uint32Array): ReadonlySet<number> {
  const { slot } = instanceOf(system.instances, step.label);
  const source = system.sources(slot, before[slot]!).find(({ steps }) => steps.at(before).includes(step));
  return new Set(source?.steps.looks(before).map((look) => look.slot));
}

/** The steps that change a slot. */
const changersOf = (slot: number, vectors: readonly Uint32Array[]): number[] =>
  vectors.slice(1).flatMap((after, i) => (after[slot] === vectors[i]![slot] ? [] : [i]));

/** Whether the same step could be taken, and would do the same, were the content of a slot another. */
function isIndifferent(system: System, step: LearnedStep, at: Uint32Array, slot: number, content: number): boolean {
  const other = at.slice();
  other[slot] = content;
  const code = codeOf(step);
  try {
    return stepsAt(system, other).some((each) => each.label.actor === step.label.actor && codeOf(each) === code);
  } catch {
    return false; // a state that cannot be may be too much for a model
  }
}

const codeOf = ({ label, writes }: LearnedStep): string => encode([label, writes], 'a step');

/** Whether both write to one slot, so that it keeps what the second has written. */
function writesSame(a: LearnedStep, b: LearnedStep): boolean {
  const slots = new Set(a.writes?.filter((_, i) => i % 2 === 0));
  return b.writes?.some((slot, i) => i % 2 === 0 && slots.has(slot)) ?? false;
}

/**
 * What sets off what: whoever takes a step goes on from where the last step has left them that changed their state,
 * be it their own, somebody else's call, or, for whoever takes mail, the sending of it. Where two go on from one
 * step, the second begins a thread of its own.
 */
function threadsOf(system: System, steps: readonly LearnedStep[], vectors: readonly Uint32Array[]): number[][] {
  const threads: number[][] = [];
  for (const [i, { label }] of steps.entries()) {
    const { slot, mailbox } = instanceOf(system.instances, label);
    const own = label.cause === 'mailbox' && mailbox ? [slot, mailbox.slot] : [slot];
    let origin = i - 1;
    while (origin >= 0 && !own.some((each) => vectors[origin]![each] !== vectors[origin + 1]![each])) origin--;
    const thread = threads.find((each) => each.at(-1) === origin);
    if (thread === undefined) threads.push([i]);
    else thread.push(i);
  }
  return threads;
}
