import { type AnyStateMachine, and, or } from 'xstate';
import type { Composition } from '../explore/model.ts';
import { actorOf, isRendezvous, machinesOf, rerouted, withMachine, withRules, withWires } from './composition.ts';
import { configOf, machineOf, nameOf, transitionAt, transitionsOf } from './config.ts';

/**
 * What an exploration has asked of machines and wires. A guard that was never false can be removed, and a transition that was
 * never taken changed, without any difference: such mutants are not counted.
 *
 * Sound because guards, conditions and routes are pure and asked of every reachable case at least once. XState may ask a guard of a
 * case that the search then discards; that only adds to what is seen here.
 */
export class Probe {
  readonly #seen = new Set<string>();

  /** `what` was found true, or false, in some case. */
  note(what: string, found: boolean): boolean {
    this.#seen.add(`${what} ${found}`);
    return found;
  }

  was(what: string, found: boolean): boolean {
    return this.#seen.has(`${what} ${found}`);
  }

  /** Pairs of a machine that emits and an actor that it meets by rendezvous. */
  readonly meetings = new Map<string, Meeting>();
}

export interface Meeting {
  /** The machine that emits. */
  readonly machine: string;
  /** The actor that it meets. */
  readonly with: string;
  /** It says nothing itself: a lock. */
  readonly passive: boolean;
  /** What they meet over. */
  readonly messages: Set<string>;
}

export const guardOf = (machine: string, transition: Parameters<typeof nameOf>[0]): string =>
  `${machine}: ${nameOf(transition)}`;
export const waitOf = (machine: string, message: string): string => `${machine}: wait of ${message}`;

/** The same composition, and whoever explores it fills the probe. */
export function probed(composition: Composition, probe: Probe): Composition {
  let result = composition;
  for (const [id, machine] of machinesOf(composition)) {
    result = withMachine(result, id, probedMachine(machine, probe));
    result = withRules(result, id, (rule) => {
      const { when } = rule;
      if (when === undefined) return rule;
      return { ...rule, when: (room, self) => probe.note(waitOf(id, rule.type), Boolean(when(room, self))) };
    });
    result = withWires(result, id, (wire, message) => {
      if (!isRendezvous(wire)) return wire;
      return rerouted(wire, (receivers) => {
        for (const receiver of receivers) {
          const actor = actorOf(receiver);
          const passive = Object.keys(composition.wires[actor] ?? {}).length === 0;
          const known = probe.meetings.get(`${id} ${actor}`);
          const meeting = known ?? { machine: id, with: actor, passive, messages: new Set() };
          meeting.messages.add(message);
          probe.meetings.set(`${id} ${actor}`, meeting);
        }
        return receivers;
      });
    });
  }
  return result;
}

/** Whatever a guard is made of: `yes` is asked where it is true, `no` where it is false, and the outcome stays what it was. */
function probedMachine(machine: AnyStateMachine, probe: Probe): AnyStateMachine {
  const config = configOf(machine);
  for (const place of transitionsOf(config)) {
    const transition = transitionAt(config, place);
    const what = guardOf(machine.id, place);
    const yes = () => probe.note(what, true);
    const no = () => probe.note(what, false);
    transition.guard = transition.guard === undefined ? yes : or([and([transition.guard as never, yes]), no]);
  }
  return machineOf(machine, config);
}
