/**
 * Gives equal things the same small number, counting from 0, and gives the thing back for the number.
 *
 * Equality is equality of the code that the caller computes: the interner is as injective as that is.
 */
export class Interner<T> {
  /** Asked before something is put in, where other threads are to give it the same number. */
  agree: Agree | undefined;
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];

  /** How many different things it has met. */
  get size(): number {
    return this.#values.length;
  }

  /**
   * The number of the thing with this code; `make` is called, with the number, when it is met for the first time.
   *
   * @param from what another thread needs to know to make it too
   */
  id(code: string, make: (id: number) => T, from?: unknown): number {
    const known = this.#ids.get(code);
    if (known !== undefined) return known;
    if (this.agree === undefined) return this.#insert(code, make);
    return this.agree(
      () => this.#ids.get(code),
      () => this.#insert(code, make),
      code,
      from,
    );
  }

  #insert(code: string, make: (id: number) => T): number {
    const id = this.#values.length;
    this.#values.push(make(id));
    this.#ids.set(code, id);
    return id;
  }

  value(id: number): T {
    return this.#values[id]!;
  }
}

/** What is to be done with something that is not known: others may have met it (look again), or it is put in. */
export type Agree = (look: () => number | undefined, insert: () => number, code: string, from: unknown) => number;
