import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deadlockJudge, judgesOf, unhandledJudge } from '../../src/explore/judge.ts';
import { search } from '../../src/explore/search.ts';
import { SpecError } from '../../src/explore/spec-error.ts';
import type { LearnedStep } from '../../src/explore/steps.ts';
import { compile, type System } from '../../src/explore/system.ts';
import type { Tuning } from '../../src/explore/tuning.ts';
import { build, type SystemSpec, systems } from '../random-system.ts';
import { tries, visitorFor } from './kit.ts';

const volume = Number(process.env.HOLDFAST_SOAK ?? 1);
const mostStates = 600;

/** A step in words, as the two searches compile for themselves. */
const told = (step: Pick<LearnedStep, 'label'> | null | undefined) => step && JSON.stringify(step.label);

/** Numbers contents as they come: what number they have from the compiler depends on what was asked first. */
function inOrder(): (content: number) => number {
  const known = new Map<number, number>();
  return (content) => {
    if (!known.has(content)) known.set(content, known.size);
    return known.get(content)!;
  };
}

/** Everything that a search says: every state with its number and parent, the counts, and where each property was decided. */
function said(spec: SystemSpec, tuning: Partial<Tuning>) {
  const system: System = compile(build(spec));
  const [deadlocks, unhandled] = [deadlockJudge(system), unhandledJudge()];
  const judges = [...judgesOf(system, {}), deadlocks, unhandled];
  try {
    const { store, transitions, depth, limit } = search(
      system,
      visitorFor(judges),
      { states: mostStates },
      () => {},
      tuning,
    );
    const vector = new Uint32Array(system.width);
    const renamed = [...vector].map(inOrder);
    const states = Array.from({ length: store.size }, (_, id) => {
      store.load(id, vector);
      return [...vector].map((content, slot) => renamed[slot]!(content)).join();
    });
    const found = judges.map((judge) => {
      const { kind } = judge.verdict(limit === undefined);
      const where = judge.of === 'precedes' ? null : judge.found(store);
      return [judge.name, kind, where?.id, told(where?.step)];
    });
    const paths = [store.size - 1, store.size >> 1].map((id) => store.path(id));
    const counts = { transitions, depth, deadlocks: deadlocks.count(), unhandled: unhandled.count() };
    return { states, found, paths, counts, limit: limit?.limit };
  } catch (error) {
    if (error instanceof SpecError) return 'malformed';
    throw error;
  }
}

const plain = { divideAt: Number.POSITIVE_INFINITY };

/** Divided early and late, for good or until it is found not to pay, with tables that are small enough to be dense and with such as must be hashed. */
const tunings = fc.record({
  divideAt: fc.constantFrom(1, 3, 20),
  mustPayAt: fc.constantFrom(30, Number.POSITIVE_INFINITY),
  mostHalves: fc.constantFrom(0, 0.5),
  smallTable: fc.constantFrom(0, 2 ** 16),
  smallMatrix: fc.constantFrom(0, 2 ** 26),
});

describe('a search in halves', () => {
  test('finds the same states under the same numbers, by the same ways, and decides everything in the same place', () => {
    let halved = 0;
    fc.assert(
      fc.property(systems, tunings, (spec, tuning) => {
        const plainly = said(spec, plain);
        if (typeof plainly !== 'string' && plainly.states.length > 2 * tuning.divideAt) halved++;
        expect(said(spec, tuning)).toEqual(plainly);
      }),
      { ...tries(150), endOnFailure: true },
    );
    expect(halved).toBeGreaterThan(75 * volume);
  }, 600_000);
});
