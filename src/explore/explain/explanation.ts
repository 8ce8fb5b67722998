import type { ActorRef, RunStep } from '../verdict.ts';

/** What is said of a violation beside its run: plain data, for whoever prints it. */

/** Something that a predicate asked for: a tag of an actor, a field of its context, or its mailbox. */
export interface Reason extends ActorRef {
  /** Of a claim about steps: in which of the two states. */
  readonly in?: 'before' | 'after';
  readonly tag?: string;
  /** The field, from the context down; without it and without a tag it is the mailbox. */
  readonly path?: readonly (string | number)[];
  /** What it was told. */
  readonly value: unknown;
  /** The step that made it so, counted from 1; 0 where it was so from the start. */
  readonly since: number;
}

/** Which of the steps of a run have to come in the order that they have. All steps are counted from 1. */
export interface Order {
  /** Steps of which each sets off the next: what one thread of control does, through however many actors. */
  readonly threads: readonly (readonly number[])[];
  /** Steps of two threads of which the second depends on the first, or spoils what the first depends on. */
  readonly across: readonly (readonly [number, number])[];
}

/** What becomes of a run where one step is left out and whoever can goes on as before. */
export interface LeftOut {
  readonly step: number;
  /** A later step cannot be taken any more; all can, and nothing is violated; or it is violated all the same. */
  readonly leaves: 'stuck' | 'kept' | 'violated';
}

/** The nearest run in which all goes well, though everybody does what he does in the violation: it differs by the order. */
export interface Instead {
  /** So many steps are those of the violation; the one after them is the step that goes wrong. */
  readonly same: number;
  /** The steps that it takes from there on, to its end. */
  readonly steps: readonly RunStep[];
  /** Its end: no actor moves by itself any more; or, where nothing ever comes to an end, a step like the last one of the violation. */
  readonly end: 'settled' | 'taken' | 'over';
  /** What it keeps: everything that is claimed of states and steps, or at least this property. */
  readonly keeps: 'all' | 'this';
  /** That the step that goes wrong is the environment's: nobody can help it, it may only come later. */
  readonly early?: true;
  /**
   * What the step that goes wrong did not wait for: the first of `steps`, counted from 1, after which it cannot be
   * taken as it was (where it always can, the last one before the actor goes on); and which step of the violation
   * that is, if it comes there at all.
   */
  readonly awaited?: {
    readonly step: number;
    /** The ones before it that it depends on, counted from 1. */
    readonly behind: readonly number[];
    readonly comes?: number;
  };
  /** The next of `steps`, counted from 1, by the actor whose step goes wrong. */
  readonly next?: number;
}

/** What is worked out of a violation beside its run. What a budget did not suffice for is left out. */
export interface Explanation {
  /** What made the predicate so; empty where there is no predicate. */
  readonly reasons: readonly Reason[];
  readonly order: Order;
  readonly leftOut: readonly LeftOut[];
  /**
   * Where nobody races, who goes wrong: it happens too where each thread begins only when all others have gone on as far
   * as they can, so that no order of steps is better.
   */
  readonly alone?: ActorRef;
  /** `none`: no run that comes to an end keeps the property, whatever is done from the start. */
  readonly instead?: Instead | 'none';
  /** Where no order is better: the step, counted from 1, after which nothing avoids it, whatever the environment does. */
  readonly tooLate?: number;
  /** How often another actor goes on than the one before, if it is known that no shortest run does with less. */
  readonly switches?: number;
}
