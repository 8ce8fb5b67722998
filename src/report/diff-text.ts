import { padded } from './columns.ts';
import { type Diff, type DiffEntry, type DiffStanding, diffStandingOf } from './diff.ts';
import { type Names, namesOf, sectionsOf, shortTexts } from './diff-sections.ts';
import type { Screen, Tone } from './screen.ts';
import { plural, safe } from './text.ts';

const SIGNS: Readonly<Record<DiffStanding, readonly [sign: string, tone: Tone]>> = {
  same: ['=', 'good'],
  different: ['≠', 'bad'],
  unknown: ['?', 'doubt'],
  malformed: ['!', 'bad'],
  fault: ['!', 'bad'],
};

/** What is compared, in one line. */
export const titleText = ({ base, head }: Pick<Diff, 'base' | 'head'>): string =>
  [base, head].map(({ name, commit }) => `${safe(name)}${commit ? ` (${commit.slice(0, 10)})` : ''}`).join(' -> ');

/**
 * An entry: one line where both are the same, and below it every difference with what shows it.
 *
 * @param labels how wide the column of names is
 */
export function entryText(
  entry: DiffEntry,
  { base, head }: Pick<Diff, 'base' | 'head'>,
  labels: number,
  screen: Screen,
): string {
  const names = namesOf({ base, head });
  const [sign, tone] = SIGNS[diffStandingOf(entry)];
  const shownSign = entry.kind === 'new' ? '+' : entry.kind === 'gone' ? '-' : sign;
  const [remark, ...rest] = told(entry, names, screen);
  const line = ` ${screen.paint(tone, shownSign)} ${padded(entryLabel(entry), labels)}  ${remark}`;
  return [line, ...rest].map((each) => each.trimEnd()).join('\n');
}

/** What an entry is of, safe to be shown. */
export function entryLabel(entry: DiffEntry): string {
  if (entry.kind === 'unread') return safe(entry.file);
  return safe(entry.variant === undefined ? entry.model : `${entry.model} ${entry.variant}`);
}

function told(entry: DiffEntry, names: Names, screen: Screen): string[] {
  switch (entry.kind) {
    case 'new':
    case 'gone':
      return [comeText(entry, names)];
    case 'uncompared':
    case 'unread':
      return failureTexts(entry, names);
    case 'compared': {
      const short = shortTexts(entry).join(', ');
      if (diffStandingOf(entry) === 'same') return [short];
      const sections = sectionsOf(entry, names, screen).flatMap(({ title, tone, lines }) => [
        `   ${screen.paint(tone ?? 'bad', title)}`,
        ...(lines.length === 0 ? [] : ['', ...lines, '']),
      ]);
      return [short, '', ...sections, ...(sections.at(-1) === '' ? [] : [''])];
    }
  }
}

/** What only one side has. */
export function comeText(entry: Extract<DiffEntry, { kind: 'new' | 'gone' }>, names: Names): string {
  const where = entry.kind === 'new' ? `new in ${names.head}` : `gone from ${names.base}`;
  if (entry.variant !== undefined) return where;
  return `${where}, with ${plural(entry.variants.length, 'variant')}: ${entry.variants.map(safe).join(', ')}`;
}

/** What is wrong on one side, and what cannot be said therefore. */
export function failureTexts(entry: Extract<DiffEntry, { kind: 'uncompared' | 'unread' }>, names: Names): string[] {
  const [first = '', ...rest] = entry.message.split('\n').map(safe);
  const models = entry.kind === 'unread' ? entry.models : [];
  const hidden =
    models.length === 0 ? [] : [`   not compared, nor said to be new or gone: ${models.map(safe).join(', ')}`];
  return [`in ${names[entry.side]}: ${first}`, ...rest.map((line) => `   ${line}`), ...hidden, ''];
}

/** How many of what kind. */
export function diffSummary(entries: readonly DiffEntry[], screen: Screen): string {
  const compared = entries.filter(({ kind }) => kind === 'compared' || kind === 'uncompared');
  const standings = Map.groupBy(compared, diffStandingOf);
  const of = (standing: DiffStanding): number => standings.get(standing)?.length ?? 0;
  const come = (kind: 'new' | 'gone'): number => entries.filter((entry) => entry.kind === kind).length;
  const failed = of('malformed') + of('fault') + entries.filter(({ kind }) => kind === 'unread').length;
  const parts = [
    ...(of('same') > 0 ? [screen.paint('good', `${of('same')} the same`)] : []),
    ...(of('different') > 0 ? [screen.paint('bad', `${of('different')} different`)] : []),
    ...(of('unknown') > 0 ? [screen.paint('doubt', `${of('unknown')} unknown`)] : []),
    ...(come('new') > 0 ? [screen.paint('bad', `${come('new')} new`)] : []),
    ...(come('gone') > 0 ? [screen.paint('bad', `${come('gone')} gone`)] : []),
    ...(failed > 0 ? [screen.paint('bad', `${failed} in error`)] : []),
  ];
  return `${plural(compared.length, 'variant')} compared: ${parts.join(', ') || 'nothing to compare'}`;
}
