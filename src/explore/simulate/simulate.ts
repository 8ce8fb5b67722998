import { confirmRun } from '../confirm.ts';
import { coverageOf } from '../coverage.ts';
import { explain, explanationBudget } from '../explain/explain.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { Model, Variant } from '../model.ts';
import { deadlock, type Property, unhandled } from '../property.ts';
import { checkShape } from '../shape.ts';
import { SpecError } from '../spec-error.ts';
import { compile, type System } from '../system.ts';
import { validate } from '../validate.ts';
import type { ActorCoverage, PropertyKind, Run, StepLabel } from '../verdict.ts';
import { type Broken, Lookout, type Walked } from './lookout.ts';
import { drawing, seedOf } from './schedule.ts';
import { shortened } from './shorten.ts';
import { anyScheduler, upToBreach, walking } from './way.ts';

export type { Walked } from './lookout.ts';

export interface Simulating {
  /** The same seed gives the same runs. */
  readonly seed: number;
  /** How many, at most; half of them, by chance, are random step by step, the others by random priorities (PCT). */
  readonly runs: number;
  /** How long each is at most, in steps. */
  readonly depth: number;
  /** Only these properties, by name, and the witnesses that they name. */
  readonly properties?: readonly string[];
  /** Makes a run smaller for as long as it still fails. fast-check does; without it a run is only shortened. */
  readonly shrink?: (system: System, labels: readonly StepLabel[], fails: Fails) => readonly StepLabel[];
  /** Whether to say of each violation who races, which step goes wrong, and what should have happened. */
  readonly explain?: boolean;
  /** Asked in every state that is visited: where it says yes no more are, and what has been found so far is told. */
  readonly enough?: () => boolean;
}

export type Fails = (labels: readonly StepLabel[]) => boolean;

/** What random runs have come across. Nothing follows for what they have not. */
export interface Simulation {
  readonly violations: readonly Found[];
  /** Witnesses that were reached. */
  readonly reached: readonly string[];
  /** Properties and witnesses of which nothing can be said. */
  readonly unknown: readonly string[];
  readonly stats: Walked;
  /** Of every transition, how much of it was seen: among all steps of all states that were visited. */
  readonly coverage: readonly ActorCoverage[];
  /** Whether `enough` has ended it. */
  readonly isCut: boolean;
}

/** A violation. The run is one that plain XState has taken; it need not be a shortest one. */
export interface Found {
  readonly property: string;
  readonly of: PropertyKind;
  /** What its author says of the property, in one line. */
  readonly about?: string;
  /** In which of the runs it was found, counted from 1, and after how many steps. */
  readonly at: { readonly run: number; readonly steps: number };
  readonly run: Run;
  readonly explanation?: Explanation;
}

/** How far it is. */
export interface Sighting {
  readonly violations: number;
  stats(): Walked;
}

/** A variant, ready to be walked in. */
export function opened(model: Model, variant: Variant): System {
  const composition = model.build(variant.option);
  checkShape(model.name, composition);
  validate(composition);
  return compile(composition);
}

/**
 * Takes random runs through a variant, and looks at all steps of every state on the way, not only at those that it takes (as TLC does
 * in its simulation): what is one step away is found.
 *
 * It never says that anything holds. What it has found is there: plain XState has taken the run.
 *
 * @throws SpecError where the specification is malformed or impure
 */
export function simulate(model: Model, variant: Variant, settings: Simulating): Simulation {
  const sightings = simulating(model, variant, settings);
  for (;;) {
    const next = sightings.next();
    if (next.done) return next.value;
  }
}

/** The same, with a pause in every state that is visited. */
export function* simulating(
  model: Model,
  variant: Variant,
  settings: Simulating,
): Generator<Sighting, Simulation, undefined> {
  const system = opened(model, variant);
  const lookout = new Lookout(system, settings.properties);
  const { seed, runs, depth, enough = () => false } = settings;
  let isCut = false;
  for (let run = 0; run < runs && !lookout.isDone && !isCut; run++) {
    lookout.begin();
    for (const stop of walking(system, anyScheduler(drawing(seedOf(seed, run)), depth), depth)) {
      lookout.visit(stop);
      yield lookout;
      isCut = enough();
      if (isCut) break;
    }
  }
  for (const behaviour of new Set(system.instances.map(({ behaviour }) => behaviour))) behaviour.audit();
  return {
    violations: foundBy(lookout, system, settings),
    reached: [...lookout.reached],
    unknown: lookout.open(),
    stats: lookout.stats(),
    coverage: coverageOf(system),
    isCut,
  };
}

/** The violations, with the runs that are told of them: shrunk, shortened, and taken by plain XState. */
function foundBy(lookout: Lookout, system: System, { shrink, explain: isExplained }: Simulating): Found[] {
  const budget = { states: explanationBudget };
  return [...lookout.broken].map(([property, broken]): Found => {
    const least = lessened(system, broken, shrink);
    const { of, about } = claimOf(system, property);
    const run = confirmRun(system, { name: property, of }, least, of === 'step');
    const explanation = isExplained ? explained(system, property, least, budget) : undefined;
    return {
      property,
      of,
      ...(about !== undefined && { about }),
      at: broken.at,
      run,
      ...(explanation && { explanation }),
    };
  });
}

/** Shrunk, then shortened. The last step stays what it is: it may be a verdict, which leads nowhere. */
function lessened(system: System, { breach, labels }: Broken, shrink: Simulating['shrink']): readonly StepLabel[] {
  if (labels.length === 0) return labels;
  const [way, last] = [labels.slice(0, -1), labels.at(-1)!];
  const broken = (each: readonly StepLabel[]) => upToBreach(system, breach, [...each, last]);
  const smaller = shrink?.(system, way, (each) => broken(each) !== null) ?? way;
  return shortened(system, breach, broken(smaller) ?? labels);
}

/** Nothing where the specification has no answer in a state that is looked at for the explanation alone. */
function explained(...[system, name, labels, budget]: Parameters<typeof explain>): Explanation | undefined {
  try {
    return explain(system, name, labels, budget);
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

function claimOf({ composition }: System, name: string): { readonly of: PropertyKind; readonly about?: string } {
  if (name === deadlock || name === unhandled) return { of: name };
  const property = (composition.properties as readonly Property<unknown>[]).find((each) => each.name === name)!;
  return { of: property.kind, ...(property.about !== undefined && { about: property.about }) };
}
