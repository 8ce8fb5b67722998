import { chanceOfOmission } from './approximate.ts';
import { confirm } from './confirm.ts';
import { coverageOf, neverTaken } from './coverage.ts';
import { explained, explanationBudget } from './explain/explain.ts';
import { figuresOf } from './figures.ts';
import { identityOf } from './identity.ts';
import { type Counting, deadlockJudge, type Judge, judgesOf, unhandledJudge } from './judge.ts';
import { keptOf, resume } from './keep-check.ts';
import type { Identity, Moment, Saved } from './kept.ts';
import { Keys } from './keys.ts';
import type { Change } from './measured.ts';
import type { Composition, Model, Variant } from './model.ts';
import { type Large, type Limits, type Progress, searching, type Visitor } from './search.ts';
import { checkShape } from './shape.ts';
import { didYouMean, SpecError } from './spec-error.ts';
import type { LearnedStep } from './steps.ts';
import type { StateId } from './store.ts';
import { compile, type System } from './system.ts';
import type { Tuning } from './tuning.ts';
import { validate } from './validate.ts';
import type { Report, Verdict, VerdictKind } from './verdict.ts';

export type { Limits, Progress } from './search.ts';

export interface Settings {
  readonly limits?: Limits;
  /** Only these properties, by name, and the witnesses that they name. */
  readonly properties?: readonly string[];
  /** Stop at the first violation that the variant does not expect; what is then not decided is `unknown`. */
  readonly bail?: boolean;
  /**
   * Tell states by fingerprints of 64 bits, drawn anew each time: less memory, and what is found is found; but a state may be
   * missed, so what would hold is `unknown`.
   */
  readonly approximate?: boolean;
  /** Whether to tell the runs of violations and witnesses step by step; on by default. */
  readonly runs?: boolean;
  /**
   * Whether to explain violations that have a run, and to tell of their shortest runs the one with the fewest switches between actors:
   * all of them, or those that the variant does not expect; off by default.
   */
  readonly explain?: boolean | 'unexpected';
  /** Whether to say of every transition of every machine how much of it was tried. */
  readonly coverage?: boolean;
  /** Whether to say what the search has cost, how it kept its states, and where they come from. */
  readonly figures?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** For tests: makes a difference to speed and memory alone. */
  readonly tuning?: Partial<Tuning>;
}

/**
 * Explores one variant of a model and decides every property.
 *
 * @throws SpecError where the specification is malformed or impure
 * @throws ReplayFault where plain XState does not do what the search says: a fault of Holdfast
 */
export function check(model: Model, variant: Variant, settings: Settings = {}): Report {
  const moments = checking(model, variant, settings);
  for (;;) {
    const moment = moments.next();
    if (moment.done) return moment.value;
  }
}

/** A check whose search threads may go on with. */
export interface LargeCheck {
  readonly search: Large;
  readonly system: System;
  readonly judges: readonly Judge[];
  /** Those of them that are asked for. */
  readonly told: readonly Judge[];
}

/**
 * The same, part by part: at every moment between two of them it can be kept, and left for good.
 *
 * @param saved what was kept of such a check: this one goes on with it
 * @throws Refused where that cannot be
 */
export function* checking(
  model: Model,
  variant: Variant,
  settings: Settings = {},
  saved?: Saved,
): Generator<Moment & { readonly large?: LargeCheck }, Report, undefined> {
  const started = Date.now();
  const limits = settings.limits ?? {};
  const composition = built(model, variant);
  checkShape(model.name, composition);
  validate(composition);
  const system = compile(composition);
  const [deadlocks, unhandled] = [deadlockJudge(system), unhandledJudge()];
  const keys = settings.approximate === true ? new Keys(system.width) : undefined;
  const all = [...judgesOf(system, limits, keys), deadlocks, unhandled];
  const judges = selected(all, composition, settings.properties);
  checkExpectations(model, variant, all);

  const identity = (): Identity => identityOf(model, variant, composition, judges, settings);
  const before = saved && resume(saved, identity(), system, all);
  const begun = Date.now();
  const parts = searching(
    system,
    chorus(judges, [deadlocks, unhandled], settings.bail === true ? variant : null),
    limits,
    settings.onProgress,
    settings.tuning,
    keys,
    before,
  );
  const spent = (): number => Date.now() - started + (before?.milliseconds ?? 0);
  let next = parts.next();
  for (; !next.done; next = parts.next()) {
    const part = next.value;
    const { large } = part;
    yield {
      isLast: part.isLast,
      keep: () => keptOf(identity(), system, all, part, spent()),
      ...(large && { large: { search: large, system, judges: all, told: judges } }),
    };
  }
  const searched = next.value;
  const { store, transitions, depth, limit } = searched;
  const ended = Date.now();
  for (const behaviour of behavioursOf(system)) behaviour.audit();
  // a search that may have missed a state has seen less than all, whether it came to its end or not
  const finished = limit === undefined && keys === undefined;
  const verdicts = judges.map((judge): Verdict => {
    const { kind, because } = judge.verdict(finished);
    const found = judge.found(store);
    const told = found && confirm(system, judge, found, settings.runs !== false);
    const about = aboutOf(composition, judge.name);
    return {
      property: judge.name,
      of: judge.of,
      kind,
      ...told,
      ...(because !== undefined && { because }),
      ...(about !== undefined && { about }),
    };
  });
  const report: Report = {
    model: model.name,
    variant: variant.name,
    verdicts,
    stats: {
      states: store.size,
      transitions,
      deadlocks: deadlocks.count(),
      unhandled: unhandled.count(),
      depth,
      asked: behavioursOf(system).reduce((sum, { asked }) => sum + asked, 0),
      milliseconds: spent(),
    },
    ...(limit && { limit }),
    ...(keys && { approximate: { chance: chanceOfOmission(store.size) } }),
    ...(finished && { neverTaken: neverTaken(system) }),
    ...(settings.coverage === true && { coverage: coverageOf(system) }),
    ...(settings.figures === true && {
      figures: figuresOf(system, searched, {
        compile: begun - started,
        search: ended - begun,
        evidence: Date.now() - ended,
      }),
    }),
  };
  // last of all: to explain is to look at states that the search may not have come to
  const isExplained = ({ property, kind, run }: Verdict): boolean =>
    kind === 'violated' &&
    run !== undefined &&
    (settings.explain === 'unexpected' ? variant.expect[property] !== 'violated' : settings.explain === true);
  const budget = { states: explanationBudget };
  return { ...report, verdicts: verdicts.map((each) => (isExplained(each) ? explained(system, each, budget) : each)) };
}

/** One visitor that passes everything on to the judges. Deadlocks and unhandled messages are counted whoever is selected. */
export function chorus(judges: readonly Judge[], counting: readonly Counting[], bail: Variant | null): Visitor {
  const everyone = new Set<Judge>([...judges, ...counting]);
  const having = <K extends 'state' | 'step' | 'unhandled' | 'expanded' | 'looks' | 'stepLooks'>(key: K) =>
    [...everyone].filter((judge) => judge[key] !== undefined);
  const [onState, onStep, onUnhandled] = [having('state'), having('step'), having('unhandled')];
  const [onExpanded, onLooks, onStepLooks] = [having('expanded'), having('looks'), having('stepLooks')];
  // `precedes` is decided after the search, so it cannot stop it
  const ending = judges.filter(
    ({ of, name }) => of !== 'sometimes' && of !== 'precedes' && bail?.expect[name] !== 'violated',
  );
  return {
    state(id, vector, depth) {
      for (const judge of onState) judge.state!(id, vector, depth);
    },
    ...(onStep.length > 0 && {
      step(from: StateId, step: LearnedStep, before: Uint32Array, after: Uint32Array) {
        for (const judge of onStep) judge.step!(from, step, before, after);
        return true;
      },
      stepLooks: (step: LearnedStep, before: Uint32Array, after: Uint32Array) =>
        onStepLooks.flatMap((judge) => judge.stepLooks!(step, before, after)),
    }),
    looks: (vector) => onLooks.flatMap((judge) => judge.looks!(vector)),
    unhandled(from, step) {
      for (const judge of onUnhandled) judge.unhandled!(from, step);
    },
    expanded(id, vector, settled) {
      for (const judge of onExpanded) judge.expanded!(id, vector, settled);
    },
    isImpatient: bail !== null,
    enough: () => bail !== null && ending.some((judge) => judge.verdict(false).kind === 'violated'),
  };
}

function aboutOf({ properties }: Composition, name: string): string | undefined {
  const all = properties.flatMap((each) => ('witness' in each && each.witness ? [each, each.witness] : [each]));
  return all.find((property) => property.name === name)?.about;
}

export function built(model: Model, variant: Variant): Composition {
  try {
    return model.build(variant.option);
  } catch (error) {
    if (error instanceof SpecError) throw error;
    throw new SpecError(`${model.name}: build() threw an error`, {
      code: 'E-BUILD',
      where: `variant "${variant.name}"`,
      why: error instanceof Error ? error.message : String(error),
      instead: 'a build() that composes the model for every assignment of its options',
    });
  }
}

function selected(
  all: readonly Judge[],
  { properties }: Composition,
  names: readonly string[] | undefined,
): readonly Judge[] {
  if (names === undefined || names.length === 0) return all;
  const known = all.map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name)) {
      throw new SpecError(`no property "${name}"`, {
        code: 'E-PROPERTY',
        where: 'the properties asked for',
        why: `the model's properties are ${known.map((each) => `"${each}"`).join(', ')}`,
        instead: `one of them${didYouMean(name, known)}`,
      });
    }
  }
  const witnesses = properties.flatMap((property) =>
    names.includes(property.name) && 'witness' in property ? [property.witness?.name] : [],
  );
  return all.filter(({ name }) => names.includes(name) || witnesses.includes(name));
}

/** An expectation of a property that is not there would be met by anything. */
function checkExpectations(model: Model, { name, expect, figures }: Variant, judges: readonly Judge[]): void {
  const known = judges.map((judge) => judge.name);
  for (const property of [...Object.keys(expect), ...Object.keys(figures.steps ?? {})]) {
    if (known.includes(property)) continue;
    throw new SpecError(`${model.name}: expects something of "${property}", which is no property`, {
      code: 'E-EXPECTATION',
      where: `variant "${name}"`,
      why: `the model's properties are ${known.map((each) => `"${each}"`).join(', ')}`,
      instead: `one of them${didYouMean(property, known)}`,
    });
  }
}

export const behavioursOf = ({ instances }: System) => [...new Set(instances.map(({ behaviour }) => behaviour))];

/** Where a report differs from what its variant expects, or from what was measured of it before. */
export type Surprise =
  | { readonly kind: 'verdict'; readonly property: string; readonly expected: VerdictKind; readonly found: VerdictKind }
  | { readonly kind: 'figure'; readonly figure: string; readonly expected: number; readonly found: number | undefined }
  | Change;

/**
 * Compares with what the variant expects. A property of which nothing is expected is expected to hold. What a search that was stopped, or
 * is approximate, leaves `unknown` is no surprise, and its counts are not compared: it claims nothing. Nor are the runs of an
 * approximate one shortest.
 */
export function surprises(report: Report, variant: Variant): readonly Surprise[] {
  const verdicts = report.verdicts.flatMap(({ property, kind }): Surprise[] => {
    const expected = Object.hasOwn(variant.expect, property) ? variant.expect[property]! : 'holds';
    return kind === expected || kind === 'unknown' ? [] : [{ kind: 'verdict', property, expected, found: kind }];
  });
  const { steps = {}, ...sizes } = variant.figures;
  const counted =
    report.limit || report.approximate
      ? []
      : Object.entries(sizes).map(
          ([figure, expected]) => [figure, expected, report.stats[figure as keyof typeof sizes]] as const,
        );
  const lengths = report.verdicts
    .filter(({ property, kind }) => Object.hasOwn(steps, property) && kind !== 'unknown' && !report.approximate)
    .map((verdict) => [`steps of ${verdict.property}`, steps[verdict.property]!, verdict.steps] as const);
  const figures = [...counted, ...lengths]
    .filter(([, expected, found]) => expected !== found)
    .map(([figure, expected, found]): Surprise => ({ kind: 'figure', figure, expected, found }));
  return [...verdicts, ...figures];
}
