import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  getNextTransitions,
  initialTransition,
  transition,
} from 'xstate';
import type { Code } from '../src/explore/codes.ts';
import type {
  Composition,
  MailboxRules,
  Message,
  QueueRules,
  Receivers,
  SpontaneousRule,
} from '../src/explore/model.ts';
import type { Always, Occurrence, Precedes, Property, Sometimes, Step, Taken } from '../src/explore/property.ts';
import { SpecError } from '../src/explore/spec-error.ts';
import type { ActorRef, Cause, Outcome, VerdictKind } from '../src/explore/verdict.ts';

/**
 * The checker, slowly: what `docs/semantics.md` says, in as few plain lines as it takes.
 *
 * Read this first. A state is a plain object, a step makes a new one, and the search is a list that grows while it is
 * walked. The explorer in `src/explore/` gives the same counts and verdicts a good deal faster; the two share no code but
 * the types, and `test/differential.test.ts` holds the one to the other.
 *
 * Left out: evidence (it says how long a shortest run is, not which), limits other than a number of states, and every
 * check that a model is well-formed.
 */
export function reference(
  composition: Composition,
  { states = Number.POSITIVE_INFINITY, notice = () => {} }: Limits = {},
) {
  const nodes = explore(systemOf(composition, notice), states);
  const finished = nodes.length <= states;

  // A witness is checked even where the model does not list it.
  const witnesses = composition.properties.flatMap((property) => ('witness' in property && property.witness) || []);
  const verdicts = new Map<string, Finding>();
  for (const property of [...composition.properties, ...witnesses])
    verdicts.set(property.name, decide(nodes, property));
  const dead = nodes.find((node) => node.deadlock);
  verdicts.set('deadlock', dead ? violatedAfter(dead.depth) : { kind: 'holds' });
  const untaken = nodes.find((node) => node.unhandled.length > 0);
  verdicts.set('unhandled', untaken ? violatedAfter(untaken.depth + 1) : { kind: 'holds' });
  if (!finished)
    for (const [name, { steps }] of verdicts) if (steps === undefined) verdicts.set(name, { kind: 'unknown' });

  return {
    states: nodes.length,
    transitions: nodes.reduce((sum, node) => sum + node.steps.length, 0),
    deadlocks: nodes.filter((node) => node.deadlock).length,
    unhandled: nodes.reduce((sum, node) => sum + node.unhandled.length, 0),
    depth: nodes.at(-1)!.depth,
    /** By property, witnesses and the two that every model has included. */
    verdicts: verdicts as ReadonlyMap<string, Finding>,
    /** Where it is false the search was given up, and only violations and witnesses are known. */
    finished,
  };
}

export type Reference = ReturnType<typeof reference>;

/** All states, the initial one first, each with its steps: for whoever asks something else of them. Where there are more, none. */
export function graph(composition: Composition, { states = Number.POSITIVE_INFINITY, notice = () => {} }: Limits = {}) {
  const nodes: Nodes = explore(systemOf(composition, notice), states);
  return nodes.length <= states ? nodes : null;
}

export interface Limits {
  /** The search is given up when it has found more states than this. */
  readonly states?: number;
  /** Told of every wire, fault and cause that is met, as often as it is met. */
  readonly notice?: (what: string) => void;
}

export interface Finding {
  readonly kind: VerdictKind;
  /** The length of a shortest run to a violation or a witness. */
  readonly steps?: number;
}

// ------------------------------------------------------------------------------------------------------------ states

/** One actor's state: what XState knows of it, and the delays that are armed, by id. */
interface Local {
  readonly machine: AnyStateMachine;
  readonly snapshot: AnyMachineSnapshot;
  readonly armed: ReadonlyMap<string, Message>;
  /** The events that some transition of the present state names, enabled or not. */
  readonly named: readonly string[];
  /** A number of its own. */
  readonly key: number;
  /** What it does, by the question. */
  readonly answers: Map<string, unknown>;
}

/** A message that waits, and what it may suffer meanwhile. Only `perSender` mailboxes know the sender; elsewhere it is 0. */
interface Mail {
  readonly from: number;
  readonly message: Message;
  readonly lose: QueueRules['lose'];
  readonly duplicate: QueueRules['duplicate'];
  readonly key: string;
}

/** A global state: a local state and a mailbox for every actor, replicas one by one. */
interface State {
  readonly actors: readonly Local[];
  readonly mailboxes: readonly (readonly Mail[])[];
}

/** Two states are one if this is the same for both. */
function keyOf({ actors, mailboxes }: State): string {
  const letters = mailboxes.map((mailbox) => mailbox.map((mail) => mail.key).join(' '));
  return `${actors.map((local) => local.key).join(' ')}\n${letters.join('\n')}`;
}

/** Plain data as text, such that different data give different texts. A record's fields have no order. */
function encode(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(encode).join()}]`;
  if (typeof data === 'string') return JSON.stringify(data);
  if (typeof data !== 'object' || data === null) return `${typeof data} ${Object.is(data, -0) ? '-0' : data}`;
  const fields = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${encode(value)}`).join()}}`;
}

// ------------------------------------------------------------------------------------------------------------ actors

/** One actor of the model, and what the model says of it. */
interface Seat {
  readonly actor: string;
  readonly self: number;
  readonly machine: AnyStateMachine;
  readonly input: unknown;
  readonly mailbox: MailboxRules;
  /** With the messages of each whose payload is not read. */
  readonly spontaneous: readonly (SpontaneousRule & { readonly fixed: readonly Message[] })[];
}

interface System {
  readonly composition: Composition;
  readonly seats: readonly Seat[];
  /** By all that makes them what they are. */
  readonly locals: Map<string, Local>;
  readonly texts: WeakMap<Message, string>;
  readonly notice: (what: string) => void;
}

/** The next state of an actor that took a message, and what it emits. */
interface Answer {
  readonly local: Local;
  readonly emitted: readonly Message[];
}

function systemOf(composition: Composition, notice: System['notice']): System {
  const seats = Object.entries(composition.actors).flatMap(([actor, { machine, inputs }]) => {
    const mailbox = composition.mailboxes[actor] ?? { capacity: 0 };
    const spontaneous = (composition.spontaneous[actor] ?? []).map((own) => {
      const rule: SpontaneousRule = typeof own === 'string' ? { type: own } : own;
      return { ...rule, fixed: (rule.oneOf ?? [{}]).map((payload) => ({ type: rule.type, ...payload })) };
    });
    return inputs.map((input, self) => ({ actor, self, machine, input, mailbox, spontaneous }));
  });
  return { composition, seats, locals: new Map(), texts: new WeakMap(), notice };
}

/** Starting emits nothing. */
function initialOf(system: System): State {
  const actors = system.seats.map(({ machine, input }) => {
    const { local, emitted } = answerOf(system, machine, new Map(), initialTransition(machine, input));
    if (emitted.length > 0)
      throw malformed('E-EMITS-AT-START', `${machine.id} emits ${emitted[0]!.type} on being started`, machine.id);
    return local;
  });
  return { actors, mailboxes: system.seats.map(() => []) };
}

/** The answer of an actor to a message, or `null` if it does not take it. */
function take(system: System, { machine, snapshot, armed, answers }: Local, message: Message): Answer | null {
  return once(answers, textOf(system, message), () => {
    // `snapshot.can` would say no to an explicit ignore, which is a transition that does nothing.
    const takes = snapshot.status === 'active' && machine.getTransitionData(snapshot, message).length > 0;
    return takes ? answerOf(system, machine, armed, transition(machine, snapshot, message)) : null;
  });
}

/** The actor after a delay has fired and before it takes the message. */
function spend(system: System, { machine, snapshot, armed, answers }: Local, id: string): Local {
  const others = () => new Map([...armed].filter(([other]) => other !== id));
  return once(answers, id, () => localOf(system, machine, snapshot, others()));
}

/** An action that XState returns to be executed, as far as it concerns us. */
interface Action {
  readonly type: string;
  readonly params: { readonly event: Message; readonly id?: string; readonly delay?: unknown; readonly sendId: string };
}

/** What XState returns, sorted: messages to others, and changes to the armed delays. */
function answerOf(
  system: System,
  machine: AnyStateMachine,
  before: Local['armed'],
  [snapshot, actions]: [AnyMachineSnapshot, unknown[]],
): Answer {
  const armed = new Map(before);
  const emitted: Message[] = [];
  for (const { type, params } of actions as Action[]) {
    if (type === 'xstate.emit') emitted.push(params.event);
    // A `raise` without a delay is listed too, but the machine has taken it already.
    const delayed = type === 'xstate.raise' && typeof params.delay === 'number';
    if (delayed) armed.set(params.id ?? params.event.type, params.event);
    if (type === 'xstate.cancel') armed.delete(params.sendId);
  }
  return { local: localOf(system, machine, snapshot, armed), emitted };
}

/** The local state of which this is true. There is one object for it, however often it is reached. */
function localOf(system: System, machine: AnyStateMachine, snapshot: AnyMachineSnapshot, armed: Local['armed']): Local {
  const { value, context, historyValue, status, output } = snapshot;
  const left = Object.entries(historyValue).map(([id, nodes]) => [id, nodes.map((node) => node.id).sort()]);
  const text = encode([value, context, Object.fromEntries(left), status, output, Object.fromEntries(armed)]);
  const whose = system.seats.findIndex((seat) => seat.machine === machine);
  return once(system.locals, `${whose} ${text}`, () => {
    const named = getNextTransitions(snapshot).map((candidate) => candidate.eventType);
    return { machine, snapshot, armed, named, key: system.locals.size, answers: new Map() };
  });
}

/** The one concession to speed: nothing is asked of XState twice, and no message is written twice. */
function once<T>(known: Map<string, unknown>, question: string, answer: () => T): T {
  if (!known.has(question)) known.set(question, answer());
  return known.get(question) as T;
}

function textOf({ texts }: System, message: Message): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const text = encode(message);
  texts.set(message, text);
  return text;
}

/** What `when`, `read` and properties see. Its type is the model's business, and `never` fits them all. */
function roomOf({ composition, seats }: System, { actors, mailboxes }: State): never {
  const peers = seats.map((_, index) => ({
    hasTag: (tag: string) => actors[index]!.snapshot.hasTag(tag),
    context: actors[index]!.snapshot.context,
    mailbox: mailboxes[index]!.map((mail) => mail.message),
  }));
  const byName = Object.entries(composition.actors).map(([name, { kind }]) => {
    const own = peers.filter((_, index) => seats[index]!.actor === name);
    return [name, kind === 'one' ? own[0] : own];
  });
  return Object.fromEntries(byName) as never;
}

// ------------------------------------------------------------------------------------------------------------- steps

/** What may begin a step, and the ways in which the step may go: no two of them have the same outcomes. */
interface Start {
  readonly cause: Cause;
  readonly environment: boolean;
  readonly runs: readonly Run[];
}

/**
 * A step while it is under way, or at its end: the state so far, the messages taken, and how everything went that could go
 * more than one way. Where something goes more than one way, a run becomes several; so what moves a run returns runs.
 * `refused` says that the whole step is not enabled, `unhandled` that it is that verdict.
 */
interface Run extends State {
  readonly taken: readonly Taken[];
  /** What is `unhandled`. */
  readonly missed?: Missed;
  readonly outcomes: readonly Outcome[];
  readonly deliveries: number;
  readonly ended: false | 'refused' | 'unhandled';
}

/** A message that is not handled, and by whom. */
interface Missed {
  readonly who: ActorRef;
  readonly message: Message;
  readonly why: 'not taken' | 'mailbox full';
}

/** Everything that may happen next in a state. */
function startsOf(system: System, state: State, room: never): Start[] {
  const run: Run = { ...state, taken: [], outcomes: [], deliveries: 0, ended: false };
  return system.seats.flatMap((_, actor) => [
    ...spontaneous(system, run, actor, room),
    ...mail(system, run, actor),
    ...delays(system, run, actor),
  ]);
}

function spontaneous(system: System, run: Run, actor: number, room: never): Start[] {
  const { snapshot, named } = run.actors[actor]!;
  const { self, spontaneous } = system.seats[actor]!;
  return spontaneous.flatMap(({ type, when, read, fixed, environment = false }): Start[] => {
    if (snapshot.status !== 'active' || !named.some((name) => stands(name, type))) return [];
    if (when) system.notice('when');
    if (when && !when(room, self)) return [];
    if (read) system.notice('read');
    const messages = read ? [{ type, ...read(room, self) }] : fixed;
    return messages.map((message) => {
      const runs = receive(system, run, actor, message, 'refused');
      return { cause: 'spontaneous', environment, runs };
    });
  });
}

/** Whether the name that a transition has in `on` stands for a type: `door` and `door.*` and `*` for `door`. */
function stands(name: string, type: string): boolean {
  return name === type || name === '*' || (name.endsWith('.*') && `${type}.`.startsWith(name.slice(0, -1)));
}

/**
 * Offered is the first message of every sequence, and in an `unordered` mailbox every distinct one. Lost while it waits may
 * be a message at every position, and in an `unordered` mailbox every distinct one.
 */
function mail(system: System, run: Run, actor: number): Start[] {
  const mailbox = run.mailboxes[actor]!;
  const busy = run.actors[actor]!.snapshot.hasTag('busy');
  const unordered = system.seats[actor]!.mailbox.order === 'unordered';
  const starts: Start[] = [];
  for (const [index, { from, key, lose }] of mailbox.entries()) {
    const again = mailbox.findIndex((other) => other.key === key) < index;
    const behind = mailbox.findIndex((other) => other.from === from) < index;
    const offered = !busy && !(unordered ? again : behind);
    if (offered) starts.push({ cause: 'mailbox', environment: false, runs: takeMail(system, run, actor, index) });
    const losable = lose === 'later' && !(unordered && again);
    if (losable) starts.push({ cause: 'loss', environment: true, runs: [withoutMail(run, actor, index)] });
  }
  return starts;
}

/** A delay that fires is spent, whether or not its message is taken. */
function delays(system: System, run: Run, actor: number): Start[] {
  const local = run.actors[actor]!;
  return [...local.armed].map(([id, message]) => {
    const spent = { ...run, actors: run.actors.with(actor, spend(system, local, id)) };
    return { cause: 'delay', environment: false, runs: receive(system, spent, actor, message, false) };
  });
}

// ---------------------------------------------------------------------------------------------------------- cascades

/** An actor takes a message, and what it emits is delivered, each with all that it causes before the next. */
function receive(system: System, run: Run, to: number, message: Message, otherwise: Run['ended']): Run[] {
  const answer = take(system, run.actors[to]!, message);
  const { actor, self } = system.seats[to]!;
  if (answer === null)
    return [{ ...run, ended: otherwise, missed: { who: { actor, self }, message, why: 'not taken' } }];
  const taken = [...run.taken, { actor, self, message }];
  let runs: Run[] = [{ ...run, actors: run.actors.with(to, answer.local), taken }];
  for (const delivery of answer.emitted.flatMap((emission) => deliveriesOf(system, to, emission))) {
    runs = runs.flatMap((each) => (each.ended ? [each] : deliver(system, each, delivery)));
  }
  return runs;
}

interface Delivery {
  readonly from: number;
  readonly to: number;
  readonly message: Message;
  readonly how: 'call' | 'rendezvous' | QueueRules;
}

/** Whom an emission reaches, in order. */
function deliveriesOf({ composition, seats }: System, from: number, message: Message): Delivery[] {
  const wire = composition.wires[seats[from]!.actor]?.[message.type];
  if (wire === undefined)
    throw malformed('E-UNWIRED', `${message.type} is emitted and has no wire`, seats[from]!.actor);
  const along = (route: unknown, how: Delivery['how']) => {
    const receivers = typeof route === 'function' ? route(message, seats[from]!.self) : route;
    return indexesOf(seats, receivers).map((to) => ({ from, to, message, how }));
  };
  if (typeof wire === 'object' && 'rendezvous' in wire) return along(wire.rendezvous, 'rendezvous');
  return typeof wire === 'object' && 'queue' in wire ? along(wire.queue, wire) : along(wire, 'call');
}

/** `'task'` is every replica, `['task', 1]` is one, and a list of these is all of them in order. */
function indexesOf(seats: readonly Seat[], receivers: Receivers): number[] {
  if (Array.isArray(receivers) && typeof receivers[1] !== 'number') {
    return receivers.flatMap((address) => indexesOf(seats, address));
  }
  const [name, self] = typeof receivers === 'string' ? [receivers] : (receivers as readonly [string, number]);
  const all = seats.flatMap(({ actor }, index) => (actor === name ? [index] : []));
  return self === undefined ? all : [all[self]!];
}

function deliver(system: System, before: Run, { from, to, message, how }: Delivery): Run[] {
  const run = { ...before, deliveries: before.deliveries + 1 };
  if (run.deliveries > 1_000) throw malformed('E-CASCADE', 'the cascade does not end', system.seats[to]!.actor);
  system.notice(typeof how === 'string' ? how : 'queue');
  if (how === 'call') return receive(system, run, to, message, 'unhandled');
  if (how === 'rendezvous') return receive(system, run, to, message, 'refused');

  const put = (into: Run) => putMail(system, into, from, to, message, how);
  if (how.lose !== true && how.duplicate !== true) return [put(run)];
  const runs = [put(withOutcome(run, 'delivered'))];
  if (how.lose === true) runs.push(withOutcome(run, 'lost'));
  if (how.duplicate === true) runs.push(put(put(withOutcome(run, 'twice'))));
  for (const { outcomes } of runs) system.notice(outcomes.at(-1)!);
  return runs;
}

const withOutcome = (run: Run, outcome: Outcome): Run => ({ ...run, outcomes: [...run.outcomes, outcome] });

// --------------------------------------------------------------------------------------------------------- mailboxes

/** A mailbox is one list: by arrival, by sender and then by arrival, or sorted where order means nothing. */
function putMail(system: System, run: Run, sender: number, to: number, message: Message, rules: QueueRules): Run {
  if (run.ended) return run;
  const { order, capacity } = system.seats[to]!.mailbox;
  const mailbox = run.mailboxes[to]!;
  const from = order === 'perSender' ? sender : 0;
  // What a send has gone through (`true`) is over; only what may still come is part of the message.
  const lose = rules.lose === 'later' ? rules.lose : undefined;
  const duplicate = rules.duplicate === true ? undefined : rules.duplicate;
  const key = `${from} ${textOf(system, message)} ${lose} ${duplicate}`;
  if (order === 'unordered' && duplicate && mailbox.some((other) => other.key === key)) return run;
  if (mailbox.filter((other) => other.from === from).length >= capacity)
    return overflow(system, run, to, message, rules.full);

  const next = [...mailbox, { from, message, lose, duplicate, key }];
  if (order === 'perSender') next.sort((a, b) => a.from - b.from);
  if (order === 'unordered') next.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { ...run, mailboxes: run.mailboxes.with(to, next) };
}

function overflow(system: System, run: Run, to: number, message: Message, full: QueueRules['full'] = 'block'): Run {
  system.notice(`full: ${full}`);
  if (full === 'drop') return run;
  const { actor, self } = system.seats[to]!;
  const missed: Missed = { who: { actor, self }, message, why: 'mailbox full' };
  return { ...run, ended: full === 'block' ? 'refused' : 'unhandled', missed };
}

function withoutMail(run: Run, actor: number, index: number): Run {
  return { ...run, mailboxes: run.mailboxes.with(actor, run.mailboxes[actor]!.toSpliced(index, 1)) };
}

/** A message that is taken has left before its cascade runs, or stays if it may. */
function takeMail(system: System, run: Run, actor: number, index: number): Run[] {
  const { message, duplicate } = run.mailboxes[actor]![index]!;
  const takeIn = (before: Run) => receive(system, before, actor, message, 'unhandled');
  if (take(system, run.actors[actor]!, message) === null) return takeIn(run);
  if (duplicate) system.notice(`duplicate: ${duplicate}`);
  if (duplicate === 'forever') return takeIn(run);
  const left = withoutMail(run, actor, index);
  if (duplicate !== 'later') return takeIn(left);
  return [...takeIn(withOutcome(left, 'leaves')), ...takeIn(withOutcome(run, 'stays'))];
}

// ------------------------------------------------------------------------------------------------------------ search

/** A state that was reached, and what is known of it. */
export interface Node {
  readonly state: State;
  readonly room: never;
  readonly depth: number;
  readonly steps: { readonly taken: readonly Taken[]; readonly to: Node }[];
  /** Steps that are that verdict. */
  readonly unhandled: { readonly taken: readonly Taken[]; readonly missed: Missed }[];
  deadlock: boolean;
}

type Nodes = readonly Node[];

/** The states in the order in which they are reached, which is the order of their depths. */
function explore(system: System, limit: number): Nodes {
  const known = new Map<string, Node>();
  const nodes: Node[] = [];
  const reach = (state: State, depth: number): Node => {
    const key = keyOf(state);
    const old = known.get(key);
    if (old) return old;
    const node: Node = { state, room: roomOf(system, state), depth, steps: [], unhandled: [], deadlock: false };
    known.set(key, node);
    nodes.push(node);
    return node;
  };
  reach(initialOf(system), 0);
  for (const node of nodes) if (nodes.length <= limit) expand(system, node, reach);
  return nodes;
}

function expand(system: System, node: Node, reach: (state: State, depth: number) => Node): void {
  let settled = true;
  for (const { cause, environment, runs } of startsOf(system, node.state, node.room)) {
    for (const { actors, mailboxes, taken, ended, missed } of runs) {
      if (ended === 'refused') continue;
      system.notice(cause);
      settled &&= environment;
      if (ended === 'unhandled') node.unhandled.push({ taken, missed: missed! });
      else node.steps.push({ taken, to: reach({ actors, mailboxes }, node.depth + 1) });
    }
  }
  node.deadlock = settled && !isAtRest(node.state);
}

/** Everyone may stop here for good, and nobody has mail. */
function isAtRest({ actors, mailboxes }: State): boolean {
  const stopped = actors.every(({ snapshot }) => snapshot.hasTag('rest') || snapshot.status === 'done');
  return stopped && mailboxes.every((mailbox) => mailbox.length === 0);
}

// ---------------------------------------------------------------------------------------------------------- verdicts

const violatedAfter = (steps: number): Finding => ({ kind: 'violated', steps });

function decide(nodes: Nodes, property: Property<never>): Finding {
  switch (property.kind) {
    case 'always':
      return decideAlways(nodes, property);
    case 'sometimes':
      return decideSometimes(nodes, property);
    case 'step':
      return decideStep(nodes, property);
    case 'precedes':
      return decidePrecedes(nodes, property);
  }
}

function decideAlways(nodes: Nodes, { holds, when, witness }: Always<never>): Finding {
  const premised = nodes.filter(({ room }) => !when || when(room));
  const bad = premised.find(({ room }) => !holds(room));
  if (bad) return violatedAfter(bad.depth);
  const vacuous = premised.length === 0 || !nodes.some(({ room }) => witness.holds(room));
  return { kind: vacuous ? 'vacuous' : 'holds' };
}

function decideSometimes(nodes: Nodes, { holds }: Sometimes<never>): Finding {
  const good = nodes.find(({ room }) => holds(room));
  return good ? { kind: 'holds', steps: good.depth } : { kind: 'unreached' };
}

function decideStep(nodes: Nodes, { holds, when, witness }: Step<never>): Finding {
  let premised = when === undefined;
  for (const node of nodes) {
    for (const { taken, to } of node.steps) {
      const change = { before: node.room, taken, after: to.room };
      if (when && !when(change)) continue;
      premised = true;
      if (!holds(change)) return violatedAfter(node.depth + 1);
    }
  }
  const vacuous = !premised || (witness && !nodes.some(({ room }) => witness.holds(room)));
  return { kind: vacuous ? 'vacuous' : 'holds' };
}

function decidePrecedes(nodes: Nodes, property: Precedes<never>): Finding {
  const steps = tooEarly(nodes[0]!, property);
  if (steps !== undefined) return violatedAfter(steps);
  const { then } = property;
  const comes = nodes.some((node) => inState(then, node) || node.steps.some(({ taken }) => inStep(then, taken)));
  return { kind: comes ? 'holds' : 'vacuous' };
}

/**
 * The length of a shortest run in which `then` comes and `first` has not: a search of its own, breadth first, which turns
 * back wherever `first` comes. What is looked at in turn is a state, a step, the state that it leads to, the next step.
 */
function tooEarly(start: Node, { first, then }: Precedes<never>): number | undefined {
  if (inState(first, start)) return undefined;
  if (inState(then, start)) return 0;
  const without = new Map([[start, 0]]);
  for (const [node, depth] of without) {
    for (const { taken, to } of node.steps) {
      if (inStep(first, taken)) continue;
      if (inStep(then, taken)) return depth + 1;
      if (inState(first, to) || without.has(to)) continue;
      if (inState(then, to)) return depth + 1;
      without.set(to, depth + 1);
    }
  }
  return undefined;
}

const inState = (it: Occurrence<never>, { room }: Node): boolean => typeof it === 'function' && it(room);

function inStep(it: Occurrence<never>, taken: readonly Taken[]): boolean {
  if (typeof it === 'function') return false;
  const [actor, type] = it as readonly [string, string];
  return taken.some((each) => each.actor === actor && each.message.type === type);
}

function malformed(code: Code, headline: string, where: string): SpecError {
  return new SpecError(headline, { code, where, why: 'docs/semantics.md rules it out', instead: 'see there' });
}
