import { assert, asyncProperty, check as fcCheck, property, sample } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import random from '../../models/umount-window.ts';
import { check } from '../../src/explore/check.ts';
import { compose, defineModel, type Model, type Peer, replicate } from '../../src/explore/model.ts';
import { always, precedes, sometimes } from '../../src/explore/property.ts';
import { drawing, seedOf } from '../../src/explore/simulate/schedule.ts';
import { opened, simulate, simulating } from '../../src/explore/simulate/simulate.ts';
import type { Run } from '../../src/explore/verdict.ts';
import { Deviation, follow, type Implementation, type Room, runs } from '../../src/fast-check/index.ts';
import { shrink } from '../../src/fast-check/labels.ts';
import { lostUpdate } from '../cli-fixtures/lost-update.ts';
import stuck from '../cli-fixtures/stuck.ts';

const office = lostUpdate('office', {
  alone: {},
  together: { option: { clerks: 2 } },
  crowd: { option: { clerks: 3 } },
});
const [alone, together, crowd] = office.variants as [Model['variants'][0], Model['variants'][0], Model['variants'][0]];
const few = { seed: 1, runs: 50, depth: 20 };

/** Walks fourteen steps. */
const walker = setup({
  types: { context: {} as { at: number }, events: {} as { type: 'step' }, tags: {} as 'rest' | 'end' },
  actions: { goOn: assign({ at: ({ context }) => context.at + 1 }) },
  guards: { isLast: ({ context }) => context.at === 13 },
}).createMachine({
  id: 'walker',
  context: { at: 0 },
  initial: 'walking',
  states: {
    walking: {
      tags: 'rest',
      on: { step: [{ guard: 'isLast', target: 'there', actions: 'goOn' }, { actions: 'goOn' }] },
    },
    there: { tags: ['rest', 'end'] },
  },
});

type Walkers = { readonly walker: readonly Peer<typeof walker>[] };
const someoneThere = sometimes<Walkers>('someone is there', ({ walker }) => walker.some((one) => one.hasTag('end')));

const walkers = defineModel({
  name: 'walkers',
  build: () =>
    compose(
      { walker: replicate(walker, 2) },
      {
        spontaneous: { walker: ['step'] },
        properties: [
          always<Walkers>(
            'nobody is left behind',
            ({ walker }) => !walker.some((one) => one.context.at === 0) || !someoneThere.holds({ walker }),
            { witness: someoneThere },
          ),
          // biome-ignore lint/suspicious/noThenProperty: it is the other half of a precedence, and nothing awaits it
          precedes<Walkers>('steps come late', { first: someoneThere.holds, then: ['walker', 'step'] }),
          // biome-ignore lint/suspicious/noThenProperty: as above
          precedes<Walkers>('steps come after all', { first: () => true, then: ['walker', 'step'] }),
        ],
      },
    ),
});

describe('random runs', () => {
  test('find what an exact search finds, and say of the rest that it is unknown', () => {
    const { violations, reached, unknown } = simulate(office, together, few);
    expect(violations.map(({ property, run }) => [property, run.steps.length])).toEqual([['every addition counts', 4]]);
    expect(reached).toEqual(['all clerks are done']);
    expect(unknown).toEqual(['deadlock', 'unhandled']);
  });

  test('never say of anything that it holds', () => {
    const { violations, unknown } = simulate(office, alone, few);
    expect(violations).toEqual([]);
    expect(unknown).toEqual(['every addition counts', 'deadlock', 'unhandled']);
  });

  test('find deadlocks and unhandled messages', () => {
    const { violations } = simulate(stuck, stuck.variants[0]!, few);
    expect(violations.map(({ property, run }) => [property, run.ends.at])).toEqual([
      ['deadlock', 'state'],
      ['unhandled', 'unhandled'],
    ]);
  });

  test('by priority find what takes one actor to go on alone, and precedences that are broken', () => {
    const { violations, unknown } = simulate(walkers, walkers.variants[0]!, { seed: 1, runs: 40, depth: 30, shrink });
    expect(violations.map(({ property, run }) => [property, run.steps.length])).toEqual([
      ['steps come late', 1],
      ['nobody is left behind', 14],
    ]);
    expect(unknown).toEqual(['deadlock', 'unhandled', 'steps come after all']);
  });

  test('are the same for the same seed, and others for another', () => {
    const { stats } = simulate(office, alone, few);
    expect(simulate(office, alone, few).stats).toEqual(stats);
    const draws = [1, 2].map((seed) => [0, 1, 2].map((run) => drawing(seedOf(seed, run))(1_000_000)));
    expect(new Set(draws.flat()).size).toBe(6);
  });

  test('look at all steps of every state that they visit, and count what they have seen', () => {
    const { stats, coverage } = simulate(office, alone, { ...few, runs: 1 });
    expect(stats).toEqual({ runs: 1, steps: 2, looked: 2, states: 3, longest: 2 });
    expect(coverage.flatMap(({ transitions }) => transitions).every(({ locals }) => locals > 0)).toBe(true);
  });

  test('look for some properties alone, and end where all of these are found', () => {
    const all = simulate(walkers, walkers.variants[0]!, { seed: 1, runs: 40, depth: 30 });
    const names = ['steps come late', 'unhandled'];
    const some = simulate(walkers, walkers.variants[0]!, { seed: 1, runs: 40, depth: 30, properties: names });
    expect(some.violations).toEqual(all.violations.filter(({ property }) => property === 'steps come late'));
    expect([some.reached, some.unknown]).toEqual([[], ['unhandled']]);
    const one = simulate(office, together, { ...few, properties: ['every addition counts'] });
    expect([one.reached, one.unknown]).toEqual([['all clerks are done'], []]);
    expect(one.stats.runs).toBeLessThan(few.runs);
    expect(one.stats.runs).toBe(one.violations[0]!.at.run);
    expect(() => simulate(office, alone, { ...few, properties: ['deadlok'] })).toThrow(/did you mean "deadlock"/);
  });

  test('can be ended, and tell what was found so far', () => {
    let asked = 0;
    const { stats, isCut, reached, unknown } = simulate(office, alone, { ...few, enough: () => ++asked === 4 });
    expect(stats).toMatchObject({ runs: 2, steps: 2, states: 3 });
    expect([isCut, reached]).toEqual([true, ['all clerks are done']]);
    expect(unknown).toEqual(['every addition counts', 'deadlock', 'unhandled']);
    expect(simulate(office, alone, few).isCut).toBe(false);
  });

  test('pause in every state, and say how far they are', () => {
    const sightings = simulating(office, together, { ...few, runs: 1 });
    const seen: (readonly [states: number, steps: number])[] = [];
    for (const sighting of sightings) {
      const { states, steps } = sighting.stats();
      seen.push([states, steps]);
    }
    expect(seen).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
    ]);
  });

  test('find a deadlock that is one step away from where they go', () => {
    const { violations, stats } = simulate(stuck, stuck.variants[0]!, { seed: 1, runs: 20, depth: 1 });
    expect(stats.longest).toBe(1);
    expect(violations.find(({ property }) => property === 'deadlock')!.at.steps).toBe(2);
  });

  test('find nothing that an exact search does not, in a model of many properties', () => {
    for (const variant of random.variants.slice(0, 3)) {
      const { verdicts } = check(random, variant, { runs: false });
      const exact = new Map(verdicts.map(({ property, kind, steps }) => [property, { kind, steps }]));
      const { violations, reached } = simulate(random, variant, { seed: 7, runs: 100, depth: 60, shrink });
      for (const { property, run } of violations) {
        expect(exact.get(property)!.kind).toBe('violated');
        expect(run.steps.length).toBeGreaterThanOrEqual(exact.get(property)!.steps!);
      }
      for (const witness of reached) expect(exact.get(witness)!.kind).toBe('holds');
    }
  });
});

describe('a failure', () => {
  test('is shrunk by fast-check, and then shortened', () => {
    const long = { seed: 1, runs: 40, depth: 30, properties: ['nobody is left behind'] };
    const [found] = simulate(walkers, walkers.variants[0]!, { ...long, shrink }).violations;
    expect([found!.at.steps, found!.run.steps.length]).toEqual([expect.any(Number), 14]);
    for (const made of [undefined, shrink]) {
      const { violations } = simulate(office, crowd, { ...few, ...(made && { shrink: made }) });
      expect(violations[0]!.run.steps).toHaveLength(6);
    }
    const system = opened(office, crowd);
    const all = runs(office, 'crowd');
    const { counterexample } = fcCheck(
      property(all, ({ steps }) => steps.length < 2),
      { seed: 3, numRuns: 10 },
    );
    expect(counterexample![0].steps).toHaveLength(2);
    expect(
      shrink(
        system,
        counterexample![0].steps.map(({ label }) => label),
        (each) => each.length > 0,
      ),
    ).toHaveLength(1);
  });
});

test('a failure is explained where that is asked for', () => {
  const [plain] = simulate(office, together, few).violations;
  const [found] = simulate(office, together, { ...few, explain: true }).violations;
  expect(plain!.explanation).toBeUndefined();
  expect(found!.run).toEqual(plain!.run);
  expect(found!.explanation!.order.threads).toHaveLength(2);
  expect(found!.explanation!.instead).toMatchObject({ same: 1, end: 'settled', keeps: 'all' });
});

/** An office of real clerks, which waits as a real one would. */
class Office {
  value = 0;
  closed = 0;
  readonly #seen = new Map<number, number>();

  async take(who: number, what: string): Promise<void> {
    await Promise.resolve();
    if (what === 'value.read') this.#seen.set(who, this.value);
    else this.store(this.#seen.get(who)! + 1);
  }

  store(value: number): void {
    this.value = value;
  }
}

const held = <O extends Office>(make: () => O): Implementation<O> => ({
  start: make,
  take: (real, { label }) => real.take(label.self, label.message.type),
  seen: ({ value }) => ({ value }),
  meant: (room) => room('counter').context,
  stop: (real) => {
    real.closed++;
  },
});

describe('a real implementation', () => {
  const failure = async (make: () => Office): Promise<{ readonly steps: number; readonly error: unknown }> => {
    const always = asyncProperty(runs(office, 'crowd'), (run) => follow(run, held(make)));
    const { counterexample, errorInstance } = await fcCheck(always, { seed: 1, numRuns: 50 });
    return { steps: counterexample?.[0].steps.length ?? 0, error: errorInstance };
  };

  test('that does what the machines do goes along with every run', async () => {
    const made: Office[] = [];
    const make = (): Office => {
      made.push(new Office());
      return made.at(-1)!;
    };
    expect(await failure(make)).toEqual({ steps: 0, error: null });
    expect([made.length, made.every(({ closed }) => closed === 1)]).toEqual([50, true]);
  });

  test('that does otherwise is told with the step, on a run that is as short as can be', async () => {
    const { steps, error } = await failure(() => {
      const forgetful = new Office();
      forgetful.store = (value) => {
        if (value < 2) forgetful.value = value;
      };
      return forgetful;
    });
    expect(steps).toBe(4);
    expect(error).toBeInstanceOf(Deviation);
    expect(String(error)).toMatch(
      /^Deviation: after step 4 \(clerk\[\d\] value\.written\) the real one is otherwise\n {2}machines {2}\{value: 2\}\n {2}real one {2}\{value: 1\}$/,
    );
  });

  test('that throws has done otherwise, and is put away all the same', async () => {
    let real = new Office();
    const { steps, error } = await failure(() => {
      real = new Office();
      real.store = () => {
        throw new RangeError('no room');
      };
      return real;
    });
    expect([steps, real.closed]).toEqual([2, 1]);
    expect(String(error)).toMatch(
      /^Deviation: step 2 \(clerk\[\d\] value\.written\): the real one throws RangeError: no room$/,
    );
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  });

  test('is compared from the start, and with actors that are there', async () => {
    const [run] = sample(runs(office, 'alone'), { seed: 1, numRuns: 1 }) as [Run];
    const wrong = held(() => Object.assign(new Office(), { value: 7 }));
    await expect(follow(run, wrong)).rejects.toThrow('before the first step the real one is otherwise');
    const astray = { ...held(() => new Office()), meant: (room: Room) => room('counter', 1) };
    await expect(follow(run, astray)).rejects.toThrow('no actor counter[1]: the 2 actors are');
  });
});

describe('runs of a model for fast-check', () => {
  test('are runs that the machines take, and that a real implementation may take with them', () => {
    const isTaken = () =>
      assert(
        property(runs(office, 'together'), ({ steps }) => {
          let value = 0;
          for (const { label, sent } of steps) {
            expect(label.actor).toBe('clerk');
            for (const { message } of sent) value = (message as unknown as { value: number }).value;
          }
          return value <= 2;
        }),
        { seed: 1, numRuns: 50 },
      );
    expect(isTaken).not.toThrow();
  });

  test('are printed as the terminal prints them', () => {
    const { counterexample } = fcCheck(
      property(runs(office, { option: { clerks: 1 } }), ({ steps }) => steps.length < 2),
      { seed: 1 },
    );
    expect(counterexample![0].steps).toHaveLength(2);
    expect(() =>
      assert(
        property(runs(office, 'alone'), () => false),
        { seed: 1 },
      ),
    ).toThrow(/Counterexample: \[/);
  });

  test('are of one variant', () => {
    expect(() => runs(office)).toThrow(/runs of which variant/);
  });
});
