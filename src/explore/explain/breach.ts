import { isStuck, OverSteps, overStates, watchFor } from '../judge.ts';
import { deadlock, type Property, unhandled } from '../property.ts';
import type { LearnedStep } from '../steps.ts';
import type { System } from '../system.ts';

/**
 * What breaks a property, wherever it does. A judge is done with the first place that it finds; whoever looks for
 * another run, or for one that goes well, has to ask everywhere.
 */
export interface Breach {
  /** Whether the property is broken by this step, or in the state that it leads to. A step that is a verdict leads nowhere. */
  readonly by: (step: LearnedStep, before: Uint32Array, after: Uint32Array) => boolean;
  /** Whether the property is broken in the initial state. */
  readonly atStart: boolean;
  /** Of `precedes`: whether `first` comes with this step, so that nothing after it can break the property. */
  readonly over?: (step: LearnedStep, before: Uint32Array, after: Uint32Array) => boolean;
}

/** Of any property of the model, and of the two that every model has; witnesses are nothing that could be broken. */
export function breachOf(system: System, name: string): Breach {
  const properties = system.composition.properties as readonly Property<unknown>[];
  const property = properties.find((each) => each.name === name);
  if (property !== undefined) return breachOfProperty(system, property);
  if (name === deadlock) return overSettled(system);
  return { by: ({ writes }) => name === unhandled && writes === null, atStart: false };
}

/** One for every property that the model claims, the two that every model has included. */
export function allBreaches(system: System): Map<string, Breach> {
  const names = (system.composition.properties as readonly Property<unknown>[]).map(({ name }) => name);
  return new Map([...names, deadlock, unhandled].map((name) => [name, breachOf(system, name)]));
}

function breachOfProperty(system: System, property: Property<unknown>): Breach {
  switch (property.kind) {
    case 'sometimes':
      return { by: () => false, atStart: false };
    case 'always': {
      const holds = overStates(system, property.name, property.holds);
      const when = property.when && overStates(system, `${property.name}, when`, property.when);
      const broken = (vector: Uint32Array): boolean => (when?.at(vector) ?? true) && !holds.at(vector);
      return { by: (step, _, after) => step.writes !== null && broken(after), atStart: broken(system.initial) };
    }
    case 'step': {
      const holds = new OverSteps(system, property.name, property.holds);
      const when = property.when && new OverSteps(system, `${property.name}, when`, property.when);
      const by: Breach['by'] = (step, before, after) =>
        step.writes !== null && (when?.at(step, before, after) ?? true) && !holds.at(step, before, after);
      return { by, atStart: false };
    }
    case 'precedes': {
      const first = watchFor(system, `${property.name}, first`, property.first);
      const then = watchFor(system, `${property.name}, then`, property.then);
      // a step counts its messages before the state that it leads to
      const over: Breach['by'] = (step, _, after) =>
        first.step(step) || (step.writes !== null && !then.step(step) && first.state(after));
      const comes: Breach['by'] = (step, _, after) => then.step(step) || then.state(after);
      return {
        by: (step, before, after) => step.writes !== null && !over(step, before, after) && comes(step, before, after),
        atStart: !first.state(system.initial) && then.state(system.initial),
        over,
      };
    }
  }
}

const overSettled = (system: System): Breach => ({
  by: (step, _, after) => step.writes !== null && isStuck(system, after) && isSettled(system, after),
  atStart: isStuck(system, system.initial) && isSettled(system, system.initial),
});

/** Every step that is enabled in a state, in the order of the search. */
export function stepsAt({ instances, sources }: System, vector: Uint32Array): LearnedStep[] {
  return instances.flatMap(({ slot }) => sources(slot, vector[slot]!).flatMap(({ steps }) => steps.at(vector)));
}

/** Whether only the environment can move. */
export function isSettled({ instances, sources }: System, vector: Uint32Array): boolean {
  for (const { slot } of instances) {
    for (const { steps } of sources(slot, vector[slot]!)) {
      for (const { environment } of steps.at(vector)) if (!environment) return false;
    }
  }
  return true;
}
