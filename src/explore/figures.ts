import type { Behaviour } from './behaviour.ts';
import { encode } from './encode.ts';
import type { System } from './system.ts';
import type { Growth } from './verdict.ts';

/** What checking a variant has cost, and where its states come from. */
export interface SearchFigures extends Pick<Course, 'levels' | 'divided'> {
  /** Actors (replicas as one) by the number of their local states, and mailboxes by that of their contents: most first. */
  readonly slots: readonly SlotFigures[];
  /** Slots of the state vector. */
  readonly width: number;
  /** Messages that were met; those that differ in their payloads are different. */
  readonly messages: number;
  /** Steps that were worked out, once each, and transitions that they were looked up for. */
  readonly learned: { readonly steps: number; readonly transitions: number };
  readonly keeping: Keeping<string>;
  /** Memory of the whole process at the end of the search, in bytes. */
  readonly process: number;
  readonly milliseconds: Phases;
}

export interface SlotFigures extends Growth {
  /** Of the largest actors: in how many different states of its machine it was, and how many values each field had, most first. */
  readonly values?: number;
  readonly fields?: readonly { readonly field: string; readonly values: number }[];
}

/** How long it took to compile the model, to search, and to take again by plain XState what was found. */
export interface Phases {
  readonly compile: number;
  readonly search: number;
  readonly evidence: number;
}

/** What a search tells of itself, besides what it has found. */
export interface Course {
  readonly transitions: number;
  /** By depth, how many states were found there first. */
  readonly levels: readonly number[];
  /** Slots by the number of their distinct contents, most first. */
  readonly grew: readonly Growth[];
  readonly keeping: Keeping;
  /** Where it went on in halves: after so many states, and so much time. */
  readonly divided?: { readonly states: number; readonly milliseconds: number };
}

/** How an engine keeps the states that it finds, and the bytes that they take. */
export type Keeping<Slot = number> = { readonly bytes: number } & (
  | { readonly as: 'vectors'; readonly undivided: Undivided }
  | ({ readonly as: 'halves' } & Halves<Slot>)
  | { readonly as: 'fingerprints' }
);

/** Why the state vector was taken whole in the end; `does not pay`: there were nearly as many different halves as states. */
export type Undivided = 'few states' | 'bound on the depth' | 'nothing to divide' | 'does not pay';

/** The two halves of a state vector. */
export interface Halves<Slot> {
  readonly left: readonly Slot[];
  readonly right: readonly Slot[];
  /** How many different ones there were of either. */
  readonly halves: readonly [left: number, right: number];
  /** Sources that look at both halves, or write into both, and the answers of them all that were worked out. */
  readonly joints: number;
  readonly answers: number;
  /** What keeps the pairs that were found: `bit matrix`, `hash table`. */
  readonly pairs: string;
}

/** Actors whose contents are looked into: those of which there are most local states. */
const lookedInto = 5;

export function figuresOf(system: System, course: Course, milliseconds: Phases): SearchFigures {
  const { transitions, levels, grew, keeping, divided } = course;
  return {
    slots: grew.map((growth, i) => ({ ...growth, ...(i < lookedInto && insideOf(system, growth.slot)) })),
    width: system.width,
    messages: system.messages.size,
    learned: { steps: stepsLearned(system), transitions },
    keeping: keeping.as === 'halves' ? named(system, keeping) : keeping,
    levels,
    ...(divided && { divided }),
    process: process.memoryUsage.rss(),
    milliseconds,
  };
}

function named(system: System, keeping: Keeping & { readonly as: 'halves' }): Keeping<string> {
  const nameOf = (slot: number): string =>
    system.instances[slot]?.name ??
    `mailbox of ${system.instances.find(({ mailbox }) => mailbox?.slot === slot)!.name}`;
  return { ...keeping, left: keeping.left.map(nameOf), right: keeping.right.map(nameOf) };
}

function stepsLearned({ allSources }: System): number {
  let count = 0;
  for (const { steps } of allSources.flat()) {
    for (const answer of steps.answers()) count += answer.filter(({ writes }) => writes !== null).length;
  }
  return count;
}

/** What makes the local states of an actor many; nothing of a mailbox. */
function insideOf({ instances }: System, slot: string): Pick<SlotFigures, 'values' | 'fields'> {
  const behaviour = instances.find(({ ref }) => ref.actor === slot)?.behaviour;
  if (behaviour === undefined) return {};
  const values = new Set<string>();
  const fields = new Map<string, Set<string>>();
  for (const { value, context } of snapshotsOf(behaviour)) {
    values.add(JSON.stringify(value));
    for (const [field, content] of Object.entries(context as object)) {
      const seen = fields.get(field) ?? new Set();
      fields.set(field, seen.add(encode(content, field)));
    }
  }
  return {
    values: values.size,
    fields: [...fields].map(([field, seen]) => ({ field, values: seen.size })).sort((a, b) => b.values - a.values),
  };
}

const snapshotsOf = ({ locals }: Behaviour) =>
  Array.from({ length: locals.size }, (_, local) => locals.value(local).snapshot);
