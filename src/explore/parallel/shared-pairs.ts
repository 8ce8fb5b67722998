import { BitMatrix } from '../bit-matrix.ts';
import type { Half } from '../half.ts';
import { type Batch, mix, type Pairs } from '../pair-store.ts';
import type { StateId } from '../store.ts';
import { Candidates } from './candidates.ts';
import { type Known, type KnownChange, KnownMatrix, type KnownTable, knownAfter, ownerOf } from './known-pairs.ts';
import { Segments } from './segments.ts';

/**
 * What a worker has in place of a {@link PairStore}: the states that have a number are there, and pairs that are added become
 * candidates, but for those that are known already.
 */
export class SharedPairs implements Pairs {
  readonly segments = new Segments();
  readonly box = new Candidates();
  /** How many of the candidates each owner has, where there are tables. */
  readonly #ofOwners: number[];
  known: Known;
  /** Where there is a matrix, its bits, and those of all candidates that this worker has seen, which are known before long. */
  #mine: BitMatrix | null = new BitMatrix();
  /** Nothing is ever new at once. */
  readonly size = 0;
  readonly kind = 'shared';
  readonly #left: Half;
  readonly #right: Half;
  readonly #smallMatrix: number;
  /** So that touching is not found to be of no use. */
  touched = 0;

  /** @param smallMatrix bytes of a matrix of bits that are always worth it */
  constructor(left: Half, right: Half, owners: number, known: KnownChange, smallMatrix: number) {
    this.#smallMatrix = smallMatrix;
    this.#left = left;
    this.#right = right;
    this.#ofOwners = Array.from({ length: owners }, () => 0);
    this.known = knownAfter(known, null);
  }

  get bytes(): number {
    return this.segments.bytes + this.ownBytes;
  }

  /** Those that are not shared. */
  get ownBytes(): number {
    return this.#mine?.bytes ?? 0;
  }

  /**
   * It is this worker's own. Without it every pair that is found is a candidate: so it is where it would take much more room than the one
   * that is shared, until that has been made anew.
   */
  matrix(): BitMatrix | null {
    const { known } = this;
    if (!(known instanceof KnownMatrix)) {
      this.#mine?.release();
      this.#mine = null;
      return null;
    }
    const mine = this.#mine!;
    const [lefts, rights] = [this.#left.size, this.#right.size];
    if (mine.bytesFor(lefts, rights) > Math.max(this.#smallMatrix, known.words.byteLength * 2)) return null;
    mine.grow(lefts, rights);
    return mine;
  }

  /** Takes note of the states that have a number. */
  noteStates(size: number): void {
    const mine = this.matrix();
    for (let id = 0; mine !== null && id < size; id++) mine.set(this.left(id), this.right(id));
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

  /** How many candidates each owner has at most: a matrix asks for no room by them, but may give way to tables. */
  candidates(): number[] {
    return this.known instanceof KnownMatrix ? this.#ofOwners.map(() => this.box.length) : [...this.#ofOwners];
  }

  add(batch: Batch, count: number): void {
    const matrix = this.matrix();
    let fresh = count;
    if (matrix !== null) fresh = matrix.setAll(batch, count);
    else if (!(this.known instanceof KnownMatrix)) fresh = this.#sortOut(this.known, batch, count);
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
}
