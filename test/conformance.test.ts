import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check, surprises } from '../src/explore/check.ts';
import type { Model } from '../src/explore/model.ts';
import { reference } from './reference.ts';

/**
 * Other checkers publish counts and verdicts of models; written as machines, the same models must give the same.
 *
 * The sizes that take longer are left to `npm run check`.
 */
const small = 20_000;
const tiny = 1_000;

const files = readdirSync(new URL('../models/conformance/', import.meta.url)).filter((file) => file.endsWith('.ts'));
const models = await Promise.all(
  files.map(async (file): Promise<Model> => (await import(`../models/conformance/${file.slice(0, -3)}.ts`)).default),
);

describe.each(models.map((model) => [model.name, model] as const))('%s', (_, model) => {
  test('every variant states its size', () => {
    for (const { figures } of model.variants) {
      expect(Object.keys(figures)).toEqual(expect.arrayContaining(['states', 'transitions', 'deadlocks', 'depth']));
    }
  });

  const variants = model.variants.filter(({ figures }) => figures.states! <= small);
  test.each(variants.map((variant) => [variant.name, variant] as const))('%s: size and verdicts', (_, variant) => {
    const report = check(model, variant);
    expect(report.limit).toBeUndefined();
    expect(surprises(report, variant)).toEqual([]);

    if (report.stats.states > tiny) return;
    const { verdicts, ...found } = reference(model.build(variant.option));
    const { states, transitions, deadlocks, unhandled, depth } = report.stats;
    expect(found).toMatchObject({ states, transitions, deadlocks, unhandled, depth, finished: true });
    expect(Object.fromEntries([...verdicts].map(([property, { kind, steps }]) => [property, [kind, steps]]))).toEqual(
      Object.fromEntries(report.verdicts.map(({ property, kind, steps }) => [property, [kind, steps]])),
    );
  });
});

test('no model has gone missing', () => {
  expect(models.map(({ name }) => name).toSorted()).toEqual([
    'dekker',
    'die-hard',
    'dining-philosophers',
    'increment',
    'increment-lock',
    'kernel',
    'missionaries',
    'peterson',
    'ping-pong',
    'ring-election',
    'sliding-window',
    'transaction-commit',
    'two-phase-commit',
  ]);
});
