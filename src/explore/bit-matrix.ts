import type { HalfId } from './half.ts';
import type { Batch } from './pair-store.ts';
import { allocateSigned } from './store.ts';

/** A bit for each pair of halves: 1 where it has been set. */
export class BitMatrix {
  words: Int32Array<ArrayBuffer> = new Int32Array(1 << 10);
  rowWords = 8;
  /** So that touching is not found to be of no use. */
  touched = 0;
  #rows = 128;

  get bytes(): number {
    return this.words.byteLength;
  }

  /** Bytes that it would take for so many halves. */
  bytesFor(lefts: number, rights: number): number {
    return this.#rowsFor(lefts) * this.#wordsFor(rights) * 4;
  }

  grow(lefts: number, rights: number): void {
    const [rows, rowWords] = [this.#rowsFor(lefts), this.#wordsFor(rights)];
    if (rows === this.#rows && rowWords === this.rowWords) return;
    const old = this.words;
    const words = allocateSigned(rows * rowWords);
    for (let row = 0; row < this.#rows; row++)
      words.set(old.subarray(row * this.rowWords, (row + 1) * this.rowWords), row * rowWords);
    this.release();
    this.words = words;
    this.rowWords = rowWords;
    this.#rows = rows;
  }

  /**
   * Sets the bits of the first `count` pairs of a batch, and moves those to the front whose bits were not set, in their order.
   *
   * The batch is gone through twice: first every word that is going to be looked at is touched, so that the memory delivers
   * many of them at once.
   *
   * @returns how many they are
   */
  setAll({ lefts, rights, parents, places }: Batch, count: number): number {
    const { words, rowWords } = this;
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const place = lefts[i]! * rowWords + (rights[i]! >>> 5);
      places[i] = place;
      touched ^= words[place]!;
    }
    this.touched = touched;
    let fresh = 0;
    for (let i = 0; i < count; i++) {
      const place = places[i]!;
      const bit = 1 << (rights[i]! & 31);
      const word = words[place]!;
      if ((word & bit) !== 0) continue;
      words[place] = word | bit;
      lefts[fresh] = lefts[i]!;
      rights[fresh] = rights[i]!;
      parents[fresh++] = parents[i]!;
    }
    return fresh;
  }

  set(left: HalfId, right: HalfId): void {
    this.words[left * this.rowWords + (right >>> 5)]! |= 1 << (right & 31);
  }

  release(): void {
    free(this.words);
  }

  /** What lies behind the last row that is used takes no memory before it is written. */
  #rowsFor(lefts: number): number {
    return roomFor(lefts, this.#rows, 2);
  }

  #wordsFor(rights: number): number {
    return roomFor((rights + 31) >>> 5, this.rowWords, 3);
  }
}

/** Enough for what is needed: what there is, or half as much again and so on; where it is much, so much less by this shift. */
function roomFor(needed: number, room: number, shift: number): number {
  let enough = room;
  while (enough < needed) enough += (enough >>> (enough < 1024 ? 1 : shift)) + 1;
  return enough;
}

/** Gives memory back at once, and does not leave it to the collector, which knows little of arrays like these. */
export function free({ buffer }: Int32Array<ArrayBuffer>): void {
  buffer.transfer(0);
}
