import type { ActorCoverage, PropertyKind, Report, Verdict, VerdictKind } from './verdict.ts';

/**
 * What a finished check has measured, as it is kept to be compared with later ones: how large the state space is, how long the
 * shortest runs are, and what the machines do. Verdicts are not among it: those that are expected are said by a person, in the model.
 */
export interface Measured extends Sizes {
  /** By property, the steps of a shortest run that violates it or, of a witness, reaches it; `null` where there is no such run. */
  readonly steps: ReadonlyMap<string, number | null>;
  /** By machine, each of its transitions, and whether a step took it. */
  readonly taken: Taken;
}

/** How large a state space is. */
interface Sizes {
  readonly states: number;
  readonly transitions: number;
  readonly deadlocks: number;
  readonly depth: number;
}

export type Taken = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** What is measured of a state space as a whole. */
export const sizes = ['states', 'transitions', 'deadlocks', 'depth'] as const satisfies readonly (keyof Sizes)[];

/** What steps did of a transition, or that the machine does not have it. */
export type Life = 'taken' | 'never taken' | 'not there';

/** Where a variant is not any more as it was measured. */
export type Change = { readonly kind: 'change' } & (
  | { readonly what: 'variant' }
  | { readonly what: keyof Sizes; readonly was: number; readonly is: number }
  | { readonly what: 'property'; readonly property: string; readonly is: 'new' | 'gone' }
  | {
      readonly what: 'steps';
      readonly property: string;
      readonly of: PropertyKind;
      readonly verdict: VerdictKind;
      readonly was: number | null;
      readonly is: number | null;
    }
  | {
      readonly what: 'transition';
      readonly actor: string;
      readonly transition: string;
      readonly was: Life;
      readonly is: Life;
    }
);

/** What a report measures; `null` where its search has not come to its end, or may have missed something. */
export function measuredOf(report: Report): Measured | null {
  const { stats, verdicts } = report;
  if (!isWhole(report)) return null;
  return {
    states: stats.states,
    transitions: stats.transitions,
    deadlocks: stats.deadlocks,
    depth: stats.depth,
    steps: new Map(verdicts.map(({ property, steps }) => [property, steps ?? null])),
    taken: takenIn(report.coverage ?? []),
  };
}

const isWhole = ({ limit, approximate, verdicts }: Report): boolean =>
  limit === undefined && approximate === undefined && verdicts.every(({ kind }) => kind !== 'unknown');

/** A machine's transitions by what they are called; of several with one name the second is `name #2`. */
function takenIn(coverage: readonly ActorCoverage[]): Taken {
  const machines = coverage.map(({ actor, transitions }) => {
    const named = new Map<string, boolean>();
    for (const { transition, locals } of transitions) named.set(unused(transition, named), locals > 0);
    return [actor, named] as const;
  });
  return new Map(machines.filter(([, transitions]) => transitions.size > 0));
}

function unused(name: string, used: ReadonlyMap<string, boolean>): string {
  let free = name;
  for (let i = 2; used.has(free); i++) free = `${name} #${i}`;
  return free;
}

/**
 * Where a report, made with `coverage`, differs from what was measured before. Of a search that was stopped only the runs that it has found
 * are compared, which are shortest ones all the same; of an approximate one nothing.
 *
 * @param before `undefined` where the variant is not among what was measured
 * @param picked only some of the properties were asked about
 */
export function changesSince(before: Measured | undefined, report: Report, picked: boolean): Change[] {
  if (report.approximate !== undefined) return [];
  const now = measuredOf(report);
  if (before === undefined) return now === null || picked ? [] : [{ kind: 'change', what: 'variant' }];
  const runs = report.verdicts.flatMap((verdict) => stepsChange(before.steps, verdict, now !== null));
  if (now === null) return runs;
  const gone = picked ? [] : [...before.steps.keys()].filter((property) => !now.steps.has(property));
  return [
    ...runs,
    ...gone.map((property): Change => ({ kind: 'change', what: 'property', property, is: 'gone' })),
    ...sizes.flatMap((what): Change[] =>
      before[what] === now[what] ? [] : [{ kind: 'change', what, was: before[what], is: now[what] }],
    ),
    ...transitionChanges(before.taken, now.taken),
  ];
}

/** @param isWhole whether a run that was not found is not there */
function stepsChange(before: Measured['steps'], verdict: Verdict, isWhole: boolean): Change[] {
  const { property, of, kind, steps } = verdict;
  const was = before.get(property);
  const is = steps ?? null;
  if (is === was || (is === null && !isWhole)) return [];
  if (was === undefined) return [{ kind: 'change', what: 'property', property, is: 'new' }];
  return [{ kind: 'change', what: 'steps', property, of, verdict: kind, was, is }];
}

function transitionChanges(before: Taken, now: Taken): Change[] {
  return [...new Set([...now.keys(), ...before.keys()])].flatMap((actor) => {
    const [old, young] = [before.get(actor), now.get(actor)];
    const all = new Set([...(young?.keys() ?? []), ...(old?.keys() ?? [])]);
    return [...all].flatMap((transition): Change[] => {
      const [was, is] = [lifeOf(old?.get(transition)), lifeOf(young?.get(transition))];
      return was === is ? [] : [{ kind: 'change', what: 'transition', actor, transition, was, is }];
    });
  });
}

/** What a mark means; without one the machine does not have the transition. */
export const lifeOf = (mark: boolean | undefined): Life =>
  mark === undefined ? 'not there' : mark ? 'taken' : 'never taken';
