import { match } from 'ts-pattern';
import type { Surprise } from '../explore/check.ts';
import type { Verdict } from '../explore/verdict.ts';
import { coverageLines } from './coverage.ts';
import { detailLines, unknownLines } from './detail.ts';
import { figuresLines } from './figures.ts';
import { headline } from './headline.ts';
import { type Checked, expectedOf, messageOf, type Outcome, standingOf } from './outcome.ts';
import { runLines } from './run.ts';
import type { Screen } from './screen.ts';
import { data, quoted, safe, shellWord } from './text.ts';
import { whyLines } from './why.ts';
import { isChange, labelOf, surpriseTexts, updateText, verdictText } from './words.ts';

/** What a reader wants to see of each variant. */
export interface Manner {
  /** The width of the column of names. */
  readonly labels: number;
  /** Every verdict, and what was never taken. */
  readonly detail: boolean;
  /** The runs of all violations; without it only of those that nobody expected. */
  readonly runs: boolean;
  /** The witnesses whose runs are wanted too. */
  readonly witnesses: ReadonlySet<string>;
  /** Lists in full, however long. */
  readonly whole?: boolean;
  /** Only some properties are asked about: what was never taken is nobody's question then. */
  readonly picked?: boolean;
}

/**
 * What is printed of one outcome: one line where all is as expected and nobody asked for more, and otherwise that line
 * with what explains it below: verdicts, runs, and last what the verdict is and how to see it again.
 */
export function outcomeText(outcome: Outcome, manner: Manner, screen: Screen): string {
  const lines =
    outcome.kind === 'checked'
      ? [headline(outcome, manner, screen), ...block(outcome, manner, screen)]
      : failedLines(outcome, screen);
  return lines.map((line) => line.trimEnd()).join('\n');
}

function failedLines(failed: Exclude<Outcome, Checked>, screen: Screen): string[] {
  const [first = '', ...rest] = messageOf(failed).split('\n').map(safe);
  const label = failed.kind === 'failed' ? `${labelOf(failed.subject)}: ` : '';
  const sign = failed.kind === 'stale' ? '✗' : '!';
  if (failed.kind === 'failed') rest.push(`  file     ${safe(failed.subject.file)}`);
  return [` ${screen.paint('bad', sign)} ${label}${first}`, ...rest.map((line) => ` ${line}`), ''];
}

// ------------------------------------------------------------------------------------------------- what explains the line

function block(checked: Checked, manner: Manner, screen: Screen): string[] {
  const { report, subject } = checked;
  const told = report.verdicts.filter((verdict) => isTold(verdict, checked, manner));
  const figures = checked.surprises.filter(({ kind }) => kind === 'figure');
  const changes = checked.surprises.filter(isChange);
  const asked = subject.askedAs === undefined ? [] : [`   ${safe(subject.askedAs)} is ${safe(subject.variant.name)}`];
  const sections = [
    [...asked, ...(manner.detail ? detailLines(report, subject.variant, manner, screen) : [])],
    manner.detail || standingOf(checked) !== 'expected' ? unknownLines(checked, screen) : [],
    report.figures === undefined ? [] : figuresLines(report.figures, report.stats, screen),
    report.coverage === undefined ? [] : coverageLines(report, screen),
    ...groupedByRun(told).map((verdicts) => verdictSection(verdicts, checked, screen)),
    figuresSection(checked, figures, meantByHand),
    figuresSection(checked, changes, updateText(subject)),
  ].filter((section) => section.length > 0);
  const lines = sections.flatMap((section, i) => (i === 0 && !hasTable(section) ? section : ['', ...section]));
  return sections.length === 0 ? [] : [...lines, ''];
}

const meantByHand =
  'where the change is meant, the new figure belongs into the variant; where not, the model means something else now';

/** @param remedy what to do about them */
const figuresSection = ({ subject }: Checked, figures: readonly Surprise[], remedy: string): string[] =>
  figures.length === 0
    ? []
    : [...surpriseTexts(figures).map((text) => `   ${labelOf(subject)}: ${text}`), `   ${remedy}`];

/** A table stands apart, also from the line above it; facts about a variant stand right below its name. */
const hasTable = (section: readonly string[]): boolean => section.includes('');

function isTold(verdict: Verdict, { surprises }: Checked, { runs, witnesses }: Manner): boolean {
  const { property, kind, run } = verdict;
  if (surprises.some((surprise) => isOf(surprise, property))) return true;
  if (kind === 'violated') return runs;
  return run !== undefined && runs && witnesses.has(property);
}

const isOf = (surprise: Surprise, property: string): boolean =>
  match(surprise)
    .with({ kind: 'verdict' }, (verdict) => verdict.property === property)
    .with({ kind: 'figure' }, ({ figure }) => figure === `steps of ${property}`)
    .with({ kind: 'change', what: 'steps' }, (change) => change.property === property && change.is !== null)
    .with({ kind: 'change' }, () => false)
    .exhaustive();

/** Verdicts that the same run decides are told together. */
function groupedByRun(verdicts: readonly Verdict[]): Verdict[][] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const { run, property } = verdict;
    const key = run === undefined ? property : data([run.ends, run.steps.map(({ label }) => label)]);
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups.values()];
}

function verdictSection(verdicts: readonly Verdict[], { subject, report }: Checked, screen: Screen): string[] {
  const run = verdicts.find((verdict) => verdict.run !== undefined)?.run;
  const table = run === undefined ? [] : [...runLines(run, verdicts, screen), ...whyLines(verdicts, run, screen), ''];
  const closing = verdicts.map((verdict) => {
    const expected = expectedOf(subject.variant, verdict.property);
    const isExpected = expected === verdict.kind;
    // an approximate search may have missed a state on a shorter way
    const shortest = run === undefined || !verdict.steps || report.approximate ? '' : ' (shortest)';
    const said = `${quoted(verdict.property)} ${verdictText(verdict)}${shortest}`;
    const text = `   ${labelOf(subject)}: ${said}, ${isExpected ? 'as expected' : `expected ${expected}`}`;
    return screen.paint(isExpected ? 'strong' : 'bad', text);
  });
  const properties = verdicts.flatMap(({ property }) => ['--property', property]);
  const isWitness = verdicts.every(({ of }) => of === 'sometimes');
  const args = [
    'holdfast',
    'check',
    ...subject.args,
    ...properties,
    ...(isWitness && run !== undefined ? ['--runs'] : []),
  ];
  return [...table, ...closing, `   reproduce: ${args.map(shellWord).join(' ')}`];
}
