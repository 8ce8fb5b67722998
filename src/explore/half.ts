import { Applied } from './applied.ts';
import { Interner } from './interner.ts';
import type { Look } from './learned.ts';
import { AgreedIds } from './parallel/agreed-ids.ts';
import type { LogMemory } from './parallel/shared-log.ts';
import { writeInto } from './steps.ts';
import { allocateSigned, grown, StateStore } from './store.ts';
import type { Numbered } from './system.ts';

/** The number of what one half of the state vector holds. */
export type HalfId = number;

/**
 * One of the two halves into which the slots of a system are divided.
 *
 * What a half holds is interned exactly, so that a global state is a pair of small numbers, and what can be said of a half
 * alone is worked out once for all states that have it: what its own actors do, what a step writes into it, and, in
 * *columns*, what of it others look at.
 */
export class Half {
  /** The slots that it has, in order. */
  readonly slots: readonly number[];
  /**
   * Where the program of a half begins in the code, by its number; 0 where it has not been written. A program is what the half's
   * actors can do: see `programs.ts`.
   */
  programs = new Int32Array(1024);
  /** Row by row, `columnRoom` to a row: 1 + what a half shows to a column, or 0 where that has not been worked out. */
  columns = new Int32Array(1024 * 8);
  columnRoom = 8;
  readonly #system: Numbered;
  readonly #owns: readonly boolean[];
  readonly #ids: StateStore;
  /** Where other threads give halves the same numbers. */
  #agreed: AgreedIds | undefined;
  /** A vector as wide as the system's, of which only this half's slots count. */
  readonly #vector: Uint32Array;
  readonly #part: Uint32Array;
  readonly #effects = new Interner<readonly number[]>();
  readonly #effectOf = new Map<readonly number[], number>();
  readonly #applied = new Applied();
  readonly #columns = new Interner<Column>();
  readonly #lookNumbers = new Map<object | null, number>();

  constructor(system: Numbered, slots: readonly number[]) {
    this.#system = system;
    this.slots = slots;
    const owned = new Set(slots);
    this.#owns = Array.from({ length: system.width }, (_, slot) => owned.has(slot));
    this.#ids = new StateStore(slots.length);
    this.#vector = new Uint32Array(system.width);
    this.#part = new Uint32Array(slots.length);
    this.#effects.id('', () => []); // effect 0 writes nothing
  }

  /** How many different halves there are. */
  get size(): number {
    return this.#ids.size;
  }

  get bytes(): number {
    return this.#ids.bytes + this.programs.byteLength + this.columns.byteLength + this.#applied.bytes;
  }

  owns(slot: number): boolean {
    return this.#owns[slot]!;
  }

  /** The number of the half of a global state. */
  id(vector: Uint32Array): HalfId {
    const { slots } = this;
    const part = this.#part;
    for (let i = 0; i < slots.length; i++) part[i] = vector[slots[i]!]!;
    if (this.#agreed !== undefined) return this.#agreed.id(part);
    const known = this.#ids.size;
    const id = this.#ids.add(part, null);
    if (id === known) this.#makeRoom(id);
    return id;
  }

  /** From now on other threads give halves the same numbers. None has been met. */
  share(memory: LogMemory): void {
    this.#agreed = new AgreedIds(memory, this.slots.length, this.#ids, (id) => this.#makeRoom(id));
  }

  /** Takes over the halves that other threads have met. */
  sync(): void {
    this.#agreed?.sync();
  }

  /** Copies what a half holds into the vector of a global state. */
  load(id: HalfId, into: Uint32Array): void {
    this.#ids.load(id, this.#part);
    for (let i = 0; i < this.slots.length; i++) into[this.slots[i]!] = this.#part[i]!;
  }

  /** The number of what a step writes into this half; 0 where that is nothing. */
  effect(writes: readonly number[]): number {
    const known = this.#effectOf.get(writes);
    if (known !== undefined) return known;
    const own: number[] = [];
    for (let i = 0; i < writes.length; i += 2) if (this.owns(writes[i]!)) own.push(writes[i]!, writes[i + 1]!);
    const effect = this.#effects.id(own.join(), () => own);
    this.#effectOf.set(writes, effect);
    return effect;
  }

  /** The half that an effect makes of a half. */
  after(id: HalfId, effect: number): HalfId {
    if (effect === 0) return id;
    const known = this.#applied.get(id, effect);
    return known === -1 ? this.#apply(id, effect) : known;
  }

  #apply(id: HalfId, effect: number): HalfId {
    this.load(id, this.#vector);
    writeInto(this.#system, this.#effects.value(effect), this.#vector);
    const next = this.id(this.#vector);
    this.#applied.set(id, effect, next);
    return next;
  }

  /** The number of the column that shows these looks, all of slots of this half. */
  column(looks: readonly Look[]): number {
    const code = looks.map((look) => `${look.slot}.${this.#numberOf(look)}`).sort();
    const column = this.#columns.id(code.join(' '), () => ({ looks, shown: new Interner<null>() }));
    if (this.#columns.size > this.columnRoom) this.#widen();
    return column;
  }

  looksOf(column: number): readonly Look[] {
    return this.#columns.value(column).looks;
  }

  /** What a half shows to a column. */
  shown(id: HalfId, column: number): number {
    const known = this.columns[id * this.columnRoom + column]!;
    return known === 0 ? this.show(id, column) : known - 1;
  }

  /** Works out what a half shows to a column: a number, the same for two halves exactly where all looks are the same. */
  show(id: HalfId, column: number): number {
    const { looks, shown } = this.#columns.value(column);
    this.load(id, this.#vector);
    const seen = looks.map(({ slot, projection }) => {
      const content = this.#vector[slot]!;
      return projection === null ? content : projection.of(content);
    });
    const value = shown.id(seen.join(), () => null);
    this.columns[id * this.columnRoom + column] = value + 1;
    return value;
  }

  #numberOf({ projection }: Look): number {
    const known = this.#lookNumbers.get(projection) ?? this.#lookNumbers.size;
    this.#lookNumbers.set(projection, known);
    return known;
  }

  #makeRoom(id: HalfId): void {
    if (id < this.programs.length) return;
    this.programs = grown(this.programs, this.programs.length * 2);
    this.columns = grown(this.columns, this.programs.length * this.columnRoom);
  }

  #widen(): void {
    const [from, room] = [this.columns, this.columnRoom];
    this.columnRoom = room * 2;
    this.columns = allocateSigned(this.programs.length * this.columnRoom);
    for (let id = 0; id < this.size; id++)
      this.columns.set(from.subarray(id * room, (id + 1) * room), id * this.columnRoom);
  }
}

interface Column {
  readonly looks: readonly Look[];
  readonly shown: Interner<null>;
}
