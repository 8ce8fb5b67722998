import { match } from 'ts-pattern';
import type { Variant } from '../explore/model.ts';
import type { LimitReached, NeverTaken, Report, Stats, Verdict } from '../explore/verdict.ts';
import { type Cell, columns } from './columns.ts';
import { type Checked, expectedOf } from './outcome.ts';
import type { Screen } from './screen.ts';
import type { Manner } from './terminal.ts';
import { count, listed, plural, safe } from './text.ts';
import { chanceText, verdictText } from './words.ts';

const INDENT = 3;
/** How many of a long list are named. */
const NAMED = 5;

const row = (head: string, ...texts: readonly string[]): Cell[] => [
  [{ text: head, tone: 'faint' }],
  texts.map((text) => ({ text })),
];

/**
 * Every property with its verdict, and what no step ever did: all of it where everything is asked for, and nothing where
 * somebody asks about single properties.
 */
export function detailLines(report: Report, variant: Variant, manner: Manner, screen: Screen): string[] {
  const groups = Map.groupBy(report.verdicts, groupOf);
  const rows = GROUPS.flatMap((group) => {
    const verdicts = groups.get(group);
    return verdicts === undefined ? [] : [row(group, ...verdictTexts(group, verdicts, variant))];
  });
  const isWanted = manner.whole === true || manner.picked !== true;
  const never = report.neverTaken === undefined || !isWanted ? [] : neverTaken(report.neverTaken);
  const isCut = never.length > NAMED && !manner.whole;
  if (never.length > 0)
    rows.push(row('never taken', isCut ? `${listed(never, NAMED)} (all with --verbose)` : never.join(', ')));
  return columns(rows, INDENT, screen);
}

/** In this order; what is unknown is told with the limit that is the reason for it. */
const GROUPS = ['violated', 'vacuous', 'unreached', 'reached', 'holds'];

const groupOf = ({ kind, of }: Verdict): string => (kind === 'holds' && of === 'sometimes' ? 'reached' : kind);

/** What plainly holds needs no line of its own. */
function verdictTexts(group: string, verdicts: readonly Verdict[], variant: Variant): string[] {
  if (group === 'holds') return [verdicts.map(({ property }) => safe(property)).join(', ')];
  return verdicts.map((verdict) => {
    const expected = expectedOf(variant, verdict.property);
    const steps = verdict.steps === undefined ? '' : ` (${plural(verdict.steps, 'step')})`;
    const because = verdict.kind === 'vacuous' ? verdictText(verdict).slice('vacuous'.length) : '';
    const remark = verdict.kind === expected ? (expected === 'holds' ? '' : ', as expected') : `, expected ${expected}`;
    return safe(verdict.property) + steps + because + remark;
  });
}

/** A message that was never taken stands for all the transitions on it. */
function neverTaken({ messages, transitions }: NeverTaken): string[] {
  const others = transitions.filter(({ actor, transition }) =>
    messages.every((never) => never.actor !== actor || !transition.endsWith(` on ${never.message}`)),
  );
  return [
    ...messages.map(({ actor, message }) => safe(`${actor}: ${message}`)),
    ...others.map(({ actor, transition }) => safe(`${actor}: ${transition}`)),
  ];
}

/** What a search that was stopped, or is approximate, does say, where it grew, and what to try. */
export function unknownLines({ report }: Checked, screen: Screen): string[] {
  const { limit, verdicts, approximate, stats } = report;
  const isUnproved = approximate === undefined ? [] : [row('approximate', approximateText(approximate, stats))];
  const unknown = verdicts.filter(({ kind }) => kind === 'unknown').map(({ property }) => safe(property));
  const unknownRow = unknown.length === 0 ? [] : [row('unknown', unknown.join(', '))];
  if (limit === undefined) {
    const exact = row('to try', 'the same without --approximate, where there is memory for it');
    return approximate === undefined ? [] : columns([...unknownRow, ...isUnproved, exact], INDENT, screen);
  }
  const grew = limit.grew.slice(0, NAMED).map(({ slot, distinct, recent }) => {
    return `${safe(slot)} ${count(distinct)}${recent > 0 ? ` (${count(recent)} new in the last level)` : ''}`;
  });
  const but = approximate === undefined ? '' : ', unless a state was missed';
  const rows = [
    row('covered', `every run of up to ${plural(limit.covered, 'step')}${but}: nothing is said of longer ones`),
    ...unknownRow,
    ...isUnproved,
    ...(grew.length === 0 ? [] : [row('grows most', `distinct contents: ${grew.join(', ')}`)]),
    row('to try', toTry(limit)),
  ];
  return columns(rows, INDENT, screen);
}

/** Said wherever an approximate search is told of. */
function approximateText({ chance }: NonNullable<Report['approximate']>, { states }: Stats): string {
  return (
    'states were told apart by fingerprints of 64 bits: what was found is there, what was not found is not proved absent; ' +
    `chance that a state was missed: at most ${chanceText(chance)} (n(n+1)/2^65, n = ${count(states)})`
  );
}

function toTry({ limit, value, grew }: LimitReached): string {
  const most = grew[0] === undefined ? '' : ` or fewer values in ${safe(grew[0].slot)}`;
  const smaller = `, or a smaller world: fewer replicas, less capacity${most}`;
  return match(limit)
    .with('states', () => `--max-states ${value * 10}${smaller}`)
    .with('depth', () => `--max-depth ${value * 2}${smaller}`)
    .with('time', () => `--max-time ${Math.ceil(value / 1000) * 10}s${smaller}`)
    .with('memory', () => `a larger --max-memory, where the machine has it${smaller}`)
    .with('bail', () => 'the same without --bail, for the other verdicts')
    .with(
      'worker',
      () => 'the same with --workers 1; what ends a thread is mostly process.exit() in a module that it loads',
    )
    .exhaustive();
}
