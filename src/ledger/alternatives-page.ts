import type { Audit, Side } from './evidence.ts';
import { anchor, foundIn, model as linkTo, made, page, table } from './markdown.ts';
import type { Alternative, Ledgers } from './rows.ts';

/** What an alternative does to one property, beside what another design does to it. */
interface Finding {
  readonly model: string;
  readonly property: string;
  readonly breaks: boolean;
  readonly alternative: Side;
  /** Missing where none is needed: the alternative does no harm. */
  readonly other?: Side;
  readonly note?: string | undefined;
}

/** `docs/alternatives.md`: the designs that were not taken, and what becomes of the promises in each. */
export function alternativesPage({ alternatives }: Ledgers, audit: Audit): string {
  const all = alternatives.map((row) => ({ row, findings: findingsOf(row, audit) }));
  const among = (standing: string) => all.filter((one) => standingOf(one.findings) === standing).length;
  return page(
    made('npm run docs'),
    '# Alternatives',
    `${alternatives.length} designs were discussed on the way to what the kernel does, and were not taken, or not in this form. Each is a variant of
some model. What is said of it here has been found by a search of all of that variant: ${among(standings.bad)} break what another design keeps,
${among(standings.good)} keep what another breaks, and of ${among(standings.both)} both is true, in one form or another. \`npm run holdfast -- check models/<model>.ts --variant <variant>\`
prints the run of a violation.`,
    table(
      ['', 'alternative', 'found', 'breaks', 'keeps'],
      all.map(({ row, findings }) => [
        `[${row.id}](#${anchorOf(row)})`,
        row.title,
        standingOf(findings),
        propertiesOf(findings, true),
        propertiesOf(findings, false),
      ]),
    ),
    ...all.flatMap(({ row, findings }) => [
      `## ${anchor(row.id)}${headOf(row)}`,
      row.proposed,
      `*What became of it:* ${row.instead}`,
      row.undecidable === undefined ? tableOf(findings) : `No search decides it: ${row.undecidable}.`,
    ]),
  );
}

const standings = { bad: 'unsafe', good: 'safe', both: 'depends', none: 'no question of order' } as const;

function standingOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return standings.none;
  if (findings.every(({ breaks }) => breaks)) return standings.bad;
  return findings.some(({ breaks }) => breaks) ? standings.both : standings.good;
}

function findingsOf({ id }: Alternative, { evidence, tried }: Audit): Finding[] {
  const decided = (evidence.get(id) ?? []).map(({ decision, unsafe, safe }): Finding => {
    const { model, property, note } = decision;
    const breaks = decision.alternative === 'unsafe';
    return { model, property, note, breaks, alternative: breaks ? unsafe : safe, other: breaks ? safe : unsafe };
  });
  const alone = (tried.get(id) ?? []).map(({ trial, side }): Finding => {
    const { model, property, note } = trial;
    return { model, property, note, breaks: false, alternative: side };
  });
  return [...decided, ...alone];
}

const tableOf = (findings: readonly Finding[]): string =>
  table(
    ['model', 'property', 'the alternative', 'beside it', ''],
    findings.map(({ model, property, alternative, other, note }) => [
      linkTo(model),
      `**${property}**`,
      foundIn(alternative),
      other ? foundIn(other) : '',
      note ?? '',
    ]),
  );

const propertiesOf = (findings: readonly Finding[], breaks: boolean): string =>
  [...new Set(findings.filter((one) => one.breaks === breaks).map(({ property }) => property))].join('\n');

const headOf = ({ id, title }: Alternative): string => `${id}. ${title}`;

/** As GitHub makes it of a heading. */
const anchorOf = (row: Alternative): string =>
  headOf(row)
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
