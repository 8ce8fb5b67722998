import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFigures } from '../src/cli/figures-file.ts';
import { check, surprises } from '../src/explore/check.ts';
import { changesSince } from '../src/explore/measured.ts';
import type { Model, Variant } from '../src/explore/model.ts';
import type { Report } from '../src/explore/verdict.ts';
import { documents } from '../src/ledger/documents.ts';
import { gather } from '../src/ledger/gather.ts';
import { debtsOf } from '../src/ledger/promises.ts';
import { repairedIn } from '../src/ledger/rulebook.ts';
import { changeTexts } from '../src/report/changes.ts';

/**
 * A model states its own verdicts, and where they are published its sizes. What else was measured of it is kept beside it: a
 * changed count with an unchanged verdict is still news, since the model no longer means what it meant.
 */
const root = resolve(import.meta.dirname, '..');

/** Each variant is run once, for all tests of this file. */
const reports = new Map<string, Report>();
function reportOf(model: Model, variant: Variant): Report {
  const name = `${model.name} ${variant.name}`;
  const report = reports.get(name) ?? check(model, variant, { runs: false, coverage: true });
  reports.set(name, report);
  return report;
}

for (const file of globSync('models/**/*.ts', { cwd: root }).sort()) {
  const { default: model } = (await import(join(root, file))) as { default: Model | undefined };
  if (model?.kind !== 'holdfast.model') continue; // a file of presets, shared by models
  describe(file, () => {
    const kept = readFigures(join(root, file))?.figures;
    test('has figures of all its variants, and of no others', () => {
      expect([...(kept?.keys() ?? [])].sort()).toEqual(model.variants.map(({ name }) => name).sort());
    });
    for (const variant of model.variants) {
      test(`${variant.name} gives what it expects`, () => {
        const report = reportOf(model, variant);
        expect(report.limit).toBeUndefined();
        expect(surprises(report, variant)).toEqual([]);
      });
      test(`${variant.name} is as it was measured before`, () => {
        expect(changeTexts(changesSince(kept?.get(variant.name), reportOf(model, variant), false))).toEqual([]);
      });
    }
  });
}

describe('the repaired kernel keeps every invariant, and reaches what P6 reaches', async () => {
  const { models, kernels } = await gather(root);
  for (const { file, model } of models.filter((one) => repairedIn(one.model).length > 0)) {
    test(`in ${file}`, () => {
      const reports = new Map(model.variants.map((variant) => [variant.name, reportOf(model, variant)]));
      expect(debtsOf([{ file, model, reports }], kernels)).toEqual([]);
    });
  }
});

describe('the documents made by npm run docs', async () => {
  const gathered = await gather(root);
  const made = () =>
    documents(
      gathered,
      gathered.models.map(({ file, model }) => ({
        file,
        model,
        reports: new Map(model.variants.map((variant) => [variant.name, reportOf(model, variant)])),
      })),
      (model, variant, runs) => (runs ? check(model, variant) : reportOf(model, variant)),
    );

  // by itself this test runs every model
  test('rest on decisions that the models bear out', { timeout: 600_000 }, () => {
    expect(made().problems).toEqual([]);
  });

  test('are current', { timeout: 600_000 }, () => {
    const stale = Object.entries(made().files).filter(([path, text]) => {
      const file = join(root, path);
      return !existsSync(file) || readFileSync(file, 'utf8') !== text;
    });
    expect(
      stale.map(([path]) => path),
      'npm run docs writes them',
    ).toEqual([]);
  });
});
