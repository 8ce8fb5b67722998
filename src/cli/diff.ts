import { setImmediate as nextTurn } from 'node:timers/promises';
import { check } from '../explore/check.ts';
import type { Model } from '../explore/model.ts';
import { didYouMean } from '../explore/spec-error.ts';
import { widthOf } from '../report/columns.ts';
import { type DiffEntry, diffStandingOf, type SideName } from '../report/diff.ts';
import { entryLabel } from '../report/diff-text.ts';
import { silentTicker, type Ticker, tickerOf } from '../report/progress.ts';
import { quoted, safe } from '../report/text.ts';
import { attempt, limitsOf } from './attempt.ts';
import { matched } from './diff-match.ts';
import { type Side, sidesOf } from './diff-side.ts';
import { type DiffWish, diffTellers } from './diff-tellers.ts';
import { compared, type Pair } from './diff-variants.ts';
import { type ExitCode, worst } from './exit.ts';
import type { CheckFlags } from './flags.ts';
import { UsageError } from './usage-error.ts';

/** The options of `holdfast diff`, parsed. */
export interface DiffFlags
  extends Pick<CheckFlags, 'color' | 'json' | 'maxMemory' | 'maxStates' | 'maxTime' | 'quiet' | 'variant'> {
  readonly reporter: readonly DiffWish[];
  /** Actors: only what these take is compared. */
  readonly observe: readonly string[];
}

/**
 * Says what is otherwise in one version of the models than in the other: verdicts, figures, and what can be seen to happen.
 *
 * @param base a revision of git, or a folder
 * @param paths of models, within either; without any those that there are
 * @returns 0 where there is no difference, 1 where there is one, 3 where a limit leaves it open
 */
export async function diffCommand(
  base: string,
  head: string,
  paths: readonly string[],
  flags: DiffFlags,
  version: string,
): Promise<ExitCode> {
  const tellers = diffTellers(flags, version);
  const [before, after] = await sidesOf(base, head, paths);
  const sides = { base: before, head: after };
  checkVariants(sides, flags.variant);
  checkActors(sides, flags.observe);
  const { pairs, others } = matched(sides, (name) => flags.variant.length === 0 || flags.variant.includes(name));
  const versions = { base: before.version, head: after.version };
  const labels = [...others.map(entryLabel), ...pairs.map((pair) => safe(`${pair.model} ${pair.head.variant.name}`))];
  for (const teller of tellers) teller.begin(versions, Math.max(0, ...labels.map(widthOf)));

  const entries: DiffEntry[] = [];
  const tell = (entry: DiffEntry): void => {
    entries.push(entry);
    for (const teller of tellers) teller.tell(entry);
  };
  const ticker = flags.quiet ? silentTicker : tickerOf(process.stderr, () => performance.now());
  for (const entry of others) tell(entry);
  for (const pair of pairs) {
    for (const entry of await compare(pair, sides, flags, ticker)) tell(entry);
    await nextTurn(); // a reader that has gone away is noticed between two variants
  }
  const exit = worst(entries.map((entry) => exits[diffStandingOf(entry)]));
  for (const teller of tellers) teller.end({ ...versions, entries }, exit);
  return exit;
}

const exits = { same: 0, different: 1, unknown: 3, malformed: 4, fault: 5 } as const;

type Sides = Readonly<Record<SideName, Side>>;

async function compare(pair: Pair, sides: Sides, flags: DiffFlags, ticker: Ticker): Promise<DiffEntry[]> {
  // what a transition did is a figure
  const asking: CheckFlags = { ...flags, reporter: [], property: [], option: [], coverage: true };
  const checked = (side: SideName) => attempt(pair[side], asking, ticker, false, check);
  const outcomes = { base: await checked('base'), head: await checked('head') };
  const entries = compared(pair, outcomes, { limits: limitsOf(flags), actors: flags.observe, ticker });
  return entries.map((entry) =>
    entry.kind === 'uncompared' ? { ...entry, message: sides[entry.side].shown(entry.message) } : entry,
  );
}

/** A variant that neither version has is a mistake. */
function checkVariants({ base, head }: Sides, names: readonly string[]): void {
  const models = [base, head].flatMap(({ loaded }) => loaded.map(({ model }) => model));
  const known = new Set(models.flatMap(({ variants }) => variants.map(({ name }) => name)));
  for (const name of names) {
    if (known.has(name)) continue;
    throw new UsageError(`no variant ${quoted(name)}`, {
      code: 'E-VARIANT',
      where: `--variant ${safe(name)}`,
      why: `neither ${safe(base.version.name)} nor ${safe(head.version.name)} has a model with it`,
      instead: `a variant that one of them has${didYouMean(name, known)}`,
    });
  }
}

/** So is an actor that neither has: nothing would be seen of it. */
function checkActors({ base, head }: Sides, names: readonly string[]): void {
  if (names.length === 0) return;
  const known = new Set([base, head].flatMap(({ loaded }) => loaded.flatMap(({ model }) => actorsOf(model))));
  for (const name of names) {
    if (known.has(name)) continue;
    throw new UsageError(`no actor ${quoted(name)}`, {
      code: 'E-ACTOR',
      where: `--observe ${safe(name)}`,
      why: `neither ${safe(base.version.name)} nor ${safe(head.version.name)} has a model with it`,
      instead: `an actor of a model${didYouMean(name, known)}`,
    });
  }
}

/** A model has the same actors in all its variants; one that cannot be built has none, and checking it says why. */
function actorsOf({ variants, build }: Model): string[] {
  try {
    return variants[0] === undefined ? [] : Object.keys(build(variants[0].option).actors);
  } catch {
    return [];
  }
}
