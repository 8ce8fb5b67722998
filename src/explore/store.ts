import type { Vector } from './learned.ts';

/** The number of a global state, in order of discovery. */
export type StateId = number;

export const noParent = 0xffff_ffff;

/** All states that a search has found, and the way to each. */
export interface States {
  readonly size: number;
  /** Bytes that they take. */
  readonly bytes: number;
  /** Copies a state's vector into `into`. */
  load(id: StateId, into: Uint32Array): void;
  /** The states from the initial one to this one, along first discoveries: a shortest path. */
  path(id: StateId): StateId[];
  /** The state from which it was first reached; of the initial state none. */
  parent(id: StateId): StateId | null;
}

/** There is no id or no memory left for another state. Nothing that was stored is lost. */
export class StoreFull extends Error {}

/**
 * Every state once, exactly: whole vectors are kept and compared, nothing is told by a hash alone.
 *
 * Ids are given in order of discovery, so the store is also the queue of a breadth-first search, and a state's parent is
 * the state from which it was first reached.
 */
export class StateStore implements States {
  readonly #width: number;
  readonly #maxStates: number;
  #vectors: Uint32Array;
  #parents: Uint32Array;
  /** Open addressing with linear probing: id + 1, or 0 where empty. A power of two, at most half full. */
  #table: Uint32Array;
  #size = 0;

  /**
   * @param width slots in a vector
   * @param maxStates ids that there are; tests make it small so that the guard is exercised
   */
  constructor(width: number, maxStates = noParent - 1) {
    this.#width = width;
    this.#maxStates = maxStates;
    this.#vectors = new Uint32Array(width * 512);
    this.#parents = new Uint32Array(512);
    this.#table = new Uint32Array(1024);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * The id of the vector's state; a new one if it was not there.
   *
   * @throws StoreFull where there are no more ids or no more memory: nothing is ever dropped
   */
  add(vector: Vector, parent: StateId | null): StateId {
    const mask = this.#table.length - 1;
    for (let at = (hash(vector, this.#width) & mask) >>> 0; ; at = ((at + 1) & mask) >>> 0) {
      const found = this.#table[at]!;
      if (found === 0) return this.#insert(vector, parent, at);
      if (this.#equals(found - 1, vector)) return found - 1;
    }
  }

  /** The id of the vector's state, or `null` where it has not been found. */
  find(vector: Vector): StateId | null {
    const mask = this.#table.length - 1;
    for (let at = (hash(vector, this.#width) & mask) >>> 0; ; at = ((at + 1) & mask) >>> 0) {
      const found = this.#table[at]!;
      if (found === 0) return null;
      if (this.#equals(found - 1, vector)) return found - 1;
    }
  }

  load(id: StateId, into: Uint32Array): void {
    const from = id * this.#width;
    for (let slot = 0; slot < this.#width; slot++) into[slot] = this.#vectors[from + slot]!;
  }

  path(id: StateId): StateId[] {
    const path = [id];
    for (let at = this.#parents[id]!; at !== noParent; at = this.#parents[at]!) path.push(at);
    return path.reverse();
  }

  parent(id: StateId): StateId | null {
    const parent = this.#parents[id]!;
    return parent === noParent ? null : parent;
  }

  get bytes(): number {
    return this.#vectors.byteLength + this.#parents.byteLength + this.#table.byteLength;
  }

  #insert(vector: Vector, parent: StateId | null, at: number): StateId {
    if (this.#size >= this.#maxStates) throw new StoreFull(`no more than ${this.#maxStates} states have a number`);
    if (this.#size === this.#parents.length) {
      this.#grow();
      return this.add(vector, parent);
    }
    const id = this.#size++;
    // within the arrays: typed arrays drop what is written past their end without a word
    this.#vectors.set(vector, id * this.#width);
    this.#parents[id] = parent ?? noParent;
    this.#table[at] = id + 1;
    return id;
  }

  #equals(id: StateId, vector: Vector): boolean {
    const from = id * this.#width;
    for (let slot = 0; slot < this.#width; slot++) if (this.#vectors[from + slot] !== vector[slot]) return false;
    return true;
  }

  #grow(): void {
    const capacity = Math.min(this.#parents.length * 2, this.#maxStates);
    const vectors = allocate(capacity * this.#width);
    const parents = allocate(capacity);
    const table = allocate(2 ** Math.ceil(Math.log2(capacity * 2)));
    vectors.set(this.#vectors);
    parents.set(this.#parents);
    const mask = table.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let at = (hash(vectors.subarray(id * this.#width, (id + 1) * this.#width), this.#width) & mask) >>> 0;
      while (table[at] !== 0) at = ((at + 1) & mask) >>> 0;
      table[at] = id + 1;
    }
    this.#vectors = vectors;
    this.#parents = parents;
    this.#table = table;
  }
}

/** @throws StoreFull where there is no memory for so many numbers */
export function allocate(length: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(bufferOf(length));
}

/** The same of numbers with a sign. */
export function allocateSigned(length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(bufferOf(length));
}

/** The same numbers with room for more. */
export function grown(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const array = allocateSigned(length);
  array.set(from);
  return array;
}

function bufferOf(length: number): ArrayBuffer {
  try {
    return new ArrayBuffer(length * 4);
  } catch (error) {
    throw new StoreFull(`no memory for ${length} numbers`, { cause: error });
  }
}

/** Mixes the slots; only where a state is looked for depends on it, never what it is. */
function hash(vector: Vector, width: number): number {
  let h = 0x9e37_79b9;
  for (let slot = 0; slot < width; slot++) {
    h = Math.imul(h ^ vector[slot]!, 0x85eb_ca6b);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
