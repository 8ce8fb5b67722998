import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode } from '../../src/explore/encode.ts';
import { fromJson, toJson } from '../../src/explore/json.ts';
import { tries } from './kit.ts';

/** Whatever a model may hold: `encode` tells it apart. */
const data = fc.anything({
  withBigInt: true,
  withNullPrototype: true,
  key: fc.oneof(fc.string(), fc.constantFrom('__proto__', '#bigint', '#number', '#object', '#undefined', '#bare')),
  values: [
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(null, undefined, -0, Number.NaN, Number.POSITIVE_INFINITY, 1n),
  ],
});

describe('data that have been written as JSON', () => {
  test('are read as what they were', () => {
    fc.assert(
      fc.property(data, (value) => {
        const read = fromJson(JSON.parse(JSON.stringify(toJson(value))));
        expect(encode(read, '')).toBe(encode(value, ''));
      }),
      tries(500),
    );
  });

  test('are as they are wherever JSON has a form for them', () => {
    const plain = { a: [1, 'x', null, true, { b: {} }], '#': 1, c: { '#x': 1, y: 2 } };
    expect(toJson(plain)).toEqual({ ...plain, '#': 1 });
  });

  test('are marked where it has none', () => {
    expect(toJson([10n, undefined, Number.NaN, -0, { '#bigint': 'x' }])).toEqual([
      { '#bigint': '10' },
      { '#undefined': true },
      { '#number': 'NaN' },
      { '#number': '-0' },
      { '#object': { '#bigint': 'x' } },
    ]);
  });
});
