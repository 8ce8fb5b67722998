import type { AnyStateMachine } from 'xstate';
import { eventsOf, everHandles, nameOfMachine, nodesOf } from './anatomy.ts';
import { encode } from './encode.ts';
import { noMessage } from './messages.ts';
import type { Composition, Message, SpontaneousRule } from './model.ts';
import { type Always, deadlock, type Occurrence, type Step, unhandled } from './property.ts';
import { checkName, checkRoutes } from './routing.ts';
import { spawned, unexplorable } from './scope.ts';
import { didYouMean, SpecError } from './spec-error.ts';

/**
 * What the compiler cannot see, looked at once when a model is loaded and before anything is explored.
 *
 * @throws SpecError on the first thing that is wrong
 */
export function validate(composition: Composition): void {
  for (const [actor, { machine }] of Object.entries(composition.actors)) checkMachine(composition, actor, machine);
  checkRoutes(composition);
  checkMailboxes(composition);
  for (const [actor, rules] of Object.entries(composition.spontaneous)) checkSpontaneous(composition, actor, rules);
  checkProperties(composition);
}

function checkMachine(composition: Composition, actor: string, machine: AnyStateMachine): void {
  for (const node of nodesOf(machine)) {
    const where = `${actor}, state ${node.path.join('.') || nameOfMachine(machine, actor)}`;
    if (node.invoke.length > 0) throw spawned(where);
    const transitions = [...node.transitions.values(), node.always ?? []].flat();
    for (const action of [...node.entry, ...node.exit, ...transitions.flatMap(({ actions }) => actions ?? [])]) {
      checkAction(composition, actor, machine, action, where);
    }
    for (const { guard } of transitions) checkGuard(nameOfMachine(machine, actor), machine, guard, where);
  }
}

function checkAction(
  composition: Composition,
  actor: string,
  machine: AnyStateMachine,
  action: unknown,
  where: string,
): void {
  const name = nameOfReference(action);
  const implementation: unknown = name === undefined ? action : machine.implementations.actions[name];
  if (name !== undefined && implementation === undefined) {
    throw new SpecError(`${actor}: action "${name}" is not implemented`, {
      code: 'E-UNIMPLEMENTED',
      where,
      why: `setup() of "${nameOfMachine(machine, actor)}" names the actions ${Object.keys(machine.implementations.actions).join(', ') || 'none'}`,
      instead: `one of them${didYouMean(name, Object.keys(machine.implementations.actions))}`,
    });
  }
  const { type, event, delay, resolve } = implementation as {
    readonly type?: string;
    readonly event?: unknown;
    readonly delay?: unknown;
    readonly resolve?: unknown;
  };
  if (resolve === undefined)
    throw unexplorable(where, name ?? ((implementation as { name?: string }).name || 'an inline function'));
  if (type === 'xstate.spawnChild' || type === 'xstate.stopChild') throw spawned(where);
  if (type === 'xstate.sendTo') throw unexplorable(where, name === undefined ? 'sendTo' : `${name} (sendTo)`);
  if (type === 'xstate.raise') checkDelay(nameOfMachine(machine, actor), machine, delay, where);
  if (type !== 'xstate.emit' || typeof event === 'function') return;
  if (typeof (event as Message | null)?.type !== 'string') throw noMessage(where);
  checkEmission(composition, actor, (event as Message).type, where);
}

/** XState lets a delay that it does not know pass at once. */
function checkDelay(name: string, machine: AnyStateMachine, delay: unknown, where: string): void {
  const { delays } = machine.implementations;
  if (typeof delay !== 'string' || Object.hasOwn(delays, delay)) return;
  throw new SpecError(`${name}: delay "${delay}" is not implemented`, {
    code: 'E-UNIMPLEMENTED',
    where,
    why: `setup() names the delays ${Object.keys(delays).join(', ') || 'none'}`,
    instead: `one of them${didYouMean(delay, Object.keys(delays))}, or a number`,
  });
}

function checkEmission(composition: Composition, actor: string, type: string, where: string): void {
  const wires = Object.hasOwn(composition.wires, actor) ? composition.wires[actor]! : {};
  if (Object.hasOwn(wires, type)) return;
  throw new SpecError(`${actor}: emits "${type}", which has no wire`, {
    code: 'E-UNWIRED',
    where,
    why: Object.keys(wires).length === 0 ? `there are no wires for "${actor}"` : 'nobody is said to receive it',
    instead: `wires: { ${actor}: { '${type}': … } }, and "${type}" among the machine's types.emitted${didYouMean(type, Object.keys(wires))}`,
  });
}

function checkGuard(of: string, machine: AnyStateMachine, guard: unknown, where: string): void {
  const name = nameOfReference(guard);
  if (name === undefined || Object.hasOwn(machine.implementations.guards, name)) return;
  throw new SpecError(`${of}: guard "${name}" is not implemented`, {
    code: 'E-UNIMPLEMENTED',
    where,
    why: `setup() names the guards ${Object.keys(machine.implementations.guards).join(', ') || 'none'}`,
    instead: `one of them${didYouMean(name, Object.keys(machine.implementations.guards))}`,
  });
}

/** `'refuse'` and `{ type: 'refuse', params }` refer to something in setup(); a function is itself. */
function nameOfReference(reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference;
  if (typeof reference === 'object' && reference !== null && 'type' in reference) return String(reference.type);
  return undefined;
}

function checkMailboxes(composition: Composition): void {
  for (const [actor, { capacity, order = 'fifo' }] of Object.entries(composition.mailboxes)) {
    const where = `mailboxes.${actor}`;
    checkActor(composition, actor, where);
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new SpecError(`${actor}: a mailbox without bound`, {
        code: 'E-UNBOUNDED',
        where,
        why: `its capacity is ${String(capacity)}, and what may wait without end cannot be explored to the end`,
        instead: '{ capacity: 1 } or another whole number',
      });
    }
    if (!['fifo', 'perSender', 'unordered'].includes(order)) {
      throw new SpecError(`${actor}: no mailbox order "${String(order)}"`, {
        code: 'E-ORDER',
        where,
        why: 'the orders are fifo, perSender and unordered',
        instead: `one of them${didYouMean(String(order), ['fifo', 'perSender', 'unordered'])}`,
      });
    }
  }
}

function checkSpontaneous(composition: Composition, actor: string, rules: readonly (string | SpontaneousRule)[]): void {
  const where = `spontaneous.${actor}`;
  checkActor(composition, actor, where);
  const { machine } = composition.actors[actor]!;
  const seen = new Set<string>();
  for (const rule of rules) {
    const { type, oneOf } = typeof rule === 'string' ? { type: rule, oneOf: undefined } : rule;
    if (seen.has(type)) {
      throw new SpecError(`${actor}: spontaneous "${type}" is listed twice`, {
        code: 'E-SPONTANEOUS-TWICE',
        where,
        why: 'two entries would make one step, under conditions that contradict each other',
        instead: 'one entry, with a "when" that says when',
      });
    }
    seen.add(type);
    checkName(type, where);
    if (!everHandles(machine, type)) {
      throw new SpecError(`${actor}: no state takes the spontaneous "${type}"`, {
        code: 'E-UNTAKEN',
        where,
        why: `the machine "${nameOfMachine(machine, actor)}" has it in no "on"`,
        instead: `a transition for it${didYouMean(type, eventsOf(machine))}`,
      });
    }
    checkRegions(actor, machine, type);
    if (oneOf) checkChoice(actor, type, oneOf);
  }
}

function checkChoice(actor: string, type: string, oneOf: readonly object[]): void {
  // what will be a message: a "type" among the payload does not make another one
  const codes = oneOf.map((payload) => encode({ ...payload, type }, `spontaneous.${actor} "${type}"`));
  if (codes.length > 0 && new Set(codes).size === codes.length) return;
  throw new SpecError(`${actor}: "oneOf" of "${type}" ${codes.length === 0 ? 'is empty' : 'has a payload twice'}`, {
    code: 'E-ONE-OF',
    where: `spontaneous.${actor}`,
    why: 'each payload is a step of its own',
    instead: 'every payload once, and at least one',
  });
}

/** Two regions that both take a thread's own message would make one instruction happen in two places at once. */
function checkRegions(actor: string, machine: AnyStateMachine, type: string): void {
  for (const node of nodesOf(machine)) {
    if (node.type !== 'parallel') continue;
    const takers = Object.values(node.states).filter((root) =>
      everHandles({ root } as unknown as AnyStateMachine, type),
    );
    if (takers.length < 2) continue;
    throw new SpecError(`${actor}: two parallel regions take the spontaneous "${type}"`, {
      code: 'E-REGIONS',
      where: takers.map(({ path }) => path.join('.')).join(' and '),
      why: 'both would take it in one step, wherever the other one is',
      instead: 'an actor of its own for the fact that the second region keeps, written by a call; or raise()',
    });
  }
}

function checkProperties({ actors, properties }: Composition): void {
  const known = new Map<string, unknown>([deadlock, unhandled].map((name) => [name, null]));
  const named = properties.flatMap((property) =>
    'witness' in property && property.witness ? [property, property.witness] : [property],
  );
  for (const property of named) {
    if (property.kind === 'always' || property.kind === 'step') checkWitness(property);
    // a witness may be named by many, and listed too
    if (property.kind === 'sometimes' && known.get(property.name) === property) continue;
    if (known.has(property.name)) {
      throw new SpecError(`two properties are called "${property.name}"`, {
        code: 'E-NAMESAKE',
        where: 'properties',
        why: 'verdicts are told apart by name, and every model has "deadlock" and "unhandled"',
        instead: 'another name',
      });
    }
    known.set(property.name, property);
    if (property.kind !== 'precedes') continue;
    for (const occurrence of [property.first, property.then]) checkOccurrence(actors, property.name, occurrence);
  }
}

/** Without one that is looked for, nothing would ever be vacuous. */
function checkWitness({ name, kind, witness }: Always<never> | Step<never>): void {
  if (witness?.kind === 'sometimes' || (witness === undefined && kind === 'step')) return;
  throw new SpecError(`"${name}" has no witness`, {
    code: 'E-WITNESS',
    where: 'properties',
    why: 'what it names as its witness is no state that could be reached',
    instead: '{ witness: sometimes(name, …) }',
  });
}

function checkOccurrence(actors: Composition['actors'], property: string, occurrence: Occurrence<never>): void {
  if (typeof occurrence === 'function') return;
  const [actor, message] = occurrence as readonly [string, string];
  const machine = Object.hasOwn(actors, actor) ? actors[actor]!.machine : undefined;
  if (machine && everHandles(machine, message)) return;
  throw new SpecError(`"${property}" waits for "${message}" of "${actor}"`, {
    code: 'E-UNHEARD',
    where: 'properties',
    why: machine
      ? `no state of the machine "${nameOfMachine(machine, actor)}" takes it`
      : `the actors are ${Object.keys(actors).join(', ')}`,
    instead: machine
      ? `a message that it takes${didYouMean(message, eventsOf(machine))}`
      : `one of them${didYouMean(actor, Object.keys(actors))}`,
  });
}

function checkActor({ actors }: Composition, actor: string, where: string): void {
  if (Object.hasOwn(actors, actor)) return;
  throw new SpecError(`no actor "${actor}"`, {
    code: 'E-ACTOR',
    where,
    why: `the actors are ${Object.keys(actors).join(', ')}`,
    instead: `one of them${didYouMean(actor, Object.keys(actors))}`,
  });
}
