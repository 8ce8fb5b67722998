import type { Found, Simulation } from '../explore/simulate/simulate.ts';
import type { ActorCoverage } from '../explore/verdict.ts';
import { type Cell, columns } from './columns.ts';
import { coverageLines } from './coverage.ts';
import { expectedOf, type Failed, type Subject, type Unloadable } from './outcome.ts';
import { runLines } from './run.ts';
import type { Screen } from './screen.ts';
import { count, listed, plural, quoted, safe, shellWord } from './text.ts';
import { whyLines } from './why.ts';
import { labelOf } from './words.ts';

const INDENT = 3;
/** How many transitions are named that were not seen. */
const NAMED = 5;

/** How it is to be simulated, and told. */
export interface Asked {
  readonly seed: number;
  /** How many; it may be infinity, where there is a time. */
  readonly runs: number;
  readonly depth: number;
  /** Only these; all where none is named. */
  readonly properties: readonly string[];
  /** How long, for each variant. */
  readonly milliseconds?: number;
  /** All of the coverage, transition by transition. */
  readonly whole: boolean;
}

/** A variant of which random runs were taken. */
export interface Simulated {
  readonly kind: 'simulated';
  readonly subject: Subject;
  readonly simulation: Simulation;
  /** Whether its runs ended since somebody interrupted them, and not since the time was up. */
  readonly isInterrupted: boolean;
}

export type Tried = Simulated | Failed | Unloadable;

/** What random runs have found of one variant: the violations with their runs, and how much was seen. Nothing holds by this. */
export function simulationText(simulated: Simulated, asked: Asked, screen: Screen): string {
  const { subject, simulation } = simulated;
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
    ...columns([...stoppedRow(simulated, asked), ...factRows(simulation)], INDENT, screen),
    ...(asked.whole ? ['', ...coverageLines({ coverage } as Parameters<typeof coverageLines>[0], screen)] : []),
    ...violations.flatMap((found) => ['', ...violationLines(subject, found, asked, screen)]),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const row = (head: string, text: string): Cell[] => [[{ text: head, tone: 'faint' }], [{ text }]];

function stoppedRow({ simulation, isInterrupted }: Simulated, { runs, milliseconds = 0 }: Asked): Cell[][] {
  if (!simulation.isCut) return [];
  const why = isInterrupted ? 'interrupted' : `--max-time ${milliseconds / 1000}s reached`;
  const of = Number.isFinite(runs) ? ` of ${count(runs)}` : '';
  return [row('stopped', `${why} in run ${count(simulation.stats.runs)}${of}`)];
}

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
  return not.length === 0
    ? text
    : `${text}; not seen: ${listed(not, NAMED)}${not.length > NAMED ? ' (all with --coverage)' : ''}`;
}

function violationLines(
  { variant, model, file, args }: Subject,
  { at, run, ...found }: Found,
  { seed, depth }: Asked,
  screen: Screen,
): string[] {
  const { property } = found;
  const verdict = { ...found, kind: 'violated', steps: run.steps.length, run } as const;
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
    '--property',
    property,
  ];
  return [
    ...runLines(run, [verdict], screen),
    ...whyLines([verdict], run, screen),
    '',
    screen.paint(isExpected ? 'strong' : 'bad', said),
    `   reproduce: ${again.map(shellWord).join(' ')}`,
  ];
}
