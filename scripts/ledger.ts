import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { check } from '../src/explore/check.ts';
import { documents } from '../src/ledger/documents.ts';
import { gather } from '../src/ledger/gather.ts';

/**
 * `npm run docs`: runs every model of the protocol and writes what was found to docs/.
 * `npm run docs -- --check`: writes nothing, and fails where a document is not what would be written.
 */
const root = resolve(import.meta.dirname, '..');
const onlyChecks = process.argv.includes('--check');

const gathered = await gather(root);
const checked = gathered.models.map(({ file, model }) => ({
  file,
  model,
  reports: new Map(model.variants.map((variant) => [variant.name, check(model, variant, { runs: false })])),
}));
const { files, problems } = documents(gathered, checked, (model, variant, runs = false) =>
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
process.exitCode = problems.length > 0 || (onlyChecks && stale.length > 0) ? 1 : 0;
