import { everHandles, nameOfMachine } from './anatomy.ts';
import { backwards, encode } from './encode.ts';
import type { Composition, Message, QueueRules, Route, Wire } from './model.ts';
import { twice } from './purity.ts';
import { didYouMean, SpecError } from './spec-error.ts';
import type { ActorRef } from './verdict.ts';

/** How one emitted message travels. */
export interface Delivery {
  readonly how: 'call' | 'rendezvous' | 'queue';
  /** Receivers in the order of delivery. */
  readonly to: readonly ActorRef[];
  readonly rules: QueueRules;
}

/**
 * Where a message goes that an actor emits.
 *
 * @throws SpecError where there is no wire, or where the wire names an actor that is not there or cannot take the message
 */
export function deliveryOf(composition: Composition, from: ActorRef, message: Message): Delivery {
  const where = `wires.${from.actor}["${message.type}"]`;
  const wire = ownValue(ownValue(composition.wires, from.actor), message.type);
  if (wire === undefined) {
    throw new SpecError(`${from.actor}: emits "${message.type}", which has no wire`, {
      code: 'E-UNWIRED',
      where: `wires.${from.actor}`,
      why: 'nobody is said to receive it',
      instead: `"${message.type}": the receiver's name, or [] where nobody listens`,
    });
  }
  const { how, route, rules } = partsOf(wire);
  const receivers =
    typeof route === 'function'
      ? twice(where, (again) => route(again ? backwards(message) : message, from.self), told)
      : route;
  return {
    how,
    rules,
    to: addresses(receivers, where).flatMap((address) => resolve(composition, address, message.type, how, where)),
  };
}

/** Every fixed route is resolved once, so that a wrong one is told before the search begins. */
export function checkRoutes(composition: Composition): void {
  for (const [actor, wires] of Object.entries(composition.wires)) {
    if (!Object.hasOwn(composition.actors, actor)) throw unknownActor(composition, actor, `wires.${actor}`);
    for (const [type, wire] of Object.entries(wires)) {
      const where = `wires.${actor}["${type}"]`;
      checkName(type, where);
      const { how, route, rules } = partsOf(wire);
      checkRules(rules, where);
      if (typeof route === 'function') continue;
      for (const address of addresses(route, where)) resolve(composition, address, type, how, where);
    }
  }
}

/** @throws SpecError on a message that XState would take for its own */
export function checkName(type: string, where: string): void {
  if (type !== '*' && !type.startsWith('xstate.')) return;
  throw new SpecError(`no message can be called "${type}"`, {
    code: 'E-RESERVED',
    where,
    why: 'a machine takes "xstate.init", the end of a delay and the like from XState alone, and "*" is any message',
    instead: 'another name',
  });
}

/** What may be said of a queue, and how; absent, it is not so. */
const known = {
  full: ['block', 'drop', 'fail'],
  lose: [true, 'later'],
  duplicate: [true, 'later', 'forever'],
} as const;

function checkRules(rules: QueueRules, where: string): void {
  for (const [rule, values] of Object.entries(known)) {
    const value = rules[rule as keyof QueueRules];
    if (value === undefined || (values as readonly unknown[]).includes(value)) continue;
    throw new SpecError(`no queue is "${rule}: ${String(value)}"`, {
      code: 'E-QUEUE',
      where,
      why: `a queue may be ${values.map((each) => `"${rule}: ${each}"`).join(', ')}`,
      instead: `one of them${didYouMean(String(value), values.map(String))}, or nothing`,
    });
  }
}

/** A wire, taken apart. */
export function partsOf(wire: Wire): { how: Delivery['how']; route: Route<string, Message>; rules: QueueRules } {
  if (typeof wire === 'object' && wire !== null) {
    if ('rendezvous' in wire) return { how: 'rendezvous', route: wire.rendezvous, rules: {} };
    if ('queue' in wire) return { how: 'queue', route: wire.queue, rules: wire };
  }
  return { how: 'call', route: wire, rules: {} };
}

/** The name of an actor, or one of its replicas. */
export type OneAddress = string | readonly [string, number];

/**
 * `['task', 1]` is one address; `['task', 'mount']` are two.
 *
 * @throws SpecError where it is neither
 */
export function addresses(receivers: unknown, where: string): readonly OneAddress[] {
  const all = isAddress(receivers) ? [receivers] : receivers;
  if (Array.isArray(all) && all.every(isAddress)) return all;
  throw new SpecError('a wire that leads nowhere', {
    code: 'E-ROUTE',
    where,
    why: `${told(receivers)} is not the name of an actor, nor [name, number], nor a list of these`,
    instead: "'task', ['task', 1], ['task', 'mount'], or [] where nobody listens",
  });
}

const isAddress = (value: unknown): value is OneAddress =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number');

/** A comparable form of whatever a route returns. */
function told(value: unknown): string {
  try {
    return encode(value, '');
  } catch {
    return `a thing of type ${typeof value}`;
  }
}

function resolve(
  composition: Composition,
  address: OneAddress,
  type: string,
  how: Delivery['how'],
  where: string,
): ActorRef[] {
  const [actor, self] = typeof address === 'string' ? [address, undefined] : address;
  const placed = ownValue(composition.actors, actor);
  if (placed === undefined) throw unknownActor(composition, actor, where);
  if (self !== undefined && !(Number.isInteger(self) && self >= 0 && self < placed.inputs.length)) {
    throw new SpecError(`no actor ${actor}[${self}]`, {
      code: 'E-ACTOR',
      where,
      why: `there are ${placed.inputs.length} of "${actor}", numbered from 0`,
      instead: 'a number that is there',
    });
  }
  if (how === 'queue' && !Object.hasOwn(composition.mailboxes, actor)) {
    throw new SpecError(`${actor}: a mailbox without bound`, {
      code: 'E-UNBOUNDED',
      where,
      why: `"${type}" is queued for "${actor}", and nothing says how many messages may wait`,
      instead: `mailboxes: { ${actor}: { capacity: 1 } }`,
    });
  }
  if (!everHandles(placed.machine, type)) {
    throw new SpecError(`${actor}: no state takes "${type}"`, {
      code: 'E-UNTAKEN',
      where,
      why: `the machine "${nameOfMachine(placed.machine, actor)}" has it in no "on"`,
      instead: `a transition for it, or an explicit ignore: on: { '${type}': {} }`,
    });
  }
  return self === undefined ? placed.inputs.map((_, i) => ({ actor, self: i })) : [{ actor, self }];
}

const unknownActor = (composition: Composition, actor: string, where: string): SpecError =>
  new SpecError(`no actor "${actor}"`, {
    code: 'E-ACTOR',
    where,
    why: `the actors are ${Object.keys(composition.actors).join(', ')}`,
    instead: `one of them${didYouMean(actor, Object.keys(composition.actors))}`,
  });

/** A record's value; a name like "constructor" has none unless it is the record's own. */
export function ownValue<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
