import type { Message } from './model.ts';

/**
 * What is claimed of a model. Each constructor returns plain data; `check` decides.
 *
 * The type parameter is the part of the room that the property looks at, for example
 * `{ readonly mount: Peer<typeof mountMachine> }`: a model without such an actor does not compile with it.
 */
export type Property<R> = Always<R> | Step<R> | Sometimes<R> | Precedes<R>;

/** An invariant: holds in every reachable state. */
export interface Always<R> {
  readonly kind: 'always';
  readonly name: string;
  /** One line for the reader of a violation: what is claimed, in words. */
  readonly about?: string;
  readonly holds: (room: R) => boolean;
  /** The premise. Where it is never true, the verdict is `vacuous`. */
  readonly when?: (room: R) => boolean;
  /** The state that must be reachable lest the invariant hold for want of anything to constrain. */
  readonly witness: Sometimes<R>;
}

/** A witness: some reachable state satisfies it. */
export interface Sometimes<R> {
  readonly kind: 'sometimes';
  readonly name: string;
  readonly about?: string;
  readonly holds: (room: R) => boolean;
}

/** A claim about every step: the state before, the step, the state after. */
export interface Step<R> {
  readonly kind: 'step';
  readonly name: string;
  readonly about?: string;
  readonly holds: (change: Change<R>) => boolean;
  readonly when?: (change: Change<R>) => boolean;
  readonly witness?: Sometimes<R>;
}

/** `then` never comes unless `first` has come before or comes with it (Dwyer's precedence, global scope: ¬then W first). */
export interface Precedes<R> {
  readonly kind: 'precedes';
  readonly name: string;
  readonly about?: string;
  readonly first: Occurrence<R>;
  readonly then: Occurrence<R>;
}

/** One message that one actor took in a step: the one that started it, or one that the cascade brought. */
export interface Taken {
  readonly actor: string;
  /** The actor's number among its replicas; 0 for a single one. */
  readonly self: number;
  readonly message: Message;
}

export interface Change<R> {
  readonly before: R;
  readonly after: R;
  /** All messages taken in the step, in order; the first is the one that started it. */
  readonly taken: readonly Taken[];
}

type MessageTypeOf<P> = P extends { readonly mailbox: readonly (infer E extends Message)[] } ? E['type'] : never;
type Member<P> = P extends readonly (infer Q)[] ? Q : P;

/** Something that comes to pass: a state that satisfies a predicate, or a message taken by an actor (of replicas: by any). */
export type Occurrence<R> =
  | ((room: R) => boolean)
  | { readonly [K in keyof R & string]: readonly [actor: K, message: MessageTypeOf<Member<R[K]>>] }[keyof R & string];

/** Names that `check` gives to the two properties that every model has. */
export const deadlock = 'deadlock';
export const unhandled = 'unhandled';

/** A witness: a state that must be reachable. */
export function sometimes<R>(
  name: string,
  holds: (room: R) => boolean,
  by: { readonly about?: string } = {},
): Sometimes<R> {
  return { kind: 'sometimes', name, holds, ...by };
}

/**
 * An invariant, with the witness that keeps it honest.
 *
 * @param by.witness what must be reachable; where it is not, the verdict is `vacuous`. It is checked even where the model does not list it.
 * @param by.when the premise: the invariant speaks only of states in which it is true.
 * @param by.about what is claimed, in one line for the reader of a violation.
 */
export function always<R>(
  name: string,
  holds: (room: R) => boolean,
  by: { readonly witness: Sometimes<R>; readonly when?: (room: R) => boolean; readonly about?: string },
): Always<R> {
  return { kind: 'always', name, holds, ...by };
}

/** An invariant told by its opposite: `bad` is true in no reachable state. */
export function never<R>(
  name: string,
  bad: (room: R) => boolean,
  by: { readonly witness: Sometimes<R>; readonly when?: (room: R) => boolean; readonly about?: string },
): Always<R> {
  return { kind: 'always', name, holds: (room) => !bad(room), ...by };
}

/** A claim about every step. With `when` it speaks only of the changes in which that is true. */
export function step<R>(
  name: string,
  holds: (change: Change<R>) => boolean,
  by: { readonly witness?: Sometimes<R>; readonly when?: (change: Change<R>) => boolean; readonly about?: string } = {},
): Step<R> {
  return { kind: 'step', name, holds, ...by };
}

/** `then` never comes before `first`. Where `then` never comes at all, the verdict is `vacuous`. */
export function precedes<R>(
  name: string,
  order: { readonly first: Occurrence<R>; readonly then: Occurrence<R>; readonly about?: string },
): Precedes<R> {
  return { kind: 'precedes', name, ...order };
}
