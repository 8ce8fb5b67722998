import { type AnyStateMachine, not } from 'xstate';
import type { Composition, Wire } from '../explore/model.ts';
import { actorOf, isRendezvous, machinesOf, rerouted, withMachine, withRules, withWires } from './composition.ts';
import {
  type Config,
  configOf,
  machineOf,
  nameOf,
  type Placed,
  stateAt,
  statesOf,
  type Transition,
  transitionAt,
  transitionsOf,
} from './config.ts';
import { guardOf, type Probe, waitOf } from './probe.ts';

/** What is done to a machine, or to what a model says of its actors. */
type Kind =
  | 'guard removed'
  | 'guard negated'
  | 'wait removed'
  | 'lock removed'
  | 'meeting as a call'
  | 'action dropped'
  | 'steps swapped'
  | 'effects swapped';

/** One small thing done wrong, the same in every model. */
export interface Mutant {
  /** For the reader, and for {@link Survivor}. */
  readonly name: string;
  readonly kind: Kind;
  /** The machine's id. */
  readonly machine: string;
  readonly apply: (composition: Composition) => Composition;
  /** What it emits, where it goes and what it asks stay as they are: the mutant changes only what the machine remembers. */
  readonly silent: boolean;
  /** Why a model whose exploration filled this probe cannot tell the mutant from what is right, where that is so. */
  readonly idleIn: (probe: Probe) => string | undefined;
  /**
   * Whether such a model may tell a mutant that some other model has shown to be one. Without it, where the mutant is not idle.
   * What two steps have exchanged is seen wherever one of them is taken; it is an exchange where both are.
   */
  readonly matters?: (probe: Probe) => boolean;
}

/** A composition and what exploring it has shown. */
interface Probed {
  readonly composition: Composition;
  readonly probe: Probe;
}

/** Every mutant of every machine of the compositions, machines sorted by id. */
export function mutantsOf(all: readonly Probed[]): Mutant[] {
  const compositions = all.map(({ composition }) => composition);
  const machines = new Map<string, AnyStateMachine>();
  for (const [id, machine] of compositions.flatMap((composition) => [...machinesOf(composition)])) {
    if (machines.has(id) && machines.get(id) !== machine) throw new Error(`two machines are called "${id}"`);
    machines.set(id, machine);
  }
  const sorted = [...machines].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([id, machine]) => [
    ...guardMutants(machine),
    ...waitMutants(id, compositions),
    ...meetingMutants(id, all),
    ...actionMutants(machine),
    ...swapMutants(machine),
  ]);
}

/** A mutant of a machine's configuration. */
function ofConfig(
  machine: AnyStateMachine,
  kind: Kind,
  where: string,
  change: (config: Config) => void,
  idleIn: Mutant['idleIn'],
  more: Partial<Pick<Mutant, 'silent' | 'matters'>> = {},
): Mutant {
  const { id } = machine;
  return {
    silent: false,
    ...more,
    name: `${id}: ${where}: ${kind}`,
    kind,
    machine: id,
    apply(composition) {
      const original = machinesOf(composition).get(id)!;
      const config = configOf(original);
      change(config);
      return withMachine(composition, id, machineOf(original, config));
    },
    idleIn,
  };
}

/** A change to transitions is one where each of them is taken. */
const unlessTaken =
  (machine: AnyStateMachine, ...places: readonly Placed[]): Mutant['idleIn'] =>
  (probe) =>
    places.every((place) => probe.was(guardOf(machine.id, place), true)) ? undefined : 'the transition is never taken';

function guardMutants(machine: AnyStateMachine): Mutant[] {
  const config = configOf(machine);
  return transitionsOf(config).flatMap((place) => {
    const { guard } = transitionAt(config, place);
    if (guard === undefined) return [];
    const what = guardOf(machine.id, place);
    const where = `${nameOf(place)}, ${told(guard)}`;
    return [
      ofConfig(
        machine,
        'guard removed',
        where,
        (copy) => {
          delete transitionAt(copy, place).guard;
        },
        (probe) => (probe.was(what, false) ? undefined : 'the guard is never false'),
      ),
      ofConfig(
        machine,
        'guard negated',
        where,
        (copy) => {
          transitionAt(copy, place).guard = not(guard as never);
        },
        (probe) => (probe.was(what, true) || probe.was(what, false) ? undefined : 'the guard is never asked'),
      ),
    ];
  });
}

function waitMutants(machine: string, compositions: readonly Composition[]): Mutant[] {
  const waits = new Set<string>();
  for (const composition of compositions) {
    withRules(composition, machine, (rule) => {
      // what the environment may do, and when, is said of the world, not of the protocol
      if (rule.when !== undefined && rule.environment !== true) waits.add(rule.type);
      return rule;
    });
  }
  return [...waits].map((message) => ({
    name: `${machine}: ${message}: wait removed`,
    kind: 'wait removed',
    machine,
    silent: false,
    apply: (composition) =>
      withRules(composition, machine, (rule) => {
        if (rule.type !== message || rule.environment === true) return rule;
        const { when: _, ...rest } = rule;
        return rest;
      }),
    idleIn: (probe) => (probe.was(waitOf(machine, message), false) ? undefined : 'nobody ever waits'),
  }));
}

/**
 * A lock is removed by both its ends: who does not take it does not release it either. Where the other side is no lock, it is
 * called, ready or not.
 */
function meetingMutants(machine: string, all: readonly Probed[]): Mutant[] {
  const meetings = new Map(all.flatMap(({ probe }) => [...probe.meetings]));
  return [...meetings]
    .filter(([, meeting]) => meeting.machine === machine)
    .map(([key, { with: other, passive }]) => {
      const kind = passive ? 'lock removed' : 'meeting as a call';
      const without = (wire: Wire) => rerouted(wire, (all) => all.filter((receiver) => actorOf(receiver) !== other));
      const asCall = (wire: Wire, message: string) =>
        isRendezvous(wire) && all.some(({ probe }) => probe.meetings.get(key)?.messages.has(message))
          ? wire.rendezvous
          : wire;
      return {
        name: `${machine}: ${other}: ${kind}`,
        kind,
        machine,
        silent: false,
        apply: (composition) => withWires(composition, machine, passive ? without : asCall),
        idleIn: (probe) => (probe.meetings.has(key) ? undefined : 'they never meet'),
      };
    });
}

function actionMutants(machine: AnyStateMachine): Mutant[] {
  const config = configOf(machine);
  const ofTransitions = transitionsOf(config).flatMap((place) =>
    (transitionAt(config, place).actions ?? []).map((action, index) =>
      ofConfig(
        machine,
        'action dropped',
        `${nameOf(place)}, ${told(action)}`,
        (copy) => {
          transitionAt(copy, place).actions!.splice(index, 1);
        },
        unlessTaken(machine, place),
        { silent: isMemory(machine, action) },
      ),
    ),
  );
  const ofStates = statesOf(config).flatMap(([path, state]) =>
    (['entry', 'exit'] as const).flatMap((when) =>
      (state[when] ?? []).map((action, index) =>
        ofConfig(
          machine,
          'action dropped',
          `${when} of ${path.join('.')}, ${told(action)}`,
          (copy) => {
            stateAt(copy, path)[when]!.splice(index, 1);
          },
          () => undefined,
          { silent: isMemory(machine, action) },
        ),
      ),
    ),
  );
  return [...ofTransitions, ...ofStates];
}

/**
 * Two steps of the protocol that follow each other, each a transition that carries the step's id, are done the other way round.
 * Where each is the only way on, the transitions change places, with their messages and what they load; where there are branches
 * or waits in between, only what they do.
 */
function swapMutants(machine: AnyStateMachine): Mutant[] {
  const config = configOf(machine);
  const all = transitionsOf(config);
  return all.flatMap((first) => {
    const one = transitionAt(config, first);
    const middle = siblings(first.state, one.target);
    if (middle === undefined || one.meta?.step === undefined || first.message === '') return [];
    return all
      .filter(({ state, message }) => message !== '' && state.join('.') === middle.join('.'))
      .flatMap((second): Mutant[] => {
        const two = transitionAt(config, second);
        if (two.meta?.step === undefined || middle.join('.') === first.state.join('.')) return [];
        const where = `${one.meta!.step} and ${two.meta.step}, ${nameOf(first)} and ${nameOf(second)}`;
        const idle = unlessTaken(machine, first, second);
        const matters = (probe: Probe) => [first, second].some((place) => probe.was(guardOf(machine.id, place), true));
        if (isOnlyWay(config, first) && isOnlyWay(config, second) && isFreeFor(config, first, second)) {
          const swap = (copy: Config) => swapSteps(copy, first, second);
          return [ofConfig(machine, 'steps swapped', where, swap, idle, { matters })];
        }
        if (sameActions(one, two)) return [];
        const swap = (copy: Config) => swapEffects(copy, first, second);
        const silent = [one, two].every(({ actions = [] }) => actions.every((action) => isMemory(machine, action)));
        return [ofConfig(machine, 'effects swapped', where, swap, idle, { silent, matters })];
      });
  });
}

/** An assign, and nothing that others could hear. */
function isMemory({ implementations }: AnyStateMachine, action: unknown): boolean {
  const name = typeof action === 'string' ? action : (action as { readonly type?: string }).type;
  const implementation = typeof action === 'function' ? action : implementations.actions[name ?? ''];
  return (implementation as { readonly type?: string } | undefined)?.type === 'xstate.assign';
}

/** The state that a transition leads to, where it is a sibling by its bare name. */
function siblings(state: readonly string[], target: string | undefined): readonly string[] | undefined {
  return target === undefined || /[.#]/.test(target) ? undefined : [...state.slice(0, -1), target];
}

function isOnlyWay(config: Config, { state, message }: Placed): boolean {
  const ways = stateAt(config, state).on![message]!;
  return ways.length === 1 && ways[0]!.guard === undefined && ways[0]!.target !== undefined;
}

/** Neither state takes the other's message, and the second step leads on. */
function isFreeFor(config: Config, first: Placed, second: Placed): boolean {
  const { target } = transitionAt(config, second);
  return (
    first.message !== second.message &&
    target !== second.state.at(-1) &&
    !Object.hasOwn(stateAt(config, first.state).on!, second.message) &&
    !Object.hasOwn(stateAt(config, second.state).on!, first.message)
  );
}

function swapSteps(config: Config, first: Placed, second: Placed): void {
  const [one, two] = [transitionAt(config, first), transitionAt(config, second)];
  const [before, between] = [stateAt(config, first.state).on!, stateAt(config, second.state).on!];
  delete before[first.message];
  delete between[second.message];
  before[second.message] = [{ ...two, target: one.target! }];
  between[first.message] = [{ ...one, target: two.target! }];
}

function swapEffects(config: Config, first: Placed, second: Placed): void {
  const [one, two] = [transitionAt(config, first), transitionAt(config, second)];
  [one.actions, two.actions] = [two.actions ?? [], one.actions ?? []];
}

const sameActions = ({ actions: a = [] }: Transition, { actions: b = [] }: Transition): boolean =>
  a.length === b.length && a.every((action, i) => told(action) === told(b[i]));

/** An action or a guard by name, with the parameters that make it another one. */
function told(reference: unknown): string {
  if (typeof reference === 'string') return reference;
  if (typeof reference === 'function' && 'event' in reference && typeof reference.event === 'object')
    return `emit ${(reference.event as { type: string }).type}`;
  if (typeof reference !== 'object' || reference === null || !('type' in reference)) return 'inline';
  const params = 'params' in reference ? `(${JSON.stringify(reference.params)})` : '';
  return `${String(reference.type)}${params}`;
}
