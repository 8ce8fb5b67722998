import type { Composition } from './model.ts';
import { type Occurrence, type Precedes, type Property, type Taken, unhandled } from './property.ts';
import { type PlainState, type Replayed, roomOver } from './replay.ts';

/**
 * Looks at a property along a run that plain XState has taken, without the search.
 *
 * @param name of a property of the model, or `unhandled`; whether a state is a deadlock cannot be told from a run
 * @returns the number of steps after which it is broken for the first time, or null where it is kept
 */
export function brokenAfter(composition: Composition, name: string, { states, taken, run }: Replayed): number | null {
  if (name === unhandled) return run.ends.at === 'unhandled' ? run.steps.length : null;
  const property = (composition.properties as readonly Property<unknown>[]).find((each) => each.name === name);
  const rooms = states.map((state: PlainState) => roomOver(composition, state));
  const at = (isBroken: (room: unknown, steps: number) => boolean): number | null => {
    const found = rooms.findIndex(isBroken);
    return found === -1 ? null : found;
  };
  switch (property?.kind) {
    case 'always':
      return at((room) => (property.when?.(room) ?? true) && !property.holds(room));
    case 'step':
      return at((after, steps) => {
        if (steps === 0) return false;
        const change = { before: rooms[steps - 1], after, taken: taken[steps - 1]! };
        return (property.when?.(change) ?? true) && !property.holds(change);
      });
    case 'precedes':
      return earlyAfter(property, rooms, taken);
    default:
      return null;
  }
}

/** A step counts its messages before the state that it leads to. */
function earlyAfter(
  { first, then }: Precedes<unknown>,
  rooms: readonly unknown[],
  taken: readonly (readonly Taken[])[],
): number | null {
  for (const [steps, room] of rooms.entries()) {
    const messages = taken[steps - 1] ?? [];
    if (isAmong(messages, first)) return null;
    if (isAmong(messages, then)) return steps;
    if (isIn(room, first)) return null;
    if (isIn(room, then)) return steps;
  }
  return null;
}

export const isIn = (room: unknown, occurrence: Occurrence<unknown>): boolean =>
  typeof occurrence === 'function' && occurrence(room);

export const isAmong = (taken: readonly Taken[], occurrence: Occurrence<unknown>): boolean =>
  typeof occurrence !== 'function' &&
  taken.some(({ actor, message }) => actor === occurrence[0] && message.type === occurrence[1]);
