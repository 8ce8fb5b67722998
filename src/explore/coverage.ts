import { eventsOf } from './anatomy.ts';
import type { Behaviour, LocalId, Row } from './behaviour.ts';
import type { MessageId } from './messages.ts';
import type { Instance, System } from './system.ts';
import type { ActorCoverage, NeverTaken } from './verdict.ts';

/** What steps did of every machine, transition by transition. It costs a search nothing: rows are marked as they are learned. */
export const coverageOf = (system: System): ActorCoverage[] =>
  machinesOf(system).map(({ ref: { actor }, behaviour }) => {
    const tried = triedOf(system, behaviour);
    return {
      actor,
      transitions: behaviour.transitions.map(({ text }, i) => ({
        transition: text,
        locals: tried[i]!.locals.size,
        messages: tried[i]!.messages.size,
      })),
    };
  });

/** What no step ever did. */
export function neverTaken(system: System): NeverTaken {
  const machines = machinesOf(system).map(({ ref: { actor }, behaviour }) => {
    const tried = triedOf(system, behaviour);
    const types = new Set([...rowsOf(system, behaviour)].map(([, message]) => system.messages.value(message).type));
    return { actor, behaviour, types, isTried: (i: number) => tried[i]!.locals.size > 0 };
  });
  return {
    messages: machines.flatMap(({ actor, behaviour, types, isTried }) => {
      // a machine may raise a message itself, and "*" is none: then the transitions tell
      const isTaken = (message: string): boolean =>
        types.has(message) || behaviour.transitions.some(({ on }, i) => on === message && isTried(i));
      return eventsOf(system.composition.actors[actor]!.machine)
        .filter((message) => !isTaken(message))
        .map((message) => ({ actor, message }));
    }),
    transitions: machines.flatMap(({ actor, behaviour, isTried }) =>
      behaviour.transitions.filter((_, i) => !isTried(i)).map(({ text }) => ({ actor, transition: text })),
    ),
  };
}

/** One actor for each machine: replicas share its table. */
const machinesOf = ({ instances }: System): Instance[] => instances.filter(({ ref }) => ref.self === 0);

interface Tried {
  readonly locals: Set<LocalId>;
  readonly messages: Set<MessageId>;
}

/** For each transition of a machine, in which local states and on which messages a step took it. */
function triedOf(system: System, behaviour: Behaviour): readonly Tried[] {
  const tried = behaviour.transitions.map((): Tried => ({ locals: new Set(), messages: new Set() }));
  for (const [at, message, row] of rowsOf(system, behaviour)) {
    for (const transition of row.transitions) {
      tried[transition]!.locals.add(at);
      tried[transition]!.messages.add(message);
    }
  }
  return tried;
}

/** The rows of a machine's table that a step took: those of cascades that were refused, or went wrong, are none. */
function* rowsOf({ covered }: System, behaviour: Behaviour): Generator<readonly [LocalId, MessageId, Row]> {
  for (const [at, message, row] of behaviour.answers()) if (row !== null && covered.has(row)) yield [at, message, row];
}
