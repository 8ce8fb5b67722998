import { BitMatrix, free } from './bit-matrix.ts';
import type { Half, HalfId } from './half.ts';
import { PairList, ParentList } from './state-lists.ts';
import { allocateSigned, noParent, type StateId, type States, StoreFull } from './store.ts';

/** Above the size that is always worth its memory, a matrix of bits may have so many bytes for each state. */
const matrixBytesPerState = 8;
/** A hash table has 2^31 slots at most: their places are what is left of a hash by a mask, and are not negative. */
const mostTableBits = 31;
/** Bytes up to which the place of a word is a number of 31 bits. */
export const mostMatrix = 2 ** 32;

/**
 * Every state once, exactly, as a pair of halves.
 *
 * Ids are given in order of discovery, as in {@link StateStore}, which it equals: `test/explore/halved.test.ts`. Pairs come in
 * batches, and a batch is gone through twice: first every place that is going to be looked at is touched, so that the
 * memory delivers many of them at once, then the pairs are added one after the other.
 *
 * Which pairs are there is kept in a matrix of bits while that is not much larger than the states themselves, and in a hash
 * table of ids otherwise.
 */
export class PairStore implements Pairs {
  readonly #left: Half;
  readonly #right: Half;
  readonly #smallMatrix: number;
  readonly #maxStates: number;
  readonly #pairs = new PairList();
  readonly #parents = new ParentList();
  #known: BitMatrix | PairTable = new BitMatrix();
  #size = 0;

  /**
   * @param smallMatrix bytes of a matrix of bits that are always worth it
   * @param maxStates ids that there are; tests make it small so that the guard is exercised
   */
  constructor(left: Half, right: Half, smallMatrix: number, maxStates = noParent - 1) {
    this.#smallMatrix = smallMatrix;
    this.#left = left;
    this.#right = right;
    this.#maxStates = maxStates;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes that its arrays take, the halves left out. */
  get bytes(): number {
    return this.#pairs.bytes + this.#parents.bytes + this.#known.bytes;
  }

  /** What keeps the pairs that are there: for the figures. */
  get kind(): string {
    return this.#known instanceof BitMatrix ? 'bit matrix' : 'hash table';
  }

  left(id: StateId): HalfId {
    return this.#pairs.left(id);
  }

  right(id: StateId): HalfId {
    return this.#pairs.right(id);
  }

  parent(id: StateId): StateId | null {
    const parent = this.#parents.at(id);
    return parent === noParent ? null : parent;
  }

  load(id: StateId, into: Uint32Array): void {
    this.#left.load(this.left(id), into);
    this.#right.load(this.right(id), into);
  }

  path(id: StateId): StateId[] {
    const path = [id];
    for (let at = this.parent(id); at !== null; at = this.parent(at)) path.push(at);
    return path.reverse();
  }

  matrix(): BitMatrix | null {
    const known = this.#roomy(0);
    return known instanceof BitMatrix ? known : null;
  }

  /**
   * Adds the first `count` pairs of a batch that are not there, in their order.
   *
   * @throws StoreFull where there are no more ids or no more memory: nothing is ever dropped
   */
  add(batch: Batch, count: number): void {
    const known = this.#roomy(count);
    if (known instanceof BitMatrix) {
      const { lefts, rights, parents } = batch;
      const fresh = known.setAll(batch, count);
      for (let i = 0; i < fresh; i++) this.#append(lefts[i]!, rights[i]!, parents[i]!);
    } else {
      this.#addTo(known, batch, count);
    }
  }

  #addTo(known: PairTable, { lefts, rights, parents, places }: Batch, count: number): void {
    const { slots, mask, idMask } = known;
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const hash = mix(lefts[i]!, rights[i]!);
      places[i] = hash;
      touched ^= slots[hash & mask]!;
    }
    known.touched = touched;
    for (let i = 0; i < count; i++) {
      const hash = places[i]!;
      const tag = hash & ~idMask;
      const left = lefts[i]!;
      const right = rights[i]!;
      for (let at = hash & mask; ; at = (at + 1) & mask) {
        const slot = slots[at]!;
        if (slot === 0) {
          slots[at] = tag | (this.#size + 1);
          this.#append(left, right, parents[i]!);
          break;
        }
        if (((slot ^ tag) & ~idMask) !== 0) continue;
        const id = (slot & idMask) - 1;
        if (this.left(id) === left && this.right(id) === right) break;
      }
    }
  }

  #append(left: HalfId, right: HalfId, parent: StateId): void {
    this.#pairs.push(left, right);
    this.#parents.push(parent);
    this.#size++;
  }

  /** What keeps the pairs, with room for so many more of the halves that there are now. */
  #roomy(count: number): BitMatrix | PairTable {
    if (this.#size + count > this.#maxStates)
      throw new StoreFull(`no more than ${this.#maxStates} states have a number`);
    const wanted = this.#size + count;
    let known = this.#known;
    if (known instanceof BitMatrix && !this.#paysAsMatrix(known)) known = this.#toTable(wanted);
    else if (known instanceof PairTable && known.isTight(wanted)) {
      const matrix = new BitMatrix();
      known = this.#paysAsMatrix(matrix) ? this.#toMatrix(matrix) : this.#toTable(wanted);
    }
    if (known instanceof BitMatrix) known.grow(this.#left.size, this.#right.size);
    return known;
  }

  #paysAsMatrix(matrix: BitMatrix): boolean {
    const bytes = matrix.bytesFor(this.#left.size, this.#right.size);
    return bytes <= Math.max(this.#smallMatrix, this.#size * matrixBytesPerState) && bytes <= mostMatrix;
  }

  /** What there was is given back first: there are the pairs themselves to begin again from. */
  #toMatrix(matrix: BitMatrix): BitMatrix {
    this.#known.release();
    matrix.grow(this.#left.size, this.#right.size);
    for (let id = 0; id < this.#size; id++) matrix.set(this.left(id), this.right(id));
    this.#known = matrix;
    return matrix;
  }

  #toTable(states: number): PairTable {
    this.#known.release();
    const bits = Math.max(10, Math.ceil(Math.log2(states * 2)));
    const table = new PairTable(2 ** Math.min(bits, mostTableBits));
    if (table.isTight(states)) throw new StoreFull(`no hash table has room for ${states} states`);
    for (let id = 0; id < this.#size; id++) table.insert(mix(this.left(id), this.right(id)), id);
    this.#known = table;
    return table;
  }
}

/** States as pairs of halves. */
export interface Pairs extends States {
  /** What keeps the pairs that are there: for the figures. */
  readonly kind: string;
  /**
   * Rows of bits, one for each left half, as long as they go: a pair's bit is 1 only if it has been added. Null where there are none.
   * Others may be made when there are more halves.
   */
  matrix(): { readonly words: Int32Array; readonly rowWords: number } | null;
  left(id: StateId): HalfId;
  right(id: StateId): HalfId;
  /**
   * Adds the first `count` pairs of a batch that are not there, in their order.
   *
   * @throws StoreFull where there is no room
   */
  add(batch: Batch, count: number): void;
}

/** Pairs on their way into the store, with the state from which each was reached. */
export interface Batch {
  readonly lefts: Uint32Array;
  readonly rights: Uint32Array;
  readonly parents: Uint32Array;
  /** Where the store looks for each. */
  readonly places: Int32Array;
}

/** Ids by the hash of their pairs: open addressing with linear probing. What a slot has no use for keeps bits of the hash. */
class PairTable {
  readonly slots: Int32Array<ArrayBuffer>;
  readonly mask: number;
  /** The bits of a slot that are 1 + an id, or 0 where it is empty; the others are those of the hash. */
  readonly idMask: number;
  /** So that touching is not found to be of no use. */
  touched = 0;

  constructor(length: number) {
    this.slots = allocateSigned(length);
    this.mask = length - 1;
    this.idMask = length - 1;
  }

  get bytes(): number {
    return this.slots.byteLength;
  }

  /** Whether it is too full for so many states; ids stay below its length, so that they fit beside the hash. */
  isTight(states: number): boolean {
    return states * 4 > this.slots.length * 3;
  }

  insert(hash: number, id: StateId): void {
    let at = hash & this.mask;
    while (this.slots[at] !== 0) at = (at + 1) & this.mask;
    this.slots[at] = (hash & ~this.idMask) | (id + 1);
  }

  release(): void {
    free(this.slots);
  }
}

export function mix(left: HalfId, right: HalfId): number {
  let h = Math.imul(left, 0x9e37_79b1) ^ Math.imul((right << 16) | (right >>> 16), 0x85eb_ca77);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b_3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a_2d39);
  return h ^ (h >>> 15);
}
