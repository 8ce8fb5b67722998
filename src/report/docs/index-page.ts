import { count, plural } from '../text.ts';
import { docOf } from './doc.ts';
import type { Book, MachineEntry, ModelEntry } from './gather.ts';
import { usersText } from './machine-page.ts';
import { firstSentence, link, page, plain, prose, table } from './markdown.ts';

/** The page that leads to all others. */
export function indexPage({ models, machines, setting }: Book, made: string): string {
  const variants = models.reduce((sum, model) => sum + model.variants.length, 0);
  const { others } = setting;
  return page(
    made,
    '# Models and machines',
    `What is found here was found by searching ${plural(variants, 'variant')} of ${plural(models.length, 'model')}. The page of a model says what it
asks and claims, what was found in each variant, and of each claim that is violated the shortest run; the page of a machine what it stands for and
what it looks like.`,
    ...(others.length === 0
      ? []
      : ['## Other pages', others.map(({ file, title }) => `- ${link(plain(title), file)}`).join('\n')]),
    '## Models',
    ...modelTables(models),
    '## Machines',
    table(['machine', 'what it stands for', 'used by'], machines.map(machineRow)),
  );
}

/** A table of all models, or one for each folder that they are in. */
function modelTables(models: readonly ModelEntry[]): string[] {
  const folders = Map.groupBy(models, ({ file }) => file.split('/').slice(0, -1).join('/'));
  return [...folders].flatMap(([folder, those]) => [
    folders.size === 1 ? '' : `### ${plain(folder)}`,
    table(
      ['model', 'what it asks', 'variants', 'claims', 'of these violated somewhere', 'states, in all'],
      those.map(modelRow),
    ),
  ]);
}

function modelRow({ model, page: name, variants, properties }: ModelEntry): string[] {
  const claims = properties.filter(({ of }) => of !== 'sometimes');
  const verdicts = variants.flatMap(({ report }) => report.verdicts);
  const violated = claims.filter((claim) =>
    verdicts.some(({ property, kind }) => property === claim.name && kind === 'violated'),
  );
  return [
    link(plain(model.name), `models/${name}.md`),
    plain(model.about, 300),
    String(variants.length),
    String(claims.length),
    String(violated.length),
    count(variants.reduce((sum, { report }) => sum + report.stats.states, 0)),
  ];
}

function machineRow(entry: MachineEntry): string[] {
  const { name, page, written } = entry;
  const doc = written?.doc === undefined ? '' : firstSentence(docOf(written.doc).text);
  return [link(plain(name), `machines/${page}.md`), prose(doc), usersText(entry)];
}
