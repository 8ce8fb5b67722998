import { mix } from '../pair-store.ts';
import { type Segments, shared } from './segments.ts';

/**
 * Which pairs have been found, in shared memory. Every pair has an owner, by its left half, who alone writes; and while one
 * writes, each reads but what is its own, so that no word is ever read and written at once.
 */
export type KnownMemory =
  | { readonly kind: 'matrix'; readonly words: SharedArrayBuffer; readonly rows: number; readonly rowWords: number }
  /** One for each owner: of each pair the left half plus 1, and the right one. */
  | { readonly kind: 'tables'; readonly tables: readonly SharedArrayBuffer[] };

/** Who owns the pairs that have this left half. It is asked for every candidate, so it does not divide. */
export const ownerOf = (left: number, owners: number): number =>
  ((Math.imul(left, 0x9e37_79b1) >>> 16) * owners) >>> 16;

/** A bit for each pair, and a last word that is always 0: there is looked for what has no bit. */
export class KnownMatrix {
  readonly words: Int32Array;
  readonly rows: number;
  readonly rowWords: number;

  constructor({ words, rows, rowWords }: KnownMemory & { readonly kind: 'matrix' }) {
    this.words = new Int32Array(words);
    this.rows = rows;
    this.rowWords = rowWords;
  }

  /** @returns whether it was not there */
  add(left: number, right: number): boolean {
    const word = right >>> 5;
    if (left >= this.rows || word >= this.rowWords) throw new Error('a pair beyond the matrix');
    const at = left * this.rowWords + word;
    const bit = 1 << (right & 31);
    const before = this.words[at]!;
    if ((before & bit) !== 0) return false;
    this.words[at] = before | bit;
    return true;
  }
}

/** Pairs by open addressing with linear probing, of one owner. */
export class KnownTable {
  readonly slots: Uint32Array;
  readonly mask: number;
  #free: number;

  constructor(table: SharedArrayBuffer) {
    this.slots = new Uint32Array(table);
    this.mask = this.slots.length / 2 - 1;
    this.#free = this.mask; // one at least stays empty, so that every search ends
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

export type Known = KnownMatrix | readonly KnownTable[];

/** Only what has changed: a matrix, or the tables that are new. */
export type KnownChange =
  | (KnownMemory & { readonly kind: 'matrix' })
  | { readonly kind: 'tables'; readonly tables: readonly (SharedArrayBuffer | null)[] };

export const knownAfter = (change: KnownChange, known: Known | null): Known =>
  change.kind === 'matrix'
    ? new KnownMatrix(change)
    : change.tables.map((table, owner) =>
        table === null ? (known as readonly KnownTable[])[owner]! : new KnownTable(table),
      );

/** Above the size that is always worth its memory, a matrix of bits may have so many bytes for each state. */
const matrixBytesPerState = 8;
const mostWords = 2 ** 30;

/** Makes what keeps the pairs, and makes it anew where there must be more room. For the thread that leads. */
export class KnownMaker {
  memory: KnownMemory;
  readonly #smallMatrix: number;

  /** @param smallMatrix bytes of a matrix of bits that are always worth it */
  constructor(smallMatrix: number) {
    this.#smallMatrix = smallMatrix;
    this.memory = { kind: 'matrix', words: shared(4), rows: 0, rowWords: 0 };
  }

  get bytes(): number {
    const { memory } = this;
    return memory.kind === 'matrix'
      ? memory.words.byteLength
      : memory.tables.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * Makes room, before pairs are added.
   *
   * @param lefts halves that there are
   * @param owned for each owner, how many pairs it may have then
   * @returns what has changed, if anything has; tables that are new are empty
   */
  makeRoom(lefts: number, rights: number, states: number, owned: readonly number[]): KnownChange | null {
    if (this.memory.kind === 'matrix') {
      const rows = roomFor(lefts, this.memory.rows);
      const rowWords = roomFor((rights + 31) >>> 5, this.memory.rowWords);
      const words = rows * rowWords + 1;
      if (words < mostWords && words * 4 <= Math.max(this.#smallMatrix, states * matrixBytesPerState)) {
        return this.#grow(rows, rowWords);
      }
      this.memory = { kind: 'tables', tables: owned.map(() => shared(0)) };
    }
    const before = this.memory.tables;
    const tables = owned.map((pairs, owner) =>
      pairs * 16 < before[owner]!.byteLength
        ? null
        : shared(8 * 2 ** Math.max(10, Math.ceil(Math.log2(Math.max(pairs, 1) * 3)))),
    );
    if (tables.every((table) => table === null)) return null;
    this.memory = { kind: 'tables', tables: tables.map((table, owner) => table ?? before[owner]!) };
    return { kind: 'tables', tables };
  }

  /** Fills what is new with the states that have a number: before others use it. */
  fill(states: Segments, size: number): void {
    const { memory } = this;
    if (memory.kind === 'matrix') {
      const matrix = new KnownMatrix(memory);
      for (let id = 0; id < size; id++) matrix.add(states.left(id), states.right(id));
      return;
    }
    for (const [owner, table] of memory.tables.entries())
      new KnownTable(table).fill(states, size, owner, memory.tables.length);
  }

  #grow(rows: number, rowWords: number): KnownChange | null {
    const old = this.memory as KnownMemory & { readonly kind: 'matrix' };
    if (rows === old.rows && rowWords === old.rowWords) return null;
    const words = shared((rows * rowWords + 1) * 4);
    const [from, into] = [new Int32Array(old.words), new Int32Array(words)];
    for (let row = 0; row < old.rows; row++)
      into.set(from.subarray(row * old.rowWords, (row + 1) * old.rowWords), row * rowWords);
    this.memory = { kind: 'matrix', words, rows, rowWords };
    return this.memory;
  }
}

/** Enough for what is needed: what there is, or half as much again and so on. */
function roomFor(needed: number, room: number): number {
  let enough = room;
  while (enough < needed) enough += (enough >>> 1) + 8;
  return enough;
}
