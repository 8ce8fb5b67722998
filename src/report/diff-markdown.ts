import { type ComparedVariant, type Diff, type DiffEntry, type DiffStanding, diffStandingOf } from './diff.ts';
import { type DiffSection, namesOf, sectionsOf, shortTexts } from './diff-sections.ts';
import { comeText, diffSummary, entryLabel, failureTexts } from './diff-text.ts';
import { cell, code, fenced, LONGEST } from './markdown.ts';
import { plainScreen } from './screen.ts';
import { plural, safe } from './text.ts';

const screen = plainScreen(120);

const SIGNS: Readonly<Record<DiffStanding, string>> = {
  same: 'the same',
  different: '**different**',
  unknown: '**unknown**',
  malformed: '**in error**',
  fault: '**a fault of Holdfast**',
};

/** A comment for a pull request: a table of what is not the same, and below it every difference, with runs that unfold. */
export function diffMarkdown(diff: Diff): string {
  const others = diff.entries.filter((entry) => diffStandingOf(entry) !== 'same');
  const head = [
    `# Holdfast: ${others.length === 0 ? 'no difference' : `${plural(others.length, 'difference')}`}`,
    '',
    `${[diff.base, diff.head].map(({ name, commit }) => code(name) + (commit ? ` (${commit.slice(0, 10)})` : '')).join(' → ')}: ${diffSummary(diff.entries, screen)}.`,
    '',
    ...table(diff, others),
  ];
  let text = `${head.join('\n')}\n`;
  for (const [i, entry] of others.entries()) {
    const section = sectionText(diff, entry);
    if (text.length + section.length > LONGEST) {
      return `${text}\n${plural(others.length - i, 'difference')} more would be too long for this page.\n`;
    }
    text += section;
  }
  return text;
}

function table(diff: Diff, others: readonly DiffEntry[]): string[] {
  if (others.length === 0) return [];
  const rows = others.map((entry) => [
    cell(entryLabel(entry)),
    SIGNS[diffStandingOf(entry)],
    cell(shortOf(diff, entry).join(', ')),
  ]);
  return ['| variant | | what |', '| --- | --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)];
}

function shortOf(diff: Diff, entry: DiffEntry): string[] {
  switch (entry.kind) {
    case 'new':
    case 'gone':
      return [comeText(entry, namesOf(diff))];
    case 'compared':
      return shortTexts(entry);
    default:
      return failureTexts(entry, namesOf(diff)).slice(0, 1);
  }
}

function sectionText(diff: Diff, entry: DiffEntry): string {
  const lines = entryLines(diff, entry);
  return lines.length === 0 ? '' : `${['', `## ${code(entryLabel(entry))}`, '', ...lines].join('\n')}\n`;
}

/** What the table has not said. */
function entryLines(diff: Diff, entry: DiffEntry): string[] {
  switch (entry.kind) {
    case 'new':
    case 'gone':
      return [];
    case 'compared':
      return variantLines(diff, entry);
    default:
      return fenced(failureTexts(entry, namesOf(diff)).slice(0, -1));
  }
}

function variantLines(diff: Diff, entry: ComparedVariant): string[] {
  return sectionsOf(entry, namesOf(diff), screen).flatMap(sectionLines);
}

/** Between the tags of HTML a blank line is what makes Markdown of it again. */
function sectionLines({ title, lines }: DiffSection): string[] {
  if (lines.length === 0) return [`- ${code(title)}`];
  return [
    '',
    '<details>',
    `<summary><code>${html(title)}</code></summary>`,
    '',
    ...fenced(lines),
    '',
    '</details>',
    '',
  ];
}

const html = (text: string): string => safe(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
