import { setImmediate as nextTurn } from 'node:timers/promises';
import { check } from '../explore/check.ts';
import type { Report } from '../explore/verdict.ts';
import { type Documented, documentsOf } from '../report/docs/documents.ts';
import type { Checked, Outcome, Subject } from '../report/outcome.ts';
import { tickerOf } from '../report/progress.ts';
import { type Screen, screenOf } from '../report/screen.ts';
import { summaryText } from '../report/summary.ts';
import { outcomeText } from '../report/terminal.ts';
import { plural } from '../report/text.ts';
import { attempt } from './attempt.ts';
import { type Difference, DocsFolder } from './docs-folder.ts';
import { type ExitCode, exitCodeOf, worst } from './exit.ts';
import type { CheckFlags } from './flags.ts';
import { sourcesFinder } from './html.ts';
import { load } from './load.ts';
import { select } from './select.ts';

/** The options of `holdfast docs`, parsed. */
export interface DocsFlags extends Pick<CheckFlags, 'variant' | 'maxStates' | 'maxDepth' | 'maxMemory' | 'color'> {
  readonly out: string;
  /** Write nothing, and say what is not as it would be written. */
  readonly check?: boolean;
}

/**
 * Checks models and writes what they are and what was found of them as Markdown; or says of what is there that it is not so any more.
 * Of models of which one cannot be checked nothing is written.
 */
export async function docsCommand(paths: readonly string[], flags: DocsFlags): Promise<ExitCode> {
  const folder = new DocsFolder(flags.out);
  const { loaded, unloadable } = await load(paths, 'docs');
  const subjects = select(loaded, { variants: flags.variant, options: [], properties: [] });
  const outcomes: Outcome[] = [...unloadable];
  const ticker = tickerOf(process.stderr, () => performance.now());
  for (const subject of subjects) {
    outcomes.push(withoutWitnessRuns(await attempt(subject, asked(flags), ticker, false, check)));
    await nextTurn();
  }
  const screen = screenOf(process.stdout, flags.color);
  const checked = outcomes.filter((outcome) => outcome.kind === 'checked');
  const exit = worst(outcomes.map(exitCodeOf));
  if (checked.length < outcomes.length) {
    tellFailures(outcomes, screen);
    process.stdout.write(`${summaryText(outcomes, [], screen)}\nnothing is written\n`);
    return exit;
  }
  const texts = await documents(documented(checked), folder);
  const differences = folder.differences(texts);
  for (const difference of differences) {
    if (!flags.check) folder.settle(difference, texts);
    process.stdout.write(`${lineOf(difference, folder, flags)}\n`);
  }
  process.stdout.write(`${summaryText(outcomes, [], screen)}\n${summaryOf(texts.size, differences, flags)}\n`);
  return flags.check && differences.length > 0 ? worst([exit, 1]) : exit;
}

/** The documents of these models, for a folder. */
export async function documents(all: readonly Documented[], folder: DocsFolder): Promise<Map<string, string>> {
  const { instance } = await import('@viz-js/viz');
  return documentsOf(all, {
    sources: sourcesFinder(),
    wayTo: (file) => folder.wayTo(file),
    others: folder.others(),
    viz: await instance(),
  });
}

/** Runs to witnesses are in no document, and all together take much memory. */
export function lightened(report: Report): Report {
  const verdicts = report.verdicts.map(({ run, ...verdict }) =>
    run === undefined || verdict.kind !== 'violated' ? verdict : { ...verdict, run },
  );
  return { ...report, verdicts };
}

const withoutWitnessRuns = (outcome: Outcome): Outcome =>
  outcome.kind === 'checked' ? { ...outcome, report: lightened(outcome.report) } : outcome;

const asked = (flags: DocsFlags): CheckFlags => ({ ...flags, property: [], option: [] });

/** Variants by their model, in order. */
function documented(checked: readonly Checked[]): Documented[] {
  return [...Map.groupBy(checked, ({ subject }) => subject.model)].map(([model, variants]) => ({
    model,
    file: (variants[0]!.subject satisfies Subject).file,
    variants: variants.map(({ subject: { variant }, report }) => ({ variant, report })),
  }));
}

function tellFailures(outcomes: readonly Outcome[], screen: Screen): void {
  const manner = { labels: 0, detail: false, runs: false, witnesses: new Set<string>() };
  for (const outcome of outcomes) {
    if (outcome.kind !== 'checked') process.stdout.write(`${outcomeText(outcome, manner, screen)}\n`);
  }
}

const DONE = { missing: 'written', stale: 'written anew', superfluous: 'removed' } as const;

const lineOf = ({ path, is }: Difference, folder: DocsFolder, flags: DocsFlags): string =>
  `${folder.path(path)} ${flags.check ? `is ${is}` : DONE[is]}`;

function summaryOf(files: number, differences: readonly Difference[], flags: DocsFlags): string {
  const all = plural(files, 'file');
  if (differences.length === 0) return `${all}, all current`;
  return flags.check
    ? `${all}, ${differences.length} not current: holdfast docs writes them`
    : `${all}, ${differences.length} of them changed`;
}
