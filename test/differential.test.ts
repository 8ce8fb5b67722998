import { expect, test } from 'vitest';
import { features, fuzz, median, share, table } from './fuzz.ts';

const seed = 20_240;
const systems = 3_000;

/** In how many of a hundred models each feature must occur, lest the agreement mean too little. */
const bar = 5;

test(`the explorer and the reference agree on ${systems} random models (seed ${seed})`, () => {
  const { difference, ...tally } = fuzz(systems, seed);
  console.log(`seed ${seed}\n${table(tally)}`);
  expect(difference).toBeUndefined();

  const rare = Object.keys(features).filter((feature) => share(tally, feature) < bar);
  expect(rare).toEqual([]);
  expect(median(tally.sizes)).toBeGreaterThanOrEqual(50);
  expect(tally.tooLarge).toBeLessThan(systems / 10);
}, 600_000);
