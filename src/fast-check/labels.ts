import { Arbitrary, check, property, type Random, type Stream, stream, Value } from 'fast-check';
import { drawing } from '../explore/simulate/schedule.ts';
import type { Fails } from '../explore/simulate/simulate.ts';
import { anyScheduler, retaken, walk } from '../explore/simulate/way.ts';
import type { System } from '../explore/system.ts';
import type { StepLabel } from '../explore/verdict.ts';

/** Runs as the labels of their steps. Every one can be taken, smaller ones included: a step that no longer can is left out. */
export class Labels extends Arbitrary<readonly StepLabel[]> {
  readonly #system: System;
  readonly #depth: number;

  constructor(system: System, depth: number) {
    super();
    this.#system = system;
    this.#depth = depth;
  }

  override generate(random: Random): Value<readonly StepLabel[]> {
    const draw = drawing(random.nextInt());
    const way = walk(this.#system, anyScheduler(draw, this.#depth), this.#depth);
    return new Value(
      way.map(({ label }) => label),
      undefined,
    );
  }

  override canShrinkWithoutContext(value: unknown): value is readonly StepLabel[] {
    return Array.isArray(value);
  }

  /** Without a stretch of the run, long ones first, from the end. */
  override shrink(labels: readonly StepLabel[]): Stream<Value<readonly StepLabel[]>> {
    const system = this.#system;
    return stream(
      (function* () {
        for (let size = labels.length; size >= 1; size = Math.floor(size / 2)) {
          for (let end = labels.length; end > 0; end -= size) {
            const from = Math.max(0, end - size);
            const rest = retaken(system, labels.toSpliced(from, end - from));
            if (rest.length < labels.length) yield new Value<readonly StepLabel[]>(rest, undefined);
          }
        }
      })(),
    );
  }
}

/** The smallest run that still fails which fast-check comes to. */
export function shrink(system: System, labels: readonly StepLabel[], fails: Fails): readonly StepLabel[] {
  const kept = property(new Labels(system, labels.length), (each) => !fails(each));
  const found = check(kept, { numRuns: 1, examples: [[labels]], seed: 0 });
  return found.counterexample?.[0] ?? labels;
}
