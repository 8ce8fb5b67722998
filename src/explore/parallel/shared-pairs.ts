import type { Half } from '../half.ts';
import { type Batch, mix, type Pairs } from '../pair-store.ts';
import type { StateId } from '../store.ts';
import { Candidates } from './candidates.ts';
import { type Known, type KnownChange, KnownMatrix, knownAfter } from './known-pairs.ts';
import { Segments } from './segments.ts';

/**
 * What a worker has in place of a {@link PairStore}: the states that have a number are there, and pairs that are added become
 * candidates, but for those that are known already.
 */
export class SharedPairs implements Pairs {
  readonly segments = new Segments();
  readonly box = new Candidates();
  /** How many of the candidates each owner has. */
  readonly ofOwners: number[];
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
    this.ofOwners = Array.from({ length: owners }, () => 0);
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
    this.ofOwners.fill(0);
  }

  add(batch: Batch, count: number): void {
    if (this.known instanceof KnownMatrix) this.#putAll(batch, count);
    else this.#addByTables(batch, count);
  }

  /** What is known by the matrix has not come so far. */
  #putAll({ lefts, rights, parents }: Batch, count: number): void {
    for (let i = 0; i < count; i++) this.#put(lefts[i]!, rights[i]!, parents[i]!);
  }

  #addByTables({ lefts, rights, parents, places }: Batch, count: number): void {
    const tables = this.known as Exclude<Known, KnownMatrix>;
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const { slots, mask } = tables[lefts[i]! % tables.length]!;
      const hash = mix(lefts[i]!, rights[i]!);
      places[i] = hash;
      touched ^= slots[2 * (hash & mask)]!;
    }
    this.touched = touched;
    for (let i = 0; i < count; i++) {
      const left = lefts[i]!;
      if (!tables[left % tables.length]!.has(left, rights[i]!)) this.#put(left, rights[i]!, parents[i]!);
    }
  }

  #put(left: number, right: number, parent: number): void {
    this.ofOwners[left % this.ofOwners.length]!++;
    this.box.put(left, right, parent);
  }
}
