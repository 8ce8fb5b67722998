import { type AnyStateMachine, StateMachine } from 'xstate';

/**
 * A machine's configuration as data that can be changed: every transition is an object in a list, whatever shorthand it was
 * written in. Functions are kept as they are; they are XState's, and nobody changes them.
 */
export interface Config {
  readonly states?: Readonly<Record<string, Config>>;
  on?: Record<string, Transition[]>;
  always?: Transition[];
  entry?: unknown[];
  exit?: unknown[];
}

export interface Transition {
  target?: string;
  guard?: unknown;
  actions?: unknown[];
  meta?: { readonly step?: string };
}

/** A transition and where it stands. */
export interface Placed {
  /** The state in which it is, by names from the root. */
  readonly state: readonly string[];
  /** The message that it takes; '' for a transition without one. */
  readonly message: string;
  /** Its place among the transitions for that message. */
  readonly index: number;
}

/** For the reader, and the same for as long as the machine is. */
export const nameOf = ({ state, message, index }: Placed): string =>
  `${state.join('.') || 'root'} on ${message || 'nothing'}${index === 0 ? '' : ` (${index + 1})`}`;

export const configOf = (machine: AnyStateMachine): Config => normal(copy(machine.config) as Raw);

/** The same machine with another configuration. */
export function machineOf({ implementations }: AnyStateMachine, config: Config): AnyStateMachine {
  return new StateMachine(config as never, implementations as never) as unknown as AnyStateMachine;
}

export function stateAt(config: Config, path: readonly string[]): Config {
  return path.reduce((state, name) => state.states![name]!, config);
}

export function transitionAt(config: Config, { state, message, index }: Placed): Transition {
  const node = stateAt(config, state);
  return (message === '' ? node.always! : node.on![message]!)[index]!;
}

/** Every transition, in the order in which the machine's file has them. */
export function transitionsOf(config: Config): Placed[] {
  return statesOf(config).flatMap(([path, { on = {}, always = [] }]) => [
    ...Object.entries(on).flatMap(([message, all]) => all.map((_, index) => ({ state: path, message, index }))),
    ...always.map((_, index) => ({ state: path, message: '', index })),
  ]);
}

/** Every state with its path, the root first. */
export function statesOf(config: Config, path: readonly string[] = []): [readonly string[], Config][] {
  const inner = Object.entries(config.states ?? {}).flatMap(([name, state]) => statesOf(state, [...path, name]));
  return [[path, config], ...inner];
}

type Raw = Record<string, unknown>;

function normal(raw: Raw): Config {
  const { on, always, entry, exit, states } = raw as {
    on?: Raw;
    always?: unknown;
    entry?: unknown;
    exit?: unknown;
    states?: Record<string, Raw>;
  };
  const mapped = <V, W>(object: Record<string, V>, f: (value: V) => W): Record<string, W> =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value)]));
  return {
    ...raw,
    ...(on && { on: mapped(on, transitions) }),
    ...(always !== undefined && { always: transitions(always) }),
    ...(entry !== undefined && { entry: list(entry) }),
    ...(exit !== undefined && { exit: list(exit) }),
    ...(states && { states: mapped(states, normal) }),
  };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function transitions(value: unknown): Transition[] {
  return list(value).map((one) => {
    if (typeof one === 'string') return { target: one };
    const { actions, ...rest } = one as Raw;
    return { ...rest, ...(actions !== undefined && { actions: list(actions) }) };
  });
}

/** Plain objects and lists are copied, everything else is shared. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
}
