import type { AnyStateMachine, ContextFrom, EmittedFrom, EventFromLogic, InputFrom, TagsFrom } from 'xstate';
import { nameOfMachine } from './anatomy.ts';
import type { Property } from './property.ts';
import { didYouMean, SpecError } from './spec-error.ts';
import type { VerdictKind } from './verdict.ts';

/**
 * What a model is: machines put into a room, and the wires between them. `docs/semantics.md` says what it means.
 *
 * Most of this file is types. They are the reason that a model which compiles has no unwired emission, no message that
 * its receiver does not declare and no property over an actor that is not there; what types cannot see is checked when
 * the model is loaded (`validate.ts`).
 */

/** A message: a type and, where the machine declares one, a payload of plain data. */
export interface Message {
  readonly type: string;
}

/** The union `E`, or `never` where a machine declared no events (XState then admits every event). */
type Declared<E extends Message> = string extends E['type'] ? never : E;
/** The member of the union `E` with type `T`; a union of names (`{ type: 'a' | 'b' }`) is taken apart. */
type OfType<E, T extends string> = E extends { readonly type: infer U }
  ? T extends U
    ? Omit<E, 'type'> & { readonly type: T }
    : never
  : never;

/** The messages that a machine declares it takes. */
export type EventsOf<M extends AnyStateMachine> = Declared<EventFromLogic<M>>;
/** The messages that a machine declares it emits. */
export type EmittedOf<M extends AnyStateMachine> = Declared<EmittedFrom<M>>;

/** One actor: a machine and its input. Made by {@link start}. */
export interface One<M extends AnyStateMachine = AnyStateMachine> {
  readonly kind: 'one';
  readonly machine: M;
  readonly inputs: readonly unknown[];
}

/** Several actors of one machine, numbered from 0. Made by {@link replicate}. */
export interface Replicas<M extends AnyStateMachine = AnyStateMachine> {
  readonly kind: 'replicas';
  readonly machine: M;
  readonly inputs: readonly unknown[];
}

export type Placed = One | Replicas;
export type Actors = Readonly<Record<string, Placed>>;

type InputArgument<M extends AnyStateMachine> =
  undefined extends InputFrom<M> ? [input?: InputFrom<M>] : [input: InputFrom<M>];

/** Puts one actor of `machine` into the room, started with `input`. */
export function start<M extends AnyStateMachine>(machine: M, ...[input]: InputArgument<M>): One<M> {
  return { kind: 'one', machine, inputs: [input] };
}

/**
 * Puts `count` actors of one machine into the room; `input(i)` is the input of replica `i`.
 * A peer is then an array (`task[1]`), and a wire reaches one replica as `['task', 1]` or all of them as `'task'`.
 */
export function replicate<M extends AnyStateMachine>(
  machine: M,
  count: number,
  ...[input]: undefined extends InputFrom<M>
    ? [input?: (self: number) => InputFrom<M>]
    : [input: (self: number) => InputFrom<M>]
): Replicas<M> {
  if (!Number.isSafeInteger(count) || count < 0) {
    const name = nameOfMachine(machine, 'machine');
    throw new SpecError(`${name}: ${count} replicas`, {
      code: 'E-REPLICAS',
      where: `replicate(${name}, ${count})`,
      why: 'actors are counted',
      instead: 'a whole number, 0 included',
    });
  }
  return { kind: 'replicas', machine, inputs: Array.from({ length: count }, (_, self) => input?.(self)) };
}

/** What `when`, `read` and properties see of an actor: its public tags, its context and its mail. No state paths. */
export interface Peer<M extends AnyStateMachine = AnyStateMachine> {
  readonly hasTag: (tag: TagsFrom<M>) => boolean;
  readonly context: ContextFrom<M>;
  /**
   * The messages that wait: `fifo` by arrival, `perSender` by sender and then by arrival, `unordered` in an order that
   * means nothing.
   */
  readonly mailbox: readonly EventsOf<M>[];
}

/** The peers of a model by name; replicas are an array. */
export type Room<A extends Actors> = {
  readonly [K in keyof A]: A[K] extends Replicas<infer M> ? readonly Peer<M>[] : Peer<A[K]['machine']>;
};

// ---------------------------------------------------------------------------------------------------------------- wires

/** An actor by name (of replicas: all of them, in order), or one replica as `[name, number]`. */
export type Address<Name extends string = string> = Name | readonly [Name, number];
/** Whom a message reaches: one address, or several in the order of delivery; `[]` says that nobody listens. */
export type Receivers<Name extends string = string> = Address<Name> | readonly Address<Name>[];
/** Receivers, fixed or computed from the message and the sender's number among its replicas. */
export type Route<Name extends string = string, M = Message> =
  | Receivers<Name>
  | ((message: M, self: number) => Receivers<Name>);

/** What may go wrong with a queued send. Each possible outcome of a send is a step of its own. */
export interface QueueRules {
  /** A full mailbox: the sender's step waits (`block`, the default), the message is dropped, or the step is a verdict. */
  readonly full?: 'block' | 'drop' | 'fail';
  /** `true`: the send may lose the message. `'later'`: it arrives, and losing it is a step of its own while it waits. */
  readonly lose?: true | 'later';
  /**
   * `true`: the send may put the message in twice. `'later'`: the message may stay in the mailbox when it is taken.
   * `'forever'`: it always stays, as in a network that repeats everything it was ever told.
   */
  readonly duplicate?: true | 'later' | 'forever';
}

/**
 * Who receives a message, and how.
 * - a route alone: a *call*. The receiver takes it inside the same step; one that does not is the verdict `unhandled`.
 * - `{ rendezvous }`: as a call, but a receiver that does not take it makes the whole step not enabled.
 * - `{ queue }`: put into the receiver's mailbox and taken by a later step.
 */
export type Wire<Name extends string = string, M = Message> =
  | Route<Name, M>
  | ({ readonly rendezvous: Route<Name, M> } & { readonly [K in keyof QueueRules | 'queue']?: never })
  | ({ readonly queue: Route<Name, M>; readonly rendezvous?: never } & QueueRules);

/** The actors that declare a message of this type with a payload that takes this one. */
type ReceiverOf<A extends Actors, M extends Message> = {
  [K in keyof A & string]: [M] extends [OfType<EventsOf<A[K]['machine']>, M['type']>] ? K : never;
}[keyof A & string];

type WiresOf<A extends Actors, E extends Message> = {
  readonly [T in E['type']]: Wire<ReceiverOf<A, OfType<E, T>>, OfType<E, T>>;
};

/** For every actor that emits, a wire for every message that it declares it emits. */
export type Wires<A extends Actors> = {
  readonly [K in keyof A & string as [EmittedOf<A[K]['machine']>] extends [never] ? never : K]: WiresOf<
    A,
    EmittedOf<A[K]['machine']>
  >;
};

/** One per actor that receives queued messages. */
export interface MailboxRules {
  /** How many messages it holds; of `perSender`, how many from each sender. */
  readonly capacity: number;
  /** `fifo` (the default): one sequence by arrival. `perSender`: one sequence per sending actor. `unordered`: a multiset. */
  readonly order?: 'fifo' | 'perSender' | 'unordered';
}

// ---------------------------------------------------------------------------------------------------------- spontaneous

interface Conditions<R> {
  /** The step exists only where this holds. Evaluated on the state before the step. */
  readonly when?: (room: R, self: number) => boolean;
  /** It need never happen (a fault, an unplug, a user's command): no fairness, and deadlock ignores it. */
  readonly environment?: true;
}

type PayloadOf<E> = Omit<E, 'type'>;

/** One spontaneous message of an actor that takes the messages `E`, in a room of which the entry looks at `R`. */
export type SpontaneousOf<R, E extends Message> = {
  [T in E['type']]: {} extends PayloadOf<OfType<E, T>>
    ? T | (Conditions<R> & { readonly type: T; readonly oneOf?: never; readonly read?: never })
    : Conditions<R> & { readonly type: T } & (
          | { readonly oneOf: readonly PayloadOf<OfType<E, T>>[]; readonly read?: never }
          | { readonly read: (room: R, self: number) => PayloadOf<OfType<E, T>>; readonly oneOf?: never }
        );
}[E['type']];

/** Messages that actors may take by themselves: a thread's next instruction, an event of the environment. */
export type Spontaneous<A extends Actors> = {
  readonly [K in keyof A]?: readonly SpontaneousOf<Room<A>, EventsOf<A[K]['machine']>>[];
};

/** A spontaneous message as the checker reads it, types erased. */
export interface SpontaneousRule {
  readonly type: string;
  readonly when?: (room: never, self: number) => boolean;
  readonly environment?: true;
  readonly oneOf?: readonly object[];
  readonly read?: (room: never, self: number) => object;
}

// ---------------------------------------------------------------------------------------------------------------- models

type Wiring<A extends Actors> = ({} extends Wires<A> ? { readonly wires?: Wires<A> } : { readonly wires: Wires<A> }) & {
  readonly mailboxes?: { readonly [K in keyof A]?: MailboxRules };
  readonly spontaneous?: Spontaneous<A>;
  readonly properties: readonly Property<Room<A>>[];
};

/** Actors and how they are joined, types erased: what {@link compose} makes and `compile` reads. */
export interface Composition {
  readonly actors: Actors;
  readonly wires: Readonly<Record<string, Readonly<Record<string, Wire>>>>;
  readonly mailboxes: Readonly<Record<string, MailboxRules>>;
  readonly spontaneous: Readonly<Record<string, readonly (string | SpontaneousRule)[]>>;
  readonly properties: readonly Property<never>[];
}

/** Puts actors in a room: who hears whom, who acts by itself, and what is claimed. */
export function compose<A extends Actors>(actors: A, wiring: Wiring<A>): Composition {
  const { wires = {}, mailboxes = {}, spontaneous = {}, properties } = wiring;
  return {
    actors,
    wires: wires as Composition['wires'],
    mailboxes: mailboxes as Composition['mailboxes'],
    spontaneous: spontaneous as Composition['spontaneous'],
    properties: properties as readonly unknown[] as Composition['properties'],
  };
}

export type OptionValue = string | number | boolean;
/** The design space of a model: every option with the values it may take; the first is its default. */
export type Options = Readonly<Record<string, readonly OptionValue[]>>;
/** One value for every option. */
export type Assignment<O extends Options = Options> = { readonly [K in keyof O]: O[K][number] };

/** Sizes that a model is known to have. A changed count with an unchanged verdict is news: the model means something else. */
export interface Figures {
  readonly states?: number;
  readonly transitions?: number;
  readonly deadlocks?: number;
  /** Steps from the initial state to the farthest one. */
  readonly depth?: number;
  /** By property: the number of steps of a shortest run that violates it (or, of a witness, reaches it). */
  readonly steps?: Readonly<Record<string, number>>;
}

/** A named assignment, with what is expected of it. */
export interface VariantSpec<O extends Options = Options> {
  /** Options that it sets; the others take their first value. */
  readonly option?: Partial<Assignment<O>>;
  /** By property (`deadlock` and `unhandled` included): the verdict expected where it is not `holds`. */
  readonly expect?: Readonly<Record<string, VerdictKind>>;
  readonly figures?: Figures;
  /** One line for the reader: what this variant stands for. */
  readonly about?: string;
}

export interface ModelSpec<O extends Options> {
  readonly name: string;
  /** One sentence: the question that the model answers. */
  readonly about?: string;
  /** Rows of the ledgers that it decides, papers, commits. */
  readonly sources?: readonly string[];
  readonly options?: O;
  /** Named assignments. Without them the product of all options is checked, every property expected to hold. */
  readonly variants?: Readonly<Record<string, VariantSpec<O>>>;
  readonly build: (option: Assignment<O>) => Composition;
}

/** A model with its options erased: what the checker and the command line work with. */
export interface Model {
  readonly kind: 'holdfast.model';
  readonly name: string;
  readonly about: string;
  readonly sources: readonly string[];
  readonly options: Options;
  readonly variants: readonly Variant[];
  readonly build: (option: Assignment) => Composition;
}

export interface Variant {
  readonly name: string;
  readonly about: string;
  readonly option: Assignment;
  readonly expect: Readonly<Record<string, VerdictKind>>;
  readonly figures: Figures;
}

/**
 * A model: options, the variants that are checked, and how a variant is built.
 *
 * @throws SpecError where a variant names an option that is not there or a value that the option does not have, and where
 * there would be no variant at all.
 */
export function defineModel<const O extends Options = {}>(spec: ModelSpec<O>): Model {
  checkKeys(spec.name, spec, ['name', 'about', 'sources', 'options', 'variants', 'build'], 'defineModel()');
  const options: Options = spec.options ?? {};
  for (const [name, values] of Object.entries(options)) checkOption(spec.name, name, values);
  const model: Omit<Model, 'variants'> = {
    kind: 'holdfast.model',
    name: spec.name,
    about: spec.about ?? '',
    sources: spec.sources ?? [],
    options,
    build: spec.build as Model['build'],
  };
  const variants = spec.variants
    ? Object.entries<VariantSpec>(spec.variants as Record<string, VariantSpec>).map(([name, variant]) => ({
        name: checkedName(spec.name, name, variant),
        about: variant.about ?? '',
        option: assignmentOf(model, variant.option ?? {}, `variant "${name}"`),
        expect: variant.expect ?? {},
        figures: variant.figures ?? {},
      }))
    : productOf(options).map((option) => ({ name: nameOf(option), about: '', option, expect: {}, figures: {} }));
  if (variants.length === 0) {
    throw new SpecError(`${spec.name}: no variants`, {
      code: 'E-NO-VARIANTS',
      where: 'variants',
      why: 'nothing would be checked, and nothing would be found wrong',
      instead: 'at least one, or no "variants": then every assignment of the options is one',
    });
  }
  return { ...model, variants };
}

/** A word that is misspelt would be a wish that nobody hears. */
function checkKeys(model: string, spec: object, known: readonly string[], where: string): void {
  for (const key of Object.keys(spec)) {
    if (known.includes(key)) continue;
    throw new SpecError(`${model}: "${key}" means nothing here`, {
      code: 'E-KEY',
      where,
      why: `it knows ${known.join(', ')}`,
      instead: `one of them${didYouMean(key, known)}`,
    });
  }
}

const verdictKinds: readonly VerdictKind[] = ['holds', 'violated', 'unreached', 'vacuous', 'unknown'];

/** The variant's name, when what it expects can come about. */
function checkedName(model: string, name: string, variant: VariantSpec): string {
  const where = `variant "${name}"`;
  checkKeys(model, variant, ['option', 'expect', 'figures', 'about'], where);
  checkKeys(
    model,
    variant.figures ?? {},
    ['states', 'transitions', 'deadlocks', 'depth', 'steps'],
    `${where}, figures`,
  );
  for (const [property, kind] of Object.entries(variant.expect ?? {})) {
    if (verdictKinds.includes(kind)) continue;
    throw new SpecError(`${model}: no verdict is "${String(kind)}"`, {
      code: 'E-VERDICT',
      where: `${where}, what it expects of "${property}"`,
      why: `verdicts are ${verdictKinds.join(', ')}`,
      instead: `one of them${didYouMean(String(kind), verdictKinds)}`,
    });
  }
  return name;
}

function checkOption(model: string, name: string, values: readonly OptionValue[]): void {
  if (values.length > 0 && new Set(values).size === values.length) return;
  throw new SpecError(`${model}: option "${name}" has ${values.length === 0 ? 'no values' : 'a value twice'}`, {
    code: 'E-OPTION-VALUES',
    where: 'options',
    why: 'a variant gives every option one of its values, and two of one name could not be told apart',
    instead: 'every value once, and at least one',
  });
}

/**
 * Completes a choice of options with the first value of every other.
 *
 * @throws SpecError on an option or a value that the model does not have.
 */
export function assignmentOf(
  model: Pick<Model, 'name' | 'options'>,
  chosen: Readonly<Record<string, OptionValue | undefined>>,
  where: string,
): Assignment {
  for (const [option, value] of Object.entries(chosen)) {
    const values = Object.hasOwn(model.options, option) ? model.options[option] : undefined;
    if (values === undefined) {
      throw new SpecError(`${model.name}: no option "${option}"`, {
        code: 'E-OPTION',
        where,
        why: `the model's options are ${Object.keys(model.options).join(', ') || 'none'}`,
        instead: `an option of the model${didYouMean(option, Object.keys(model.options))}`,
      });
    }
    if (value !== undefined && !values.includes(value)) {
      throw new SpecError(`${model.name}: option "${option}" has no value ${JSON.stringify(value)}`, {
        code: 'E-OPTION-VALUE',
        where,
        why: `its values are ${values.join(', ')}`,
        instead: `one of them${didYouMean(String(value), values.map(String))}`,
      });
    }
  }
  const choice = (name: string) => (Object.hasOwn(chosen, name) ? chosen[name] : undefined);
  return Object.fromEntries(Object.entries(model.options).map(([name, values]) => [name, choice(name) ?? values[0]!]));
}

/** How an assignment is called where it has no name of its own. */
export function nameOf(option: Assignment): string {
  const parts = Object.entries(option).map(([name, value]) => `${name}=${value}`);
  return parts.join(',') || 'default';
}

/** Every assignment, the last option changing fastest. */
function productOf(options: Options): Assignment[] {
  return Object.entries(options).reduce<Assignment[]>(
    (partial, [name, values]) => partial.flatMap((option) => values.map((value) => ({ ...option, [name]: value }))),
    [{}],
  );
}
