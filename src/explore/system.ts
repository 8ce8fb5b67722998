import { isSameActor } from './actor-ref.ts';
import { Behaviour, type Row } from './behaviour.ts';
import { backwards, encode } from './encode.ts';
import { Interner } from './interner.ts';
import { Projection, type Trace } from './learned.ts';
import { type Entry, entryOf, Mailbox } from './mailbox.ts';
import { Messages } from './messages.ts';
import type { Composition, Message, SpontaneousRule, Wire } from './model.ts';
import { Misread } from './purity.ts';
import { type Delivery, deliveryOf, ownValue } from './routing.ts';
import { didYouMean, SpecError } from './spec-error.ts';
import { type Source, sourcesOf } from './steps.ts';
import type { ActorRef } from './verdict.ts';

/** One actor of the room with its slots in the state vector. */
export interface Instance {
  readonly ref: ActorRef;
  /** For the reader: `mount`, or `task[1]` of several. */
  readonly name: string;
  /** The slot of its local state, which is also its number among all actors. */
  readonly slot: number;
  readonly behaviour: Behaviour;
  readonly mailbox?: Mailbox;
  readonly spontaneous: readonly SpontaneousRule[];
}

/** A composition in numbers: actors and mailboxes are slots of a vector, and what they hold is numbered. */
export interface Numbered {
  readonly composition: Composition;
  readonly instances: readonly Instance[];
  readonly messages: Messages;
  /** The mailbox that has a slot, by slot. */
  readonly mailboxes: readonly (Mailbox | undefined)[];
  /** Whether any message may be lost while it waits. */
  readonly losesLater: boolean;
  /** The number of slots. */
  readonly width: number;
  /** The global state in which it starts. */
  readonly initial: Uint32Array;
  /** What machines did in steps that were taken: the rows of their tables that are no longer untried. */
  readonly covered: Set<Row>;
  /**
   * The peers as predicates see them, read through a trace. `base` is added to every slot; `again` shows all data with its
   * keys the other way round.
   */
  readonly room: (trace: Trace, base?: number, again?: boolean) => unknown;
  readonly delivery: (from: Instance, message: number) => ResolvedDelivery;
}

/** A composition that can be explored. */
export interface System extends Numbered {
  /** What may ever make each actor move, by slot. */
  readonly allSources: readonly (readonly Source[])[];
  /** What may make an actor move in a local state, in a fixed order; by slot and content of the slot. */
  readonly sources: (slot: number, local: number) => readonly Source[];
}

interface ResolvedDelivery extends Omit<Delivery, 'to'> {
  readonly to: readonly Instance[];
  /** Of a queued message: what is put into each receiver's mailbox. */
  readonly entries: readonly Entry[];
}

/** Numbers everything. Nothing is explored yet. */
export function compile(composition: Composition): System {
  const messages = new Messages();
  const actors = Object.entries(composition.actors);
  const initial: number[] = [];
  const instances: Instance[] = [];
  let mailboxSlot = actors.reduce((sum, [, { inputs }]) => sum + inputs.length, 0);
  for (const [actor, { kind, machine, inputs }] of actors) {
    const behaviour = new Behaviour(actor, machine, messages);
    const rules = ownValue(composition.mailboxes, actor);
    const spontaneous = (ownValue(composition.spontaneous, actor) ?? []).map((rule) =>
      typeof rule === 'string' ? { type: rule } : rule,
    );
    for (const [self, input] of inputs.entries()) {
      const mailbox = rules && new Mailbox(mailboxSlot++, rules);
      const name = kind === 'one' ? actor : `${actor}[${self}]`;
      instances.push({
        ref: { actor, self },
        name,
        slot: instances.length,
        behaviour,
        spontaneous,
        ...(mailbox && { mailbox }),
      });
      initial.push(behaviour.initial(input));
    }
  }
  const numbered: Numbered = {
    composition,
    instances,
    messages,
    mailboxes: mailboxesOf(instances),
    losesLater: Object.values(composition.wires).some((wires) => Object.values(wires).some(losesLater)),
    width: mailboxSlot,
    initial: Uint32Array.from({ length: mailboxSlot }, (_, slot) => initial[slot] ?? 0),
    covered: new Set(),
    room: roomOf(composition, instances),
    delivery: deliveries(composition, instances, messages),
  };
  const allSources = instances.map((instance) => sourcesOf(numbered, instance));
  return { ...numbered, allSources, sources: awake(allSources) };
}

function mailboxesOf(instances: readonly Instance[]): (Mailbox | undefined)[] {
  const mailboxes: (Mailbox | undefined)[] = [];
  for (const { mailbox } of instances) if (mailbox) mailboxes[mailbox.slot] = mailbox;
  return mailboxes;
}

const losesLater = (wire: Wire): boolean => typeof wire === 'object' && 'lose' in wire && wire.lose === 'later';

/** For each local state the sources that matter in it, worked out once. */
function awake(all: readonly (readonly Source[])[]): System['sources'] {
  const known: (readonly Source[])[][] = all.map(() => []);
  return (slot, local) => {
    const ofSlot = known[slot]!;
    ofSlot[local] ??= all[slot]!.filter(({ matters }) => matters(local));
    return ofSlot[local];
  };
}

/** Routes, computed once for each sender and message. */
function deliveries(composition: Composition, instances: readonly Instance[], messages: Messages): System['delivery'] {
  const known = instances.map((): ResolvedDelivery[] => []);
  const resolve = (from: Instance, id: number): ResolvedDelivery => {
    const message = messages.value(id);
    const { how, rules, to } = deliveryOf(composition, from.ref, message);
    const receivers = to.map((ref) => instanceOf(instances, ref));
    const entries = receivers.map(({ mailbox }) => entryOf(message, from.slot, mailbox?.rules.order, rules));
    return { how, rules, to: receivers, entries };
  };
  return (from, message) => {
    const ofSender = known[from.slot]!;
    ofSender[message] ??= resolve(from, message);
    return ofSender[message];
  };
}

export const instanceOf = (instances: readonly Instance[], who: ActorRef): Instance =>
  instances.find(({ ref }) => isSameActor(ref, who))!;

/**
 * Builds the room of peers over a trace: reading a peer is recorded, and is all that a predicate can see.
 *
 * There is one room for each way of looking at it, and a trace is put behind it for each evaluation. Whoever keeps a peer
 * reads the trace that is behind it then, which is recorded like any other look, or is closed.
 */
function roomOf(composition: Composition, instances: readonly Instance[]): System['room'] {
  const lenses = new Map(instances.map(({ behaviour }) => [behaviour, lensOf(behaviour)]));
  const byActor = Map.groupBy(instances, ({ ref }) => ref.actor);
  const reversed = remembered(backwards<object>);
  const build = (behind: Behind, base: number, again: boolean): object => {
    const show: Show = again ? reversed : (data) => data;
    const peers = Object.entries(composition.actors).map(([actor, { kind }]) => {
      const all = (byActor.get(actor) ?? []).map((instance) =>
        peerOf(instance, lenses.get(instance.behaviour)!, behind, base, show),
      );
      return [actor, kind === 'one' ? all[0] : Object.freeze(all)];
    });
    return Object.freeze(Object.assign(Object.create(stranger(composition)) as object, Object.fromEntries(peers)));
  };
  const rooms = new Map<string, { readonly room: object; readonly behind: Behind }>();
  return (trace, base = 0, again = false) => {
    const key = `${base} ${again}`;
    let known = rooms.get(key);
    if (known === undefined) {
      const behind: Behind = { trace };
      known = { behind, room: build(behind, base, again) };
      rooms.set(key, known);
    }
    known.behind.trace = trace;
    return known.room;
  };
}

/** What a room is looked at through. */
interface Behind {
  trace: Trace;
}

/** Answers for actors that are not in the room: a name that is misspelt would be undefined, and its error somebody else's. */
function stranger({ actors }: Composition): object {
  return new Proxy(Object.create(null) as object, {
    get(_, name) {
      if (typeof name === 'symbol') return undefined;
      throw new Misread(`no actor "${name}"`, {
        code: 'E-ACTOR',
        why: `the actors are ${Object.keys(actors).join(', ')}`,
        instead: `one of them${didYouMean(name, Object.keys(actors))}`,
      });
    },
  });
}

/** A peer shows no state paths, so that a chart may be redrawn. XState's reflexes would find undefined. */
const noPath: object = new Proxy(Object.create(null) as object, {
  get(_, name) {
    if (typeof name === 'symbol') return undefined;
    throw new Misread(`a peer has no "${name}"`, {
      code: 'E-PEER',
      why: 'what is seen of an actor is hasTag(tag), context and mailbox',
      instead: 'a tag on the states that are asked for, and hasTag(); of several replicas the array: task[1]',
    });
  },
});

/** How a machine's local states are looked at: tag by tag, and by context. */
interface Lens {
  readonly tag: (tag: string) => Projection;
  readonly context: Projection;
  readonly contexts: Interner<object>;
}

function lensOf(behaviour: Behaviour): Lens {
  const tags = new Map<string, Projection>();
  const contexts = new Interner<object>();
  return {
    contexts,
    context: new Projection((local) => {
      const { context } = behaviour.locals.value(local).snapshot;
      return contexts.id(encode(context, behaviour.name), () => context as object);
    }),
    tag(tag) {
      const known = tags.get(tag);
      if (known) return known;
      checkTag(behaviour, tag);
      const projection = new Projection((local) => (behaviour.locals.value(local).snapshot.tags.has(tag) ? 1 : 0));
      tags.set(tag, projection);
      return projection;
    },
  };
}

function checkTag(behaviour: Behaviour, tag: string): void {
  if (behaviour.tags.has(tag)) return;
  throw new SpecError(`${behaviour.name}: no state is tagged "${tag}"`, {
    code: 'E-TAG',
    where: `hasTag('${tag}') of ${behaviour.name}`,
    why: `its machine's tags are ${[...behaviour.tags].join(', ') || 'none'}`,
    instead: `a tag of the machine${didYouMean(tag, behaviour.tags)}`,
  });
}

/** How data is shown. What is one object is one object whichever way it is shown, so that they may be compared. */
type Show = (data: object) => object;

function remembered(compute: Show): Show {
  const known = new WeakMap<object, object>();
  return (data) => {
    const result = known.get(data) ?? compute(data);
    known.set(data, result);
    return result;
  };
}

function peerOf({ slot, mailbox }: Instance, lens: Lens, behind: Behind, base: number, show: Show): object {
  return Object.freeze({
    __proto__: noPath,
    hasTag: (tag: string) => behind.trace.read(base + slot, lens.tag(tag)) === 1,
    get context() {
      return show(lens.contexts.value(behind.trace.read(base + slot, lens.context)));
    },
    get mailbox() {
      if (mailbox === undefined) return noMail;
      return mailbox.contents.value(behind.trace.read(base + mailbox.slot)).map(({ message }) => show(message));
    },
  });
}

const noMail: readonly Message[] = Object.freeze([]);
