import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { chanceOfOmission } from '../../src/explore/approximate.ts';
import { check } from '../../src/explore/check.ts';
import { confirm } from '../../src/explore/confirm.ts';
import { Fingerprints } from '../../src/explore/fingerprints.ts';
import { deadlockJudge, judgesOf, unhandledJudge } from '../../src/explore/judge.ts';
import { Keys, rankOf } from '../../src/explore/keys.ts';
import { defineModel } from '../../src/explore/model.ts';
import { search } from '../../src/explore/search.ts';
import { SpecError } from '../../src/explore/spec-error.ts';
import { compile } from '../../src/explore/system.ts';
import type { Report } from '../../src/explore/verdict.ts';
import { build, type SystemSpec, systems } from '../random-system.ts';
import { sizeOf, tries, verdictsOf, visitorFor } from './kit.ts';

const mostStates = 600;

/** What the front door says of a random system; `null` where it is malformed. */
function said(spec: SystemSpec, approximate: boolean): Report | null {
  const model = defineModel({ name: 'random', build: () => build(spec) });
  try {
    return check(model, model.variants[0]!, { limits: { states: mostStates }, approximate, runs: false });
  } catch (error) {
    if (error instanceof SpecError) return null;
    throw error;
  }
}

describe('an approximate search of random systems', () => {
  const both: { exact: Report; approximate: Report }[] = [];
  beforeAll(() => {
    for (const spec of fc.sample(systems, tries(150))) {
      const [exact, approximate] = [said(spec, false), said(spec, true)];
      expect(approximate === null).toBe(exact === null);
      if (exact && approximate) both.push({ exact, approximate });
    }
  }, 600_000);

  test('never says that anything holds, is vacuous or unreached: what it has not found it does not know', () => {
    for (const { verdicts, neverTaken, approximate } of both.map((one) => one.approximate)) {
      for (const { kind, of } of verdicts) {
        expect(['violated', 'unknown', ...(of === 'sometimes' ? ['holds'] : [])]).toContain(kind);
      }
      expect(neverTaken).toBeUndefined();
      expect(approximate?.chance).toBeGreaterThan(0);
    }
  });

  test('counts the states, transitions, deadlocks and levels that an exact search counts', () => {
    for (const { exact, approximate } of both) {
      expect(sizeOf(approximate)).toEqual(sizeOf(exact));
      expect(approximate.limit).toEqual(exact.limit);
    }
  });

  test('finds the violations and witnesses that an exact search finds, by runs of the same length', () => {
    const found = (report: Report) =>
      verdictsOf({ ...report, verdicts: report.verdicts.filter(({ steps }) => steps !== undefined) });
    for (const { exact, approximate } of both) expect(found(approximate)).toEqual(found(exact));
    const isFar = ({ exact }: (typeof both)[number]) =>
      exact.verdicts.some(({ kind, steps = 0 }) => kind === 'violated' && steps > 1);
    expect(both.filter(isFar).length).toBeGreaterThan(30);
  });
});

/** Fingerprints of a few bits, so that many states have the same one. */
class Narrow extends Keys {
  override of(vector: Uint32Array): void {
    super.of(vector);
    this.#narrow();
  }
  override change(slot: number, from: number, to: number): void {
    super.change(slot, from, to);
    this.#narrow();
  }
  #narrow(): void {
    this.low &= 0b111;
    this.high &= 0b1;
  }
}

test('where states are taken for others, some are missed, and what is found is there all the same', () => {
  let [missed, confirmed] = [0, 0];
  fc.assert(
    fc.property(systems, (spec) => {
      const exact = said(spec, false);
      if (exact === null) return;
      const system = compile(build(spec));
      const keys = new Narrow(system.width);
      const judges = [...judgesOf(system, {}, keys), deadlockJudge(system), unhandledJudge()];
      const { store } = search(system, visitorFor(judges), {}, undefined, undefined, keys);
      expect(store.size).toBeLessThanOrEqual(16);
      if (store.size < exact.stats.states) missed++;
      for (const judge of judges) {
        expect(judge.verdict(false).kind).not.toBeOneOf(['vacuous', 'unreached']);
        const found = judge.found(store);
        if (found === null) continue;
        confirmed++;
        const nearest = exact.verdicts.find(({ property }) => property === judge.name)!.steps!;
        expect(confirm(system, judge, found, false).steps).toBeGreaterThanOrEqual(nearest);
      }
    }),
    { ...tries(100), endOnFailure: true },
  );
  expect(missed).toBeGreaterThan(30);
  expect(confirmed).toBeGreaterThan(100);
});

test('the chance that a state was missed grows with the square of the states that were found', () => {
  expect(chanceOfOmission(1e6)).toBeCloseTo(2.7e-8, 9);
  expect(chanceOfOmission(1e9)).toBeCloseTo(2.7e-2, 3);
  expect(chanceOfOmission(1e10)).toBe(1);
});

/** Pairs of words as a generator without chance makes them. */
const generator =
  (next: (i: number) => number) =>
  (into: Uint32Array): void => {
    for (let i = 0; i < into.length; i++) into[i] = next(i);
  };

describe('keys', () => {
  const vector = Uint32Array.of(3, 0, 70_000, 1);
  const printed = (keys: Keys, of: Uint32Array) => {
    keys.of(of);
    return [keys.low, keys.high];
  };

  test('are other ones in every run', () => {
    expect(printed(new Keys(4), vector)).not.toEqual(printed(new Keys(4), vector));
  });

  test('give the same fingerprint whether a state is looked at whole or by what has changed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(500)), { maxLength: 30 }), (changes) => {
        const keys = new Keys(4);
        const now = vector.slice();
        keys.of(now);
        for (const [slot, content] of changes) {
          keys.change(slot, now[slot]!, content);
          now[slot] = content;
        }
        expect([keys.low, keys.high]).toEqual(printed(keys, now));
      }),
      tries(100),
    );
  });

  test('tell a content from the same content in another slot', () => {
    const keys = new Keys(2);
    expect(printed(keys, Uint32Array.of(5, 6))).not.toEqual(printed(keys, Uint32Array.of(6, 5)));
    expect(printed(keys, Uint32Array.of(5, 5))).not.toEqual([0, 0]);
  });

  test('are refused where their source is not random: 64 bits made of fewer', () => {
    let word = 1;
    const shifted = () => {
      word ^= word << 13;
      word ^= word >>> 17;
      word ^= word << 5;
      return word;
    };
    for (const next of [() => 0, (i: number) => i, shifted]) {
      expect(() => new Keys(4, generator(next))).toThrow('fingerprints would mean nothing');
    }
    expect(rankOf(Uint32Array.of(1, 0, 2, 0, 3, 0, 0, 1))).toBe(3);
  });
});

test('fingerprints are known again, and are numbered in the order in which they come', () => {
  const prints = new Fingerprints();
  const words = Array.from({ length: 10_000 }, (_, i) => [Math.imul(i, 0x9e37_79b1), i & 3] as const);
  for (const [i, [low, high]] of words.entries()) expect(prints.add(low, high, i === 0 ? null : i >>> 1)).toBe(true);
  for (const [low, high] of words)
    expect([prints.add(low, high, 7), prints.has(low, high ^ 4)]).toEqual([false, false]);
  expect(prints.size).toBe(10_000);
  expect([prints.parent(0), prints.parent(9_999)]).toEqual([null, 4_999]);
  expect([prints.low(77), prints.high(77)]).toEqual(words[77]);
});
