import { deadlock, type Occurrence, type Property, unhandled } from './property.ts';
import { roomOver } from './replay.ts';
import type { PropertyKind } from './verdict.ts';
import type { Ahead, Place, Walker } from './walk.ts';

/**
 * What a property says of one state, or of one step: true, false, nothing (its premise is not true here, or it is not of
 * this that it speaks), or unclear, where it throws: a search that was stopped has not asked it everywhere. Of `precedes`
 * it is what comes to pass: `first`, `then`, or both.
 */
export type Light = 'true' | 'false' | 'silent' | 'unclear' | 'first' | 'then' | 'both';

export interface Lamp {
  readonly name: string;
  readonly of: PropertyKind;
  /** In a state by itself, however it was come to. */
  readonly state: (place: Place) => Light;
  /** For a step: from where, and which. */
  readonly step: (from: Place, ahead: Ahead) => Light;
}

/** A lamp for each property of the model, for the witnesses that they name, and for the two that every model has. */
export function lampsOf(walker: Walker): Lamp[] {
  const properties = walker.composition.properties as readonly Property<unknown>[];
  const all = properties.flatMap((property) =>
    'witness' in property && property.witness ? [property, property.witness] : [property],
  );
  const rooms = new WeakMap<Place, unknown>();
  const room = (place: Place): unknown => {
    const known = rooms.get(place) ?? roomOver(walker.composition, place.state);
    rooms.set(place, known);
    return known;
  };
  return [
    ...[...new Set(all)].map((property) => lampOf(property, room)),
    {
      name: deadlock,
      of: 'deadlock',
      state: (place) => tried(() => lit(!walker.isDeadlock(place))),
      step: () => 'silent',
    },
    {
      name: unhandled,
      of: 'unhandled',
      state: () => 'silent',
      step: (_, ahead) => lit(ahead.unhandled === null),
    },
  ];
}

const lit = (isTrue: boolean): Light => (isTrue ? 'true' : 'false');

function lampOf(property: Property<unknown>, room: (place: Place) => unknown): Lamp {
  const { name, kind: of } = property;
  const nothing = (): Light => 'silent';
  switch (property.kind) {
    case 'sometimes':
      return { name, of, state: (place) => tried(() => lit(property.holds(room(place)))), step: nothing };
    case 'always': {
      const { holds, when = () => true } = property;
      const state = (here: unknown): Light => (when(here) ? lit(holds(here)) : 'silent');
      return { name, of, state: (place) => tried(() => state(room(place))), step: nothing };
    }
    case 'step': {
      const { holds, when = () => true } = property;
      const step = (from: Place, { to, taken, unhandled }: Ahead): Light => {
        if (unhandled !== null) return 'silent';
        const change = { before: room(from), after: room(to), taken };
        return when(change) ? lit(holds(change)) : 'silent';
      };
      return { name, of, state: nothing, step: (from, ahead) => tried(() => step(from, ahead)) };
    }
    case 'precedes': {
      const { first, then } = property;
      const state = (here: unknown) => which(isIn(here, first), isIn(here, then));
      return {
        name,
        of,
        state: (place) => tried(() => state(room(place))),
        step: (_, ahead) => which(isAmong(ahead, first), isAmong(ahead, then)),
      };
    }
  }
}

function tried(look: () => Light): Light {
  try {
    return look();
  } catch {
    return 'unclear';
  }
}

const which = (first: boolean, then: boolean): Light =>
  first && then ? 'both' : first ? 'first' : then ? 'then' : 'silent';

const isIn = (room: unknown, occurrence: Occurrence<unknown>): boolean =>
  typeof occurrence === 'function' && occurrence(room);

const isAmong = ({ taken }: Ahead, occurrence: Occurrence<unknown>): boolean =>
  typeof occurrence !== 'function' &&
  taken.some(({ actor, message }) => actor === occurrence[0] && message.type === occurrence[1]);
