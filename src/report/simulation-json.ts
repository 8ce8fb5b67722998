import { asText, jsonOf } from './json-text.ts';
import { expectedOf } from './outcome.ts';
import type { Asked, Simulated, Tried } from './simulation.ts';

/** How it came to its end. */
export interface Ended {
  readonly version: string;
  readonly exit: number;
  /** Whether runs were shrunk before they were shortened. */
  readonly isShrunk: boolean;
  /** Variants that were not begun. */
  readonly untried: number;
}

/** What random runs have found, as one document. Nothing in it says of anything that it holds. */
export function simulationJson(tried: readonly Tried[], asked: Asked, end: Ended): string {
  const { seed, runs, depth, properties, milliseconds } = asked;
  const simulated = tried.filter((one) => one.kind === 'simulated');
  const models = Map.groupBy(simulated, ({ subject }) => subject.file);
  const document = {
    holdfast: end.version,
    exit: end.exit,
    untried: end.untried,
    asked: { seed, runs: Number.isFinite(runs) ? runs : undefined, depth, properties, milliseconds },
    isShrunk: end.isShrunk,
    models: [...models].map(([file, variants]) => ({
      name: variants[0]!.subject.model.name,
      about: variants[0]!.subject.model.about,
      file,
      variants: variants.map((one) => variantJson(one)),
    })),
    errors: tried.flatMap((one) => {
      if (one.kind === 'simulated') return [];
      if (one.kind === 'unloadable') return [{ file: one.file, fault: 'spec', message: one.message }];
      const { model, file, variant } = one.subject;
      return [{ file, model: model.name, variant: variant.name, fault: one.fault, message: one.message }];
    }),
  };
  return jsonOf(document, 2, asText);
}

function variantJson({ subject, simulation, isInterrupted }: Simulated) {
  const { violations, reached, unknown, stats, coverage, isCut } = simulation;
  return {
    name: subject.variant.name,
    option: subject.variant.option,
    violations: violations.map(({ property, of, about, at, run, explanation }) => ({
      property,
      of,
      about,
      expected: expectedOf(subject.variant, property),
      at,
      steps: run.steps.length,
      run,
      explanation,
    })),
    reached,
    unknown,
    stats,
    stopped: isCut ? (isInterrupted ? 'interrupted' : 'time') : undefined,
    coverage,
  };
}
