import type { Audit } from './evidence.ts';
import { made, page, row, sentenceOf, table } from './markdown.ts';
import type { Bug, Hazard, Ledgers } from './rows.ts';

/** `docs/bugs.md`: bugs that were fixed, each beside its fix; hazards that P6 has, or has not. */
export function bugsPage({ bugs, hazards }: Ledgers, { evidence }: Audit): string {
  const decided = (rows: readonly (Bug | Hazard)[]) => rows.filter(({ id }) => evidence.has(id)).length;
  const outcomes = hazards.map((hazard) => outcomeOf(hazard, evidence));
  const among = (outcome: string) => outcomes.filter((each) => each === outcome).length;
  return page(
    made('npm run docs'),
    '# Bugs and hazards',
    `A bug is shown by two variants: the one that has it violates an invariant, the one that is fixed keeps it, and not for want of
anything to constrain. Rules are the fixes, said without the code. ${decided(bugs)} of ${bugs.length} bugs are shown.`,
    table(
      ['row', 'bug', 'rule', 'breaks', 'found'],
      bugs.map((bug) => [row(bug.id), bug.title, bug.rule, bug.breaks.join(', '), foundOf(bug, evidence)]),
    ),
    '## Hazards of v7.1',
    `Read off the source, confirmed by nobody: a model finds the run in P6, or searches all of it and refutes the hazard.
${among('found')} are found, ${among('refuted')} refuted, ${among('open')} of ${hazards.length} open.`,
    table(
      ['row', 'hazard', 'in P6', 'rule', 'breaks', 'found'],
      hazards.map((hazard, i) => [
        row(hazard.id),
        hazard.title,
        outcomes[i]!,
        hazard.rule,
        hazard.breaks.join(', '),
        foundOf(hazard, evidence),
      ]),
    ),
  );
}

/** A hazard that one model finds and another refutes has been found. */
function outcomeOf({ id }: Hazard, evidence: Audit['evidence']): 'found' | 'refuted' | 'open' {
  const found = evidence.get(id);
  if (!found) return 'open';
  return found.every(({ decision }) => decision.hazard === 'refuted') ? 'refuted' : 'found';
}

function foundOf({ id, awaits }: Bug | Hazard, evidence: Audit['evidence']): string {
  const found = evidence.get(id);
  if (found) return found.map(sentenceOf).join('\n');
  return awaits ? `Open: waits for ${awaits}.` : 'Open.';
}
