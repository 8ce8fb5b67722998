import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { safe } from '../report/text.ts';

/** Where in a user's file an error was thrown. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** How much of a line of code is shown. */
const LONG = 100;
/** The folder of Holdfast's own code, `src/` or `dist/`. */
const HOME = fileURLToPath(new URL('..', import.meta.url));
/** What in it is Holdfast's: in Holdfast's own repository, machines and models are a user's. */
const OURS = /^(?:(?:explore|checkpoint|report|cli|fast-check|conform)[/\\]|(?:main|index)\.[jt]s$)/;

/**
 * Whose mistake an error is that nobody explained.
 *
 * The innermost frame decides that is not Node's: a user's file, or a library that a user's machine called (XState, for
 * what a machine leaves out), makes it the specification's; Holdfast's own code makes it ours.
 */
export function blame(error: unknown): { readonly fault: 'spec' | 'ours'; readonly place?: Place } {
  let isLibrary = false;
  for (const frame of frames(error)) {
    if (isOurs(frame.file)) return { fault: isLibrary ? 'spec' : 'ours' };
    if (!/[/\\]node_modules[/\\]/.test(frame.file)) return { fault: 'spec', place: frame };
    isLibrary = true;
  }
  return { fault: isLibrary ? 'spec' : 'ours' };
}

/** Where in a user's file it was asked for what an error is about: the innermost frame of the specification, if it has one. */
export function placeOf(error: Error): Place | undefined {
  const about = error.cause instanceof Error ? error.cause : error;
  return frames(about).find(({ file }) => !isOurs(file) && !/[/\\]node_modules[/\\]/.test(file));
}

/** The place with what stands there, as far as it can be read: `race.ts:12: return room.hodler.hasTag('rest');`. */
export function placeWithCode(place: Place): string {
  try {
    const code = readFileSync(place.file, 'utf8').split('\n')[place.line - 1]?.trim() ?? '';
    return `${placeText(place)}${code === '' ? '' : `: ${safe(code.slice(0, LONG))}`}`;
  } catch {
    return placeText(place);
  }
}

/** What an error says, in one line, whatever it is that was thrown. */
export function sayingOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `it throws ${String(error)}`;
  return safe(text.split('\n')[0]!.trim());
}

export const placeText = ({ file, line }: Place): string => `${pathText(file)}:${line}`;

/** A path as a reader would type it: from here, where it is below here. */
export function pathText(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith(`..${sep}..`) ? file : path.split(sep).join('/');
}

const isOurs = (file: string): boolean => file.startsWith(HOME) && OURS.test(file.slice(HOME.length));

/** The files on an error's stack, innermost first, Node's own left out. A syntax error names its place above the stack. */
function frames(error: unknown): Place[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  return error.stack.split('\n').flatMap((text, i) => {
    const [, path, line] =
      /^\s+at (?:.* \()?((?:file:|\/|[A-Za-z]:\\).*?):(\d+):\d+\)?$/.exec(text) ??
      (i === 0 ? /^((?:file:|\/|[A-Za-z]:\\).*?):(\d+)$/.exec(text) : null) ??
      [];
    if (path === undefined) return [];
    const file = path.startsWith('file:') ? fileURLToPath(path.replace(/\?.*$/, '')) : path;
    return [{ file, line: Number(line) }];
  });
}
