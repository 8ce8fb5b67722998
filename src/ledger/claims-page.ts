import type { Audit } from './evidence.ts';
import { made, page, row, sentenceOf, table } from './markdown.ts';
import type { Claim, Ledgers } from './rows.ts';

/** `docs/claims.md`: what was said of the protocol, row by row, and what was found. */
export function claimsPage({ claims, mails: titles }: Ledgers, { evidence }: Audit): string {
  const mails = [...Map.groupBy(claims, ({ id }) => id.split('-')[0]!)];
  const isDecided = ({ id }: Claim) => evidence.has(id);
  const isOpen = (claim: Claim) => !isDecided(claim) && claim.undecidable === undefined;
  const open = Map.groupBy(claims.filter(isOpen), ({ awaits }) => awaits ?? 'another model of the same actors');
  const differing = claims.filter(({ id }) => evidence.get(id)?.some(({ decision }) => decision.differs));
  const numbers = (rows: readonly Claim[]): string[] => [
    String(rows.length),
    String(rows.filter(isDecided).length),
    String(rows.filter(isOpen).length),
    String(rows.filter(({ undecidable }) => undecidable !== undefined).length),
  ];
  return page(
    made('npm run docs'),
    '# Claims',
    `What ${mails.length} mails claim of the protocol, in our words. A claim is decided by a model in which the verdict of one property changes between
two named variants: in one it is violated, and a run of so many steps shows how; in the other the whole space has been searched and
it holds, with a state in it that it constrains. \`npm run holdfast -- check models/<model>.ts --variant <variant>\` prints the run.`,
    table(
      ['mail', 'claims', 'decided', 'open', 'not decidable'],
      [...mails.map(([mail, rows]) => [mail, ...numbers(rows)]), ['all', ...numbers(claims)]],
    ),
    '## Open, and what they wait for',
    open.size === 0
      ? 'None.'
      : [...open]
          .map(([awaited, rows]) => `- ${awaited}: ${rows.map(({ id }) => id).join(', ')}`)
          .sort()
          .join('\n'),
    '## Decided otherwise than expected',
    differing.length === 0 ? 'None.' : `${differing.map(({ id }) => id).join(', ')}: the rows say who is right.`,
    ...mails.flatMap(([mail, rows]) => [
      `## ${titles[mail] === undefined ? mail : `${mail}: ${titles[mail]}`}`,
      table(
        ['row', 'who', 'claim', 'expected', 'found'],
        rows.map((claim) => [row(claim.id), claim.who, claim.claim, claim.expects, foundOf(claim, evidence)]),
      ),
    ]),
  );
}

function foundOf({ id, undecidable, awaits }: Claim, evidence: Audit['evidence']): string {
  const found = evidence.get(id);
  if (found) return found.map(sentenceOf).join('\n');
  if (undecidable !== undefined) return `Not decidable: ${undecidable}.`;
  return awaits ? `Open: waits for ${awaits}.` : 'Open.';
}
