import { backwards } from './encode.ts';
import { Learned } from './learned.ts';
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
import type { StateId, StateStore } from './store.ts';
import type { System } from './system.ts';
import type { PropertyKind, VerdictKind } from './verdict.ts';

/** Where a property was decided: in a state, or by a step from it. */
export interface Found {
  /** The store in which the state has this id; a property may have been decided by a search of its own. */
  readonly store: StateStore;
  readonly id: StateId;
  readonly step: LearnedStep | null;
  /** Where the search did not follow every step: the ones that it did. */
  readonly follows?: (step: LearnedStep) => boolean;
}

/** Decides one property while a search goes by. */
export interface Judge extends Partial<Omit<Visitor, 'enough' | 'step'>> {
  readonly name: string;
  readonly of: PropertyKind;
  step?(from: StateId, step: LearnedStep, before: Uint32Array, after: Uint32Array): void;
  /** The nearest violation (of a witness: the nearest state that satisfies it), once there is one. */
  found(store: StateStore): Found | null;
  /** What may be said after the search. `finished`: all states and steps have been seen. */
  verdict(finished: boolean): { readonly kind: VerdictKind; readonly because?: string };
}

/** One judge for each property of the model, and for the witnesses that they name. */
export function judgesOf(system: System, limits: Limits): Judge[] {
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
    .map((property) => judgeOf(system, property, witnesses, limits));
  return [...listed, ...witnesses.values()];
}

function judgeOf(
  system: System,
  property: Exclude<Property<unknown>, Sometimes<unknown>>,
  witnesses: ReadonlyMap<Sometimes<unknown>, Judge>,
  limits: Limits,
): Judge {
  switch (property.kind) {
    case 'always':
      return alwaysJudge(system, property, witnesses.get(property.witness)!);
    case 'step':
      return stepJudge(system, property, property.witness && witnesses.get(property.witness));
    case 'precedes':
      return precedesJudge(system, property, limits);
  }
}

/** A predicate over states, remembered by what it reads. */
function overStates(
  system: System,
  name: string,
  predicate: (room: unknown) => boolean,
): (vector: Uint32Array) => boolean {
  const where = `property "${name}"`;
  const learned = new Learned(where, (trace) => {
    return decide(where, (again) => predicate(system.room(trace, 0, again)));
  });
  return (vector) => learned.at(vector);
}

/** A predicate over changes: the vectors before and after, laid side by side, for each step that was learned. */
function overSteps(system: System, name: string, predicate: (change: Change<unknown>) => boolean) {
  const where = `property "${name}"`;
  const learned = new Map<LearnedStep, Learned<boolean>>();
  const pair = new Uint32Array(2 * system.width);
  return (step: LearnedStep, before: Uint32Array, after: Uint32Array): boolean => {
    let ofStep = learned.get(step);
    if (ofStep === undefined) {
      ofStep = new Learned(where, (trace) => {
        return decide(where, (again) => {
          const [before, after] = [0, system.width].map((base) => system.room(trace, base, again));
          return predicate({ before, after, taken: again ? backwards(step.taken) : step.taken });
        });
      });
      learned.set(step, ofStep);
    }
    pair.set(before);
    pair.set(after, system.width);
    return ofStep.at(pair);
  };
}

function sometimesJudge(system: System, property: Sometimes<unknown>): Judge {
  const holds = overStates(system, property.name, property.holds);
  let reached: StateId | null = null;
  return {
    name: property.name,
    of: 'sometimes',
    state(id, vector) {
      if (reached === null && holds(vector)) reached = id;
    },
    found: (store) => (reached === null ? null : { store, id: reached, step: null }),
    verdict: (finished) => ({ kind: reached !== null ? 'holds' : finished ? 'unreached' : 'unknown' }),
  };
}

function alwaysJudge(system: System, property: Always<unknown>, witness: Judge): Judge {
  const holds = overStates(system, property.name, property.holds);
  const when = property.when && overStates(system, `${property.name}, when`, property.when);
  let premise = when === undefined;
  let broken: StateId | null = null;
  return {
    name: property.name,
    of: 'always',
    state(id, vector) {
      if (broken !== null) return;
      if (when !== undefined) {
        if (!when(vector)) return;
        premise = true;
      }
      if (!holds(vector)) broken = id;
    },
    found: (store) => (broken === null ? null : { store, id: broken, step: null }),
    verdict: (finished) => verdictOf(broken !== null, finished, premise, witness),
  };
}

function stepJudge(system: System, property: Step<unknown>, witness: Judge | undefined): Judge {
  const holds = overSteps(system, property.name, property.holds);
  const when = property.when && overSteps(system, `${property.name}, when`, property.when);
  let premise = when === undefined;
  let broken: { id: StateId; step: LearnedStep } | null = null;
  return {
    name: property.name,
    of: 'step',
    step(id, step, before, after) {
      if (broken !== null) return;
      if (when !== undefined) {
        if (!when(step, before, after)) return;
        premise = true;
      }
      if (!holds(step, before, after)) broken = { id, step };
    },
    found: (store) => broken && { store, ...broken },
    verdict: (finished) => verdictOf(broken !== null, finished, premise, witness),
  };
}

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
  readonly step: (step: LearnedStep) => boolean;
}

function watchFor(system: System, name: string, occurrence: Occurrence<unknown>): Watch {
  if (typeof occurrence === 'function') return { state: overStates(system, name, occurrence), step: () => false };
  const [actor, type] = occurrence as readonly [string, string];
  return {
    state: () => false,
    step: ({ taken }) => taken.some((one) => one.actor === actor && one.message.type === type),
  };
}

/**
 * `then` comes before `first` exactly where it can be reached without passing `first`. So `first` is cut out of the state
 * space, and what is left is searched for `then`: no monitor is added to the states that are counted.
 */
function precedesJudge(system: System, { name, ...order }: Precedes<unknown>, limits: Limits): Judge {
  const first = watchFor(system, `${name}, first`, order.first);
  const then = watchFor(system, `${name}, then`, order.then);
  let comes = false;
  // a search that was finished had room for all states, and here there are no more
  const early = once((finished: boolean) => searchWithout(system, first, then, finished ? {} : limits));
  let wasFinished = false;
  return {
    name,
    of: 'precedes',
    state(_id, vector) {
      comes ||= then.state(vector);
    },
    step(_from, step) {
      comes ||= then.step(step);
    },
    found: () => (comes ? early(wasFinished).found : null),
    verdict(finished) {
      if (!comes) return finished ? { kind: 'vacuous', because: '"then" never comes' } : { kind: 'unknown' };
      wasFinished = finished;
      const { found, finished: all } = early(finished);
      return { kind: found ? 'violated' : all && finished ? 'holds' : 'unknown' };
    },
  };
}

function searchWithout(
  system: System,
  first: Watch,
  then: Watch,
  limits: Limits,
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

/** A settled state in which some actor has mail, or is neither at rest nor finished. */
export function deadlockJudge(system: System): Counting {
  const stuck = (vector: Uint32Array): boolean =>
    system.instances.some(({ slot, behaviour, mailbox }) => {
      const { status, tags } = behaviour.locals.value(vector[slot]!).snapshot;
      return (mailbox !== undefined && vector[mailbox.slot] !== 0) || !(tags.has('rest') || status === 'done');
    });
  let nearest: StateId | null = null;
  let count = 0;
  return {
    name: deadlock,
    of: 'deadlock',
    expanded(id, vector, settled) {
      if (!settled || !stuck(vector)) return;
      count++;
      nearest ??= id;
    },
    count: () => count,
    found: (store) => (nearest === null ? null : { store, id: nearest, step: null }),
    verdict: (finished) => ({ kind: nearest !== null ? 'violated' : finished ? 'holds' : 'unknown' }),
  };
}

/** A message that an actor does not take, or one that met a full mailbox that must not be full. */
export function unhandledJudge(): Counting {
  let nearest: { id: StateId; step: LearnedStep } | null = null;
  let count = 0;
  return {
    name: unhandled,
    of: 'unhandled',
    unhandled(id, step) {
      count++;
      nearest ??= { id, step };
    },
    count: () => count,
    found: (store) => nearest && { store, ...nearest },
    verdict: (finished) => ({ kind: nearest !== null ? 'violated' : finished ? 'holds' : 'unknown' }),
  };
}
