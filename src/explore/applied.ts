import type { HalfId } from './half.ts';
import { allocate, allocateSigned, grown } from './store.ts';

/** Effects that a row always has room for. */
const smallRow = 64;
/** Cells of all rows up to which they may have room for more. */
const cellsForMore = 2 ** 22;

/**
 * Remembers what effects have made of halves: (half, effect) → half. No effect is 0.
 *
 * It has a row for every half, as long as there are few effects; of many, most concern few halves, and it is a hash table.
 */
export class Applied {
  /** Row by row, 1 + the half; 0 where that is not known. */
  #rows = new Int32Array(1 << 12);
  #room = 8;
  #scattered: Scattered | null = null;
  readonly #mostCells: number;

  /** @param mostCells of all rows, where they have room for more than a few effects */
  constructor(mostCells = cellsForMore) {
    this.#mostCells = mostCells;
  }

  get bytes(): number {
    return this.#rows.byteLength + (this.#scattered?.bytes ?? 0);
  }

  /** The half, or -1. */
  get(half: HalfId, effect: number): HalfId | -1 {
    if (this.#scattered !== null) return this.#scattered.get(half, effect);
    const at = half * this.#room + effect;
    return effect < this.#room && at < this.#rows.length ? this.#rows[at]! - 1 : -1;
  }

  set(half: HalfId, effect: number, next: HalfId): void {
    if (this.#scattered === null && effect >= this.#room) this.#widen(effect);
    if (this.#scattered === null && (half + 1) * this.#room > this.#rows.length) this.#lengthen(half);
    if (this.#scattered === null) this.#rows[half * this.#room + effect] = next + 1;
    else this.#scattered.set(half, effect, next);
  }

  #lengthen(half: HalfId): void {
    const length = Math.max((half + 1) * this.#room, this.#rows.length * 2);
    if (this.#isTooLarge(this.#room, length)) this.#scatter();
    else this.#rows = grown(this.#rows, length);
  }

  #widen(effect: number): void {
    const [before, from] = [this.#room, this.#rows];
    let room = before;
    while (room <= effect) room *= 2;
    const length = (from.length / before) * room;
    if (this.#isTooLarge(room, length)) {
      this.#scatter();
      return;
    }
    this.#rows = allocateSigned(length);
    for (let half = 0; half * before < from.length; half++)
      this.#rows.set(from.subarray(half * before, (half + 1) * before), half * room);
    this.#room = room;
  }

  #isTooLarge(room: number, length: number): boolean {
    return room > smallRow && length > this.#mostCells;
  }

  /** From rows to a hash table. */
  #scatter(): void {
    this.#scattered = new Scattered(1 << 12);
    for (let at = 0; at < this.#rows.length; at++) {
      const next = this.#rows[at]!;
      if (next !== 0) this.#scattered.set(Math.floor(at / this.#room), at % this.#room, next - 1);
    }
    this.#rows = new Int32Array(0);
  }
}

/** The same by open addressing. */
class Scattered {
  #slots: Uint32Array;
  #size = 0;

  constructor(room: number) {
    this.#slots = allocate(room * 4);
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  get(half: HalfId, effect: number): HalfId | -1 {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let at = start(half, effect) & mask; ; at = (at + 4) & mask) {
      if (slots[at] === half && slots[at + 1] === effect) return slots[at + 2]!;
      if (slots[at + 1] === 0) return -1;
    }
  }

  set(half: HalfId, effect: number, next: HalfId): void {
    if (this.#size * 8 >= this.#slots.length) this.#grow();
    this.#size++;
    this.#insert(half, effect, next);
  }

  #insert(half: HalfId, effect: number, next: HalfId): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = start(half, effect) & mask;
    while (slots[at + 1] !== 0) at = (at + 4) & mask;
    slots[at] = half;
    slots[at + 1] = effect;
    slots[at + 2] = next;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = allocate(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      if (old[at + 1] !== 0) this.#insert(old[at]!, old[at + 1]!, old[at + 2]!);
    }
  }
}

/** Where the search for (half, effect) begins: a multiple of 4. */
function start(half: number, effect: number): number {
  const mixed = Math.imul(half, 0x9e37_79b1) ^ Math.imul(effect, 0x85eb_ca77);
  return ((mixed ^ (mixed >>> 15)) & 0x1fff_ffff) << 2;
}
