import { everHandles } from '../../explore/anatomy.ts';
import type { Composition, Message, QueueRules } from '../../explore/model.ts';
import { addresses, type OneAddress, partsOf } from '../../explore/routing.ts';

/** How a message travels that an actor emits, in one variant. */
export interface Way {
  readonly how: 'call' | 'rendezvous' | 'queue';
  readonly rules: QueueRules;
  /**
   * Who receives it. By sender where that depends on its number alone; where it depends on the message, all who could: they
   * know such messages.
   */
  readonly to:
    | { readonly kind: 'fixed'; readonly to: readonly OneAddress[] }
    | { readonly kind: 'bySender'; readonly to: readonly (readonly OneAddress[])[] }
    | { readonly kind: 'byMessage'; readonly to: readonly string[] };
}

/** Where a message goes, as far as that can be said without one. */
export function wayOf(composition: Composition, actor: string, message: string): Way {
  const { how, route, rules } = partsOf(composition.wires[actor]![message]!);
  return { how, rules, to: typeof route === 'function' ? computed(composition, actor, message, route) : fixed(route) };
}

/** The actors that a way may lead to. */
export function receiversOf({ to }: Way): string[] {
  const all = to.kind === 'byMessage' ? to.to : (to.kind === 'fixed' ? to.to : to.to.flat()).map(nameIn);
  return [...new Set(all)];
}

const nameIn = (address: OneAddress): string => (typeof address === 'string' ? address : address[0]);

const fixed = (route: unknown): Way['to'] => ({ kind: 'fixed', to: addresses(route, 'wires') });

function computed(
  { actors }: Composition,
  actor: string,
  type: string,
  route: (message: Message, self: number) => unknown,
): Way['to'] {
  const senders = actors[actor]?.inputs.length ?? 0;
  try {
    const to = Array.from({ length: senders }, (_, self) => addresses(route(unseen(type), self), 'wires'));
    const isSame = to.every((each) => JSON.stringify(each) === JSON.stringify(to[0]));
    return isSame && to.length > 0 ? { kind: 'fixed', to: to[0]! } : { kind: 'bySender', to };
  } catch {
    const able = Object.entries(actors).filter(([, { machine }]) => everHandles(machine, type));
    return { kind: 'byMessage', to: able.map(([name]) => name) };
  }
}

/** A message of which only the type may be looked at: a route that wants to know more throws. */
function unseen(type: string): Message {
  const refuse = (): never => {
    throw new Error('the route looks at the message');
  };
  return new Proxy({ type }, { get: (_, key) => (key === 'type' ? type : refuse()), has: refuse, ownKeys: refuse });
}
