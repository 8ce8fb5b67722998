import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { extname, sep } from 'node:path';
import type { ExitCode } from './exit.ts';

/** Files whose change may change a verdict. */
const WATCHED = ['.ts', '.mts', '.js', '.mjs', '.json'];
/** An editor that saves does it in several steps, and a branch that is switched in many. */
const QUIET = 100;

/**
 * Runs the command line that this process was given, without --watch, and again whenever a file below the current folder changes that
 * may belong to a model. A check that is overtaken by a change is ended.
 *
 * Each check is a process of its own: a module that was imported once cannot be imported anew.
 *
 * @returns never; who has seen enough interrupts it
 */
export function watchCommand(): Promise<ExitCode> {
  const args = [...process.execArgv, ...process.argv.slice(1).filter((arg) => arg !== '--watch')];
  let stop = (): void => {};
  let waiting: NodeJS.Timeout | undefined;
  const begin = (): void => {
    stop();
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    stop = () => void child.kill();
    child.on('close', (code) => {
      if (code !== null) process.stdout.write(`exit code ${code}; waiting for a file to change\n`);
    });
  };
  watch('.', { recursive: true }, (_, file) => {
    if (file === null || !isWatched(file)) return;
    clearTimeout(waiting);
    waiting = setTimeout(begin, QUIET);
  });
  begin();
  return new Promise(() => {});
}

/** Nothing that is installed, and nothing that is hidden. */
const isWatched = (file: string): boolean =>
  WATCHED.includes(extname(file)) && !file.split(sep).some((part) => part.startsWith('.') || part === 'node_modules');
