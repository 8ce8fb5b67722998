import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { documents, lightened } from '../src/cli/docs.ts';
import { DocsFolder } from '../src/cli/docs-folder.ts';
import { load } from '../src/cli/load.ts';
import { check } from '../src/explore/check.ts';
import { documents as ledgerDocuments } from '../src/ledger/documents.ts';
import { gather } from '../src/ledger/gather.ts';

/**
 * `npm run docs`: runs every model and writes what was found to docs/: the pages of the ledgers, and what `holdfast docs models --out docs`
 * makes of the same reports.
 * `npm run docs -- --check`: writes nothing, and fails where a document is not what would be written.
 */
const root = resolve(import.meta.dirname, '..');
process.chdir(root);
const onlyChecks = process.argv.includes('--check');

const { loaded } = await load(['models'], 'docs');
const documented = loaded.map(({ file, model }) => ({
  file,
  model,
  variants: model.variants.map((variant) => ({ variant, report: lightened(check(model, variant)) })),
}));
const gathered = await gather(root);
const checked = gathered.models.map(({ file, model }) => {
  const { variants } = documented.find((one) => one.file === file)!;
  return { file, model, reports: new Map(variants.map(({ variant, report }) => [variant.name, report])) };
});
const { files, problems } = ledgerDocuments(gathered, checked, (model, variant, runs = false) =>
  check(model, variant, { runs }),
);

for (const problem of problems) console.error(problem);
const stale = Object.entries(files).filter(([path, text]) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
for (const [path, text] of stale) {
  if (!onlyChecks) writeFileSync(join(root, path), text);
  console.log(onlyChecks ? `${path} is not current: npm run docs` : `${path} written`);
}

// after the ledgers, whose rows the pages of models lead to
const folder = new DocsFolder('docs');
const texts = await documents(documented, folder);
const differences = folder.differences(texts);
for (const difference of differences) {
  if (!onlyChecks) folder.settle(difference, texts);
  const done = difference.is === 'superfluous' ? 'removed' : 'written';
  console.log(`${folder.path(difference.path)} ${onlyChecks ? `is ${difference.is}: npm run docs` : done}`);
}
process.exitCode = problems.length > 0 || (onlyChecks && stale.length + differences.length > 0) ? 1 : 0;
