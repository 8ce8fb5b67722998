import type { Simulation } from '../explore/simulate/simulate.ts';
import type { ActorCoverage } from '../explore/verdict.ts';
import { type Cell, columns } from './columns.ts';
import { coverageLines } from './coverage.ts';
import { expectedOf, type Subject } from './outcome.ts';
import { runLines } from './run.ts';
import type { Screen } from './screen.ts';
import { count, listed, plural, quoted, safe, shellWord } from './text.ts';
import { labelOf } from './words.ts';

const INDENT = 3;
/** How many transitions are named that were not seen. */
const NAMED = 5;

/** How it was simulated. */
export interface Asked {
  readonly seed: number;
  readonly runs: number;
  readonly depth: number;
  /** All of the coverage, transition by transition. */
  readonly whole: boolean;
}

/** What random runs have found of one variant: the violations with their runs, and how much was seen. Nothing holds by this. */
export function simulationText(subject: Subject, simulation: Simulation, asked: Asked, screen: Screen): string {
  const { violations, stats, coverage } = simulation;
  const unexpected = violations.filter(({ property }) => expectedOf(subject.variant, property) !== 'violated');
  const [sign, tone] = unexpected.length > 0 ? (['✗', 'bad'] as const) : (['?', 'doubt'] as const);
  const figures = [
    `${plural(stats.runs, 'run')} of up to ${plural(stats.longest, 'step')}`,
    `${plural(stats.states, 'state')} visited`,
    `${plural(stats.looked, 'step')} looked at`,
    `seed ${asked.seed}`,
  ].join('  ');
  const lines = [
    ` ${screen.paint(tone, sign)} ${labelOf(subject)}  ${screen.paint('faint', figures)}`,
    ...columns(factRows(simulation), INDENT, screen),
    ...(asked.whole ? ['', ...coverageLines({ coverage } as Parameters<typeof coverageLines>[0], screen)] : []),
    ...violations.flatMap((found) => ['', ...violationLines(subject, found, asked, screen)]),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const row = (head: string, text: string): Cell[] => [[{ text: head, tone: 'faint' }], [{ text }]];

function factRows({ reached, unknown, coverage }: Simulation): Cell[][] {
  return [
    ...(reached.length === 0 ? [] : [row('reached', reached.map(safe).join(', '))]),
    ...(unknown.length === 0 ? [] : [row('unknown', `${unknown.map(safe).join(', ')}: random runs prove nothing`)]),
    row('seen', seenText(coverage)),
  ];
}

function seenText(coverage: readonly ActorCoverage[]): string {
  const all = coverage.flatMap(({ actor, transitions }) =>
    transitions.map(({ transition, locals }) => ({ name: safe(`${actor}: ${transition}`), isSeen: locals > 0 })),
  );
  const not = all.filter(({ isSeen }) => !isSeen).map(({ name }) => name);
  const text = `${count(all.length - not.length)} of ${plural(all.length, 'transition')}`;
  return not.length === 0 ? text : `${text}; not seen: ${listed(not, NAMED)}`;
}

function violationLines(
  { variant, model, file, args }: Subject,
  { property, of, at, run }: Simulation['violations'][number],
  { seed, depth }: Asked,
  screen: Screen,
): string[] {
  const expected = expectedOf(variant, property);
  const length = run.steps.length;
  const after = length === 0 ? 'in the initial state' : `after ${plural(length, 'step')}`;
  const was = at.steps > length ? `, found in run ${at.run} after ${count(at.steps)}` : `, found in run ${at.run}`;
  const isExpected = expected === 'violated';
  const said = `   ${labelOf({ model, variant, file, args })}: ${quoted(property)} violated ${after}${was}, ${isExpected ? 'as expected' : `expected ${expected}`}`;
  const again = [
    'holdfast',
    'simulate',
    ...args,
    '--seed',
    String(seed),
    '--runs',
    String(at.run),
    '--depth',
    String(depth),
  ];
  return [
    ...runLines(run, [{ property, of, kind: 'violated', run }], screen),
    '',
    screen.paint(isExpected ? 'strong' : 'bad', said),
    `   reproduce: ${again.map(shellWord).join(' ')}`,
  ];
}
