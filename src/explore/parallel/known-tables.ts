import { mix } from '../pair-store.ts';
import { type Segments, shared } from './segments.ts';

/** Who owns the pairs that have this left half. It is asked for every candidate, so it does not divide. */
export const ownerOf = (left: number, owners: number): number =>
  ((Math.imul(left, 0x9e37_79b1) >>> 16) * owners) >>> 16;

/**
 * The pairs of one owner that have a number, in shared memory, by open addressing with linear probing: of each the left half plus 1, and
 * the right one. While owners write, each of them reads but its own table, so that no word is ever read and written at once.
 */
export class KnownTable {
  readonly slots: Uint32Array;
  readonly mask: number;
  #free: number;

  constructor(table: SharedArrayBuffer) {
    this.slots = new Uint32Array(table);
    this.mask = this.slots.length / 2 - 1;
    this.#free = this.mask; // one at least stays empty, so that every search ends
  }

  /** Pairs that have been added through this view of it. */
  get size(): number {
    return this.mask - this.#free;
  }

  has(left: number, right: number): boolean {
    const { slots, mask } = this;
    for (let at = mix(left, right) & mask; ; at = (at + 1) & mask) {
      const found = slots[2 * at]!;
      if (found === 0) return false;
      if (found === left + 1 && slots[2 * at + 1] === right) return true;
    }
  }

  /** @returns whether it was not there */
  add(left: number, right: number): boolean {
    const { slots, mask } = this;
    for (let at = mix(left, right) & mask; ; at = (at + 1) & mask) {
      const found = slots[2 * at]!;
      if (found === left + 1 && slots[2 * at + 1] === right) return false;
      if (found !== 0) continue;
      if (this.#free-- <= 0) throw new Error('a table of pairs is full');
      slots[2 * at] = left + 1;
      slots[2 * at + 1] = right;
      return true;
    }
  }

  /** Fills a table that is empty with an owner's share of the states that have a number. */
  fill(states: Segments, size: number, owner: number, owners: number): void {
    for (let id = 0; id < size; id++) {
      const left = states.left(id);
      if (ownerOf(left, owners) === owner && !this.add(left, states.right(id)))
        throw new Error(`state ${id} is there twice`);
    }
  }
}

/** For each owner its table where that is new, and empty. */
export type TableChange = readonly (SharedArrayBuffer | null)[];

/** Makes the tables of all owners, and makes them anew where there must be more room. For the thread that leads. */
export class TableMaker {
  #tables: readonly SharedArrayBuffer[] = [];

  get bytes(): number {
    return this.#tables.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * Makes room, before pairs are added.
   *
   * @param owned for each owner, how many pairs it may have then
   * @returns what is new
   */
  makeRoom(owned: readonly number[]): TableChange {
    const before = this.#tables;
    const change = owned.map((pairs, owner) =>
      pairs * 16 < (before[owner]?.byteLength ?? 0)
        ? null
        : shared(8 * 2 ** Math.max(10, Math.ceil(Math.log2(Math.max(pairs, 1) * 3)))),
    );
    this.#tables = change.map((table, owner) => table ?? before[owner]!);
    return change;
  }
}
