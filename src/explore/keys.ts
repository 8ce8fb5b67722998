import { randomFillSync } from 'node:crypto';

/** Fills an array with random bits. */
export type Random = (into: Uint32Array) => void;

/** Random numbers that are drawn at once, two words each. */
const drawn = 4096;

/**
 * Fingerprints of global states, 64 bits each: the exclusive or of one random number for every (slot, content).
 *
 * Two given states that differ have the same fingerprint with a chance of 2^-64, whatever the model: in a slot where they differ,
 * a number stands on one side that is uniformly random and independent of all others. That is why the numbers come from the
 * system's own source, anew for every check, and from no generator with a seed: of numbers that are linear in a few bits
 * (shift registers) whole families of states have the same fingerprint. Simple tabulation hashing; Zobrist's of chess.
 */
export class Keys {
  /** The fingerprint in hand. */
  low = 0;
  high = 0;
  /** By slot: two words for each content, made as contents come. */
  readonly #tables: Int32Array[];
  readonly #random: Random;
  readonly #pool = new Uint32Array(2 * drawn);
  #left = 0;

  /**
   * @param width slots in a vector
   * @param random where the numbers come from; tests give others
   * @throws Error where what it gives is not random at all
   */
  constructor(width: number, random: Random = randomFillSync) {
    this.#random = random;
    this.#draw();
    // a generator that fills 64 bits out of fewer has a rank of fewer; random numbers miss it once in 2^4032 times
    const rank = rankOf(this.#pool);
    if (rank < 64)
      throw new Error(`the source of random numbers gives ${rank} bits for 64: fingerprints would mean nothing`);
    this.#tables = Array.from({ length: width }, () => new Int32Array(0));
  }

  /** Takes the fingerprint of a state in hand. */
  of(vector: Uint32Array): void {
    this.low = 0;
    this.high = 0;
    for (let slot = 0; slot < vector.length; slot++) this.#flip(slot, vector[slot]!);
  }

  /** Makes of the fingerprint in hand that of a state which differs in this slot: in a step few slots do. */
  change(slot: number, from: number, to: number): void {
    this.#flip(slot, from);
    this.#flip(slot, to);
  }

  #flip(slot: number, content: number): void {
    let table = this.#tables[slot]!;
    if (2 * content >= table.length) table = this.#lengthen(slot, content);
    this.low ^= table[2 * content]!;
    this.high ^= table[2 * content + 1]!;
  }

  #lengthen(slot: number, content: number): Int32Array {
    const old = this.#tables[slot]!;
    const table = new Int32Array(Math.max(16, old.length * 2, 2 * (content + 1)));
    table.set(old);
    for (let i = old.length; i < table.length; i++) table[i] = this.#word();
    this.#tables[slot] = table;
    return table;
  }

  #word(): number {
    if (this.#left === 0) this.#draw();
    return this.#pool[--this.#left]!;
  }

  #draw(): void {
    this.#random(this.#pool);
    this.#left = this.#pool.length;
  }
}

/** How many of the numbers, two words each, are independent of each other as vectors of bits: of 64-bit ones at most 64. */
export function rankOf(words: Uint32Array): number {
  /** Independent numbers, by their highest bit. */
  const basis: bigint[] = [];
  let rank = 0;
  for (let i = 0; i < words.length && rank < 64; i += 2) {
    let rest = (BigInt(words[i]!) << 32n) | BigInt(words[i + 1]!);
    while (rest !== 0n) {
      const highest = rest.toString(2).length;
      const known = basis[highest];
      if (known === undefined) {
        basis[highest] = rest;
        rank++;
        break;
      }
      rest ^= known;
    }
  }
  return rank;
}
