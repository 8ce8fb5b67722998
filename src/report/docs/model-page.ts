import type { Model, OptionValue } from '../../explore/model.ts';
import { claimSection, witnessBlocks } from './claims.ts';
import { docOf, Linking } from './doc.ts';
import type { Book, CastEntry, ModelEntry } from './gather.ts';
import { code, distinct, folded, link, page, plain, table } from './markdown.ts';
import { LEGEND, type Numbered, verdictTable } from './verdicts.ts';
import { mailboxesTable, messagesTable, spontaneousTable } from './wiring.ts';

/** The page of a model: what it asks, who takes part, what is claimed, what was found, and how messages travel. */
export function modelPage(entry: ModelEntry, book: Book, made: string): string {
  const links = new Linking(book);
  const { model, file, written, properties } = entry;
  const { sources, about } = model;
  const doc = written?.doc === undefined ? undefined : docOf(written.doc);
  const numbered = properties.map((property, i): Numbered => ({ property, number: i + 1 }));
  const claims = numbered.filter(({ property }) => property.of !== 'sometimes');
  const witnesses = numbered.filter(({ property }) => property.of === 'sometimes');
  return page(
    made,
    `# ${plain(model.name)}`,
    about === '' ? '' : `**${plain(about, 2_000)}**`,
    [
      `Model: ${links.file(file)}`,
      ...rowsLine(
        'Decides',
        sources.filter((row) => links.has(row)),
        links,
      ),
      ...rowsLine(
        'Sources',
        sources.filter((row) => !links.has(row)),
        links,
      ),
    ].join('<br>\n'),
    doc === undefined ? '' : links.prose(doc.text),
    ...section('Options', optionsTable(model)),
    ...section('Actors', actorsTable(entry)),
    ...section('Variants', variantsTable(entry), settingsTable(entry)),
    ...section('Verdicts', verdictTable(entry, claims, true), LEGEND),
    '## Claims',
    ...claims.flatMap((claim) => claimSection(entry, claim, links)),
    ...section('Witnesses', ...witnessBlocks(entry, witnesses, links)),
    ...section('Messages', messagesTable(entry)),
    ...section('Mailboxes', mailboxesTable(entry)),
    ...section('Spontaneous messages', spontaneousTable(entry)),
  );
}

const rowsLine = (head: string, rows: readonly string[], links: Linking): string[] =>
  rows.length === 0 ? [] : [`${head}: ${rows.map((row) => links.row(row)).join(', ')}`];

const section = (title: string, ...blocks: readonly string[]): string[] =>
  blocks.every((block) => block === '') ? [] : [`## ${title}`, ...blocks];

// ------------------------------------------------------------------------------------------------- options and variants

const optionsTable = ({ options }: Model): string =>
  table(
    ['option', 'values, the first where a variant says nothing'],
    Object.entries(options).map(([name, values]) => [code(name), values.map(valueText).join(', ')]),
  );

const valueText = (value: OptionValue): string => code(String(value));

const variantsTable = ({ variants }: ModelEntry): string =>
  variants.every(({ variant }) => variant.about === '')
    ? ''
    : table(
        ['variant', 'what it stands for'],
        variants.map(({ variant }) => [code(variant.name), plain(variant.about, 1_000)]),
      );

function settingsTable({ variants, model }: ModelEntry): string {
  const rows = variants.map(({ variant }) => {
    const set = Object.entries(variant.option).filter(([name, value]) => model.options[name]?.[0] !== value);
    return [code(variant.name), set.map(([name, value]) => code(`${name}=${value}`)).join(' ')];
  });
  if (rows.every(([, set]) => set === '')) return '';
  return folded('What each variant sets otherwise than the first value', table(['variant', 'options'], rows));
}

// --------------------------------------------------------------------------------------------------------------- actors

const actorsTable = ({ actors }: ModelEntry): string =>
  table(
    ['actor', 'machine', 'how many', 'input'],
    actors.map(({ actor, machine, counts, inputs }) => [
      code(actor),
      link(plain(machine.name), `../machines/${machine.page}.md`),
      counts.join(' or '),
      inputText(inputs),
    ]),
  );

/** Of inputs that differ, each field with its values. */
function inputText(inputs: CastEntry['inputs']): string {
  const records = inputs.filter((input) => typeof input === 'object' && input !== null && !Array.isArray(input));
  if (records.length < inputs.length) return distinct(inputs.filter((input) => input !== undefined));
  const names = [...new Set(records.flatMap((record) => Object.keys(record as object)))];
  return names
    .map((name) => `${code(name)}: ${distinct(records.map((record) => (record as Record<string, unknown>)[name]))}`)
    .join('\n');
}
