import { encode } from '../explore/encode.ts';
import { Learned, Trace } from '../explore/learned.ts';
import type { Composition } from '../explore/model.ts';
import type { Property } from '../explore/property.ts';
import { type LearnedStep, writeInto } from '../explore/steps.ts';
import { compile, type Instance, type System } from '../explore/system.ts';

/**
 * Whether two compositions that differ in one machine are the same to everybody: all that is different, in any run, is what that
 * machine remembers, and nobody ever asks.
 *
 * Both are explored in lockstep. In every pair of states the steps are the same, the messages that they bring are the same, every
 * other actor is the same, and every property sees the same; of the machine itself only the context may differ. Since a label
 * identifies a step in a state, both are deterministic over labels, and such pairs are a bisimulation.
 *
 * @param bound pairs after which the question is given up; the answer is then no
 */
export function areTwins(one: Composition, other: Composition, machine: string, bound: number): boolean {
  const [a, b] = [side(one, machine), side(other, machine)];
  const seen = new Set<string>();
  const queue: (readonly [Uint32Array, Uint32Array])[] = [];
  const visit = (left: Uint32Array, right: Uint32Array): void => {
    const key = `${left.join()} ${right.join()}`;
    if (seen.has(key)) return;
    seen.add(key);
    queue.push([left, right]);
  };
  visit(a.system.initial, b.system.initial);
  for (const [left, right] of queue) {
    if (seen.size > bound || a.looks(left) !== b.looks(right)) return false;
    const [mine, theirs] = [a.steps(left), b.steps(right)];
    if (mine.size !== theirs.size) return false;
    for (const [label, step] of mine) {
      const twin = theirs.get(label);
      if (twin === undefined || deedsOf(step) !== deedsOf(twin)) return false;
      if (step.writes === null || twin.writes === null) continue;
      const [next, nextOther] = [a.after(left, step.writes), b.after(right, twin.writes)];
      if (a.changes(left, step, next) !== b.changes(right, twin, nextOther)) return false;
      visit(next, nextOther);
    }
  }
  return true;
}

/** What a step does in the sight of others. */
const deedsOf = ({ environment, unhandled, taken, writes }: LearnedStep): string =>
  JSON.stringify([environment, unhandled, taken, writes === null]);

interface Side {
  readonly system: System;
  /** All that others see of a state. */
  readonly looks: (vector: Uint32Array) => string;
  readonly steps: (vector: Uint32Array) => ReadonlyMap<string, LearnedStep>;
  readonly after: (vector: Uint32Array, writes: readonly number[]) => Uint32Array;
  /** What properties of steps see of one. */
  readonly changes: (before: Uint32Array, step: LearnedStep, next: Uint32Array) => string;
}

function side(composition: Composition, machine: string): Side {
  const system = compile(composition);
  const slots = system.instances.flatMap((instance) => slotsOf(instance, isOf(composition, instance, machine)));
  const properties = composition.properties as readonly Property<unknown>[];
  const atoms = properties.flatMap((property) => atomsOf(system, property));
  const ofSteps = properties.filter((property) => property.kind === 'step');
  return {
    system,
    after(vector, writes) {
      const next = Uint32Array.from(vector);
      writeInto(system, writes, next);
      return next;
    },
    looks: (vector) => [...slots.map((slot) => slot(vector)), ...atoms.map((atom) => atom.at(vector))].join(' '),
    steps(vector) {
      const found = new Map<string, LearnedStep>();
      for (let slot = 0; slot < system.instances.length; slot++) {
        for (const { steps } of system.sources(slot, vector[slot]!)) {
          for (const step of steps.at(vector)) found.set(JSON.stringify(step.label), step);
        }
      }
      return found;
    },
    changes(before, step, next) {
      if (ofSteps.length === 0) return '';
      const pair = new Uint32Array(2 * system.width);
      pair.set(before);
      pair.set(next, system.width);
      const trace = new Trace(pair, 'a pair of states');
      const change = { before: system.room(trace), after: system.room(trace, system.width), taken: step.taken };
      return ofSteps.map(({ holds, when }) => (when && !when(change) ? 'not asked' : Boolean(holds(change)))).join(' ');
    },
  };
}

const isOf = ({ actors }: Composition, { ref }: Instance, machine: string): boolean =>
  actors[ref.actor]!.machine.id === machine;

/** An actor and its mail, as text that means the same in both systems. Of the machine that differs, without its context. */
function slotsOf({ slot, behaviour, mailbox, name }: Instance, differs: boolean) {
  const locals: string[] = [];
  const local = (vector: Uint32Array): string => {
    const id = vector[slot]!;
    const { snapshot, armed } = behaviour.locals.value(id);
    const { value, context, status } = snapshot;
    locals[id] ??= encode([value, status, [...armed.keys()], differs ? null : context], name);
    return locals[id];
  };
  const mail = (vector: Uint32Array): string =>
    JSON.stringify(mailbox!.contents.value(vector[mailbox!.slot]!).map(({ message }) => message));
  return mailbox ? [local, mail] : [local];
}

/** Each question about a state that a property asks. */
function atomsOf(system: System, property: Property<unknown>): Learned<boolean>[] {
  const questions =
    property.kind === 'precedes'
      ? [property.first, property.then].filter((occurrence) => typeof occurrence === 'function')
      : property.kind === 'step'
        ? [property.witness?.holds]
        : [property.holds, ...(property.kind === 'always' ? [property.when, property.witness.holds] : [])];
  return questions
    .filter((question) => question !== undefined)
    .map((question) => new Learned(property.name, (trace) => Boolean(question(system.room(trace)))));
}
