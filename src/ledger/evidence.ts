import type { Model } from '../explore/model.ts';
import type { Property } from '../explore/property.ts';
import type { Report, Verdict } from '../explore/verdict.ts';
import type { Decision, Ledgers, Trial } from './rows.ts';

/** A model that has been run: a report for each of its variants, by name. */
export interface Checked {
  readonly file: string;
  readonly model: Model;
  readonly reports: ReadonlyMap<string, Report>;
}

/** One side of a decision: what a variant has to say about the property. */
export interface Side {
  readonly variant: string;
  readonly verdict: Verdict;
  /** Of an invariant: the state that keeps it from holding for want of anything to constrain, and how far away it is. */
  readonly witness?: { readonly name: string; readonly steps: number | undefined };
}

/** A decision with what was found. */
export interface Evidence {
  readonly decision: Decision;
  readonly unsafe: Side;
  readonly safe: Side;
}

/** A trial with what was found. */
export interface Tried {
  readonly trial: Trial;
  readonly side: Side;
}

export interface Audit {
  /** By row, in the order in which they were registered. */
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
  readonly tried: ReadonlyMap<string, readonly Tried[]>;
  /** What is wrong with the ledgers, in sentences. Nothing may be published while there is any. */
  readonly problems: readonly string[];
}

/**
 * Holds every decision against the reports of the two variants that it names.
 *
 * It believes nothing that the models expect of themselves: only reports count, and only of searches that have finished.
 */
export function audit(ledgers: Ledgers, checked: readonly Checked[]): Audit {
  const rows = [...ledgers.claims, ...ledgers.bugs, ...ledgers.hazards, ...ledgers.alternatives];
  const problems = rows
    .filter(({ id }, i) => rows.findIndex((other) => other.id === id) !== i)
    .map(({ id }) => `${id}: there is more than one row of this name`);
  const undecidable = new Set(
    [...ledgers.claims, ...ledgers.alternatives].filter((row) => row.undecidable !== undefined).map(({ id }) => id),
  );
  const hazards = new Set(ledgers.hazards.map(({ id }) => id));
  const alternatives = new Set(ledgers.alternatives.map(({ id }) => id));
  const evidence = new Map<string, Evidence[]>();
  const tried = new Map<string, Tried[]>();
  const sayerOf = ({ row, model }: Decision | Trial) => {
    const say = (what: string) => problems.push(`${row}, decided by ${model}: ${what}`);
    if (!rows.some(({ id }) => id === row)) say('there is no such row');
    if (undecidable.has(row)) say('the row says that no search can decide it');
    return say;
  };

  for (const decision of ledgers.decisions) {
    const { row, differs, note, hazard, alternative } = decision;
    const say = sayerOf(decision);
    if (differs && !note) say('differs from the ledger, and no note says who is right');
    if (hazard && !hazards.has(row)) say(`is no hazard that could be ${hazard}`);
    if (alternative && !alternatives.has(row)) say('is no alternative');
    if (!alternative && alternatives.has(row)) say('does not say which of the two variants is the alternative');
    const found = weigh(decision, checked);
    if (typeof found === 'string') say(found);
    else evidence.set(row, [...(evidence.get(row) ?? []), found]);
  }
  for (const trial of ledgers.trials) {
    const { row } = trial;
    const say = sayerOf(trial);
    if (rows.some(({ id }) => id === row) && !alternatives.has(row)) say('is no alternative');
    const found = findTried(trial, checked);
    if (typeof found === 'string') say(found);
    else tried.set(row, [...(tried.get(row) ?? []), found]);
  }
  for (const { id } of ledgers.alternatives) {
    if (!evidence.has(id) && !tried.has(id) && !undecidable.has(id)) {
      problems.push(`${id}: nothing decides it, and no reason is given`);
    }
  }
  return { evidence, tried, problems };
}

/** The evidence for a decision, or what it lacks. */
function weigh(decision: Decision, checked: readonly Checked[]): Evidence | string {
  const { model, property, unsafe, safe } = decision;
  if (unsafe === safe) return 'a verdict changes between two variants, and it names one';
  const bad = sideOf(checked, model, unsafe, property);
  if (typeof bad === 'string') return bad;
  const good = sideOf(checked, model, safe, property);
  if (typeof good === 'string') return good;
  const kinds = [bad.verdict.kind, good.verdict.kind].join(' and ');
  const isWitness = bad.verdict.of === 'sometimes';
  const isDecided = isWitness
    ? ['holds and unreached', 'unreached and holds'].includes(kinds)
    : kinds === 'violated and holds';
  if (!isDecided) return `"${property}" is ${kinds} in ${unsafe} and ${safe}, which decides nothing`;
  return { decision, unsafe: bad, safe: good };
}

function findTried(trial: Trial, checked: readonly Checked[]): Tried | string {
  const { model, variant, property } = trial;
  const side = sideOf(checked, model, variant, property);
  if (typeof side === 'string') return side;
  const { kind } = side.verdict;
  return kind === 'holds' ? { trial, side } : `"${property}" is ${kind} in ${variant}: a decision says beside what`;
}

/** What a variant says of a property, or what of these there is not. */
function sideOf(checked: readonly Checked[], model: string, variant: string, property: string): Side | string {
  const one = checked.find((each) => each.model.name === model);
  if (!one) return 'there is no such model';
  const report = one.reports.get(variant);
  if (!report) return `there is no variant "${variant}"`;
  const verdict = report.verdicts.find((each) => each.property === property);
  if (!verdict) return `there is no property "${property}" in ${variant}`;
  return { variant, verdict, ...witnessOf(one.model, report, property) };
}

function witnessOf(model: Model, report: Report, property: string): Pick<Side, 'witness'> {
  const { option } = model.variants.find(({ name }) => name === report.variant)!;
  const properties = model.build(option).properties as readonly Property<unknown>[];
  const claim = properties.find(({ name }) => name === property);
  const witness = claim && 'witness' in claim ? claim.witness : undefined;
  if (!witness) return {};
  return {
    witness: {
      name: witness.name,
      steps: report.verdicts.find((verdict) => verdict.property === witness.name)?.steps,
    },
  };
}
