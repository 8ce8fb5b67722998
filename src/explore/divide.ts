import type { States } from './store.ts';
import type { System } from './system.ts';

/** States that are looked at to choose a division, and those of them whose steps are looked at. */
const sampled = 2_048;
const stepped = 256;
/** What a source that goes beyond its half costs in each state, against the logarithm of the number of halves. */
const jointCost = 0.08;

/** By how much less a new division must cost to be worth the change: by half as many halves again, say. */
const muchBetter = 0.8;

export type Division = readonly [left: readonly number[], right: readonly number[]];

/**
 * Divides the slots of a system into two halves: such that there are few different ones of either, for what is said of a half
 * is said once for all states that have it, and few steps that concern both.
 *
 * Any division is right; this one is meant to be fast. It begins with the best cut through the actors in their order, each with its
 * mailbox, and moves one slot at a time while that makes it better.
 *
 * @param states some that have been found; how many different halves they have stands for how many there will be
 * @param now how it is divided now, where it is
 * @returns null where there is nothing to divide, or nothing that is much better than now
 */
export function divide(system: System, states: States, now: Division | null = null): Division | null {
  const units = system.instances.flatMap(({ slot, mailbox }) => (mailbox ? [[slot], [mailbox.slot]] : [[slot]]));
  if (units.length < 2) return null;
  const vectors = sampleOf(system, states);
  const hashes = units.map((slots, unit) => vectors.map((vector) => hashOf(slots, vector, unit)));
  const meetings = meetingsOf(
    system,
    vectors.filter((_, i) => i % (sampled / stepped) === 0),
    units,
  );

  const cost = (isLeft: readonly boolean[]): number => {
    const [left, right] = [true, false].map((side) => {
      const chosen = hashes.filter((_, unit) => isLeft[unit] === side);
      return varietyOf(vectors.map((_, i) => chosen.reduce((hash, of) => (hash ^ of[i]!) | 0, 0)));
    }) as [number, number];
    let joints = 0;
    for (const { who, often } of meetings) if (who.some((unit) => isLeft[unit] !== isLeft[who[0]!])) joints += often;
    return Math.log(left + right) + Math.log(left * right) + jointCost * joints;
  };

  let best = { isLeft: units.map((_, unit) => unit === 0), cost: Number.POSITIVE_INFINITY };
  const consider = (isLeft: readonly boolean[]): boolean => {
    if (isLeft.every((side) => side === isLeft[0])) return false;
    const candidate = { isLeft: [...isLeft], cost: cost(isLeft) };
    if (candidate.cost >= best.cost) return false;
    best = candidate;
    return true;
  };
  for (let cut = 1; cut < units.length; cut++) consider(units.map((_, unit) => unit < cut));
  for (let moved = true; moved; ) {
    moved = false;
    for (let unit = 0; unit < units.length; unit++)
      moved = consider(best.isLeft.with(unit, !best.isLeft[unit])) || moved;
  }
  if (now !== null && cost(units.map(([slot]) => now[0].includes(slot!))) - best.cost < muchBetter) return null;
  const side = (left: boolean): number[] =>
    units.flatMap((slots, unit) => (best.isLeft[unit] === left ? slots : [])).sort((a, b) => a - b);
  return [side(true), side(false)];
}

/**
 * How many different things there are in all, by how often two of a sample are the same (the inverse of Simpson's index): a
 * sample in which no two were would itself be too small to count them.
 */
function varietyOf(sample: readonly number[]): number {
  const counts = new Map<number, number>();
  let pairs = 0;
  for (const thing of sample) {
    const before = counts.get(thing) ?? 0;
    pairs += before;
    counts.set(thing, before + 1);
  }
  return (sample.length * (sample.length - 1)) / 2 / Math.max(pairs, 0.5);
}

/** States spread over all that have been found but the first quarter, which is not like the rest. */
function sampleOf(system: System, states: States): Uint32Array[] {
  const { size } = states;
  const first = size >>> 2;
  const count = Math.min(sampled, size - first);
  return Array.from({ length: count }, (_, i) => {
    const vector = new Uint32Array(system.width);
    states.load(first + Math.floor((i * (size - first)) / count), vector);
    return vector;
  });
}

/** Which units are looked at or written together by one source, and how often in a state. */
interface Meeting {
  readonly who: readonly number[];
  often: number;
}

function meetingsOf(system: System, vectors: readonly Uint32Array[], units: readonly (readonly number[])[]): Meeting[] {
  const unitOf: number[] = [];
  for (const [unit, slots] of units.entries()) for (const slot of slots) unitOf[slot] = unit;
  const meetings = new Map<string, Meeting>();
  for (const vector of vectors) {
    for (const { slot } of system.instances) {
      for (const { steps } of system.sources(slot, vector[slot]!)) {
        const looked = steps.looks(vector).map((look) => unitOf[look.slot]!);
        const wrote = steps
          .at(vector)
          .flatMap(({ writes }) => (writes ?? []).filter((_, i) => i % 2 === 0).map((to) => unitOf[to]!));
        const who = [...new Set([...looked, ...wrote])];
        if (who.length < 2) continue;
        const key = who.join();
        const meeting = meetings.get(key) ?? { who, often: 0 };
        meetings.set(key, meeting);
        meeting.often += 1 / vectors.length;
      }
    }
  }
  return [...meetings.values()];
}

function hashOf(slots: readonly number[], vector: Uint32Array, unit: number): number {
  let hash = Math.imul(unit + 1, 0x9e37_79b1);
  for (const slot of slots) {
    hash = Math.imul(hash ^ vector[slot]!, 0x85eb_ca6b);
    hash ^= hash >>> 13;
  }
  return Math.imul(hash, 0xc2b2_ae35);
}
