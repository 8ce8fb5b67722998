import type { Division } from './divide.ts';
import type { Course, Undivided } from './figures.ts';
import type { Half } from './half.ts';
import type { Halved } from './halved.ts';
import { type Rows, type Saved, unlike } from './kept.ts';
import { type LearnedStep, writeInto } from './steps.ts';
import { noParent, type StateId, type StateStore, type States } from './store.ts';
import type { System } from './system.ts';

/** Where a search was between two parts of it: with the rows of its engine, all that it takes to go on. */
export interface SearchStanding {
  /** The first state that has not been expanded. */
  readonly next: StateId;
  readonly depth: number;
  readonly levelEnd: number;
  readonly levels: readonly number[];
  /** How many contents each slot had had at the beginning of the level. */
  readonly grown: readonly number[];
  readonly engine: EngineStanding;
}

export interface EngineStanding {
  /** How often one engine has taken over from another. */
  readonly turn: number;
  /** States after which the next division is tried. */
  readonly divideAt: number;
  readonly divided: Course['divided'] | null;
  /** Where the states are halved, the slots of either half. */
  readonly division: Division | null;
  /** Where they are not, why. */
  readonly undivided: Undivided | null;
  readonly states: number;
  readonly transitions: number;
  /** Whether a bound on the depth has cut off a state. */
  readonly cut: boolean;
}

/** A search and all that it had found. */
export interface Resumption {
  readonly standing: SearchStanding;
  readonly saved: Saved;
}

/** Every state with its parent: the rows of an engine that takes states whole. */
export const rowsOfStates = (turn: number, store: StateStore, width: number): Rows[] => [
  {
    name: nameOf(turn, 'states'),
    width: width + 1,
    size: store.size,
    copy(from, to, into) {
      for (let id = from, at = 0; id < to; id++, at += width + 1) {
        store.load(id, into.subarray(at, at + width));
        into[at + width] = store.parent(id) ?? noParent;
      }
    },
  },
];

export function restoreStates(turn: number, store: StateStore, width: number, saved: Saved): void {
  let id = 0;
  for (const rows of saved.rows(nameOf(turn, 'states'))) {
    for (let at = 0; at < rows.length; at += width + 1, id++) {
      const parent = rows[at + width]!;
      const found = store.add(rows.subarray(at, at + width), parent === noParent ? null : parent);
      if (found !== id) throw unlike(saved.where, `state ${id} is state ${found} once more`);
    }
  }
}

/** The halves, and every state as a pair of them with its parent: the rows of an engine that halves states. */
export const rowsOfPairs = (turn: number, { store, sides }: Halved): Rows[] => [
  ...sides.map((half, side) => rowsOfHalf(nameOf(turn, sideNames[side]!), half)),
  {
    name: nameOf(turn, 'pairs'),
    width: 3,
    size: store.size,
    copy(from, to, into) {
      for (let id = from, at = 0; id < to; id++, at += 3) {
        into[at] = store.left(id);
        into[at + 1] = store.right(id);
        into[at + 2] = store.parent(id) ?? noParent;
      }
    },
  },
];

function rowsOfHalf(name: string, half: Half): Rows {
  const { slots } = half;
  const vector = new Uint32Array(Math.max(...slots) + 1);
  return {
    name,
    width: slots.length,
    size: half.size,
    copy(from, to, into) {
      for (let id = from, at = 0; id < to; id++) {
        half.load(id, vector);
        for (const slot of slots) into[at++] = vector[slot]!;
      }
    },
  };
}

export function restorePairs(turn: number, halved: Halved, width: number, saved: Saved): void {
  const vector = new Uint32Array(width);
  for (const [side, half] of halved.sides.entries()) {
    const { slots } = half;
    const name = nameOf(turn, sideNames[side]!);
    for (const rows of saved.rows(name)) {
      for (let at = 0; at < rows.length; at += slots.length) {
        for (const [i, slot] of slots.entries()) vector[slot] = rows[at + i]!;
        const id = half.size;
        const found = half.id(vector);
        if (found !== id) throw unlike(saved.where, `${name}: ${id} is ${found} once more`);
      }
    }
  }
  for (const rows of saved.rows(nameOf(turn, 'pairs'))) halved.adoptPairs(rows);
}

/** An engine that takes over numbers everything anew: its rows are other rows. */
const nameOf = (turn: number, what: string): string => (turn === 0 ? what : `${what}, ${turn}`);
const sideNames = ['left halves', 'right halves'];

/** @throws Refused where it is no division of the slots */
export function checkDivision(division: Division, width: number, where: string): void {
  const slots = division.flat().sort((a, b) => a - b);
  const isWhole = slots.length === width && slots.every((slot, i) => slot === i);
  if (isWhole && division.length === 2 && division.every((half) => half.length > 0)) return;
  throw unlike(where, `its halves have the slots ${division.join(' and ')}, and there are ${width}`);
}

/** Of how many states it is looked at again how they were found. */
const sampled = 256;

/**
 * Takes steps once more by which states were found, of some states from the first to the last.
 *
 * @throws Refused where there is no such step: what the numbers stand for is then not what they stood for
 */
export function checkSteps(system: System, store: States, expanded: StateId, where: string): void {
  const [before, after, wanted] = [0, 0, 0].map(() => new Uint32Array(system.width)) as [Vector, Vector, Vector];
  const leadsThere = ({ writes }: LearnedStep): boolean => {
    if (writes === null) return false;
    after.set(before);
    writeInto(system, writes, after);
    return after.every((content, slot) => content === wanted[slot]);
  };
  for (let i = 0; i < sampled; i++) {
    const id = 1 + Math.floor((i * (store.size - 1)) / sampled);
    if (id >= store.size) return;
    const parent = store.parent(id);
    if (parent === null || parent >= expanded) throw unlike(where, `state ${id} was found from ${parent}`);
    store.load(parent, before);
    store.load(id, wanted);
    const steps = system.instances.flatMap(({ slot }) => system.sources(slot, before[slot]!));
    if (!steps.some((source) => source.steps.at(before).some(leadsThere)))
      throw unlike(where, `no step leads from state ${parent} to state ${id}`);
  }
}

type Vector = Uint32Array<ArrayBuffer>;
