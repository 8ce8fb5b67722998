import { type Located, SpecError } from './spec-error.ts';

/**
 * What it takes to go on with a search that was put aside: facts, which are few, and lists that only ever grow, so that
 * whoever keeps them writes what is new and nothing twice.
 *
 * Nothing in it is a snapshot of XState's, a visited set or something that was learned: the first are asked of XState once
 * more, the others are built and learned again.
 */
export interface Kept {
  /** What the search was of, by name: it can be gone on with where all of this is the same. */
  readonly identity: Identity;
  /** An encoding, see `encode.ts`. */
  readonly facts: string;
  readonly rows: readonly Rows[];
  readonly texts: readonly Texts[];
}

export type Identity = Readonly<Record<string, string>>;

/** Rows of so many numbers each. */
export interface Rows {
  readonly name: string;
  readonly width: number;
  readonly size: number;
  /** Writes the rows from one up to another into an array that has room for them. */
  copy(from: number, to: number, into: Uint32Array): void;
}

export interface Texts {
  readonly name: string;
  readonly size: number;
  text(i: number): string;
}

/** The same, read back. */
export interface Saved {
  /** For the reader: where it lies. */
  readonly where: string;
  readonly facts: string;
  /** @throws Refused where it is of something else */
  agree(identity: Identity): void;
  /** All rows in order, many at a time. None where there is no list of this name. */
  rows(name: string): Iterable<Uint32Array>;
  texts(name: string): Iterable<string>;
}

/** Between two parts of a search: here it can be kept, and left. */
export interface Moment {
  /** The search has found all, or a limit has stopped it. */
  readonly isLast: boolean;
  keep(): Kept;
}

/** A checkpoint that cannot be gone on with: told as a mistake in a specification is. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(headline: string, located: Located) {
    super(new SpecError(headline, located).message);
  }
}

export const noRoom = (where: string, states: number): Refused =>
  new Refused('no memory for a checkpoint', {
    code: 'E-CHECKPOINT-MEMORY',
    where,
    why: `it has ${states} states, and there is not enough memory for them`,
    instead: 'a machine with more, or an end to what else runs on this one',
  });

/** Where what was kept says one thing and the specification another, though all that can be compared is the same. */
export const unlike = (where: string, why: string): Refused =>
  new Refused('the checkpoint does not fit what it is said to be of', {
    code: 'E-CHECKPOINT-MISFIT',
    where,
    why,
    instead: '--checkpoint with another folder, to begin anew; and please report it, with the model',
  });
