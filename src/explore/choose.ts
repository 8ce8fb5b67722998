import { type Assignment, assignmentOf, type Model, nameOf, type OptionValue, type Variant } from './model.ts';
import { didYouMean, SpecError } from './spec-error.ts';

/** Which variants of a model are meant: all that it has, unless a variant or values of options are named. */
export interface Choice {
  /** A variant, by name. */
  readonly variant?: string;
  /** Values of options, instead of those of the variant; where none is named, instead of the first ones. */
  readonly option?: Readonly<Record<string, OptionValue>>;
}

/**
 * The variants that are meant.
 *
 * @throws SpecError on a variant, an option or a value that the model does not have
 */
export function chosen(model: Model, { variant, option }: Choice): readonly Variant[] {
  const base = variant === undefined ? undefined : variantNamed(model, variant);
  if (option === undefined) return base === undefined ? model.variants : [base];
  return [variantOf(model, assignmentOf(model, { ...base?.option, ...option }, 'the options asked for'), base, option)];
}

function variantNamed({ name: model, variants }: Model, name: string): Variant {
  const known = variants.map((variant) => variant.name);
  const found = variants.find((variant) => variant.name === name);
  if (found !== undefined) return found;
  throw new SpecError(`${model}: no variant "${name}"`, {
    code: 'E-VARIANT',
    where: 'the variant asked for',
    why: `the model's variants are ${known.map((each) => `"${each}"`).join(', ')}`,
    instead: `one of them${didYouMean(name, known)}`,
  });
}

/**
 * The variant that an assignment is. One that the model names keeps its name and what is expected of it; of any other nothing
 * is known.
 *
 * @param base the variant that was begun with, if one was
 * @param changed the values that were named besides
 */
export function variantOf(model: Model, option: Assignment, base: Variant | undefined, changed: Assignment): Variant {
  const candidates = base === undefined ? model.variants : [base, ...model.variants];
  const known = candidates.find((variant) => isEqual(variant.option, option));
  if (known !== undefined) return known;
  const name = base === undefined ? nameOf(changed) : `${base.name},${nameOf(changed)}`;
  return { name, about: '', option, expect: {}, figures: {} };
}

const isEqual = (a: Assignment, b: Assignment): boolean => Object.keys(a).every((name) => a[name] === b[name]);
