import type { Batch } from '../pair-store.ts';
import { noParent } from '../store.ts';
import { shared } from './segments.ts';

/** Numbers of a candidate: left half, right half, parent; the parent is gone where it has been found not to be new. */
export const candidateSize = 3;
const bufferBits = 14;
const bufferMask = (1 << bufferBits) - 1;

/** Pairs that may be new, in the order in which one thread has found them, for all to see. Buffers are used again in every round. */
export class Candidates {
  readonly #buffers: Uint32Array[] = [];
  /** Buffers that other threads do not know yet. */
  #made: SharedArrayBuffer[] = [];
  length = 0;

  /** Puts the first `count` pairs of a batch behind those that there are. */
  putAll({ lefts, rights, parents }: Batch, count: number): void {
    for (let i = 0; i < count; ) {
      const buffer = this.#bufferFor(this.length);
      let offset = this.offset(this.length);
      const until = Math.min(count, i + this.following(this.length));
      this.length += until - i;
      for (; i < until; i++, offset += candidateSize) {
        buffer[offset] = lefts[i]!;
        buffer[offset + 1] = rights[i]!;
        buffer[offset + 2] = parents[i]!;
      }
    }
  }

  #bufferFor(at: number): Uint32Array {
    const known = this.#buffers[at >>> bufferBits];
    if (known !== undefined) return known;
    const made = shared((bufferMask + 1) * candidateSize * 4);
    this.#made.push(made);
    const buffer = new Uint32Array(made);
    this.#buffers.push(buffer);
    return buffer;
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

  /** How many candidates follow in the same buffer, itself included. */
  following(at: number): number {
    return bufferMask + 1 - (at & bufferMask);
  }
}

/** That a candidate is not new. */
export const notNew = noParent;

/**
 * What is known of the chunks of a round: who has expanded one, where his candidates of it begin and end, and how many of them,
 * by owner, are new.
 */
export class Chunks {
  readonly #numbers: Int32Array;
  readonly #width: number;

  static bytes(chunks: number, workers: number): number {
    return chunks * (3 + workers) * 4;
  }

  constructor(memory: SharedArrayBuffer, workers: number) {
    this.#numbers = new Int32Array(memory);
    this.#width = 3 + workers;
  }

  found(chunk: number, finder: number, from: number, to: number): void {
    this.#numbers.set([finder, from, to], chunk * this.#width);
  }

  finder(chunk: number): number {
    return this.#numbers[chunk * this.#width]!;
  }

  from(chunk: number): number {
    return this.#numbers[chunk * this.#width + 1]!;
  }

  to(chunk: number): number {
    return this.#numbers[chunk * this.#width + 2]!;
  }

  setFresh(chunk: number, owner: number, count: number): void {
    this.#numbers[chunk * this.#width + 3 + owner] = count;
  }

  /** All that are new in a chunk. */
  fresh(chunk: number): number {
    let fresh = 0;
    for (let at = 3; at < this.#width; at++) fresh += this.#numbers[chunk * this.#width + at]!;
    return fresh;
  }
}
