import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  getNextTransitions,
  initialTransition,
  transition,
} from 'xstate';
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
import type { Outcome, VerdictKind } from '../src/explore/verdict.ts';

/**
 * The checker, slowly: what `docs/semantics.md` says, in as few plain lines as it takes.
 *
 * Read this first. A state is a plain object, a step makes a new one, and the search is a list that grows while it is
 * walked. The explorer in `src/explore/` gives the same counts and verdicts a thousand times faster; the two share no
 * code but the types, and `test/differential.test.ts` holds the one to the other.
 *
 * Left out: evidence (it says how long a shortest run is, not which), limits other than a number of states, and every
 * check that a model is well-formed.
 */

// ------------------------------------------------------------------------------------------------------------ states

/** One actor's state: what XState knows of it, and the delays that are armed, by id. */
interface Local {
  readonly machine: AnyStateMachine;
  readonly snapshot: AnyMachineSnapshot;
  readonly armed: ReadonlyMap<string, Message>;
  /** The types that some transition of the present state names, enabled or not. */
  readonly named: ReadonlySet<string>;
  readonly key: string;
}

/** What may still happen to a message that waits. It travels with the message, and is part of it. */
type Hazards = Pick<QueueRules, 'lose' | 'duplicate'>;

/** A message that waits. Only `perSender` mailboxes know the sender; in the others `from` is 0. */
interface Mail extends Hazards {
  readonly from: number;
  readonly message: Message;
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
  return `${actors.map((local) => local.key).join('\n')}\n${letters.join('\n')}`;
}

function localOf(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, armed: ReadonlyMap<string, Message>): Local {
  const { value, context, historyValue, status, output } = snapshot;
  const left = Object.entries(historyValue).map(([id, nodes]) => [id, nodes.map((node) => node.id).sort()]);
  const key = encode([value, context, Object.fromEntries(left), status, output, Object.fromEntries(armed)]);
  const named = new Set(getNextTransitions(snapshot).map((candidate) => candidate.eventType));
  return { machine, snapshot, armed, named, key };
}

/** Plain data as text, such that different data give different texts. A record's keys have no order. */
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
  readonly spontaneous: readonly SpontaneousRule[];
}

/** What a machine does with a message. */
interface Answer {
  readonly local: Local;
  readonly emitted: readonly Message[];
}

interface System {
  readonly composition: Composition;
  readonly seats: readonly Seat[];
  readonly answers: Map<AnyStateMachine, Map<string, Answer | null>>;
  readonly notice: (what: string) => void;
}

function systemOf(composition: Composition, notice: System['notice']): System {
  const seats = Object.entries(composition.actors).flatMap(([actor, { machine, inputs }]) =>
    inputs.map((input, self) => ({
      actor,
      self,
      machine,
      input,
      mailbox: composition.mailboxes[actor] ?? { capacity: 0 },
      spontaneous: (composition.spontaneous[actor] ?? []).map((own) => (typeof own === 'string' ? { type: own } : own)),
    })),
  );
  return { composition, seats, answers: new Map(seats.map(({ machine }) => [machine, new Map()])), notice };
}

/** Starting emits nothing. */
function initialOf({ seats }: System): State {
  const actors = seats.map(({ machine, input }) => {
    const { local, emitted } = read(machine, new Map(), ...initialTransition(machine, input));
    if (emitted.length > 0) throw malformed(`${machine.id}: emits ${emitted[0]!.type} on being started`, machine.id);
    return local;
  });
  return { actors, mailboxes: seats.map(() => []) };
}

/**
 * The answer of an actor to a message, or `null` if it does not take it.
 *
 * The one concession to speed: XState is asked once for each local state and message, and its answer is kept.
 */
function take({ answers }: System, { machine, snapshot, armed, key }: Local, message: Message): Answer | null {
  const known = answers.get(machine)!;
  const question = `${key} ${encode(message)}`;
  let answer = known.get(question);
  if (answer === undefined) {
    // `snapshot.can` would say no to an explicit ignore, which has a transition that does nothing.
    const takes = snapshot.status === 'active' && machine.getTransitionData(snapshot, message).length > 0;
    answer = takes ? read(machine, armed, ...transition(machine, snapshot, message)) : null;
    known.set(question, answer);
  }
  return answer;
}

/** An action that XState would execute, as far as it concerns us. */
interface Action {
  readonly type: string;
  readonly params: { readonly event: Message; readonly id?: string; readonly delay?: unknown; readonly sendId: string };
}

/** The actions that XState returns, sorted into messages to others and changes to the armed delays. */
function read(machine: AnyStateMachine, before: Local['armed'], next: AnyMachineSnapshot, actions: unknown[]): Answer {
  const armed = new Map(before);
  const emitted: Message[] = [];
  for (const { type, params } of actions as Action[]) {
    if (type === 'xstate.emit') emitted.push(params.event);
    // A `raise` without a delay is listed too, but the machine has taken it already.
    if (type === 'xstate.raise' && typeof params.delay === 'number')
      armed.set(params.id ?? params.event.type, params.event);
    if (type === 'xstate.cancel') armed.delete(params.sendId);
  }
  return { local: localOf(machine, next, armed), emitted };
}

/** What `when`, `read` and properties see. */
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

/** How a step begins. What makes two beginnings in one state different is all in here. */
type Start = { readonly actor: number; readonly environment: boolean } & (
  | { readonly cause: 'spontaneous'; readonly message: Message }
  | { readonly cause: 'mailbox' | 'loss'; readonly index: number }
  | { readonly cause: 'delay'; readonly id: string; readonly message: Message }
);

/** Everything that may happen next in a state. */
function startsOf(system: System, state: State, room: never): Start[] {
  return system.seats.flatMap((_, actor) => [
    ...spontaneous(system, state, room, actor),
    ...offered(system, state, actor),
    ...delays(state, actor),
    ...losses(system, state, actor),
  ]);
}

function spontaneous(system: System, state: State, room: never, actor: number): Start[] {
  const { snapshot, named } = state.actors[actor]!;
  const { self, spontaneous } = system.seats[actor]!;
  const starts = new Map<string, Start>();
  for (const { type, when, read, oneOf = [{}], environment = false } of spontaneous) {
    if (snapshot.status !== 'active' || !named.has(type)) continue;
    if (when) system.notice('when');
    if (when && !when(room, self)) continue;
    if (read) system.notice('read');
    for (const payload of read ? [read(room, self)] : oneOf) {
      const message = { type, ...payload };
      const key = encode(message);
      // The same message allowed twice is one step, and the environment's only if each of the two is.
      const others = starts.get(key)?.environment ?? true;
      starts.set(key, { cause: 'spontaneous', actor, message, environment: environment && others });
    }
  }
  return [...starts.values()];
}

/** The first message of every sequence; in an `unordered` mailbox, every distinct message. */
function offered(system: System, state: State, actor: number): Start[] {
  if (state.actors[actor]!.snapshot.hasTag('busy')) return [];
  const mailbox = state.mailboxes[actor]!;
  const { order } = system.seats[actor]!.mailbox;
  return mailbox.flatMap((mail, index) => {
    const first =
      order === 'unordered' ? firstEqual(mailbox, mail) : mailbox.findIndex(({ from }) => from === mail.from);
    return first === index ? [{ cause: 'mailbox', actor, index, environment: false }] : [];
  });
}

/** Messages that may be lost while they wait, at each position; in an `unordered` mailbox, each distinct one. */
function losses(system: System, state: State, actor: number): Start[] {
  const mailbox = state.mailboxes[actor]!;
  const { order } = system.seats[actor]!.mailbox;
  return mailbox.flatMap((mail, index) => {
    const counts = mail.lose === 'later' && (order !== 'unordered' || firstEqual(mailbox, mail) === index);
    return counts ? [{ cause: 'loss', actor, index, environment: true }] : [];
  });
}

function delays(state: State, actor: number): Start[] {
  const armed = [...state.actors[actor]!.armed];
  return armed.map(([id, message]) => ({ cause: 'delay', actor, id, message, environment: false }));
}

/** The index of the first message in the mailbox that equals this one, or -1. */
const firstEqual = (mailbox: readonly Mail[], { key }: Mail): number => mailbox.findIndex((other) => other.key === key);

// ---------------------------------------------------------------------------------------------------------- cascades

/**
 * A step while it is under way, or at its end: the state so far, the messages taken, and how everything went that could go
 * more than one way. Where something goes more than one way, a run becomes several; so each function below takes a run and
 * returns runs. `refused` says that the whole step is not enabled, `unhandled` that it is that verdict.
 */
interface Run extends State {
  readonly taken: readonly Taken[];
  readonly outcomes: readonly Outcome[];
  readonly deliveries: number;
  readonly ended: false | 'refused' | 'unhandled';
}

/** The ways in which a step may go. No two of them have the same outcomes. */
function runsOf(system: System, state: State, start: Start): Run[] {
  const { actor } = start;
  const run: Run = { ...state, taken: [], outcomes: [], deliveries: 0, ended: false };
  switch (start.cause) {
    case 'spontaneous':
      return receive(system, run, actor, start.message, 'refused');
    case 'mailbox':
      return takeMail(system, run, actor, start.index);
    case 'loss':
      return [withoutMail(run, actor, start.index)];
    case 'delay': {
      const { machine, snapshot, armed } = state.actors[actor]!;
      const others = new Map([...armed].filter(([id]) => id !== start.id));
      const spent = { ...run, actors: run.actors.with(actor, localOf(machine, snapshot, others)) };
      return receive(system, spent, actor, start.message, false);
    }
  }
}

/** An actor takes a message, and what it emits is delivered, each with all that it causes before the next. */
function receive(system: System, run: Run, to: number, message: Message, otherwise: Run['ended']): Run[] {
  const answer = take(system, run.actors[to]!, message);
  if (answer === null) return [{ ...run, ended: otherwise }];
  const { actor, self } = system.seats[to]!;
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
  if (wire === undefined) throw malformed(`nothing is said of ${message.type}`, `wires of ${seats[from]!.actor}`);
  const known = (how: Delivery['how'], route: unknown) => {
    const receivers = typeof route === 'function' ? route(message, seats[from]!.self) : route;
    return indexesOf(seats, receivers).map((to) => ({ from, to, message, how }));
  };
  if (typeof wire === 'object' && 'rendezvous' in wire) return known('rendezvous', wire.rendezvous);
  if (typeof wire === 'object' && 'queue' in wire) return known(wire, wire.queue);
  return known('call', wire);
}

/** `'task'` is every replica, `['task', 1]` is one, and a list of these is all of them in order. */
function indexesOf(seats: readonly Seat[], receivers: Receivers): number[] {
  if (Array.isArray(receivers) && typeof receivers[1] !== 'number') {
    return receivers.flatMap((address) => indexesOf(seats, address));
  }
  const [name, self] = typeof receivers === 'string' ? [receivers] : (receivers as readonly [string, number]);
  const all = seats.map((_, index) => index).filter((index) => seats[index]!.actor === name);
  return self === undefined ? all : [all[self]!];
}

function deliver(system: System, before: Run, { from, to, message, how }: Delivery): Run[] {
  const run = { ...before, deliveries: before.deliveries + 1 };
  if (run.deliveries > 1000) throw malformed('the cascade does not end', system.seats[to]!.actor);
  if (typeof how === 'string') {
    system.notice(how);
    return receive(system, run, to, message, how === 'call' ? 'unhandled' : 'refused');
  }
  system.notice('queue');
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
  const { full = 'block' } = rules;
  const from = order === 'perSender' ? sender : 0;
  // What a send has already gone through (`true`) is over; only what may still come (`later`, `forever`) is kept.
  const hazards: Hazards = {
    ...(rules.lose === 'later' && { lose: 'later' }),
    ...(typeof rules.duplicate === 'string' && { duplicate: rules.duplicate }),
  };
  const mail: Mail = { from, message, ...hazards, key: encode([from, message, hazards]) };
  const mailbox = run.mailboxes[to]!;
  if (order === 'unordered' && mail.duplicate && firstEqual(mailbox, mail) >= 0) return run;
  if (mailbox.filter((other) => other.from === from).length >= capacity) {
    system.notice(`full: ${full}`);
    return full === 'drop' ? run : { ...run, ended: full === 'block' ? 'refused' : 'unhandled' };
  }
  const next = [...mailbox, mail];
  if (order === 'perSender') next.sort((a, b) => a.from - b.from);
  if (order === 'unordered') next.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { ...run, mailboxes: run.mailboxes.with(to, next) };
}

function withoutMail(run: Run, actor: number, index: number): Run {
  return { ...run, mailboxes: run.mailboxes.with(actor, run.mailboxes[actor]!.toSpliced(index, 1)) };
}

/** A message that is taken has left before its cascade runs, or stays if it may. */
function takeMail(system: System, run: Run, actor: number, index: number): Run[] {
  const { message, duplicate } = run.mailboxes[actor]![index]!;
  if (take(system, run.actors[actor]!, message) === null) return [{ ...run, ended: 'unhandled' }];
  if (duplicate) system.notice(duplicate === 'later' ? 'stays' : 'forever');
  if (duplicate === 'forever') return receive(system, run, actor, message, 'unhandled');
  const left = withoutMail(run, actor, index);
  if (duplicate !== 'later') return receive(system, left, actor, message, 'unhandled');
  return [
    ...receive(system, withOutcome(left, 'leaves'), actor, message, 'unhandled'),
    ...receive(system, withOutcome(run, 'stays'), actor, message, 'unhandled'),
  ];
}

// ------------------------------------------------------------------------------------------------------------ search

/** A state that was reached, and what is known of it. */
interface Node {
  readonly state: State;
  readonly room: never;
  readonly depth: number;
  readonly key: string;
  readonly steps: { readonly taken: readonly Taken[]; readonly to: Node }[];
  unhandled: number;
  deadlock: boolean;
}

/** The states in the order in which they were reached, which is the order of their depths. */
interface Graph {
  readonly nodes: readonly Node[];
  readonly finished: boolean;
}

function explore(system: System, limit: number): Graph {
  const known = new Map<string, Node>();
  const nodes: Node[] = [];
  const reach = (state: State, depth: number): Node => {
    const key = keyOf(state);
    const node = known.get(key) ?? {
      state,
      room: roomOf(system, state),
      depth,
      key,
      steps: [],
      unhandled: 0,
      deadlock: false,
    };
    if (!known.has(key)) nodes.push(node);
    known.set(key, node);
    return node;
  };
  reach(initialOf(system), 0);
  for (const node of nodes) {
    if (nodes.length > limit) return { nodes, finished: false };
    expand(system, node, reach);
  }
  return { nodes, finished: true };
}

function expand(system: System, node: Node, reach: (state: State, depth: number) => Node): void {
  let settled = true;
  for (const start of startsOf(system, node.state, node.room)) {
    for (const { actors, mailboxes, taken, ended } of runsOf(system, node.state, start)) {
      if (ended === 'refused') continue;
      system.notice(start.cause);
      settled &&= start.environment;
      if (ended === 'unhandled') node.unhandled += 1;
      else node.steps.push({ taken, to: reach({ actors, mailboxes }, node.depth + 1) });
    }
  }
  node.deadlock = settled && !atRest(node.state);
}

/** Everyone may stop here for good, and nobody has mail. */
function atRest({ actors, mailboxes }: State): boolean {
  const stopped = actors.every(({ snapshot }) => snapshot.hasTag('rest') || snapshot.status === 'done');
  return stopped && mailboxes.every((mailbox) => mailbox.length === 0);
}

// ---------------------------------------------------------------------------------------------------------- verdicts

export interface Finding {
  readonly kind: VerdictKind;
  readonly steps?: number;
}

const violatedAfter = (steps: number): Finding => ({ kind: 'violated', steps });

function decide(graph: Graph, property: Property<never>): Finding {
  switch (property.kind) {
    case 'always':
      return decideAlways(graph, property);
    case 'sometimes':
      return decideSometimes(graph, property);
    case 'step':
      return decideStep(graph, property);
    case 'precedes':
      return decidePrecedes(graph, property);
  }
}

function decideAlways({ nodes }: Graph, { holds, when, witness }: Always<never>): Finding {
  const premised = nodes.filter(({ room }) => !when || when(room));
  const bad = premised.find(({ room }) => !holds(room));
  if (bad) return violatedAfter(bad.depth);
  const vacuous = premised.length === 0 || !nodes.some(({ room }) => witness.holds(room));
  return { kind: vacuous ? 'vacuous' : 'holds' };
}

function decideSometimes({ nodes }: Graph, { holds }: Sometimes<never>): Finding {
  const good = nodes.find(({ room }) => holds(room));
  return good ? { kind: 'holds', steps: good.depth } : { kind: 'unreached' };
}

function decideStep({ nodes }: Graph, { holds, when, witness }: Step<never>): Finding {
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

function decidePrecedes(graph: Graph, property: Precedes<never>): Finding {
  const steps = tooEarly(graph, property);
  if (steps !== undefined) return violatedAfter(steps);
  const { then } = property;
  const comes = graph.nodes.some((node) => inState(then, node) || node.steps.some(({ taken }) => inStep(then, taken)));
  return { kind: comes ? 'holds' : 'vacuous' };
}

/**
 * The length of a shortest run in which `then` comes and `first` has not: a search of its own, breadth first, which turns
 * back wherever `first` comes. What is looked at in turn is a state, a step, the state it leads to, the next step.
 */
function tooEarly({ nodes }: Graph, { first, then }: Precedes<never>): number | undefined {
  const start = nodes[0]!;
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

// ------------------------------------------------------------------------------------------------------------ report

export interface Reference {
  readonly states: number;
  readonly transitions: number;
  readonly deadlocks: number;
  readonly unhandled: number;
  readonly depth: number;
  /** By property, witnesses and the two that every model has included. */
  readonly verdicts: ReadonlyMap<string, Finding>;
  readonly stateKeys: ReadonlySet<string>;
  /** Where it is false the search was given up, and only violations and witnesses are known. */
  readonly finished: boolean;
}

export interface ReferenceLimits {
  /** The search is given up when it has found more states than this. */
  readonly states?: number;
  /** Told of every wire, fault and cause that is met, as often as it is met. */
  readonly notice?: (what: string) => void;
}

export function reference(composition: Composition, limits: ReferenceLimits = {}): Reference {
  const { states = Number.POSITIVE_INFINITY, notice = () => {} } = limits;
  const graph = explore(systemOf(composition, notice), states);
  const { nodes, finished } = graph;

  const verdicts = new Map<string, Finding>();
  const witnesses = composition.properties.flatMap((property) => ('witness' in property && property.witness) || []);
  for (const property of [...composition.properties, ...witnesses])
    verdicts.set(property.name, decide(graph, property));
  const dead = nodes.find((node) => node.deadlock);
  verdicts.set('deadlock', dead ? violatedAfter(dead.depth) : { kind: 'holds' });
  const untaken = nodes.find((node) => node.unhandled > 0);
  verdicts.set('unhandled', untaken ? violatedAfter(untaken.depth + 1) : { kind: 'holds' });
  for (const [name, { steps }] of finished ? [] : verdicts)
    if (steps === undefined) verdicts.set(name, { kind: 'unknown' });

  return {
    states: nodes.length,
    transitions: nodes.reduce((sum, node) => sum + node.steps.length, 0),
    deadlocks: nodes.filter((node) => node.deadlock).length,
    unhandled: nodes.reduce((sum, node) => sum + node.unhandled, 0),
    depth: nodes.at(-1)!.depth,
    verdicts,
    stateKeys: new Set(nodes.map((node) => node.key)),
    finished,
  };
}

function malformed(headline: string, where: string): SpecError {
  return new SpecError(headline, { where, why: 'docs/semantics.md rules it out', instead: 'see there' });
}
