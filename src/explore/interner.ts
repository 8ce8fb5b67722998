/**
 * Gives equal things the same small number, counting from 0, and gives the thing back for the number.
 *
 * Equality is equality of the code that the caller computes: the interner is as injective as that is.
 */
export class Interner<T> {
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];

  /** How many different things it has met. */
  get size(): number {
    return this.#values.length;
  }

  /** The number of the thing with this code; `make` is called, with the number, when it is met for the first time. */
  id(code: string, make: (id: number) => T): number {
    const known = this.#ids.get(code);
    if (known !== undefined) return known;
    const id = this.#values.length;
    this.#values.push(make(id));
    this.#ids.set(code, id);
    return id;
  }

  value(id: number): T {
    return this.#values[id]!;
  }
}
