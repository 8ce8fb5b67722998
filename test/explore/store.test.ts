import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StateStore, StoreFull } from '../../src/explore/store.ts';
import { tries } from './kit.ts';

/** The same store, as a plain map: every vector once, numbered in the order in which they come. */
class PlainStore {
  readonly #ids = new Map<string, number>();

  add(vector: ArrayLike<number>): number {
    const key = Array.from(vector).join();
    if (!this.#ids.has(key)) this.#ids.set(key, this.#ids.size);
    return this.#ids.get(key)!;
  }

  find(vector: ArrayLike<number>): number | null {
    return this.#ids.get(Array.from(vector).join()) ?? null;
  }
}

const loaded = (store: StateStore, id: number, width: number): number[] => {
  const into = new Uint32Array(width);
  store.load(id, into);
  return [...into];
};

/** Numbers that differ in few bits, or in the highest ones, and some of any size. */
const content = fc.oneof(
  fc.nat({ max: 3 }),
  fc.nat({ max: 0xffff_ffff }),
  fc.nat({ max: 31 }).map((bit) => (1 << bit) >>> 0),
);

describe('a store', () => {
  test('keeps what a map keeps, and numbers it alike', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4 }), fc.array(fc.array(content, { minLength: 4, maxLength: 4 })), (width, all) => {
        const [store, plain] = [new StateStore(width), new PlainStore()];
        for (const each of all) {
          const vector = each.slice(0, width);
          expect(store.find(vector)).toBe(plain.find(vector));
          const id = store.add(vector, null);
          expect(id).toBe(plain.add(vector));
          expect(loaded(store, id, width)).toEqual(vector);
        }
      }),
      tries(500),
    );
  });

  test('keeps a hundred thousand as it grows, in whatever way they fall together', () => {
    // counting in each slot, in steps of powers of two and in both ends: what a hash would like to make one
    const patterns: ((n: number) => number[])[] = [
      (n) => [n, 0, 0],
      (n) => [0, 0, n],
      (n) => [n, n, n],
      (n) => [n % 47, Math.floor(n / 47) % 47, Math.floor(n / 47 / 47)],
      (n) => [(n << 16) >>> 0, n >>> 16, 0xffff_ffff - n],
      (n) => [Math.imul(n, 0x9e37_79b9) >>> 0, 1, Math.imul(n, 0x85eb_ca6b) >>> 0],
    ];
    for (const pattern of patterns) {
      const store = new StateStore(3);
      const count = 20_000;
      for (let n = 0; n < count; n++) if (store.add(pattern(n), null) !== n) throw new Error(`${n} was there`);
      for (let n = 0; n < count; n++) if (store.find(pattern(n)) !== n) throw new Error(`${n} is lost`);
      expect(store.size).toBe(count);
      expect(loaded(store, count - 1, 3)).toEqual(pattern(count - 1));
    }
  });

  test('of no slots keeps one state', () => {
    const store = new StateStore(0);
    expect([store.find([]), store.add([], null), store.add([], null), store.find([]), store.size]).toEqual([
      null,
      0,
      0,
      0,
      1,
    ]);
  });

  test('knows the way to a state by which it was found first', () => {
    const store = new StateStore(1);
    const [a, b] = [store.add([10], null), store.add([11], 0)];
    const c = store.add([12], b);
    expect(store.add([12], a)).toBe(c);
    expect(store.path(c)).toEqual([a, b, c]);
    expect(store.path(a)).toEqual([a]);
  });

  test('keeps the ways while it grows', () => {
    const store = new StateStore(2);
    for (let n = 0; n < 5_000; n++) store.add([n, 7], n === 0 ? null : (n - 1) >> 1);
    // a binary tree
    const way = (n: number): number[] => (n === 0 ? [0] : [...way((n - 1) >> 1), n]);
    for (const leaf of [1, 2, 511, 512, 4_999]) expect(store.path(leaf)).toEqual(way(leaf));
    expect(store.bytes).toBeGreaterThan(5_000 * 3 * 4);
  });
});

describe('a store that is full', () => {
  test.each([1, 2, 511, 512, 513, 1_000, 1_024, 0xffff])('at %d says so, and loses nothing', (most) => {
    const store = new StateStore(2, most);
    for (let n = 0; n < most; n++) if (store.add([n, n], null) !== n) expect.fail(`state ${n} has another number`);
    for (let again = 0; again < 3; again++) {
      expect(() => store.add([most + again, 0], 0)).toThrow(StoreFull);
      expect(store.find([most + again, 0])).toBeNull();
    }
    expect(store.size).toBe(most);
    for (let n = 0; n < most; n++) {
      // what it knows it still answers for
      if (store.add([n, n], 0) !== n || loaded(store, n, 2).join() !== `${n},${n}`) expect.fail(`state ${n} is lost`);
    }
    expect(store.path(most - 1)).toEqual([most - 1]);
  });

  test('of no states takes none', () => {
    expect(() => new StateStore(1, 0).add([1], null)).toThrow(StoreFull);
  });
});
