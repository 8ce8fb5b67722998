import { variantOf } from '../explore/choose.ts';
import { assignmentOf, type Model, nameOf, type OptionValue } from '../explore/model.ts';
import { didYouMean } from '../explore/spec-error.ts';
import type { Subject } from '../report/outcome.ts';
import { quoted, safe } from '../report/text.ts';
import type { Loaded } from './load.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
interface Wanted {
  readonly variants: readonly string[];
  /** As typed: option and value. */
  readonly options: readonly (readonly [option: string, value: string])[];
  readonly properties: readonly string[];
}

/**
 * The variants to check: of every model those that are named, or all; with options, the one assignment that these make.
 *
 * A model without a variant, an option or a value that was named is left out, since a folder holds many models; a name
 * that none of them has is a mistake.
 *
 * @throws UsageError
 */
export function select(loaded: readonly Loaded[], wanted: Wanted): Subject[] {
  if (loaded.length === 0) return [];
  for (const name of wanted.variants) findVariant(loaded, name);
  for (const [option, value] of wanted.options) findValue(loaded, option, value);
  const subjects = loaded.flatMap((one) => (wanted.options.length === 0 ? named(one, wanted) : assigned(one, wanted)));
  if (subjects.length === 0) throw nothingLeft(wanted);
  return subjects;
}

/** A model that is not checked, and what of the things asked for it does not have. */
export interface LeftOut {
  readonly model: string;
  readonly lacks: string;
}

/** Of the models those that no subject is of, each with the first thing asked for that it lacks. */
export function leftOut(loaded: readonly Loaded[], subjects: readonly Subject[], wanted: Wanted): LeftOut[] {
  const checked = new Set(subjects.map(({ model }) => model));
  return loaded.flatMap(({ model }) =>
    checked.has(model) ? [] : [{ model: model.name, lacks: lackOf(model, wanted) }],
  );
}

function lackOf(model: Model, { variants, options, properties }: Wanted): string {
  for (const [option, text] of options) {
    if (!Object.hasOwn(model.options, option)) return `no option ${quoted(option)}`;
    if (valueIn(model, option, text) === undefined) return `no ${quoted(`${option}=${text}`)}`;
  }
  const isNamed = variants.length === 0 || model.variants.some(({ name }) => variants.includes(name));
  if (!isNamed) return `no variant ${variants.map(quoted).join(', ')}`;
  return properties.length === 0 ? 'no variants' : `no property ${properties.map(quoted).join(', ')}`;
}

function named({ file, model }: Loaded, { variants }: Wanted): Subject[] {
  const chosen = variants.length === 0 ? model.variants : model.variants.filter(({ name }) => variants.includes(name));
  return chosen.map((variant) => ({ model, file, variant, args: [file, '--variant', variant.name] }));
}

function assigned({ file, model }: Loaded, { variants, options }: Wanted): Subject[] {
  const chosen: Record<string, OptionValue> = {};
  for (const [option, text] of options) {
    const value = valueIn(model, option, text);
    if (value === undefined) return [];
    chosen[option] = value;
  }
  const bases = variants.length === 0 ? [undefined] : model.variants.filter(({ name }) => variants.includes(name));
  return bases.map((base) => {
    const option = assignmentOf(model, { ...base?.option, ...chosen }, 'the command line');
    const args = [file, ...(base === undefined ? [] : ['--variant', base.name])];
    for (const [name, value] of Object.entries(chosen)) args.push('--option', `${name}=${value}`);
    const variant = variantOf(model, option, base, chosen);
    const isOther = base !== undefined && base !== variant && model.variants.includes(variant);
    return { model, file, variant, args, ...(isOther && { askedAs: `${base.name} with ${nameOf(chosen)}` }) };
  });
}

/** The value of an option that is written so: options hold numbers, booleans and strings, a command line only text. */
function valueIn(model: Model, option: string, text: string): OptionValue | undefined {
  const values = Object.hasOwn(model.options, option) ? model.options[option]! : [];
  return values.find((value) => String(value) === text || (typeof value === 'number' && value === Number(text)));
}

// ---------------------------------------------------------------------------------------------------------- what is not there

function findVariant(loaded: readonly Loaded[], name: string): void {
  const known = new Set(loaded.flatMap(({ model }) => model.variants.map((variant) => variant.name)));
  if (known.has(name)) return;
  throw new UsageError(`no variant ${quoted(name)}`, {
    code: 'E-VARIANT',
    where: `--variant ${safe(name)}`,
    why: `${those(loaded)} ${known.size === 0 ? 'no variants' : enumerated(known)}`,
    instead: `one of these${didYouMean(name, known)}; holdfast list --verbose shows them`,
  });
}

function findValue(loaded: readonly Loaded[], option: string, text: string): void {
  const having = loaded.filter(({ model }) => Object.hasOwn(model.options, option));
  if (having.length === 0) {
    const known = new Set(loaded.flatMap(({ model }) => Object.keys(model.options)));
    throw new UsageError(`no option ${quoted(option)}`, {
      code: 'E-OPTION',
      where: `--option ${safe(`${option}=${text}`)}`,
      why: `${those(loaded)} ${known.size === 0 ? 'no options' : enumerated(known)}`,
      instead: `${known.size === 0 ? '--variant' : 'one of these'}${didYouMean(option, known)}; holdfast list --verbose shows them`,
    });
  }
  if (having.some(({ model }) => valueIn(model, option, text) !== undefined)) return;
  const values = new Set(having.flatMap(({ model }) => model.options[option]!.map(String)));
  throw new UsageError(`option ${quoted(option)} has no value ${quoted(text)}`, {
    code: 'E-OPTION-VALUE',
    where: `--option ${safe(`${option}=${text}`)}`,
    why: `its values are ${enumerated(values)}`,
    instead: `one of these${didYouMean(text, values)}`,
  });
}

/**
 * A property that no model to be checked has is a mistake too.
 *
 * @throws UsageError
 */
export function findProperties(known: ReadonlySet<string>, names: readonly string[]): void {
  for (const name of names) {
    if (known.has(name)) continue;
    throw new UsageError(`no property ${quoted(name)}`, {
      code: 'E-PROPERTY',
      where: `--property ${safe(name)}`,
      why: `the properties are ${enumerated(known)}`,
      instead: `one of these${didYouMean(name, known)}; holdfast list --verbose shows them`,
    });
  }
}

function nothingLeft({ variants, options }: Wanted): UsageError {
  const named = [
    ...variants.map((name) => `--variant ${name}`),
    ...options.map((pair) => `--option ${pair.join('=')}`),
  ];
  return new UsageError('nothing to check', {
    code: 'E-NOTHING',
    where: safe(named.join(' ')) || 'the command line',
    why: named.length === 0 ? 'no model has a variant' : 'no model has all of these',
    instead: 'a choice that one model has; holdfast list --verbose shows them',
  });
}

const those = (loaded: readonly Loaded[]): string =>
  loaded.length === 1 ? `${safe(loaded[0]!.model.name)} has` : `the ${loaded.length} models have`;

const ENUMERATED = 30;

function enumerated(names: ReadonlySet<string>): string {
  const all = [...names].map(safe);
  return all.length <= ENUMERATED
    ? all.join(', ')
    : `${all.slice(0, ENUMERATED).join(', ')} and ${all.length - ENUMERATED} more`;
}
