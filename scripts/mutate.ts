import { writeFileSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { gather } from '../src/ledger/gather.ts';
import { type Hunt, hunt, joined, type Share } from '../src/mutate/hunt.ts';
import { mutationPage, problemsOf, scoreOf } from '../src/mutate/page.ts';

/**
 * `npm run mutate`: tries every mutant of every machine and writes docs/mutation.md. Fails where a survivor is not explained.
 * `npm run mutate -- handler notifier`: only of these machines; writes nothing.
 *
 * Each worker tries a share of the mutants; what comes out does not depend on how many there are.
 */
const root = resolve(import.meta.dirname, '..');
const only = process.argv.slice(2);
const { models, survivors } = await gather(root);

if (isMainThread) await main();
else parentPort!.postMessage(shareOf(workerData as Share));

async function main(): Promise<void> {
  const of = Math.min(availableParallelism(), 8);
  const found = joined(await Promise.all(Array.from({ length: of }, (_, part) => inWorker({ part, of }))));
  const { counted, caught } = scoreOf(found.hunted);
  console.log(`${caught} of ${counted} caught, in ${found.models.length} variants`);
  if (only.length > 0) return;
  const problems = problemsOf(found, survivors);
  for (const problem of problems) console.error(problem);
  writeFileSync(join(root, 'docs/mutation.md'), mutationPage(found, survivors));
  console.log('docs/mutation.md written');
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function inWorker(share: Share): Promise<Hunt> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(import.meta.filename, { workerData: share, argv: only });
    worker.once('message', resolve).once('error', reject);
  });
}

function shareOf(share: Share): Hunt {
  return hunt(
    models.map(({ model }) => model),
    'repaired',
    only,
    ({ mutant, fate }) => {
      // A worker's console is heard only when the worker has ended.
      if (fate.kind === 'survived') writeSync(1, `survived  ${mutant.name}\n`);
      if (fate.kind === 'refused') writeSync(1, `refused   ${mutant.name}: ${fate.why}\n`);
    },
    share,
  );
}
