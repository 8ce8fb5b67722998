import type { Batch } from '../pair-store.ts';
import { noParent } from '../store.ts';
import { shared } from './segments.ts';

/** Numbers of a candidate: left half, right half, parent; the parent is gone where it has been found not to be new. */
export const candidateSize = 3;
/** That a candidate is not new. */
export const notNew = noParent;

const bufferBits = 14;
const bufferMask = (1 << bufferBits) - 1;

/** Pairs that may be new, in the order in which one worker has found them, for all to see. Buffers are used again in every round. */
export class Candidates {
  readonly #buffers: Uint32Array[] = [];
  /** Buffers that other threads do not know yet. */
  #made: SharedArrayBuffer[] = [];
  length = 0;

  /** Puts the first `count` pairs of a batch behind those that there are. */
  putAll({ lefts, rights, parents }: Batch, count: number): void {
    for (let i = 0; i < count; ) {
      const buffer = this.#bufferFor(this.length);
      let offset = (this.length & bufferMask) * candidateSize;
      const until = Math.min(count, i + bufferMask + 1 - (this.length & bufferMask));
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

  /** Takes over what another worker has found: so many candidates, in buffers of which these are new. */
  adopt(length: number, buffers: readonly SharedArrayBuffer[]): void {
    for (const buffer of buffers) this.#buffers.push(new Uint32Array(buffer));
    this.length = length;
  }

  /** The candidates, buffer by buffer: the first `count` of each. */
  *pieces(): Generator<{ readonly numbers: Uint32Array; readonly count: number }> {
    for (let at = 0; at < this.length; at += bufferMask + 1)
      yield { numbers: this.#buffers[at >>> bufferBits]!, count: Math.min(bufferMask + 1, this.length - at) };
  }
}
