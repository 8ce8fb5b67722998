import { check } from '../explore/check.ts';
import { type Choice, chosen } from '../explore/choose.ts';
import type { Model, Variant } from '../explore/model.ts';
import type { Property, Sometimes } from '../explore/property.ts';
import type { Limits } from '../explore/search.ts';
import { SpecError } from '../explore/spec-error.ts';
import type { Report, Verdict } from '../explore/verdict.ts';
import { runLines } from '../report/run.ts';
import { plainScreen } from '../report/screen.ts';
import { count, plural, quoted, safe } from '../report/text.ts';
import { limitText, verdictText } from '../report/words.ts';

/** What a matcher may be told besides: of which variants it speaks, and how far a search may go. */
export interface Checking extends Choice {
  /** Reaching one leaves undecided what has not been found: then `not` fails as well. */
  readonly limits?: Limits;
}

/** What a matcher finds: yes, no, or that it cannot be said, which passes neither with `not` nor without. */
export interface Judgement {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** What was found, for whoever expected something else. */
  readonly message: string;
}

/** A table in a failing test is read in a log. */
const screen = plainScreen(120);

/** Whether every property of every variant that is meant holds, and every witness is reached. */
export function holding(
  model: Model,
  { property, ...checking }: Checking & { readonly property?: string | readonly string[] } = {},
): Judgement {
  const properties = property === undefined ? [] : [property].flat();
  return everyVariant(model, checking, (variant, limits) => {
    const report = check(model, variant, { ...limits, properties });
    const others = report.verdicts.filter(({ kind }) => kind !== 'holds');
    const broken = others.filter(({ kind }) => kind !== 'unknown');
    if (broken.length > 0) return no(broken.map((verdict) => told(report, verdict)).join('\n\n'));
    if (others.length > 0) return unknown(report, others);
    return yes(`${label(report)}: ${report.verdicts.map(({ property }) => quoted(property)).join(', ')} hold`, report);
  });
}

/** Whether every variant that is meant violates a property, within so many steps. */
export function violating(
  model: Model,
  property: string | Exclude<Property<never>, Sometimes<never>>,
  { within = Number.POSITIVE_INFINITY, ...checking }: Checking & { readonly within?: number } = {},
): Judgement {
  const name = typeof property === 'string' ? property : property.name;
  return everyVariant(model, checking, (variant, limits) => {
    // the first violation is the shortest: nothing else of this variant is asked for
    const report = check(model, { ...variant, expect: {}, figures: {} }, { ...limits, properties: [name], bail: true });
    const verdict = verdictOf(report, name);
    if (verdict.kind === 'unknown') return unknown(report, [verdict]);
    const text = told(report, verdict);
    if (verdict.kind !== 'violated') return no(text);
    return verdict.steps! <= within ? yes(text) : no(`${text}\n\nexpected within ${plural(within, 'step')}`);
  });
}

/** Whether every variant that is meant reaches a witness. */
export function reaching(model: Model, witness: string | Sometimes<never>, checking: Checking = {}): Judgement {
  const name = typeof witness === 'string' ? witness : witness.name;
  return everyVariant(model, checking, (variant, limits) => {
    const report = check(model, variant, { ...limits, properties: [name] });
    const verdict = verdictOf(report, name);
    if (verdict.of !== 'sometimes') throw noWitness(model, verdict);
    if (verdict.kind === 'unknown') return unknown(report, [verdict]);
    return verdict.kind === 'holds' ? yes(told(report, verdict)) : no(told(report, verdict));
  });
}

/** Whether every transition of every machine is taken in some variant of those that are meant. */
export function takingAll(
  model: Model,
  { except = [], ...checking }: Checking & { readonly except?: readonly string[] } = {},
): Judgement {
  const { limits, ...choice } = checking;
  const reports = chosen(model, choice).map((variant) =>
    check(model, variant, { ...(limits && { limits }), coverage: true, runs: false }),
  );
  const taken = new Map<string, boolean>();
  for (const { actor, transitions } of reports.flatMap(({ coverage }) => coverage ?? [])) {
    for (const { transition, locals } of transitions) {
      const name = `${actor}: ${transition}`;
      taken.set(name, locals > 0 || taken.get(name) === true);
    }
  }
  const stale = except.filter((name) => taken.get(name) !== false);
  if (stale.length > 0) throw noException(model, stale, taken);
  const never = [...taken].filter(([name, isTaken]) => !isTaken && !except.includes(name)).map(([name]) => name);
  if (never.length === 0) return yes(`${safe(model.name)}: every transition is taken`);
  const unfinished = reports.find(({ limit }) => limit !== undefined);
  const text = `${safe(model.name)}: ${plural(never.length, 'transition')} never taken\n${never.map((name) => `  ${safe(name)}`).join('\n')}`;
  if (unfinished === undefined) return no(text);
  return { answer: 'unknown', message: `${text}\n${label(unfinished)}: not finished, ${limitText(unfinished.limit!)}` };
}

// ------------------------------------------------------------------------------------------------------------ how it is said

/** Of several variants the first that says no is told of, or else the first that cannot say. */
function everyVariant(
  model: Model,
  { limits, ...choice }: Checking,
  judge: (variant: Variant, settings: { readonly limits?: Limits }) => Judgement,
): Judgement {
  const found: Judgement[] = [];
  for (const variant of chosen(model, choice)) {
    const judgement = judge(variant, limits === undefined ? {} : { limits });
    if (judgement.answer === 'no') return judgement;
    found.push(judgement);
  }
  return found.find(({ answer }) => answer === 'unknown') ?? yes(found.map(({ message }) => message).join('\n\n'));
}

const yes = (message: string, report?: Report): Judgement => ({
  answer: 'yes',
  message: report === undefined ? message : `${message} (${count(report.stats.states)} states, all there are)`,
});
const no = (message: string): Judgement => ({ answer: 'no', message });

function unknown(report: Report, verdicts: readonly Verdict[]): Judgement {
  const names = verdicts.map(({ property }) => quoted(property)).join(', ');
  const { limit } = report;
  const why =
    limit === undefined ? '' : `: ${limitText(limit)}, every run of up to ${plural(limit.covered, 'step')} is covered`;
  return { answer: 'unknown', message: `${label(report)}: ${names} unknown${why}` };
}

/** The verdict, and the run that decides it as the terminal prints it. */
function told(report: Report, verdict: Verdict): string {
  const { run, property, steps } = verdict;
  const said = `${label(report)}: ${quoted(property)} ${verdictText(verdict)}${steps ? ' (shortest)' : ''}`;
  const table = run === undefined ? [] : ['', ...runLines(run, [verdict], screen)];
  return [said, ...table].map((line) => line.trimEnd()).join('\n');
}

const label = ({ model, variant }: Report): string => safe(`${model} ${variant}`);

/** `check` has said so already where there is no such property. */
const verdictOf = ({ verdicts }: Report, name: string): Verdict => verdicts.find(({ property }) => property === name)!;

const noWitness = ({ name }: Model, { property, of }: Verdict): SpecError =>
  new SpecError(`${name}: "${property}" is no witness`, {
    code: 'E-NOT-WITNESS',
    where: `toReach("${property}")`,
    why: `it is a claim (${of}), which holds or is violated`,
    instead: 'the name of a sometimes(), or toHold() and toViolate() for what is claimed',
  });

function noException({ name }: Model, stale: readonly string[], taken: ReadonlyMap<string, boolean>): SpecError {
  const isTaken = taken.has(stale[0]!);
  return new SpecError(`${name}: "${stale[0]}" is no exception`, {
    code: 'E-EXCEPTION',
    where: 'toTakeEveryTransition(), except',
    why: isTaken ? 'this transition is taken' : 'the model has no such transition',
    instead: isTaken
      ? 'nothing: it can be left out'
      : 'a transition as the failure prints it: "actor: state on message"',
  });
}
