import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Simulating, simulate } from '../explore/simulate/simulate.ts';
import { expectedOf, type Subject } from '../report/outcome.ts';
import { type Screen, screenOf } from '../report/screen.ts';
import { simulationText } from '../report/simulation.ts';
import { outcomeText } from '../report/terminal.ts';
import { failureOf } from './attempt.ts';
import { type ExitCode, worst } from './exit.ts';
import { load } from './load.ts';
import { select } from './select.ts';

/** The options of `holdfast simulate`, parsed. */
export interface SimulateFlags {
  readonly variant: readonly string[];
  readonly option: readonly (readonly [option: string, value: string])[];
  readonly seed?: number;
  readonly runs: number;
  readonly depth: number;
  readonly coverage?: boolean;
  readonly color: boolean;
}

/**
 * Takes random runs of the variants asked for and prints what they come across. There is no exit code for success: what was not found may
 * still be there, so that the best is 3, and a violation that nobody expects makes it 1.
 */
export async function simulateCommand(paths: readonly string[], flags: SimulateFlags): Promise<ExitCode> {
  const { loaded, unloadable } = await load(paths, 'simulate');
  const subjects = select(loaded, { variants: flags.variant, options: flags.option, properties: [] });
  const screen = screenOf(process.stdout, flags.color);
  const shrink = await shrinker();
  const seed = flags.seed ?? 1 + Math.floor(Math.random() * 1e9);
  const exits: ExitCode[] = unloadable.map(() => 4);
  for (const outcome of unloadable) process.stdout.write(`${outcomeText(outcome, plainly, screen)}\n`);
  for (const subject of subjects) {
    exits.push(tried(subject, { ...flags, seed }, shrink, screen));
    await nextTurn(); // a reader that has gone away is noticed between two variants
  }
  if (shrink === undefined)
    process.stdout.write('fast-check is not installed: runs are shortened, and not shrunk before\n');
  return worst(exits);
}

const plainly = { labels: 0, detail: false, runs: false, witnesses: new Set<string>() };

function tried(
  subject: Subject,
  { seed, runs, depth, coverage = false }: SimulateFlags & { readonly seed: number },
  shrink: Simulating['shrink'],
  screen: Screen,
): ExitCode {
  try {
    const simulation = simulate(subject.model, subject.variant, { seed, runs, depth, ...(shrink && { shrink }) });
    process.stdout.write(`${simulationText(subject, simulation, { seed, runs, depth, whole: coverage }, screen)}\n`);
    const isNews = simulation.violations.some(({ property }) => expectedOf(subject.variant, property) !== 'violated');
    return isNews ? 1 : 3;
  } catch (error) {
    const failure = failureOf(error);
    process.stdout.write(`${outcomeText({ kind: 'failed', subject, ...failure }, plainly, screen)}\n`);
    return failure.fault === 'ours' ? 5 : 4;
  }
}

/** fast-check is there only for those who have installed it. */
async function shrinker(): Promise<Simulating['shrink']> {
  try {
    return (await import('../fast-check/labels.ts')).shrink;
  } catch {
    return undefined;
  }
}
