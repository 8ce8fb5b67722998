import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { endianness } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Identity } from '../explore/kept.ts';
import { sha256 } from './format.ts';

/** Which module has imported which, by URL. */
type Imports = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Watches what is imported from here on, so that afterwards it is known which files a model was made from.
 *
 * @returns what ends the watch
 */
export function watchImports(): () => Imports {
  const imports = new Map<string, Set<string>>();
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const { parentURL = '' } = context;
      imports.set(parentURL, (imports.get(parentURL) ?? new Set()).add(resolved.url));
      return resolved;
    },
  });
  return () => {
    hooks.deregister();
    return imports;
  };
}

/**
 * The files that a model's file has imported, itself and what they import included, each with its checksum: a search can
 * be gone on with where none of them has changed.
 */
export function sourcesOf(file: string, imports: Imports): Identity {
  const path = realpathSync(file);
  const model = pathToFileURL(path).href;
  const found = new Set([model]);
  for (const url of found) for (const other of imports.get(url) ?? []) found.add(other);
  const files = [...found].filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
  const home = dirname(path);
  return Object.fromEntries(
    files
      .map(
        (one) => [`file ${relative(home, one).split(sep).join('/')}`, `sha256 ${sha256(readFileSync(one))}`] as const,
      )
      .sort(),
  );
}

/** What else has to be the same: what explores, and what it asks. */
export function toolsOf(version: string): Identity {
  return {
    Holdfast: version,
    'code of Holdfast': `sha256 ${folderSum(fileURLToPath(new URL('../explore/', import.meta.url)))}`,
    XState: packageVersion(fileURLToPath(import.meta.resolve('xstate'))),
    'order of bytes': endianness(),
  };
}

function folderSum(folder: string): string {
  const hash = createHash('sha256');
  for (const file of globSync('**/*.{ts,js}', { cwd: folder }).sort())
    hash.update(`${file.split(sep).join('/')} ${sha256(readFileSync(join(folder, file)))}\n`);
  return hash.digest('hex');
}

function packageVersion(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string };
  return version ?? sha256(readFileSync(file));
}
