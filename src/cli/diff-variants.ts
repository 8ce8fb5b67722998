import type { Limits } from '../explore/check.ts';
import { explainRun } from '../explore/explain/explain.ts';
import { changesSince, measuredOf } from '../explore/measured.ts';
import { composed, refine } from '../explore/refine.ts';
import { knownOnlyTo, knownToBoth } from '../explore/refine-events.ts';
import { haveSameGraph } from '../explore/refine-same.ts';
import type { Report } from '../explore/verdict.ts';
import {
  type ActorMessage,
  type ComparedVariant,
  type DiffEntry,
  type SideName,
  type VerdictChange,
  verdictChanges,
} from '../report/diff.ts';
import { expectedOf, type Outcome, type Subject } from '../report/outcome.ts';
import type { Ticker } from '../report/progress.ts';
import { labelOf } from '../report/words.ts';
import { failureOf } from './attempt.ts';

/** The same variant in both versions. */
export interface Pair extends Readonly<Record<SideName, Subject>> {
  /** What its model is called; where several have its name, with its file. */
  readonly model: string;
}

/** How behaviours are compared. */
interface Comparing {
  /** Of each search. */
  readonly limits: Limits;
  /** Only what these actors take is observed; without any what all take. */
  readonly actors: readonly string[];
  readonly ticker: Ticker;
}

/** Compares a variant of which both versions were checked. */
export function compared(pair: Pair, outcomes: Readonly<Record<SideName, Outcome>>, comparing: Comparing): DiffEntry[] {
  const { base, head } = outcomes;
  const names = { model: pair.model, variant: pair.head.variant.name };
  const failed = (['base', 'head'] as const).flatMap((side): DiffEntry[] => {
    const outcome = outcomes[side];
    return outcome.kind === 'failed'
      ? [{ kind: 'uncompared', ...names, side, fault: outcome.fault, message: outcome.message }]
      : [];
  });
  if (base.kind !== 'checked' || head.kind !== 'checked') return failed;
  try {
    const before = measuredOf(base.report);
    const verdicts = verdictChanges(base.report, head.report, (property) => expectedOf(pair.head.variant, property));
    return [
      {
        kind: 'compared',
        ...names,
        base: base.report,
        head: head.report,
        verdicts: verdicts.map((change) => explained(pair.head, change)),
        changes: before === null ? [] : figureChanges(changesSince(before, head.report, false), verdicts),
        ...behaviours(pair, base.report, head.report, comparing),
      },
    ];
  } catch (error) {
    return [{ kind: 'uncompared', ...names, side: 'head', ...failureOf(error) }];
  } finally {
    comparing.ticker.clear();
  }
}

/** What is said as a change of a verdict is not said again as one of a figure. */
function figureChanges(
  changes: ComparedVariant['changes'],
  verdicts: readonly VerdictChange[],
): ComparedVariant['changes'] {
  const told = new Set(verdicts.map(({ property }) => property));
  return changes.filter((change) => !('property' in change) || (change.what === 'steps' && !told.has(change.property)));
}

/** A violation that was not there before is explained, as `check` explains those that nobody expects. */
function explained({ model, variant }: Subject, change: VerdictChange): VerdictChange {
  const { base, head } = change;
  if (head?.kind !== 'violated' || base?.kind === 'violated' || head.run === undefined) return change;
  return { ...change, head: explainRun(model.build(variant.option), head) };
}

function behaviours(
  pair: Pair,
  before: Report,
  after: Report,
  { limits, actors, ticker }: Comparing,
): Pick<ComparedVariant, 'behaviours' | 'messages'> {
  const asking = (what: string) => {
    ticker.begin(`${labelOf({ ...pair.head, isNamesake: false })}, ${what}`);
    return { limits, onProgress: (progress: Parameters<Ticker['tell']>[0]) => ticker.tell(progress) };
  };
  if (sameSize(before, after) && haveSameGraph(pair.base, pair.head, asking('side by side')) === true)
    return { behaviours: { kind: 'same graph' }, messages: { base: [], head: [] } };
  const [old, young] = [composed(pair.base), composed(pair.head)];
  const observe = actors.length === 0 ? {} : { observe: knownToBoth(old, young, actors) };
  const isObserved = ({ actor }: ActorMessage): boolean => actors.length === 0 || actors.includes(actor);
  return {
    behaviours: {
      kind: 'traces',
      added: refine({ ...pair.head, ...observe }, pair.base, asking('new behaviours')),
      gone: refine({ ...pair.base, ...observe }, pair.head, asking('behaviours that are gone')),
    },
    messages: {
      base: knownOnlyTo(old, young).filter(isObserved),
      head: knownOnlyTo(young, old).filter(isObserved),
    },
  };
}

/** Graphs of which the counts differ are not the same. */
const sameSize = ({ stats: a }: Report, { stats: b }: Report): boolean =>
  (['states', 'transitions', 'unhandled', 'deadlocks', 'depth'] as const).every((figure) => a[figure] === b[figure]);
