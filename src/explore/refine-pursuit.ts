import { nothing, type Observer } from './refine-events.ts';
import { nowhere, type Whereabouts } from './refine-whereabouts.ts';
import { type Limits, type Progress, type Reason, watchOf } from './search.ts';
import { type LearnedStep, writeInto } from './steps.ts';
import { StateStore } from './store.ts';
import type { System } from './system.ts';

/** A system, and what is seen of it. */
export interface Side {
  readonly system: System;
  readonly observer: Observer;
}

/** The number of a pair: a state of the implementation, and where the specification may be then. */
type PairId = number;

/** A step that the implementation takes, and that the specification does not follow. */
export interface Escape {
  readonly from: PairId;
  readonly step: LearnedStep;
}

/**
 * Follows the implementation everywhere, and the specification wherever it can keep up: breadth first over pairs, so that the first
 * step that it cannot follow ends a shortest run.
 */
export class Pursuit {
  readonly implementation: Side;
  readonly whereabouts: Whereabouts;
  readonly pairs = new StateStore(2);
  /** Whether anything was seen at all. */
  sees = false;
  readonly #states: StateStore;
  readonly #effort: Effort;
  readonly #before: Uint32Array;
  readonly #after: Uint32Array;
  readonly #pair = new Uint32Array(2);

  constructor(implementation: Side, whereabouts: Whereabouts, effort: Effort) {
    const { width, initial } = implementation.system;
    this.implementation = implementation;
    this.whereabouts = whereabouts;
    this.#effort = effort;
    this.#states = new StateStore(width);
    this.#before = new Uint32Array(width);
    this.#after = new Uint32Array(width);
    this.pairs.add([this.#states.add(initial, null), whereabouts.start], null);
  }

  /** How many states of the implementation were met. */
  get states(): number {
    return this.#states.size;
  }

  /** @throws Stopped at a limit */
  run(): Escape | null {
    for (let from: PairId = 0; from < this.pairs.size; from++) {
      this.#effort.expanding(from, this.pairs.size);
      const step = this.#expand(from);
      if (step !== undefined) return { from, step };
    }
    return null;
  }

  /** The steps of a shortest way to a pair, one after the other. */
  stepsTo(pair: PairId): LearnedStep[] {
    const path = this.pairs.path(pair);
    return path.slice(1).map((to, i) => {
      const [state, set] = this.#load(to);
      for (const [step, where] of this.#stepsFrom(path[i]!)) {
        if (where === set && this.#leadsTo(step, state)) return step;
      }
      throw new Error('a pair has lost the step by which it was found');
    });
  }

  /** Returns the first step that the specification does not follow. */
  #expand(from: PairId): LearnedStep | undefined {
    for (const [step, where] of this.#stepsFrom(from)) {
      this.sees ||= this.implementation.observer.word(step) !== nothing;
      if (where === nowhere) return step;
      if (step.writes !== null) this.pairs.add([this.#states.add(this.#stateAfter(step), null), where], from);
    }
    return undefined;
  }

  /** Every step, and where the specification may be after it. */
  *#stepsFrom(from: PairId): Generator<readonly [LearnedStep, number]> {
    const { system, observer } = this.implementation;
    const [state, set] = this.#load(from);
    this.#states.load(state, this.#before);
    for (const { slot } of system.instances) {
      for (const { steps } of system.sources(slot, this.#before[slot]!)) {
        for (const step of steps.at(this.#before)) {
          this.#effort.steps++;
          yield [step, this.whereabouts.after(set, observer.word(step))];
        }
      }
    }
  }

  #stateAfter({ writes }: LearnedStep): Uint32Array {
    this.#after.set(this.#before);
    writeInto(this.implementation.system, writes!, this.#after);
    return this.#after;
  }

  #leadsTo(step: LearnedStep, state: number): boolean {
    return step.writes !== null && this.#states.find(this.#stateAfter(step)) === state;
  }

  #load(pair: PairId): readonly [state: number, set: number] {
    this.pairs.load(pair, this.#pair);
    return [this.#pair[0]!, this.#pair[1]!];
  }
}

/** A limit was reached. */
export class Stopped extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(`stopped by the limit on ${reason.limit}`);
    this.reason = reason;
  }
}

/** Watches the limits, and tells how far it is. */
export class Effort {
  /** Every run of up to so many steps has been followed. */
  depth = 0;
  steps = 0;
  readonly #limits: Limits;
  readonly #watch: ReturnType<typeof watchOf>;
  #pairs = 1;
  #waiting = 1;
  #levelEnd = 1;
  /** States of the specification that were looked at. */
  #looked = 0;
  #isOver = false;

  constructor(limits: Limits, onProgress: (progress: Progress) => void) {
    this.#limits = limits;
    this.#watch = watchOf(limits, onProgress);
  }

  /** A pair is next, of so many. */
  expanding(pair: PairId, pairs: number): void {
    if (pair === this.#levelEnd) {
      this.depth++;
      this.#levelEnd = pairs;
    }
    [this.#pairs, this.#waiting] = [pairs, pairs - pair];
    const { states = Number.POSITIVE_INFINITY, depth = Number.POSITIVE_INFINITY } = this.#limits;
    if (this.depth >= depth) throw new Stopped({ limit: 'depth', value: depth });
    if (pairs >= states) throw new Stopped({ limit: 'states', value: states });
    this.#look();
  }

  /** A state of the specification is next. */
  looking(): void {
    const { states = Number.POSITIVE_INFINITY } = this.#limits;
    if (++this.#looked > states && !this.#isOver) throw new Stopped({ limit: 'states', value: states });
    this.#look();
  }

  /** From here on nothing is stopped: what was found is to be told. */
  end(): void {
    this.#isOver = true;
  }

  #look(): void {
    const { steps: transitions, depth } = this;
    const reason = this.#watch({ states: this.#pairs, transitions, depth, waiting: this.#waiting }, 1);
    if (reason && !this.#isOver) throw new Stopped(reason);
  }
}
