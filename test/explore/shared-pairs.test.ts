import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Half } from '../../src/explore/half.ts';
import type { Batch } from '../../src/explore/pair-store.ts';
import { Candidates, candidateSize, notNew } from '../../src/explore/parallel/candidates.ts';
import { TableMaker } from '../../src/explore/parallel/known-tables.ts';
import { SharedPairs } from '../../src/explore/parallel/shared-pairs.ts';
import { tries } from './kit.ts';

const mostBytes = 2 ** 20;

/** A worker's pairs, of halves whose number can be changed. */
function worker(lefts: number, rights: number, workers = 2) {
  const sizes = { lefts, rights };
  const half = (side: 'lefts' | 'rights') => ({
    get size() {
      return sizes[side];
    },
  });
  const pairs = new SharedPairs(half('lefts') as Half, half('rights') as Half, workers);
  pairs.mostBytes = mostBytes;
  /** Adds a pair. Returns how many candidates it has become. */
  const found = (left: number, right: number, parent = 0): number => {
    const before = pairs.box.length;
    const batch: Batch = {
      lefts: Uint32Array.of(left),
      rights: Uint32Array.of(right),
      parents: Uint32Array.of(parent),
      places: new Int32Array(1),
    };
    pairs.add(batch, 1);
    return pairs.box.length - before;
  };
  return { sizes, pairs, found };
}

test('what a worker finds again is no candidate again', () => {
  const { found } = worker(100, 100);
  expect([found(1, 2), found(1, 2), found(2, 1), found(1, 2), found(2, 1)]).toEqual([1, 0, 1, 0, 0]);
});

test("a worker's matrix grows with the halves that are met in a round, and then no more: every pair is a candidate", () => {
  const { sizes, pairs, found } = worker(100, 100);
  for (let halves = 100; halves <= 200_000; halves *= 2) {
    sizes.lefts = halves;
    sizes.rights = halves;
    expect(found(halves - 1, halves - 1)).toBe(1);
    expect(pairs.ownBytes).toBeLessThanOrEqual(mostBytes);
  }
  expect([found(5, 5), found(5, 5)]).toEqual([1, 1]);
  expect([pairs.matrix(), pairs.ownBytes]).toEqual([null, 0]);
  // it does not know what it has found, so it must not say what is new of what others have found
  expect(() => pairs.merge([pairs.box, new Candidates()])).toThrow('a matrix is too large');
});

test('where tables take over from the matrix, it is given back', () => {
  const { pairs, found } = worker(100, 100);
  expect(found(3, 4)).toBe(1);
  expect(pairs.ownBytes).toBeGreaterThan(0);
  pairs.changeTables(new TableMaker().makeRoom([10, 10]), 0, 0);
  expect([pairs.matrix(), pairs.ownBytes]).toEqual([null, 0]);
  expect([found(3, 4), found(3, 4)]).toEqual([1, 1]);
});

const some = fc.array(fc.tuple(fc.nat(12), fc.nat(70)), { maxLength: 60 });
/** Rounds, and in each of them what every worker finds, in order. */
const rounds = fc
  .integer({ min: 2, max: 4 })
  .chain((workers) =>
    fc.array(fc.array(some, { minLength: workers, maxLength: workers }), { maxLength: 4, minLength: 1 }),
  );

test.each(['matrices', 'tables'] as const)(
  'with %s, of what workers find that is new which none before has found',
  (kind) => {
    fc.assert(
      fc.property(rounds, (found) => {
        const workers = found[0]!.map(() => worker(13, 71, found[0]!.length));
        const boxesOf = workers.map((_, i) => workers.map(({ pairs }, j) => (i === j ? pairs.box : new Candidates())));
        const known = new Set<string>();
        const maker = new TableMaker();
        for (const round of found) {
          const wanted = round.map((all) => all.filter(([l, r]) => !known.has(`${l} ${r}`) && known.add(`${l} ${r}`)));
          for (const [i, { pairs, found: finds }] of workers.entries()) {
            pairs.begin();
            for (const [at, [left, right]] of round[i]!.entries()) finds(left, right, at);
          }
          const made = workers.map(({ pairs }) => pairs.box.made());
          for (const [i, boxes] of boxesOf.entries()) {
            for (const [j, box] of boxes.entries()) if (i !== j) box.adopt(workers[j]!.pairs.box.length, made[j]!);
          }
          const tables = maker.makeRoom(workers.map(() => 1_000));
          const marked = workers.map(({ pairs }, i) => {
            if (kind === 'matrices') return pairs.merge(boxesOf[i]!);
            pairs.changeTables(tables, 0, i);
            return pairs.sift(boxesOf[i]!);
          });
          const owned = workers.reduce((sum, { pairs }, i) => sum + pairs.owned(i), 0);
          expect(owned).toBe(kind === 'tables' ? known.size : 0);
          const fresh = workers.map(({ pairs }) => unmarked(pairs.box));
          expect(fresh).toEqual(wanted);
          expect(
            workers.map(({ pairs }, f) => pairs.box.length - marked.reduce((sum, each) => sum + each[f]!, 0)),
          ).toEqual(wanted.map(({ length }) => length));
        }
      }),
      tries(100),
    );
  },
);

/** The candidates that are not marked. */
function unmarked(box: Candidates): [number, number][] {
  return [...box.pieces()].flatMap(({ numbers, count }) =>
    Array.from({ length: count }, (_, i) => numbers.subarray(i * candidateSize, (i + 1) * candidateSize))
      .filter((candidate) => candidate[2] !== notNew)
      .map((candidate): [number, number] => [candidate[0]!, candidate[1]!]),
  );
}
