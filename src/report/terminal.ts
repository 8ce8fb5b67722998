import { match } from 'ts-pattern';
import type { Verdict } from '../explore/verdict.ts';
import { padded, widthOf } from './columns.ts';
import { detailLines, unknownLines } from './detail.ts';
import {
  type Checked,
  expectedOf,
  type Failed,
  isExpectedNews,
  type Outcome,
  standingOf,
  type Unloadable,
} from './outcome.ts';
import { runLines } from './run.ts';
import type { Screen, Tone } from './screen.ts';
import { count, data, duration, plural, quoted, safe, shellWord } from './text.ts';
import { labelOf, limitText, surpriseTexts, verdictText } from './words.ts';

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

function failedLines(failed: Failed | Unloadable, screen: Screen): string[] {
  const [first = '', ...rest] = failed.message.split('\n').map(safe);
  const label = failed.kind === 'unloadable' ? '' : `${labelOf(failed.subject)}: `;
  if (failed.kind === 'failed') rest.push(`  file     ${safe(failed.subject.file)}`);
  return [` ${screen.paint('bad', '!')} ${label}${first}`, ...rest.map((line) => ` ${line}`)];
}

function headline(checked: Checked, { labels }: Manner, screen: Screen): string {
  const { subject, report } = checked;
  const { stats } = report;
  const [sign, tone] = signOf(checked);
  const figures = [
    `${count(stats.states).padStart(11)} ${stats.states === 1 ? 'state ' : 'states'}`,
    `${count(stats.transitions).padStart(11)} ${stats.transitions === 1 ? 'transition ' : 'transitions'}`,
    `depth ${String(stats.depth).padStart(3)}`,
    duration(stats.milliseconds).padStart(8),
  ].join('  ');
  const start = ` ${sign} ${padded(labelOf(subject), labels)}${figures}  `;
  const painted = ` ${screen.paint(tone, sign)} ${padded(labelOf(subject), labels)}${screen.paint('faint', figures)}  `;
  return painted + remark(checked, Math.max(40, screen.longest - widthOf(start)));
}

const signOf = (checked: Checked): [sign: string, tone: Tone] =>
  match(standingOf(checked))
    .with('expected', (): [string, Tone] => ['✓', 'good'])
    .with('surprising', (): [string, Tone] => ['✗', 'bad'])
    .with('unknown', (): [string, Tone] => ['?', 'doubt'])
    .with('malformed', 'fault', (): [string, Tone] => ['!', 'bad'])
    .exhaustive();

/** The end of the line: what is not plain `holds`, as much of it as there is room for. */
function remark({ report, surprises, subject }: Checked, room: number): string {
  if (surprises.length > 0) {
    const names = surprises.map((surprise) => safe(surprise.kind === 'verdict' ? surprise.property : surprise.figure));
    return fitted(names, ', ', ' not as expected', Math.min(room, 80));
  }
  const holds = report.verdicts.filter(({ kind }) => kind === 'holds').length;
  if (report.limit !== undefined && report.verdicts.some(({ kind }) => kind === 'unknown')) {
    return `not finished: ${limitText(report.limit)}`;
  }
  const news = report.verdicts.filter((verdict) => isExpectedNews(verdict, subject.variant));
  if (news.length === 0) return `${holds} hold`;
  const texts = news.map(({ property, kind, steps }) => {
    return `${safe(property)} ${kind}${steps === undefined ? '' : ` (${plural(steps, 'step')})`}`;
  });
  const hold = holds === 0 ? '' : `${holds} hold; `;
  return hold + fitted(texts, ', ', ' as expected', room - hold.length);
}

/** As many of the texts as there is room for, and how many more there are. */
function fitted(texts: readonly string[], separator: string, end: string, room: number): string {
  for (let shown = texts.length; shown > 1; shown--) {
    const more = shown < texts.length ? ` (+${texts.length - shown} more)` : '';
    const text = texts.slice(0, shown).join(separator) + more + end;
    if (widthOf(text) <= room) return text;
  }
  return (texts[0] ?? '') + (texts.length > 1 ? ` (+${texts.length - 1} more)` : '') + end;
}

// ------------------------------------------------------------------------------------------------- what explains the line

function block(checked: Checked, manner: Manner, screen: Screen): string[] {
  const { report, subject } = checked;
  const told = report.verdicts.filter((verdict) => isTold(verdict, checked, manner));
  const figures = checked.surprises.filter(({ kind }) => kind === 'figure');
  const sections = [
    manner.detail ? detailLines(report, subject.variant, screen) : [],
    standingOf(checked) === 'unknown' || (report.limit !== undefined && manner.detail)
      ? unknownLines(checked, screen)
      : [],
    ...groupedByRun(told).map((verdicts) => verdictSection(verdicts, checked, screen)),
    figures.length === 0
      ? []
      : [
          ...surpriseTexts(figures).map((text) => `   ${labelOf(subject)}: ${text}`),
          '   where the change is meant, the new figure belongs into the variant; where not, the model means something else now',
        ],
  ].filter((section) => section.length > 0);
  const lines = sections.flatMap((section, i) => (i === 0 && !hasTable(section) ? section : ['', ...section]));
  return sections.length === 0 ? [] : [...lines, ''];
}

/** A table stands apart, also from the line above it; facts about a variant stand right below its name. */
const hasTable = (section: readonly string[]): boolean => section.includes('');

function isTold(verdict: Verdict, { surprises }: Checked, { runs, witnesses }: Manner): boolean {
  const { property, kind, run } = verdict;
  if (surprises.some((surprise) => surprise.kind === 'verdict' && surprise.property === property)) return true;
  if (surprises.some((surprise) => surprise.kind === 'figure' && surprise.figure === `steps of ${property}`))
    return true;
  if (kind === 'violated') return runs;
  return run !== undefined && runs && witnesses.has(property);
}

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

function verdictSection(verdicts: readonly Verdict[], { subject }: Checked, screen: Screen): string[] {
  const run = verdicts.find((verdict) => verdict.run !== undefined)?.run;
  const table = run === undefined ? [] : [...runLines(run, verdicts, screen), ''];
  const closing = verdicts.map((verdict) => {
    const expected = expectedOf(subject.variant, verdict.property);
    const isExpected = expected === verdict.kind;
    const shortest = run === undefined || !verdict.steps ? '' : ' (shortest)';
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
