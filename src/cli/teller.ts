import { widthOf } from '../report/columns.ts';
import { jsonText } from '../report/json.ts';
import type { Shard } from '../report/jsonl.ts';
import { type Outcome, type Subject, standingOf } from '../report/outcome.ts';
import type { Screen } from '../report/screen.ts';
import { summaryText } from '../report/summary.ts';
import { type Manner, outcomeText } from '../report/terminal.ts';
import { plural, safe, shellWord } from '../report/text.ts';
import { labelOf } from '../report/words.ts';
import type { ExitCode } from './exit.ts';
import type { CheckFlags } from './flags.ts';
import type { LeftOut } from './select.ts';

/** What the report is told to, as it comes about. */
export interface Teller {
  tell(outcome: Outcome): void;
  end(outcomes: readonly Outcome[], unchecked: readonly Subject[], exit: ExitCode, besides: Besides): void;
}

/** What of the options decides how much is printed. */
export type PrintFlags = Pick<CheckFlags, 'color' | 'json' | 'property' | 'quiet' | 'runs' | 'verbose'>;

/** What was found at the paths and is not checked. */
export interface Besides {
  /** Files of folders that export no model. */
  readonly shared: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** Which part of how many variants this is. */
  readonly shard?: Shard & { readonly of: number };
  /** What of the figures beside the models is other than before, where they are measured anew. */
  readonly updated?: readonly string[];
  /** Files of runs that were saved; absent where nobody asked for them. */
  readonly saved?: readonly string[];
}

/** Tells of each outcome as it comes, and sums up. */
export function terminalTeller(
  subjects: readonly Subject[],
  flags: PrintFlags,
  { screen, write }: { readonly screen: Screen; readonly write: (text: string) => void },
): Teller {
  const isSingle = subjects.length === 1;
  const manner: Manner = {
    labels: Math.max(0, ...subjects.map((subject) => widthOf(labelOf(subject)))),
    detail: isSingle || flags.verbose === true,
    runs: isSingle || flags.runs === true,
    witnesses: new Set(flags.runs ? flags.property : []),
    whole: flags.verbose === true,
    picked: flags.property.length > 0,
  };
  const told: string[] = [];
  let isApart = flags.quiet === true;
  return {
    tell(outcome) {
      if (flags.quiet && standingOf(outcome) === 'expected') return;
      const text = outcomeText(shortened(outcome, told), manner, screen);
      write(`${text}\n`);
      isApart = text.endsWith('\n');
    },
    end(outcomes, unchecked, _exit, besides) {
      const lines = [
        ...shardLines(besides.shard, subjects.length),
        ...sharedLines(besides.shared, flags.verbose === true),
        ...leftOutLines(besides.leftOut, flags.verbose === true),
        ...savedLines(besides.saved),
        ...(besides.updated ?? []),
        summaryText(outcomes, unchecked, screen),
      ];
      write(`${isApart ? '' : '\n'}${lines.join('\n')}\n`);
    },
  };
}

const shardLines = (shard: Besides['shard'], mine: number): string[] =>
  shard === undefined ? [] : [`shard ${shard.index} of ${shard.count}: ${mine} of ${plural(shard.of, 'variant')}`];

function sharedLines(shared: readonly string[], isWhole: boolean): string[] {
  if (shared.length === 0) return [];
  const said = shared.length === 1 ? 'is no model' : 'are no models';
  const names = isWhole ? `: ${shared.map(safe).join(', ')}` : '';
  return [`${plural(shared.length, 'file')} without a default export ${said}${names}`];
}

function savedLines(saved: readonly string[] | undefined): string[] {
  if (saved === undefined) return [];
  if (saved.length === 0) return ['no runs saved: nothing is violated'];
  const which = saved.length === 1 ? 'it' : 'the first of them';
  return [`${plural(saved.length, 'run')} saved; to take ${which} again: holdfast replay ${shellWord(saved[0]!)}`];
}

/** How many of the models that were left out are named. */
const NAMED = 5;

/** Those that lack the same stand together. */
function leftOutLines(leftOut: readonly LeftOut[], isWhole: boolean): string[] {
  if (leftOut.length === 0) return [];
  const shown = isWhole ? leftOut : leftOut.slice(0, NAMED);
  const texts = [...Map.groupBy(shown, ({ lacks }) => lacks)].map(([lacks, members]) => {
    return `${members.map(({ model }) => safe(model)).join(', ')} (${lacks})`;
  });
  const more = leftOut.length > shown.length ? ` (+${leftOut.length - shown.length} more)` : '';
  return [`not checked: ${texts.join('; ')}${more}`];
}

/** What is wrong with a machine is wrong with it in every variant: told in full once. */
function shortened(outcome: Outcome, told: string[]): Outcome {
  if (outcome.kind !== 'failed') return outcome;
  if (!told.includes(outcome.message)) {
    told.push(outcome.message);
    return outcome;
  }
  return { ...outcome, message: `${outcome.message.split('\n')[0]} (as above)` };
}

/** Says nothing before all is known. */
export const jsonTeller = (version: string, { runs = false }: Pick<CheckFlags, 'runs'>): Teller => ({
  tell() {},
  end(outcomes, unchecked, exit, { updated }) {
    process.stdout.write(`${jsonText(outcomes, exit, version, unchecked.length, runs, updated)}\n`);
  },
});
