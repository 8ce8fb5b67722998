import { Approximate } from './approximate.ts';
import { divide } from './divide.ts';
import type { Course, Keeping } from './figures.ts';
import { Halved, type HalvedVisitor } from './halved.ts';
import {
  checkDivision,
  type EngineStanding,
  restorePairs,
  restoreStates,
  rowsOfPairs,
  rowsOfStates,
} from './keep-search.ts';
import { noRoom, type Rows, type Saved, unlike } from './kept.ts';
import type { Keys } from './keys.ts';
import { Plain } from './plain.ts';
import type { Limits, Visitor } from './search.ts';
import { type StateId, type States, StoreFull } from './store.ts';
import type { System } from './system.ts';
import type { Tuning } from './tuning.ts';

/** Computes what states lead to, and keeps it. */
export interface Engine {
  readonly store: States;
  readonly transitions: number;
  /** Whether a bound on the depth has cut off a state. */
  readonly cut: boolean;
  /** How many states it is given at once. */
  readonly stride: number;
  /**
   * Expands the states from one id up to another, all of one depth: afterwards everything that they lead to is in the store.
   *
   * @throws StoreFull where there is no room for it
   */
  expand(from: StateId, to: StateId, depth: number): void;
  /** How it keeps the states. */
  figures(): Keeping;
}

/**
 * Which engine a search goes on with. It begins plainly. Once there are so many states that it pays, the state vector is divided
 * into two halves; when there are many more it is divided anew, if what has been found since shows a better way; and where halves
 * do not pay it goes back to whole vectors.
 */
export class EngineChoice {
  engine: Engine;
  /** When it was divided last. */
  divided: Course['divided'];
  readonly #system: System;
  readonly #visitor: Visitor;
  readonly #tuning: Tuning;
  readonly #started = Date.now();
  /** States after which the next division is tried. */
  #divideAt: number;
  /** How often one engine has taken over from another. */
  #turn = 0;

  constructor(system: System, visitor: Visitor, limits: Limits, tuning: Tuning, keys: Keys | undefined) {
    this.#system = system;
    this.#visitor = visitor;
    this.#tuning = tuning;
    this.#divideAt = keys || limits.depth !== undefined ? Number.POSITIVE_INFINITY : tuning.divideAt;
    this.engine = keys ? new Approximate(system, visitor, limits, keys) : new Plain(system, visitor, limits);
  }

  /** Goes on with what others have found, from a level's end. */
  goOn(engine: Engine, isOver: boolean): Engine {
    this.engine = isOver ? engine : Plain.adopting(this.#system, this.#visitor, engine);
    if (!isOver) this.#divideAt = Number.POSITIVE_INFINITY;
    return this.engine;
  }

  /** The engine for the next level. */
  nextLevel(): Engine {
    const { engine } = this;
    const { size } = engine.store;
    if (size >= this.#divideAt) this.#divide(size);
    else if (engine instanceof Halved && this.#isVain(engine)) {
      this.engine = Plain.adopting(this.#system, this.#visitor, engine);
      this.#turn++;
      this.#divideAt = Number.POSITIVE_INFINITY;
    }
    return this.engine;
  }

  #divide(size: number): void {
    const { engine } = this;
    this.#divideAt = size * divideAgain;
    if (engine instanceof Halved && isWellDivided(engine)) return;
    if (engine instanceof Plain) engine.undivided = 'nothing to divide';
    if (!isHalvable(this.#visitor)) return;
    const division = divide(this.#system, engine.store, engine instanceof Halved ? engine.division : null);
    if (division === null) return;
    const halved = new Halved(this.#system, this.#visitor, division, this.#tuning);
    halved.adopt(engine.store, engine.transitions);
    this.engine = halved;
    this.#turn++;
    this.divided = { states: size, milliseconds: Date.now() - this.#started };
  }

  /** Whether there are nearly as many halves as states, so that little is said once for many of them. */
  #isVain({ halves: [left, right], store: { size } }: Halved): boolean {
    return size >= this.#tuning.mustPayAt && left + right > size * this.#tuning.mostHalves;
  }

  /** What it takes, with the rows of the engine, to go on as it would. */
  standing(): EngineStanding {
    const { engine, divided = null } = this;
    return {
      turn: this.#turn,
      divideAt: this.#divideAt,
      divided,
      division: engine instanceof Halved ? engine.division : null,
      undivided: engine instanceof Plain ? engine.undivided : null,
      states: engine.store.size,
      transitions: engine.transitions,
      cut: engine.cut,
    };
  }

  /** All that the engine has found. */
  rows(): Rows[] {
    const { engine } = this;
    if (engine instanceof Plain) return rowsOfStates(this.#turn, engine.store, this.#system.width);
    if (engine instanceof Halved) return rowsOfPairs(this.#turn, engine);
    throw new Error('an approximate search cannot be kept');
  }

  /** Goes on where another search stood, with all that it had found. */
  resume(standing: EngineStanding, saved: Saved): Engine {
    try {
      this.#takeOver(standing, saved);
    } catch (error) {
      throw error instanceof StoreFull ? noRoom(saved.where, standing.states) : error;
    }
    if (this.engine.store.size !== standing.states) throw unlike(saved.where, 'it has other states than it says');
    this.#turn = standing.turn;
    this.#divideAt = standing.divideAt;
    this.divided = standing.divided ?? undefined;
    return this.engine;
  }

  #takeOver({ turn, division, undivided, transitions, cut }: EngineStanding, saved: Saved): void {
    const { width } = this.#system;
    if (division !== null && isHalvable(this.#visitor)) {
      checkDivision(division, width, saved.where);
      const halved = new Halved(this.#system, this.#visitor, division, this.#tuning);
      restorePairs(turn, halved, width, saved);
      this.engine = Object.assign(halved, { transitions });
    } else if (this.engine instanceof Plain && undivided !== null) {
      restoreStates(turn, this.engine.store, width, saved);
      Object.assign(this.engine, { transitions, undivided, cut });
    }
  }
}

/** How many times as many states there are when it is divided anew. */
const divideAgain = 8;

/** Whether there are so many states to each half that fewer halves would save less than it takes to divide anew. */
const isWellDivided = ({ halves: [left, right], store: { size } }: Halved): boolean =>
  (left + right) * statesPerHalf <= size;
const statesPerHalf = 32;

const isHalvable = (visitor: Visitor): visitor is HalvedVisitor =>
  visitor.looks !== undefined && (visitor.step === undefined || visitor.stepLooks !== undefined);
