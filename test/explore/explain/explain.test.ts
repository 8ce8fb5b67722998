import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import { check, type Settings } from '../../../src/explore/check.ts';
import { allBreaches, type Breach, breachOf, isSettled, stepsAt } from '../../../src/explore/explain/breach.ts';
import { calmestRun, explain } from '../../../src/explore/explain/explain.ts';
import { switchesOf } from '../../../src/explore/explain/fewest-switches.ts';
import { likeIt } from '../../../src/explore/explain/left-out.ts';
import { dependenciesOf } from '../../../src/explore/explain/order.ts';
import { isStuck } from '../../../src/explore/judge.ts';
import { compose, start } from '../../../src/explore/model.ts';
import { brokenAfter } from '../../../src/explore/plain-judge.ts';
import { always, deadlock, sometimes } from '../../../src/explore/property.ts';
import { plainCodes, replay } from '../../../src/explore/replay.ts';
import { SpecError } from '../../../src/explore/spec-error.ts';
import { type LearnedStep, writeInto } from '../../../src/explore/steps.ts';
import { compile, type System } from '../../../src/explore/system.ts';
import type { StepLabel, Verdict } from '../../../src/explore/verdict.ts';
import { lostUpdate } from '../../cli-fixtures/lost-update.ts';
import { build, type SystemSpec, systems } from '../../random-system.ts';
import { checked, tries } from '../kit.ts';

/**
 * Explanations of random models, held to what they say they are, in slow and plain lines.
 */

const mostStates = 300;
const manyStates = () => ({ states: 1_000_000 });

interface Case {
  readonly system: System;
  readonly verdict: Verdict;
  readonly labels: readonly StepLabel[];
}

/** Every violation of a random model that is small enough to be looked through. */
function violationsOf(spec: SystemSpec): Case[] {
  try {
    const composition = build(spec);
    const report = checked(composition, { limits: { states: mostStates } });
    if (report.limit !== undefined) return [];
    const system = compile(composition);
    return report.verdicts
      .filter(({ kind, run }) => kind === 'violated' && run !== undefined)
      .map((verdict) => ({ system, verdict, labels: verdict.run!.steps.map(({ label }) => label) }));
  } catch (error) {
    if (error instanceof SpecError) return [];
    throw error;
  }
}

function forEachViolation(count: number, look: (violation: Case) => void): void {
  let met = 0;
  const property = fc.property(systems, (spec) => {
    for (const violation of violationsOf(spec)) {
      met++;
      look(violation);
    }
  });
  fc.assert(property, tries(count));
  expect(met).toBeGreaterThan(count / 4);
}

const follow = (system: System, before: Uint32Array, { writes }: LearnedStep): Uint32Array => {
  const after = before.slice();
  if (writes !== null) writeInto(system, writes, after);
  return after;
};

/** The fewest switches of any run of so many steps that ends in a breach, by trying all of them. */
function leastSwitches(system: System, { by, over }: Breach, length: number): number {
  let best = Number.POSITIVE_INFINITY;
  let tried = 0;
  const go = (vector: Uint32Array, labels: readonly StepLabel[]): void => {
    if (++tried > 20_000) return;
    for (const step of stepsAt(system, vector)) {
      const after = follow(system, vector, step);
      const longer = [...labels, step.label];
      const isBroken = by(step, vector, after);
      if (longer.length === length && isBroken) best = Math.min(best, switchesOf(longer.map((label) => ({ label }))));
      else if (longer.length < length && !isBroken && step.writes !== null && !over?.(step, vector, after))
        go(after, longer);
    }
  };
  go(system.initial, []);
  return tried > 20_000 ? Number.NaN : best;
}

/** Whether it can end well from the state after so many steps of the violation. */
type EndsWell = (system: System, breaches: readonly Breach[], from: Uint32Array, same: number) => boolean;

/** Whether from this state some run comes to its end without a breach. */
function canEndWell(system: System, breaches: readonly Breach[], from: Uint32Array): boolean {
  const seen = new Set([from.join()]);
  const waiting = [from];
  for (const vector of waiting) {
    if (isSettled(system, vector) && !isStuck(system, vector)) return true;
    for (const step of stepsAt(system, vector)) {
      const after = follow(system, vector, step);
      if (step.writes === null || breaches.some(({ by }) => by(step, vector, after))) continue;
      if (breaches[0]!.over?.(step, vector, after)) return true;
      if (!seen.has(after.join())) waiting.push(after);
      seen.add(after.join());
    }
  }
  return false;
}

/**
 * The same, where all that the environment does is what it has left to do of a run, and whoever can take another of his
 * steps of that run does so before anything else: what of it has been taken is said by a list.
 */
function canBeOrdered(
  run: readonly LearnedStep[],
  system: System,
  breaches: readonly Breach[],
  from: Uint32Array,
  same: number,
): boolean {
  const start = { vector: from, left: run.slice(same) };
  const codeOf = ({ vector, left }: typeof start): string =>
    `${vector.join()}: ${left.map((each) => run.indexOf(each))}`;
  const seen = new Set([codeOf(start)]);
  const waiting = [start];
  for (const { vector, left } of waiting) {
    const isDone = !left.some(({ environment }) => environment);
    if (isDone && isSettled(system, vector) && !isStuck(system, vector)) return true;
    const enabled = stepsAt(system, vector);
    for (const step of enabled) {
      const mine = enabled.filter(({ label }) => label.actor === step.label.actor && label.self === step.label.self);
      const taken = left.find(({ label }) => likeIt(mine, label) === step);
      const couldGoOn = left.some(({ label, environment }) => !environment && likeIt(mine, label) !== undefined);
      if (taken === undefined && (step.environment || couldGoOn)) continue;
      const after = follow(system, vector, step);
      if (step.writes === null || breaches.some(({ by }) => by(step, vector, after))) continue;
      const next = { vector: after, left: left.filter((each) => each !== taken) };
      if (breaches[0]!.over?.(step, vector, after) && !next.left.some(({ environment }) => environment)) return true;
      if (!seen.has(codeOf(next))) waiting.push(next);
      seen.add(codeOf(next));
    }
  }
  return false;
}

function vectorsOf(system: System, labels: readonly StepLabel[]): { steps: LearnedStep[]; vectors: Uint32Array[] } {
  const vectors = [system.initial];
  const steps = labels.map((label) => {
    const step = stepsAt(system, vectors.at(-1)!).find((each) => JSON.stringify(each.label) === JSON.stringify(label))!;
    if (step.writes !== null) vectors.push(follow(system, vectors.at(-1)!, step));
    return step;
  });
  return { steps, vectors };
}

describe('of a violation of a random model', () => {
  test('the run that is told is a shortest one, and none of these has fewer switches', () => {
    forEachViolation(150, ({ system, verdict, labels }) => {
      if (labels.length > 7) return;
      const calmest = calmestRun(system, verdict.property, labels, manyStates())!;
      expect(calmest).toHaveLength(labels.length);
      const least = leastSwitches(system, breachOf(system, verdict.property), labels.length);
      if (labels.length > 0 && !Number.isNaN(least))
        expect(switchesOf(calmest.map((label) => ({ label })))).toBe(least);
    });
  });

  test('the run that is told violates it after its last step, and not before', () => {
    forEachViolation(100, ({ system, verdict, labels }) => {
      const calmest = calmestRun(system, verdict.property, labels, manyStates())!;
      const replayed = replay(system.composition, calmest);
      if (verdict.of !== 'deadlock')
        expect(brokenAfter(system.composition, verdict.property, replayed)).toBe(labels.length);
    });
  });

  test('two steps that follow each other, and of which no order is said to matter, may change places', () => {
    let swapped = 0;
    forEachViolation(200, ({ system, labels }) => {
      const { steps, vectors } = vectorsOf(system, labels);
      if (steps.some(({ writes }) => writes === null)) return;
      const before = dependenciesOf(system, steps, vectors);
      const end = plainCodes(replay(system.composition, labels).states.at(-1)!);
      for (let i = 0; i + 1 < labels.length; i++) {
        if (before[i + 1]!.has(i)) continue;
        swapped++;
        const other = [...labels.slice(0, i), labels[i + 1]!, labels[i]!, ...labels.slice(i + 2)];
        expect(plainCodes(replay(system.composition, other).states.at(-1)!)).toEqual(end);
      }
    });
    expect(swapped).toBeGreaterThan(3);
  });

  test('no step of a shortest run can be left out so that it is violated all the same', () => {
    forEachViolation(100, ({ system, verdict, labels }) => {
      const { leftOut } = explain(system, verdict.property, labels, manyStates());
      expect(leftOut.filter(({ leaves }) => leaves === 'violated')).toEqual([]);
    });
  });

  test('the better run differs by the order alone, and goes along with it as far as any does that does', () => {
    const met = { ordered: 0, late: 0, none: 0 };
    forEachViolation(150, ({ system, verdict, labels }) => {
      if (labels.length === 0) return;
      const { instead, tooLate, alone } = explain(system, verdict.property, labels, manyStates());
      const breach = breachOf(system, verdict.property);
      const others = [...allBreaches(system)].filter(([name, { over }]) => name !== verdict.property && !over);
      const everything = [breach, ...others.map(([, each]) => each)];
      const { steps, vectors } = vectorsOf(system, labels);
      const wanted = everything.some(({ atStart }) => atStart) ? [[breach]] : [everything, [breach]];
      const lastGood = (breaches: readonly Breach[], endsWell: EndsWell): number => {
        const clean = steps.findIndex((step, i) =>
          breaches.some(({ by }) => step.writes === null || by(step, vectors[i]!, vectors[i + 1]!)),
        );
        return vectors.slice(0, clean + 1).findLastIndex((vector, same) => endsWell(system, breaches, vector, same));
      };
      const good = wanted.map((breaches) => lastGood(breaches, canEndWell)).find((same) => same >= 0) ?? -1;
      if (instead === 'none') met.none++;
      if (instead === 'none' || (instead === undefined && tooLate === undefined)) return expect(good).toBe(-1);
      if (instead === undefined) {
        met.late++;
        if (good !== -1) expect(tooLate).toBe(good + 1);
        return;
      }
      expect(alone).toBeUndefined();
      const run = [...labels.slice(0, instead.same), ...instead.steps.map(({ label }) => label)];
      expect(brokenAfter(system.composition, verdict.property, replay(system.composition, run))).toBeNull();
      if (instead.end === 'taken') return;
      met.ordered++;
      const kept = instead.keeps === 'all' ? everything : [breach];
      expect(instead.same).toBeLessThanOrEqual(lastGood(kept, canEndWell));
      const inOrder = lastGood(kept, (...at) => canBeOrdered(steps, ...at));
      if (!steps.some(({ environment }) => environment) && inOrder >= 0) expect(instead.same).toBe(inOrder);
    });
    expect(met.ordered).toBeGreaterThan(3);
    expect(met.late + met.none).toBeGreaterThan(3);
  });
});

describe('what should have happened instead of a deadlock', () => {
  /** Somebody who breaks off where nobody may, and a user who looks on once, or for ever. */
  const system = (looksOn: boolean): System => {
    const breaker = setup({ types: { events: {} as { type: 'breaks' }, tags: {} as 'rest' } }).createMachine({
      initial: 'waiting',
      states: { waiting: { tags: 'rest', on: { breaks: 'stuck' } }, stuck: {} },
    });
    const user = setup({
      types: { events: {} as { type: 'looks' } | { type: 'leaves' }, tags: {} as 'rest' },
    }).createMachine({
      initial: 'there',
      states: { there: { tags: 'rest', on: { looks: looksOn ? {} : 'gone', leaves: 'gone' } }, gone: { tags: 'rest' } },
    });
    return compile(
      compose(
        { breaker: start(breaker), user: start(user) },
        { spontaneous: { breaker: ['breaks'], user: looksOn ? ['looks', 'leaves'] : ['looks'] }, properties: [] },
      ),
    );
  };
  const step = (actor: string, type: string): StepLabel => ({
    actor,
    self: 0,
    cause: 'spontaneous',
    message: { type },
    outcomes: [],
  });

  test('is nothing where all that can be done leads to it: to stop before it is no remedy', () => {
    const run = [step('breaker', 'breaks'), step('user', 'looks')];
    expect(explain(system(false), deadlock, run, manyStates()).instead).toBe('none');
  });

  test('is a step after which one can go on for ever', () => {
    const run = [step('user', 'leaves'), step('breaker', 'breaks')];
    expect(explain(system(true), deadlock, run, manyStates()).instead).toMatchObject({ same: 0, end: 'taken' });
  });
});

describe('what is explained', () => {
  const office = lostUpdate('office', {
    expected: { option: { clerks: 2 }, expect: { 'every addition counts': 'violated' } },
  });
  const expected = office.variants[0]!;
  const unexpected = { ...expected, expect: {} };
  const explained = (settings: Settings, variant = expected) =>
    check(office, variant, settings).verdicts.filter(({ explanation }) => explanation !== undefined).length;

  test('is nothing where nobody asks, what nobody expected, or everything', () => {
    expect(explained({})).toBe(0);
    expect([explained({ explain: 'unexpected' }), explained({ explain: 'unexpected' }, unexpected)]).toEqual([0, 1]);
    expect([explained({ explain: true }), explained({ explain: true, runs: false })]).toEqual([1, 0]);
  });

  test('makes no difference to what is counted', () => {
    const { stats, ...plain } = check(office, expected, { figures: false });
    const { stats: other, ...full } = check(office, expected, { explain: true });
    expect({ ...other, milliseconds: 0 }).toEqual({ ...stats, milliseconds: 0 });
    expect(full.neverTaken).toEqual(plain.neverTaken);
  });

  test('is less where the budget is not enough, and never wrong', () => {
    const [verdict] = check(office, expected).verdicts;
    const labels = verdict!.run!.steps.map(({ label }) => label);
    const system = compile(office.build({ clerks: 2 }));
    expect(calmestRun(system, verdict!.property, labels, { states: 5 })).toBeNull();
    const { instead, order, leftOut } = explain(system, verdict!.property, labels, { states: 2 });
    expect(instead).toBeUndefined();
    expect([order.threads.length, leftOut.length]).toEqual([2, 4]);
  });

  test('of a run that is longer than it need be are the steps that are not needed', () => {
    const three = office.build({ clerks: 3 });
    const busy = always<{ readonly clerk: readonly { readonly context: { readonly seen: number } }[] }>(
      'nobody has seen one',
      ({ clerk }) => clerk.every(({ context }) => context.seen !== 1),
      { witness: sometimes('somebody is there', () => true) },
    );
    const system = compile({ ...three, properties: [busy] as never });
    const step = (self: number, type: string, value?: number) =>
      ({
        actor: 'clerk',
        self,
        cause: 'spontaneous',
        message: { type, ...(value !== undefined && { value }) },
        outcomes: [],
      }) as StepLabel;
    const labels = [
      step(2, 'value.read', 0),
      step(0, 'value.read', 0),
      step(0, 'value.written'),
      step(1, 'value.read', 1),
    ];
    const { leftOut } = explain(system, busy.name, labels, manyStates());
    expect(leftOut.map(({ leaves }) => leaves)).toEqual(['violated', 'stuck', 'kept', 'kept']);
  });
});
