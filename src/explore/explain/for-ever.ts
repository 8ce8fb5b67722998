import { type StateId, StateStore } from '../store.ts';
import type { System } from '../system.ts';
import type { Breach } from './breach.ts';
import { type Budget, eachStep } from './fewest-switches.ts';

/**
 * Whether one can go on for ever from a state: whether a state comes again on some way from it. Depth first; what has been
 * searched once need not be searched again.
 *
 * @returns false also where the budget is spent
 */
export function forEver(system: System, forbidden: Breach['by'], budget: Budget): (from: Uint32Array) => boolean {
  const searched = new StateStore(system.width);
  const goingOn = new Set<StateId>();
  const successors = (id: StateId): Uint32Array[] => {
    const before = new Uint32Array(system.width);
    const next: Uint32Array[] = [];
    searched.load(id, before);
    budget.states--;
    eachStep(system, before, (step, after) => {
      if (!forbidden(step, before, after)) next.push(after.slice());
    });
    return next;
  };
  return (from) => {
    const way = new Set<StateId>();
    const open: { readonly id: StateId; readonly next: Uint32Array[] }[] = [];
    /** Goes on to a state, if it is new; returns whether it comes again, or goes on as is known. */
    const enter = (state: Uint32Array): boolean => {
      const { size } = searched;
      const id = searched.add(state, null);
      if (id === size) {
        way.add(id);
        open.push({ id, next: successors(id) });
      }
      return id < size && (way.has(id) || goingOn.has(id));
    };
    let found = enter(from);
    for (let last = open.at(-1); !found && last !== undefined && budget.states >= 0; last = open.at(-1)) {
      const next = last.next.pop();
      if (next !== undefined) found = enter(next);
      else way.delete(open.pop()!.id);
    }
    if (found) for (const id of way) goingOn.add(id);
    return found;
  };
}
