import { getHeapStatistics } from 'node:v8';
import { type Engine, EngineChoice } from './engine.ts';
import type { Course } from './figures.ts';
import { Halved } from './halved.ts';
import { checkSteps, type Resumption, type SearchStanding } from './keep-search.ts';
import type { Rows } from './kept.ts';
import type { Keys } from './keys.ts';
import type { Look } from './learned.ts';
import type { LearnedStep } from './steps.ts';
import { type StateId, type States, StoreFull } from './store.ts';
import type { System } from './system.ts';
import { defaultTuning, type Tuning } from './tuning.ts';
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
  /** A step and the state that it leads to. Returns whether to follow it. Without it all are followed. */
  step?(from: StateId, step: LearnedStep, before: Uint32Array, after: Uint32Array): boolean;
  /** A step that is a verdict: it leads nowhere. */
  unhandled(from: StateId, step: LearnedStep): void;
  /** All steps of a state have been told. In a settled state only the environment can move. */
  expanded(id: StateId, vector: Uint32Array, settled: boolean): void;
  /** Asked after every state, or after some: whether enough is known. */
  enough(): boolean;
  /** Whether it is to be asked after every state, lest anything be looked at that comes after. */
  readonly isImpatient?: boolean;
  /**
   * What `state` depends on in this state. A visitor that has it may be told of one state of those that look the same, the
   * first, and of the expansion of settled states only.
   */
  looks?(vector: Uint32Array): readonly Look[];
  /** The same of `step`: slots of the state before, and, from the width on, of the state after. It follows every step. */
  stepLooks?(step: LearnedStep, before: Uint32Array, after: Uint32Array): readonly Look[];
}

export interface Searched extends Course {
  readonly store: States;
  readonly transitions: number;
  /** Steps to the farthest state found. */
  readonly depth: number;
  /** Set where it was stopped before all was found. */
  readonly limit?: LimitReached;
}

export type Reason = Pick<LimitReached, 'limit' | 'value'>;

/**
 * Breadth first, level by level, on one thread: the first state found that breaks a property is one of the nearest, and
 * it is the same one every time.
 *
 * It begins plainly, and goes on with the state vector in two halves once there are so many states that this pays.
 *
 * @param keys where it is to be approximate, for fingerprints: then it may miss states
 */
export function search(...asked: Parameters<typeof searching>): Searched {
  const parts = searching(...asked);
  for (;;) {
    const part = parts.next();
    if (part.done) return part.value;
  }
}

/** A search in halves that has become so large that threads may go on with it: whoever makes them says how far they came. */
export interface Large {
  readonly engine: Halved;
  readonly standing: Omit<SearchStanding, 'engine' | 'grown'>;
  /** Tells of progress, and returns the bound that was reached, if one was. */
  readonly watch: ReturnType<typeof watchOf>;
  /** To be called as a level begins. */
  readonly nextLevel: () => void;
  goneOn?: GoneOn;
}

/** Where threads have left a search: at its end, at a limit, or where halves were found not to pay. */
export interface GoneOn {
  readonly engine: Engine;
  readonly standing: Omit<SearchStanding, 'engine' | 'grown'>;
  readonly end: 'finished' | 'vain' | Reason;
}

/** Between two parts of a search: here it can be kept, and left. */
export interface Part {
  readonly large?: Large;
  /** It has come to its end, or to a limit. */
  readonly isLast: boolean;
  keep(): { readonly standing: SearchStanding; readonly rows: readonly Rows[] };
}

/**
 * The same, part by part.
 *
 * @param from where another search stood that was put aside: what it found is there, and this one goes on
 */
export function* searching(
  system: System,
  visitor: Visitor,
  limits: Limits = {},
  onProgress: (progress: Progress) => void = () => {},
  tuning: Partial<Tuning> = {},
  keys?: Keys,
  from?: Resumption,
): Generator<Part, Searched, undefined> {
  const growth = growthOf(system);
  const watch = watchOf(limits, onProgress);
  const tuned = { ...defaultTuning, ...tuning };
  const choice = new EngineChoice(system, visitor, limits, tuned, keys);
  let { engine } = choice;
  let { next: id, depth, levelEnd } = from?.standing ?? beginning;
  const levels = [...(from?.standing ?? beginning).levels];
  if (from) {
    engine = choice.resume(from.standing.engine, from.saved);
    growth.restore(from.standing.grown);
    checkSteps(system, engine.store, id, from.saved.where);
  }

  const searched = (limit?: LimitReached): Searched => {
    const { store, transitions } = engine;
    const last = store.size - levelEnd;
    return {
      store,
      transitions,
      depth: last > 0 ? depth + 1 : depth,
      levels: last > 0 ? [...levels, last] : levels,
      grew: growth.most(),
      keeping: engine.figures(),
      ...(choice.divided && { divided: choice.divided }),
      ...(limit && { limit }),
    };
  };
  function stopped({ limit, value }: Reason, next: StateId): Searched {
    // the level in which it stopped is covered only where it was at the level's last state
    const covered = next === levelEnd ? depth : Math.max(0, depth - 1);
    return searched({ limit, value, covered, grew: growth.most() });
  }

  /** What is to be said, where it is over. */
  function ended(): Searched | null {
    const { size } = engine.store;
    if (visitor.enough()) return stopped({ limit: 'bail', value: 0 }, id);
    if (id === size)
      return engine.cut ? searched({ limit: 'depth', value: depth, covered: depth, grew: growth.most() }) : searched();
    if (limits.states === undefined || size < limits.states) return null;
    return stopped({ limit: 'states', value: limits.states }, id);
  }
  const standing = () => ({ next: id, depth, levelEnd, levels: [...levels] });
  const part = (isLast: boolean): Part => ({
    isLast,
    keep: () => ({
      standing: { ...standing(), grown: growth.atLevel(), engine: choice.standing() },
      rows: choice.rows(),
    }),
  });
  function takeOver(goneOn: GoneOn): Searched | null {
    engine = choice.goOn(goneOn.engine, goneOn.end !== 'vain');
    ({ next: id, depth, levelEnd } = goneOn.standing);
    levels.splice(0, levels.length, ...goneOn.standing.levels);
    return typeof goneOn.end === 'string' ? ended() : stopped(goneOn.end, id);
  }
  let isOffered = visitor.isImpatient === true || !isSharable(limits, tuned);

  let said = from ? ended() : null;
  for (let pauseAt = id + tuned.part; said === null; ) {
    if (id >= pauseAt) {
      pauseAt = id + tuned.part;
      yield part(false);
    }
    const isNextLevel = id === levelEnd;
    if (isNextLevel) {
      levels.push(engine.store.size - levelEnd);
      levelEnd = engine.store.size;
      depth++;
      growth.nextLevel();
    }
    // with a bound on states one at a time, so that it stops at the same state whichever engine it is
    let next: StateId = id;
    try {
      if (isNextLevel) engine = choice.nextLevel();
      if (!isOffered && isNextLevel && engine instanceof Halved && engine.store.size >= tuned.shareAt) {
        isOffered = true;
        const large: Large = { engine, standing: standing(), watch, nextLevel: growth.nextLevel };
        yield { ...part(false), large };
        if (large.goneOn) {
          said = takeOver(large.goneOn);
          continue;
        }
      }
      next = Math.min(levelEnd, id + (limits.states === undefined && !visitor.isImpatient ? engine.stride : 1));
      engine.expand(id, next, depth);
    } catch (error) {
      // no more memory, or no more ids; what was found so far stands, but nothing can go on from within a part
      if (error instanceof StoreFull) return stopped({ limit: 'memory', value: engine.store.bytes }, id);
      throw error;
    }
    const expanded = next - id;
    id = next;
    said = ended();
    if (said !== null) break;
    const { size } = engine.store;
    const reason = watch({ states: size, transitions: engine.transitions, depth, waiting: size - id }, expanded);
    if (reason) said = stopped(reason, id);
  }
  yield part(true);
  return said;
}

const beginning: Omit<SearchStanding, 'engine' | 'grown'> = { next: 0, depth: 0, levelEnd: 1, levels: [1] };

/** With a bound on states it has to stop at the same one whoever searches. */
const isSharable = ({ states, depth }: Limits, { shareAt }: Tuning): boolean =>
  states === undefined && depth === undefined && shareAt < Number.POSITIVE_INFINITY;

/** How often the clock is looked at, in states, and how often the memory, in milliseconds: that takes long. */
const watchEvery = 1_024;
const weighEvery = 40;

/** Looks at clock and memory from time to time; returns the bound that was reached, if one was. */
export function watchOf(limits: Limits, onProgress: (progress: Progress) => void) {
  const started = Date.now();
  let countdown = watchEvery;
  let weighAt = 0;
  return (
    found: Pick<Progress, 'states' | 'transitions' | 'depth' | 'waiting'>,
    expanded: number,
  ): Reason | undefined => {
    countdown -= expanded;
    if (countdown > 0) return undefined;
    countdown = watchEvery;
    const milliseconds = Date.now() - started;
    if (limits.milliseconds !== undefined && milliseconds >= limits.milliseconds)
      return { limit: 'time', value: limits.milliseconds };
    if (milliseconds < weighAt) return undefined;
    weighAt = milliseconds + weighEvery;
    const bytes = process.memoryUsage.rss();
    onProgress({ ...found, milliseconds, bytes });
    if (limits.bytes !== undefined && bytes >= limits.bytes) return { limit: 'memory', value: limits.bytes };
    // local states and tries live on V8's heap, which has a bound of its own and ends the process when it meets it
    const { used_heap_size: used, heap_size_limit: heap } = getHeapStatistics();
    if (used > 0.85 * heap) return { limit: 'memory', value: heap };
    return undefined;
  };
}

/** Counts what every slot has held, level by level: where a state space does not end, one slot usually does not either. */
function growthOf(system: System) {
  const slots = system.instances.flatMap(({ name, ref, behaviour, mailbox }) => [
    // replicas share a table, so they are told as one
    ...(ref.self === 0 ? [{ slot: ref.actor, distinct: () => behaviour.locals.size }] : []),
    ...(mailbox ? [{ slot: `mailbox of ${name}`, distinct: () => mailbox.contents.size }] : []),
  ]);
  const count = (): number[] => slots.map(({ distinct }) => distinct());
  let atLevel = count();
  return {
    nextLevel: (): void => {
      atLevel = count();
    },
    atLevel: (): readonly number[] => atLevel,
    restore: (counts: readonly number[]): void => {
      atLevel = [...counts];
    },
    most: (): Growth[] =>
      slots
        .map(({ slot, distinct }, i) => ({ slot, distinct: distinct(), recent: distinct() - atLevel[i]! }))
        .sort((a, b) => b.distinct - a.distinct),
  };
}
