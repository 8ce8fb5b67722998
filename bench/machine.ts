import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { versionOf as holdfastVersion } from '../src/cli/version.ts';
import { root } from './measure.ts';
import { type Peer, versionOf } from './peers.ts';

/** Where and with what something was measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly bytes: number;
  readonly system: string;
  /** Processes that wanted a core in the minute before: what is measured on a busy machine says little. */
  readonly load: number;
  /** Programs and their versions. */
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
}

export function machineOf(peers: readonly Peer[]): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    bytes: totalmem(),
    system: `${type()} ${release()}`,
    load: loadavg()[0]!,
    versions: {
      Holdfast: holdfastVersion(),
      Node: process.versions.node,
      ...Object.fromEntries(peers.map(({ name, version }) => [name, version])),
      ...(peers.length > 0 && { gcc: versionOf('gcc', '--version')! }),
    },
    commit: commit(),
  };
}

/** With a `+` where files have been changed since. */
function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
    const isClean = git('status', '--porcelain', '--untracked-files=no') === '';
    return `${git('rev-parse', '--short', 'HEAD')}${isClean ? '' : '+'}`;
  } catch {
    return 'unknown'; // not a checkout
  }
}
