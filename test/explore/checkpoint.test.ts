import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reader } from '../../src/checkpoint/reader.ts';
import { Writer } from '../../src/checkpoint/writer.ts';
import { check, checking, type Settings } from '../../src/explore/check.ts';
import { decode } from '../../src/explore/decode.ts';
import type { SearchStanding } from '../../src/explore/keep-search.ts';
import { defineModel, type Model } from '../../src/explore/model.ts';
import { SpecError } from '../../src/explore/spec-error.ts';
import type { Tuning } from '../../src/explore/tuning.ts';
import type { Report } from '../../src/explore/verdict.ts';
import { folder, MortalDisk } from '../checkpoint/disks.ts';
import { build, type SystemSpec, systems } from '../random-system.ts';
import { tries } from './kit.ts';

const modelOf = (spec: SystemSpec): Model => defineModel({ name: 'random', build: () => build(spec) });

/** Whole states all the way, halves from early on, halves that are given up, and halves that are halved anew. */
const tunings: fc.Arbitrary<Partial<Tuning>> = fc.record({
  divideAt: fc.constantFrom(2, 10, 60, Number.POSITIVE_INFINITY),
  mustPayAt: fc.constantFrom(20, 200, 1e6),
  mostHalves: fc.constantFrom(0.05, 0.5),
  part: fc.constantFrom(1, 1, 5, 40),
});

const settingsOf = fc.record({
  limits: fc.oneof(
    { weight: 4, arbitrary: fc.constant({ states: 800 }) },
    { weight: 1, arbitrary: fc.record({ depth: fc.nat(8), states: fc.constant(800) }) },
  ),
  bail: fc.constantFrom(false, false, true),
  coverage: fc.constant(true),
});

/** What is said, but for the time that it took. */
const timeless = ({ stats, ...report }: Report) => ({ ...report, stats: { ...stats, milliseconds: 0 } });

/** A check in one go. */
function atOnce(model: Model, settings: Settings) {
  try {
    return timeless(check(model, model.variants[0]!, settings));
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
}

/** How often an engine has taken over from another in what was put aside. */
const turnsOf = (reader: Reader): number => (decode(reader.facts) as { standing: SearchStanding }).standing.engine.turn;

/** The same check, put aside after so many parts each time, and gone on with by one that knows nothing but the folder. */
function inPieces(model: Model, settings: Settings, pieces: readonly number[]) {
  const { disk } = new MortalDisk();
  const turns: number[] = [];
  try {
    for (const [i, parts] of [...pieces, Number.POSITIVE_INFINITY].entries()) {
      const reader = i === 0 ? undefined : new Reader(folder, {}, disk);
      if (reader) turns.push(turnsOf(reader));
      const writer = new Writer(folder, {}, reader?.manifest, disk);
      const moments = checking(model, model.variants[0]!, settings, reader);
      let left = parts;
      for (let next = moments.next(); ; next = moments.next()) {
        if (next.done) return { report: timeless(next.value), turns };
        if (left <= 0 || left % 8 === 0) writer.write(next.value.keep());
        if (--left < 0) break;
      }
    }
    throw new Error('the last piece has no end');
  } catch (error) {
    if (error instanceof SpecError) return { report: error.message, turns };
    throw error;
  }
}

describe('a check that was put aside and gone on with says what it would have said in one go', () => {
  test('however often, wherever, and whatever keeps its states', () => {
    const turns: number[] = [];
    fc.assert(
      fc.property(
        systems,
        settingsOf,
        tunings,
        fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
        (spec, settings, tuning, pieces) => {
          const model = modelOf(spec);
          const all = { ...settings, tuning };
          const pieced = inPieces(model, all, pieces);
          expect(pieced.report).toEqual(atOnce(model, all));
          turns.push(...pieced.turns);
        },
      ),
      tries(80),
    );
    expect(turns.length).toBeGreaterThan(40);
    expect(turns.filter((turn) => turn === 1).length).toBeGreaterThan(5);
    expect(turns.filter((turn) => turn > 1).length).toBeGreaterThan(2);
  });
});
