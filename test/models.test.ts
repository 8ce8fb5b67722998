import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, surprises } from '../src/explore/check.ts';
import type { Model } from '../src/explore/model.ts';

/**
 * A model states its own verdicts, and where they are published its sizes. A changed count with an unchanged verdict is
 * still news: the model no longer means what it meant.
 */
const root = resolve(import.meta.dirname, '..');
for (const file of globSync('models/**/*.ts', { cwd: root }).sort()) {
  const { default: model } = (await import(join(root, file))) as { default: Model | undefined };
  if (model?.kind !== 'holdfast.model') continue; // a file of presets, shared by models
  describe(file, () => {
    for (const variant of model.variants) {
      test(`${variant.name} gives what it expects`, () => {
        const report = check(model, variant, { runs: false });
        expect(report.limit).toBeUndefined();
        expect(surprises(report, variant)).toEqual([]);
      });
    }
  });
}
