import { behavioursOf } from './check.ts';
import { encode } from './encode.ts';
import { Interner } from './interner.ts';
import { composed, type Observed, type Refining } from './refine.ts';
import { Effort, Stopped } from './refine-pursuit.ts';
import { type LearnedStep, writeInto } from './steps.ts';
import { StateStore, StoreFull } from './store.ts';
import { compile, type System } from './system.ts';

/**
 * Whether two variants have the same graph: both are searched breadth first, side by side, and each state has the same steps in the same
 * order, to states with the same numbers. Then they are isomorphic, and no trace can tell them apart, whatever is observed.
 *
 * It is asked because it is cheaper to answer than {@link refine}. `false` says no more than that they were not found to be the same: an
 * actor that comes earlier in the room is enough.
 *
 * @returns `null` where a limit came first
 */
export function haveSameGraph(
  one: Omit<Observed, 'observe'>,
  other: Omit<Observed, 'observe'>,
  { limits = {}, onProgress = () => {} }: Refining = {},
): boolean | null {
  const effort = new Effort(limits, onProgress);
  const systems = [one, other].map((each) => compile(composed(each)));
  const codes = new Interner<null>();
  const [left, right] = systems.map((system) => new Unfolding(system, codes)) as [Unfolding, Unfolding];
  try {
    for (let id = 0; id < left.states.size; id++) {
      effort.expanding(id, left.states.size);
      const [mine, theirs] = [left.expand(id), right.expand(id)];
      effort.steps += mine.length;
      if (mine.length !== theirs.length || mine.some((number, i) => number !== theirs[i])) return false;
    }
    for (const system of systems) for (const behaviour of behavioursOf(system)) behaviour.audit();
    return true;
  } catch (error) {
    if (error instanceof Stopped || error instanceof StoreFull) return null;
    throw error;
  }
}

/** One of the two graphs, as far as it was looked at. States have numbers in the order in which they are found. */
class Unfolding {
  readonly states: StateStore;
  readonly #system: System;
  readonly #codes: Interner<null>;
  readonly #known = new Map<LearnedStep, number>();
  readonly #before: Uint32Array;
  readonly #after: Uint32Array;

  constructor(system: System, codes: Interner<null>) {
    this.#system = system;
    this.#codes = codes;
    this.states = new StateStore(system.width);
    this.#before = new Uint32Array(system.width);
    this.#after = new Uint32Array(system.width);
    this.states.add(system.initial, null);
  }

  /** Of every step of a state, in order, a number for all that is known of it, and the state that it leads to (-1: it is a verdict). */
  expand(id: number): number[] {
    const { instances, sources } = this.#system;
    const found: number[] = [];
    this.states.load(id, this.#before);
    for (const { slot } of instances) {
      for (const { steps } of sources(slot, this.#before[slot]!)) {
        for (const step of steps.at(this.#before)) found.push(this.#codeOf(step), this.#reached(step));
      }
    }
    return found;
  }

  /** Equal for both graphs where the steps are alike. */
  #codeOf(step: LearnedStep): number {
    let code = this.#known.get(step);
    if (code === undefined) {
      const { label, environment, taken, unhandled } = step;
      code = this.#codes.id(encode({ label, environment, taken, unhandled }, 'a step'), () => null);
      this.#known.set(step, code);
    }
    return code;
  }

  #reached({ writes }: LearnedStep): number {
    if (writes === null) return -1;
    this.#after.set(this.#before);
    writeInto(this.#system, writes, this.#after);
    return this.states.add(this.#after, null);
  }
}
