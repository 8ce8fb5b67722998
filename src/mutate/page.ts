import { code, made, page, table } from '../ledger/markdown.ts';
import type { Survivor } from '../ledger/rows.ts';
import type { Fate, Hunt, Hunted } from './hunt.ts';

/** The share of mutants that has to be caught. */
const BAR = 0.9;

const is =
  <K extends Fate['kind']>(kind: K) =>
  ({ fate }: Hunted): boolean =>
    fate.kind === kind;

export interface Score {
  readonly counted: number;
  readonly caught: number;
  readonly share: number;
}

/** Idle mutants are none, and what the checker refuses says nothing of the properties. */
export function scoreOf(hunted: readonly Hunted[]): Score {
  const caught = hunted.filter(is('caught')).length;
  const counted = caught + hunted.filter(is('survived')).length;
  return { counted, caught, share: counted === 0 ? 1 : caught / counted };
}

/** What is wrong: survivors that nobody explains, and explanations of what does not survive. */
export function problemsOf({ hunted }: Hunt, survivors: readonly Survivor[]): string[] {
  const explained = new Set(survivors.flatMap(({ mutants }) => mutants));
  const surviving = hunted.filter(is('survived')).map(({ mutant }) => mutant.name);
  const { share } = scoreOf(hunted);
  return [
    ...surviving.filter((name) => !explained.has(name)).map((name) => `survives, and nobody says why: ${name}`),
    ...[...explained]
      .filter((name) => !surviving.includes(name))
      .map((name) => `is explained, and does not survive: ${name}`),
    ...(share < BAR ? [`${percent(share)} of the mutants are caught, and it should be ${percent(BAR)}`] : []),
  ];
}

/** `docs/mutation.md`. */
export function mutationPage({ models, hunted }: Hunt, survivors: readonly Survivor[]): string {
  const { counted, caught, share } = scoreOf(hunted);
  const left = hunted.filter(is('survived'));
  return page(
    made('npm run mutate'),
    '# Mutation',
    `What would the properties say of a design that is wrong in one place? Every machine is changed in one place at a time, and each
mutant is run in the \`repaired\` variants of every model that the machine takes part in, until some property turns violated, unreached
or vacuous. A changed number of states is no catch. Of a model that has nothing to repair (\`teardown-order\`, \`probe-order\`) it is the
variant in which everything holds; variants of more than 20,000 states, those of the world among them, are left out.`,
    `**${caught} of ${counted} mutants are caught, ${percent(share)}.** Variants, in the order in which they are asked: ${models.map(code).join(', ')}.`,
    numbers('what is changed', hunted, ({ mutant }) => mutant.kind),
    numbers('machine', hunted, ({ mutant }) => mutant.machine),
    `*Idle* are mutants that cannot be told from the original in any of these models. The runs of the original show it of a guard that
is never false where it is asked, of a transition that is never taken there (other variants take it), and of a wait that is over
whenever it begins; a run in lockstep with the original shows it of what a machine remembers and nobody asks; and a call in place of a
meeting, of which nobody was unready, is the same. They are not counted. *Refused* are those that the checker does not explore.`,
    '## Which properties catch them',
    table(
      ['property', 'caught'],
      ranked(hunted.flatMap(({ fate }) => (fate.kind === 'caught' ? [fate.property] : []))),
    ),
    '## Survivors',
    left.length === 0 ? 'None.' : explanations(left, survivors),
    '## All mutants',
    table(
      ['mutant', 'model', 'property', ''],
      hunted.filter(is('caught')).map(({ mutant, fate }) => [code(mutant.name), ...evidence(fate)]),
    ),
    '## Not counted',
    table(
      ['mutant', 'why'],
      hunted.flatMap(({ mutant, fate }) => ('why' in fate ? [[code(mutant.name), `${fate.kind}: ${fate.why}`]] : [])),
    ),
  );
}

function numbers(head: string, hunted: readonly Hunted[], by: (hunted: Hunted) => string): string {
  const groups = [...Map.groupBy(hunted, by), ['all', hunted] as const];
  return table(
    [head, 'caught', 'survived', 'idle', 'refused'],
    groups.map(([name, group]) => [
      name,
      ...(['caught', 'survived', 'idle', 'refused'] as const).map((kind) => String(group.filter(is(kind)).length)),
    ]),
  );
}

function explanations(left: readonly Hunted[], survivors: readonly Survivor[]): string {
  const named = new Map(left.map((one) => [one.mutant.name, one]));
  const explained = survivors
    .map(({ mutants, why }) => ({ mutants: mutants.filter((name) => named.has(name)), why }))
    .filter(({ mutants }) => mutants.length > 0);
  const known = new Set(explained.flatMap(({ mutants }) => mutants));
  const unknown = [...named.keys()].filter((name) => !known.has(name));
  const listed = (mutants: readonly string[]) => mutants.map((name) => `- ${code(name)}${stopped(named.get(name)!)}`);
  return [
    ...explained.map(({ mutants, why }) => [why, '', ...listed(mutants)].join('\n')),
    ...(unknown.length > 0 ? [['Not explained yet:', '', ...listed(unknown)].join('\n')] : []),
  ].join('\n\n');
}

const stopped = ({ fate }: Hunted): string =>
  fate.kind === 'survived' && fate.unfinished.length > 0
    ? ` (not searched to the end: ${fate.unfinished.join(', ')})`
    : '';

function evidence(fate: Fate): string[] {
  if (fate.kind !== 'caught') return [];
  return [code(fate.model), fate.property, `${fate.verdict}${fate.steps === undefined ? '' : ` ${fate.steps}`}`];
}

const ranked = (names: readonly string[]): string[][] =>
  [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => [name, all.length] as const)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, n]) => [name, String(n)]);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
