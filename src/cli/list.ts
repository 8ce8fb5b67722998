import type { Model, OptionValue, Variant } from '../explore/model.ts';
import { type Cell, columns } from '../report/columns.ts';
import { asText, jsonOf } from '../report/json-text.ts';
import { type Screen, screenOf } from '../report/screen.ts';
import { plural, safe } from '../report/text.ts';
import { type ExitCode, worst } from './exit.ts';
import { type Loaded, load } from './load.ts';
import { propertiesOf } from './properties.ts';

const INDENT = 2;

/** The options of `holdfast list`, parsed. */
export interface ListFlags {
  readonly color: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Says what there is: of several models what each asks, of one, or on request of all, its options, variants and properties. */
export async function listCommand(
  paths: readonly string[],
  { color, json, verbose }: ListFlags,
  version: string,
): Promise<ExitCode> {
  const { loaded, unloadable } = await load(paths, 'list');
  const exit = worst(unloadable.map(() => 4));
  const screen = screenOf(process.stdout, color);
  const text = json
    ? jsonOf({ holdfast: version, exit, models: loaded.map(modelJson), errors: unloadable }, 2, asText)
    : [
        ...(loaded.length > 1 && !verbose ? [overview(loaded, screen)] : loaded.map((one) => modelLines(one, screen))),
        ...unloadable.map(({ message }) => errorLines(message, screen)),
      ]
        .map((lines) => lines.join('\n'))
        .join('\n\n');
  process.stdout.write(`${text}\n`);
  return exit;
}

/** A line for each model: its name, and the question that it asks. */
function overview(loaded: readonly Loaded[], screen: Screen): string[] {
  const byName = Map.groupBy(loaded, ({ model }) => model.name);
  const rows = loaded.map(({ file, model }): Cell[] => {
    const label = byName.get(model.name)!.length > 1 ? `${model.name} (${file})` : model.name;
    return [[{ text: safe(label), tone: 'strong' }], [{ text: safe(model.about) }]];
  });
  const hint = `${plural(loaded.length, 'model')}; of one by itself, or with --verbose, options and variants are listed too`;
  return [...columns(rows, 0, { ...screen, width: screen.longest }), '', screen.paint('faint', hint)];
}

function modelLines(loaded: Loaded, screen: Screen): string[] {
  const { file, model } = loaded;
  const facts = [
    row('file', [file]),
    row('options', Object.entries(model.options).map(optionText)),
    row('properties', [propertyNames(loaded).join(', ')]),
  ].filter(([, lines]) => lines!.some(({ text }) => text !== ''));
  const variants = model.variants.map((variant) => variantRow(variant, model));
  return [
    `${screen.paint('strong', safe(model.name))}${model.about === '' ? '' : `  ${safe(model.about)}`}`,
    ...columns(facts, INDENT, screen),
    `${' '.repeat(INDENT)}${screen.paint('faint', 'variants')}`,
    ...columns(variants, 2 * INDENT, screen),
  ];
}

const row = (head: string, lines: readonly string[]): Cell[] => [
  [{ text: head, tone: 'faint' }],
  lines.map((text) => ({ text: safe(text) })),
];

const optionText = ([name, values]: readonly [string, readonly OptionValue[]]): string =>
  `${name}: ${values.map((value, i) => `${value}${i === 0 ? ' (default)' : ''}`).join(', ')}`;

/** Its name, the options that it sets, what it is for, and what of it does not hold. */
function variantRow({ name, about, option, expect }: Variant, model: Model): Cell[] {
  const set = Object.entries(option).filter(([key, value]) => value !== model.options[key]![0]);
  const news = Object.entries(expect).filter(([, kind]) => kind !== 'holds');
  const expected = news.map(([property, kind]) => `${property} ${kind}`).join(', ');
  const lines = [about, expected && `expected: ${expected}`].filter((text) => text !== '');
  return [
    [{ text: safe(name) }],
    [{ text: safe(set.map(([key, value]) => `${key}=${value}`).join(' ')) }],
    lines.map((text) => ({ text: safe(text) })),
  ];
}

function modelJson(loaded: Loaded) {
  const { file, model } = loaded;
  const { name, about, sources, options, variants } = model;
  return { name, about, file, sources, options, variants, properties: propertyNames(loaded) };
}

/** As its first variant claims them: what is claimed may depend on the options. */
function propertyNames({ file, model }: Loaded): string[] {
  const variant = model.variants[0];
  return variant === undefined ? [] : propertiesOf({ model, file, variant, args: [] });
}

const errorLines = (message: string, screen: Screen): string[] => {
  const [first = '', ...rest] = message.split('\n').map(safe);
  return [`${screen.paint('bad', '!')} ${first}`, ...rest];
};
