import { getCompileCacheDir } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check } from '../explore/check.ts';
import type { Variant } from '../explore/model.ts';
import { checkTogether } from '../explore/parallel/check.ts';
import type { FileAndOption } from '../explore/parallel/from-file.ts';
import { Pool } from '../explore/parallel/pool.ts';
import type { Origin } from '../explore/parallel/protocol.ts';
import type { Subject } from '../report/outcome.ts';
import type { CheckFlags } from './flags.ts';
import type { Checker } from './long.ts';
import { UsageError } from './usage-error.ts';

/** How variants are checked by so many threads, which are started with the first search that is large. */
export function checkerWith(workers: number): (subjects: readonly Subject[]) => Checker {
  if (workers === 1) return () => check;
  const pool = new Pool(workers, withCompileCache());
  return (subjects) => (model, variant, settings) => {
    const { file } = subjects.find((subject) => subject.model === model)!;
    return checkTogether(model, variant, settings, pool, originOf(file, variant));
  };
}

/** The environment for threads: they use no compile cache unless it says where one is. */
function withCompileCache(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) };
}

function originOf(file: string, { option }: Variant): Origin {
  const given: FileAndOption = { url: pathToFileURL(resolve(file)).href, option };
  const own = import.meta.url.endsWith('.ts') ? 'from-file.ts' : 'from-file.js';
  return { module: new URL(`../explore/parallel/${own}`, import.meta.url).href, make: 'compositionOf', given };
}

/** @throws UsageError where a search is to be kept that threads share */
export function checkWorkers({ workers = 1, checkpoint, resume }: CheckFlags): void {
  if (workers === 1 || (checkpoint === undefined && resume === undefined)) return;
  throw new UsageError('a search of several threads cannot be kept', {
    code: 'E-CHECKPOINT-WORKERS',
    where: '--workers',
    why: 'a checkpoint is of a search on one thread',
    instead: 'either more than one worker or a checkpoint',
  });
}
