import { readFileSync } from 'node:fs';

/** Holdfast's own version, from the package that this file lies in (two folders up, from `src/` as from `dist/`). */
export function versionOf(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
