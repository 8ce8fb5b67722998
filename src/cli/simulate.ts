import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Simulating, type Simulation, simulating } from '../explore/simulate/simulate.ts';
import { expectedOf, type Subject } from '../report/outcome.ts';
import { simulationTickerOf } from '../report/progress.ts';
import { type Screen, screenOf } from '../report/screen.ts';
import { type Asked, simulationText, type Tried } from '../report/simulation.ts';
import { simulationJson } from '../report/simulation-json.ts';
import { outcomeText } from '../report/terminal.ts';
import { plural } from '../report/text.ts';
import { labelOf } from '../report/words.ts';
import { failureOf } from './attempt.ts';
import { type ExitCode, worst } from './exit.ts';
import { load } from './load.ts';
import { claiming, propertiesOf } from './properties.ts';
import { select } from './select.ts';
import { listen, type Signals } from './signals.ts';

/** The options of `holdfast simulate`, parsed. */
export interface SimulateFlags {
  readonly variant: readonly string[];
  readonly property: readonly string[];
  readonly option: readonly (readonly [option: string, value: string])[];
  readonly seed?: number;
  readonly runs?: number;
  readonly depth: number;
  /** Milliseconds for each variant. */
  readonly maxTime?: number;
  readonly coverage?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
}

/** How many runs are taken of a variant where neither their number nor a time is given. */
const usualRuns = 1_000;
/** How often the process looks up from its runs, in milliseconds. */
const turnEvery = 20;

/**
 * Takes random runs of the variants asked for and prints what they come across. There is no exit code for success: what was not found may
 * still be there, so that the best is 3, and a violation that nobody expects makes it 1. Whoever is interrupted says what was found so far.
 */
export async function simulateCommand(
  paths: readonly string[],
  flags: SimulateFlags,
  version: string,
): Promise<ExitCode> {
  const { loaded, unloadable } = await load(paths, 'simulate');
  const wanted = { variants: flags.variant, options: flags.option, properties: flags.property };
  const subjects = claiming(select(loaded, wanted), flags.property);
  const asked: Asked = {
    seed: flags.seed ?? 1 + Math.floor(Math.random() * 1e9),
    runs: flags.runs ?? (flags.maxTime === undefined ? usualRuns : Number.POSITIVE_INFINITY),
    depth: flags.depth,
    properties: flags.property,
    whole: flags.coverage === true,
    ...(flags.maxTime !== undefined && { milliseconds: flags.maxTime }),
  };
  const shrink = await shrinker();
  const tried: Tried[] = [...unloadable];
  const screen = screenOf(process.stdout, flags.color);
  const print = (one: Tried): void => {
    if (!flags.json) process.stdout.write(`${triedText(one, asked, screen)}\n`);
  };
  for (const one of tried) print(one);

  const walker = walkerOf(asked, shrink);
  for (const subject of subjects) {
    const one = await walker.try(subject);
    tried.push(one);
    print(one);
    if (walker.isInterrupted()) break;
    await nextTurn(); // a reader that has gone away is noticed between two variants
  }

  const left = subjects.length - (tried.length - unloadable.length);
  const isInterrupted = walker.isInterrupted();
  walker.end();
  const exit = isInterrupted ? 130 : worst(tried.map(exitOf));
  if (flags.json) {
    const end = { version, exit, isShrunk: shrink !== undefined, untried: left };
    process.stdout.write(`${simulationJson(tried, asked, end)}\n`);
  } else if (shrink === undefined) {
    process.stdout.write('fast-check is not installed: runs are shortened, and not shrunk before\n');
  }
  if (isInterrupted) {
    const rest = left === 0 ? '' : `, and ${plural(left, 'variant')} not begun`;
    process.stderr.write(`holdfast: interrupted; what was found so far is told${rest}\n`);
  }
  return exit;
}

/** Takes the runs of one variant after the other, and looks up from time to time whether it should stop. */
function walkerOf(asked: Asked, shrink: Simulating['shrink']) {
  const signals = listen();
  const ticker = simulationTickerOf(process.stderr, asked.runs, () => performance.now());
  return {
    isInterrupted: signals.came,
    end: signals.ignore,
    async try(subject: Subject): Promise<Tried> {
      ticker.begin(labelOf(subject));
      try {
        const simulation = await walked(subject, asked, shrink, signals, ticker.tell);
        return { kind: 'simulated', subject, simulation, isInterrupted: simulation.isCut && signals.came() };
      } catch (error) {
        return { kind: 'failed', subject, ...failureOf(error) };
      } finally {
        ticker.clear();
      }
    },
  };
}

async function walked(
  subject: Subject,
  { seed, runs, depth, properties: names, milliseconds = Number.POSITIVE_INFINITY }: Asked,
  shrink: Simulating['shrink'],
  signals: Signals,
  tell: ReturnType<typeof simulationTickerOf>['tell'],
): Promise<Simulation> {
  const deadline = performance.now() + milliseconds;
  const enough = (): boolean => signals.came() || performance.now() >= deadline;
  const known = names.length === 0 ? [] : propertiesOf(subject);
  const properties = names.filter((name) => known.includes(name));
  const settings = { seed, runs, depth, properties, explain: true, enough, ...(shrink && { shrink }) };
  const sightings = simulating(subject.model, subject.variant, settings);
  let turn = performance.now();
  for (;;) {
    const next = sightings.next();
    if (next.done) return next.value;
    tell(next.value);
    if (performance.now() < turn + turnEvery) continue;
    await nextTurn();
    turn = performance.now();
  }
}

const plainly = { labels: 0, detail: false, runs: false, witnesses: new Set<string>() };

const triedText = (tried: Tried, asked: Asked, screen: Screen): string =>
  tried.kind === 'simulated' ? simulationText(tried, asked, screen) : outcomeText(tried, plainly, screen);

function exitOf(tried: Tried): ExitCode {
  if (tried.kind === 'unloadable') return 4;
  if (tried.kind === 'failed') return tried.fault === 'ours' ? 5 : 4;
  const { subject, simulation } = tried;
  const isNews = simulation.violations.some(({ property }) => expectedOf(subject.variant, property) !== 'violated');
  return isNews ? 1 : 3;
}

/** fast-check is there only for those who have installed it. */
async function shrinker(): Promise<Simulating['shrink']> {
  try {
    return (await import('../fast-check/labels.ts')).shrink;
  } catch {
    return undefined;
  }
}
