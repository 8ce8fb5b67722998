import { spawnSync } from 'node:child_process';
import type { Subject } from './cases.ts';
import { BenchError, type Ran, root } from './measure.ts';

/** What a search has counted. */
export interface Count {
  readonly states: number;
  readonly transitions: number;
}

/** A command that searches all of one model, and how its answer is read. */
export interface Search {
  readonly argv: readonly string[];
  /** @throws BenchError where it is no answer: the search has failed, or found what it should not */
  readonly read: (ran: Ran) => Count;
}

const holdfast = (...args: readonly string[]): readonly string[] => [process.execPath, 'bin/holdfast.js', ...args];

/**
 * Holdfast as its users run it: the command line, with Node's start-up, the loading of the model, all properties and a
 * counterexample for those that are violated. It ends with 0 only where every verdict and every count is as the model says.
 */
export function searchOf({ file, variant }: Subject, args: readonly string[] = []): Search {
  const argv = holdfast('check', file, '--variant', variant, '--json', ...args);
  return {
    argv,
    read: ({ code, output, complaints }) => {
      if (code !== 0) throw new BenchError(`${variant}: holdfast ended with ${code}\n${reasons(output) ?? complaints}`);
      const { states, transitions } = (JSON.parse(output) as Document).models[0]!.variants[0]!.stats;
      return { states, transitions };
    },
  };
}

/** `npm run check`: the verdicts of all shipped models. */
export const everything: readonly string[] = holdfast('check', '--quiet');

/** Whether `holdfast check` has an option. */
export function hasOption(option: string): boolean {
  const [command, ...args] = holdfast('check', '--help');
  return spawnSync(command!, args, { cwd: root, encoding: 'utf8' }).stdout.includes(option);
}

/** Of the document of `--json` what is read here. */
interface Document {
  readonly models: readonly {
    readonly variants: readonly {
      readonly stats: Count;
      readonly limit?: unknown;
      readonly surprises: readonly unknown[];
    }[];
  }[];
  readonly errors: readonly { readonly message: string }[];
}

function reasons(output: string): string | undefined {
  try {
    const { models, errors } = JSON.parse(output) as Document;
    const { surprises, limit } = models[0]?.variants[0] ?? {};
    return [...errors.map(({ message }) => message), JSON.stringify({ surprises, limit })].join('\n');
  } catch {
    return undefined; // it has not come as far as a document
  }
}
