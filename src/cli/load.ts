import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Model } from '../explore/model.ts';
import { didYouMean, type Located, SpecError } from '../explore/spec-error.ts';
import type { Unloadable } from '../report/outcome.ts';
import { blame, placeText, sayingOf } from './blame.ts';
import { UsageError } from './usage-error.ts';

/** A model and the file it came from. */
export interface Loaded {
  readonly file: string;
  readonly model: Model;
}

let loading: string | undefined;

/** The file that is being loaded: one that ends the process, or never comes to an end, is told by this. */
export const fileBeingLoaded = (): string | undefined => loading;

/** What there was at the paths. */
export interface Found {
  readonly loaded: readonly Loaded[];
  readonly unloadable: readonly Unloadable[];
  /** Files of the folders that have no default export: what models share. Said in the summary, lest a model be forgotten. */
  readonly shared: readonly string[];
}

/** Where models are looked for when nothing is named. */
export const DEFAULT_FOLDER = 'models';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

/**
 * The models of the files and folders named, in order; those of a folder sorted by path.
 *
 * @throws UsageError where a path is not there or holds no file that could be a model
 */
export async function load(paths: readonly string[], command: 'check' | 'docs' | 'list' | 'simulate'): Promise<Found> {
  const files = filesOf(paths, command);
  const loaded: Loaded[] = [];
  const unloadable: Unloadable[] = [];
  const shared: string[] = [];
  for (const file of files) {
    loading = file;
    const one = await loadFile(file);
    if (one === 'shared' && !paths.includes(file)) shared.push(file);
    else if (one === 'shared')
      unloadable.push({ kind: 'unloadable', file, message: noModel(file, 'it has no default export') });
    else if ('model' in one) loaded.push(one);
    else unloadable.push(one);
  }
  loading = undefined;
  if (loaded.length + unloadable.length === 0) throw nothingThere(paths);
  return { loaded, unloadable, shared };
}

/** Each file once, also where it is named twice. */
function filesOf(paths: readonly string[], command: string): string[] {
  const seen = new Set<string>();
  const files = paths.flatMap((path) => {
    if (!existsSync(path)) throw notThere(path, paths, command);
    return statSync(path).isDirectory() ? filesIn(path) : [modelFile(path)];
  });
  return files.filter((file) => {
    const real = realpathSync(file);
    return !seen.has(real) && seen.add(real);
  });
}

/** Links to files are followed, links to folders are not: they may lead back to where they are. */
function filesIn(folder: string): string[] {
  return entriesOf(folder).flatMap((entry): string[] => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    const isModule = EXTENSIONS.includes(extname(path)) && !/\.d\.m?ts$/.test(path);
    return isModule && statSync(path, { throwIfNoEntry: false })?.isFile() ? [path] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new UsageError(`${folder}: cannot be read`, {
      code: 'E-FOLDER',
      where: 'the command line',
      why: sayingOf(error),
      instead: 'a folder that you may read',
    });
  }
}

function modelFile(path: string): string {
  if (EXTENSIONS.includes(extname(path))) return path;
  throw new UsageError(`${path}: not a model's file`, {
    code: 'E-FILE-NAME',
    where: 'the command line',
    why: `a model is a file that Node can import and whose name ends in ${EXTENSIONS.join(', ')}`,
    instead: 'the file that says `export default defineModel({ … })`, or a folder of such files',
  });
}

const nothingThere = (folders: readonly string[]): UsageError =>
  new UsageError(`${folders.join(', ')}: no models`, {
    code: 'E-NO-MODELS',
    where: 'the command line',
    why: `there is no file below it whose name ends in ${EXTENSIONS.join(', ')} and that has a default export`,
    instead: 'a folder of files that say `export default defineModel({ … })`',
  });

function notThere(path: string, all: readonly string[], command: string): UsageError {
  const folder = dirname(path);
  const isBare = folder === '.' && existsSync(DEFAULT_FOLDER);
  const near = [folder, ...(isBare ? [DEFAULT_FOLDER] : [])].filter((place) => existsSync(place));
  const known = near.flatMap((place) => readdirSync(place).map((name) => join(place, name)));
  const wanted = isBare && extname(path) === '' ? join(DEFAULT_FOLDER, `${basename(path)}.ts`) : path;
  const isDefault = all.length === 1 && path === DEFAULT_FOLDER;
  return new UsageError(`${path}: no such file or folder`, {
    code: 'E-PATH',
    where: isDefault ? `the folder that is looked into when none is named, in ${process.cwd()}` : 'the command line',
    why: `there is no ${resolve(path)}`,
    instead: isDefault
      ? `holdfast ${command} <files or folders>, or a folder models/`
      : `a file or a folder of models${didYouMean(wanted, known)}`,
  });
}

async function loadFile(file: string): Promise<Loaded | Unloadable | 'shared'> {
  let exported: { readonly default?: unknown };
  try {
    exported = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown };
  } catch (error) {
    return { kind: 'unloadable', file, message: whyNot(file, error) };
  }
  if (!('default' in exported)) return 'shared';
  if (isModel(exported.default)) return { file, model: exported.default };
  return { kind: 'unloadable', file, message: noModel(file, 'its default export is not what defineModel() returns') };
}

const isModel = (value: unknown): value is Model =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'holdfast.model';

const noModel = (file: string, why: string): string =>
  told(`${file}: no model`, { code: 'E-NO-MODEL', where: file, why, instead: 'export default defineModel({ … })' });

/** An error of an import, told without the stack: nobody is helped by the frames of Node's loader. */
function whyNot(file: string, error: unknown): string {
  if (error instanceof Error && error.name === 'SpecError') return `${file}: ${error.message}`;
  const { place } = blame(error);
  return told(`${file}: cannot be loaded`, {
    code: 'E-LOAD',
    where: place === undefined ? file : placeText(place),
    why: sayingOf(error),
    instead: insteadOf(error),
  });
}

function insteadOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'TypeScript that is JavaScript once its types are taken out, as Node runs it: a union of strings or an object for an enum, no parameter properties (tsc finds them with erasableSyntaxOnly)';
    case 'ERR_MODULE_NOT_FOUND':
      return /Cannot find package/.test(String(error))
        ? 'install the package where the model is, with npm install'
        : "imports of one's own files with their full names: './machine.ts', not './machine'";
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return 'packages below node_modules as JavaScript: Node takes types only out of files of your own';
    default:
      return error instanceof SyntaxError
        ? 'what Node can parse and link: `tsc --noEmit` says more'
        : 'a file that can be imported by itself: `node <file>` must end without an error';
  }
}

const told = (headline: string, located: Located): string => new SpecError(headline, located).message;
