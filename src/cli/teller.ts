import { widthOf } from '../report/columns.ts';
import { jsonText } from '../report/json.ts';
import { type Outcome, type Subject, standingOf } from '../report/outcome.ts';
import { screenOf } from '../report/screen.ts';
import { summaryText } from '../report/summary.ts';
import { type Manner, outcomeText } from '../report/terminal.ts';
import { safe } from '../report/text.ts';
import { labelOf } from '../report/words.ts';
import type { ExitCode } from './exit.ts';
import type { CheckFlags } from './flags.ts';

/** What the report is told to, as it comes about. */
export interface Teller {
  tell(outcome: Outcome): void;
  end(outcomes: readonly Outcome[], unchecked: number, exit: ExitCode, shared: readonly string[]): void;
}

/** Tells of each outcome as it comes, and sums up. */
export function terminalTeller(subjects: readonly Subject[], flags: CheckFlags): Teller {
  const screen = screenOf(process.stdout, flags.color);
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
      process.stdout.write(`${text}\n`);
      isApart = text.endsWith('\n');
    },
    end(outcomes, unchecked, _exit, shared) {
      const besides = shared.length === 0 ? '' : `no default export, so no model: ${shared.map(safe).join(', ')}\n`;
      process.stdout.write(`${isApart ? '' : '\n'}${besides}${summaryText(outcomes, unchecked, screen)}\n`);
    },
  };
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
export const jsonTeller = (version: string, { runs = false }: CheckFlags): Teller => ({
  tell() {},
  end(outcomes, unchecked, exit) {
    process.stdout.write(`${jsonText(outcomes, exit, version, unchecked, runs)}\n`);
  },
});
