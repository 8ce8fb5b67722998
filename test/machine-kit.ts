import { expect } from 'vitest';
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  type EventFromLogic,
  type InputFrom,
  initialTransition,
  transition,
} from 'xstate';

/** What the tests of machines have in common: a machine is played by itself, without a checker and without a model. */

/** What a machine emits. */
type Said = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What a machine says, message by message, and where it ends. A message that it does not take is a mistake of the test. */
export function play<M extends AnyStateMachine>(of: M, input: InputFrom<M>, messages: readonly EventFromLogic<M>[]) {
  const machine: AnyStateMachine = of;
  let [snapshot] = initialTransition(machine, input);
  const said = messages.map((message) => {
    expect(takes(machine, snapshot, message), `${machine.id} takes ${message.type}`).toBe(true);
    const [next, actions] = transition(machine, snapshot, message);
    snapshot = next;
    return (actions as { type: string; params: { event: Said } }[])
      .filter(({ type }) => type === 'xstate.emit')
      .map(({ params }) => params.event);
  });
  const all = said.flat();
  return { snapshot, said, all, types: all.map(({ type }) => type), last: said.at(-1) ?? [] };
}

export const takes = (machine: AnyStateMachine, snapshot: AnyMachineSnapshot, message: { type: string }): boolean =>
  machine.getTransitionData(snapshot, message).length > 0;

/** Messages without payload, by name. */
export const names = (types: string): { type: never }[] => types.split(' ').map((type) => ({ type: type as never }));

/** A transition that stands for a step of the protocol. */
interface Step {
  readonly step: string;
  readonly machine: string;
  /** The state and the message. */
  readonly on: string;
}

/** The steps of the protocol that machines say they stand for. */
export const stepsOf = (machines: readonly AnyStateMachine[]): Step[] =>
  machines.flatMap(({ id, root }) =>
    transitionsOf(root).flatMap(({ meta, source, eventType }) =>
      meta === undefined
        ? []
        : [{ step: (meta as { step: string }).step, machine: id, on: `${source.key} ${eventType}` }],
    ),
  );

export const transitionsOf = (node: AnyStateNode): { meta?: unknown; source: AnyStateNode; eventType: string }[] => [
  ...[...node.transitions.values()].flat(),
  ...Object.values(node.states).flatMap(transitionsOf),
];

/** Those of the steps that no transition stands for. */
export function unnamed(separate: readonly string[], steps: readonly Step[]): string[] {
  const named = new Set(steps.map(({ step }) => step));
  return separate.filter((step) => !named.has(step));
}

/** The transitions that stand for two of the steps. */
export function merged(separate: readonly string[], steps: readonly Step[]): string[] {
  const byTransition = Map.groupBy(steps, ({ machine, on }) => `${machine}: ${on}`);
  return [...byTransition]
    .filter(([, each]) => new Set(each.map(({ step }) => step).filter((step) => separate.includes(step))).size > 1)
    .map(([transition]) => transition);
}
