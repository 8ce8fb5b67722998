/**
 * A ledger is data: what people have claimed of a protocol, which bugs it had, which hazards its source shows. This file
 * says what a row looks like, and what it takes to have decided one.
 */

/** Something that was said of the protocol, in our words. */
export interface Claim {
  readonly id: string;
  readonly who: string;
  readonly claim: string;
  /** What the ledger expects a search to find. */
  readonly expects: string;
  /** Why no search can decide it. */
  readonly undecidable?: string;
  /** What a row that no model decides yet is waiting for: a part of the system that is not modelled, or a kind of property. */
  readonly awaits?: string;
}

/** A bug that was found and fixed. */
export interface Bug {
  readonly id: string;
  readonly title: string;
  /** The fix, said as a rule. */
  readonly rule: string;
  /** Invariants and liveness properties that it breaks, by number. */
  readonly breaks: readonly string[];
  readonly awaits?: string;
}

/** Something that the source seems to allow, though nobody has reported it. */
export interface Hazard {
  readonly id: string;
  readonly title: string;
  /** The rule that would rule it out. */
  readonly rule: string;
  readonly breaks: readonly string[];
  readonly awaits?: string;
}

/** A design that was discussed and not taken, or not in this form. */
export interface Alternative {
  readonly id: string;
  readonly title: string;
  /** What was proposed. */
  readonly proposed: string;
  /** Why it was not taken, and what there is in its place. */
  readonly instead: string;
  /** Why no search has anything to say of it. */
  readonly undecidable?: string;
}

/**
 * One row decided: two named variants of one model between which the verdict of one property changes.
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
   * found, P6 or what stands for it; where the hazard is `refuted`, a variant that would have it.
   */
  readonly unsafe: string;
  /** The variant in which it does not. Of a bug: the one that is fixed. Of a hazard that is `refuted`: P6. */
  readonly safe: string;
  /** Of a hazard: whether P6 has it. Without it, `found`. */
  readonly hazard?: 'found' | 'refuted';
  /** Of an alternative: which of the two variants it is. */
  readonly alternative?: 'unsafe' | 'safe';
  /** One or two sentences for the reader; where the verdict is not the one that the ledger expects: who is right, and why. */
  readonly note?: string;
  /** The verdict is not the one that the ledger expects. Then there is a note. */
  readonly differs?: true;
}

/**
 * A variant of an alternative in which a property holds: it does no harm there.
 *
 * Plain data, checked as a {@link Decision} is: an invariant holds and is not vacuous, a witness is reached.
 */
export interface Trial {
  readonly row: string;
  readonly model: string;
  readonly property: string;
  readonly variant: string;
  readonly note?: string;
}

/** All that is known before anything is run. */
export interface Ledgers {
  /** Where the claims were made, by the prefix of their rows. */
  readonly mails: Readonly<Record<string, string>>;
  readonly claims: readonly Claim[];
  readonly bugs: readonly Bug[];
  readonly hazards: readonly Hazard[];
  readonly alternatives: readonly Alternative[];
  readonly decisions: readonly Decision[];
  readonly trials: readonly Trial[];
}

/** Mutants that no property catches, and why that is as it should be, or what is missing. */
export interface Survivor {
  /** The mutants, by the names that `npm run mutate` gives them. */
  readonly mutants: readonly string[];
  readonly why: string;
}

/** What one option of the repaired kernel asks of the kernel that it repairs: an ordering rule. */
export interface Rule {
  /** The option of the presets in which the two differ. */
  readonly option: string;
  /** In the imperative, as a comment in the kernel would say it. */
  readonly rule: string;
  /** Functions of the kernel that have to keep it. */
  readonly concerns: readonly string[];
  /** Rows of the ledgers that it answers. */
  readonly answers: readonly string[];
  /**
   * An option that covers this one: only where that is set back too does a run come back, one that neither of the two
   * lets through alone.
   */
  readonly beside?: string;
  readonly note?: string;
}

/** A run that is told in full: the repaired kernel with one rule dropped. */
export interface Told {
  readonly model: string;
  readonly variant: string;
  /** The option that is set back. */
  readonly option: string;
  readonly property: string;
}
