import { BitMatrix } from '../bit-matrix.ts';
import type { Half } from '../half.ts';
import { type Batch, mix, type Pairs } from '../pair-store.ts';
import type { StateId } from '../store.ts';
import { Candidates, candidateSize, notNew } from './candidates.ts';
import { KnownTable, ownerOf, type TableChange } from './known-tables.ts';
import { Segments } from './segments.ts';

/**
 * What a worker has in place of a {@link PairStore}: the states that have a number are there, and pairs that are added become
 * candidates, but for those that it knows already.
 *
 * What it knows is in a matrix of bits of its own: all pairs that have a number, and all that it has found in this round. Where that would
 * take too much memory, tables that all workers share have the pairs that have a number, and what it finds twice in a round is a candidate
 * twice.
 */
export class SharedPairs implements Pairs {
  readonly segments = new Segments();
  readonly box = new Candidates();
  /** Bytes that the matrix may take. */
  mostBytes = 0;
  /** Nothing is ever new at once. */
  readonly size = 0;
  readonly kind = 'shared';
  /** So that touching is not found to be of no use. */
  touched = 0;
  #matrix: BitMatrix | null = new BitMatrix();
  /** By owner. */
  #tables: readonly KnownTable[] | null = null;
  /** How many of the candidates each owner has, where there are tables. */
  readonly #ofOwners: number[];
  readonly #left: Half;
  readonly #right: Half;
  readonly #places = new Int32Array(pieceSize);

  constructor(left: Half, right: Half, owners: number) {
    this.#left = left;
    this.#right = right;
    this.#ofOwners = Array.from({ length: owners }, () => 0);
  }

  get bytes(): number {
    return this.segments.bytes + this.ownBytes;
  }

  /** Those that are not shared. */
  get ownBytes(): number {
    return this.#matrix?.bytes ?? 0;
  }

  /** Its own, with room for all halves; null from when that would be too large. */
  matrix(): BitMatrix | null {
    const [lefts, rights] = [this.#left.size, this.#right.size];
    if (this.#matrix !== null && this.#matrix.bytesFor(lefts, rights) > this.mostBytes) this.#leaveMatrix();
    this.#matrix?.grow(lefts, rights);
    return this.#matrix;
  }

  #leaveMatrix(): void {
    this.#matrix?.release();
    this.#matrix = null;
  }

  /** Takes note of the states that have a number. */
  noteStates(size: number): void {
    const matrix = this.matrix();
    for (let id = 0; matrix !== null && id < size; id++) matrix.set(this.left(id), this.right(id));
  }

  left(id: StateId): number {
    return this.segments.left(id);
  }

  right(id: StateId): number {
    return this.segments.right(id);
  }

  parent(id: StateId): StateId | null {
    return this.segments.parent(id);
  }

  path(id: StateId): StateId[] {
    return this.segments.path(id);
  }

  load(id: StateId, into: Uint32Array): void {
    this.#left.load(this.left(id), into);
    this.#right.load(this.right(id), into);
  }

  /** Forgets the candidates. */
  begin(): void {
    this.box.length = 0;
    this.#ofOwners.fill(0);
  }

  /** Pairs that an owner has in its table; 0 where there are none. */
  owned(owner: number): number {
    return this.#tables?.[owner]?.size ?? 0;
  }

  /** How many candidates each owner has at most. */
  candidates(): readonly number[] {
    return this.#tables === null ? this.#ofOwners.map(() => this.box.length) : [...this.#ofOwners];
  }

  add(batch: Batch, count: number): void {
    const matrix = this.matrix();
    let fresh = count;
    if (matrix !== null) fresh = matrix.setAll(batch, count);
    else if (this.#tables !== null) fresh = this.#sortOut(this.#tables, batch, count);
    this.box.putAll(batch, fresh);
  }

  /** Moves the pairs that no table has to the front. Returns how many they are. */
  #sortOut(tables: readonly KnownTable[], { lefts, rights, parents, places }: Batch, count: number): number {
    const owners = tables.length;
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const { slots, mask } = tables[ownerOf(lefts[i]!, owners)]!;
      const hash = mix(lefts[i]!, rights[i]!);
      places[i] = hash;
      touched ^= slots[2 * (hash & mask)]!;
    }
    this.touched = touched;
    let fresh = 0;
    for (let i = 0; i < count; i++) {
      const [left, right] = [lefts[i]!, rights[i]!];
      const owner = ownerOf(left, owners);
      if (tables[owner]!.has(left, right)) continue;
      this.#ofOwners[owner]!++;
      lefts[fresh] = left;
      rights[fresh] = right;
      parents[fresh++] = parents[i]!;
    }
    return fresh;
  }

  /**
   * Takes note of what others have found, and marks what this worker has found before them.
   *
   * Workers expand one part of a round each, the first of them the first part and so on, and each knows all that was there before the
   * round. So what one of them finds is new unless one that comes before it has found it too; and that one marks it, as its
   * matrix has the bit. A bit that is there because of a third worker's candidate is of one that comes before as well: they are gone
   * through in order.
   *
   * @param boxes of all workers, in order
   * @returns for each of them, how many of its candidates were marked here
   */
  merge(boxes: readonly Candidates[]): number[] {
    const matrix = this.matrix();
    if (matrix === null) throw new Error('a matrix is too large for what the others have found');
    const own = boxes.indexOf(this.box);
    return boxes.map((box, finder) => {
      if (finder === own) return 0;
      let marked = 0;
      for (const { numbers, count } of box.pieces()) {
        for (let from = 0; from < count; from += pieceSize) {
          const [begin, end] = [from * candidateSize, Math.min(count, from + pieceSize) * candidateSize];
          if (finder < own) this.#note(matrix, numbers, begin, end);
          else if (boxes.length === 2) marked += this.#markAlone(matrix, numbers, begin, end);
          else marked += this.#mark(matrix, numbers, begin, end);
        }
      }
      return marked;
    });
  }

  /** Sets the bits of some candidates. */
  #note({ words, rowWords }: BitMatrix, numbers: Uint32Array, begin: number, end: number): void {
    this.#touch(words, rowWords, numbers, begin, end);
    const places = this.#places;
    for (let at = begin, i = 0; at < end; at += candidateSize, i++) words[places[i]!]! |= 1 << (numbers[at + 1]! & 31);
  }

  /** Sets the bits of some candidates, which nobody else marks, and marks those that had theirs: without a branch. Returns how many. */
  #markAlone({ words, rowWords }: BitMatrix, numbers: Uint32Array, begin: number, end: number): number {
    this.#touch(words, rowWords, numbers, begin, end);
    const places = this.#places;
    let marked = 0;
    for (let at = begin, i = 0; at < end; at += candidateSize, i++) {
      const place = places[i]!;
      const bit = numbers[at + 1]! & 31;
      const word = words[place]!;
      words[place] = word | (1 << bit);
      const had = (word >>> bit) & 1;
      numbers[at + 2]! |= -had; // notNew has all bits
      marked += had;
    }
    return marked;
  }

  /** Sets the bits of some candidates, and marks those that had theirs. Returns how many, of which nobody else counts any. */
  #mark({ words, rowWords }: BitMatrix, numbers: Uint32Array, begin: number, end: number): number {
    this.#touch(words, rowWords, numbers, begin, end);
    const places = this.#places;
    let marked = 0;
    for (let at = begin, i = 0; at < end; at += candidateSize, i++) {
      const place = places[i]!;
      const bit = 1 << (numbers[at + 1]! & 31);
      const word = words[place]!;
      words[place] = word | bit;
      // of several workers that mark it one counts it
      if ((word & bit) !== 0 && Atomics.exchange(numbers, at + 2, notNew) !== notNew) marked++;
    }
    return marked;
  }

  /** Looks at every word that is going to be needed, so that the memory delivers many of them at once. */
  #touch(words: Int32Array, rowWords: number, numbers: Uint32Array, begin: number, end: number): void {
    const places = this.#places;
    let touched = 0;
    for (let at = begin, i = 0; at < end; at += candidateSize, i++) {
      const place = numbers[at]! * rowWords + (numbers[at + 1]! >>> 5);
      places[i] = place;
      touched ^= words[place]!;
    }
    this.touched = touched;
  }

  /** From now on these are the tables, where they have changed; an owner fills his own where it is new. */
  changeTables(change: TableChange, size: number, owner: number): void {
    this.#leaveMatrix();
    this.#tables = change.map((table, i) => (table === null ? this.#tables![i]! : new KnownTable(table)));
    if (change[owner] !== null) this.#tables[owner]!.fill(this.segments, size, owner, change.length);
  }

  /**
   * Adds those candidates to its own table of which this worker is the owner, in order, and marks those that are there.
   *
   * @param boxes of all workers, in order
   * @returns for each of them, how many of its candidates were marked here
   */
  sift(boxes: readonly Candidates[]): number[] {
    const owner = boxes.indexOf(this.box);
    const own = this.#tables![owner]!;
    return boxes.map((box) => {
      let marked = 0;
      for (const { numbers, count } of box.pieces()) {
        for (let at = 0; at < count * candidateSize; at += candidateSize) {
          const left = numbers[at]!;
          if (ownerOf(left, boxes.length) !== owner || own.add(left, numbers[at + 1]!)) continue;
          numbers[at + 2] = notNew;
          marked++;
        }
      }
      return marked;
    });
  }
}

/** Candidates that are gone through twice at a time. */
const pieceSize = 4096;
