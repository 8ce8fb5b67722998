import type { Variant } from '../explore/model.ts';
import type { Report } from '../explore/verdict.ts';
import type { Checked } from './evidence.ts';
import type { Gathered } from './gather.ts';
import { after, before, isOf, repairedIn } from './rulebook.ts';

/** A variant of the repaired kernel beside the same of the kernel that it repairs. */
export interface Pair {
  readonly model: string;
  readonly from: Report;
  readonly to: Report;
  /** What both must reach: the witnesses of `from`. */
  readonly witnesses: readonly { readonly name: string; readonly from: number; readonly to: number | undefined }[];
}

/** Pairs by name, `repaired-holderless` with `P6-holderless`, or else of the same world: they differ in the kernel alone. */
export function pairsOf(checked: readonly Checked[], { [before]: kernel = {} }: Gathered['kernels']): Pair[] {
  const isKernel = (option: string) => Object.hasOwn(kernel, option);
  const worldOf = ({ option }: Variant) => JSON.stringify(Object.entries(option).filter(([name]) => !isKernel(name)));
  const isPlain = ({ option }: Variant) =>
    Object.entries(option).every(([name, value]) => !isKernel(name) || kernel[name] === value);

  return checked.flatMap(({ model, reports }) =>
    repairedIn(model).flatMap((variant): Pair[] => {
      const isSame = (other: Variant) => worldOf(other) === worldOf(variant);
      const twin =
        model.variants.find(({ name }) => name === before + variant.name.slice(after.length)) ??
        model.variants.find((other) => isOf(before, other.name) && isPlain(other) && isSame(other));
      if (!twin) return [];
      const [from, to] = [reports.get(twin.name)!, reports.get(variant.name)!];
      const verdictOf = (property: string) => to.verdicts.find((verdict) => verdict.property === property);
      const witnesses = from.verdicts
        .filter(({ of, kind }) => of === 'sometimes' && kind === 'holds')
        // in another world another witness may be asked for
        .filter(({ property }) => isSame(twin) || verdictOf(property) !== undefined)
        .map(({ property, steps }) => {
          const verdict = verdictOf(property);
          return { name: property, from: steps!, to: verdict?.kind === 'holds' ? verdict.steps : undefined };
        });
      return [{ model: model.name, from, to, witnesses }];
    }),
  );
}

/**
 * What the repaired kernel owes, in sentences. It keeps every invariant, in every variant that it has; and it reaches every
 * witness that the kernel before it reaches. An invariant may be vacuous where it was so before: where
 * nobody walks, nothing can be asked of a walk.
 */
export function debtsOf(checked: readonly Checked[], kernels: Gathered['kernels']): string[] {
  const pairs = pairsOf(checked, kernels);
  return checked.flatMap(({ model, reports }) =>
    repairedIn(model).flatMap(({ name }) => {
      const report = reports.get(name)!;
      const pair = pairs.find(({ to }) => to === report);
      const wasVacuous = (property: string) =>
        pair?.from.verdicts.some((verdict) => verdict.property === property && verdict.kind === 'vacuous');
      const broken = report.verdicts
        .filter(({ of }) => of !== 'sometimes')
        .filter(({ kind, property }) => kind !== 'holds' && !(kind === 'vacuous' && wasVacuous(property)))
        .map(({ kind, property }) => `"${property}" is ${kind}`);
      const lost = (pair?.witnesses ?? [])
        .filter(({ to }) => to === undefined)
        .map((witness) => `"${witness.name}" is not reached, and ${pair!.from.variant} reaches it`);
      return [...broken, ...lost].map((what) => `${model.name} ${name}: ${what}`);
    }),
  );
}
