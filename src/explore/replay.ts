import { type AnyEventObject, type AnyMachineSnapshot, initialTransition, transition } from 'xstate';
import { isSameActor } from './actor-ref.ts';
import { handles, namedBy } from './anatomy.ts';
import { backwards, encode } from './encode.ts';
import { entryOf, losable, type Mail, mailCode, offered, put, without } from './mailbox.ts';
import type { Composition, Message, SpontaneousRule } from './model.ts';
import type { Taken } from './property.ts';
import { type Delivery, deliveryOf, ownValue } from './routing.ts';
import type { ActorRef, ActorView, Outcome, Run, RunStep, Sent, StepLabel } from './verdict.ts';

/**
 * A run, taken again by XState's own `initialTransition()` and `transition()`: no tables, no numbers, no observation of
 * guards. What is printed comes from here, so nothing is shown that plain XState does not do.
 */
export interface Replayed {
  readonly run: Run;
  /** Every global state on the way, for comparison with the search. */
  readonly states: readonly PlainState[];
  /** For every step, the messages taken in it. */
  readonly taken: readonly (readonly Taken[])[];
}

export interface PlainState {
  readonly actors: readonly PlainActor[];
}

export interface PlainActor {
  readonly ref: ActorRef;
  readonly snapshot: AnyMachineSnapshot;
  readonly armed: ReadonlyMap<string, Message>;
  readonly mail: Mail;
}

/** The search and XState disagree: a fault of Holdfast, never of the model. */
export class ReplayFault extends Error {}

/**
 * @param labels the steps, each enabled in the state that the ones before it lead to
 * @throws ReplayFault where one is not
 */
export function replay(composition: Composition, labels: readonly StepLabel[]): Replayed {
  let state = plainStart(composition);
  const initial = viewsOf(state);
  const states = [state];
  const steps: RunStep[] = [];
  const taken: (readonly Taken[])[] = [];
  let ends: Run['ends'] = { at: 'state' };
  for (const label of labels) {
    if (ends.at === 'unhandled') throw new ReplayFault('a step follows one that has no successor');
    const one = plainStep(composition, state, label);
    steps.push(one.step);
    if (one.unhandled) ends = { at: 'unhandled', ...one.unhandled };
    else states.push(one.after);
    taken.push(one.taken);
    state = one.after;
  }
  return { run: { initial, steps, ends }, states, taken };
}

/** One step, and the state that it leaves behind: where it is a verdict, the one in which it went wrong. */
interface PlainTaken {
  readonly step: RunStep;
  readonly after: PlainState;
  readonly taken: readonly Taken[];
  readonly unhandled: Unhandled | null;
}

/**
 * @param label a step that is enabled in the state
 * @throws ReplayFault where it is not
 */
export function plainStep(composition: Composition, before: PlainState, label: StepLabel): PlainTaken {
  const step = new PlainStep(composition, before, label);
  const unhandled = step.take();
  const after = step.state();
  const changed = after.actors.flatMap((actor, i) => {
    if (actor === before.actors[i]) return [];
    const [was, is] = [view(before.actors[i]!), view(actor)];
    return encode(was, 'view') === encode(is, 'view') ? [] : [{ before: was, after: is }];
  });
  return { step: { label, sent: step.sent, changed }, after, taken: step.taken, unhandled };
}

/**
 * Whether, to plain XState, only the environment can move in a state, and somebody waits for more.
 *
 * Of steps that may go more than one way it tries those of up to two outcomes, so that it never says no to a deadlock.
 */
export function isPlainDeadlock(composition: Composition, state: PlainState): boolean {
  const isStuck = state.actors.some(
    ({ snapshot, mail }) => mail.length > 0 || !(snapshot.tags.has('rest') || snapshot.status === 'done'),
  );
  const isEnabled = (label: StepLabel): boolean => {
    try {
      plainStep(composition, state, label);
      return true;
    } catch (error) {
      if (error instanceof ReplayFault) return false;
      throw error;
    }
  };
  return (
    isStuck &&
    !ownLabels(composition, state).some((label) => outcomes.some((ways) => isEnabled({ ...label, outcomes: ways })))
  );
}

const kinds: readonly Outcome[] = ['delivered', 'lost', 'twice', 'leaves', 'stays'];
const outcomes: readonly (readonly Outcome[])[] = [
  [],
  ...kinds.map((one) => [one]),
  ...kinds.flatMap((one) => kinds.map((other) => [one, other])),
];

/** Labels for whatever somebody but the environment might do in a state. */
function ownLabels(composition: Composition, state: PlainState): StepLabel[] {
  const room = roomOver(composition, state) as never;
  return state.actors.flatMap(({ ref, snapshot, armed, mail }): StepLabel[] => {
    const nodes = snapshot.status === 'active' ? namedBy(snapshot.machine.root, snapshot.value) : [];
    const rules = (ownValue(composition.spontaneous, ref.actor) ?? []).map(
      (rule): SpontaneousRule => (typeof rule === 'string' ? { type: rule } : (rule as SpontaneousRule)),
    );
    const spontaneous = rules
      // elsewhere neither `when` nor `read` may be asked
      .filter(({ type }) => nodes.some((node) => handles(node.transitions, type)))
      .filter(({ environment, when }) => environment !== true && (when?.(room, ref.self) ?? true))
      .flatMap(({ type, read, oneOf = [{}] }) =>
        (read ? [read(room, ref.self)] : oneOf).map((payload) => ({
          cause: 'spontaneous' as const,
          message: { ...payload, type },
        })),
      );
    const waiting = mail.map(({ message }, position) => ({ cause: 'mailbox' as const, message, position }));
    const delays = [...armed.values()].map((message, position) => ({ cause: 'delay' as const, message, position }));
    return [...spontaneous, ...waiting, ...delays].map((label) => ({ ...ref, ...label, outcomes: [] }));
  });
}

/** Every actor as a reader sees it. */
export const viewsOf = (state: PlainState): ActorView[] => state.actors.map(view);

/** The room over one state, for predicates. */
export function roomOver(composition: Composition, state: PlainState): unknown {
  const entries = Object.entries(composition.actors).map(([actor, { kind }]) => {
    const peers = state.actors
      .filter(({ ref }) => ref.actor === actor)
      .map(({ snapshot, mail }) => ({
        hasTag: (tag: string) => snapshot.tags.has(tag),
        // equal contexts are one object to a predicate, here as in the search
        get context() {
          return backwards(snapshot.context);
        },
        mailbox: mail.map(({ message }) => message),
      }));
    return [actor, kind === 'one' ? peers[0] : peers];
  });
  return Object.fromEntries(entries);
}

/** Comparable forms of the state's slots: every actor's local state, then its mail. */
export const plainCodes = (state: PlainState): string[] => state.actors.map(plainCode);

/** Of an actor that a step has not touched it is the one that was worked out before. */
function plainCode(actor: PlainActor): string {
  let code = knownCodes.get(actor);
  if (code === undefined) {
    const { snapshot, armed, mail } = actor;
    const { value, context, status, output } = snapshot;
    code = `${encode([value, context, status, output, [...armed]], 'replay')} ${mailCode(mail)}`;
    knownCodes.set(actor, code);
  }
  return code;
}

const knownCodes = new WeakMap<PlainActor, string>();

/** The state from which everything starts. */
export function plainStart(composition: Composition): PlainState {
  const actors = Object.entries(composition.actors).flatMap(([actor, { machine, inputs }]) =>
    inputs.map((input, self): PlainActor => {
      const [snapshot, actions] = initialTransition(machine, input as never);
      return { ref: { actor, self }, snapshot, armed: armedAfter(new Map(), actions), mail: [] };
    }),
  );
  return { actors };
}

interface Action {
  readonly type: string;
  readonly params?: unknown;
}

function armedAfter(before: ReadonlyMap<string, Message>, actions: readonly Action[]): ReadonlyMap<string, Message> {
  const armed = new Map(before);
  for (const { type, params } of actions) {
    const { sendId, id, event, delay } = (params ?? {}) as {
      sendId: string;
      id: string;
      event: Message;
      delay?: number;
    };
    if (type === 'xstate.cancel') armed.delete(sendId);
    if (type === 'xstate.raise' && typeof delay === 'number') armed.set(id, event);
  }
  return new Map([...armed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

type Unhandled = Omit<Extract<Run['ends'], { at: 'unhandled' }>, 'at'>;

/** One step with its outcomes given, taken on copies. */
class PlainStep {
  readonly sent: Sent[] = [];
  readonly taken: Taken[] = [];
  readonly #composition: Composition;
  readonly #label: StepLabel;
  readonly #actors: PlainActor[];
  readonly #outcomes: Outcome[];

  constructor(composition: Composition, before: PlainState, label: StepLabel) {
    this.#composition = composition;
    this.#label = label;
    this.#actors = [...before.actors];
    this.#outcomes = [...label.outcomes];
  }

  state(): PlainState {
    return { actors: this.#actors };
  }

  /**
   * Takes the step; returns what was not handled where it is a verdict.
   *
   * @throws ReplayFault where the step is not one of those that the state has
   */
  take(): Unhandled | null {
    const unhandled = this.#begin(this.#indexOf(this.#label));
    if (this.#outcomes.length > 0) throw this.#fault(`${this.#outcomes.join()} could not come to pass`);
    return unhandled;
  }

  #begin(at: number): Unhandled | null {
    const { cause, message, position = -1 } = this.#label;
    const { ref, snapshot, armed, mail } = this.#actors[at]!;
    const order = ownValue(this.#composition.mailboxes, ref.actor)?.order;
    switch (cause) {
      case 'spontaneous':
        if (!this.#takes(at, message)) throw this.#fault('it does not take it');
        if (!this.#isMeant()) throw this.#fault('it does not do so by itself');
        return this.#deliver(at, message);
      case 'mailbox': {
        this.#expect(mail[position]?.message);
        if (!offered(mail, order).includes(position) || snapshot.tags.has('busy'))
          throw this.#fault('it is not offered');
        if (!this.#takes(at, message)) return { who: ref, message, why: 'not taken' };
        const { whenTaken } = mail[position]!;
        const leaves =
          whenTaken === 'may stay' ? this.#choose(['leaves', 'stays']) === 'leaves' : whenTaken === 'leaves';
        if (leaves) this.#set(at, { mail: without(mail, position) });
        return this.#deliver(at, message);
      }
      case 'delay': {
        const [id, event] = [...armed][position] ?? [];
        this.#expect(event);
        this.#set(at, { armed: new Map([...armed].filter(([other]) => other !== id)) });
        return this.#takes(at, message) ? this.#deliver(at, message) : null;
      }
      case 'loss':
        this.#expect(mail[position]?.message);
        if (!losable(mail, order).includes(position)) throw this.#fault('it cannot be lost');
        this.#set(at, { mail: without(mail, position) });
        return null;
    }
  }

  /** Whether the model lets the actor take the message by itself, here and with this payload. */
  #isMeant(): boolean {
    const { actor, self, message } = this.#label;
    const rules = ownValue(this.#composition.spontaneous, actor) ?? [];
    const rule = rules.find((each) => (typeof each === 'string' ? each : each.type) === message.type);
    if (rule === undefined) return false;
    const { type, when, read, oneOf = [{}] } = typeof rule === 'string' ? { type: rule } : (rule as SpontaneousRule);
    const room = roomOver(this.#composition, { actors: this.#actors }) as never;
    if (when && !when(room, self)) return false;
    const payloads = read ? [read(room, self)] : oneOf;
    return payloads.some((payload) => encode({ ...payload, type }, 'replay') === encode(message, 'replay'));
  }

  /** What is there must be what the label says. */
  #expect(message: Message | undefined): void {
    if (message !== undefined && encode(message, 'replay') === encode(this.#label.message, 'replay')) return;
    throw this.#fault(message === undefined ? 'there is none' : `there is "${message.type}"`);
  }

  /** The next of the outcomes given. */
  #choose(possible: readonly Outcome[]): Outcome {
    const outcome = this.#outcomes.shift();
    if (outcome !== undefined && possible.includes(outcome)) return outcome;
    throw this.#fault(`of ${possible.join()} it cannot be ${outcome ?? 'neither'}`);
  }

  #fault(why: string): ReplayFault {
    const { actor, cause, message } = this.#label;
    return new ReplayFault(`${actor}, "${message.type}" (${cause}): ${why}`);
  }

  /** The actor's transition, then everything that it emits, depth first. */
  #deliver(at: number, message: Message): Unhandled | null {
    const { ref, snapshot, armed } = this.#actors[at]!;
    const [next, actions] = transition(snapshot.machine, snapshot, message as AnyEventObject);
    this.taken.push({ ...ref, message });
    this.#set(at, { snapshot: next, armed: armedAfter(armed, actions as readonly Action[]) });
    for (const action of actions as readonly Action[]) {
      if (action.type !== 'xstate.emit') continue;
      const emitted = (action.params as { event: Message }).event;
      const delivery = deliveryOf(this.#composition, ref, emitted);
      for (const to of delivery.to) {
        const unhandled =
          delivery.how === 'queue'
            ? this.#queue(ref, to, emitted, delivery)
            : this.#hand(ref, to, emitted, delivery.how);
        if (unhandled) return unhandled;
      }
    }
    return null;
  }

  #hand(from: ActorRef, to: ActorRef, message: Message, how: 'call' | 'rendezvous'): Unhandled | null {
    const at = this.#indexOf(to);
    this.sent.push({ from, message, to, how });
    if (this.#takes(at, message)) return this.#deliver(at, message);
    if (how === 'rendezvous') throw this.#fault(`${to.actor} refuses "${message.type}"`);
    return { who: to, message, why: 'not taken' };
  }

  #queue(from: ActorRef, to: ActorRef, message: Message, { rules }: Delivery): Unhandled | null {
    const at = this.#indexOf(to);
    const box = this.#composition.mailboxes[to.actor]!;
    const possible: Outcome[] = ['delivered'];
    if (rules.lose === true) possible.push('lost');
    if (rules.duplicate === true) possible.push('twice');
    const outcome = (possible.length > 1 ? this.#choose(possible) : 'delivered') as NonNullable<Sent['outcome']>;
    const entry = entryOf(message, this.#indexOf(from), box.order, rules);
    let fate: Sent['outcome'] = outcome;
    for (let copy = outcome === 'lost' ? 0 : outcome === 'twice' ? 2 : 1; copy > 0; copy--) {
      const mail = put(this.#actors[at]!.mail, entry, box);
      if (mail !== 'full') this.#set(at, { mail });
      else if (rules.full === 'fail') return { who: to, message, why: 'mailbox full' };
      else if (rules.full === 'drop') fate = 'dropped';
      else throw this.#fault(`the mailbox of ${to.actor} is full`);
    }
    this.sent.push({ from, message, to, how: 'queue', outcome: fate });
    return null;
  }

  #takes(at: number, message: Message): boolean {
    const { snapshot } = this.#actors[at]!;
    return (
      snapshot.status === 'active' && snapshot.machine.getTransitionData(snapshot, message as AnyEventObject).length > 0
    );
  }

  #indexOf(who: ActorRef): number {
    const index = this.#actors.findIndex(({ ref }) => isSameActor(ref, who));
    if (index === -1) throw this.#fault(`there is no ${who.actor}[${who.self}]`);
    return index;
  }

  #set(at: number, change: Partial<PlainActor>): void {
    this.#actors[at] = { ...this.#actors[at]!, ...change };
  }
}

function view({ ref, snapshot, armed, mail }: PlainActor): ActorView {
  return {
    ...ref,
    value: snapshot.value,
    context: snapshot.context,
    tags: [...snapshot.tags].sort(),
    done: snapshot.status === 'done',
    armed: [...armed.values()].map(({ type }) => type),
    mailbox: mail.map(({ message }) => message),
  };
}
