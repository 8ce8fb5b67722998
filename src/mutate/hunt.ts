import { check } from '../explore/check.ts';
import type { Composition, Model, Variant } from '../explore/model.ts';
import { SpecError } from '../explore/spec-error.ts';
import type { Report, VerdictKind } from '../explore/verdict.ts';
import { machinesOf } from './composition.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { Probe, probed } from './probe.ts';
import { areTwins } from './twins.ts';

/** A model in the variant that is right. */
interface Ground {
  readonly model: Model;
  readonly variant: Variant;
  readonly composition: Composition;
  readonly probe: Probe;
  readonly states: number;
}

/** What became of a mutant. */
export type Fate =
  | {
      readonly kind: 'caught';
      readonly model: string;
      readonly property: string;
      readonly verdict: VerdictKind;
      readonly steps?: number;
    }
  /** Every model that has the machine is as it was; in those named the search was stopped by its bounds. */
  | { readonly kind: 'survived'; readonly unfinished: readonly string[] }
  /** The checker refuses to explore it. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'idle'; readonly why: string };

export interface Hunted {
  readonly mutant: Pick<Mutant, 'name' | 'kind' | 'machine'>;
  readonly fate: Fate;
}

export interface Hunt {
  /** The models, smallest first. */
  readonly models: readonly string[];
  readonly hunted: readonly Hunted[];
}

/** Every `of`-th mutant, from the `part`-th on: several processes share the work. */
export interface Share {
  readonly part: number;
  readonly of: number;
}

/** Larger spaces would be explored once for every mutant that nothing smaller catches. */
const largest = 20_000;

/** A mutant may make a space larger, and even endless. */
const room = (states: number) => ({ states: 20_000 + 10 * states });

/**
 * Makes every mutant, and runs it in every model whose composition has the machine, in the variants that are called so or begin so
 * (`repaired`, `repaired-holderless`), smallest first, until a verdict turns into a worse one: an invariant violated, a witness
 * unreached, a claim vacuous. A changed number of states is no catch. A model without such a variant has those in which
 * everything holds.
 *
 * @param only of these machines, where given
 */
export function hunt(
  models: readonly Model[],
  variantName: string,
  only: readonly string[] = [],
  onFate: (hunted: Hunted) => void = () => {},
  { part, of }: Share = { part: 0, of: 1 },
): Hunt {
  const grounds = models
    .flatMap((model) => rightVariants(model, variantName).map((variant) => ({ model, variant })))
    .flatMap(({ model, variant }): Ground[] => {
      const composition = model.build(variant.option);
      const probe = new Probe();
      const report = run({ model, variant }, probed(composition, probe), { states: largest });
      const broken = worsened(report, variant);
      if (broken) throw new Error(`${model.name}/${variant.name}: "${broken.property}" is ${broken.kind} already`);
      if (report.limit) return [];
      return [{ model, variant, composition, probe, states: report.stats.states }];
    })
    .sort((a, b) => a.states - b.states || (a.model.name < b.model.name ? -1 : 1));
  const mutants = mutantsOf(grounds)
    .filter(({ machine }) => only.length === 0 || only.includes(machine))
    .filter((_, index) => index % of === part);
  const hunted = mutants.map((mutant) => {
    const { name, kind, machine } = mutant;
    const one = { mutant: { name, kind, machine }, fate: fateOf(mutant, grounds) };
    onFate(one);
    return one;
  });
  return { models: grounds.map(nameOf), hunted };
}

/** Those of the name; where a model has none, those of which everything is expected to hold. */
function rightVariants({ variants }: Model, variantName: string): readonly Variant[] {
  const named = variants.filter(({ name }) => name === variantName || name.startsWith(`${variantName}-`));
  return named.length > 0 ? named : variants.filter(({ expect }) => Object.keys(expect).length === 0);
}

/** The hunt of which each of these is a share, in order. */
export function joined(shares: readonly Hunt[]): Hunt {
  const longest = Math.max(...shares.map(({ hunted }) => hunted.length));
  const rounds = Array.from({ length: longest }, (_, round) => shares.flatMap(({ hunted }) => hunted[round] ?? []));
  return { models: shares[0]!.models, hunted: rounds.flat() };
}

function fateOf(mutant: Mutant, grounds: readonly Ground[]): Fate {
  const having = grounds.filter(({ composition }) => machinesOf(composition).has(mutant.machine));
  if (having.every(({ probe }) => mutant.idleIn(probe) !== undefined)) {
    const reasons = new Set(having.map(({ probe }) => mutant.idleIn(probe)!));
    return { kind: 'idle', why: [...reasons].sort().join(', or ') };
  }
  const { matters = (probe: Probe) => mutant.idleIn(probe) === undefined } = mutant;
  const asked = having.filter(({ probe }) => matters(probe));
  const unfinished: string[] = [];
  const refusals: string[] = [];
  for (const ground of asked) {
    try {
      const report = run(ground, mutant.apply(ground.composition), room(ground.states));
      const caught = worsened(report, ground.variant);
      if (caught) {
        const { property, kind: verdict, steps } = caught;
        return { kind: 'caught', model: nameOf(ground), property, verdict, ...(steps !== undefined && { steps }) };
      }
      if (report.limit) unfinished.push(nameOf(ground));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      refusals.push(error.message.split('\n')[0]!);
    }
  }
  if (refusals.length > 0) return { kind: 'refused', why: refusals[0]! };
  // a call that finds nobody unready is a verdict; without one, the two wires are the same
  if (mutant.kind === 'meeting as a call' && unfinished.length === 0)
    return { kind: 'idle', why: 'nobody is ever refused' };
  const isTwin = ({ composition, states }: Ground) =>
    areTwins(composition, mutant.apply(composition), mutant.machine, 5_000 + 4 * states);
  if (mutant.silent && unfinished.length === 0 && asked.every(isTwin)) {
    return { kind: 'idle', why: 'nobody asks what it remembers' };
  }
  return { kind: 'survived', unfinished };
}

function run(
  { model, variant }: Pick<Ground, 'model' | 'variant'>,
  composition: Composition,
  limits: { states?: number },
) {
  return check(
    { ...model, build: () => composition },
    { ...variant, figures: {} },
    { bail: true, runs: false, limits },
  );
}

/** The first verdict that is worse than what the variant is expected to give. */
function worsened({ verdicts }: Report, { expect }: Variant) {
  return verdicts.find(
    ({ property, kind }) =>
      kind !== 'holds' && kind !== 'unknown' && kind !== (Object.hasOwn(expect, property) ? expect[property] : 'holds'),
  );
}

const nameOf = ({ model, variant }: Ground): string => `${model.name} ${variant.name}`;
