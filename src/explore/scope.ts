import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { encode } from './encode.ts';
import { named } from './purity.ts';
import { SpecError } from './spec-error.ts';

/** Microsteps after which a machine that does not come to rest is called endless. */
const maxMicrosteps = 1_000;

/** An action as XState hands it out for execution. */
export interface Executable {
  readonly type: string;
  readonly params: {
    readonly event?: unknown;
    readonly delay?: unknown;
    readonly id?: unknown;
    readonly sendId?: unknown;
  };
}

export type Scope = ReturnType<typeof inertScope>;

/**
 * The scope in which XState computes a transition without an actor: nothing is executed, what would be is collected.
 *
 * `transition()` of XState builds a whole actor for each call; this is the part of it that a machine without children
 * needs. `_sendInspectionEvent` is not public: behaviour.test.ts holds this scope and `transition()` to the same answers.
 */
export function inertScope(actions: Executable[], taken: unknown[], where: string) {
  return {
    self: nobody(where),
    id: '',
    sessionId: '',
    logger: () => {},
    defer: () => {},
    emit: () => {},
    stopChild: () => {},
    system: {
      _sendInspectionEvent: ({ _transitions = [] }: { _transitions?: readonly unknown[] }) =>
        taken.push(..._transitions),
      get: () => undefined,
    },
    actionExecutor: (action: Executable) => actions.push(action),
  };
}

/** Stands where an action would find its actor. XState reads it where it spawns or sends; nothing else may. */
function nobody(where: string): object {
  const get = (_: object, key: string | symbol): never => {
    if (key === 'system') throw spawned(where);
    if (key === '_parent') throw unexplorable(where, 'sendParent');
    throw new SpecError('"self" cannot be read', {
      code: 'E-SELF',
      where,
      why: 'an actor is known to the model alone, by its name; replicas of a machine would all be the same "self"',
      instead: 'what it has to know of itself in its input, start(machine, input)',
    });
  };
  return new Proxy(() => {}, { get });
}

/** A sendTo() that is only found inside enqueueActions(). */
export function reachingNobody<R>(where: string, compute: () => R): R {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Unable to send event to actor')) {
      throw unexplorable(where, 'sendTo');
    }
    throw error;
  }
}

/** The same machine with its named guards and actions under observation, and a bound on its microsteps. */
export function instrumented(machine: AnyStateMachine): AnyStateMachine {
  const { guards, actions } = machine.implementations;
  const watched = machine.provide({
    guards: mapValues(guards, (name, guard) =>
      typeof guard === 'function' && !('check' in guard) ? named(`guard "${name}"`, guard as Run, tell) : guard,
    ),
    actions: mapValues(actions, (name, action) => (isBuiltIn(action) ? observed(name, action) : action)),
  } as never);
  watched.options = {
    ...watched.options,
    maxIterations: Math.min(watched.options.maxIterations ?? maxMicrosteps, maxMicrosteps),
  };
  return watched;
}

type Run = (...args: unknown[]) => unknown;
/** assign(), emit() and the like: a function with a `resolve` that computes what it does. */
type BuiltIn = Run & { readonly resolve: Run };
const isBuiltIn = (action: unknown): action is BuiltIn => typeof action === 'function' && 'resolve' in action;

function observed(name: string, action: BuiltIn): BuiltIn {
  const told = (result: unknown): string => {
    const [snapshot, params] = result as [AnyMachineSnapshot, unknown];
    return `${tell(snapshot.context)} ${action.resolve.name === 'resolveEmit' ? tell(params) : ''}`;
  };
  return Object.assign(() => {}, action, { resolve: named(`action "${name}"`, action.resolve, told) });
}

/** A comparable form that never throws: what is not data is complained about where it arrives. */
function tell(value: unknown): string {
  try {
    return encode(value, '');
  } catch {
    return typeof value;
  }
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  map: (name: string, value: T) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(name, value)]));
}

export const spawned = (where: string): SpecError =>
  new SpecError('an actor that is spawned or invoked cannot be explored yet', {
    code: 'E-SPAWN',
    where,
    why: 'who is in the room is fixed by the model, so that its states can be counted and compared',
    instead:
      'an actor of the model, start(machine), that waits in a state tagged "rest" and is woken by emit() and a wire',
  });

export const unexplorable = (where: string, action: string): SpecError =>
  new SpecError(`action "${action}" cannot be explored`, {
    code: 'E-ACTION',
    where,
    why: "only emit() leaves a machine; who receives it is the model's business",
    instead: 'emit({ type: ... }) here, and one line under "wires" in the model; assign() for what it remembers',
  });
