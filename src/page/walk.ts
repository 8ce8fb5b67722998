import type { Light } from '../explore/lamps.ts';
import type { GraphState } from '../report/html/page-data.ts';
import { LIGHTS } from '../report/html/page-data.ts';
import type { GraphView, StepView } from './graph-view.ts';

/** A way through a state graph: in each state the number of the step that is taken there. */
export interface Walk {
  /** The states on the way, the initial one first. */
  readonly states: readonly GraphState[];
  readonly steps: readonly StepView[];
  readonly path: readonly number[];
}

/** Follows a path as far as the graph knows it. */
export function walkAlong(graph: GraphView, path: readonly number[]): Walk {
  const states: GraphState[] = [0];
  const steps: StepView[] = [];
  for (const at of path) {
    const step = graph.steps(states.at(-1)!)?.[at];
    if (step === undefined || steps.at(-1)?.unhandled !== undefined) break;
    steps.push(step);
    states.push(step.to);
  }
  return { states, steps, path: path.slice(0, steps.length) };
}

/** The same way up to a place on it, and from there on another step. */
export const fork = ({ path }: Walk, at: number, step: number): number[] => [...path.slice(0, at), step];

/** How far two ways are the same. */
export function common(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((step, i) => step !== b[i]);
  return differs === -1 ? a.length : differs;
}

const NAMES = Object.fromEntries(Object.entries(LIGHTS).map(([name, letter]) => [letter, name])) as Record<
  string,
  Light
>;

/** What a property says at a place of a walk; `waiting` is what `precedes` says before either has come. */
export type Said = 'true' | 'false' | 'silent' | 'unclear';

/**
 * What each property says, for each place of the walk: of the state that it is in, or of the step that led there. Of
 * `precedes` it is what has been so far: once `then` has come first, that cannot be mended.
 */
export function saidAlong(graph: GraphView, { states, steps }: Walk): Said[][] {
  return graph.lamps.map(({ of }, lamp) => {
    const inState = states.map((state) => NAMES[graph.lights(state)[lamp]!]!);
    const ofStep = steps.map(({ lights }) => NAMES[lights[lamp]!]!);
    if (of === 'precedes') return order(inState, ofStep);
    if (of === 'step' || of === 'unhandled') return ['silent', ...ofStep.map(plainly)];
    // where a step has gone wrong there is no state of which anything could be said
    return inState.map((light, i) => (steps[i - 1]?.unhandled === undefined ? plainly(light) : 'silent'));
  });
}

const plainly = (light: Light): Said => (light === 'first' || light === 'then' || light === 'both' ? 'silent' : light);

/** A step counts before the state that it leads to, and what comes together is in order. */
function order(inState: readonly Light[], ofStep: readonly Light[]): Said[] {
  let said: Said = 'silent';
  const hear = (light: Light | undefined): void => {
    if (said !== 'silent') return;
    if (light === 'first' || light === 'both') said = 'true';
    else if (light === 'then') said = 'false';
  };
  return inState.map((light, i) => {
    hear(ofStep[i - 1]);
    hear(light);
    return said;
  });
}
