import { getHeapStatistics } from 'node:v8';
import { type LearnedStep, writeInto } from './steps.ts';
import { type StateId, StateStore, StoreFull } from './store.ts';
import type { System } from './system.ts';
import type { Growth, LimitReached } from './verdict.ts';

/** Bounds on a search. Reaching one ends it with a verdict that claims less. */
export interface Limits {
  /** Distinct states. */
  readonly states?: number;
  /** Steps from the initial state. */
  readonly depth?: number;
  readonly milliseconds?: number;
  /** Memory of the whole process, in bytes. */
  readonly bytes?: number;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** States that are found and not yet expanded. */
  readonly waiting: number;
  readonly milliseconds: number;
  /** Memory of the whole process, in bytes. */
  readonly bytes: number;
}

/** What a search is for. It is told of every state and of every transition, once and in a fixed order. */
export interface Visitor {
  /** A state that was found for the first time, this many steps from the initial one. */
  state(id: StateId, vector: Uint32Array, depth: number): void;
  /** A step and the state that it leads to. Returns whether to follow it. */
  step(from: StateId, step: LearnedStep, before: Uint32Array, after: Uint32Array): boolean;
  /** A step that is a verdict: it leads nowhere. */
  unhandled(from: StateId, step: LearnedStep): void;
  /** All steps of a state have been told. In a settled state only the environment can move. */
  expanded(id: StateId, vector: Uint32Array, settled: boolean): void;
  /** Asked after every state: whether enough is known. */
  enough(): boolean;
}

export interface Searched {
  readonly store: StateStore;
  readonly transitions: number;
  /** Steps to the farthest state found. */
  readonly depth: number;
  /** Set where it was stopped before all was found. */
  readonly limit?: LimitReached;
}

type Reason = Pick<LimitReached, 'limit' | 'value'>;

/**
 * Breadth first, level by level, on one thread: the first state found that breaks a property is one of the nearest, and
 * it is the same one every time.
 */
export function search(
  system: System,
  visitor: Visitor,
  limits: Limits = {},
  onProgress: (progress: Progress) => void = () => {},
): Searched {
  const store = new StateStore(system.width);
  const before = new Uint32Array(system.width);
  const after = new Uint32Array(system.width);
  const growth = growthOf(system);
  const watch = watchOf(limits, onProgress);
  let transitions = 0;
  let depth = 0;
  let levelEnd = 1;
  let cut = false;

  /** Tells the visitor every step of a state and keeps the states that they lead to. */
  function expand(id: StateId): void {
    store.load(id, before);
    let settled = true;
    for (let slot = 0; slot < system.instances.length; slot++) {
      for (const { steps } of system.sources(slot, before[slot]!)) {
        for (const step of steps.at(before)) {
          if (!step.environment) settled = false;
          if (step.writes === null) visitor.unhandled(id, step);
          else follow(id, step, step.writes);
        }
      }
    }
    visitor.expanded(id, before, settled);
  }

  function follow(id: StateId, step: LearnedStep, writes: readonly number[]): void {
    transitions++;
    after.set(before);
    writeInto(system, writes, after);
    if (!visitor.step(id, step, before, after)) return;
    if (limits.depth !== undefined && depth >= limits.depth) {
      // the last level is expanded, so that its deadlocks are seen and a search that was complete is not called cut
      if (store.find(after) === null) cut = true;
      return;
    }
    const known = store.size;
    store.add(after, id);
    if (store.size > known) visitor.state(known, after, depth + 1);
  }

  function stopped({ limit, value }: Reason, last: StateId): Searched {
    // the level in which it stopped is covered only where it was the level's last state
    const covered = last + 1 === levelEnd ? depth : Math.max(0, depth - 1);
    return { store, transitions, depth: farthest(), limit: { limit, value, covered, grew: growth.most() } };
  }

  const farthest = (): number => (store.size > levelEnd ? depth + 1 : depth);

  store.add(system.initial, null);
  visitor.state(0, system.initial, 0);
  for (let id: StateId = 0; id < store.size; id++) {
    if (id === levelEnd) {
      levelEnd = store.size;
      depth++;
      growth.nextLevel();
    }
    try {
      expand(id);
    } catch (error) {
      // no more memory, or no more ids; what was found so far stands
      if (error instanceof StoreFull) return stopped({ limit: 'memory', value: store.bytes }, id - 1);
      throw error;
    }
    if (visitor.enough()) return stopped({ limit: 'bail', value: 0 }, id);
    if (id + 1 === store.size) break;
    if (limits.states !== undefined && store.size >= limits.states)
      return stopped({ limit: 'states', value: limits.states }, id);
    const reason = watch({ states: store.size, transitions, depth, waiting: store.size - id - 1 });
    if (reason) return stopped(reason, id);
  }
  if (cut)
    return { store, transitions, depth, limit: { limit: 'depth', value: depth, covered: depth, grew: growth.most() } };
  return { store, transitions, depth };
}

/** How often the clock and the memory are looked at, in states. */
const watchEvery = 1_024;

/** Looks at clock and memory from time to time; returns the bound that was reached, if one was. */
function watchOf(limits: Limits, onProgress: (progress: Progress) => void) {
  const started = Date.now();
  let countdown = watchEvery;
  return (found: Pick<Progress, 'states' | 'transitions' | 'depth' | 'waiting'>): Reason | undefined => {
    if (--countdown > 0) return undefined;
    countdown = watchEvery;
    const milliseconds = Date.now() - started;
    const bytes = process.memoryUsage.rss();
    onProgress({ ...found, milliseconds, bytes });
    if (limits.milliseconds !== undefined && milliseconds >= limits.milliseconds)
      return { limit: 'time', value: limits.milliseconds };
    if (limits.bytes !== undefined && bytes >= limits.bytes) return { limit: 'memory', value: limits.bytes };
    // local states and tries live on V8's heap, which has a bound of its own and ends the process when it meets it
    const { used_heap_size: used, heap_size_limit: heap } = getHeapStatistics();
    if (used > 0.85 * heap) return { limit: 'memory', value: heap };
    return undefined;
  };
}

/** Counts what every slot has held, level by level: where a state space does not end, one slot usually does not either. */
function growthOf(system: System): { nextLevel: () => void; most: () => Growth[] } {
  const slots = system.instances.flatMap(({ name, ref, behaviour, mailbox }) => [
    // replicas share a table, so they are told as one
    ...(ref.self === 0 ? [{ slot: ref.actor, distinct: () => behaviour.locals.size }] : []),
    ...(mailbox ? [{ slot: `mailbox of ${name}`, distinct: () => mailbox.contents.size }] : []),
  ]);
  const count = (): number[] => slots.map(({ distinct }) => distinct());
  let atLevel = count();
  return {
    nextLevel: () => {
      atLevel = count();
    },
    most: () =>
      slots
        .map(({ slot, distinct }, i) => ({ slot, distinct: distinct(), recent: distinct() - atLevel[i]! }))
        .sort((a, b) => b.distinct - a.distinct),
  };
}
