import { backwards } from './encode.ts';
import type { Keys } from './keys.ts';
import { Learned, type Look, type Trace } from './learned.ts';
import {
  type Always,
  type Change,
  deadlock,
  type Occurrence,
  type Precedes,
  type Property,
  type Sometimes,
  type Step,
  unhandled,
} from './property.ts';
import { decide } from './purity.ts';
import { type Limits, search, type Visitor } from './search.ts';
import type { LearnedStep } from './steps.ts';
import type { StateId, States } from './store.ts';
import type { System } from './system.ts';
import type { PropertyKind, VerdictKind } from './verdict.ts';

/** Where a property was decided: in a state, or by a step from it. */
export interface Found {
  /** The store in which the state has this id; a property may have been decided by a search of its own. */
  readonly store: States;
  readonly id: StateId;
  readonly step: Pick<LearnedStep, 'label'> | null;
  /** Where the search did not follow every step: the ones that it did. */
  readonly follows?: (step: LearnedStep) => boolean;
}

/** Decides one property while a search goes by. */
export interface Judge extends Partial<Pick<Visitor, 'state' | 'unhandled' | 'expanded'>> {
  readonly name: string;
  readonly of: PropertyKind;
  /** All that it has found out so far, as plain data: whoever keeps a search keeps this, and puts it back. */
  readonly memory: object;
  step?(from: StateId, step: LearnedStep, before: Uint32Array, after: Uint32Array): void;
  /** What `state` looks at in this state; nothing once it is decided. */
  looks?(vector: Uint32Array): readonly Look[];
  /** What `step` looks at in this step: slots of the state before, and, from the width on, of the state after. */
  stepLooks?(step: LearnedStep, before: Uint32Array, after: Uint32Array): readonly Look[];
  /** The nearest violation (of a witness: the nearest state that satisfies it), once there is one. */
  found(store: States): Found | null;
  /** What may be said after the search. `finished`: all states and steps have been seen. */
  verdict(finished: boolean): { readonly kind: VerdictKind; readonly because?: string };
}

/**
 * One judge for each property of the model, and for the witnesses that they name.
 *
 * @param keys of the search, where it is approximate: then that of `precedes` is too
 */
export function judgesOf(system: System, limits: Limits, keys?: Keys): Judge[] {
  const properties = system.composition.properties as readonly Property<unknown>[];
  const witnesses = new Map<Sometimes<unknown>, Judge>();
  const all = properties.flatMap((property) =>
    'witness' in property && property.witness ? [property, property.witness] : [property],
  );
  for (const property of all) {
    if (property.kind === 'sometimes' && !witnesses.has(property))
      witnesses.set(property, sometimesJudge(system, property));
  }
  const listed = all
    .filter((property) => property.kind !== 'sometimes')
    .map((property) => judgeOf(system, property, witnesses, limits, keys));
  return [...listed, ...witnesses.values()];
}

function judgeOf(
  system: System,
  property: Exclude<Property<unknown>, Sometimes<unknown>>,
  witnesses: ReadonlyMap<Sometimes<unknown>, Judge>,
  limits: Limits,
  keys: Keys | undefined,
): Judge {
  switch (property.kind) {
    case 'always':
      return alwaysJudge(system, property, witnesses.get(property.witness)!);
    case 'step':
      return stepJudge(system, property, property.witness && witnesses.get(property.witness));
    case 'precedes':
      return precedesJudge(system, property, limits, keys);
  }
}

/** A predicate over states, remembered by what it reads. */
export function overStates(system: System, name: string, predicate: (room: unknown) => boolean): Learned<boolean> {
  const where = `property "${name}"`;
  return new Learned(where, (trace) => decide(where, (again) => predicate(system.room(trace, 0, again))));
}

/** A predicate over changes: the vectors before and after, laid side by side, for each step that was learned. */
export class OverSteps {
  readonly #evaluate: (trace: Trace, step: LearnedStep) => boolean;
  readonly #where: string;
  readonly #learned = new Map<LearnedStep, Learned<boolean>>();
  readonly #pair: Uint32Array;

  constructor(system: System, name: string, predicate: (change: Change<unknown>) => boolean) {
    const { width } = system;
    const where = `property "${name}"`;
    this.#where = where;
    this.#pair = new Uint32Array(2 * width);
    this.#evaluate = (trace, step) =>
      decide(where, (again) => {
        const [before, after] = [0, width].map((base) => system.room(trace, base, again));
        return predicate({ before, after, taken: again ? backwards(step.taken) : step.taken });
      });
  }

  at(step: LearnedStep, before: Uint32Array, after: Uint32Array): boolean {
    return this.#of(step).at(this.#beside(before, after));
  }

  /** What it looks at: slots of the state before, and, from the width on, of the state after. */
  looks(step: LearnedStep, before: Uint32Array, after: Uint32Array): readonly Look[] {
    return this.#of(step).looks(this.#beside(before, after));
  }

  #of(step: LearnedStep): Learned<boolean> {
    let learned = this.#learned.get(step);
    if (learned === undefined) {
      learned = new Learned(this.#where, (trace) => this.#evaluate(trace, step));
      this.#learned.set(step, learned);
    }
    return learned;
  }

  #beside(before: Uint32Array, after: Uint32Array): Uint32Array {
    this.#pair.set(before);
    this.#pair.set(after, before.length);
    return this.#pair;
  }
}

function sometimesJudge(system: System, property: Sometimes<unknown>): Judge {
  const holds = overStates(system, property.name, property.holds);
  const memory = { reached: null as StateId | null };
  return {
    name: property.name,
    of: 'sometimes',
    memory,
    state(id, vector) {
      if (memory.reached === null && holds.at(vector)) memory.reached = id;
    },
    looks: (vector) => (memory.reached === null ? holds.looks(vector) : []),
    found: (store) => (memory.reached === null ? null : { store, id: memory.reached, step: null }),
    verdict: (finished) => ({ kind: memory.reached !== null ? 'holds' : finished ? 'unreached' : 'unknown' }),
  };
}

function alwaysJudge(system: System, property: Always<unknown>, witness: Judge): Judge {
  const holds = overStates(system, property.name, property.holds);
  const when = property.when && overStates(system, `${property.name}, when`, property.when);
  const memory = { premise: when === undefined, broken: null as StateId | null };
  return {
    name: property.name,
    of: 'always',
    memory,
    state(id, vector) {
      if (memory.broken !== null) return;
      if (when !== undefined) {
        if (!when.at(vector)) return;
        memory.premise = true;
      }
      if (!holds.at(vector)) memory.broken = id;
    },
    looks(vector) {
      if (memory.broken !== null) return [];
      if (when === undefined) return holds.looks(vector);
      return [...when.looks(vector), ...(when.at(vector) ? holds.looks(vector) : [])];
    },
    found: (store) => (memory.broken === null ? null : { store, id: memory.broken, step: null }),
    verdict: (finished) => verdictOf(memory.broken !== null, finished, memory.premise, witness),
  };
}

function stepJudge(system: System, property: Step<unknown>, witness: Judge | undefined): Judge {
  const holds = new OverSteps(system, property.name, property.holds);
  const when = property.when && new OverSteps(system, `${property.name}, when`, property.when);
  const memory = { premise: when === undefined, broken: null as StepOf | null };
  return {
    name: property.name,
    of: 'step',
    memory,
    step(id, step, before, after) {
      if (memory.broken !== null) return;
      if (when !== undefined) {
        if (!when.at(step, before, after)) return;
        memory.premise = true;
      }
      if (!holds.at(step, before, after)) memory.broken = stepOf(id, step);
    },
    stepLooks(step, before, after) {
      if (memory.broken !== null) return [];
      if (when === undefined) return holds.looks(step, before, after);
      const looks = when.looks(step, before, after);
      return when.at(step, before, after) ? [...looks, ...holds.looks(step, before, after)] : looks;
    },
    found: (store) => memory.broken && { store, ...memory.broken },
    verdict: (finished) => verdictOf(memory.broken !== null, finished, memory.premise, witness),
  };
}

/** A step from a state, as plain data. */
interface StepOf {
  readonly id: StateId;
  readonly step: Pick<LearnedStep, 'label'>;
}

const stepOf = (id: StateId, { label }: LearnedStep): StepOf => ({ id, step: { label } });

function verdictOf(
  broken: boolean,
  finished: boolean,
  premise: boolean,
  witness: Judge | undefined,
): ReturnType<Judge['verdict']> {
  if (broken) return { kind: 'violated' };
  if (!finished) return { kind: 'unknown' };
  if (!premise) return { kind: 'vacuous', because: 'its premise is never true' };
  if (witness?.verdict(true).kind === 'unreached')
    return { kind: 'vacuous', because: `its witness "${witness.name}" is unreached` };
  return { kind: 'holds' };
}

/** Whether an occurrence comes to pass in a state, or in a step by the messages that it takes. */
interface Watch {
  readonly state: (vector: Uint32Array) => boolean;
  readonly looks: (vector: Uint32Array) => readonly Look[];
  readonly step: (step: LearnedStep) => boolean;
}

export function watchFor(system: System, name: string, occurrence: Occurrence<unknown>): Watch {
  if (typeof occurrence === 'function') {
    const learned = overStates(system, name, occurrence);
    return { state: (vector) => learned.at(vector), looks: (vector) => learned.looks(vector), step: () => false };
  }
  const [actor, type] = occurrence as readonly [string, string];
  return {
    state: () => false,
    looks: () => [],
    step: ({ taken }) => taken.some((one) => one.actor === actor && one.message.type === type),
  };
}

/**
 * `then` comes before `first` exactly where it can be reached without passing `first`. So `first` is cut out of the state
 * space, and what is left is searched for `then`: no monitor is added to the states that are counted.
 */
function precedesJudge(
  system: System,
  { name, ...order }: Precedes<unknown>,
  limits: Limits,
  keys: Keys | undefined,
): Judge {
  const first = watchFor(system, `${name}, first`, order.first);
  const then = watchFor(system, `${name}, then`, order.then);
  const memory = { comes: false };
  // where the search was finished there are no more states here, and no longer ways; but each may take more time and memory
  const early = once((finished: boolean) =>
    searchWithout(system, first, then, finished ? costsOf(limits) : limits, keys),
  );
  let wasFinished = false;
  return {
    name,
    of: 'precedes',
    memory,
    state(_id, vector) {
      memory.comes ||= then.state(vector);
    },
    looks: (vector) => (memory.comes ? [] : then.looks(vector)),
    step(_from, step) {
      memory.comes ||= then.step(step);
    },
    stepLooks: () => [],
    found: () => (memory.comes ? early(wasFinished).found : null),
    verdict(finished) {
      if (!memory.comes) return finished ? { kind: 'vacuous', because: '"then" never comes' } : { kind: 'unknown' };
      wasFinished = finished;
      const { found, finished: all } = early(finished);
      return { kind: found ? 'violated' : all && finished ? 'holds' : 'unknown' };
    },
  };
}

const costsOf = ({ milliseconds, bytes }: Limits): Limits => ({
  ...(milliseconds !== undefined && { milliseconds }),
  ...(bytes !== undefined && { bytes }),
});

function searchWithout(
  system: System,
  first: Watch,
  then: Watch,
  limits: Limits,
  keys: Keys | undefined,
): { found: Found | null; finished: boolean } {
  let early: { id: StateId; step: LearnedStep | null } | null = null;
  if (first.state(system.initial)) return { found: null, finished: true };
  const { store, limit } = search(
    system,
    {
      state(id, vector) {
        if (early === null && then.state(vector)) early = { id, step: null };
      },
      step(id, step, _before, after) {
        if (first.step(step)) return false;
        if (early === null && then.step(step)) early = { id, step };
        return !first.state(after);
      },
      unhandled() {},
      expanded() {},
      enough: () => early !== null,
    },
    limits,
    undefined,
    undefined,
    keys,
  );
  const found = early as { id: StateId; step: LearnedStep | null } | null;
  const follows = (step: LearnedStep): boolean => !first.step(step);
  return { found: found && { store, ...found, follows }, finished: found !== null || limit === undefined };
}

function once<A, T>(compute: (argument: A) => T): (argument: A) => T {
  let known: { readonly value: T } | undefined;
  return (argument) => {
    known ??= { value: compute(argument) };
    return known.value;
  };
}

/** A judge of something that every model is held to, and that is counted. */
export interface Counting extends Judge {
  readonly count: () => number;
}

/** Whether some actor has mail, or is neither at rest nor finished. */
export function isStuck({ instances }: System, vector: Uint32Array): boolean {
  return instances.some(({ slot, behaviour, mailbox }) => {
    const { status, tags } = behaviour.locals.value(vector[slot]!).snapshot;
    return (mailbox !== undefined && vector[mailbox.slot] !== 0) || !(tags.has('rest') || status === 'done');
  });
}

/** A settled state in which somebody is stuck. */
export function deadlockJudge(system: System): Counting {
  const memory = { nearest: null as StateId | null, count: 0 };
  return {
    name: deadlock,
    of: 'deadlock',
    memory,
    expanded(id, vector, settled) {
      if (!settled || !isStuck(system, vector)) return;
      memory.count++;
      memory.nearest ??= id;
    },
    count: () => memory.count,
    found: (store) => (memory.nearest === null ? null : { store, id: memory.nearest, step: null }),
    verdict: (finished) => ({ kind: memory.nearest !== null ? 'violated' : finished ? 'holds' : 'unknown' }),
  };
}

/** A message that an actor does not take, or one that met a full mailbox that must not be full. */
export function unhandledJudge(): Counting {
  const memory = { nearest: null as StepOf | null, count: 0 };
  return {
    name: unhandled,
    of: 'unhandled',
    memory,
    unhandled(id, step) {
      memory.count++;
      memory.nearest ??= stepOf(id, step);
    },
    count: () => memory.count,
    found: (store) => memory.nearest && { store, ...memory.nearest },
    verdict: (finished) => ({ kind: memory.nearest !== null ? 'violated' : finished ? 'holds' : 'unknown' }),
  };
}
