import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { type AnyStateMachine, assign, cancel, emit, raise, setup } from 'xstate';
import type { Composition, MailboxRules, QueueRules, Receivers } from '../src/explore/model.ts';
import { always, never, type Occurrence, precedes, sometimes, step, type Taken } from '../src/explore/property.ts';

/**
 * Small random models, as plain data that can be printed, shrunk and built again.
 *
 * They are drawn in two moves: numbers without any constraint (`raw…`), which shrink well, and then a reading of them that
 * is a valid model whatever the numbers are (`tidy…`). Valid means: nothing is emitted at the start; what is wired or
 * spontaneous is in some `on` of its receiver; what is emitted has a wire; no two regions take one spontaneous message; and
 * cascades and `always` end.
 *
 * Cascades end because messages are ranked by their numbers: what is emitted in answer to `m1` is called only if it is `m2`
 * or higher, and goes into a mailbox otherwise. `always` ends because it leads to states with higher numbers only.
 */

// ------------------------------------------------------------------------------------------------------- descriptions

/** A number: fixed, or one that the machine knows. */
type ValueSpec = number | 'n' | 'v' | 'me';
type GuardSpec = { readonly of: 'n' | 'v' | 'me' | 'what'; readonly is: number; readonly not: boolean };

type ActionSpec =
  | { readonly do: 'emit'; readonly message: string; readonly v?: ValueSpec; readonly withWhat?: true }
  /** Counts `n` up, round its size, or keeps the payload in it. */
  | { readonly do: 'count' | 'keep' }
  /** Keeps one of the odd values in `what`. */
  | { readonly do: 'set'; readonly what: number }
  /** `raise` raises `r` at once, `arm` raises `t` after a delay, `cancel` disarms that. */
  | { readonly do: 'raise' | 'arm' | 'cancel' };

interface BranchSpec {
  readonly guard?: GuardSpec;
  readonly target?: string;
  readonly reenter?: true;
  readonly actions: readonly ActionSpec[];
}

/** By message; without branches it is an explicit ignore. */
type HandlersSpec = Readonly<Record<string, readonly BranchSpec[]>>;

interface StateSpec {
  readonly name: string;
  readonly tags: readonly string[];
  readonly final: boolean;
  readonly on: HandlersSpec;
  readonly entry: readonly ActionSpec[];
  readonly exit: readonly ActionSpec[];
  readonly after?: BranchSpec;
  readonly always?: BranchSpec;
}

/**
 * A machine: `states` at its top, or two `regions`, or both: then `inner` is one of the top states and contains the regions
 * (one of them: it is compound; two: it is parallel) and a history state. A region is its states; the first is initial.
 */
interface MachineSpec {
  readonly size: number;
  readonly states: readonly StateSpec[];
  readonly regions: readonly (readonly StateSpec[])[];
  readonly history: 'shallow' | 'deep';
  /** Where the machine goes from `inner` when that is done. */
  readonly onDone?: string;
  readonly output: boolean;
  readonly on: HandlersSpec;
}

type AddressSpec = string | readonly [string, number];
type RouteSpec =
  | { readonly by: 'address'; readonly to: AddressSpec }
  | { readonly by: 'list'; readonly to: readonly AddressSpec[] }
  /** To the replica that the payload, or the sender's own number, names. */
  | { readonly by: 'payload' | 'self'; readonly to: string; readonly count: number }
  /** To nobody where the payload is 0. */
  | { readonly by: 'chance'; readonly to: string };

interface WireSpec {
  readonly how: 'call' | 'rendezvous' | 'queue';
  readonly route: RouteSpec;
  readonly rules: QueueRules;
}

type TestSpec =
  | { readonly of: 'tag'; readonly is: string }
  | { readonly of: 'n' | 'what' | 'mail'; readonly is: number }
  | { readonly of: 'waiting' | 'first'; readonly is: string };

/** Something about an actor (of replicas: some, every, or the one with the number of the asking one). */
interface PredicateSpec {
  readonly actor: string;
  readonly who: 'some' | 'every' | 'self';
  readonly test: TestSpec;
  readonly not: boolean;
  readonly and?: PredicateSpec;
}

interface SpontaneousSpec {
  readonly message: string;
  readonly environment: boolean;
  readonly when?: PredicateSpec;
  readonly oneOf?: readonly number[];
  /** The peer whose `n`, or whose number of messages that wait, is read. */
  readonly read?: { readonly actor: string; readonly of: 'n' | 'mail' };
}

interface ActorSpec {
  readonly name: string;
  readonly machine: number;
  readonly count: number;
  /** By message. */
  readonly wires: Readonly<Record<string, WireSpec>>;
  readonly mailbox?: MailboxRules;
  readonly spontaneous: readonly SpontaneousSpec[];
}

type ChangeSpec =
  | { readonly of: 'taken'; readonly message: string; readonly most: number }
  | { readonly of: 'length'; readonly most: number }
  | { readonly of: 'states'; readonly before: PredicateSpec; readonly after: PredicateSpec };

type OccurrenceSpec = PredicateSpec | { readonly actor: string; readonly takes: string };

type PropertySpec = { readonly name: string } & (
  | { readonly kind: 'sometimes'; readonly holds: PredicateSpec }
  | {
      readonly kind: 'always' | 'never';
      readonly holds: PredicateSpec;
      readonly when?: PredicateSpec;
      readonly witness: PredicateSpec;
    }
  | { readonly kind: 'step'; readonly holds: ChangeSpec; readonly when?: ChangeSpec; readonly witness?: PredicateSpec }
  | { readonly kind: 'precedes'; readonly first: OccurrenceSpec; readonly later: OccurrenceSpec }
);

export interface SystemSpec {
  /** The messages that carry a payload `v`. */
  readonly loaded: readonly string[];
  readonly machines: readonly MachineSpec[];
  readonly actors: readonly ActorSpec[];
  readonly properties: readonly PropertySpec[];
}

const allTags = ['rest', 'busy', 'red', 'blue'] as const;
/** Values that a careless encoding confuses. */
const odd: readonly unknown[] = [0, -0, Number.NaN, null, undefined, '0', [], {}];

// -------------------------------------------------------------------------------------------------------- raw numbers

const any = fc.nat({ max: 999 });
/** True about so many times in a hundred; shrinks to false. */
const chance = (percent: number) => fc.integer({ min: 0, max: 99 }).map((n) => n >= 100 - percent);
const few = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number, minLength = 0) =>
  fc.array(arbitrary, { minLength, maxLength, size: 'max' });
const oneOf = <const T>(...values: readonly T[]) => fc.constantFrom(...values);

const rawGuard = fc.record({ of: oneOf('n', 'n', 'v', 'me', 'what'), is: fc.nat({ max: 1 }), not: fc.boolean() });
const rawAction = fc.record({
  do: oneOf('count', 'emit', 'emit', 'emit', 'emit', 'emit', 'keep', 'count', 'set', 'raise', 'arm', 'cancel'),
  message: any,
  anyRank: chance(25),
  v: oneOf<ValueSpec>(0, 1, 'n', 'v', 'me'),
  back: fc.boolean(),
  withWhat: chance(25),
});
const rawBranch = fc.record({
  guarded: chance(25),
  guard: rawGuard,
  moves: chance(75),
  target: any,
  reenter: chance(15),
  actions: few(rawAction, 2),
});
const rawHandler = fc.record({ message: any, own: chance(12), ignored: chance(12), branches: few(rawBranch, 2, 1) });
const rawState = fc.record({
  tags: fc.record({ rest: chance(50), busy: chance(8), red: chance(40), blue: chance(30) }),
  final: chance(10),
  on: few(rawHandler, 5, 2),
  entry: few(rawAction, 1),
  hasEntry: chance(20),
  exit: few(rawAction, 1),
  hasExit: chance(10),
  hasAfter: chance(10),
  after: rawBranch,
  hasAlways: chance(12),
  always: rawBranch,
});
const rawMachine = fc.record({
  shape: oneOf('flat', 'flat', 'flat', 'flat', 'parallel', 'nested', 'nested', 'deep'),
  size: fc.integer({ min: 1, max: 3 }),
  states: fc.oneof({ weight: 1, arbitrary: few(rawState, 2, 1) }, { weight: 6, arbitrary: few(rawState, 4, 3) }),
  what: fc.nat({ max: odd.length - 1 }),
  deepHistory: fc.boolean(),
  onDone: fc.boolean(),
  output: chance(30),
  on: few(rawHandler, 1),
  patient: chance(85),
});
const rawRules = fc.record({
  full: oneOf<NonNullable<QueueRules['full']> | 'unsaid'>('unsaid', 'block', 'drop', 'fail'),
  lose: oneOf<NonNullable<QueueRules['lose']> | 'no'>('no', 'no', 'no', 'no', true, 'later'),
  duplicate: oneOf<NonNullable<QueueRules['duplicate']> | 'no'>('no', 'no', 'no', 'no', 'no', true, 'later', 'forever'),
});
const rawWire = fc.record({
  how: oneOf('call', 'rendezvous', 'queue', 'queue'),
  by: oneOf('address', 'address', 'address', 'list', 'payload', 'self', 'chance'),
  to: fc.tuple(any, any),
  one: chance(20),
  rules: rawRules,
});
const rawTest = fc.record({
  of: oneOf('tag', 'tag', 'n', 'what', 'mail', 'waiting', 'first', 'first'),
  is: any,
});
const rawPredicate = fc.record({
  actor: any,
  who: oneOf('some', 'every', 'self'),
  test: rawTest,
  not: fc.boolean(),
  also: chance(30),
  and: fc.record({ actor: any, who: oneOf('some', 'every', 'self'), test: rawTest, not: fc.boolean() }),
});
const rawSpontaneous = fc.record({
  message: any,
  environment: chance(30),
  conditional: chance(25),
  when: rawPredicate,
  reads: fc.boolean(),
  read: fc.record({ actor: any, of: oneOf('n', 'mail') }),
  oneOf: oneOf([0], [1], [0, 1], [1, 0]),
});
const rawActor = fc.record({
  machine: any,
  count: oneOf<number>(1, 1, 1, 2, 2, 3),
  capacity: oneOf<number>(1, 2, 2, 3),
  order: oneOf<NonNullable<MailboxRules['order']> | 'unsaid'>('unsaid', 'fifo', 'perSender', 'unordered'),
  wires: fc.array(rawWire, { minLength: 5, maxLength: 5 }),
  spontaneous: few(rawSpontaneous, 4, 2),
});
const rawChange = fc.record({
  of: oneOf('taken', 'length', 'states'),
  message: any,
  most: fc.nat({ max: 2 }),
  before: rawPredicate,
  after: rawPredicate,
});
const rawOccurrence = fc.record({ message: chance(50), takes: any, state: rawPredicate });
const rawProperty = fc.record({
  kind: oneOf('sometimes', 'always', 'never', 'step', 'precedes'),
  holds: rawPredicate,
  conditional: chance(40),
  when: rawPredicate,
  witness: rawPredicate,
  change: rawChange,
  premise: rawChange,
  first: rawOccurrence,
  later: rawOccurrence,
  together: chance(30),
});
const rawSystem = fc.record({
  room: oneOf(2, 2, 2, 3, 3, 3, 4),
  loose: chance(2),
  loaded: fc.array(chance(40), { minLength: 5, maxLength: 5 }),
  messages: oneOf(2, 2, 3, 3, 4),
  machines: few(rawMachine, 3, 1),
  actors: fc.oneof({ weight: 1, arbitrary: few(rawActor, 1, 1) }, { weight: 20, arbitrary: few(rawActor, 4, 2) }),
  properties: few(rawProperty, 4, 1),
});

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

// ------------------------------------------------------------------------------------------------------ valid readings

/** Of `m2`, 2. */
const numberIn = (name: string): number => Number(name.slice(1));

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!;

/** What is known of the whole while a part is read. */
interface World {
  /** The odd value that the machine at hand may hold. */
  readonly what: number;
  /** Messages are not ranked: a cascade may be endless, and the model malformed. */
  readonly loose: boolean;
  readonly messages: readonly string[];
  readonly loaded: ReadonlySet<string>;
  readonly actors: readonly {
    readonly name: string;
    readonly count: number;
    readonly order: MailboxRules['order'] | 'unsaid';
    /** Those of its machine: to ask for another is an error. */
    readonly tags: readonly string[];
  }[];
}

/** In which it is known, too, which messages an actor takes. */
interface FinishedWorld extends World {
  readonly takes: (actor: string) => readonly string[];
}

function tidySystem(drawn: Raw<typeof rawSystem>): SystemSpec {
  const raw = modest(drawn);
  const messages = Array.from({ length: raw.messages }, (_, rank) => `m${rank}`);
  const loaded = new Set(messages.filter((_, rank) => raw.loaded[rank]));
  const actors = raw.actors.map(({ machine, count, order }, index) => {
    const { states } = pick(raw.machines, machine);
    return { name: `a${index}`, count, order, tags: allTags.filter((tag) => states.some(({ tags }) => tags[tag])) };
  });
  const world: World = { messages, loaded, actors, what: 0, loose: raw.loose };

  const machines = raw.machines.map((machine) => tidyMachine({ ...world, what: machine.what }, machine));
  const wires = raw.actors.map((actor) => tidyWires(world, pick(machines, actor.machine), actor));
  const owned = raw.actors.map((actor) => tidySpontaneous(world, pick(machines, actor.machine), actor));

  // Only now is it known who hears what and who starts what; the machines are completed and cleaned accordingly.
  const heard = wires.flatMap((own) =>
    Object.entries(own).flatMap(([message, { route }]) => reachedBy(route).map((name) => [name, message] as const)),
  );
  const complete = machines.map((machine, index) => {
    const mine = (actor: number) => raw.actors[actor]!.machine % machines.length === index;
    const takes = heard.flatMap(([name, message]) => (mine(numberIn(name)) ? [message] : []));
    const starts = owned.flatMap((own, actor) => (mine(actor) ? own.map(({ message }) => message) : []));
    return completed(machine, new Set(takes), new Set(starts), raw.machines[index]!.patient);
  });

  const takes = (actor: string) => {
    const machine = pick(complete, raw.actors[numberIn(actor)]!.machine);
    return Object.keys(Object.assign({}, ...partsOf(machine).map(({ on }) => on))).filter((name) => name !== '*');
  };

  return {
    loaded: [...loaded],
    machines: complete,
    actors: raw.actors.map((actor, index) => ({
      name: `a${index}`,
      machine: actor.machine % machines.length,
      count: actor.count,
      wires: wires[index]!,
      ...(wires.some((own) => bringsMail(own, `a${index}`)) && { mailbox: tidyMailbox(actor) }),
      spontaneous: owned[index]!,
    })),
    properties: raw.properties.map((property, index) => tidyProperty({ ...world, takes }, property, index)),
  };
}

/** At most four actors, replicas counted; and the more of them, the smaller each, lest every model be too large. */
function modest(raw: Raw<typeof rawSystem>): Raw<typeof rawSystem> {
  let left = raw.room;
  const actors = raw.actors.flatMap((actor) => {
    const count = Math.min(actor.count, left);
    left -= count;
    return count > 0 ? [{ ...actor, count }] : [];
  });
  const seats = raw.room - left;
  const slots = actors.map(({ count, capacity, order }) => count * capacity * (order === 'perSender' ? seats : 1));
  const crowded = slots.reduce((sum, some) => sum + some, 0) > 3;
  const [size, states] = seats <= 2 ? [3, 4] : seats === 3 ? [2, 3] : [1, 2];
  return {
    ...raw,
    actors: actors.map((actor) => (crowded ? { ...actor, capacity: 1 } : actor)),
    machines: raw.machines.map((machine) => ({
      ...machine,
      size: Math.min(machine.size, size),
      states: machine.states.slice(0, states),
    })),
  };
}

function tidyMailbox({ capacity, order }: Raw<typeof rawActor>): MailboxRules {
  return order === 'unsaid' ? { capacity } : { capacity, order };
}

const bringsMail = (wires: ActorSpec['wires'], actor: string): boolean =>
  Object.values(wires).some(({ how, route }) => how === 'queue' && reachedBy(route).includes(actor));

/** The actors that a route may reach. */
function reachedBy(route: RouteSpec): string[] {
  const addresses = route.by === 'list' ? route.to : [route.to];
  return addresses.map((address) => (typeof address === 'string' ? address : address[0]));
}

/** Where a machine's states stand: at its top, or in the first or the second of its regions. */
function layout(shape: Raw<typeof rawMachine>['shape'], count: number): number[][] {
  const all = Array.from({ length: count }, (_, index) => index);
  const half = Math.ceil(count / 2);
  if (shape === 'parallel' && count >= 2) return [[], all.slice(0, half), all.slice(half)];
  if (shape === 'nested' && count >= 2) return [all.slice(0, half), all.slice(half)];
  if (shape === 'deep' && count >= 3) return [all.slice(0, count - 2), [count - 2], [count - 1]];
  return [all];
}

function tidyMachine(world: World, raw: Raw<typeof rawMachine>): MachineSpec {
  const parts = layout(raw.shape, raw.states.length);
  const [top, ...regions] = parts;
  const names = (indexes: readonly number[]) => indexes.map((index) => `s${index}`);
  const inner = top!.length > 0 && regions.length > 0 ? ['inner', 'history'] : [];
  const everywhere = names(raw.states.map((_, index) => index));
  const states = raw.states.map((state, index) => {
    const part = parts.findIndex((each) => each.includes(index));
    const near = names(parts[part]!);
    // From one of two regions it goes no farther than the region or out of both.
    const reach = part > 0 && regions.length === 2 ? [...near, ...names(top!)] : [...everywhere, ...inner];
    const others = reach.filter((name) => name !== `s${index}`);
    const targets = [...others, ...others, `s${index}`];
    const initial = part === 0 ? index === 0 : index === parts[part]![0];
    const started = initial && (part === 0 || top!.length === 0);
    return tidyState(world, state, { index, targets, initial, started, alone: regions.length < 2 });
  });
  const rootTargets = top!.length > 0 ? [...everywhere, ...inner] : [];
  return {
    size: raw.size,
    states: top!.map((index) => states[index]!),
    regions: regions.map((region) => region.map((index) => states[index]!)),
    history: raw.deepHistory ? 'deep' : 'shallow',
    ...(raw.onDone && inner.length > 0 && { onDone: 's0' }),
    output: raw.output,
    on: tidyHandlers(world, raw.on, rootTargets, true),
  };
}

interface Place {
  readonly index: number;
  readonly targets: readonly string[];
  /** It is the first of its region, and so is not final. */
  readonly initial: boolean;
  /** The machine starts in it, and so it emits nothing on entry and has no `always`. */
  readonly started: boolean;
  /** No region beside it: XState's order of `always` in two regions depends on the way there. */
  readonly alone: boolean;
}

function tidyState(world: World, raw: Raw<typeof rawState>, place: Place): StateSpec {
  const { index, targets, initial, started, alone } = place;
  const tags = allTags.filter((tag) => raw.tags[tag]);
  const final = raw.final && !initial;
  const mute = (action: ActionSpec) => !started || action.do !== 'emit';
  const lasting = (action: ActionSpec) => action.do !== 'raise';
  const entry = raw.hasEntry ? tidyActions(world, raw.entry, 99).filter(mute).filter(lasting) : [];
  if (final) return { name: `s${index}`, tags, final, on: {}, entry, exit: [] };
  const onward = targets.filter((target) => target.startsWith('s') && numberIn(target) > index);
  const { guard, actions } = tidyBranch(world, raw.always, targets, 99);
  const first = started ? tidyHandlers(world, [lively(raw.on[0]!)], targets.slice(0, -1)) : {};
  const hasAlways = raw.hasAlways && !started && onward.length > 0;
  return {
    name: `s${index}`,
    tags,
    final,
    on: { ...first, ...tidyHandlers(world, raw.on, targets), ...first },
    entry,
    exit: raw.hasExit ? tidyActions(world, raw.exit, 99).filter(lasting) : [],
    ...(raw.hasAfter && { after: tidyBranch(world, raw.after, targets, -1) }),
    ...(hasAlways && {
      always: {
        ...(guard && { guard }),
        target: pick(onward, raw.always.target),
        actions: alone ? actions.filter(lasting) : [],
      },
    }),
  };
}

/** So that most models do begin. */
function lively(handler: Raw<typeof rawHandler>): Raw<typeof rawHandler> {
  const [first, ...others] = handler.branches;
  return {
    ...handler,
    own: false,
    ignored: false,
    branches: [...others.slice(1), { ...first!, guarded: false, moves: true }],
  };
}

/** What answers `r` or anything may stand in any cascade; what answers `t` begins one. */
const rankOf = (name: string): number => (name === 't' ? -1 : name === 'r' || name === '*' ? 99 : numberIn(name));

/** Of two handlers of one message in one place the first counts. Those for anything (`*`) stand in one place only. */
function tidyHandlers(
  world: World,
  raws: readonly Raw<typeof rawHandler>[],
  targets: readonly string[],
  wild = false,
): HandlersSpec {
  const handlers: Record<string, readonly BranchSpec[]> = {};
  for (const { message, own, ignored, branches } of raws) {
    const name = own ? pick(wild ? ['r', 't', '*'] : ['r', 't'], message) : pick(world.messages, message);
    const rank = rankOf(name);
    // Anything includes that a state is done: a way from there to another such state may have no end.
    const reach = name === '*' ? [] : targets;
    const tidied = (ignored ? [] : branches).map((branch, index) =>
      tidyBranch(world, { ...branch, guarded: branch.guarded || index < branches.length - 1 }, reach, rank),
    );
    // What answers `r` must not raise it again.
    const calm = (action: ActionSpec) => (name !== 'r' && name !== '*') || action.do !== 'raise';
    handlers[name] ??= tidied.map((branch) => ({ ...branch, actions: branch.actions.filter(calm) }));
  }
  return handlers;
}

function tidyBranch(world: World, raw: Raw<typeof rawBranch>, targets: readonly string[], rank: number): BranchSpec {
  const moves = raw.moves && targets.length > 0;
  return {
    ...(raw.guarded && { guard: { ...raw.guard, is: raw.guard.of === 'what' ? world.what : raw.guard.is } }),
    ...(moves && { target: pick(targets, raw.target) }),
    ...(moves && raw.reenter && { reenter: true as const }),
    actions: tidyActions(world, raw.actions, rank),
  };
}

function tidyActions(world: World, raws: readonly Raw<typeof rawAction>[], rank: number): ActionSpec[] {
  return raws.map((raw) => {
    switch (raw.do) {
      case 'emit': {
        const higher = world.messages.slice(rank + 1);
        const message = pick(raw.anyRank || higher.length === 0 ? world.messages : higher, raw.message);
        if (!world.loaded.has(message)) return { do: 'emit', message };
        return { do: 'emit', message, v: raw.v, ...(raw.withWhat && { withWhat: true as const }) };
      }
      case 'set':
        return { do: 'set', what: raw.back ? 0 : world.what };
      default:
        return { do: raw.do };
    }
  });
}

/** The messages that a machine emits, and whether each is always in answer to a lower one, so that it may be called. */
function emittedBy(machine: MachineSpec): Map<string, boolean> {
  const callable = new Map<string, boolean>();
  const look = (actions: readonly ActionSpec[], rank: number) => {
    for (const action of actions) {
      if (action.do !== 'emit') continue;
      const higher = numberIn(action.message) > rank;
      callable.set(action.message, higher && (callable.get(action.message) ?? true));
    }
  };
  const lookAt = (on: HandlersSpec) => {
    for (const [name, branches] of Object.entries(on)) {
      for (const { actions } of branches) look(actions, rankOf(name));
    }
  };
  lookAt(machine.on);
  for (const state of [...machine.states, ...machine.regions.flat()]) {
    lookAt(state.on);
    look(state.entry, 99);
    look(state.exit, 99);
    if (state.after) look(state.after.actions, -1);
    if (state.always) look(state.always.actions, 99);
  }
  return callable;
}

function tidyWires(world: World, machine: MachineSpec, raw: Raw<typeof rawActor>): ActorSpec['wires'] {
  const wires = [...emittedBy(machine)].map(([message, callable]) => {
    const { how, rules, ...route } = raw.wires[numberIn(message)]!;
    const queued = how === 'queue' || !(callable || world.loose);
    const wire: WireSpec = {
      how: queued ? 'queue' : how,
      route: tidyRoute(world, route, world.loaded.has(message)),
      rules: queued ? tidyRules(rules) : {},
    };
    return [message, wire] as const;
  });
  return Object.fromEntries(wires);
}

function tidyRules({ full, lose, duplicate }: Raw<typeof rawRules>): QueueRules {
  return {
    ...(full !== 'unsaid' && { full }),
    ...(lose !== 'no' && { lose }),
    ...(duplicate !== 'no' && { duplicate }),
  };
}

function tidyRoute({ actors }: World, raw: Pick<Raw<typeof rawWire>, 'by' | 'to' | 'one'>, loaded: boolean): RouteSpec {
  const addresses = raw.to.map((to): AddressSpec => {
    const { name, count } = pick(actors, to);
    return raw.one ? [name, to % count] : name;
  });
  const { name, count } = pick(actors, raw.to[0]);
  if (raw.by === 'list') return { by: 'list', to: addresses };
  if (raw.by === 'self' || (raw.by === 'payload' && loaded)) return { by: raw.by, to: name, count };
  if (raw.by === 'chance' && loaded) return { by: 'chance', to: name };
  return { by: 'address', to: addresses[0]! };
}

function tidySpontaneous(world: World, machine: MachineSpec, raw: Raw<typeof rawActor>): SpontaneousSpec[] {
  const handled = partsOf(machine).flatMap(({ on }) => Object.keys(on));
  const [start] = Object.keys((machine.states[0] ?? machine.regions[0]![0]!).on);
  const messages = new Set<string>(start?.startsWith('m') ? [start] : []);
  for (const { message } of raw.spontaneous) {
    const others = handled.filter((name) => name.startsWith('m') && !messages.has(name));
    if (others.length > 0) messages.add(pick(others, message));
  }
  return [...messages].slice(0, raw.spontaneous.length).map((message, index) => {
    const { environment, conditional, when, reads, read, oneOf } = raw.spontaneous[index]!;
    return {
      message,
      environment,
      ...(conditional && index > 0 && { when: tidyPredicate(world, when) }),
      ...(world.loaded.has(message) &&
        (reads ? { read: { actor: pick(world.actors, read.actor).name, of: read.of } } : { oneOf })),
    };
  });
}

/** Everything in a machine that handles messages. */
const partsOf = (machine: MachineSpec) => [machine, ...machine.states, ...machine.regions.flat()];

/** The machine with every message that it must know, and without a spontaneous one in a second region. */
function completed(machine: MachineSpec, takes: Set<string>, starts: Set<string>, patient: boolean): MachineSpec {
  const [first, second] = machine.regions;
  const inFirst = new Set(first?.flatMap(({ on }) => Object.keys(on)));
  const rival = (message: string) => starts.has(message) && inFirst.has(message);
  const without = (on: HandlersSpec) => Object.fromEntries(Object.entries(on).filter(([message]) => !rival(message)));
  const regions = second ? [first!, second.map((state) => ({ ...state, on: without(state.on) }))] : machine.regions;

  const known = new Set(partsOf({ ...machine, regions }).flatMap(({ on }) => Object.keys(on)));
  const missing = [...takes].filter((message) => (patient ? machine.on[message] === undefined : !known.has(message)));
  const ignored = Object.fromEntries(missing.sort().map((message) => [message, []]));
  return { ...machine, regions, on: { ...machine.on, ...ignored } };
}

function tidyPredicate(
  world: World,
  raw: Omit<Raw<typeof rawPredicate>, 'and' | 'also'> & Partial<Raw<typeof rawPredicate>>,
): PredicateSpec {
  const { name, order, tags } = pick(world.actors, raw.actor);
  return {
    actor: name,
    who: raw.who,
    test: tidyTest(world, raw.test, tags, order === 'unsaid' || order === 'fifo'),
    not: raw.not,
    ...(raw.also && raw.and && { and: tidyPredicate(world, raw.and) }),
  };
}

function tidyTest(
  { messages }: World,
  { of, is }: Raw<typeof rawTest>,
  tags: readonly string[],
  inOrder: boolean,
): TestSpec {
  if (of === 'tag') return tags.length > 0 ? { of, is: pick(tags, is) } : { of: 'n', is: 0 };
  if (of === 'waiting') return { of, is: pick(messages, is) };
  if (of === 'what') return { of, is: is % odd.length };
  // The first message means something only where there is one sequence.
  if (of === 'first' && inOrder) return { of, is: pick(messages, is) };
  return { of: of === 'n' ? of : 'mail', is: is % 3 };
}

function tidyChange(world: World, raw: Raw<typeof rawChange>): ChangeSpec {
  const { of, most } = raw;
  if (of === 'taken') return { of, message: pick(world.messages, raw.message), most };
  if (of === 'length') return { of, most };
  return { of, before: tidyPredicate(world, raw.before), after: tidyPredicate(world, raw.after) };
}

function tidyOccurrence(world: FinishedWorld, raw: Raw<typeof rawOccurrence>): OccurrenceSpec {
  if (!raw.message) return tidyPredicate(world, raw.state);
  const { name } = pick(world.actors, raw.state.actor);
  return { actor: name, takes: pick(world.takes(name), raw.takes) };
}

function tidyProperty(world: FinishedWorld, raw: Raw<typeof rawProperty>, index: number): PropertySpec {
  const { kind, conditional } = raw;
  const name = `p${index}`;
  const witness = tidyPredicate(world, raw.witness);
  switch (kind) {
    case 'sometimes':
      return { name, kind, holds: tidyPredicate(world, raw.holds) };
    case 'always':
    case 'never':
      return {
        name,
        kind,
        holds: tidyPredicate(world, raw.holds),
        ...(conditional && { when: tidyPredicate(world, raw.when) }),
        witness,
      };
    case 'step': {
      const given = raw.witness.also && { witness };
      return {
        name,
        kind,
        holds: tidyChange(world, raw.change),
        ...(conditional && { when: tidyChange(world, raw.premise) }),
        ...given,
      };
    }
    case 'precedes': {
      const first = tidyOccurrence(world, raw.first);
      const later = tidyOccurrence(world, raw.later);
      // So that they come true at once, sometimes, and not by chance.
      if (raw.together && !('takes' in first)) return { name, kind, first, later: { ...first, and: witness } };
      return { name, kind, first, later };
    }
  }
}

/** Random models. */
export const systems: fc.Arbitrary<SystemSpec> = fc.noBias(rawSystem).map(tidySystem);

// ------------------------------------------------------------------------------------------------------------ building

interface Context {
  n: number;
  me: number;
  what: unknown;
}
interface Event {
  type: string;
  v?: number;
}
interface Given {
  context: Context;
  event: Event;
}

/** The model that a description describes. */
export function build({ machines, actors, properties }: SystemSpec): Composition {
  const built = machines.map((spec, index) => buildMachine(spec, `machine${index}`));
  const placed = actors.map(({ name, machine, count }) => {
    const inputs = Array.from({ length: count }, (_, self) => self);
    return [name, { kind: count === 1 ? 'one' : 'replicas', machine: built[machine]!, inputs }] as const;
  });
  const byName = <T>(of: (actor: ActorSpec) => T) => Object.fromEntries(actors.map((actor) => [actor.name, of(actor)]));
  return {
    actors: Object.fromEntries(placed),
    wires: byName(({ wires }) => mapValues(wires, buildWire)),
    mailboxes: Object.fromEntries(actors.flatMap(({ name, mailbox }) => (mailbox ? [[name, mailbox]] : []))),
    spontaneous: byName(({ name, spontaneous }) => spontaneous.map((spec) => buildSpontaneous(name, spec))),
    properties: properties.map(buildProperty),
  } as Composition;
}

const mapValues = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

function buildMachine(spec: MachineSpec, id: string): AnyStateMachine {
  const { size, states, regions, history, onDone, output, on } = spec;
  const inner = {
    ...(regions.length === 1 ? compound(regions[0]!, size) : parallel(regions, size)),
    ...(onDone && { onDone: `#${onDone}` }),
  };
  const whole = states.length > 0 ? compound(states, size) : parallel(regions, size);
  if (states.length > 0 && regions.length > 0) {
    Object.assign(inner.states, { history: { id: 'history', type: 'history', history } });
    Object.assign(whole.states, { inner: { id: 'inner', ...inner } });
  }
  const config = {
    id,
    context: ({ input }: { input: number }) => ({ n: 0, me: input, what: odd[0] }),
    on: buildHandlers(on, size),
    // Of the event that a final state is entered with, so that nothing else remembers it.
    ...(output && { output: ({ event }: { event: { output?: unknown } }) => event.output }),
    ...whole,
  };
  return setup({ types: { context: {} as Context, events: {} as Event } }).createMachine(
    config as never,
  ) as unknown as AnyStateMachine;
}

function compound(states: readonly StateSpec[], size: number) {
  return {
    initial: states[0]!.name,
    states: Object.fromEntries(states.map((state) => [state.name, buildState(state, size)])) as Record<string, object>,
  };
}

function parallel(regions: MachineSpec['regions'], size: number) {
  const named = regions.map((region, index) => [`region${index}`, compound(region, size)]);
  return { type: 'parallel', states: Object.fromEntries(named) as Record<string, object> };
}

function buildState({ name, tags, final, on, entry, exit, after, always }: StateSpec, size: number): object {
  const common = { id: name, tags, entry: entry.map((action) => buildAction(action, size)) };
  if (final) return { ...common, type: 'final', output: ({ event }: Given) => event.v ?? null };
  return {
    ...common,
    on: buildHandlers(on, size),
    exit: exit.map((action) => buildAction(action, size)),
    ...(after && { after: { 10: buildBranch(after, size) } }),
    ...(always && { always: buildBranch(always, size) }),
  };
}

const buildHandlers = (on: HandlersSpec, size: number) =>
  mapValues(on, (branches) => (branches.length === 0 ? {} : branches.map((branch) => buildBranch(branch, size))));

function buildBranch({ guard, target, reenter, actions }: BranchSpec, size: number): object {
  return {
    ...(guard && { guard: (given: Given) => isTrue(guard, given) }),
    ...(target && { target: `#${target}` }),
    ...(reenter && { reenter }),
    actions: actions.map((action) => buildAction(action, size)),
  };
}

function isTrue({ of, is, not }: GuardSpec, given: Given): boolean {
  const holds = of === 'what' ? isDeepStrictEqual(given.context.what, odd[is]) : numberOf(of, given) === is;
  return holds !== not;
}

function numberOf(value: ValueSpec, { context, event }: Given): number {
  if (typeof value === 'number') return value;
  return value === 'v' ? (event.v ?? 0) : context[value];
}

function buildAction(action: ActionSpec, size: number): unknown {
  switch (action.do) {
    case 'emit': {
      const { message: type, v, withWhat } = action;
      if (v === undefined) return emit({ type });
      return emit((given: unknown) => {
        const what = withWhat && { what: (given as Given).context.what };
        return { ...what, type, v: numberOf(v, given as Given) };
      });
    }
    case 'count':
      return assign((given: unknown) => ({ n: ((given as Given).context.n + 1) % size }));
    case 'keep':
      return assign((given: unknown) => ({ n: ((given as Given).event.v ?? 0) % size }));
    case 'set':
      return assign({ what: odd[action.what] });
    case 'raise':
      return raise({ type: 'r' });
    case 'arm':
      return raise({ type: 't' }, { id: 'alarm', delay: 5 });
    case 'cancel':
      return cancel('alarm');
  }
}

function buildWire({ how, route, rules }: WireSpec): unknown {
  const built = buildRoute(route);
  if (how === 'call') return built;
  return how === 'rendezvous' ? { rendezvous: built } : { queue: built, ...rules };
}

function buildRoute(route: RouteSpec): Receivers | ((message: Event, self: number) => Receivers) {
  switch (route.by) {
    case 'address':
    case 'list':
      return route.to;
    case 'payload':
      return ({ v = 0 }) => [route.to, v % route.count];
    case 'self':
      return (_, self) => [route.to, self % route.count];
    case 'chance':
      return ({ v }) => (v === 0 ? [] : route.to);
  }
}

/** A peer as any machine here has it. */
interface AnyPeer {
  readonly hasTag: (tag: string) => boolean;
  readonly context: Context;
  readonly mailbox: readonly Event[];
}
type AnyRoom = Readonly<Record<string, AnyPeer | readonly AnyPeer[]>>;

const peersOf = (room: AnyRoom, actor: string): readonly AnyPeer[] => [room[actor]!].flat();

function holds(spec: PredicateSpec, room: AnyRoom, self: number): boolean {
  const peers = peersOf(room, spec.actor);
  const passes = (peer: AnyPeer) => passesTest(spec.test, peer);
  const { who } = spec;
  const found = who === 'some' ? peers.some(passes) : who === 'every' ? peers.every(passes) : passes(pick(peers, self));
  return found !== spec.not && (spec.and === undefined || holds(spec.and, room, self));
}

function passesTest({ of, is }: TestSpec, { hasTag, context, mailbox }: AnyPeer): boolean {
  switch (of) {
    case 'tag':
      return hasTag(is);
    case 'n':
      return context.n === is;
    case 'what':
      return isDeepStrictEqual(context.what, odd[is]);
    case 'mail':
      return mailbox.length > is;
    case 'waiting':
      return mailbox.some(({ type }) => type === is);
    case 'first':
      return mailbox[0]?.type === is;
  }
}

function buildSpontaneous(name: string, spec: SpontaneousSpec): unknown {
  const { message: type, environment, when, oneOf, read } = spec;
  if (!environment && !when && !oneOf && !read) return type;
  return {
    type,
    ...(environment && { environment }),
    ...(when && { when: (room: AnyRoom, self: number) => holds(when, room, self) }),
    ...(oneOf && { oneOf: oneOf.map((v) => ({ v })) }),
    ...(read && {
      read: (room: AnyRoom, self: number) => ({ v: valueRead(read, room, read.actor === name ? self : 0) }),
    }),
  };
}

function valueRead({ actor, of }: NonNullable<SpontaneousSpec['read']>, room: AnyRoom, self: number): number {
  const { context, mailbox } = peersOf(room, actor)[self]!;
  return of === 'n' ? context.n : mailbox.length;
}

interface AnyChange {
  readonly before: AnyRoom;
  readonly after: AnyRoom;
  readonly taken: readonly Taken[];
}

function holdsOf(spec: ChangeSpec, { before, after, taken }: AnyChange): boolean {
  switch (spec.of) {
    case 'taken':
      return taken.filter(({ message }) => message.type === spec.message).length <= spec.most;
    case 'length':
      return taken.length <= spec.most;
    case 'states':
      return !holds(spec.before, before, 0) || holds(spec.after, after, 0);
  }
}

function buildProperty(spec: PropertySpec): unknown {
  const { name } = spec;
  const state = (predicate: PredicateSpec) => (room: AnyRoom) => holds(predicate, room, 0);
  const change = (predicate: ChangeSpec) => (it: AnyChange) => holdsOf(predicate, it);
  const occurrence = (it: OccurrenceSpec) => ('takes' in it ? [it.actor, it.takes] : state(it)) as Occurrence<AnyRoom>;
  const witness = (predicate: PredicateSpec) => sometimes(`${name} is tried`, state(predicate));
  switch (spec.kind) {
    case 'sometimes':
      return sometimes(name, state(spec.holds));
    case 'always':
    case 'never': {
      const by = { witness: witness(spec.witness), ...(spec.when && { when: state(spec.when) }) };
      return spec.kind === 'always' ? always(name, state(spec.holds), by) : never(name, state(spec.holds), by);
    }
    case 'step':
      return step(name, change(spec.holds), {
        ...(spec.when && { when: change(spec.when) }),
        ...(spec.witness && { witness: witness(spec.witness) }),
      });
    case 'precedes': {
      const [first, then] = [occurrence(spec.first), occurrence(spec.later)];
      return precedes(name, { first, then });
    }
  }
}
