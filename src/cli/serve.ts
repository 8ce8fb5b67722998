import type { AddressInfo } from 'node:net';
import { baselineIn } from './baseline.ts';
import { checkAll } from './check.ts';
import type { ExitCode } from './exit.ts';
import { type CheckFlags, checkArgs } from './flags.ts';
import { checkTemplate, gathered } from './html.ts';
import { LOOPBACK, server } from './server.ts';
import { UsageError } from './usage-error.ts';

/** The options of `holdfast serve`, parsed: those that say what is checked, and where to listen. */
export interface ServeFlags extends CheckFlags {
  readonly port: number;
}

/**
 * Checks, and then serves the report until it is interrupted: every state can be gone on from, not only those that a file
 * has room for.
 *
 * @returns where there is nothing to serve
 */
export async function serveCommand(paths: readonly string[], flags: ServeFlags, version: string): Promise<ExitCode> {
  checkTemplate();
  const baseline = flags.baseline === undefined ? undefined : baselineIn(flags.baseline, true);
  const { outcomes, exit, unchecked } = await checkAll(paths, flags, version, true);
  if (!outcomes.some(({ kind }) => kind === 'checked')) return exit;
  const args = ['serve', ...paths, ...checkArgs(flags)];
  const found = await gathered(outcomes, { version, args, exit, unchecked: unchecked.length, baseline }, 0);
  const listening = server(found);
  await new Promise<void>((resolve, reject) => {
    listening.once('error', (error) => reject(notListening(flags.port, error)));
    listening.listen(flags.port, LOOPBACK, resolve);
  });
  const { port } = listening.address() as AddressInfo;
  process.stdout.write(`\nserving http://${LOOPBACK}:${port}/ to this machine alone, until interrupted\n`);
  return new Promise(() => {});
}

const notListening = (port: number, error: Error): UsageError =>
  new UsageError(`port ${port} cannot be listened at`, {
    code: 'E-PORT',
    where: '--port',
    why: error.message,
    instead: 'another port, or none: then one that is free is taken',
  });
