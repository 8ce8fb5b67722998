import { type LearnedStep, writeInto } from '../steps.ts';
import { type StateId, StateStore } from '../store.ts';
import { instanceOf, type System } from '../system.ts';
import type { ActorRef } from '../verdict.ts';

/** How many states may still be looked at; whoever looks at some takes them off. */
export interface Budget {
  states: number;
}

/** The shortest runs from somewhere to something. */
export interface Quest {
  /** A state; behind its slots there may be more, which are the business of `follows`. */
  readonly from: Uint32Array;
  /** Who took the step before, if there was one: to go on with somebody else is a switch. */
  readonly after?: ActorRef;
  /** How many steps it takes. */
  readonly steps: number;
  /** Whether a step may be taken on the way; one that is a verdict never is. It may write into `after`, behind the state. */
  readonly follows: (step: LearnedStep, before: Uint32Array, after: Uint32Array) => boolean;
  /** Whether it ends with this step. */
  readonly ends: (step: LearnedStep, before: Uint32Array, after: Uint32Array) => boolean;
}

/** Of these runs one in which the actors take turns the least often. */
export interface Calmest {
  readonly steps: readonly LearnedStep[];
  readonly switches: number;
}

/**
 * Of all shortest runs one with the fewest switches between actors; of several of these the first, in the order of
 * the search.
 *
 * Exact: it looks at every state on a shortest run. First forwards, level by level, for what leads where; then
 * backwards, for the states from which the end is still to be had in time; then forwards through these alone, keeping
 * for every state and every actor that may have come there the least number of switches.
 *
 * @returns null where the budget is not enough, or where no run of so many steps ends
 */
export function fewestSwitches(system: System, quest: Quest, budget: Budget): Calmest | null {
  if (quest.steps === 0) return { steps: [], switches: 0 };
  const graph = graphOf(system, quest, budget);
  if (graph === null) return null;
  const ways = waysTo(system, quest, graph);
  return ways === null ? null : calmest(ways);
}

/** The states within reach, and of every state its successors in the next level. */
interface Graph {
  readonly store: StateStore;
  /** Where each level begins; the last entry is the end. */
  readonly levels: readonly number[];
  readonly successors: readonly (readonly StateId[])[];
  /** The states of the last level from which a step ends the run. */
  readonly last: ReadonlySet<StateId>;
}

function graphOf(system: System, quest: Quest, budget: Budget): Graph | null {
  const store = new StateStore(quest.from.length);
  store.add(quest.from, null);
  const levels = [0, 1];
  const successors: StateId[][] = [];
  const last = new Set<StateId>();
  const before = new Uint32Array(quest.from.length);
  for (let level = 1; level <= quest.steps; level++) {
    for (let id = levels[level - 1]!; id < levels[level]!; id++) {
      const next = new Set<StateId>();
      store.load(id, before);
      eachStep(system, before, (step, after) => {
        if (level === quest.steps) {
          if (quest.ends(step, before, after)) last.add(id);
          return;
        }
        if (step.writes === null || !quest.follows(step, before, after)) return;
        const to = store.add(after, id);
        if (to >= levels[level]!) next.add(to);
      });
      successors.push([...next]);
      if (store.size > budget.states) {
        budget.states = 0;
        return null;
      }
    }
    levels.push(store.size);
  }
  budget.states -= store.size;
  return { store, levels, successors, last };
}

/** A step on a shortest run, between states by their ids; where it ends the run it leads to none. */
interface Edge {
  readonly from: StateId;
  readonly to: StateId | null;
  readonly slot: number;
  readonly step: LearnedStep;
}

interface Ways {
  /** Level by level. */
  readonly edges: readonly (readonly Edge[])[];
  readonly after: number | null;
}

/** What is left of the graph when only the states remain from which the end is reached in time. */
function waysTo(system: System, quest: Quest, { store, levels, successors, last }: Graph): Ways | null {
  const isOn = new Set<StateId>(last);
  for (let id = levels[quest.steps - 1]! - 1; id >= 0; id--) {
    if (successors[id]!.some((next) => isOn.has(next))) isOn.add(id);
  }
  if (!isOn.has(0)) return null;
  const before = new Uint32Array(quest.from.length);
  const edges = Array.from({ length: quest.steps }, (_, level) => {
    const found: Edge[] = [];
    for (let id = levels[level]!; id < levels[level + 1]!; id++) {
      if (!isOn.has(id)) continue;
      store.load(id, before);
      eachStep(system, before, (step, after, slot) => {
        if (level === quest.steps - 1) {
          if (quest.ends(step, before, after)) found.push({ from: id, to: null, slot, step });
          return;
        }
        if (step.writes === null || !quest.follows(step, before, after)) return;
        const to = store.find(after);
        if (to !== null && to >= levels[level + 1]! && isOn.has(to)) found.push({ from: id, to, slot, step });
      });
    }
    return found;
  });
  return { edges, after: quest.after === undefined ? null : instanceOf(system.instances, quest.after).slot };
}

/** The best way to a state with a certain actor moving last. */
interface Way {
  readonly switches: number;
  readonly slot: number | null;
  readonly edge: Edge | null;
  readonly before: Way | null;
}

function calmest({ edges, after }: Ways): Calmest {
  let ways = new Map<StateId | null, Way[]>([[0, [{ switches: 0, slot: after, edge: null, before: null }]]]);
  for (const level of edges) {
    const next = new Map<StateId | null, Way[]>();
    for (const edge of level) {
      const best = least(ways.get(edge.from)!, edge.slot);
      const known = next.get(edge.to) ?? [];
      next.set(edge.to, known);
      const at = known.findIndex(({ slot }) => slot === edge.slot);
      const way: Way = { switches: costOf(best, edge.slot), slot: edge.slot, edge, before: best };
      if (at === -1) known.push(way);
      else if (way.switches < known[at]!.switches) known[at] = way;
    }
    ways = next;
  }
  const all = ways.get(null)!;
  const best = all.reduce((one, other) => (other.switches < one.switches ? other : one));
  const steps: LearnedStep[] = [];
  for (let way: Way | null = best; way?.edge; way = way.before) steps.push(way.edge.step);
  return { steps: steps.reverse(), switches: best.switches };
}

/** What it costs to go on with this actor: nothing at the start, nothing where the actor goes on. */
const costOf = ({ switches, slot }: Way, next: number): number =>
  slot === null || slot === next ? switches : switches + 1;

const least = (ways: readonly Way[], next: number): Way =>
  ways.reduce((one, other) => (costOf(other, next) < costOf(one, next) ? other : one));

/** Calls back for every step that is enabled in a state, with the state that it leads to, which is overwritten by the next. */
export function eachStep(
  system: System,
  before: Uint32Array,
  tell: (step: LearnedStep, after: Uint32Array, slot: number) => void,
): void {
  const after = new Uint32Array(before.length);
  for (const { slot } of system.instances) {
    for (const { steps } of system.sources(slot, before[slot]!)) {
      for (const step of steps.at(before)) {
        after.set(before);
        if (step.writes !== null) writeInto(system, step.writes, after);
        tell(step, after, slot);
      }
    }
  }
}

/** How often somebody else goes on than who took the step before. */
export const switchesOf = (steps: readonly { readonly label: ActorRef }[]): number =>
  steps.filter(({ label }, i) => {
    const previous = steps[i - 1]?.label;
    return previous !== undefined && (previous.actor !== label.actor || previous.self !== label.self);
  }).length;
