import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Learned, Projection, Trace } from '../../src/explore/learned.ts';
import { refusalOf, tries } from './kit.ts';

/** How many slots there are, and how many contents each has. */
const [width, contents] = [5, 4];

/** Parts of a slot's content; each number is a projection, and `null` is the content as it is. */
const projections = [
  null,
  new Projection((content) => content % 2),
  new Projection((content) => (content > 1 ? 1 : 0)),
];

/** A function of the state that looks at one thing after the other, and at what depends on what it has seen. */
type Decision =
  | { readonly kind: 'answer'; readonly answer: number }
  | { readonly kind: 'look'; readonly slot: number; readonly part: number; readonly next: readonly Decision[] };

const { decision } = fc.letrec<{ decision: Decision }>((tie) => ({
  decision: fc.oneof(
    { maxDepth: 5, depthSize: 'max', withCrossShrink: true },
    fc.record({ kind: fc.constant('answer' as const), answer: fc.nat({ max: 2 }) }),
    fc.record({
      kind: fc.constant('look' as const),
      slot: fc.nat({ max: width - 1 }),
      part: fc.nat({ max: projections.length - 1 }),
      next: fc.array(tie('decision'), { minLength: contents, maxLength: contents }),
    }),
  ),
}));

const vector = fc.array(fc.nat({ max: contents - 1 }), { minLength: width, maxLength: width });

function decide(decision: Decision, read: (slot: number, projection: Projection | null) => number): number {
  if (decision.kind === 'answer') return decision.answer;
  return decide(decision.next[read(decision.slot, projections[decision.part]!)]!, read);
}

/** The same, with no memory and no trace. */
const plainly = (decision: Decision, state: readonly number[]): number =>
  decide(decision, (slot, projection) => (projection === null ? state[slot]! : projection.of(state[slot]!)));

describe('what is learned is what would be found out anew', () => {
  test('by any function of the state, on any states in any order', () => {
    fc.assert(
      fc.property(decision, fc.array(vector, { maxLength: 60 }), (decision, states) => {
        const learned = new Learned('it', (trace) => decide(decision, (...at) => trace.read(...at)));
        for (const state of states) expect(learned.at(state)).toBe(plainly(decision, state));
      }),
      tries(1_000),
    );
  });

  test('asking once for everything that was looked at, and for nothing else', () => {
    fc.assert(
      fc.property(decision, fc.array(vector, { maxLength: 60 }), (decision, states) => {
        let asked = 0;
        const learned = new Learned('it', (trace) => {
          asked++;
          return decide(decision, (...at) => trace.read(...at));
        });
        const seen = new Set<string>();
        for (const state of states) {
          const looks: number[] = [];
          decide(decision, (slot, projection) => {
            const value = projection === null ? state[slot]! : projection.of(state[slot]!);
            looks.push(value);
            return value;
          });
          seen.add(looks.join());
          learned.at(state);
        }
        // what a look shows decides the next one, so the values alone tell the paths apart
        expect(asked).toBe(seen.size);
      }),
      tries(500),
    );
  });

  test('where it looks at one slot or another, and the slots it did not look at change', () => {
    // slot 0 says whether slot 1 or slot 2 counts; a memory keyed by all slots read so far, flatly, would mix them up
    const learned = new Learned('it', (trace) => trace.read(trace.read(0) === 0 ? 1 : 2));
    for (const [state, answer] of [
      [[0, 7, 9], 7],
      [[1, 7, 9], 9],
      [[0, 8, 9], 8],
      [[1, 8, 6], 6],
      [[1, 7, 6], 6],
      [[0, 7, 6], 7],
    ] as const) {
      expect(learned.at(state)).toBe(answer);
    }
  });

  test('where it looks at a part of a slot first and at all of it later', () => {
    const isOdd = new Projection((content) => content % 2);
    const learned = new Learned('it', (trace) => (trace.read(0, isOdd) === 1 ? 100 + trace.read(0) : 0));
    expect([0, 1, 2, 3, 1, 5].map((content) => learned.at([content]))).toEqual([0, 101, 0, 103, 101, 105]);
  });

  test('where it looks at all of a slot first, and a part is no further look', () => {
    const isOdd = new Projection((content) => content % 2);
    const trace = new Trace([3], 'it');
    expect([trace.read(0), trace.read(0, isOdd), trace.read(0)]).toEqual([3, 1, 3]);
    expect(trace.reads).toHaveLength(1);
  });

  test('where two parts of one slot are looked at', () => {
    let asked = 0;
    const [low, high] = [new Projection((content) => content % 2), new Projection((content) => content >> 1)];
    const learned = new Learned('it', (trace) => {
      asked++;
      return 10 * trace.read(0, high) + trace.read(0, low);
    });
    expect([0, 1, 2, 3, 0, 1].map((content) => learned.at([content]))).toEqual([0, 1, 10, 11, 0, 1]);
    expect(asked).toBe(4);
  });

  test('where it looks at nothing', () => {
    const learned = new Learned('it', () => 'so');
    expect([learned.at([1]), learned.at([2])]).toEqual(['so', 'so']);
  });

  test('where contents are far apart', () => {
    const learned = new Learned('it', (trace) => trace.read(0) + trace.read(1));
    expect(learned.at([0, 4_000_000_000])).toBe(4_000_000_000);
    expect(learned.at([123_456_789, 7])).toBe(123_456_796);
    expect(learned.at([0, 4_000_000_000])).toBe(4_000_000_000);
  });
});

describe('what is not a function of the state is found', () => {
  test('by its looking elsewhere after the same answers', () => {
    let next = 0;
    const learned = new Learned('property "odd"', (trace) => trace.read(0) + trace.read(1 + (next++ % 2)));
    learned.at([0, 5, 5]);
    expect(refusalOf(() => learned.at([0, 6, 6]))).toMatchObject({
      headline: 'property "odd" is impure',
      where: 'property "odd"',
      why: 'having read the same values it went on to read something else than before',
      instead: 'a function of the room alone',
    });
  });

  test('by its stopping short of what it looked at before', () => {
    let isFirst = true;
    const learned = new Learned('it', (trace) => {
      const [first, isShort] = [trace.read(0), !isFirst];
      isFirst = false;
      return isShort ? first : first + trace.read(1);
    });
    expect(learned.at([0, 1])).toBe(1);
    expect(refusalOf(() => learned.at([0, 2])).headline).toBe('it is impure');
  });

  test('by its reading what it was handed before', () => {
    let kept: Trace | undefined;
    const learned = new Learned('spontaneous "x" of a', (trace) => {
      kept ??= trace;
      return kept.read(0) + trace.read(0);
    });
    expect(learned.at([1])).toBe(2);
    expect(refusalOf(() => learned.at([2]))).toMatchObject({
      headline: 'a peer was read after the evaluation that it was handed to',
      where: 'the one that spontaneous "x" of a was given',
    });
  });

  test('and an error in it leaves nothing behind', () => {
    let isBroken = true;
    const learned = new Learned('it', (trace) => {
      if (trace.read(0) === 1 && isBroken) throw new Error('broken');
      return trace.read(0);
    });
    expect(() => learned.at([1])).toThrow('broken');
    isBroken = false;
    expect([learned.at([1]), learned.at([0])]).toEqual([1, 0]);
  });
});
