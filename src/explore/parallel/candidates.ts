import { shared } from './segments.ts';

/** Numbers of a candidate: left half, right half, parent, and its place among those of the thread that found it. */
export const candidateSize = 4;
const bufferBits = 14;
export const bufferSize = 1 << bufferBits;
const bufferMask = bufferSize - 1;

/**
 * Pairs that may be new, from one thread that finds them to one that owns them, in the order in which they were found.
 * Buffers are used again in every round.
 */
export class Candidates {
  readonly #buffers: Uint32Array[] = [];
  /** Buffers that the thread at the other end does not know yet. */
  #made: SharedArrayBuffer[] = [];
  length = 0;

  put(left: number, right: number, parent: number, place: number): void {
    const at = this.length++;
    let buffer = this.#buffers[at >>> bufferBits];
    if (buffer === undefined) {
      const made = shared(bufferSize * candidateSize * 4);
      this.#made.push(made);
      buffer = new Uint32Array(made);
      this.#buffers.push(buffer);
    }
    const from = (at & bufferMask) * candidateSize;
    buffer[from] = left;
    buffer[from + 1] = right;
    buffer[from + 2] = parent;
    buffer[from + 3] = place;
  }

  /** The buffers that have been made since this was asked. */
  made(): readonly SharedArrayBuffer[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }

  adopt(buffers: readonly SharedArrayBuffer[]): void {
    for (const buffer of buffers) this.#buffers.push(new Uint32Array(buffer));
  }

  /** The buffer that has a candidate, and where in it that is. */
  buffer(at: number): Uint32Array {
    return this.#buffers[at >>> bufferBits]!;
  }

  offset(at: number): number {
    return (at & bufferMask) * candidateSize;
  }

  move(from: number, to: number): void {
    if (from === to) return;
    const source = this.buffer(from);
    const target = this.buffer(to);
    const [a, b] = [this.offset(from), this.offset(to)];
    for (let i = 0; i < candidateSize; i++) target[b + i] = source[a + i]!;
  }
}

/**
 * What is known of the chunks of a round: for each finder and owner where the candidates begin and end, and how many of them,
 * moved to the front, are new.
 */
export class Chunks {
  readonly #numbers: Int32Array;
  readonly #workers: number;

  static bytes(chunks: number, workers: number): number {
    return chunks * workers * workers * 3 * 4;
  }

  constructor(memory: SharedArrayBuffer, workers: number) {
    this.#numbers = new Int32Array(memory);
    this.#workers = workers;
  }

  begin(chunk: number, finder: number, boxes: readonly Candidates[]): void {
    for (const [owner, { length }] of boxes.entries()) this.#numbers[this.#row(chunk, finder, owner)] = length;
  }

  end(chunk: number, finder: number, boxes: readonly Candidates[]): void {
    for (const [owner, { length }] of boxes.entries()) {
      const row = this.#row(chunk, finder, owner);
      this.#numbers[row + 1] = length;
      this.#numbers[row + 2] = 0;
    }
  }

  from(chunk: number, finder: number, owner: number): number {
    return this.#numbers[this.#row(chunk, finder, owner)]!;
  }

  to(chunk: number, finder: number, owner: number): number {
    return this.#numbers[this.#row(chunk, finder, owner) + 1]!;
  }

  fresh(chunk: number, finder: number, owner: number): number {
    return this.#numbers[this.#row(chunk, finder, owner) + 2]!;
  }

  setFresh(chunk: number, finder: number, owner: number, count: number): void {
    this.#numbers[this.#row(chunk, finder, owner) + 2] = count;
  }

  /** All that are new in a chunk. */
  allFresh(chunk: number): number {
    let fresh = 0;
    for (let finder = 0; finder < this.#workers; finder++)
      for (let owner = 0; owner < this.#workers; owner++) fresh += this.fresh(chunk, finder, owner);
    return fresh;
  }

  #row(chunk: number, finder: number, owner: number): number {
    return ((chunk * this.#workers + finder) * this.#workers + owner) * 3;
  }
}

/**
 * Several boxes gone through together, by parent and then by place: every state is expanded by one thread, and the places are
 * in the order in which that has found its candidates.
 */
export class Merge {
  readonly #boxes: readonly Candidates[];
  readonly #heads: Int32Array;
  readonly #ends: Int32Array;
  /** What comes first in each box, as one number to compare by. */
  readonly #keys: Float64Array;
  #first = 0;
  /** The box that has the next one, where in the box that is, and its numbers. */
  box = -1;
  at = 0;
  numbers: Uint32Array = new Uint32Array(0);
  offset = 0;

  constructor(boxes: readonly Candidates[]) {
    this.#boxes = boxes;
    this.#heads = new Int32Array(boxes.length);
    this.#ends = new Int32Array(boxes.length);
    this.#keys = new Float64Array(boxes.length);
  }

  /** From where to where to go through a box; `first` is the first parent that there may be. */
  begin(box: number, from: number, to: number, first: number): void {
    this.#first = first;
    this.#heads[box] = from;
    this.#ends[box] = to;
    this.#keys[box] = this.#key(box, from);
  }

  /** Goes on to the next; false where there is none. */
  next(): boolean {
    const keys = this.#keys;
    let least = Number.POSITIVE_INFINITY;
    let next = -1;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      if (key >= least) continue;
      least = key;
      next = i;
    }
    if (next === -1) return false;
    const at = this.#heads[next]!;
    const box = this.#boxes[next]!;
    this.box = next;
    this.at = at;
    this.numbers = box.buffer(at);
    this.offset = box.offset(at);
    this.#heads[next] = at + 1;
    keys[next] = this.#key(next, at + 1);
    return true;
  }

  #key(i: number, head: number): number {
    if (head >= this.#ends[i]!) return Number.POSITIVE_INFINITY;
    const box = this.#boxes[i]!;
    const numbers = box.buffer(head);
    const offset = box.offset(head);
    return (numbers[offset + 2]! - this.#first) * 2 ** 32 + numbers[offset + 3]!;
  }
}
