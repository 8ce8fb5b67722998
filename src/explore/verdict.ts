import type { Explanation } from './explain/explanation.ts';
import type { SearchFigures } from './figures.ts';
import type { Message } from './model.ts';

/** What may be said of a property. Only an exact search that has finished says `holds` of anything but a witness. */
export type VerdictKind = 'holds' | 'violated' | 'unreached' | 'vacuous' | 'unknown';

/** One actor of the room: its name, and its number among its replicas (0 for a single one). */
export interface ActorRef {
  readonly actor: string;
  readonly self: number;
}

/** Why an actor takes a message, or, for `loss`, why a message disappears from its mailbox. */
export type Cause = 'spontaneous' | 'mailbox' | 'delay' | 'loss';

/** How something that could go more than one way went: a faulty send, or the taking of a message that may stay. */
export type Outcome = 'delivered' | 'lost' | 'twice' | 'leaves' | 'stays';

/** What identifies a step in a given state, and all that is needed to take it again. */
export interface StepLabel extends ActorRef {
  readonly cause: Cause;
  readonly message: Message;
  /** Whose sequence it stands in (`perSender` mailboxes). */
  readonly from?: ActorRef;
  /** Where it stands in the mailbox, or a delay among those that are armed, counted from 0; absent for `spontaneous`. */
  readonly position?: number;
  readonly outcomes: readonly Outcome[];
}

/** One delivery in a step, in order. */
export interface Sent {
  readonly from: ActorRef;
  readonly message: Message;
  readonly to: ActorRef;
  readonly how: 'call' | 'rendezvous' | 'queue';
  /** Of a queued message: what became of it (`dropped`: the mailbox was full). */
  readonly outcome?: 'delivered' | 'lost' | 'twice' | 'dropped';
}

/** An actor as a reader sees it. */
export interface ActorView extends ActorRef {
  /** XState's value: a state's name, or an object of nested ones. */
  readonly value: unknown;
  readonly context: unknown;
  readonly tags: readonly string[];
  readonly done: boolean;
  readonly armed: readonly string[];
  readonly mailbox: readonly Message[];
}

/** One step of a run, told by plain XState. */
export interface RunStep {
  readonly label: StepLabel;
  readonly sent: readonly Sent[];
  /** The actors that the step changed, as they were and as they are. */
  readonly changed: readonly { readonly before: ActorView; readonly after: ActorView }[];
}

/** A run from the initial state: a counterexample, or the way to a witness. */
export interface Run {
  readonly initial: readonly ActorView[];
  readonly steps: readonly RunStep[];
  /**
   * Where the property is decided: in the state reached (`state`), by the last step (`step`), or by a step which has no
   * successor (`unhandled`: who did not take what, and why). The step of an `unhandled` is the last of `steps`.
   */
  readonly ends:
    | { readonly at: 'state' }
    | { readonly at: 'step' }
    | {
        readonly at: 'unhandled';
        readonly who: ActorRef;
        readonly message: Message;
        readonly why: 'not taken' | 'mailbox full';
      };
}

export type PropertyKind = 'always' | 'sometimes' | 'step' | 'precedes' | 'deadlock' | 'unhandled';

/** What was found out about one property. */
export interface Verdict {
  readonly property: string;
  readonly of: PropertyKind;
  readonly kind: VerdictKind;
  /** The number of steps of a shortest run that violates it, or, of a witness, reaches it. */
  readonly steps?: number;
  /** That run. */
  readonly run?: Run;
  /** Why it is `vacuous`: the premise or the witness that is never true. */
  readonly because?: string;
  /** What its author says of it, in one line. */
  readonly about?: string;
  /** Of a violation, where it was asked for. */
  readonly explanation?: Explanation;
}

/** What stopped a search: a bound, or a worker that ended before its time. */
export interface LimitReached {
  readonly limit: 'states' | 'depth' | 'time' | 'memory' | 'bail' | 'worker';
  /** The bound, in states, steps, milliseconds or bytes; for `worker` how many workers there were; 0 for `bail`. */
  readonly value: number;
  /** Every run of up to so many steps is covered. */
  readonly covered: number;
  /** Where the state space grows: slots by the number of their distinct contents, most first. */
  readonly grew: readonly Growth[];
}

/** How many distinct local states an actor (or contents a mailbox) has taken so far. */
export interface Growth {
  readonly slot: string;
  readonly distinct: number;
  /** Of these, how many were new in the last level searched. */
  readonly recent: number;
}

export interface Stats {
  readonly states: number;
  readonly transitions: number;
  readonly deadlocks: number;
  /** Pairs of a state and a step which is the verdict `unhandled`. */
  readonly unhandled: number;
  /** Steps from the initial state to the farthest state found. */
  readonly depth: number;
  /** How often XState was asked, second opinions not counted. */
  readonly asked: number;
  readonly milliseconds: number;
}

/** What no step ever did: holes in the model, or in the world that it is put into. */
export interface NeverTaken {
  /** Messages that an actor declares or is wired to take and never took. */
  readonly messages: readonly { readonly actor: string; readonly message: string }[];
  /** Transitions that no step took: `state on message`. */
  readonly transitions: readonly { readonly actor: string; readonly transition: string }[];
}

/** What steps did of one machine, in all of its actors. */
export interface ActorCoverage {
  readonly actor: string;
  /** All transitions of the machine, in the order in which they are written. */
  readonly transitions: readonly TransitionCoverage[];
}

/** How much a transition was tried: in how many local states, and on how many messages, a step took it; 0: none did. */
export interface TransitionCoverage {
  /** `state on message`. */
  readonly transition: string;
  readonly locals: number;
  /** Messages that differ in their payloads are different. */
  readonly messages: number;
}

/** All that checking one variant found out. */
export interface Report {
  readonly model: string;
  readonly variant: string;
  readonly verdicts: readonly Verdict[];
  readonly stats: Stats;
  /** Set where a bound stopped the search. */
  readonly limit?: LimitReached;
  /** Set where states were told by fingerprints: the chance, at most, that a state was missed. */
  readonly approximate?: { readonly chance: number };
  /** Only after a finished search that was not approximate. */
  readonly neverTaken?: NeverTaken;
  /** By machine; only where it is asked for. Of a search that has not finished it says what was seen so far. */
  readonly coverage?: readonly ActorCoverage[];
  /** Only where they are asked for. */
  readonly figures?: SearchFigures;
}
