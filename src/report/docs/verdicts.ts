import { match } from 'ts-pattern';
import type { Verdict } from '../../explore/verdict.ts';
import type { PropertyData } from '../html/page-data.ts';
import { count } from '../text.ts';
import { limitText } from '../words.ts';
import { type DocumentedVariant, isSurprising, type ModelEntry } from './gather.ts';
import { code, table } from './markdown.ts';

/** What the cells of the tables say. */
export const LEGEND =
  '✓ holds in every reachable state and step; with a number, of a witness: is reached, after so many steps. **✗** is violated, after so many ' +
  'steps. ∅ is vacuous, – is not reached, **?** is unknown, since the search was stopped. Every number is the length of a shortest run.';

/** The anchor of a property on its page. */
export const anchorOf = (number: number): string => `p${number}`;

/** A property, and its number on the page. */
export interface Numbered {
  readonly property: PropertyData;
  readonly number: number;
}

/** A row for each variant, a column for each of these properties, by its number, and how large the search was. */
export function verdictTable({ variants }: ModelEntry, numbered: readonly Numbered[], withSizes: boolean): string {
  const sizes = withSizes ? ['states', 'transitions', 'depth'] : [];
  return table(
    ['variant', ...numbered.map(({ number }) => `[${number}](#${anchorOf(number)})`), ...sizes],
    variants.map((one) => [
      code(one.variant.name),
      ...numbered.map(({ property }) => cellOf(one, property)),
      ...(withSizes ? sizesOf(one) : []),
    ]),
  );
}

function sizesOf({ report: { stats, limit } }: DocumentedVariant): string[] {
  const stopped = limit === undefined ? '' : ` (${code(limitText(limit))})`;
  return [`${count(stats.states)}${stopped}`, count(stats.transitions), String(stats.depth)];
}

function cellOf(one: DocumentedVariant, { name }: PropertyData): string {
  const verdict = one.report.verdicts.find(({ property }) => property === name);
  if (verdict === undefined) return '';
  return `${sign(verdict)}${isSurprising(one, name, verdict.kind) ? ' not as expected' : ''}`;
}

const sign = ({ kind, of, steps }: Verdict): string =>
  match(kind)
    .with('holds', () => (of === 'sometimes' && steps !== undefined ? `✓ ${steps}` : '✓'))
    .with('violated', () => (steps === undefined ? '**✗**' : `**✗ ${steps}**`))
    .with('vacuous', () => '∅')
    .with('unreached', () => '–')
    .with('unknown', () => '**?**')
    .exhaustive();

/** `Violated in 3 of 12 variants, vacuous in 1.` */
export function tally({ variants }: ModelEntry, { name, of }: PropertyData): string {
  const verdicts = variants.flatMap(({ report }) => report.verdicts.filter(({ property }) => property === name));
  const kinds = Map.groupBy(verdicts, ({ kind }) => (of === 'sometimes' && kind === 'holds' ? 'reached' : kind));
  const all = verdicts.length === 1 ? 'the only variant' : `all ${verdicts.length} variants`;
  const parts = (['violated', 'unknown', 'unreached', 'vacuous', 'reached', 'holds'] as const).flatMap((kind) => {
    const n = kinds.get(kind)?.length ?? 0;
    return n === 0 ? [] : [`${kind} in ${n === verdicts.length ? all : n}`];
  });
  const text = parts.join(', ');
  const whole = parts.length > 1 ? ` of ${verdicts.length} variants` : '';
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}${whole}.`;
}

/** Of what is vacuous the reasons, each once. */
export function vacuity({ variants }: ModelEntry, { name }: PropertyData): string[] {
  const reasons = variants.flatMap(({ report }) =>
    report.verdicts
      .filter(({ property, kind }) => property === name && kind === 'vacuous')
      .map(({ because }) => because),
  );
  return [...new Set(reasons)].filter((reason) => reason !== undefined);
}
