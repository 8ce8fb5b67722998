import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PairList, ParentList } from '../../src/explore/state-lists.ts';
import { noParent } from '../../src/explore/store.ts';
import { tries } from './kit.ts';

const half = fc.oneof(
  fc.nat(9),
  fc.nat(70_000),
  fc.integer({ min: 0, max: 31 }).map((bits) => 2 ** bits - 1),
  fc.integer({ min: 0, max: 31 }).map((bits) => 2 ** bits),
  fc.nat(2 ** 32 - 1),
);

describe('a list of pairs', () => {
  test('keeps every pair, whatever comes after it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(half, half), { maxLength: 40 }), (pairs) => {
        const list = new PairList();
        for (const [left, right] of pairs) list.push(left, right);
        expect(pairs.map((_, id) => [list.left(id), list.right(id)])).toEqual(pairs);
      }),
      tries(300),
    );
  });

  test('takes one word for a pair while both fit, and two from then on', () => {
    const list = new PairList();
    list.push(2 ** 20 - 1, 2 ** 12 - 1);
    const { bytes } = list;
    list.push(2 ** 20, 2 ** 12 - 1);
    expect(list.bytes).toBe(2 * bytes);
    expect([list.left(0), list.right(0), list.left(1), list.right(1)]).toEqual([
      2 ** 20 - 1,
      2 ** 12 - 1,
      2 ** 20,
      2 ** 12 - 1,
    ]);
  });

  test('goes on in another segment', () => {
    const list = new PairList();
    const count = 2 ** 18 + 3;
    for (let id = 0; id < count; id++) list.push(id, id % 7);
    for (const id of [0, 1, 2 ** 16, 2 ** 18 - 1, 2 ** 18, count - 1]) {
      expect([list.left(id), list.right(id)]).toEqual([id, id % 7]);
    }
  });
});

describe('a list of parents', () => {
  const steps = fc.oneof(fc.constantFrom(0, 1), fc.nat(300), fc.integer({ min: -40, max: 100_000 }));

  test('keeps every parent, in whatever order it is asked', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 3_000 }), fc.array(fc.nat()), (differences, asked) => {
        const parents = [noParent];
        let last = 0;
        for (const difference of differences) {
          last = Math.max(0, last + difference);
          parents.push(last);
        }
        const list = new ParentList();
        for (const parent of parents) list.push(parent);
        const ids = [...asked.map((any) => any % parents.length), ...parents.keys()];
        expect(ids.map((id) => list.at(id))).toEqual(ids.map((id) => parents[id]));
      }),
      tries(100),
    );
  });

  test('takes a byte for a state', () => {
    const list = new ParentList();
    for (let id = 0; id < 2 ** 18; id++) list.push(id === 0 ? noParent : id >>> 2);
    expect(list.bytes / 2 ** 18).toBeLessThan(1.02);
  });
});
