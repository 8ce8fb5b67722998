import { match } from 'ts-pattern';
import type { Surprise } from '../explore/check.ts';
import { changeName } from './changes.ts';
import { padded, widthOf } from './columns.ts';
import { type Checked, isExpectedNews, standingOf } from './outcome.ts';
import type { Screen, Tone } from './screen.ts';
import type { Manner } from './terminal.ts';
import { count, duration, plural, safe } from './text.ts';
import { labelOf, limitText, unprovedText } from './words.ts';

/** How many expected violations a line names: what is expected is no news, and they have lines of their own on request. */
const NAMED = 3;

/** A variant in one line: how it stands, its figures, and what is not plain `holds`. */
export function headline(checked: Checked, manner: Manner, screen: Screen): string {
  const { labels, whole = false } = manner;
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
  const room = whole ? Number.POSITIVE_INFINITY : Math.max(40, screen.longest - widthOf(start));
  return painted + remark(checked, room, whole);
}

const signOf = (checked: Checked): [sign: string, tone: Tone] =>
  match(standingOf(checked))
    .with('expected', (): [string, Tone] => ['✓', 'good'])
    .with('surprising', (): [string, Tone] => ['✗', 'bad'])
    .with('unknown', (): [string, Tone] => ['?', 'doubt'])
    .with('malformed', 'fault', (): [string, Tone] => ['!', 'bad'])
    .exhaustive();

/** The end of the line: what is not plain `holds`, as much of it as there is room for. */
function remark(checked: Checked, room: number, whole: boolean): string {
  const { limit } = checked.report;
  const stopped = limit === undefined ? '' : `not finished: ${limitText(limit)}`;
  const said = saying(checked, room - stopped.length, whole);
  return said === '' || stopped === '' ? said + stopped : `${said}; ${stopped}`;
}

/** What is not as expected, or how many hold and what is violated as expected; of an unfinished search the first alone. */
function saying({ report, surprises, subject }: Checked, room: number, whole: boolean): string {
  if (surprises.length > 0) {
    const names = new Set(surprises.map(nameOf));
    return `not as expected: ${fitted([...names], '', whole ? room : Math.min(room, 80))}`;
  }
  const unknown = report.verdicts.filter(({ kind }) => kind === 'unknown').map(({ property }) => safe(property));
  if (unknown.length > 0) {
    if (report.approximate !== undefined) return unprovedText;
    return report.limit === undefined ? `unknown: ${fitted(unknown, '', room)}` : '';
  }

  const good = report.verdicts.filter(({ kind }) => kind === 'holds');
  const reached = good.filter(({ of }) => of === 'sometimes').length;
  const holds = good.length - reached;
  const counts = [...(holds === 0 ? [] : [`${holds} hold`]), ...(reached === 0 ? [] : [`${reached} reached`])].join(
    ', ',
  );
  const news = report.verdicts.filter((verdict) => isExpectedNews(verdict, subject.variant));
  if (news.length === 0) return counts;
  const texts = news.map(({ property, kind, steps }) => {
    return `${safe(property)} ${kind}${steps === undefined ? '' : ` (${plural(steps, 'step')})`}`;
  });
  const start = counts === '' ? '' : `${counts}; `;
  return start + fitted(texts, ' as expected', room - start.length, whole ? texts.length : NAMED);
}

const nameOf = (surprise: Surprise): string =>
  match(surprise)
    .with({ kind: 'verdict' }, ({ property }) => safe(property))
    .with({ kind: 'figure' }, ({ figure }) => safe(figure))
    .with({ kind: 'change' }, changeName)
    .exhaustive();

/** As many of the texts as there is room for, at least one and at most so many, and how many more there are. */
function fitted(texts: readonly string[], end: string, room: number, most = texts.length): string {
  const first = (shown: number): string => {
    const more = shown < texts.length ? ` and ${texts.length - shown} more` : '';
    return texts.slice(0, shown).join(', ') + more + end;
  };
  let shown = Math.min(texts.length, most);
  while (shown > 1 && widthOf(first(shown)) > room) shown--;
  return first(shown);
}
