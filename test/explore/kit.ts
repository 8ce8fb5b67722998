import { vi } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { check, type Settings } from '../../src/explore/check.ts';
import type { Judge } from '../../src/explore/judge.ts';
import { type Actors, type Composition, compose, defineModel } from '../../src/explore/model.ts';
import { type Precedes, precedes } from '../../src/explore/property.ts';
import type { Visitor } from '../../src/explore/search.ts';
import { type Located, SpecError } from '../../src/explore/spec-error.ts';
import type { Report } from '../../src/explore/verdict.ts';

const { HOLDFAST_SOAK = '1', HOLDFAST_SEED } = process.env;
vi.setConfig({ testTimeout: 120_000 * Math.max(1, Number(HOLDFAST_SOAK)) });

/** Of `npm test`, whose verdict is to be the same each time; a soak draws one of its own, and prints it. */
const seed = Number(HOLDFAST_SEED ?? (HOLDFAST_SOAK === '1' ? 20_240 : Date.now() % 2 ** 31));
if (HOLDFAST_SOAK !== '1') console.log(`HOLDFAST_SEED=${seed}`);

/** How often a property is tried, and from which seed: HOLDFAST_SOAK=10 tries ten times as often, from another seed. */
export function tries(count: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.ceil(count * Number(HOLDFAST_SOAK)), seed };
}

/** A machine that no compiler has seen: what is checked at load is written with these. */
export function machine(config: object, implementations: object = {}): AnyStateMachine {
  return (createMachine(config as never) as AnyStateMachine).provide(implementations as never);
}

/** A composition that no compiler has seen. */
export function loose(actors: Actors, wiring: object = {}): Composition {
  return compose(actors, { properties: [], ...wiring } as never);
}

/** Checks a composition without options, through the front door. */
export function checked(composition: Composition, settings: Settings = {}): Report {
  const model = defineModel({ name: 'test', build: () => composition });
  return check(model, model.variants[0]!, settings);
}

/** A claim that no compiler has seen: `then` never comes before `first`. */
export function order(name: string, first: unknown, then: unknown): Precedes<unknown> {
  // biome-ignore lint/suspicious/noThenProperty: it is the other half of a precedence, and nothing awaits it
  return precedes<unknown>(name, { first: first as never, then: then as never });
}

/** A visitor for these judges, with what it may be told less often than plainly. */
export function visitorFor(judges: readonly Judge[]): Visitor {
  return {
    state: (...told) => {
      for (const judge of judges) judge.state?.(...told);
    },
    step: (...told) => {
      for (const judge of judges) judge.step?.(...told);
      return true;
    },
    unhandled: (...told) => {
      for (const judge of judges) judge.unhandled?.(...told);
    },
    expanded: (...told) => {
      for (const judge of judges) judge.expanded?.(...told);
    },
    enough: () => false,
    looks: (vector) => judges.flatMap((judge) => judge.looks?.(vector) ?? []),
    stepLooks: (...told) => judges.flatMap((judge) => judge.stepLooks?.(...told) ?? []),
  };
}

/** What was found out, in the fewest words: `'violated 3'` after three steps, `'holds'`. */
export function verdictsOf({ verdicts }: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(
    verdicts.map(({ property, kind, steps }) => [property, steps === undefined ? kind : `${kind} ${steps}`]),
  );
}

/** States, transitions, deadlocks, unhandled, depth. */
export function sizeOf({ stats }: Report): readonly number[] {
  return [stats.states, stats.transitions, stats.deadlocks, stats.unhandled, stats.depth];
}

/** The parts of the error with which the specification is refused. Fails where it is not refused, or by a crash. */
export function refusalOf(run: () => unknown): Located & { readonly headline: string } {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const [, headline, where, why, instead] =
      /^(.*?)\n {2}where {4}(.*?)\n {2}why {6}(.*?)\n {2}instead {2}(.*)\n {2}explain {2}.*$/s.exec(error.message)!;
    return { code: error.code, headline: headline!, where: where!, why: why!, instead: instead! };
  }
  throw new Error('it was not refused');
}
