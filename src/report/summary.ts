import { match } from 'ts-pattern';
import { messageOf, type Outcome, type Standing, type Subject, standingOf } from './outcome.ts';
import type { Screen } from './screen.ts';
import { plural, safe } from './text.ts';
import { limitText, outcomeLabel, surpriseTexts, unprovedText } from './words.ts';

/**
 * The last of a report: how many stand how, and every one that does not stand as expected by name.
 *
 * @param unchecked the variants that were left out, because `--bail` stopped before them
 */
export function summaryText(outcomes: readonly Outcome[], unchecked: readonly Subject[], screen: Screen): string {
  const subjects = outcomes.flatMap((outcome) => ('subject' in outcome ? [outcome.subject] : []));
  const models = new Set([...subjects, ...unchecked].map(({ model }) => model));
  const variants = subjects.length + unchecked.length;
  const stale = outcomes.filter(({ kind }) => kind === 'stale').length;
  const standings = Map.groupBy(
    outcomes.filter(({ kind }) => kind !== 'stale'),
    standingOf,
  );
  const counts = (['expected', 'surprising', 'unknown', 'malformed', 'fault'] as const).flatMap((standing) => {
    const n = standings.get(standing)?.length ?? 0;
    return n === 0 ? [] : [`${n} ${standingText(standing)}`];
  });
  if (stale > 0) counts.push(`${plural(stale, 'stale file')} of figures`);
  if (unchecked.length > 0) counts.push(`${unchecked.length} not checked (--bail)`);

  const head = `${plural(models.size, 'model')}, ${plural(variants, 'variant')}: ${counts.join(', ') || 'none checked'}`;
  const named = outcomes.filter((outcome) => standingOf(outcome) !== 'expected').map(newsText);
  const tone = named.length === 0 ? 'good' : 'bad';
  if (named.length === 0) return screen.paint(tone, head);
  if (named.length === 1) return `${screen.paint(tone, head)}: ${named[0]}`;
  return [`${screen.paint(tone, head)}:`, ...named.map((text) => `  ${text}`)].join('\n');
}

const standingText = (standing: Standing): string =>
  match(standing)
    .with('expected', () => 'as expected')
    .with('surprising', () => 'not as expected')
    .with('unknown', () => 'unknown')
    .with('malformed', () => 'in error')
    .with('fault', () => 'stopped by a fault of Holdfast')
    .exhaustive();

/** How many of a machine's transitions that have changed are named. */
const NAMED = 3;

/** One outcome by name, with all that is not as expected of it. */
function newsText(outcome: Outcome): string {
  if (outcome.kind !== 'checked') {
    const headline = safe(messageOf(outcome).split('\n')[0]!);
    return outcome.kind === 'failed' ? `${outcomeLabel(outcome)} (${headline})` : headline;
  }
  const { limit, approximate, verdicts } = outcome.report;
  const news = surpriseTexts(outcome.surprises, NAMED);
  if (verdicts.some(({ kind }) => kind === 'unknown')) {
    if (approximate !== undefined && news.length === 0) news.push(unprovedText);
    if (limit !== undefined) news.push(limitText(limit));
  }
  return `${outcomeLabel(outcome)} (${news.join('; ') || 'unknown'})`;
}
