import { match } from 'ts-pattern';
import { padded, widthOf } from './columns.ts';
import { type Checked, isExpectedNews, standingOf } from './outcome.ts';
import type { Screen, Tone } from './screen.ts';
import { count, duration, plural, safe } from './text.ts';
import { labelOf, limitText } from './words.ts';

/**
 * A variant in one line: how it stands, its figures, and what is not plain `holds`.
 *
 * @param labels the width of the column of names
 */
export function headline(checked: Checked, labels: number, screen: Screen): string {
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
function remark(checked: Checked, room: number): string {
  const { limit } = checked.report;
  const stopped = limit === undefined ? '' : `not finished: ${limitText(limit)}`;
  const said = saying(checked, room - stopped.length);
  return said === '' || stopped === '' ? said + stopped : `${said}; ${stopped}`;
}

/** What is not as expected, or how many hold and what is violated as expected; of an unfinished search the first alone. */
function saying({ report, surprises, subject }: Checked, room: number): string {
  if (surprises.length > 0) {
    const names = surprises.map((surprise) => safe(surprise.kind === 'verdict' ? surprise.property : surprise.figure));
    return `not as expected: ${fitted(names, ', ', '', Math.min(room, 80))}`;
  }
  const unknown = report.verdicts.filter(({ kind }) => kind === 'unknown').map(({ property }) => safe(property));
  if (unknown.length > 0) return report.limit === undefined ? `unknown: ${fitted(unknown, ', ', '', room)}` : '';

  const holds = report.verdicts.filter(({ kind }) => kind === 'holds').length;
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
