import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type End, parsedLine, reportFormat, reportFormatVersion, type Start, subjectFrom } from '../report/jsonl.ts';
import type { Outcome, Subject } from '../report/outcome.ts';
import { plural, safe } from '../report/text.ts';
import { sayingOf } from './blame.ts';
import { type ExitCode, exitCodeOf, worst } from './exit.ts';
import type { Wish } from './reporters.ts';
import { reportingTo } from './reporting.ts';
import { UsageError } from './usage-error.ts';

/** The options of `holdfast merge`, parsed. */
export interface MergeFlags {
  readonly reporter: readonly Wish[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly runs?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
}

/**
 * Makes one report of those of all shards, and answers with the exit code that one machine would have answered with.
 *
 * @throws UsageError where a shard is missing, twice there or not finished, or where they are not of the same check
 */
export function mergeCommand(files: readonly string[], flags: MergeFlags, version: string): ExitCode {
  const reports = files.map(readReport);
  checkWhole(files, reports);
  const outcomes = reports.flatMap((report) => report.outcomes).sort((a, b) => a.at - b.at);
  const unchecked = reports.flatMap(({ end }) => end.unchecked).sort((a, b) => a.at - b.at);
  const told = distinct(outcomes).map(({ outcome }) => outcome);
  const exit = worst(told.map(exitCodeOf));
  const left = unchecked.map(({ subject }) => subject);
  const subjects = [...told.flatMap((outcome) => ('subject' in outcome ? [outcome.subject] : [])), ...left];
  const teller = reportingTo({ version, all: subjects, mine: subjects, flags: { ...flags, property: [] } }, flags);
  for (const outcome of told) teller.tell(outcome);
  teller.end(told, left, exit, { shared: [], leftOut: [] });
  return exit;
}

interface Placed {
  readonly at: number;
  readonly outcome: Outcome;
}

/** Files that cannot be loaded, and figures of what is gone, are told by every shard. */
function distinct(outcomes: readonly Placed[]): Placed[] {
  const files = new Set<string>();
  return outcomes.filter(({ outcome }) => {
    if ('subject' in outcome) return true;
    const isNew = !files.has(outcome.file);
    files.add(outcome.file);
    return isNew;
  });
}

// ---------------------------------------------------------------------------------------------------------------- reading

const subject = z.looseObject({
  model: z.object({ name: z.string(), about: z.string() }),
  file: z.string(),
  variant: z.object({
    name: z.string(),
    about: z.string(),
    option: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    expect: z.record(z.string(), z.string()),
    figures: z.looseObject({}),
  }),
  args: z.array(z.string()),
});
const at = z.int().min(-1);
const line = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('start'),
    format: z.literal(reportFormat),
    version: z.literal(reportFormatVersion),
    holdfast: z.string(),
    variants: z.int().min(0),
    shard: z.object({ index: z.int().min(1), count: z.int().min(1) }).optional(),
  }),
  z.looseObject({
    kind: z.literal('checked'),
    at,
    subject,
    report: z.looseObject({
      verdicts: z.array(z.looseObject({ property: z.string(), of: z.string(), kind: z.string() })),
      stats: z.looseObject({
        states: z.number(),
        transitions: z.number(),
        depth: z.number(),
        milliseconds: z.number(),
      }),
    }),
    surprises: z.array(z.looseObject({ kind: z.enum(['verdict', 'figure', 'change']) })),
  }),
  z.looseObject({ kind: z.literal('failed'), at, subject, fault: z.enum(['spec', 'ours']), message: z.string() }),
  z.looseObject({ kind: z.enum(['unloadable', 'stale']), at, file: z.string(), message: z.string() }),
  z.looseObject({
    kind: z.literal('end'),
    exit: z.number(),
    unchecked: z.array(z.object({ at, subject })),
  }),
]);

interface ShardReport {
  readonly start: Start;
  readonly outcomes: readonly Placed[];
  readonly end: End;
}

function readReport(file: string): ShardReport {
  const lines = textOf(file)
    .split('\n')
    .filter((text) => text !== '')
    .map((text, i) => lineOf(file, text, i + 1));
  const [start, end] = [lines[0], lines.at(-1)];
  if (start?.kind !== 'start') throw noReport(file, 'its first line does not say what it is', instead);
  if (end?.kind !== 'end') {
    throw noReport(
      file,
      'its last line is missing: the check was interrupted',
      'the report of a check that has finished',
    );
  }
  const outcomes = lines.slice(1, -1).map(({ at, ...rest }) => {
    const outcome = 'subject' in rest ? { ...rest, subject: subjectFrom(rest.subject as unknown as Subject) } : rest;
    return { at: at as number, outcome: outcome as unknown as Outcome };
  });
  const unchecked = end.unchecked.map((one) => ({
    at: one.at,
    subject: subjectFrom(one.subject as unknown as Subject),
  }));
  return { start: start as Start, outcomes, end: { kind: 'end', exit: end.exit, unchecked } };
}

const instead = 'what holdfast check --reporter jsonl=FILE has written';

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw noReport(file, sayingOf(error), 'a file that you may read');
  }
}

function lineOf(file: string, text: string, number: number): z.infer<typeof line> {
  const bad = (why: string): UsageError => noReport(file, `line ${number}: ${why}`, instead);
  let read: unknown;
  try {
    read = parsedLine(text);
  } catch (error) {
    throw bad(sayingOf(error));
  }
  const checked = line.safeParse(read);
  if (checked.success) return checked.data;
  const why = safe(z.prettifyError(checked.error).replace(/\s+/g, ' '));
  throw bad(why.length > 300 ? `${why.slice(0, 300)} …` : why);
}

const noReport = (file: string, why: string, instead: string): UsageError =>
  new UsageError(`${safe(file)}: no report`, { code: 'E-REPORT-FILE', where: safe(file), why, instead });

/** A shard that is missing would be silence about what it should have found. */
function checkWhole(files: readonly string[], reports: readonly ShardReport[]): void {
  const [first] = reports;
  for (const [i, { start }] of reports.entries()) {
    const { holdfast, variants, shard } = start;
    const same = holdfast === first!.start.holdfast && variants === first!.start.variants;
    if (same && shard?.count === first!.start.shard?.count) continue;
    throw notWhole(
      `${safe(files[i]!)} and ${safe(files[0]!)} are not of the same check: ${ofWhat(start)}, and ${ofWhat(first!.start)}`,
    );
  }
  const count = first!.start.shard?.count ?? 1;
  const there = reports.map(({ start }) => start.shard?.index ?? 1);
  for (let index = 1; index <= count; index++) {
    const times = there.filter((each) => each === index).length;
    if (times === 0) throw notWhole(`shard ${index} of ${count} is missing`);
    if (times > 1) throw notWhole(`shard ${index} of ${count} is there ${times} times`);
  }
}

const ofWhat = ({ holdfast, variants, shard }: Start): string =>
  `${plural(variants, 'variant')} in ${plural(shard?.count ?? 1, 'shard')}, by Holdfast ${safe(holdfast)}`;

const notWhole = (why: string): UsageError =>
  new UsageError('these are not all the shards of one check', {
    code: 'E-SHARDS',
    where: 'holdfast merge',
    why,
    instead: 'the reports of all shards, each once: holdfast check --shard 1/4 --reporter jsonl=1.jsonl, and so on',
  });
