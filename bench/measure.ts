import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository: commands run here, so that paths are short and the same everywhere. */
export const root = resolve(import.meta.dirname, '..');

/** What cannot go on, told without a stack. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}

/** What one process took, from its start to its end. */
export interface Usage {
  /** Seconds on the clock. */
  readonly wall: number;
  /** Seconds of all its threads, in user and system mode. */
  readonly cpu: number;
  /** The peak of its resident size, in bytes. */
  readonly bytes: number;
}

export interface Ran extends Usage {
  readonly code: number;
  readonly output: string;
  readonly complaints: string;
}

/** A folder for what is compiled and measured, gone when the process ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  return folder;
}

/** Runs a command and says what it took. */
export type Stopwatch = (argv: readonly string[]) => Promise<Ran>;

/**
 * A stopwatch between this process and the measured one. Without one in between, Linux would count the size of the Node that
 * forks into the peak of what it forks.
 *
 * @throws BenchError where there is neither a C compiler to make one nor GNU time
 */
export function stopwatch(folder: string): Stopwatch {
  const prefix = ownClock(folder) ?? gnuTime();
  if (prefix === null) throw new BenchError('neither a C compiler nor GNU time is here: CPU time cannot be measured');
  let runs = 0;
  return async (argv) => {
    const file = join(folder, `usage-${runs++}`);
    const ended = await run([...prefix(file), ...argv]);
    // GNU time says first, on a line of its own, if the command has failed
    const line = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').at(-1)! : '';
    const [wall, user, system, kibibytes] = line.split(' ').map(Number);
    if (kibibytes === undefined) throw new BenchError(`${argv.join(' ')}: cannot be run`);
    return { ...ended, wall: wall!, cpu: user! + system!, bytes: kibibytes * 1024 };
  };
}

/** Runs without measuring: where only counts are asked for. */
export const withoutClock: Stopwatch = async (argv) => ({ ...(await run(argv)), wall: 0, cpu: 0, bytes: 0 });

type Prefix = (file: string) => readonly string[];

function ownClock(folder: string): Prefix | null {
  const program = join(folder, 'usage');
  const { status } = spawnSync('gcc', ['-O2', '-o', program, join(import.meta.dirname, 'usage.c')]);
  return status === 0 ? (file) => [program, file] : null;
}

function gnuTime(): Prefix | null {
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['--version'], { encoding: 'utf8' });
  const isGnu = status === 0 && /GNU/.test(stdout + stderr);
  return isGnu ? (file) => ['/usr/bin/time', '-o', file, '-f', '%e %U %S %M'] : null;
}

function run([command, ...args]: readonly string[]): Promise<Pick<Ran, 'code' | 'output' | 'complaints'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(command!, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    child.once('error', (error) => reject(new BenchError(`${command}: ${error.message}`)));
    child.once('close', (code, signal) => resolve({ code: code ?? (signal === null ? 1 : 128), output, complaints }));
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** Of several runs of one command the medians, each figure by itself. */
export const medians = (runs: readonly Usage[]): Usage => ({
  wall: median(runs.map(({ wall }) => wall)),
  cpu: median(runs.map(({ cpu }) => cpu)),
  bytes: median(runs.map(({ bytes }) => bytes)),
});
