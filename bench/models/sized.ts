import { type Assignment, defineModel, type Model } from '../../src/explore/model.ts';
import { cases, type Family } from '../cases.ts';

/**
 * A model of `models/conformance/` at the sizes of the benchmark: the same machines, wires and properties, with a variant for
 * each size that expects the counts of the table. So `holdfast check` of a variant ends with 0 where the counts are
 * right, all invariants hold and all witnesses are reached, and with 1 otherwise.
 */
export function sized(family: Family, model: Model, optionOf: (...size: number[]) => Assignment): Model {
  const own = cases.filter((one) => one.family === family);
  return defineModel({
    name: family,
    about: model.about,
    options: { size: own.map(({ name }) => name) },
    variants: Object.fromEntries(
      own.map(({ name, states, transitions, deadlocks }) => [
        name,
        {
          option: { size: name },
          expect: deadlocks > 0 ? { deadlock: 'violated' } : {},
          figures: { states, transitions, deadlocks },
        },
      ]),
    ),
    build: ({ size }) => model.build(optionOf(...own.find(({ name }) => name === size)!.size)),
  });
}
