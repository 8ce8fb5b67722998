import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Outcome, type Subject, standingOf } from '../report/outcome.ts';
import { silentTicker, tickerOf } from '../report/progress.ts';
import { attempt } from './attempt.ts';
import { type ExitCode, exitCodeOf, worst } from './exit.ts';
import { type CheckFlags, limitArgs } from './flags.ts';
import { load } from './load.ts';
import { checkerFor } from './long.ts';
import { propertiesOf } from './properties.ts';
import { reportingTo } from './reporting.ts';
import { findProperties, leftOut, select } from './select.ts';

/** Checks the variants asked for, in order, tells of each as it is done, and answers with the exit code of them all. */
export async function checkCommand(paths: readonly string[], flags: CheckFlags, version: string): Promise<ExitCode> {
  const checkerOf = checkerFor(flags, version);
  const { loaded, unloadable, shared } = await load(paths, 'check');
  const outcomes: Outcome[] = [...unloadable];
  const wanted = { variants: flags.variant, options: flags.option, properties: flags.property };
  const subjects = distinguished(claiming(select(loaded, wanted), flags));
  const teller = reportingTo(subjects, flags, version);
  const ticker = flags.quiet ? silentTicker : tickerOf(process.stderr, () => performance.now());
  // what is explained is what is told in full
  const isTold = subjects.length === 1 || flags.runs === true || flags.saveRuns !== undefined;
  const explain = isTold ? true : 'unexpected';

  const checker = checkerOf(subjects);

  for (const outcome of outcomes) teller.tell(outcome);
  let checked = 0;
  for (const subject of subjects) {
    const outcome = await attempt(subject, flags, ticker, explain, checker);
    outcomes.push(outcome);
    checked++;
    teller.tell(outcome);
    if (flags.bail && standingOf(outcome) === 'surprising') break;
    await nextTurn(); // a reader that has gone away is noticed between two searches
  }

  const exit = worst(outcomes.map(exitCodeOf));
  const besides = { shared, leftOut: leftOut(loaded, subjects, wanted) };
  teller.end(outcomes, subjects.slice(checked), exit, besides);
  return exit;
}

/** Two models may have one name, in two files. */
function distinguished(subjects: readonly Subject[]): Subject[] {
  const byName = Map.groupBy(subjects, ({ model }) => model.name);
  return subjects.map((subject) => {
    const isNamesake = byName.get(subject.model.name)!.some(({ model }) => model !== subject.model);
    return isNamesake ? { ...subject, isNamesake } : subject;
  });
}

/** Of the variants those that have one of the properties asked for. */
function claiming(subjects: readonly Subject[], flags: CheckFlags): Subject[] {
  const { property } = flags;
  const repeatable = subjects.map((subject) => ({ ...subject, args: [...subject.args, ...limitArgs(flags)] }));
  if (property.length === 0) return repeatable;
  const known = subjects.map(propertiesOf);
  if (known.some((names) => names.length > 0)) findProperties(new Set(known.flat()), property);
  return repeatable.filter((_, i) => known[i]!.length === 0 || property.some((name) => known[i]!.includes(name)));
}
