import type { AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';

/** A state of a machine as XState has it. */
export type Node = AnyMachineSnapshot['_nodes'][number];
/** A transition as XState has it. */
export type Transition = NonNullable<Node['always']>[number];

/** Whether a state node has an `on` for messages of this type (XState's `*` and `x.*` included). */
export function handles(transitions: Node['transitions'], type: string): boolean {
  for (const [descriptor, definitions] of transitions) {
    if (definitions.length > 0 && matches(descriptor, type)) return true;
  }
  return false;
}

/** As XState has it: `door.*` names `door.opened`, and `door` too. */
function matches(descriptor: string, type: string): boolean {
  if (descriptor === type || descriptor === '*') return true;
  return descriptor.endsWith('.*') && `${type}.`.startsWith(descriptor.slice(0, -1));
}

/** What a machine is called. XState gives the same name to all that are not given one: such a one goes by its actor. */
export const nameOfMachine = (machine: AnyStateMachine, actor: string): string =>
  machine.id === '(machine)' ? actor : machine.id;

/** Every state node of a machine, the root first, in the order in which they are written. */
export function nodesOf(machine: AnyStateMachine): Node[] {
  const below = (node: Node): Node[] => [node, ...Object.values(node.states).flatMap((child) => below(child as Node))];
  return below(machine.root as Node);
}

/** Every transition of a machine, `always` and delays included, with a text for the reader. */
export function transitionsOf(machine: AnyStateMachine): { definition: Transition; on: string; text: string }[] {
  return nodesOf(machine).flatMap((node) => {
    const state = node.path.join('.') || '(any state)';
    const onMessage = [...node.transitions].flatMap(([type, definitions]) =>
      definitions.map((definition) => ({ definition, on: type })),
    );
    const always = (node.always ?? []).map((definition) => ({ definition, on: 'always' }));
    return [...onMessage, ...always].map(({ definition, on }) => {
      const guard = typeof definition.guard === 'string' ? ` if ${definition.guard}` : '';
      return { definition, on, text: `${state} on ${on.replace(/^xstate\.after\.([^.]*)\..*/, 'after $1')}${guard}` };
    });
  });
}

/** Whether any state of the machine has a transition for messages of this type. */
export const everHandles = (machine: AnyStateMachine, type: string): boolean =>
  nodesOf(machine).some((node) => handles(node.transitions, type));

/** The messages in the machine's `on`, XState's own left out. */
export const eventsOf = (machine: AnyStateMachine): string[] =>
  takenBy(machine).filter((type) => !type.startsWith('xstate.'));

/** The same, and the delays of `after`. */
export const eventsAndDelaysOf = (machine: AnyStateMachine): string[] =>
  takenBy(machine).filter((type) => !type.startsWith('xstate.') || type.startsWith('xstate.after.'));

const takenBy = (machine: AnyStateMachine): string[] => [
  ...new Set(nodesOf(machine).flatMap((node) => [...node.transitions.keys()])),
];

/**
 * XState takes the `always` of several regions in the order in which their states were entered, and where a history state
 * is returned to from within, the states that are active are not always those of `value`. Two snapshots with one value
 * may then do different things: this tells them apart, and is empty everywhere else.
 */
export function orderOf({ _nodes: nodes, value, machine }: AnyMachineSnapshot): readonly string[] {
  const named = new Set(namedBy(machine.root as Node, value as StateValue));
  if (named.size !== nodes.length || !nodes.every((node) => named.has(node))) return nodes.map(({ id }) => id);
  const leaves = nodes.filter(({ type }) => type === 'atomic' || type === 'final');
  const eventless = leaves.filter((leaf) => alwaysOf(leaf) !== '');
  return new Set(eventless.map(alwaysOf)).size > 1 ? eventless.map(({ id }) => id) : [];
}

/** The states that a value names, this one and those below. */
export function namedBy(node: Node, value: StateValue): Node[] {
  const below = typeof value === 'string' ? { [value]: {} } : value;
  return [node, ...Object.entries(below).flatMap(([key, inner]) => namedBy(node.states[key] as Node, inner!))];
}

/** The states from this one up whose `always` it would take. */
const alwaysOf = (node: Node | undefined): string =>
  node === undefined ? '' : `${node.always?.length ? `${node.id} ` : ''}${alwaysOf(node.parent)}`;
