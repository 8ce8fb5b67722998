import type { Half, HalfId } from './half.ts';
import type { Look } from './learned.ts';
import { allocateSigned } from './store.ts';

/** Above the size that is always worth its memory, a table may have so many cells for each answer. */
const cellsPerAnswer = 16;

/**
 * A function of both halves of a state, tabulated by what it looks at in each: a column of the left half and one of the right.
 *
 * The table has a cell for every pair of what the columns show, or, where that would be many more than there are answers, a
 * hash table of the pairs that have been met.
 */
export class Joint {
  /** The answers, by cell; 0 where there is none yet. */
  #table = new Int32Array(64);
  readonly #left: Half;
  readonly #right: Half;
  readonly #smallTable: number;
  /** The columns by which it is tabulated. */
  leftColumn: number;
  rightColumn: number;
  /** Cells in a row. */
  #width = 8;
  /** Of a hash table: the pair in each cell, what the left column shows plus 1, and the right one. */
  #pairs: Int32Array | null = null;
  #answers = 0;
  readonly #known = new Map<number, Set<unknown>>();
  readonly #leftLooks: Look[] = [];
  readonly #rightLooks: Look[] = [];

  /** @param smallTable cells that are always worth their memory */
  constructor(left: Half, right: Half, smallTable: number) {
    this.#smallTable = smallTable;
    this.#left = left;
    this.#right = right;
    this.leftColumn = left.column([]);
    this.rightColumn = right.column([]);
  }

  get bytes(): number {
    return this.#table.byteLength + (this.#pairs?.byteLength ?? 0);
  }

  /** Answers that have been worked out. */
  get answers(): number {
    return this.#answers;
  }

  /** The answer for these halves, or 0 where it has not been worked out. */
  answer(left: HalfId, right: HalfId): number {
    const cell = this.#cell(left, right); // which may replace the table
    return this.#table[cell]!;
  }

  #cell(left: HalfId, right: HalfId): number {
    const row = this.#left.shown(left, this.leftColumn);
    const column = this.#right.shown(right, this.rightColumn);
    if (this.#pairs !== null) return this.#find(this.#pairs, row, column);
    const cell = row * this.#width + column;
    return column < this.#width && cell < this.#table.length ? cell : this.#makeRoom(row, column);
  }

  /**
   * Keeps the answer for these halves, which has been worked out looking so.
   *
   * Where it looks at something that its columns do not show, all that is known is forgotten, for it might depend on that.
   */
  learn(left: HalfId, right: HalfId, looks: readonly Look[], answer: number): void {
    if (this.#extend(looks)) {
      this.leftColumn = this.#left.column([...this.#leftLooks]);
      this.rightColumn = this.#right.column([...this.#rightLooks]);
      this.#width = 8;
      this.#table = new Int32Array(64);
      this.#pairs = null;
      this.#answers = 0;
    }
    const cell = this.#cell(left, right);
    this.#table[cell] = answer;
    this.#answers++;
  }

  #extend(looks: readonly Look[]): boolean {
    let isNew = false;
    for (const look of looks) {
      const projections = this.#known.get(look.slot) ?? new Set();
      if (projections.has(look.projection)) continue;
      isNew = true;
      this.#known.set(look.slot, projections.add(look.projection));
      (this.#left.owns(look.slot) ? this.#leftLooks : this.#rightLooks).push(look);
    }
    return isNew;
  }

  #makeRoom(row: number, column: number): number {
    let width = this.#width;
    while (width <= column) width *= 2;
    const rows = 2 ** Math.ceil(Math.log2(Math.max(row + 1, this.#table.length / this.#width)));
    if (rows * width > Math.max(this.#smallTable, this.#answers * cellsPerAnswer)) {
      this.#scatter();
      return this.#find(this.#pairs!, row, column);
    }
    const table = allocateSigned(rows * width);
    for (let from = 0; from < this.#table.length; from += this.#width)
      table.set(this.#table.subarray(from, from + this.#width), (from / this.#width) * width);
    this.#table = table;
    this.#width = width;
    return row * width + column;
  }

  /** From a cell for every pair to a hash table. */
  #scatter(): void {
    const table = this.#table;
    const length = 2 ** Math.ceil(Math.log2(Math.max(this.#answers * 4, 1024)));
    this.#pairs = allocateSigned(length * 2);
    this.#table = allocateSigned(length);
    for (const [cell, answer] of table.entries()) {
      if (answer === 0) continue;
      const at = this.#find(this.#pairs, Math.floor(cell / this.#width), cell % this.#width);
      this.#table[at] = answer;
    }
  }

  #find(pairs: Int32Array, row: number, column: number): number {
    const mask = this.#table.length - 1;
    for (let at = mix(row, column) & mask; ; at = (at + 1) & mask) {
      if (pairs[2 * at] === row + 1 && pairs[2 * at + 1] === column) return at;
      if (pairs[2 * at] !== 0) continue;
      if (this.#answers * 2 > mask) return this.#find(this.#lengthen(pairs), row, column);
      pairs[2 * at] = row + 1;
      pairs[2 * at + 1] = column;
      return at;
    }
  }

  #lengthen(pairs: Int32Array): Int32Array {
    const table = this.#table;
    this.#pairs = allocateSigned(pairs.length * 2);
    this.#table = allocateSigned(table.length * 2);
    for (const [at, answer] of table.entries()) {
      if (answer === 0) continue;
      const to = this.#find(this.#pairs, pairs[2 * at]! - 1, pairs[2 * at + 1]!);
      this.#table[to] = answer;
    }
    return this.#pairs;
  }
}

function mix(row: number, column: number): number {
  const mixed = Math.imul(row, 0x9e37_79b1) ^ Math.imul(column, 0x85eb_ca77);
  return mixed ^ (mixed >>> 15);
}
