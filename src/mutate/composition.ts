import type { AnyStateMachine } from 'xstate';
import type { Address, Composition, Message, Receivers, Route, SpontaneousRule, Wire } from '../explore/model.ts';

/** A composition is plain data: its actors, wires and rules can be replaced one by one. */

/** The machines of a composition, each once, by id. */
export const machinesOf = ({ actors }: Composition): ReadonlyMap<string, AnyStateMachine> =>
  new Map(Object.values(actors).map(({ machine }) => [machine.id, machine]));

/** The actors of one machine. */
export const actorsOf = ({ actors }: Composition, machine: string): string[] =>
  Object.keys(actors).filter((actor) => actors[actor]!.machine.id === machine);

export function withMachine(composition: Composition, id: string, machine: AnyStateMachine): Composition {
  const actors = mapped(composition.actors, (placed) => (placed.machine.id === id ? { ...placed, machine } : placed));
  return { ...composition, actors };
}

type Rewire = (wire: Wire, message: string, actor: string) => Wire;

/** With other wires for what the actors of one machine emit. */
export function withWires(composition: Composition, machine: string, rewire: Rewire): Composition {
  const senders = actorsOf(composition, machine);
  const wires = mapped(composition.wires, (ofActor, actor) =>
    senders.includes(actor) ? mapped(ofActor, (wire, message) => rewire(wire, message, actor)) : ofActor,
  );
  return { ...composition, wires };
}

type Rerule = (rule: SpontaneousRule) => SpontaneousRule;

/** With other rules for what the actors of one machine do by themselves. */
export function withRules(composition: Composition, machine: string, rerule: Rerule): Composition {
  const own = actorsOf(composition, machine);
  const spontaneous = mapped(composition.spontaneous, (rules, actor) =>
    own.includes(actor) ? rules.map((rule) => (typeof rule === 'string' ? rule : rerule(rule))) : rules,
  );
  return { ...composition, spontaneous };
}

export const isRendezvous = (wire: Wire): wire is { readonly rendezvous: Route } =>
  typeof wire === 'object' && 'rendezvous' in wire;

const isQueue = (wire: Wire): wire is { readonly queue: Route } => typeof wire === 'object' && 'queue' in wire;

/** The same wire with its receivers looked through: `choose` sees them, as the route gives them, and says who is left. */
export function rerouted(wire: Wire, choose: (receivers: readonly Address[]) => readonly Address[]): Wire {
  const route = isRendezvous(wire) ? wire.rendezvous : isQueue(wire) ? wire.queue : (wire as Route);
  const chosen = (message: Message, self: number): Receivers =>
    choose(addressesOf(typeof route === 'function' ? route(message, self) : route));
  if (isRendezvous(wire)) return { rendezvous: chosen };
  return isQueue(wire) ? { ...wire, queue: chosen } : chosen;
}

export const actorOf = (address: Address): string => (typeof address === 'string' ? address : address[0]);

function addressesOf(receivers: Receivers): readonly Address[] {
  if (typeof receivers === 'string') return [receivers];
  const isReplica = receivers.length === 2 && typeof receivers[1] === 'number';
  return isReplica ? [receivers as Address] : (receivers as readonly Address[]);
}

const mapped = <V, W>(object: Readonly<Record<string, V>>, f: (value: V, key: string) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value, key)]));
