import type { Growth } from './verdict.ts';

/** What a search tells of itself, besides what it has found. */
export interface Course {
  /** By depth, how many states were found there first. */
  readonly levels: readonly number[];
  /** Slots by the number of their distinct contents, most first. */
  readonly grew: readonly Growth[];
  readonly keeping: Keeping;
  /** Where it went on in halves: after so many states, and so much time. */
  readonly divided?: { readonly states: number; readonly milliseconds: number };
}

/** How an engine keeps the states that it finds, and the bytes that they take. */
export type Keeping<Slot = number> = { readonly bytes: number } & (
  | { readonly as: 'vectors'; readonly undivided: Undivided }
  | ({ readonly as: 'halves' } & Halves<Slot>)
  | { readonly as: 'fingerprints' }
);

/** Why the state vector was taken whole; `does not pay`: there were too many different halves, or too much concerned both. */
export type Undivided = 'few states' | 'bound on the depth' | 'nothing to divide' | 'does not pay';

/** The two halves of a state vector. */
export interface Halves<Slot> {
  readonly left: readonly Slot[];
  readonly right: readonly Slot[];
  /** How many different ones there were of either. */
  readonly halves: readonly [left: number, right: number];
  /** Sources that look at both halves, or write into both, and the answers of them all that were worked out. */
  readonly joints: number;
  readonly answers: number;
  /** What keeps the pairs that were found: `bit matrix`, `hash table`. */
  readonly pairs: string;
}
