import type { Keeping } from './figures.ts';
import { Fingerprints } from './fingerprints.ts';
import type { Keys } from './keys.ts';
import type { Limits, Visitor } from './search.ts';
import { type LearnedStep, writeInto } from './steps.ts';
import { type StateId, type States, StoreFull } from './store.ts';
import type { System } from './system.ts';

/**
 * The chance that states were missed where so many were found, at most.
 *
 * Had one been missed, then the first of them (in the order of an exact search) has the fingerprint of one found before it. So
 * among the first n + 1 states there are two with one fingerprint; that is n(n+1)/2 pairs, each with a chance of 2^-64. What is
 * searched again with the same keys (`precedes`) adds nothing: where no two states have one fingerprint, every search is exact.
 */
export const chanceOfOmission = (states: number): number => Math.min(1, (states * (states + 1)) / 2 ** 65);

/**
 * Takes every state by itself, as the plain search does, and tells states by their fingerprints alone.
 *
 * So a state may be taken for another one and be missed, with all that only it leads to: nothing can be said to hold. What is
 * found is there all the same, and its run is found again by going forward along the parents. In memory are 12 bytes and a
 * place in a table for each state, and the vectors of two levels: of the one that is expanded and of the one that it leads to.
 */
export class Approximate {
  readonly store: Retraced;
  readonly stride = 1;
  transitions = 0;
  /** Whether the bound on the depth has cut off a state. */
  cut = false;
  readonly #system: System;
  readonly #visitor: Visitor;
  readonly #keys: Keys;
  readonly #maxDepth: number;
  readonly #prints = new Fingerprints();
  readonly #before: Uint32Array;
  readonly #after: Uint32Array;
  /** The states of the level that is expanded, from this id on, and those found by it. */
  #level: Vectors;
  #next: Vectors;
  #first: StateId = 0;
  #depth = 0;

  constructor(system: System, visitor: Visitor, { depth = Number.POSITIVE_INFINITY }: Limits, keys: Keys) {
    this.#system = system;
    this.#visitor = visitor;
    this.#keys = keys;
    this.#maxDepth = depth;
    this.#before = new Uint32Array(system.width);
    this.#after = new Uint32Array(system.width);
    this.#level = new Vectors(system.width);
    this.#next = new Vectors(system.width);
    this.store = new Retraced(system, visitor, keys, this.#prints, () => this.#level.bytes + this.#next.bytes);
    keys.of(system.initial);
    this.#prints.add(keys.low, keys.high, null);
    this.#level.push(system.initial);
    visitor.state(0, system.initial, 0);
  }

  figures(): Keeping {
    return { as: 'fingerprints', bytes: this.store.bytes };
  }

  expand(from: StateId, to: StateId, depth: number): void {
    if (depth > this.#depth) this.#descend(from, depth);
    for (let id = from; id < to; id++) this.#expand(id, depth);
  }

  #descend(first: StateId, depth: number): void {
    [this.#level, this.#next] = [this.#next, this.#level];
    this.#next.clear();
    this.#first = first;
    this.#depth = depth;
  }

  #expand(id: StateId, depth: number): void {
    const before = this.#before;
    this.#level.load(id - this.#first, before);
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
    const [before, after, keys, prints] = [this.#before, this.#after, this.#keys, this.#prints];
    this.transitions++;
    after.set(before);
    writeInto(this.#system, writes, after);
    if (this.#visitor.step?.(id, step, before, after) === false) return;
    keys.low = prints.low(id);
    keys.high = prints.high(id);
    for (let i = 0; i < writes.length; i += 2) keys.change(writes[i]!, before[writes[i]!]!, after[writes[i]!]!);
    if (depth >= this.#maxDepth) {
      // as in the plain search: the last level is expanded, so that its deadlocks are seen
      this.cut ||= !prints.has(keys.low, keys.high);
      return;
    }
    const known = prints.size;
    if (!prints.add(keys.low, keys.high, id)) return;
    this.#next.push(after);
    this.#visitor.state(known, after, depth + 1);
  }
}

/**
 * States of which only the fingerprints are kept, and that are found again on the way from the initial one.
 *
 * The first step, in the order of the search, from a state's parent to its fingerprint leads to the very state: had an earlier one
 * led to another state with the same fingerprint, that one would have been found in its place.
 */
class Retraced implements States {
  readonly #system: System;
  readonly #visitor: Visitor;
  readonly #keys: Keys;
  readonly #prints: Fingerprints;
  readonly #more: () => number;
  readonly #known: Map<StateId, Uint32Array>;

  /**
   * @param visitor of the search: it is asked once more which steps it follows
   * @param more bytes that are kept besides
   */
  constructor(system: System, visitor: Visitor, keys: Keys, prints: Fingerprints, more: () => number) {
    this.#system = system;
    this.#visitor = visitor;
    this.#keys = keys;
    this.#prints = prints;
    this.#more = more;
    this.#known = new Map([[0, system.initial]]);
  }

  get size(): number {
    return this.#prints.size;
  }

  get bytes(): number {
    return this.#prints.bytes + this.#more();
  }

  parent(id: StateId): StateId | null {
    return this.#prints.parent(id);
  }

  path(id: StateId): StateId[] {
    const path = [id];
    for (let at = this.parent(id); at !== null; at = this.parent(at)) path.push(at);
    return path.reverse();
  }

  load(id: StateId, into: Uint32Array): void {
    const [known, ...path] = this.#pathToKnown(id);
    let parent = known!;
    into.set(this.#known.get(parent)!);
    for (const next of path) {
      this.#step(parent, next, into);
      this.#known.set(next, into.slice());
      parent = next;
    }
  }

  /** The end of the way to a state, from the last one on it that has been found again. */
  #pathToKnown(id: StateId): StateId[] {
    const path = [id];
    for (let at = id; !this.#known.has(at); path.push(at)) at = this.#prints.parent(at)!;
    return path.reverse();
  }

  /** Makes of the vector of a state's parent that of the state. */
  #step(parent: StateId, id: StateId, vector: Uint32Array): void {
    const after = new Uint32Array(vector.length);
    for (const { slot } of this.#system.instances) {
      for (const { steps } of this.#system.sources(slot, vector[slot]!)) {
        for (const step of steps.at(vector)) {
          if (step.writes === null) continue;
          after.set(vector);
          writeInto(this.#system, step.writes, after);
          if (this.#visitor.step?.(parent, step, vector, after) === false) continue;
          this.#keys.of(after);
          if (this.#keys.low !== this.#prints.low(id) || this.#keys.high !== this.#prints.high(id)) continue;
          vector.set(after);
          return;
        }
      }
    }
    throw new Error('a state has lost the step by which it was found');
  }
}

/** Vectors of one level, in segments, whose memory is used again by the next but one. */
class Vectors {
  readonly #width: number;
  readonly #segments: Uint32Array[] = [];
  #size = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get bytes(): number {
    return this.#segments.length * perSegment * this.#width * 4;
  }

  /** @throws StoreFull where there is no memory for it */
  push(vector: Uint32Array): void {
    const segment = Math.floor(this.#size / perSegment);
    if (segment === this.#segments.length) this.#segments.push(segmentOf(perSegment * this.#width));
    this.#segments[segment]!.set(vector, (this.#size % perSegment) * this.#width);
    this.#size++;
  }

  load(i: number, into: Uint32Array): void {
    const segment = this.#segments[Math.floor(i / perSegment)]!;
    const from = (i % perSegment) * this.#width;
    for (let slot = 0; slot < this.#width; slot++) into[slot] = segment[from + slot]!;
  }

  clear(): void {
    this.#size = 0;
  }
}

const perSegment = 4096;

function segmentOf(words: number): Uint32Array {
  try {
    return new Uint32Array(words);
  } catch (error) {
    throw new StoreFull(`no memory for ${words} numbers`, { cause: error });
  }
}
