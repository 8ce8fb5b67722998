import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Half } from '../../src/explore/half.ts';
import { type Batch, PairStore } from '../../src/explore/pair-store.ts';
import { StoreFull } from '../../src/explore/store.ts';
import { tries } from './kit.ts';

/** Ids of 16 bits. */
const most = 0xffff;
/** What pairs are kept in where they lie close together, and where they do not. */
const kinds = [
  { kind: 'bit matrix', smallMatrix: 2 ** 26, side: 256, pairOf: (i: number) => [i & 0xff, i >>> 8] as const },
  { kind: 'hash table', smallMatrix: 0, side: 2 ** 17, pairOf: (i: number) => [2 * i, (i * 7) & 0xffff] as const },
];

const halves = (size: number) => ({ size }) as Half;

function batchOf(pairs: readonly (readonly [number, number])[]): Batch {
  return {
    lefts: Uint32Array.from(pairs, ([left]) => left),
    rights: Uint32Array.from(pairs, ([, right]) => right),
    parents: Uint32Array.from(pairs, (_, i) => Math.max(0, i - 1)),
    places: new Int32Array(pairs.length),
  };
}

const kept = (store: PairStore): string[] =>
  Array.from({ length: store.size }, (_, id) => `${store.left(id)} ${store.right(id)}`);

describe.each(kinds)('pairs in a $kind', ({ kind, smallMatrix, side: room, pairOf }) => {
  test('are kept once each, in the order in which they came', () => {
    const side = fc.oneof(fc.nat(4), fc.nat(999));
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(side, side), { maxLength: 60 }), { maxLength: 8 }), (batches) => {
        const store = new PairStore(halves(1_000), halves(1_000), smallMatrix);
        for (const pairs of batches) store.add(batchOf(pairs), pairs.length);
        expect(kept(store)).toEqual([...new Set(batches.flat().map((pair) => pair.join(' ')))]);
      }),
      tries(200),
    );
  });

  test('are as many as there are ids, and then no more: nothing is dropped, and nothing is taken for another', () => {
    const store = new PairStore(halves(room), halves(room), smallMatrix, most);
    const pairs = Array.from({ length: most }, (_, i) => pairOf(i));
    for (let from = 0; from < most; from += 1_000) {
      const some = pairs.slice(from, from + 1_000);
      store.add(batchOf(some), some.length);
    }
    expect([store.kind, store.size]).toEqual([kind, most]);
    expect(() => store.add(batchOf([pairOf(most)]), 1)).toThrow(StoreFull);
    expect(kept(store)).toEqual(pairs.map((pair) => pair.join(' ')));
  });
});
