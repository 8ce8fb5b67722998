import { existsSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import type { Version } from '../report/diff.ts';
import type { Unloadable } from '../report/outcome.ts';
import { quoted, safe } from '../report/text.ts';
import { checkOut, commitOf } from './diff-revision.ts';
import { DEFAULT_FOLDER, type Loaded, load } from './load.ts';
import { UsageError } from './usage-error.ts';

/** The models of one version. */
export interface Side {
  readonly version: Version;
  /** Their files go by their paths within the version, so that those of two versions compare. */
  readonly loaded: readonly Loaded[];
  readonly unloadable: readonly Unloadable[];
  /** A file as a reader would type it: `main:models/race.ts`. */
  readonly fileText: (file: string) => string;
  /** A message with its places as a reader would type them. */
  readonly shown: (message: string) => string;
}

/**
 * Loads the models of both versions. What has to be written for that is gone afterwards.
 *
 * @throws UsageError where one is neither a revision nor a folder, or where there is nothing at the paths in either
 */
export async function sidesOf(base: string, head: string, paths: readonly string[]): Promise<readonly [Side, Side]> {
  const places = [placeOf(base), placeOf(head)] as const;
  const inside = paths.map(pathInside);
  const temporary = mkdtempSync(join(realpathSync(tmpdir()), 'holdfast-diff-'));
  const remove = (): void => rmSync(temporary, { recursive: true, force: true });
  // also where a file of a model ends the process, or somebody interrupts
  const interrupted = (): void => {
    remove();
    process.kill(process.pid, 'SIGINT');
  };
  process.on('exit', remove).once('SIGINT', interrupted);
  const ours = shareXState();
  try {
    const [before, after] = places.map((place) => opened(place, temporary)) as [Opened, Opened];
    const there = [before, after].map((one) => inThere(one, inside)) as [string[], string[]];
    if (there.flat().length === 0) throw nothingThere(inside, before, after);
    return [await loaded(before, there[0]), await loaded(after, there[1])];
  } finally {
    ours.deregister();
    remove();
    process.off('exit', remove).off('SIGINT', interrupted);
  }
}

type Place = { readonly name: string } & (
  | { readonly kind: 'folder' }
  | { readonly kind: 'revision'; readonly commit: string }
);

/** A version, and the folder in which it can be read. */
interface Opened {
  readonly place: Place;
  readonly root: string;
}

function placeOf(name: string): Place {
  const isFolder = statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
  const known = commitOf(name);
  if (isFolder && 'commit' in known) {
    throw new UsageError(`${safe(name)}: a revision and a folder`, {
      code: 'E-REVISION',
      where: 'the command line',
      why: 'git knows a revision of this name, and there is a folder of this name too',
      instead: `./${safe(name)} for the folder, or refs/heads/${safe(name)} for the branch`,
    });
  }
  if (isFolder) return { name, kind: 'folder' };
  if ('commit' in known) return { name, kind: 'revision', commit: known.commit };
  throw new UsageError(`${quoted(name)} is neither a revision nor a folder`, {
    code: 'E-REVISION',
    where: 'the command line',
    why: `there is no such folder, and as a revision: ${known.no}`,
    instead: 'a branch, a tag, a commit, HEAD~1, or a folder; the working tree is the folder "."',
  });
}

/** @throws UsageError where it leads out of the folder that we are in: there it could not be found in a revision */
function pathInside(path: string): string {
  const inside = normalize(isAbsolute(path) ? relative(process.cwd(), path) : path);
  if (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return inside;
  throw new UsageError(`${safe(path)}: not below the current folder`, {
    code: 'E-DIFF-PATH',
    where: 'the command line',
    why: 'it is looked for in both versions, from where you are',
    instead: 'a path below the current folder, or the command from a folder above',
  });
}

function opened(place: Place, temporary: string): Opened {
  if (place.kind === 'folder') return { place, root: place.name };
  return { place, root: checkOut(place.commit, mkdtempSync(join(temporary, 'version-'))) };
}

/** Of the paths those that the version has; without any its models, wherever they are. */
function inThere({ place, root }: Opened, paths: readonly string[]): string[] {
  const usual = place.kind === 'folder' && !existsSync(join(root, DEFAULT_FOLDER)) ? '.' : DEFAULT_FOLDER;
  return (paths.length === 0 ? [usual] : paths).map((path) => join(root, path)).filter((path) => existsSync(path));
}

function nothingThere(paths: readonly string[], ...sides: readonly Opened[]): UsageError {
  const names = sides.map(({ place }) => safe(place.name)).join(' nor in ');
  const wanted = paths.length === 0 ? `${DEFAULT_FOLDER}/` : paths.map(safe).join(', ');
  return new UsageError(`${wanted}: no such file or folder`, {
    code: 'E-PATH',
    where: 'the command line',
    why: `it is neither in ${names}`,
    instead: 'files or folders of models that one of them has, or both',
  });
}

async function loaded({ place, root }: Opened, there: readonly string[]): Promise<Side> {
  const within = (file: string): string => relative(root, file).split(sep).join('/');
  const isFolder = place.kind === 'folder';
  const fileText = (file: string): string => (isFolder ? join(root, file) : `${place.name}:${file}`);
  const shown = (message: string): string =>
    isFolder
      ? message
      : [resolve(root), relative(process.cwd(), root)].reduce(
          (text, path) => text.replaceAll(`${path}${sep}`, `${place.name}:`),
          message,
        );
  const version: Version = { name: place.name, ...(!isFolder && { commit: place.commit }) };
  if (there.length === 0) return { version, loaded: [], unloadable: [], fileText, shown };
  try {
    const found = await load(there, 'check');
    return {
      version,
      loaded: found.loaded.map(({ file, model }) => ({ file: within(file), model })),
      unloadable: found.unloadable.map((one) => ({ ...one, file: within(one.file), message: shown(one.message) })),
      fileText,
      shown,
    };
  } catch (error) {
    if (error instanceof UsageError) error.message = shown(error.message);
    throw error;
  }
}

/** Machines of both sides are made by the XState that checks them: a folder may have one of its own. */
function shareXState(): { deregister(): void } {
  return registerHooks({
    resolve(specifier, context, nextResolve) {
      const isXState = specifier === 'xstate' || specifier.startsWith('xstate/');
      return nextResolve(specifier, isXState ? { ...context, parentURL: import.meta.url } : context);
    },
  });
}
