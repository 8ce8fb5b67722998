import { isSameActor } from '../actor-ref.ts';
import { encode } from '../encode.ts';
import type { Composition, Message } from '../model.ts';
import type { Property, Taken } from '../property.ts';
import type { PlainActor, PlainState } from '../replay.ts';
import type { Reason } from './explanation.ts';

/** Evaluations that may be spent on finding out whether a reading matters. */
const mostEvaluations = 512;
/** Values that are tried for one reading. */
const mostValues = 8;

/** Something that a predicate asked for, and what it was told. */
type Reading = Omit<Reason, 'since'>;

/**
 * Why a predicate is broken at the end of a run: of all that it asked for, what suffices.
 *
 * What is left out may be as it likes, within what it has been in the run and in `others`, and the predicate is
 * broken all the same; and nothing of the rest can be left out as well. Where something has been the same all along
 * and is no yes or no, there is nothing that it could have been instead: it is taken as given, and not named.
 *
 * @param others states of a run that goes well
 * @returns nothing where the property is not decided by a predicate (deadlocks, unhandled messages, an order of
 * messages)
 */
export function reasonsOf(
  composition: Composition,
  property: Property<unknown> | undefined,
  states: readonly PlainState[],
  taken: readonly (readonly Taken[])[],
  others: readonly PlainState[],
): Reason[] {
  const isBroken = property && testOf(composition, property, states, taken);
  if (isBroken === undefined) return [];
  const asked = new Map<string, Reading>();
  const answer: Ask = (reading) => {
    asked.set(keyOf(reading), reading);
    return reading.value;
  };
  // a predicate may ask for more than what is told, whether two parts are one object, say: of such a one nothing is known
  if (!tried(() => isBroken(answer))) return [];
  const values = (reading: Reading) => valuesOf(reading, [...others.toReversed(), ...states]);
  const changeable = [...asked.values()].filter((reading) => values(reading).length > 1);
  const reasons = sufficient(changeable, isBroken, values);
  return reasons.map((reading) => ({ ...reading, since: sinceOf(reading, states) }));
}

type Ask = (reading: Reading) => unknown;

/** Whether the property is broken at the end, were every question answered so. */
function testOf(
  composition: Composition,
  property: Property<unknown>,
  states: readonly PlainState[],
  taken: readonly (readonly Taken[])[],
): ((ask: Ask) => boolean) | undefined {
  const [before, after] = [states.at(-2), states.at(-1)!];
  switch (property.kind) {
    case 'always':
      return (ask) => {
        const room = () => askedRoom(composition, after, ask);
        return (property.when?.(room()) ?? true) && !property.holds(room());
      };
    case 'step': {
      if (before === undefined) return undefined;
      return (ask) => {
        const change = () => ({
          before: askedRoom(composition, before, (reading) => ask({ ...reading, in: 'before' })),
          after: askedRoom(composition, after, (reading) => ask({ ...reading, in: 'after' })),
          taken: taken.at(-1)!,
        });
        return (property.when?.(change()) ?? true) && !property.holds(change());
      };
    }
    case 'precedes': {
      const { then } = property;
      return typeof then === 'function' ? (ask) => then(askedRoom(composition, after, ask)) : undefined;
    }
    case 'sometimes':
      return undefined;
  }
}

// ------------------------------------------------------------------------------------------------------------ what suffices

/** Leaves out what it can, first what is asked last: what is asked first is what the predicate is about. */
function sufficient(
  all: readonly Reading[],
  isBroken: (ask: Ask) => boolean,
  values: (reading: Reading) => readonly unknown[],
): Reading[] {
  let kept = [...all];
  for (const reading of all.toReversed()) {
    const fewer = kept.filter((each) => each !== reading);
    if (isBrokenWhatever(fewer, isBroken, values)) kept = fewer;
  }
  return kept;
}

/** Whether it is broken with these answers as they are, and all others tried in every combination. */
function isBrokenWhatever(
  fixed: readonly Reading[],
  isBroken: (ask: Ask) => boolean,
  values: (reading: Reading) => readonly unknown[],
): boolean {
  const given = new Set(fixed.map(keyOf));
  let script: number[] | null = [];
  for (let evaluations = 0; script !== null; evaluations++) {
    if (evaluations === mostEvaluations) return false;
    const picks: { key: string; pick: number; of: number; value: unknown }[] = [];
    const answer: Ask = (reading) => {
      const key = keyOf(reading);
      if (given.has(key)) return reading.value;
      const known = picks.find((each) => each.key === key);
      if (known) return known.value;
      const possible = values(reading);
      if (possible.length < 2) return reading.value;
      const pick: number = script![picks.length] ?? 0;
      picks.push({ key, pick, of: possible.length, value: possible[pick] });
      return possible[pick];
    };
    if (!tried(() => isBroken(answer))) return false;
    const last: number = picks.findLastIndex(({ pick, of }) => pick + 1 < of);
    script = last === -1 ? null : picks.slice(0, last + 1).map(({ pick }, i) => (i === last ? pick + 1 : pick));
  }
  return true;
}

/** Answers that do not go together may be too much for a predicate. */
function tried(evaluate: () => boolean): boolean {
  try {
    return evaluate();
  } catch {
    return false;
  }
}

const keyOf = ({ actor, self, in: moment, tag, path }: Reading): string =>
  JSON.stringify([actor, self, moment ?? null, tag ?? null, path ?? null]);

/** What it may be: of a tag yes and no, of a field or a mailbox what it has been. */
function valuesOf(reading: Reading, states: readonly PlainState[]): readonly unknown[] {
  if (typeof reading.value === 'boolean') return [true, false];
  if (reading.path !== undefined && !isLeaf(reading.value)) return [reading.value];
  const values = new Map<string, unknown>([[encode(reading.value, ''), reading.value]]);
  for (const state of states) {
    const value = readingIn(reading, state);
    if (isLeaf(value) === isLeaf(reading.value) && values.size < mostValues) values.set(encode(value, ''), value);
  }
  return [...values.values()];
}

/** The step since which it is so: the first after the last state in which it was not. */
function sinceOf(reading: Reading, states: readonly PlainState[]): number {
  const end = reading.in === 'before' ? states.length - 2 : states.length - 1;
  const code = (value: unknown): string => encode(value, '');
  for (let at = end; at > 0; at--) {
    if (code(readingIn(reading, states[at - 1]!)) !== code(reading.value)) return at;
  }
  return 0;
}

function readingIn(reading: Reading, { actors }: PlainState): unknown {
  const { tag, path } = reading;
  const { snapshot, mail } = actors.find(({ ref }) => isSameActor(ref, reading))!;
  if (tag !== undefined) return snapshot.tags.has(tag);
  if (path === undefined) return mail.map(({ message }) => message);
  return path.reduce<unknown>(
    (value, key) => (isLeaf(value) ? undefined : (value as Record<string | number, unknown>)[key]),
    snapshot.context,
  );
}

// ---------------------------------------------------------------------------------------------------------- a room that asks

/** The room over a state, in which every look is a question. */
function askedRoom({ actors }: Composition, state: PlainState, ask: Ask): unknown {
  const entries = Object.entries(actors).map(([actor, { kind }]) => {
    const peers = state.actors.filter(({ ref }) => ref.actor === actor).map((one) => askedPeer(one, ask));
    return [actor, kind === 'one' ? peers[0] : peers];
  });
  return Object.fromEntries(entries);
}

function askedPeer({ ref, snapshot, mail }: PlainActor, ask: Ask): object {
  return {
    hasTag: (tag: string) => ask({ ...ref, tag, value: snapshot.tags.has(tag) }),
    get context() {
      return askedData(snapshot.context, [], (path, value) => ask({ ...ref, path, value }), new Map());
    },
    get mailbox(): readonly Message[] {
      return ask({ ...ref, value: mail.map(({ message }) => message) }) as readonly Message[];
    },
  };
}

const isLeaf = (value: unknown): boolean => typeof value !== 'object' || value === null;

/**
 * Data that asks whenever a leaf of it is read. One object is shown as one object, so that they may be compared.
 *
 * It stands before a copy: what a machine keeps is frozen, and of a frozen object a proxy may show nothing but what
 * is there.
 */
function askedData(
  data: unknown,
  path: readonly (string | number)[],
  ask: (path: readonly (string | number)[], value: unknown) => unknown,
  shown: Map<unknown, unknown>,
): unknown {
  if (isLeaf(data)) return ask(path, data);
  const known = shown.get(data);
  if (known !== undefined) return known;
  const copy: object = Array.isArray(data) ? [...data] : { ...(data as object) };
  const proxy = new Proxy(copy, {
    get(_, key) {
      const value = Reflect.get(data as object, key) as unknown;
      if (typeof key === 'symbol' || !Object.hasOwn(data as object, key) || (Array.isArray(data) && key === 'length'))
        return value;
      return askedData(value, [...path, Array.isArray(data) ? Number(key) : key], ask, shown);
    },
  });
  shown.set(data, proxy);
  return proxy;
}
