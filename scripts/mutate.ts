import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gather } from '../src/ledger/gather.ts';
import { hunt } from '../src/mutate/hunt.ts';
import { mutationPage, problemsOf, scoreOf } from '../src/mutate/page.ts';

/**
 * `npm run mutate`: tries every mutant of every machine and writes docs/mutation.md. Fails where a survivor is not explained.
 * `npm run mutate -- handler notifier`: only of these machines; writes nothing.
 */
const root = resolve(import.meta.dirname, '..');
const only = process.argv.slice(2);
const { models, survivors } = await gather(root);

const found = hunt(
  models.map(({ model }) => model),
  'repaired',
  only,
  ({ mutant, fate }) => {
    if (fate.kind === 'survived') console.log(`survived  ${mutant.name}`);
    if (fate.kind === 'refused') console.log(`refused   ${mutant.name}: ${fate.why}`);
  },
);
const { counted, caught } = scoreOf(found.hunted);
console.log(`${caught} of ${counted} caught, in ${found.models.length} models`);
if (only.length === 0) {
  const problems = problemsOf(found, survivors);
  for (const problem of problems) console.error(problem);
  writeFileSync(join(root, 'docs/mutation.md'), mutationPage(found, survivors));
  console.log('docs/mutation.md written');
  process.exitCode = problems.length > 0 ? 1 : 0;
}
