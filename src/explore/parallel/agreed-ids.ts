import type { StateStore } from '../store.ts';
import { Disagreement } from './agreement.ts';
import { type LogMemory, SharedLog } from './shared-log.ts';

/** Sees to it that a half has one number in all threads, each of which keeps them all. */
export class AgreedIds {
  readonly #log: SharedLog;
  readonly #width: number;
  readonly #ids: StateStore;
  readonly #onNew: (id: number) => void;
  #read = 0;

  constructor(memory: LogMemory, width: number, ids: StateStore, onNew: (id: number) => void) {
    this.#log = new SharedLog(memory);
    this.#width = width;
    this.#ids = ids;
    this.#onNew = onNew;
  }

  id(part: Uint32Array): number {
    const known = this.#ids.find(part);
    if (known !== null) return known;
    return this.#log.locked(() => {
      this.sync();
      const now = this.#ids.find(part);
      if (now !== null) return now;
      this.#log.append(part); // which may find no room
      this.#read += this.#width;
      return this.#add(part);
    });
  }

  /** Takes over the halves that other threads have met. */
  sync(): void {
    for (const { length } = this.#log; this.#read < length; this.#read += this.#width)
      this.#add(this.#log.read(this.#read, this.#read + this.#width));
  }

  #add(part: Uint32Array): number {
    const { size } = this.#ids;
    const id = this.#ids.add(part, null);
    if (id !== size) throw new Disagreement(`half ${size} is half ${id} in another thread`);
    this.#onNew(id);
    return id;
  }
}
