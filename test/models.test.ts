import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents, lightened } from '../src/cli/docs.ts';
import { DocsFolder } from '../src/cli/docs-folder.ts';
import { readFigures } from '../src/cli/figures-file.ts';
import { load } from '../src/cli/load.ts';
import { check, surprises } from '../src/explore/check.ts';
import { changesSince } from '../src/explore/measured.ts';
import type { Model, Variant } from '../src/explore/model.ts';
import type { Report } from '../src/explore/verdict.ts';
import { documents as ledgerDocuments } from '../src/ledger/documents.ts';
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
  const report = reports.get(name) ?? lightened(check(model, variant, { coverage: true }));
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
  const { loaded } = await load(['models'], 'docs');
  const reportsOf = (model: Model) => model.variants.map((variant) => ({ variant, report: reportOf(model, variant) }));
  let known: ReturnType<typeof ledgerDocuments> | undefined;
  const ledgers = () => {
    known ??= ledgerDocuments(
      gathered,
      gathered.models.map(({ file, model }) => ({
        file,
        model,
        reports: new Map(reportsOf(model).map(({ variant, report }) => [variant.name, report])),
      })),
      (model, variant, runs) => (runs ? check(model, variant) : reportOf(model, variant)),
    );
    return known;
  };

  // by itself this test runs every model
  test('rest on decisions that the models bear out', { timeout: 600_000 }, () => {
    expect(ledgers().problems).toEqual([]);
  });

  test('are current', { timeout: 600_000 }, async () => {
    const stale = Object.entries(ledgers().files).filter(([path, text]) => {
      const file = join(root, path);
      return !existsSync(file) || readFileSync(file, 'utf8') !== text;
    });
    const folder = new DocsFolder('docs');
    const texts = await documents(
      loaded.map(({ file, model }) => ({ file, model, variants: reportsOf(model) })),
      folder,
    );
    expect(
      [...stale.map(([path]) => path), ...folder.differences(texts).map(({ path, is }) => `docs/${path} is ${is}`)],
      'npm run docs writes them',
    ).toEqual([]);
  });

  test('lead nowhere where there is nothing', () => {
    const broken = globSync(['README.md', 'ARCHITECTURE.md', 'docs/**/*.md'], { cwd: root }).flatMap((page) => {
      const text = readFileSync(join(root, page), 'utf8').replaceAll(/```.*?```|`[^`\n]*`/gs, '');
      const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
      return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, to]) => to!)
        .filter((to) => !/^https?:/.test(to))
        .filter((to) => (/^#p\d/.test(to) ? !anchors.has(to.slice(1)) : !isThere(join(root, dirname(page)), to)))
        .map((to) => `${page} leads to ${to}`);
    });
    expect(broken).toEqual([]);
  });
});

/** Whether a page or a file is there; the anchors that pages of the ledgers have are looked for too. */
function isThere(from: string, to: string): boolean {
  const [path = '', anchor] = decodeURIComponent(to).split('#');
  const file = path === '' ? undefined : join(from, path);
  if (file === undefined) return true;
  if (!existsSync(file)) return false;
  const isRow = anchor !== undefined && /^(?:S\d+|KB|H)-\d+$|^V\d+$/.test(anchor);
  return !isRow || readFileSync(file, 'utf8').includes(`<a id="${anchor}"></a>`);
}
