import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';
import { backwards, canonical, encode } from './encode.ts';
import { Interner } from './interner.ts';
import type { MessageId, Messages } from './messages.ts';
import type { Message } from './model.ts';
import { changed, fickle, named, twice } from './purity.ts';
import { SpecError } from './spec-error.ts';

/** The number of a local state of one machine. Those of two machines do not compare. */
export type LocalId = number;

/** One actor's state: what XState keeps, and the delays that are armed. */
export interface Local {
  readonly snapshot: AnyMachineSnapshot;
  /** Armed delays by id, each with the event that it will bring; ordered by id. */
  readonly armed: ReadonlyMap<string, MessageId>;
}

/** What a machine does with a message. `next` may be the state it was in. */
export interface Row {
  readonly next: LocalId;
  readonly emits: readonly MessageId[];
  /** The machine's transitions that were taken, as indices of {@link Behaviour.transitions}. */
  readonly transitions: readonly number[];
}

/** Something that a table was asked in a local state, and the answer: a row, or the state in which a delay has been spent. */
export type Asked =
  | { readonly at: LocalId; readonly message: MessageId; readonly row: Row | null }
  | { readonly at: LocalId; readonly delay: string; readonly spent: LocalId };

/** Microsteps after which a machine that does not come to rest is called endless. */
const maxMicrosteps = 1_000;
/** Answers of each machine that are asked for once more when the search is over. */
const audited = 256;

/**
 * A machine as a table: local state × message → row, filled as it is asked.
 *
 * Equal to asking XState each time, which `behaviour.test.ts` holds it to, and the only part of the explorer that calls it.
 * Replicas of one machine share a table.
 */
export class Behaviour {
  readonly name: string;
  readonly locals = new Interner<Local>();
  /** The machine's transitions: what each is `on` in the machine, and a text for the reader, `state on message`. */
  readonly transitions: readonly { readonly on: string; readonly text: string }[];
  /** Every tag that some state of the machine carries. */
  readonly tags: ReadonlySet<string>;
  /** How often XState was asked for a transition, second opinions not counted. */
  asked = 0;
  /** Everything that the table was asked for the first time, in that order: from this it can be made again. */
  readonly log: Asked[] = [];
  readonly #machine: AnyStateMachine;
  readonly #messages: Messages;
  readonly #indices: ReadonlyMap<unknown, number>;
  readonly #rows: Map<MessageId, Row | null>[] = [];

  /** @param name the actor's name in the model, for errors */
  constructor(name: string, machine: AnyStateMachine, messages: Messages) {
    this.name = name;
    this.#machine = instrumented(machine);
    this.#messages = messages;
    const transitions = transitionsOf(this.#machine);
    this.transitions = transitions;
    this.tags = new Set(nodesOf(this.#machine).flatMap((node) => node.tags));
    this.#indices = new Map(transitions.map(({ definition }, i) => [definition, i]));
  }

  /**
   * The local state in which an actor starts.
   *
   * @throws SpecError where starting emits, throws or is impure
   */
  initial(input: unknown): LocalId {
    const where = `${this.name}, as it starts`;
    encode(input, `${where}: input`);
    const start = (scope: Scope, frozen: unknown): AnyMachineSnapshot => {
      const snapshot = this.#machine.getInitialSnapshot(scope as never, frozen as never);
      if (snapshot.status === 'error') throw snapshot.error;
      return snapshot;
    };
    const { code, local, emits } = twice(
      where,
      (again) => {
        const frozen = again ? backwards(input) : canonical(input);
        return this.#run((scope) => start(scope, frozen), new Map(), where);
      },
      answerCode,
    );
    if (emits.length > 0) {
      throw new SpecError(`${this.name}: emits "${this.#messages.value(emits[0]!).type}" before its first step`, {
        where,
        why: 'starting is no step, so nobody could be said to have received it',
        instead: 'a first state that is left by a spontaneous message whose transition emits',
      });
    }
    return this.locals.id(code, () => local);
  }

  /** What the machine does with the message in this state; `null` where it does not take it. */
  row(at: LocalId, message: MessageId): Row | null {
    this.#rows[at] ??= new Map();
    const rows = this.#rows[at];
    let row = rows.get(message);
    if (row === undefined) {
      row = this.#ask(at, message);
      rows.set(message, row);
      this.log.push({ at, message, row });
    }
    return row;
  }

  /** Whether the present state has a transition for messages of this type, enabled or not. */
  hasTransition(at: LocalId, type: string): boolean {
    const { snapshot } = this.locals.value(at);
    if (snapshot.status !== 'active') return false;
    // by the value, as XState looks for transitions: it is not always what _nodes says (see orderOf)
    const nodes = namedBy(this.#machine.root as Node, snapshot.value as StateValue);
    return nodes.some((node) => handles(node.transitions, type));
  }

  /**
   * An armed delay fires: it is disarmed (`spent`), and the machine takes its event if it has a transition for it.
   *
   * @param id one of the ids in the state's `armed`
   */
  fire(at: LocalId, id: string): { readonly spent: LocalId; readonly row: Row | null } {
    const spent = this.spend(at, id);
    return { spent, row: this.row(spent, this.locals.value(at).armed.get(id)!) };
  }

  /** The local state in which an armed delay has been spent, and nothing else has happened. */
  spend(at: LocalId, id: string): LocalId {
    const { snapshot, armed } = this.locals.value(at);
    const left: Local = { snapshot, armed: new Map([...armed].filter(([other]) => other !== id)) };
    return this.locals.id(localCode(left, this.#messages, this.name), (spent) => {
      this.log.push({ at, delay: id, spent });
      return left;
    });
  }

  /**
   * Asks once more what was asked first, now that much else has been asked.
   *
   * @throws SpecError where an answer has changed: something decides it that is kept outside
   */
  audit(): void {
    const { asked } = this;
    for (const [at, message, row] of this.answers().take(audited)) {
      if (JSON.stringify(this.#ask(at, message)) !== JSON.stringify(row)) throw changed(this.#place(at, message));
    }
    this.asked = asked;
  }

  /** Every answer that is remembered, in the order of local states. */
  *answers(): Generator<[at: LocalId, message: MessageId, row: Row | null], undefined> {
    for (const [at, rows] of this.#rows.entries()) {
      for (const [message, row] of rows ?? []) yield [at, message, row];
    }
  }

  #ask(at: LocalId, message: MessageId): Row | null {
    const { snapshot: kept, armed } = this.locals.value(at);
    if (kept.status !== 'active') return null;
    const given = this.#messages.value(message) as AnyEventObject;
    const where = this.#place(at, message);
    this.asked++;
    const answer = twice(
      where,
      (again) => {
        const event = again ? backwards(given) : given;
        const snapshot = again ? ({ ...kept, context: backwards(kept.context) } as AnyMachineSnapshot) : kept;
        // not snapshot.can(): that says no to an explicit ignore
        const enabled = this.#machine.getTransitionData(snapshot, event);
        if (enabled.length === 0) return null;
        return this.#run((scope) => this.#machine.transition(snapshot, event, scope as never), armed, where, enabled);
      },
      answerCode,
    );
    if (answer === null) return null;
    const next = this.locals.id(answer.code, () => answer.local);
    return { next, emits: answer.emits, transitions: answer.transitions };
  }

  #place(at: LocalId, message: MessageId): string {
    const { value } = this.locals.value(at).snapshot;
    return `${this.name}, in ${JSON.stringify(value)}, on ${this.#messages.value(message).type}`;
  }

  /**
   * Lets XState compute one macrostep and gathers what it would have executed.
   *
   * @param enabled the transitions that it has said it would begin with
   */
  #run(
    compute: (scope: Scope) => AnyMachineSnapshot,
    armedBefore: Local['armed'],
    where: string,
    enabled: readonly unknown[] = [],
  ): Answer {
    const actions: Executable[] = [];
    const taken: unknown[] = [];
    const snapshot = reachingNobody(where, () => compute(inertScope(actions, taken, where)));
    if (Object.keys(snapshot.children).length > 0) throw spawned(where);
    if (enabled.some((transition, i) => taken[i] !== transition)) throw fickle(where);
    const armed = new Map(armedBefore);
    const emits: MessageId[] = [];
    for (const { type, params } of actions) {
      switch (type) {
        case 'xstate.emit':
          emits.push(this.#messages.id(params.event as Message, where));
          break;
        case 'xstate.raise':
          // without a delay XState has processed it already, within this macrostep
          if (typeof params.delay === 'number') this.#arm(armed, params, where);
          break;
        case 'xstate.cancel':
          armed.delete(String(params.sendId));
          break;
        case 'xstate.log':
          break;
        default:
          throw unexplorable(where, type);
      }
    }
    const byId = new Map([...armed].sort(([a], [b]) => (a < b ? -1 : 1)));
    // the code first: it refuses what a copy would leave out
    const code = localCode({ snapshot, armed: byId }, this.#messages, where);
    const kept = { ...snapshot, context: canonical(snapshot.context) } as AnyMachineSnapshot;
    const transitions = taken.map((definition) => this.#indices.get(definition)).filter((i) => i !== undefined);
    return { code, local: { snapshot: kept, armed: byId }, emits, transitions };
  }

  #arm(armed: Map<string, MessageId>, { id, event }: Executable['params'], where: string): void {
    if (typeof id !== 'string') {
      throw new SpecError('a delayed raise without an id', {
        where,
        why: 'delays that are armed at once are told apart by their ids',
        instead: 'raise(event, { delay, id }), or "after"',
      });
    }
    armed.set(id, this.#messages.id(event as Message, where));
  }
}

/** What makes two local states one: value, context, history, status, output, armed delays, and the order of regions. */
export function localCode({ snapshot, armed }: Local, messages: Messages, where: string): string {
  const { value, context, status, output } = snapshot;
  const history = Object.entries(snapshot.historyValue).map(([id, nodes]) => [id, nodes.map((node) => node.id).sort()]);
  const timers = [...armed].map(([id, event]) => [id, messages.value(event)]);
  const rest = encode([value, status, history.sort(), timers, orderOf(snapshot)], where);
  return `${rest} ${encode(context, `${where}: context`)} ${encode(output, `${where}: output`)}`;
}

/**
 * XState takes the `always` of several regions in the order in which their states were entered, and where a history state
 * is returned to from within, the states that are active are not always those of `value`. Two snapshots with one value
 * may then do different things: this tells them apart, and is empty everywhere else.
 */
function orderOf({ _nodes: nodes, value, machine }: AnyMachineSnapshot): readonly string[] {
  const named = new Set(namedBy(machine.root as Node, value as StateValue));
  if (named.size !== nodes.length || !nodes.every((node) => named.has(node))) return nodes.map(({ id }) => id);
  const leaves = nodes.filter(({ type }) => type === 'atomic' || type === 'final');
  const eventless = leaves.filter((leaf) => alwaysOf(leaf) !== '');
  return new Set(eventless.map(alwaysOf)).size > 1 ? eventless.map(({ id }) => id) : [];
}

/** The states that a value names, this one and those below. */
function namedBy(node: Node, value: StateValue): Node[] {
  const below = typeof value === 'string' ? { [value]: {} } : value;
  return [node, ...Object.entries(below).flatMap(([key, inner]) => namedBy(node.states[key] as Node, inner!))];
}

/** The states from this one up whose `always` it would take. */
const alwaysOf = (node: Node | undefined): string =>
  node === undefined ? '' : `${node.always?.length ? `${node.id} ` : ''}${alwaysOf(node.parent)}`;

interface Answer {
  readonly code: string;
  readonly local: Local;
  readonly emits: readonly MessageId[];
  readonly transitions: readonly number[];
}

const answerCode = (answer: Answer | null): string =>
  answer === null ? 'not taken' : `${answer.code} ${answer.emits.join()} ${answer.transitions.join()}`;

/** An action as XState hands it out for execution. */
interface Executable {
  readonly type: string;
  readonly params: {
    readonly event?: unknown;
    readonly delay?: unknown;
    readonly id?: unknown;
    readonly sendId?: unknown;
  };
}

type Scope = ReturnType<typeof inertScope>;

/**
 * The scope in which XState computes a transition without an actor: nothing is executed, what would be is collected.
 *
 * `transition()` of XState builds a whole actor for each call; this is the part of it that a machine without children
 * needs. `_sendInspectionEvent` is not public: behaviour.test.ts holds this scope and `transition()` to the same answers.
 */
function inertScope(actions: Executable[], taken: unknown[], where: string) {
  return {
    self: nobody(where),
    id: '',
    sessionId: '',
    logger: () => {},
    defer: () => {},
    emit: () => {},
    stopChild: () => {},
    system: {
      _sendInspectionEvent: ({ _transitions = [] }: { _transitions?: readonly unknown[] }) =>
        taken.push(..._transitions),
      get: () => undefined,
    },
    actionExecutor: (action: Executable) => actions.push(action),
  };
}

/** Stands where an action would find its actor. XState reads it where it spawns or sends; nothing else may. */
function nobody(where: string): object {
  const get = (_: object, key: string | symbol): never => {
    if (key === 'system') throw spawned(where);
    if (key === '_parent') throw unexplorable(where, 'sendParent');
    throw new SpecError('"self" cannot be read', {
      where,
      why: 'an actor is known to the model alone, by its name; replicas of a machine would all be the same "self"',
      instead: 'what it has to know of itself in its input, start(machine, input)',
    });
  };
  return new Proxy(() => {}, { get });
}

/** A sendTo() that is only found inside enqueueActions(). */
function reachingNobody<R>(where: string, compute: () => R): R {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Unable to send event to actor')) {
      throw unexplorable(where, 'sendTo');
    }
    throw error;
  }
}

/** The same machine with its named guards and actions under observation, and a bound on its microsteps. */
function instrumented(machine: AnyStateMachine): AnyStateMachine {
  const { guards, actions } = machine.implementations;
  const watched = machine.provide({
    guards: mapValues(guards, (name, guard) =>
      typeof guard === 'function' && !('check' in guard) ? named(`guard "${name}"`, guard as Run, tell) : guard,
    ),
    actions: mapValues(actions, (name, action) => (isBuiltIn(action) ? observed(name, action) : action)),
  } as never);
  watched.options = {
    ...watched.options,
    maxIterations: Math.min(watched.options.maxIterations ?? maxMicrosteps, maxMicrosteps),
  };
  return watched;
}

type Run = (...args: unknown[]) => unknown;
/** assign(), emit() and the like: a function with a `resolve` that computes what it does. */
type BuiltIn = Run & { readonly resolve: Run };
const isBuiltIn = (action: unknown): action is BuiltIn => typeof action === 'function' && 'resolve' in action;

function observed(name: string, action: BuiltIn): BuiltIn {
  const told = (result: unknown): string => {
    const [snapshot, params] = result as [AnyMachineSnapshot, unknown];
    return `${tell(snapshot.context)} ${action.resolve.name === 'resolveEmit' ? tell(params) : ''}`;
  };
  return Object.assign(() => {}, action, { resolve: named(`action "${name}"`, action.resolve, told) });
}

/** A comparable form that never throws: what is not data is complained about where it arrives. */
function tell(value: unknown): string {
  try {
    return encode(value, '');
  } catch {
    return typeof value;
  }
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  map: (name: string, value: T) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(name, value)]));
}

type Node = AnyMachineSnapshot['_nodes'][number];

/** Whether a state node has an `on` for messages of this type (XState's `*` and `x.*` included). */
function handles(transitions: Node['transitions'], type: string): boolean {
  for (const [descriptor, definitions] of transitions) {
    if (definitions.length > 0 && matches(descriptor, type)) return true;
  }
  return false;
}

/** As XState has it: `door.*` names `door.opened`, and `door` too. */
function matches(descriptor: string, type: string): boolean {
  if (descriptor === type || descriptor === '*') return true;
  return descriptor.endsWith('.*') && `${type}.`.startsWith(descriptor.slice(0, -1));
}

/** Every state node of a machine, the root first, in the order in which they are written. */
export function nodesOf(machine: AnyStateMachine): Node[] {
  const below = (node: Node): Node[] => [node, ...Object.values(node.states).flatMap((child) => below(child as Node))];
  return below(machine.root as Node);
}

/** Every transition of a machine, `always` and delays included, with a text for the reader. */
function transitionsOf(machine: AnyStateMachine): { definition: unknown; on: string; text: string }[] {
  return nodesOf(machine).flatMap((node) => {
    const state = node.path.join('.') || '(any state)';
    const onMessage = [...node.transitions].flatMap(([type, definitions]) =>
      definitions.map((definition) => ({ definition, on: type })),
    );
    const always = (node.always ?? []).map((definition) => ({ definition, on: 'always' }));
    return [...onMessage, ...always].map(({ definition, on }) => {
      const guard = typeof definition.guard === 'string' ? ` if ${definition.guard}` : '';
      return { definition, on, text: `${state} on ${on.replace(/^xstate\.after\.([^.]*)\..*/, 'after $1')}${guard}` };
    });
  });
}

/** Whether any state of the machine has a transition for messages of this type. */
export const everHandles = (machine: AnyStateMachine, type: string): boolean =>
  nodesOf(machine).some((node) => handles(node.transitions, type));

/** The messages in the machine's `on`, XState's own left out. */
export function eventsOf(machine: AnyStateMachine): string[] {
  const types = nodesOf(machine).flatMap((node) => [...node.transitions.keys()]);
  return [...new Set(types)].filter((type) => !type.startsWith('xstate.'));
}

export const spawned = (where: string): SpecError =>
  new SpecError('an actor that is spawned or invoked cannot be explored yet', {
    where,
    why: 'who is in the room is fixed by the model, so that its states can be counted and compared',
    instead:
      'an actor of the model, start(machine), that waits in a state tagged "rest" and is woken by emit() and a wire',
  });

export const unexplorable = (where: string, action: string): SpecError =>
  new SpecError(`action "${action}" cannot be explored`, {
    where,
    why: "only emit() leaves a machine; who receives it is the model's business",
    instead: 'emit({ type: ... }) here, and one line under "wires" in the model; assign() for what it remembers',
  });
