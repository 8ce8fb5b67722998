import { noParent, type StateId, StoreFull } from '../store.ts';

const segmentBits = 18;
const segmentSize = 1 << segmentBits;
const segmentMask = segmentSize - 1;

/** The halves and the parent of every state, in shared segments: written where states are numbered, read by all. */
export class Segments {
  readonly buffers: SharedArrayBuffer[] = [];
  readonly #lefts: Uint32Array[] = [];
  readonly #rights: Uint32Array[] = [];
  readonly #parents: Uint32Array[] = [];

  get bytes(): number {
    return this.buffers.length * segmentSize * 12;
  }

  /**
   * Makes room for so many states.
   *
   * @returns the segments that are new
   * @throws StoreFull where there is no memory
   */
  makeRoom(states: number): SharedArrayBuffer[] {
    const made: SharedArrayBuffer[] = [];
    while (this.buffers.length * segmentSize < states) {
      const buffer = shared(segmentSize * 12);
      this.adopt([buffer]);
      made.push(buffer);
    }
    return made;
  }

  /** Takes over the segments that another thread has made. */
  adopt(buffers: readonly SharedArrayBuffer[]): void {
    for (const buffer of buffers) {
      this.buffers.push(buffer);
      this.#lefts.push(new Uint32Array(buffer, 0, segmentSize));
      this.#rights.push(new Uint32Array(buffer, segmentSize * 4, segmentSize));
      this.#parents.push(new Uint32Array(buffer, segmentSize * 8, segmentSize));
    }
  }

  left(id: StateId): number {
    return this.#lefts[id >>> segmentBits]![id & segmentMask]!;
  }

  right(id: StateId): number {
    return this.#rights[id >>> segmentBits]![id & segmentMask]!;
  }

  parent(id: StateId): StateId | null {
    const parent = this.#parents[id >>> segmentBits]![id & segmentMask]!;
    return parent === noParent ? null : parent;
  }

  path(id: StateId): StateId[] {
    const path = [id];
    for (let at = this.parent(id); at !== null; at = this.parent(at)) path.push(at);
    return path.reverse();
  }

  set(id: StateId, left: number, right: number, parent: number): void {
    const segment = id >>> segmentBits;
    const at = id & segmentMask;
    const lefts = this.#lefts[segment];
    // typed arrays drop what is written past their end without a word, and a segment that is not there has none
    if (lefts === undefined) throw new Error(`no segment for state ${id}`);
    lefts[at] = left;
    this.#rights[segment]![at] = right;
    this.#parents[segment]![at] = parent;
  }
}

export function shared(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes);
  } catch (error) {
    throw new StoreFull(`no memory for ${bytes} bytes`, { cause: error });
  }
}
