import type { LearnedStep } from '../steps.ts';

/** Draws a whole number from 0 to below `below`. */
export type Draw = (below: number) => number;

/** Picks one of the steps that can be taken; `at` is how many have been taken before. */
export type Scheduler = (steps: readonly LearnedStep[], at: number) => LearnedStep;

/** Every step is as likely as any other. */
export const uniform =
  (draw: Draw): Scheduler =>
  (steps) =>
    steps[draw(steps.length)]!;

/** How many orders of events PCT is to bring about at once, at most. */
const deepest = 4;

/**
 * Probabilistic concurrency testing (Burckhardt and others, ASPLOS 2010): every actor has a random priority and the highest goes
 * on for as long as it can; at a few random moments it falls below all others. A fault that takes d orders of events is found with a
 * chance of at least 1/(n·k^(d-1)), for n actors and k steps, where drawing step by step would all but never find it.
 *
 * What the environment may do with an actor has a priority of its own.
 */
export function byPriority(draw: Draw, length: number): Scheduler {
  const depth = 1 + draw(deepest);
  const falls = new Map(Array.from({ length: depth - 1 }, (_, i) => [draw(length), i] as const));
  const priorities = new Map<string, number>();
  const priorityOf = (step: LearnedStep): number => {
    const who = whoseOf(step);
    let priority = priorities.get(who);
    if (priority === undefined) {
      priority = deepest + draw(2 ** 30);
      priorities.set(who, priority);
    }
    return priority;
  };
  const highest = (steps: readonly LearnedStep[]): LearnedStep[] => {
    const all = steps.map(priorityOf);
    const most = Math.max(...all);
    return steps.filter((_, i) => all[i] === most);
  };
  return (steps, at) => {
    const fall = falls.get(at);
    if (fall !== undefined) priorities.set(whoseOf(highest(steps)[0]!), fall);
    const best = highest(steps);
    return best[draw(best.length)]!;
  };
}

const whoseOf = ({ label: { actor, self }, environment }: LearnedStep): string => `${environment} ${self} ${actor}`;

/** A generator of random numbers that is the same on every machine (mulberry32). Two seeds that differ give other numbers. */
export function drawing(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** The seed of one run of many: runs that follow each other have nothing in common. */
export const seedOf = (seed: number, run: number): number => drawing(seed ^ Math.imul(run + 1, 0x9e3779b1))(2 ** 32);
