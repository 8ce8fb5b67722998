/**
 * One row of a ledger decided: two named variants of one model between which the verdict of one property changes.
 *
 * Plain data. That the verdicts are as said here is checked by running the model: an invariant is `violated` in `unsafe`, and
 * in `safe` it holds and is not vacuous; a witness is reached in one of the two and `unreached` in the other.
 */
export interface Decision {
  /** The row: `S003-09`, `KB-07`, `H-12`. A row may be decided more than once. */
  readonly row: string;
  /** The model's name. */
  readonly model: string;
  /** The property's name, or `deadlock` or `unhandled`. */
  readonly property: string;
  /**
   * The variant in which what the row warns of happens. Of a bug: the one that has it. Of a hazard: the one in which the run is
   * found, P6 or a later preset; where the hazard is `refuted`, a variant that would have it.
   */
  readonly unsafe: string;
  /** The variant in which it does not. Of a bug: the one that is fixed. Of a hazard that is `refuted`: P6. */
  readonly safe: string;
  /** Of a hazard: whether P6 has it. Without it, `found`. */
  readonly hazard?: 'found' | 'refuted';
  /** One or two sentences for the reader; where the verdict is not the one that the ledger expects: who is right, and why. */
  readonly note?: string;
  /** The verdict is not the one that the ledger expects. Then there is a note. */
  readonly differs?: true;
}
