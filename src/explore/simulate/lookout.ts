import { allBreaches, type Breach } from '../explain/breach.ts';
import { overStates, watchFor } from '../judge.ts';
import type { Property, Sometimes } from '../property.ts';
import { didYouMean, SpecError } from '../spec-error.ts';
import type { LearnedStep } from '../steps.ts';
import type { System } from '../system.ts';
import type { StepLabel } from '../verdict.ts';
import { afterOf, type Stop } from './way.ts';

/** How much was walked and seen. */
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

/** A property that was broken, and the way to it. */
export interface Broken {
  readonly breach: Breach;
  readonly at: { readonly run: number; readonly steps: number };
  readonly labels: readonly StepLabel[];
}

/** How many states are told apart, for a figure. */
const counted = 1_000_000;

/** Looks for everything at once while runs go by. */
export class Lookout {
  readonly broken = new Map<string, Broken>();
  readonly reached = new Set<string>();
  readonly #system: System;
  readonly #breaches: Map<string, Breach>;
  readonly #witnesses: Map<string, (vector: Uint32Array) => boolean>;
  /** Precedences that nothing can break, and that are not proved by that. */
  readonly #safe: readonly string[];
  /** Properties that this run can no longer break. */
  readonly #over = new Set<string>();
  /** The state before the last step. */
  #before: Uint32Array;
  #runs = 0;
  #steps = 0;
  #looked = 0;
  #longest = 0;
  readonly #seen = new Set<string>();

  /** @throws SpecError where one of the properties asked for is not there */
  constructor(system: System, names: readonly string[] = []) {
    this.#system = system;
    const wanted = wantedOf(system, names);
    const witnesses = new Map(witnessesOf(system).map((witness) => [witness.name, witness]));
    const isOpen = new Set(ahead(system));
    this.#witnesses = new Map(
      [...witnesses.values()]
        .filter(({ name }) => wanted(name))
        .map(({ name, holds }) => {
          const learned = overStates(system, name, holds);
          return [name, (vector: Uint32Array) => learned.at(vector)];
        }),
    );
    this.#safe = [...isOpen].filter(wanted);
    this.#breaches = new Map(
      [...allBreaches(system)].filter(([name]) => wanted(name) && !witnesses.has(name) && !isOpen.has(name)),
    );
    this.#before = system.initial;
    for (const [name, breach] of this.#breaches) if (breach.atStart) this.#find(name, breach, []);
    this.#witness(system.initial);
  }

  /** Nothing is left to be found. */
  get isDone(): boolean {
    return this.broken.size === this.#breaches.size && this.reached.size === this.#witnesses.size;
  }

  get violations(): number {
    return this.broken.size;
  }

  /** Another run begins. */
  begin(): void {
    this.#runs++;
    this.#over.clear();
  }

  open(): string[] {
    const all = [...this.#breaches.keys(), ...this.#safe, ...this.#witnesses.keys()];
    return all.filter((name) => !this.broken.has(name) && !this.reached.has(name));
  }

  stats(): Walked {
    return {
      runs: this.#runs,
      steps: this.#steps,
      looked: this.#looked,
      states: this.#seen.size,
      longest: this.#longest,
    };
  }

  visit({ vector, steps, way }: Stop): void {
    this.#pass(vector, way);
    if (way.length > 0) this.#steps++;
    this.#longest = Math.max(this.#longest, way.length);
    if (this.#seen.size < counted) this.#seen.add(vector.join());
    this.#looked += steps.length;
    for (const step of steps) this.#look(step, vector, way);
  }

  #look(step: LearnedStep, vector: Uint32Array, way: readonly LearnedStep[]): void {
    const after = afterOf(this.#system, step, vector);
    for (const [name, breach] of this.#breaches) {
      if (this.broken.has(name) || this.#over.has(name)) continue;
      if (breach.by(step, vector, after ?? vector)) this.#find(name, breach, [...way, step]);
    }
    if (after !== null) this.#witness(after);
  }

  /** Notes which properties the last step of the way has put out of danger. */
  #pass(vector: Uint32Array, way: readonly LearnedStep[]): void {
    const last = way.at(-1);
    if (last !== undefined)
      for (const [name, { over }] of this.#breaches) if (over?.(last, this.#before, vector)) this.#over.add(name);
    this.#before = vector;
  }

  #find(name: string, breach: Breach, way: readonly LearnedStep[]): void {
    const labels = way.map(({ label }) => label);
    this.broken.set(name, { breach, labels, at: { run: Math.max(1, this.#runs), steps: way.length } });
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

/** Those that are named, with the witnesses that they name; all where none is. */
function wantedOf(system: System, names: readonly string[]): (name: string) => boolean {
  if (names.length === 0) return () => true;
  const properties = system.composition.properties as readonly Property<unknown>[];
  const known = [...new Set([...allBreaches(system).keys(), ...witnessesOf(system).map(({ name }) => name)])];
  for (const name of names) if (!known.includes(name)) throw noProperty(name, known);
  const witnesses = properties.flatMap((property) =>
    names.includes(property.name) && 'witness' in property && property.witness ? [property.witness.name] : [],
  );
  const wanted = new Set([...names, ...witnesses]);
  return (name) => wanted.has(name);
}

const noProperty = (name: string, known: readonly string[]): SpecError =>
  new SpecError(`no property "${name}"`, {
    code: 'E-PROPERTY',
    where: 'the properties asked for',
    why: `the model's properties are ${known.map((each) => `"${each}"`).join(', ')}`,
    instead: `one of them${didYouMean(name, known)}`,
  });

/** Precedences of which the first part is true from the start: no run can break them, and none need be looked at for that. */
function ahead(system: System): string[] {
  const properties = system.composition.properties as readonly Property<unknown>[];
  return properties
    .filter((each) => each.kind === 'precedes' && watchFor(system, each.name, each.first).state(system.initial))
    .map(({ name }) => name);
}
