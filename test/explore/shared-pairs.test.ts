import { expect, test } from 'vitest';
import type { Half } from '../../src/explore/half.ts';
import type { Batch } from '../../src/explore/pair-store.ts';
import { KnownMaker, knownAfter } from '../../src/explore/parallel/known-pairs.ts';
import { SharedPairs } from '../../src/explore/parallel/shared-pairs.ts';

const smallMatrix = 2 ** 20;

/** A worker's pairs, of halves whose number can be changed, and the pairs that it has put aside as candidates. */
function worker(lefts: number, rights: number) {
  const sizes = { lefts, rights };
  const half = (side: 'lefts' | 'rights') => ({
    get size() {
      return sizes[side];
    },
  });
  const known = new KnownMaker(smallMatrix).makeRoom(lefts, rights, 1_000, [500, 500])!;
  const pairs = new SharedPairs(half('lefts') as Half, half('rights') as Half, 2, known, smallMatrix);
  const found = (left: number, right: number): number => {
    const before = pairs.box.length;
    const batch: Batch = {
      lefts: Uint32Array.of(left),
      rights: Uint32Array.of(right),
      parents: Uint32Array.of(0),
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

test("a worker's own matrix grows with the halves that are met in a round, and then no more: every pair is a candidate", () => {
  const { sizes, pairs, found } = worker(100, 100);
  for (let halves = 100; halves <= 200_000; halves *= 2) {
    sizes.lefts = halves;
    sizes.rights = halves;
    expect(found(halves - 1, halves - 1)).toBe(1);
    expect(pairs.ownBytes).toBeLessThanOrEqual(smallMatrix);
  }
  expect([found(5, 5), found(5, 5)]).toEqual([1, 1]);
  expect(pairs.matrix()).toBeNull();
});

test('where tables take over from the matrix, it is given back', () => {
  const { pairs, found } = worker(100, 100);
  expect(found(3, 4)).toBe(1);
  expect(pairs.ownBytes).toBeGreaterThan(0);
  const tables = [1, 2].map(() => new SharedArrayBuffer(8 * 1024));
  pairs.known = knownAfter({ kind: 'tables', tables }, pairs.known);
  expect(pairs.matrix()).toBeNull();
  expect(pairs.ownBytes).toBe(0);
  expect([found(3, 4), found(3, 4)]).toEqual([1, 1]);
});
