import { noParent, type StateId, StoreFull } from './store.ts';

/** Entries of a segment: 3 MB for both arrays. */
const segmentBits = 18;
const segmentMask = (1 << segmentBits) - 1;

/**
 * Fingerprints of states, each with the state from which it was first reached: 12 bytes for a state, and a table of ids to
 * find it by.
 *
 * Ids are given in order of discovery, as in {@link StateStore}.
 */
export class Fingerprints {
  /** Two words for each, in segments, so that nothing is ever copied to make room. */
  readonly #prints: Int32Array[] = [];
  readonly #parents: Uint32Array[] = [];
  /** Open addressing with linear probing: in the low bits 1 + an id, or 0 where empty; the others are those of the low word. */
  #table = new Int32Array(1 << 12);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#prints.length * (segmentMask + 1) * 12 + this.#table.byteLength;
  }

  /**
   * Whether the fingerprint is new. If so it has the next id.
   *
   * @throws StoreFull where there are no more ids or no more memory: nothing is ever dropped
   */
  add(low: number, high: number, parent: StateId | null): boolean {
    if ((this.#size + 1) * 4 > this.#table.length * 3) this.#grow();
    const at = this.#find(low, high);
    if (this.#table[at] !== 0) return false;
    const id = this.#size;
    const place = id & segmentMask;
    if (place === 0) this.#extend();
    const segment = id >>> segmentBits;
    this.#prints[segment]![2 * place] = low;
    this.#prints[segment]![2 * place + 1] = high;
    this.#parents[segment]![place] = parent ?? noParent;
    this.#table[at] = (low & ~(this.#table.length - 1)) | (id + 1);
    this.#size = id + 1;
    return true;
  }

  has(low: number, high: number): boolean {
    return this.#table[this.#find(low, high)] !== 0;
  }

  low(id: StateId): number {
    return this.#prints[id >>> segmentBits]![2 * (id & segmentMask)]!;
  }

  high(id: StateId): number {
    return this.#prints[id >>> segmentBits]![2 * (id & segmentMask) + 1]!;
  }

  parent(id: StateId): StateId | null {
    const parent = this.#parents[id >>> segmentBits]![id & segmentMask]!;
    return parent === noParent ? null : parent;
  }

  /** Where in the table the fingerprint is, or would be. */
  #find(low: number, high: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const slot = table[at]!;
      if (slot === 0) return at;
      if (((slot ^ low) & ~mask) !== 0) continue;
      const id = (slot & mask) - 1;
      if (this.low(id) === low && this.high(id) === high) return at;
    }
  }

  #extend(): void {
    this.#prints.push(new Int32Array(bufferFor(2 * (segmentMask + 1))));
    this.#parents.push(new Uint32Array(bufferFor(segmentMask + 1)));
  }

  #grow(): void {
    const length = this.#table.length * 2;
    if (length > 2 ** 31) throw new StoreFull(`no more than ${this.#size} states have a number`);
    const table = new Int32Array(bufferFor(length));
    const mask = length - 1;
    for (let id = 0; id < this.#size; id++) {
      const low = this.low(id);
      let at = low & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = (low & ~mask) | (id + 1);
    }
    this.#table = table;
  }
}

function bufferFor(words: number): ArrayBuffer {
  try {
    return new ArrayBuffer(words * 4);
  } catch (error) {
    throw new StoreFull(`no memory for ${words} numbers`, { cause: error });
  }
}
