import type { Half } from '../half.ts';
import { type Batch, mix, type Pairs } from '../pair-store.ts';
import type { StateId } from '../store.ts';
import { Candidates } from './candidates.ts';
import { type Known, type KnownChange, KnownMatrix, knownAfter, ownerOf } from './known-pairs.ts';
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
  /** Nothing is ever new at once. */
  readonly size = 0;
  readonly kind = 'shared';
  readonly #left: Half;
  readonly #right: Half;
  /** So that touching is not found to be of no use. */
  touched = 0;

  constructor(left: Half, right: Half, owners: number, known: KnownChange) {
    this.#left = left;
    this.#right = right;
    this.#ofOwners = Array.from({ length: owners }, () => 0);
    this.known = knownAfter(known, null);
  }

  get bytes(): number {
    return this.segments.bytes;
  }

  /** Nobody writes into it while states are expanded. */
  matrix(): KnownMatrix | null {
    return this.known instanceof KnownMatrix ? this.known : null;
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
    const fresh = this.known instanceof KnownMatrix ? count : this.#sortOut(this.known, batch, count);
    this.box.putAll(batch, fresh);
  }

  /** Moves the pairs that no table has to the front; what a matrix knows has not come so far. Returns how many they are. */
  #sortOut(tables: Exclude<Known, KnownMatrix>, { lefts, rights, parents, places }: Batch, count: number): number {
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
