import type { Division } from '../divide.ts';
import type { Engine } from '../engine.ts';
import type { Keeping } from '../figures.ts';
import type { StateId, States } from '../store.ts';
import type { Segments } from './segments.ts';
import { type LogMemory, SharedLog } from './shared-log.ts';

/** The states that threads have found, for the thread that leads. */
export class FoundStates implements States {
  readonly size: number;
  readonly #segments: Segments;
  readonly #division: Division;
  readonly #logs: readonly [SharedLog, SharedLog];

  constructor(size: number, segments: Segments, division: Division, [left, right]: readonly [LogMemory, LogMemory]) {
    this.size = size;
    this.#segments = segments;
    this.#division = division;
    this.#logs = [new SharedLog(left), new SharedLog(right)];
  }

  get bytes(): number {
    return this.#segments.bytes + this.#logs[0].bytes + this.#logs[1].bytes;
  }

  load(id: StateId, into: Uint32Array): void {
    this.#loadHalf(0, this.#segments.left(id), into);
    this.#loadHalf(1, this.#segments.right(id), into);
  }

  path(id: StateId): StateId[] {
    return this.#segments.path(id);
  }

  parent(id: StateId): StateId | null {
    return this.#segments.parent(id);
  }

  #loadHalf(side: 0 | 1, half: number, into: Uint32Array): void {
    const slots = this.#division[side];
    for (let i = 0; i < slots.length; i++) into[slots[i]!] = this.#logs[side].at(half * slots.length + i);
  }
}

/** An engine that has done its work. */
export class Done implements Engine {
  readonly store: FoundStates;
  readonly transitions: number;
  readonly cut = false;
  readonly stride = 1;
  readonly #keeping: Keeping;

  constructor(store: FoundStates, transitions: number, keeping: Keeping) {
    this.store = store;
    this.transitions = transitions;
    this.#keeping = keeping;
  }

  expand(): void {
    throw new Error('there is nothing to expand any more');
  }

  figures(): Keeping {
    return this.#keeping;
  }
}
