import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Applied } from '../../src/explore/applied.ts';
import { tries } from './kit.ts';

const entry = fc.record({
  half: fc.oneof(fc.nat(20), fc.nat(2_000)),
  effect: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 400 })),
  next: fc.nat(100_000),
});

test.each([
  ['as few cells as there can be', 0],
  ['room for some', 2 ** 16],
  ['room for all', 2 ** 22],
])('what effects make of halves is remembered as by a map, with %s', (_, mostCells) => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 300, size: 'max' }), (entries) => {
      const applied = new Applied(mostCells);
      const known = new Map<string, number>();
      for (const { half, effect, next } of entries) {
        const code = `${half} ${effect}`;
        expect(applied.get(half, effect)).toBe(known.get(code) ?? -1);
        if (known.has(code)) continue;
        applied.set(half, effect, next);
        known.set(code, next);
      }
      for (const { half, effect } of entries) expect(applied.get(half, effect)).toBe(known.get(`${half} ${effect}`));
    }),
    tries(50),
  );
});
