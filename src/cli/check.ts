import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Outcome, type Subject, standingOf } from '../report/outcome.ts';
import { silentTicker, tickerOf } from '../report/progress.ts';
import { attempt } from './attempt.ts';
import { baselineIn } from './baseline.ts';
import { type ExitCode, exitCodeOf, worst } from './exit.ts';
import { type CheckFlags, checkArgs, limitArgs } from './flags.ts';
import { checkUpdate, Gate } from './gate.ts';
import { checkHtml, writeHtml } from './html.ts';
import { load } from './load.ts';
import { checkerFor } from './long.ts';
import { claiming } from './properties.ts';
import { isDocument } from './reporters.ts';
import { reportingTo } from './reporting.ts';
import { leftOut, select } from './select.ts';
import { isIn } from './shard.ts';

/** Checks the variants asked for, and answers with the exit code of them all. */
export async function checkCommand(paths: readonly string[], flags: CheckFlags, version: string): Promise<ExitCode> {
  const { html, baseline: earlier } = flags;
  if (html !== undefined) checkHtml(html);
  const baseline = earlier === undefined ? undefined : baselineIn(earlier, html !== undefined);
  const { outcomes, exit, unchecked } = await checkAll(paths, flags, version, html !== undefined);
  if (html !== undefined) {
    const args = ['check', ...paths, ...checkArgs(flags)];
    await writeHtml(html, outcomes, { version, args, exit, unchecked: unchecked.length, baseline });
  }
  return exit;
}

/** What came of checking, and the variants that were left out because `--bail` stopped before them. */
interface AllChecked {
  readonly outcomes: readonly Outcome[];
  readonly exit: ExitCode;
  readonly unchecked: readonly Subject[];
}

/**
 * Checks in order, and tells of each as it is done.
 *
 * @param forPage whether to find out what a page shows too, beyond what is printed
 */
export async function checkAll(
  paths: readonly string[],
  flags: CheckFlags,
  version: string,
  forPage: boolean,
): Promise<AllChecked> {
  checkUpdate(flags);
  const checkerOf = checkerFor(flags, version);
  const { loaded, unloadable, shared } = await load(paths, 'check');
  const wanted = { variants: flags.variant, options: flags.option, properties: flags.property };
  const all = distinguished(claiming(select(loaded, wanted), flags.property)).map((subject) =>
    repeatable(subject, flags),
  );
  const gate = new Gate({ paths, shared, subjects: all }, flags);
  const outcomes: Outcome[] = [...unloadable, ...gate.stale()];
  const { shard } = flags;
  const subjects = shard === undefined ? all : all.filter((subject) => isIn(shard, subject));
  const teller = reportingTo({ version, all, mine: subjects, flags, ...(shard && { shard }) }, flags);
  const ticker = flags.quiet ? silentTicker : tickerOf(process.stderr, () => performance.now());
  // what is explained is what is told in full, or is not as expected
  const isRead = forPage || (flags.json !== true && flags.quiet !== true);
  const isTold = (subjects.length === 1 && isRead) || flags.runs === true || flags.saveRuns !== undefined;
  const explain = isTold ? true : 'unexpected';

  const checker = checkerOf(subjects);

  for (const outcome of outcomes) teller.tell(outcome);
  let checked = 0;
  for (const subject of subjects) {
    const coverage = forPage || flags.coverage === true || gate.measures(subject);
    const asking = { ...flags, coverage, stats: forPage || flags.stats === true };
    const outcome = gate.compared(await attempt(subject, asking, ticker, explain, checker));
    outcomes.push(outcome);
    checked++;
    teller.tell(asAsked(outcome, flags));
    if (flags.bail && standingOf(outcome) === 'surprising') break;
    await nextTurn(); // a reader that has gone away is noticed between two searches
  }

  const exit = worst(outcomes.map(exitCodeOf));
  const updated = flags.update ? gate.update(outcomes) : undefined;
  const besides = { shared, leftOut: leftOut(loaded, all, wanted), ...(updated && { updated }) };
  const unchecked = subjects.slice(checked);
  const told = outcomes.map((outcome) => asAsked(outcome, flags));
  teller.end(told, unchecked, exit, besides);
  if (updated && isDocument(flags.reporter ?? [])) process.stderr.write(`${updated.join('\n')}\n`);
  return { outcomes, exit, unchecked };
}

/** What is found out for the page or for the figures alone is not printed. */
function asAsked(outcome: Outcome, { stats, coverage }: CheckFlags): Outcome {
  if (outcome.kind !== 'checked') return outcome;
  const { figures, coverage: covered, ...report } = outcome.report;
  const asked = {
    ...report,
    ...(stats && figures !== undefined && { figures }),
    ...(coverage && covered !== undefined && { coverage: covered }),
  };
  return { ...outcome, report: asked };
}

/** Two models may have one name, in two files. */
function distinguished(subjects: readonly Subject[]): Subject[] {
  const byName = Map.groupBy(subjects, ({ model }) => model.name);
  return subjects.map((subject) => {
    const isNamesake = byName.get(subject.model.name)!.some(({ model }) => model !== subject.model);
    return isNamesake ? { ...subject, isNamesake } : subject;
  });
}

/** With the limits in the line that reproduces what was found. */
const repeatable = (subject: Subject, flags: CheckFlags): Subject => ({
  ...subject,
  args: [...subject.args, ...limitArgs(flags)],
});
