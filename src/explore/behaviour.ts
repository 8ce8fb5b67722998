import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';
import { handles, type Node, namedBy, nodesOf, orderOf, transitionsOf } from './anatomy.ts';
import { backwards, canonical, encode } from './encode.ts';
import { Interner } from './interner.ts';
import type { MessageId, Messages } from './messages.ts';
import type { Message } from './model.ts';
import { changed, fickle, twice } from './purity.ts';
import {
  type Executable,
  inertScope,
  instrumented,
  reachingNobody,
  type Scope,
  spawned,
  unexplorable,
} from './scope.ts';
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
        code: 'E-EMITS-AT-START',
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
    const make = (spent: LocalId): Local => {
      this.log.push({ at, delay: id, spent });
      return left;
    };
    return this.locals.id(localCode(left, this.#messages, this.name), make, [at, id]);
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
    const next = this.locals.id(answer.code, () => answer.local, [at, message]);
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
        code: 'E-DELAY-ID',
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

interface Answer {
  readonly code: string;
  readonly local: Local;
  readonly emits: readonly MessageId[];
  readonly transitions: readonly number[];
}

const answerCode = (answer: Answer | null): string =>
  answer === null ? 'not taken' : `${answer.code} ${answer.emits.join()} ${answer.transitions.join()}`;
