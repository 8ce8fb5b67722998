import type { HalfId } from './half.ts';
import { allocate, noParent, type StateId, StoreFull } from './store.ts';

/** Entries of a segment. Lists grow by segments, so that nothing is copied to make room. */
const segmentBits = 18;
const segmentSize = 1 << segmentBits;
const segmentMask = segmentSize - 1;

/**
 * Pairs of halves, by the number of the state.
 *
 * A pair is one word while the bits of both numbers fit into it, and is two words from then on.
 */
export class PairList {
  /** The pairs, or their left halves where they are two words. */
  readonly #firsts: Uint32Array<ArrayBuffer>[] = [];
  readonly #rights: Uint32Array<ArrayBuffer>[] = [];
  /** Low bits of a word that are the right half; 32 where a pair is two words. */
  #rightBits = 16;
  #size = 0;

  get bytes(): number {
    return (this.#firsts.length + this.#rights.length) * segmentSize * 4;
  }

  left(id: StateId): HalfId {
    const word = this.#firsts[id >>> segmentBits]![id & segmentMask]!;
    return this.#rightBits === 32 ? word : word >>> this.#rightBits;
  }

  right(id: StateId): HalfId {
    if (this.#rightBits === 32) return this.#rights[id >>> segmentBits]![id & segmentMask]!;
    return this.#firsts[id >>> segmentBits]![id & segmentMask]! & ((1 << this.#rightBits) - 1);
  }

  /** @throws StoreFull where there is no memory for it */
  push(left: HalfId, right: HalfId): void {
    if (this.#rightBits !== 32 && (right >>> this.#rightBits !== 0 || left >>> (32 - this.#rightBits) !== 0))
      this.#widen(left, right);
    const id = this.#size;
    const at = id & segmentMask;
    const segment = id >>> segmentBits;
    if (at === 0 && this.#firsts.length === segment) this.#extend();
    if (this.#rightBits === 32) {
      this.#firsts[segment]![at] = left;
      this.#rights[segment]![at] = right;
    } else {
      this.#firsts[segment]![at] = (left << this.#rightBits) | right;
    }
    this.#size = id + 1;
  }

  #extend(): void {
    this.#firsts.push(allocate(segmentSize));
    if (this.#rightBits === 32) this.#rights.push(allocate(segmentSize));
  }

  /** Divides the words otherwise, so that these halves fit too, or makes two of each. */
  #widen(left: HalfId, right: HalfId): void {
    let [mostLeft, mostRight] = [left, right];
    for (let id = 0; id < this.#size; id++) {
      mostLeft = Math.max(mostLeft, this.left(id));
      mostRight = Math.max(mostRight, this.right(id));
    }
    const spare = 32 - bitsOf(mostLeft) - bitsOf(mostRight);
    const before = this.#rightBits;
    const after = spare < 0 ? 32 : bitsOf(mostRight) + (spare >>> 1);
    if (after === 32) for (const _ of this.#firsts) this.#rights.push(allocate(segmentSize));
    const mask = (1 << before) - 1;
    for (const [segment, words] of this.#firsts.entries()) {
      const rights = this.#rights[segment];
      for (let at = 0; at < segmentSize; at++) {
        const word = words[at]!;
        if (rights !== undefined) rights[at] = word & mask;
        words[at] = rights !== undefined ? word >>> before : ((word >>> before) << after) | (word & mask);
      }
    }
    this.#rightBits = after;
  }
}

const bitsOf = (number: number): number => Math.max(1, 32 - Math.clz32(number));

const blockBits = 10;
const blockMask = (1 << blockBits) - 1;
/** Where a difference does not fit into a byte. */
const elsewhere = 0xff;

/**
 * The parent of every state, by its number: as the difference from that of the state before, which in the order of discovery is
 * nearly always small and not negative, with the parent itself at the beginning of every block.
 */
export class ParentList {
  readonly #differences: Uint8Array<ArrayBuffer>[] = [];
  readonly #elsewhere = new Map<StateId, number>();
  /** Of each block, the parent of the last state before it. */
  #before = allocate(1 << 8);
  #first: number = noParent;
  #last = 0;
  #size = 0;
  /** Where it was asked last, and what the answer was: often the next is asked for. */
  #at = 0;
  #parent = 0;

  get bytes(): number {
    return this.#differences.length * segmentSize + this.#before.byteLength;
  }

  /** The parent, or {@link noParent} of a state 0 that has none. */
  at(id: StateId): number {
    if (id === 0) return this.#first;
    let [at, parent] = [this.#at, this.#parent];
    const begin = id & ~blockMask;
    if (at < begin || at > id) [at, parent] = [begin - 1, this.#before[id >>> blockBits]!];
    while (at < id) parent += this.#difference(++at);
    this.#at = id;
    this.#parent = parent;
    return parent;
  }

  #difference(id: StateId): number {
    const difference = this.#differences[id >>> segmentBits]![id & segmentMask]!;
    return difference === elsewhere ? this.#elsewhere.get(id)! : difference;
  }

  /** @throws StoreFull where there is no memory for it */
  push(parent: number): void {
    const id = this.#size;
    if ((id & segmentMask) === 0) this.#differences.push(allocateBytes(segmentSize));
    if ((id & blockMask) === 0) this.#beginBlock(id >>> blockBits);
    if (id === 0) this.#first = parent;
    else {
      const difference = parent - this.#last;
      const fits = difference >= 0 && difference < elsewhere;
      this.#differences[id >>> segmentBits]![id & segmentMask] = fits ? difference : elsewhere;
      if (!fits) this.#elsewhere.set(id, difference);
      this.#last = parent;
    }
    this.#size = id + 1;
  }

  #beginBlock(block: number): void {
    if (block === this.#before.length) {
      const before = allocate(block * 2);
      before.set(this.#before);
      this.#before = before;
    }
    this.#before[block] = this.#last;
  }
}

function allocateBytes(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (error) {
    throw new StoreFull(`no memory for ${length} bytes`, { cause: error });
  }
}
