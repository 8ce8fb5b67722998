import 'holdfast/vitest';
import { assert, property } from 'fast-check';
import { runs } from 'holdfast/fast-check';
import { expect, test } from 'vitest';
import race from './race.ts';

test('an update is lost', () => {
  expect(race).toViolate('no update is lost', { variant: 'default', within: 4 });
  expect(race).toHold({ property: 'deadlock' });
  expect(race).toReach('both are done');
  expect(race).toTakeEveryTransition();
});

test('every run stores at most twice', () => {
  const isFew = property(runs(race), ({ steps }) => steps.flatMap(({ sent }) => sent).length <= 2);
  expect(() => assert(isFew)).not.toThrow();
});
