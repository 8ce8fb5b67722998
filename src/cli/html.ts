import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hasTemplate, pageWith } from '../report/html/embed.ts';
import { EMBEDDED_STATES, type Gathered, gather } from '../report/html/gather.ts';
import { importsOf, type Sources, sourcesOf, type WrittenFile, writtenIn } from '../report/html/sources.ts';
import type { Outcome } from '../report/outcome.ts';
import { type Baseline, comparedWith } from './baseline.ts';
import { pathText, sayingOf } from './blame.ts';
import { UsageError } from './usage-error.ts';

/**
 * Whether a report can be written there, before all is searched for it.
 *
 * @throws UsageError
 */
export function checkHtml(file: string): void {
  checkTemplate();
  const folder = dirname(resolve(file));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${file}: the report cannot be written`, {
      code: 'E-WRITE',
      where: '--html',
      why: `there is no folder ${folder}`,
      instead: 'a file in a folder that is there',
    });
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${file}: the report cannot be written`, {
      code: 'E-WRITE',
      where: '--html',
      why: 'it is a folder',
      instead: `a file: ${join(file, 'report.html')}`,
    });
  }
}

/** @throws UsageError where the page has not been made */
export function checkTemplate(): void {
  if (hasTemplate()) return;
  throw new UsageError('the page of the report has not been built', {
    code: 'E-PAGE',
    where: 'assets/report.html',
    why: 'a working copy makes it at `npm ci`, unless that runs no scripts',
    instead: 'npm run build:page',
  });
}

export interface Told {
  readonly version: string;
  readonly args: readonly string[];
  readonly exit: number;
  readonly unchecked: number;
  /** An earlier report, to be compared with. */
  readonly baseline?: Baseline | undefined;
}

/** All that the page shows. */
export async function gathered(outcomes: readonly Outcome[], told: Told, states = EMBEDDED_STATES): Promise<Gathered> {
  // it takes a tenth of a second to load, which nobody else should wait for
  const { instance } = await import('@viz-js/viz');
  const { baseline, ...setting } = told;
  const { page, graphs } = gather(outcomes, { ...setting, states, sources: sourcesFinder(), viz: await instance() });
  return { page: baseline === undefined ? page : { ...page, baseline: comparedWith(baseline, page) }, graphs };
}

/** Writes the report, whole or not at all: who looks at the old one while this is done sees the old one. */
export async function writeHtml(file: string, outcomes: readonly Outcome[], told: Told): Promise<void> {
  const { page } = await gathered(outcomes, told);
  const text = pageWith(page);
  let temporary: string | undefined;
  try {
    temporary = mkdtempSync(join(dirname(resolve(file)), '.holdfast-'));
    const written = join(temporary, 'report.html');
    writeFileSync(written, text);
    renameSync(written, file);
  } catch (error) {
    throw new UsageError(`${file}: the report cannot be written`, {
      code: 'E-WRITE',
      where: '--html',
      why: sayingOf(error),
      instead: 'a file in a folder that you may write to',
    });
  } finally {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
}

/** How many files of a model are read; a model that has more is told without the lines of the others. */
const MOST_FILES = 2_000;

/** Reads a model's file and the files that it imports by a path, each once. */
export function sourcesFinder(): (file: string) => Sources {
  const read = new Map<string, { readonly written: WrittenFile; readonly imports: readonly string[] } | null>();
  const known = new Map<string, Sources>();
  const open = (path: string) => {
    const already = read.get(path);
    if (already !== undefined) return already;
    const opened = opening(path);
    read.set(path, opened);
    return opened;
  };
  return (file) => {
    const already = known.get(file);
    if (already !== undefined) return already;
    const paths = new Set([resolve(file)]);
    const files: WrittenFile[] = [];
    for (const path of paths) {
      const opened = open(path);
      if (opened === null) continue;
      files.push(opened.written);
      for (const each of opened.imports) if (paths.size < MOST_FILES) paths.add(each);
    }
    const sources = sourcesOf(files);
    known.set(file, sources);
    return sources;
  };
}

/** What cannot be read has no lines. */
function opening(path: string) {
  try {
    const text = readFileSync(path, 'utf8');
    const imports = importsOf(text).map((each) => resolve(dirname(path), each));
    return { written: writtenIn({ file: pathText(path), text }), imports };
  } catch {
    return null;
  }
}
