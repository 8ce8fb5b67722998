import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { check, chorus, type Settings } from '../../src/explore/check.ts';
import type { HalvedVisitor } from '../../src/explore/halved.ts';
import { deadlockJudge, type Judge, judgesOf, unhandledJudge } from '../../src/explore/judge.ts';
import { defineModel } from '../../src/explore/model.ts';
import { checkTogether } from '../../src/explore/parallel/check.ts';
import { TableMaker } from '../../src/explore/parallel/known-tables.ts';
import { goOn } from '../../src/explore/parallel/lead.ts';
import { Pool } from '../../src/explore/parallel/pool.ts';
import type { Origin } from '../../src/explore/parallel/protocol.ts';
import { type Searched, searching } from '../../src/explore/search.ts';
import { SpecError } from '../../src/explore/spec-error.ts';
import { compile, type System } from '../../src/explore/system.ts';
import { defaultTuning, type Tuning } from '../../src/explore/tuning.ts';
import type { Report } from '../../src/explore/verdict.ts';
import { holdfast } from '../cli-fixtures/holdfast.ts';
import { build, type SystemSpec, systems } from '../random-system.ts';
import { tries } from './kit.ts';
import { counters } from './parallel-fixture.ts';

const volume = Number(process.env.HOLDFAST_SOAK ?? 1);
const mostStates = 3_000;

const pools = [2, 3].map((size) => new Pool(size));
afterAll(() => Promise.all(pools.map((pool) => pool.end())));

const originOf = (spec: SystemSpec): Origin => ({
  module: new URL('../random-system.ts', import.meta.url).href,
  make: 'build',
  given: spec,
});

/** A search that is halved at once, and handed over as soon as it has been. */
const early: Partial<Tuning> = { divideAt: 1, mustPayAt: Number.POSITIVE_INFINITY };
const tunings = fc.record({
  shareAt: fc.constantFrom(2, 10, 60),
  round: fc.constantFrom(4, 50, 1000),
  smallTable: fc.constantFrom(0, 2 ** 16),
  smallMatrix: fc.constantFrom(0, 2 ** 11, 2 ** 12, 2 ** 26),
  mustPayAt: fc.constantFrom(100, Number.POSITIVE_INFINITY),
});

/** Numbers contents as they come: what number they have depends on what was asked first. */
function inOrder(): (content: number) => number {
  const known = new Map<number, number>();
  return (content) => {
    if (!known.has(content)) known.set(content, known.size);
    return known.get(content)!;
  };
}

function told(system: System, judges: readonly Judge[], { store, transitions, depth, levels }: Searched) {
  const vector = new Uint32Array(system.width);
  const renamed = [...vector].map(inOrder);
  const states = Array.from({ length: store.size }, (_, id) => {
    store.load(id, vector);
    return `${store.parent(id)}: ${[...vector].map((content, slot) => renamed[slot]!(content)).join()}`;
  });
  const sizes = system.instances.map(({ behaviour, mailbox }) => [behaviour.locals.size, mailbox?.contents.size]);
  return { states, transitions, depth, levels, sizes, judges: judges.map(({ name, memory }) => [name, memory]) };
}

/** Everything that a search finds, and whether it was shared out. */
async function searched(spec: SystemSpec, tuning: Partial<Tuning>, pool?: Pool) {
  const system = compile(build(spec));
  const counting = [deadlockJudge(system), unhandledJudge()];
  const judges = [...judgesOf(system, {}), ...counting];
  const tuned = { ...defaultTuning, ...early, ...tuning };
  const visitor = chorus(judges, counting, null) as HalvedVisitor;
  const parts = searching(system, visitor, {}, () => {}, pool ? tuned : { ...tuned, shareAt: Infinity });
  let shared = false;
  for (let next = parts.next(); ; next = parts.next()) {
    if (next.done) return { shared, told: told(system, judges, next.value) };
    const { large } = next.value;
    if (!large) continue;
    await goOn({ search: large, system, judges, told: judges }, pool!, originOf(spec), tuned);
    // whoever fails leaves the search to one thread, which would hide it here
    expect(large.goneOn).toBeDefined();
    shared = true;
  }
}

const modelOf = (spec: SystemSpec) => defineModel({ name: 'random', build: () => build(spec) });

/** The report of one thread; none where it is malformed, or large. */
function alone(spec: SystemSpec): Report | null {
  const model = modelOf(spec);
  try {
    const report = check(model, model.variants[0]!, { limits: { states: mostStates }, coverage: true });
    return report.limit ? null : report;
  } catch (error) {
    if (error instanceof SpecError) return null;
    throw error;
  }
}

const timeless = ({ stats, ...report }: Report) => ({ ...report, stats: { ...stats, milliseconds: 0 } });

describe('a search on several threads', () => {
  test('finds the same states under the same numbers, and reports the same, as on one', async () => {
    let shared = 0;
    await fc.assert(
      fc.asyncProperty(systems, tunings, fc.constantFrom(...pools), async (spec, tuning, pool) => {
        const report = alone(spec);
        fc.pre(report !== null);
        const [one, several] = [await searched(spec, tuning), await searched(spec, tuning, pool)];
        if (several.shared) shared++;
        expect(several.told).toEqual(one.told);
        const model = modelOf(spec);
        const settings = { coverage: true, tuning: { ...early, ...tuning } };
        const together = await checkTogether(model, model.variants[0]!, settings, pool, originOf(spec));
        expect(timeless(together)).toEqual(timeless(report));
      }),
      { ...tries(20), endOnFailure: true },
    );
    expect(shared).toBeGreaterThan(6 * volume);
  }, 600_000);

  test('says of a specification that is wrong what one thread says', async () => {
    const module = new URL('./parallel-fixture.ts', import.meta.url).href;
    const model = defineModel({ name: 'wrong', build: () => counters(9) });
    const settings = { tuning: { ...early, shareAt: 10, round: 50 } };
    const told = async (run: () => unknown) => {
      try {
        return await run();
      } catch (error) {
        return (error as Error).message;
      }
    };
    const origin = { module, make: 'counters', given: 9 };
    const one = await told(() => check(model, model.variants[0]!, settings));
    expect(one).toMatch('guard "low" threw an error');
    expect(await told(() => checkTogether(model, model.variants[0]!, settings, pools[0]!, origin))).toBe(one);
  });

  test('of which one is killed decides nothing more, and the next search finds others', async () => {
    const pool = pools[0]!;
    const model = defineModel({ name: 'counters', build: () => counters(null) });
    const module = new URL('./parallel-fixture.ts', import.meta.url).href;
    const origin = { module, make: 'counters', given: null };
    const settings: Settings = { tuning: { ...early, shareAt: 10, round: 4 } };
    const search = (onProgress?: () => void) =>
      checkTogether(model, model.variants[0]!, { ...settings, ...(onProgress && { onProgress }) }, pool, origin);
    const killed = search(() => void pool.workers[1]?.terminate());
    const { limit, stats, verdicts } = await killed;
    expect(limit).toMatchObject({ limit: 'worker', value: pool.size });
    const whole = check(model, model.variants[0]!);
    // it is left where it was handed over: what the threads had seen beyond that nobody knows
    expect(limit!.covered).toBeLessThan(whole.stats.depth);
    expect(stats.states).toBeLessThan(whole.stats.states);
    expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['unknown']));
    expect(timeless(await search())).toEqual(timeless(check(model, model.variants[0]!)));
  });

  test('that comes to a limit decides nothing that it has not seen', async () => {
    const model = defineModel({ name: 'counters', build: () => counters(null) });
    const module = new URL('./parallel-fixture.ts', import.meta.url).href;
    const origin = { module, make: 'counters', given: null };
    const settings: Settings = { limits: { milliseconds: 1 }, tuning: { ...early, shareAt: 10, round: 4 } };
    const report = await checkTogether(model, model.variants[0]!, settings, pools[0]!, origin);
    expect(report.limit?.limit).toBe('time');
    expect(report.verdicts.map(({ kind }) => kind)).toContain('unknown');
    expect(report.verdicts.map(({ kind }) => kind)).not.toContain('holds');
  });
});

describe('where there is no memory', () => {
  test('to hand a search over, it goes on on one thread', async () => {
    const model = defineModel({ name: 'counters', build: () => counters(null) });
    const module = new URL('./parallel-fixture.ts', import.meta.url).href;
    const origin = { module, make: 'counters', given: null };
    const settings: Settings = { tuning: { ...early, shareAt: 10 } };
    let refused = 0;
    class Scarce extends SharedArrayBuffer {
      constructor(length: number, options?: { maxByteLength?: number }) {
        super(length, options);
        if (options === undefined) return;
        refused++;
        throw new RangeError('Array buffer allocation failed');
      }
    }
    vi.stubGlobal('SharedArrayBuffer', Scarce);
    try {
      const report = await checkTogether(model, model.variants[0]!, settings, pools[0]!, origin);
      expect(refused).toBe(1);
      expect(timeless(report)).toEqual(timeless(check(model, model.variants[0]!)));
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('for a matrix of pairs, every owner gets a table, also one that has no pairs yet', () => {
    expect(new TableMaker().makeRoom([3, 0, 0])).not.toContain(null);
  });
});

describe('--workers', () => {
  test('checks a model by its file to the same lines', async () => {
    const args = ['check', 'models/conformance/two-phase-commit.ts', '--option', 'managers=7', '--json'];
    const [one, two] = await Promise.all([holdfast(args), holdfast([...args, '--workers', '2'])]);
    const untimed = (text: string) => text.replaceAll(/"milliseconds": ?\d+/g, '"milliseconds":0');
    expect(two.code).toBe(one.code);
    expect(untimed(two.out)).toBe(untimed(one.out));
  });

  test('says unknown where one of them dies', async () => {
    const args = ['check', 'test/cli-fixtures/dying.ts', '--variant', 'phils(13)', '--workers', '2'];
    const { code, out } = await holdfast(args);
    expect([code, out]).toEqual([3, expect.stringContaining('not finished: one of 2 workers ended before its time')]);
    expect(out).toMatch(/^ {3}unknown +two neighbours eat at once, deadlock, unhandled$/m);
  });

  test('is refused beside a checkpoint', async () => {
    const args = ['check', 'models/conformance/two-phase-commit.ts', '--workers', '2', '--checkpoint', 'unused'];
    const { code, err } = await holdfast(args);
    expect([code, err]).toEqual([2, expect.stringContaining('a search of several threads cannot be kept')]);
  });
});
