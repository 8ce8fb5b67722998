import 'holdfast/vitest';
import { expect, test } from 'vitest';
import race from './race.ts';

test('an update is lost', () => {
  expect(race).toViolate('no update is lost', { variant: 'default', within: 4 });
  expect(race).toHold({ property: 'deadlock' });
  expect(race).toReach('both are done');
  expect(race).toTakeEveryTransition();
});
