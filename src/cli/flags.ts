import type { Shard } from '../report/jsonl.ts';
import type { Wish } from './reporters.ts';

/** The options of `holdfast check`, parsed. */
export interface CheckFlags {
  readonly variant: readonly string[];
  readonly property: readonly string[];
  readonly option: readonly (readonly [option: string, value: string])[];
  readonly maxStates?: number;
  readonly maxDepth?: number;
  readonly maxTime?: number;
  readonly maxMemory?: number;
  /** A folder to keep the search in, so that it can be gone on with where it was interrupted or killed. */
  readonly checkpoint?: string;
  /** Milliseconds between two checkpoints, at least. */
  readonly checkpointEvery?: number;
  /** A folder with a checkpoint to go on with, and to go on keeping the search in. */
  readonly resume?: string;
  /** Threads that search a large state space together. */
  readonly workers?: number;
  readonly bail?: boolean;
  /** Check again whenever a file changes. */
  readonly watch?: boolean;
  readonly approximate?: boolean;
  /** Write what is measured into the files of figures, instead of comparing with them. */
  readonly update?: boolean;
  readonly runs?: boolean;
  /** Who is told what was found, and where. */
  readonly reporter?: readonly Wish[];
  /** The part of all variants that is checked. */
  readonly shard?: Shard;
  /** A folder to write the runs of all violations to. */
  readonly saveRuns?: string;
  readonly stats?: boolean;
  readonly coverage?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  /** The file for the report as a page. */
  readonly html?: string;
  /** An earlier report that the page is compared with. */
  readonly baseline?: string;
  readonly color: boolean;
}

/** The limits given, to be repeated in the line that reproduces a run: without them that would take longer, or more memory. */
export function limitArgs({ approximate, maxStates, maxDepth, maxTime, maxMemory }: CheckFlags): string[] {
  return [
    ...(approximate ? ['--approximate'] : []),
    ...(maxStates === undefined ? [] : ['--max-states', String(maxStates)]),
    ...(maxDepth === undefined ? [] : ['--max-depth', String(maxDepth)]),
    ...(maxTime === undefined ? [] : ['--max-time', `${maxTime}ms`]),
    ...(maxMemory === undefined ? [] : ['--max-memory', `${Math.ceil(maxMemory / 2 ** 20)}m`]),
  ];
}

/** What was asked for on the command line, apart from how it was to be told. */
export const checkArgs = (flags: CheckFlags): string[] => [
  ...flags.variant.flatMap((name) => ['--variant', name]),
  ...flags.property.flatMap((name) => ['--property', name]),
  ...flags.option.flatMap(([option, value]) => ['--option', `${option}=${value}`]),
  ...limitArgs(flags),
  ...(flags.bail ? ['--bail'] : []),
];
