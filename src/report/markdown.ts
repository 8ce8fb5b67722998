import { type Finding, findingsOf } from './findings.ts';
import { type Outcome, type Standing, standingOf } from './outcome.ts';
import { count, plural, safe } from './text.ts';

/** A page that is longer is cut: GitHub takes no summary of more than a megabyte. */
export const LONGEST = 900_000;

/** Everything that was found out as a page of Markdown: a table of the models, and below it all that is not as expected, with its run. */
export function markdownText(outcomes: readonly Outcome[], unchecked: number): string {
  const findings = outcomes.flatMap(findingsOf);
  const variants = outcomes.filter(({ kind }) => kind !== 'stale');
  const good = variants.filter((outcome) => standingOf(outcome) === 'expected').length;
  const head = [
    `# Holdfast: ${findings.length === 0 ? 'all as expected' : `${plural(findings.length, 'finding')}`}`,
    '',
    `${good} of ${plural(variants.length, 'variant')} as expected${unchecked === 0 ? '' : `, ${unchecked} not checked`}.`,
    '',
    ...table(outcomes),
  ];
  let text = `${head.join('\n')}\n`;
  for (const [i, finding] of findings.entries()) {
    const section = sectionOf(finding);
    if (text.length + section.length > LONGEST) {
      return `${text}\n${plural(findings.length - i, 'finding')} more would be too long for this page.\n`;
    }
    text += section;
  }
  return text;
}

const SIGNS: Readonly<Record<Standing, string>> = {
  expected: 'as expected',
  surprising: '**not as expected**',
  unknown: '**unknown**',
  malformed: '**in error**',
  fault: '**a fault of Holdfast**',
};

/** A row for each variant that is not as expected; one for each model whose variants all are. */
function table(outcomes: readonly Outcome[]): string[] {
  const models = Map.groupBy(outcomes, (outcome) =>
    'subject' in outcome ? `${outcome.subject.file} ${outcome.subject.model.name}` : outcome.file,
  );
  const rows = [...models.values()].flatMap((members) => {
    const [first] = members as [Outcome];
    const name = cell('subject' in first ? first.subject.model.name : first.file);
    const good = members.filter((outcome) => standingOf(outcome) === 'expected');
    const bad = members.filter((outcome) => standingOf(outcome) !== 'expected');
    return [
      ...bad.map((outcome) => [
        name,
        'subject' in outcome ? cell(outcome.subject.variant.name) : '',
        statesOf([outcome]),
        SIGNS[standingOf(outcome)],
      ]),
      ...(good.length === 0 ? [] : [[name, plural(good.length, 'variant'), statesOf(good), SIGNS.expected]]),
    ];
  });
  return [
    '| model | variant | states | |',
    '| --- | --- | ---: | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ];
}

const statesOf = (outcomes: readonly Outcome[]): string => {
  const states = outcomes.flatMap((outcome) => (outcome.kind === 'checked' ? [outcome.report.stats.states] : []));
  return states.length === 0 ? '' : count(states.reduce((sum, each) => sum + each, 0));
};

function sectionOf({ label, title, fault, lines }: Finding): string {
  return [
    '',
    `## ${code(cut(label))}`,
    '',
    code(title),
    ...(fault === undefined ? [] : ['', code(fault)]),
    ...(lines.length === 0 ? [] : ['', ...fenced(lines)]),
    '',
  ].join('\n');
}

/** Text of which nothing is markup, within a line. */
export function code(text: string): string {
  const shown = safe(text);
  const fence = '`'.repeat(longestRun(shown) + 1);
  const isBordered = shown.startsWith('`') || shown.endsWith('`') || shown === '';
  return isBordered ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** How much of a name stands in a table, or in a heading. */
const LONGEST_NAME = 300;

const cut = (text: string): string => (text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME)}…`);

/** The same in a cell of a table, which a bar would end. */
export const cell = (text: string): string => code(cut(text)).replaceAll('|', '\\|');

export function fenced(lines: readonly string[]): string[] {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}text`, ...lines.map(safe), fence];
}

const longestRun = (text: string): number =>
  [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);
