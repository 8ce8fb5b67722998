import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shellWord } from '../report/text.ts';
import { pathText, sayingOf } from './blame.ts';
import { firstModel } from './first-model.ts';
import { UsageError } from './usage-error.ts';

/**
 * Writes a first model and its test below a folder, and says how to run them. Nothing that is there is overwritten.
 *
 * @throws UsageError where a file is there already, or none can be written
 */
export function initCommand(folder: string): 0 {
  const files = Object.entries(firstModel).map(([path, text]) => ({ path: join(folder, path), text }));
  const there = files.filter(({ path }) => existsSync(path)).map(({ path }) => path);
  if (there.length > 0) throw isThere(folder, there);
  for (const { path, text } of files) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      // between the look above and now somebody else may have come
      writeFileSync(path, text, { flag: 'wx' });
    } catch (error) {
      throw unwritable(folder, path, error);
    }
  }
  const written = files.map(({ path }) => `  ${pathText(path)}`);
  process.stdout.write(`${['written:', ...written, '', 'next:', ...nextSteps(folder)].join('\n')}\n`);
  return 0;
}

/** What is still to be typed: what the folder's package.json has already is left out. */
function nextSteps(folder: string): string[] {
  const { type, dependencies = {}, devDependencies = {} } = packageOf(folder) ?? {};
  const missing = ['holdfast', 'xstate', 'vitest', 'typescript'].filter(
    (name) => !Object.hasOwn({ ...dependencies, ...devDependencies }, name),
  );
  return [
    ...(folder === '.' ? [] : [`  cd ${shellWord(folder)}`]),
    ...(existsSync(join(folder, 'package.json')) ? [] : ['  npm init -y']),
    ...(type === 'module' ? [] : ['  npm pkg set type=module']),
    ...(missing.length === 0 ? [] : [`  npm install --save-dev ${missing.join(' ')}`]),
    '  npx holdfast check',
    '  npx vitest run',
  ];
}

interface Package {
  readonly type?: string;
  readonly dependencies?: object;
  readonly devDependencies?: object;
}

function packageOf(folder: string): Package | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
  } catch {
    return undefined;
  }
}

const isThere = (folder: string, paths: readonly string[]): UsageError =>
  new UsageError(`${paths.join(', ')}: there already`, {
    code: 'E-INIT-THERE',
    where: `init ${shellWord(folder)}`,
    why: 'it would be overwritten',
    instead: 'another folder, holdfast init DIR, or that file moved away',
  });

const unwritable = (folder: string, path: string, error: unknown): UsageError =>
  new UsageError(`${path}: cannot be written`, {
    code: 'E-INIT-FOLDER',
    where: `init ${shellWord(folder)}`,
    why: sayingOf(error),
    instead: 'a folder that you may write to; it is made where there is none',
  });
