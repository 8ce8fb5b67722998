import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Exited extends Ended {
  readonly signal: string | null;
}

interface More {
  readonly cwd?: string;
  readonly env?: object;
  /** After so many milliseconds Ctrl-C is pressed. */
  readonly until?: number;
  /** Whoever reads what it prints goes away after the first of it. */
  readonly deaf?: boolean;
}

const { NO_COLOR: _, FORCE_COLOR: __, GITHUB_STEP_SUMMARY: ___, ...environment } = process.env;

/** Runs a script of this repository in a process of its own. */
export function node(args: readonly string[], more: More = {}): Promise<Exited> {
  const child = spawn(process.execPath, args, {
    cwd: more.cwd ?? process.cwd(),
    env: { ...environment, ...more.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  }) as [() => string, () => string];
  if (more.deaf) child.stdout.once('data', () => child.stdout.destroy());
  if (more.until !== undefined) setTimeout(() => child.kill('SIGINT'), more.until);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out: out(), err: err() }));
  });
}

/** Runs `holdfast` as a user does. */
export const holdfast = (args: readonly string[], more: More = {}): Promise<Exited> =>
  node([join(process.cwd(), 'src/main.ts'), ...args], more);
