import type { Engine } from './engine.ts';
import type { Keeping, Undivided } from './figures.ts';
import type { Limits, Visitor } from './search.ts';
import { type LearnedStep, writeInto } from './steps.ts';
import { type StateId, StateStore } from './store.ts';
import type { System } from './system.ts';

/** Takes every state by itself: what all else is held to. */
export class Plain implements Engine {
  readonly store: StateStore;
  readonly stride = 1;
  transitions = 0;
  /** Whether the bound on the depth has cut off a state. */
  cut = false;
  undivided: Undivided;
  readonly #system: System;
  #visitor: Visitor;
  readonly #maxDepth: number;
  readonly #before: Uint32Array;
  readonly #after: Uint32Array;

  /** Begins a search. */
  constructor(system: System, visitor: Visitor, { depth = Number.POSITIVE_INFINITY }: Limits) {
    this.undivided = depth === Number.POSITIVE_INFINITY ? 'few states' : 'bound on the depth';
    this.store = new StateStore(system.width);
    this.#system = system;
    this.#visitor = visitor;
    this.#maxDepth = depth;
    this.#before = new Uint32Array(system.width);
    this.#after = new Uint32Array(system.width);
    this.store.add(system.initial, null);
    visitor.state(0, system.initial, 0);
  }

  /** Goes on with a search that another engine has begun. */
  static adopting(system: System, visitor: Visitor, { store, transitions }: Engine): Plain {
    const plain = new Plain(system, { ...visitor, state() {} }, {});
    plain.#visitor = visitor;
    plain.undivided = 'does not pay';
    plain.transitions = transitions;
    for (let id = 1; id < store.size; id++) {
      store.load(id, plain.#after);
      plain.store.add(plain.#after, store.parent(id));
    }
    return plain;
  }

  figures(): Keeping {
    return { as: 'vectors', undivided: this.undivided, bytes: this.store.bytes };
  }

  expand(from: StateId, to: StateId, depth: number): void {
    for (let id = from; id < to; id++) this.#expand(id, depth);
  }

  #expand(id: StateId, depth: number): void {
    const before = this.#before;
    this.store.load(id, before);
    let settled = true;
    for (const { slot } of this.#system.instances) {
      for (const { steps } of this.#system.sources(slot, before[slot]!)) {
        for (const step of steps.at(before)) {
          if (!step.environment) settled = false;
          if (step.writes === null) this.#visitor.unhandled(id, step);
          else this.#follow(id, step, step.writes, depth);
        }
      }
    }
    this.#visitor.expanded(id, before, settled);
  }

  #follow(id: StateId, step: LearnedStep, writes: readonly number[], depth: number): void {
    const { store } = this;
    const after = this.#after;
    this.transitions++;
    after.set(this.#before);
    writeInto(this.#system, writes, after);
    if (this.#visitor.step?.(id, step, this.#before, after) === false) return;
    if (depth >= this.#maxDepth) {
      // the last level is expanded, so that its deadlocks are seen and a search that was complete is not called cut
      this.cut ||= store.find(after) === null;
      return;
    }
    const known = store.size;
    store.add(after, id);
    if (store.size > known) this.#visitor.state(known, after, depth + 1);
  }
}
