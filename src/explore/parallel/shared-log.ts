import { StoreFull } from '../store.ts';

/** The memory of a {@link SharedLog}, to be handed to other threads. */
export interface LogMemory {
  readonly header: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
}

/** Address space that is set aside for a log. Memory is taken as it grows. */
const mostBytes = 2 ** 31;

/** @throws StoreFull where there is no address space for it */
export function logMemory(): LogMemory {
  try {
    return {
      header: new SharedArrayBuffer(8),
      data: new SharedArrayBuffer(1 << 16, { maxByteLength: mostBytes }),
    };
  } catch (error) {
    throw new StoreFull(`no address space for a log of ${mostBytes} bytes`, { cause: error });
  }
}

/**
 * Numbers that several threads write down one after the other, and read in one order: from this each makes the same tables.
 *
 * What has been published is never changed, so that reading takes no lock.
 */
export class SharedLog {
  /** Whether somebody writes; how many numbers are published. */
  readonly #header: Int32Array;
  readonly #data: SharedArrayBuffer;
  /** As long as the data, also when they grow. */
  readonly #words: Uint32Array;

  constructor({ header, data }: LogMemory) {
    this.#header = new Int32Array(header);
    this.#data = data;
    this.#words = new Uint32Array(data);
  }

  get length(): number {
    return Atomics.load(this.#header, 1);
  }

  get bytes(): number {
    return this.#data.byteLength;
  }

  read(from: number, to: number): Uint32Array {
    return this.#words.subarray(from, to);
  }

  at(index: number): number {
    return this.#words[index]!;
  }

  /** Does something that no other thread does at the same time. */
  locked<T>(work: () => T): T {
    while (Atomics.compareExchange(this.#header, 0, 0, 1) !== 0) Atomics.wait(this.#header, 0, 1, 1);
    try {
      return work();
    } finally {
      Atomics.store(this.#header, 0, 0);
      Atomics.notify(this.#header, 0, 1);
    }
  }

  /**
   * To be called within {@link SharedLog.locked} alone.
   *
   * @throws StoreFull where there is no room
   */
  append(words: ArrayLike<number>): void {
    const { length } = this;
    const bytes = (length + words.length) * 4;
    if (bytes > this.#data.byteLength) {
      const room = Math.min(mostBytes, Math.max(bytes, this.#data.byteLength * 2));
      if (bytes > room) throw new StoreFull(`no more than ${mostBytes} bytes are shared in one log`);
      try {
        this.#data.grow(room);
      } catch (error) {
        throw new StoreFull(`no memory for ${room} bytes`, { cause: error });
      }
    }
    this.#words.set(words, length);
    Atomics.store(this.#header, 1, length + words.length);
  }
}

/** A log of texts. */
export class SharedTexts {
  readonly #log: SharedLog;
  #read = 0;

  constructor(memory: LogMemory) {
    this.#log = new SharedLog(memory);
  }

  /** How far it is written: for {@link SharedTexts.next}. */
  get end(): number {
    return this.#log.length;
  }

  /** The next text that this thread has not read; none where it has read to `end`. */
  next(end: number): string | undefined {
    if (this.#read >= end) return undefined;
    const length = this.#log.at(this.#read);
    const from = this.#read + 1;
    this.#read = from + Math.ceil(length / 4);
    const words = this.#log.read(from, this.#read);
    return Buffer.from(words.buffer, words.byteOffset, length).toString('utf8');
  }

  locked<T>(work: () => T): T {
    return this.#log.locked(work);
  }

  /** Writes a text that this thread need not read. It must have read all others, and hold the lock. */
  append(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    const words = new Uint32Array(1 + Math.ceil(bytes.length / 4));
    words[0] = bytes.length;
    new Uint8Array(words.buffer, 4).set(bytes);
    this.#log.append(words);
    this.#read += words.length;
  }
}
