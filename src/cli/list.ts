import { columns } from '../report/columns.ts';
import { type Screen, screenOf } from '../report/screen.ts';
import { safe } from '../report/text.ts';
import { type ExitCode, worst } from './exit.ts';
import { type Loaded, load } from './load.ts';
import { propertiesOf } from './properties.ts';

/** Says what there is: models, their options, variants and properties. */
export async function listCommand(
  paths: readonly string[],
  { color, json }: { readonly color: boolean; readonly json?: boolean },
  version: string,
): Promise<ExitCode> {
  const { loaded, unloadable } = await load(paths);
  const exit = worst(unloadable.map(() => 4));
  const screen = screenOf(process.stdout, color);
  const text = json
    ? JSON.stringify({ holdfast: version, exit, models: loaded.map(modelJson), errors: unloadable }, null, 2)
    : [...loaded.map((one) => modelLines(one, screen)), ...unloadable.map(({ message }) => errorLines(message, screen))]
        .map((lines) => lines.join('\n'))
        .join('\n\n');
  process.stdout.write(`${text}\n`);
  return exit;
}

function modelLines(loaded: Loaded, screen: Screen): string[] {
  const { file, model } = loaded;
  const options = Object.entries(model.options).map(([name, values]) => {
    return {
      text: `${safe(name)}: ${values.map((value, i) => safe(`${value}${i === 0 ? ' (default)' : ''}`)).join(', ')}`,
    };
  });
  const rows = [
    { head: 'file', lines: [{ text: safe(file) }] },
    { head: 'options', lines: options },
    { head: 'variants', lines: variantLines(loaded).map((text) => ({ text })) },
    { head: 'properties', lines: [{ text: propertyNames(loaded).map(safe).join(', ') }] },
  ].filter(({ lines }) => lines.some(({ text }) => text !== ''));
  return [
    `${screen.paint('strong', safe(model.name))}${model.about === '' ? '' : `  ${safe(model.about)}`}`,
    ...columns(
      rows.map(({ head, lines }) => [[{ text: head, tone: 'faint' }], lines]),
      2,
      screen,
    ),
  ];
}

function variantLines({ model }: Loaded): string[] {
  const width = Math.max(0, ...model.variants.map(({ name }) => name.length));
  return model.variants.map(({ name, about, expect }) => {
    const expected = Object.entries(expect).filter(([, kind]) => kind !== 'holds');
    const kinds = expected.map(([property, kind]) => `${property} ${kind}`).join(', ');
    return safe([name.padEnd(width), about, kinds && `(expected: ${kinds})`].filter(Boolean).join('  '));
  });
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
