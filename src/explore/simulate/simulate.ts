import { confirmRun } from '../confirm.ts';
import { coverageOf } from '../coverage.ts';
import { allBreaches, type Breach } from '../explain/breach.ts';
import { overStates, watchFor } from '../judge.ts';
import type { Model, Variant } from '../model.ts';
import { deadlock, type Property, type Sometimes, unhandled } from '../property.ts';
import { checkShape } from '../shape.ts';
import type { LearnedStep } from '../steps.ts';
import { compile, type System } from '../system.ts';
import { validate } from '../validate.ts';
import type { ActorCoverage, PropertyKind, Run, StepLabel } from '../verdict.ts';
import { drawing, seedOf } from './schedule.ts';
import { shortened } from './shorten.ts';
import { afterOf, anyScheduler, upToBreach, walk } from './way.ts';

export interface Simulating {
  /** The same seed gives the same runs. */
  readonly seed: number;
  /** How many; half of them, by chance, are random step by step, the others by random priorities (PCT). */
  readonly runs: number;
  /** How long each is at most, in steps. */
  readonly depth: number;
  /** Makes a run smaller for as long as it still fails. fast-check does; without it a run is only shortened. */
  readonly shrink?: (system: System, labels: readonly StepLabel[], fails: Fails) => readonly StepLabel[];
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
}

export interface Walked {
  readonly runs: number;
  /** Steps that were taken. */
  readonly steps: number;
  /** Steps that were looked at: all that the states visited have. */
  readonly looked: number;
  /** Distinct states that were visited, counted up to a million. */
  readonly states: number;
  /** Steps of the longest run. */
  readonly longest: number;
}

/** A violation. The run is one that plain XState has taken; it need not be a shortest one. */
export interface Found {
  readonly property: string;
  readonly of: PropertyKind;
  /** In which of the runs it was found, counted from 1, and after how many steps. */
  readonly at: { readonly run: number; readonly steps: number };
  readonly run: Run;
}

/** How many states are told apart, for a figure. */
const counted = 1_000_000;

/** A variant, ready to be walked in. */
export function opened(model: Model, variant: Variant): System {
  const composition = model.build(variant.option);
  checkShape(model.name, composition);
  validate(composition);
  return compile(composition);
}

/**
 * Takes random runs through a variant, and looks at all steps of every state on the way, not only at those that it takes (as TLC does
 * in its simulation): what is one step away is found. A deadlock is found where a run comes to it.
 *
 * It never says that anything holds. What it has found is there: plain XState has taken the run.
 *
 * @throws SpecError where the specification is malformed or impure
 */
export function simulate(model: Model, variant: Variant, { seed, runs, depth, shrink }: Simulating): Simulation {
  const system = opened(model, variant);
  const lookout = new Lookout(system);
  for (let run = 0; run < runs && !lookout.isDone; run++) {
    lookout.run = run + 1;
    walk(system, anyScheduler(drawing(seedOf(seed, run)), depth), depth, lookout.visit);
  }
  for (const behaviour of new Set(system.instances.map(({ behaviour }) => behaviour))) behaviour.audit();
  const violations = [...lookout.broken].map(([property, { breach, at, labels }]): Found => {
    const least = lessened(system, breach, labels, shrink);
    const of = kindOfProperty(system, property);
    return { property, of, at, run: confirmRun(system, { name: property, of }, least, of === 'step') };
  });
  return {
    violations,
    reached: [...lookout.reached],
    unknown: [...lookout.open()],
    stats: lookout.stats(),
    coverage: coverageOf(system),
  };
}

/** Shrunk, then shortened. The last step stays what it is: it may be a verdict, which leads nowhere. */
function lessened(
  system: System,
  breach: Breach,
  labels: readonly StepLabel[],
  shrink: Simulating['shrink'],
): readonly StepLabel[] {
  if (labels.length === 0) return labels;
  const [way, last] = [labels.slice(0, -1), labels.at(-1)!];
  const broken = (each: readonly StepLabel[]) => upToBreach(system, breach, [...each, last]);
  const smaller = shrink?.(system, way, (each) => broken(each) !== null) ?? way;
  return shortened(system, breach, broken(smaller) ?? labels);
}

function kindOfProperty({ composition }: System, name: string): PropertyKind {
  if (name === deadlock || name === unhandled) return name;
  return composition.properties.find((property) => property.name === name)!.kind;
}

interface Broken {
  readonly breach: Breach;
  readonly at: Found['at'];
  readonly labels: readonly StepLabel[];
}

/** Looks for everything at once while runs go by. */
class Lookout {
  /** The number of the run that goes by. */
  run = 1;
  readonly broken = new Map<string, Broken>();
  readonly reached = new Set<string>();
  readonly #system: System;
  readonly #breaches: Map<string, Breach>;
  readonly #witnesses: Map<string, (vector: Uint32Array) => boolean>;
  /** Properties that this run can no longer break. */
  readonly #over = new Set<string>();
  /** The state before the last step. */
  #before: Uint32Array;
  #steps = 0;
  #looked = 0;
  #longest = 0;
  readonly #seen = new Set<string>();
  readonly #kept: readonly string[];

  constructor(system: System) {
    this.#system = system;
    const witnesses = witnessesOf(system);
    this.#witnesses = new Map(
      witnesses.map(({ name, holds }) => {
        const learned = overStates(system, name, holds);
        return [name, (vector: Uint32Array) => learned.at(vector)];
      }),
    );
    const safe = new Set([...this.#witnesses.keys(), ...ahead(system)]);
    this.#breaches = new Map([...allBreaches(system)].filter(([name]) => !safe.has(name)));
    this.#kept = ahead(system);
    this.#before = system.initial;
    for (const [name, breach] of this.#breaches) if (breach.atStart) this.#find(name, breach, []);
    this.#witness(system.initial);
  }

  /** Nothing is left to be found. */
  get isDone(): boolean {
    return this.broken.size === this.#breaches.size && this.reached.size === this.#witnesses.size;
  }

  open(): string[] {
    const all = [...this.#breaches.keys(), ...this.#kept, ...this.#witnesses.keys()];
    return all.filter((name) => !this.broken.has(name) && !this.reached.has(name));
  }

  stats(): Walked {
    return {
      runs: this.run,
      steps: this.#steps,
      looked: this.#looked,
      states: this.#seen.size,
      longest: this.#longest,
    };
  }

  readonly visit = (vector: Uint32Array, steps: readonly LearnedStep[], way: readonly LearnedStep[]): void => {
    this.#pass(vector, way);
    if (way.length > 0) this.#steps++;
    this.#longest = Math.max(this.#longest, way.length);
    if (this.#seen.size < counted) this.#seen.add(vector.join());
    this.#looked += steps.length;
    for (const step of steps) this.#look(step, vector, way);
    if (steps.every(({ environment }) => environment)) this.#settled(vector, way);
  };

  #look(step: LearnedStep, vector: Uint32Array, way: readonly LearnedStep[]): void {
    const after = afterOf(this.#system, step, vector);
    for (const [name, breach] of this.#breaches) {
      if (name === deadlock || this.broken.has(name) || this.#over.has(name)) continue;
      if (breach.by(step, vector, after ?? vector)) this.#find(name, breach, [...way, step]);
    }
    if (after !== null) this.#witness(after);
  }

  /** Notes which properties the last step of the way has put out of danger. */
  #pass(vector: Uint32Array, way: readonly LearnedStep[]): void {
    const last = way.at(-1);
    if (last === undefined) this.#over.clear();
    else for (const [name, { over }] of this.#breaches) if (over?.(last, this.#before, vector)) this.#over.add(name);
    this.#before = vector;
  }

  #settled(vector: Uint32Array, way: readonly LearnedStep[]): void {
    const breach = this.#breaches.get(deadlock)!;
    const last = way.at(-1);
    // a deadlock is one whichever step led to it
    if (last !== undefined && !this.broken.has(deadlock) && breach.by(last, vector, vector))
      this.#find(deadlock, breach, way);
  }

  #find(name: string, breach: Breach, way: readonly LearnedStep[]): void {
    const labels = way.map(({ label }) => label);
    this.broken.set(name, { breach, labels, at: { run: this.run, steps: way.length } });
  }

  #witness(vector: Uint32Array): void {
    for (const [name, holds] of this.#witnesses) if (!this.reached.has(name) && holds(vector)) this.reached.add(name);
  }
}

function witnessesOf({ composition }: System): Sometimes<unknown>[] {
  const properties = composition.properties as readonly Property<unknown>[];
  return properties.flatMap((property) => {
    if (property.kind === 'sometimes') return [property];
    return 'witness' in property && property.witness ? [property.witness] : [];
  });
}

/** Precedences of which the first part is true from the start: no run can break them, and none need be looked at for that. */
function ahead(system: System): string[] {
  const properties = system.composition.properties as readonly Property<unknown>[];
  return properties
    .filter((each) => each.kind === 'precedes' && watchFor(system, each.name, each.first).state(system.initial))
    .map(({ name }) => name);
}
