import { describe, expect, test } from 'vitest';
import { emit } from 'xstate';
import { type Composition, start } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';
import { type Limits, type Progress, search, type Visitor } from '../../src/explore/search.ts';
import { compile } from '../../src/explore/system.ts';
import type { LimitReached } from '../../src/explore/verdict.ts';
import { type Counted, counterTo, twoCounters } from './counters.ts';
import { checked, loose, machine, order, sizeOf, verdictsOf } from './kit.ts';

type Grid = { readonly a: Counted; readonly b: Counted };

/** One counter without end. */
const endless = (properties: readonly unknown[] = []): Composition =>
  loose({ a: start(counterTo(Number.POSITIVE_INFINITY)) }, { spontaneous: { a: ['counted'] }, properties });

const anywhere = sometimes<Grid>('anywhere', () => true);
const isAt = (n: number) => sometimes<Grid>(`a is ${n}`, ({ a }) => a.context.n === n);
const below = (n: number) => always<Grid>(`a is below ${n}`, ({ a }) => a.context.n < n, { witness: anywhere });

interface Seen {
  /** By state, its distance from the initial one. */
  readonly depths: readonly number[];
  readonly expanded: ReadonlySet<number>;
  readonly limit: LimitReached | undefined;
}

function searched(composition: Composition, limits: Limits = {}, enough: () => boolean = () => false): Seen {
  const depths: number[] = [];
  const expanded = new Set<number>();
  const visitor: Visitor = {
    state: (id, _vector, depth) => {
      depths[id] = depth;
    },
    step: () => true,
    unhandled: () => {},
    expanded: (id) => {
      expanded.add(id);
    },
    enough,
  };
  const { limit, depth } = search(compile(composition), visitor, limits);
  expect(depth).toBe(Math.max(...depths));
  return { depths, expanded, limit };
}

/** All states up to this depth were found and expanded, and not all of those that are one step farther. */
function expectCovered(full: Seen, { expanded, depths, limit }: Seen): void {
  expect(limit).toBeDefined();
  const upTo = (depth: number) => [...full.depths.keys()].filter((id) => full.depths[id]! <= depth);
  expect(upTo(limit!.covered).every((id) => expanded.has(id) && depths[id] === full.depths[id])).toBe(true);
  expect(upTo(limit!.covered + 1).every((id) => expanded.has(id))).toBe(false);
}

describe('a search that a limit stops says what it covers', () => {
  const full = searched(twoCounters(4));

  test('and one that none stops has found everything', () => {
    expect(full.limit).toBeUndefined();
    expect(full.depths).toHaveLength(25);
    expect(full.expanded.size).toBe(25);
    // level by level, so the depths only grow
    expect(full.depths.toSorted((a, b) => a - b)).toEqual(full.depths);
  });

  test('at every number of states', () => {
    for (let states = 1; states < 25; states++) {
      const stopped = searched(twoCounters(4), { states });
      expect(stopped.limit).toMatchObject({ limit: 'states', value: states });
      expect(stopped.depths.length).toBeGreaterThanOrEqual(states);
      expectCovered(full, stopped);
    }
  });

  test('at every depth', () => {
    for (let depth = 0; depth < 8; depth++) {
      const stopped = searched(twoCounters(4), { depth });
      expect(stopped.limit).toMatchObject({ limit: 'depth', value: depth, covered: depth });
      expectCovered(full, stopped);
    }
  });

  test('at a depth that is no whole number', () => {
    expectCovered(full, searched(twoCounters(4), { depth: 1.5 }));
    expectCovered(full, searched(twoCounters(4), { depth: -1 }));
  });

  test('at every moment at which enough is known', () => {
    for (let most = 1; most < 25; most++) {
      let asked = 0;
      const stopped = searched(twoCounters(4), {}, () => ++asked === most);
      expect(stopped.limit).toMatchObject({ limit: 'bail', value: 0 });
      expectCovered(full, stopped);
    }
  });

  test('at a time, and at an amount of memory', () => {
    const [time, memory] = [{ milliseconds: 0 }, { bytes: 1 }].map((limits) => searched(endless(), limits));
    for (const { limit, expanded } of [time!, memory!]) {
      // the clock is looked at every 1,024 states, and here every state is a level of its own
      expect([limit?.covered, expanded.size]).toEqual([1_023, 1_024]);
    }
    expect(time!.limit).toMatchObject({ limit: 'time', value: 0 });
    expect(memory!.limit).toMatchObject({ limit: 'memory', value: 1 });
  });

  test('and a limit that it does not reach stops nothing', () => {
    for (const limits of [{ depth: 8 }, { depth: 9 }, { states: 26 }, { milliseconds: 60_000 }, { bytes: 2 ** 40 }]) {
      expect(searched(twoCounters(4), limits).limit).toBeUndefined();
    }
  });
});

describe('what is said of properties when a limit stops the search', () => {
  test.each<[limit: string, limits: Limits]>([
    ['states', { states: 10 }],
    ['depth', { depth: 3 }],
    ['time', { milliseconds: 0 }],
    ['memory', { bytes: 1 }],
  ])('%s: what was seen is said, and of the rest it is not known', (limit, limits) => {
    const properties = [
      below(2),
      below(1_000_000),
      isAt(2),
      isAt(999_999),
      order('2 before 9', isAt(2).holds, isAt(9).holds),
    ];
    const report = checked(endless(properties), { limits });
    expect(report.limit).toMatchObject({ limit });
    expect(verdictsOf(report)).toEqual({
      'a is below 2': 'violated 2',
      'a is below 1000000': 'unknown',
      'a is 2': 'holds 2',
      'a is 999999': 'unknown',
      '2 before 9': expect.stringMatching(limit === 'depth' ? /^unknown$/ : /^(unknown|holds)$/),
      anywhere: 'holds 0',
      deadlock: 'unknown',
      unhandled: 'unknown',
    });
    expect(report.neverTaken).toBeUndefined();
  });

  test("a depth that is the model's own is no limit", () => {
    const report = checked(twoCounters(4, [below(5)]), { limits: { depth: 8 } });
    expect(report.limit).toBeUndefined();
    expect(sizeOf(report)).toEqual([25, 40, 0, 0, 8]);
    expect(verdictsOf(report)).toMatchObject({ 'a is below 5': 'holds', deadlock: 'holds', unhandled: 'holds' });
  });

  test('a premise and a witness that have not been met yet make nothing vacuous', () => {
    const claims = [
      always<Grid>('far', () => true, { witness: anywhere, when: ({ a }) => a.context.n > 50 }),
      always<Grid>('unwitnessed', () => true, { witness: isAt(50) }),
      order('never', () => false, isAt(50).holds),
    ];
    expect(verdictsOf(checked(endless(claims), { limits: { depth: 5 } }))).toMatchObject({
      far: 'unknown',
      unwitnessed: 'unknown',
      never: 'unknown',
    });
  });

  test('a precedence whose way is longer than the model is deep is decided', () => {
    const states = {
      one: { on: { far: 'two', near: 'end' } },
      two: { on: { far: 'three' } },
      three: { on: { far: 'end' } },
      end: { tags: ['rest', 'end'] },
    };
    const way = machine({ id: 'way', initial: 'one', states });
    type Way = { readonly way: { hasTag: (tag: string) => boolean } };
    const claim = order('near before the end', ['way', 'near'], ({ way }: Way) => way.hasTag('end'));
    const composition = loose({ way: start(way) }, { spontaneous: { way: ['far', 'near'] }, properties: [claim] });
    const report = checked(composition, { limits: { depth: 2 } });
    expect(report.stats.depth).toBe(2);
    expect(report.limit).toBeUndefined();
    expect(verdictsOf(report)['near before the end']).toBe('violated 3');
  });
});

describe('a search that is told to bail', () => {
  test('stops at the first violation, and does not know the rest', () => {
    const report = checked(endless([below(7), below(3), below(9), isAt(2), isAt(5)]), { bail: true });
    expect(report.limit).toMatchObject({ limit: 'bail' });
    expect(verdictsOf(report)).toMatchObject({
      'a is below 3': 'violated 3',
      'a is below 7': 'unknown',
      'a is below 9': 'unknown',
      'a is 2': 'holds 2',
      'a is 5': 'unknown',
    });
    expect(report.stats.states).toBeLessThan(6);
  });

  test('goes on to the end where there is none', () => {
    expect(checked(twoCounters(4, [below(5)]), { bail: true }).limit).toBeUndefined();
  });
});

describe('where a state space does not end', () => {
  test('the actor that grows is named', () => {
    const still = machine({
      id: 'still',
      tags: 'rest',
      initial: 'one',
      states: { one: { on: { moved: 'two' } }, two: { on: { moved: 'one' } } },
    });
    const actors = { still: start(still), counter: start(counterTo(Number.POSITIVE_INFINITY)) };
    const { limit } = checked(loose(actors, { spontaneous: { still: ['moved'], counter: ['counted'] } }), {
      limits: { depth: 20 },
    });
    expect(limit!.grew.map(({ slot, distinct, recent }) => [slot, distinct, recent > 0])).toEqual([
      ['counter', 22, true],
      ['still', 2, false],
    ]);
  });

  test('the mailbox that grows is named', () => {
    const source = machine({ id: 'source', tags: 'rest', on: { sent: { actions: emit({ type: 'item' } as never) } } });
    const sink = machine({ id: 'sink', tags: ['rest', 'busy'], on: { item: {} } });
    const composition = loose(
      { source: start(source), sink: start(sink) },
      {
        wires: { source: { item: { queue: 'sink' } } },
        mailboxes: { sink: { capacity: 1_000_000 } },
        spontaneous: { source: ['sent'] },
      },
    );
    expect(checked(composition, { limits: { states: 50 } }).limit!.grew[0]!.slot).toBe('mailbox of sink');
  });
});

test('progress is told while it is made', () => {
  const told: Progress[] = [];
  checked(twoCounters(299), { onProgress: (progress) => told.push(progress) });
  expect(told.length).toBeGreaterThan(1);
  expect(told[0]).toMatchObject({ depth: expect.any(Number), waiting: expect.any(Number) });
  expect(told[0]!.states).toBeGreaterThanOrEqual(1_024);
  expect(told[1]!.transitions).toBeGreaterThan(told[0]!.transitions);
});
