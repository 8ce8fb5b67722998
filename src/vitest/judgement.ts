import { check, type Settings } from '../explore/check.ts';
import { type Choice, chosen } from '../explore/choose.ts';
import type { Model, Variant } from '../explore/model.ts';
import type { Property, Sometimes } from '../explore/property.ts';
import type { Limits } from '../explore/search.ts';
import { SpecError } from '../explore/spec-error.ts';
import type { Report, Verdict } from '../explore/verdict.ts';
import { runLines } from '../report/run.ts';
import { plainScreen } from '../report/screen.ts';
import { plural, quoted, safe } from '../report/text.ts';
import { whyLines } from '../report/why.ts';
import { limitText, verdictText } from '../report/words.ts';

/** What a matcher may be told besides: of which variants it speaks, and how far a search may go. */
export interface Checking extends Choice {
  /** Reaching one leaves undecided what has not been found: then `not` fails as well. */
  readonly limits?: Limits;
}

/** What a matcher finds: yes, no, or that it cannot be said, which passes neither with `not` nor without. */
export interface Judgement {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** What was found, for whoever expected something else: a violation with its run and its explanation, which are worked out when asked for. */
  readonly message: () => string;
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
    if (broken.length > 0) {
      const names = broken.map(({ property }) => property);
      return no(() => told(report, names, explained(model, variant, { ...limits, properties: names })));
    }
    if (others.length > 0) return unknown(report, others);
    const names = report.verdicts.map(({ property }) => quoted(property)).join(', ');
    return yes(() => `${label(report)}: ${names} hold (${plural(report.stats.states, 'state')}, all there are)`);
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
    const open = { ...variant, expect: {}, figures: {} };
    const settings = { ...limits, properties: [name], bail: true };
    const report = check(model, open, settings);
    const verdict = verdictOf(report, name);
    if (verdict.kind === 'unknown') return unknown(report, [verdict]);
    if (verdict.kind !== 'violated') return no(() => told(report, [name]));
    const text = () => told(report, [name], explained(model, open, settings));
    return verdict.steps! <= within ? yes(text) : no(() => `${text()}\n\nexpected within ${plural(within, 'step')}`);
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
    return { answer: verdict.kind === 'holds' ? 'yes' : 'no', message: () => told(report, [name]) };
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
  if (never.length === 0) return yes(() => `${safe(model.name)}: every transition is taken`);
  const unfinished = reports.find(({ limit }) => limit !== undefined);
  const text = `${safe(model.name)}: ${plural(never.length, 'transition')} never taken\n${never.map((name) => `  ${safe(name)}`).join('\n')}`;
  if (unfinished === undefined) return no(() => text);
  const why = `${label(unfinished)}: not finished, ${limitText(unfinished.limit!)}`;
  return { answer: 'unknown', message: () => `${text}\n${why}` };
}

// ------------------------------------------------------------------------------------------------------------ how it is said

/** Of several variants the first that says no is told of, or else the first that cannot say. */
export function everyVariant(
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
  return (
    found.find(({ answer }) => answer === 'unknown') ?? yes(() => found.map(({ message }) => message()).join('\n\n'))
  );
}

const yes = (message: () => string): Judgement => ({ answer: 'yes', message });
const no = (message: () => string): Judgement => ({ answer: 'no', message });

function unknown(report: Report, verdicts: readonly Verdict[]): Judgement {
  const names = verdicts.map(({ property }) => quoted(property)).join(', ');
  const { limit } = report;
  const why =
    limit === undefined ? '' : `: ${limitText(limit)}, every run of up to ${plural(limit.covered, 'step')} is covered`;
  return { answer: 'unknown', message: () => `${label(report)}: ${names} unknown${why}` };
}

/** Checked again, with explanations: most tests pass, and need none. */
const explained = (model: Model, variant: Variant, settings: Settings): Report =>
  check(model, variant, { ...settings, explain: true });

/**
 * The verdicts, and the runs that decide them as the terminal prints them, with all that is said below.
 *
 * @param again the same with explanations; where a limit of time has stopped it sooner, it says less
 */
function told(report: Report, names: readonly string[], again: Report = report): string {
  const texts = names.map((name) => {
    const [found, better] = [verdictOf(report, name), verdictOf(again, name)];
    const verdict = better.kind === found.kind ? better : found;
    const { run, property, steps } = verdict;
    const said = `${label(report)}: ${quoted(property)} ${verdictText(verdict)}${steps ? ' (shortest)' : ''}`;
    const table =
      run === undefined ? [] : ['', ...runLines(run, [verdict], screen), ...whyLines([verdict], run, screen)];
    return [said, ...table].map((line) => line.trimEnd()).join('\n');
  });
  return texts.join('\n\n');
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
