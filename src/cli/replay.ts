import { writeFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainRun } from '../explore/explain/explain.ts';
import { toJson } from '../explore/json.ts';
import { assignmentOf, type Variant } from '../explore/model.ts';
import { type Retaken, retake, type TakenStep } from '../explore/retake.ts';
import type { Verdict } from '../explore/verdict.ts';
import { testText } from '../report/as-test.ts';
import { jsonOf } from '../report/json-text.ts';
import { expectedOf, type Subject } from '../report/outcome.ts';
import { runLines } from '../report/run.ts';
import { plainScreen, type Screen, screenOf } from '../report/screen.ts';
import { plural, quoted, safe } from '../report/text.ts';
import { whyLines } from '../report/why.ts';
import { labelOf } from '../report/words.ts';
import { failureOf } from './attempt.ts';
import { sayingOf } from './blame.ts';
import type { ExitCode } from './exit.ts';
import { type Loaded, load } from './load.ts';
import { readRun, type SavedRun } from './run-file.ts';
import { UsageError } from './usage-error.ts';

/** The options of `holdfast replay`, parsed. */
export interface ReplayFlags {
  readonly color: boolean;
  readonly json?: boolean;
  /** Where the model is, if it is not where it was. */
  readonly model?: string;
  /** A file to write, or standard output. */
  readonly asTest?: string | true;
}

/**
 * Takes a saved run again through plain XState, step by step, and says whether it still goes through and still
 * violates the property; or makes a test of it.
 *
 * @returns 0 where that is as the variant expects; 1 where it violates what is expected to be kept; 3 where it does
 * not violate any more what is expected to be violated, since other runs may
 */
export async function replayCommand(file: string, flags: ReplayFlags, version: string): Promise<ExitCode> {
  const saved = readRun(file);
  const { loaded, unloadable } = await load([flags.model ?? saved.model.file], 'check');
  if (loaded[0] === undefined) return complain(unloadable[0]!.message, 4);
  try {
    return replayed(saved, subjectOf(loaded[0], saved, file), flags, version);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { fault, message } = failureOf(error);
    return complain(message, fault === 'ours' ? 5 : 4);
  }
}

function complain(message: string, exit: ExitCode): ExitCode {
  process.stderr.write(`holdfast: ${message.split('\n').map(safe).join('\n')}\n`);
  return exit;
}

function replayed(saved: SavedRun, subject: Subject, flags: ReplayFlags, version: string): ExitCode {
  const { name: property } = saved.property;
  const steps = saved.labels as readonly TakenStep[];
  const again = retake(subject.model, { option: subject.variant.option, property, steps });
  if (flags.asTest !== undefined) return writeTest(saved, subject, again, flags.asTest);
  const exit = exitOf(again, expectedOf(subject.variant, property));
  const text = flags.json
    ? jsonOf({ holdfast: version, exit, property, ...(toJson(again) as object) }, 2)
    : told(saved, subject, again, screenOf(process.stdout, flags.color)).join('\n');
  process.stdout.write(`${text}\n`);
  return exit;
}

function exitOf({ outcome }: Retaken, expected: string): ExitCode {
  if (outcome === 'violated') return expected === 'violated' ? 0 : 1;
  return expected === 'violated' ? 3 : 0;
}

/** The variant that it is a run of, as the model has it now; its name counts only where it still means the same. */
function subjectOf({ model, file }: Loaded, { variant, model: was }: SavedRun, saved: string): Subject {
  if (model.name !== was.name) {
    throw new UsageError(`${safe(file)}: not the model of this run`, {
      code: 'E-RUN-OTHER',
      where: safe(saved),
      why: `it is a run of ${quoted(was.name)}, and the model is called ${quoted(model.name)}`,
      instead: '--model FILE, with the file in which that model is now',
    });
  }
  const option = assignmentOf(model, variant.option, safe(saved));
  const same = (other: Variant): boolean => Object.entries(option).every(([key, value]) => other.option[key] === value);
  const known = model.variants.find((each) => each.name === variant.name && same(each));
  const named = known ?? { name: variant.name, about: '', option, expect: {}, figures: {} };
  return { model, file, variant: named, args: [] };
}

// ------------------------------------------------------------------------------------------------------- what is printed

function told({ property, labels }: SavedRun, subject: Subject, again: Retaken, screen: Screen): string[] {
  const { outcome, run, why } = again;
  const { steps } = run;
  const kind = outcome === 'violated' ? 'violated' : 'holds';
  const found: Verdict = { property: property.name, of: property.of, kind, steps: steps.length, run };
  const verdict = outcome === 'violated' ? explainRun(subject.model.build(subject.variant.option), found) : found;
  const expected = expectedOf(subject.variant, property.name);
  const of = `${labelOf(subject)}: ${quoted(property.name)}`;
  const closing = {
    violated: `${of} is still violated after ${plural(steps.length, 'step')}, ${expected === 'violated' ? 'as expected' : `expected ${expected}`}`,
    kept: `${of} is not violated by this run any more: all its ${plural(labels.length, 'step')} can be taken`,
    stuck: `${of} is not violated by this run any more: its step ${steps.length + 1} of ${labels.length} cannot be taken (${safe(why ?? '')})`,
  }[outcome];
  const other =
    outcome !== 'violated' && expected === 'violated' ? ['   other runs may violate it: holdfast check says'] : [];
  return [
    ...runLines(run, outcome === 'stuck' ? [] : [verdict], screen),
    ...whyLines([verdict], run, screen),
    '',
    screen.paint(outcome === 'violated' ? (expected === 'violated' ? 'strong' : 'bad') : 'good', `   ${closing}`),
    ...other,
  ].map((line) => line.trimEnd());
}

// ---------------------------------------------------------------------------------------------------------------- a test

function writeTest(
  { property, labels, fault }: SavedRun,
  subject: Subject,
  again: Retaken,
  out: string | true,
): ExitCode {
  const title = `${labelOf(subject)}: ${quoted(property.name)} is not violated by this run`;
  const verdict: Verdict = { property: property.name, of: property.of, kind: 'violated', run: again.run };
  const text = testText({
    option: subject.variant.option,
    property: property.name,
    labels,
    title,
    story: [
      ...(fault === undefined ? [] : [fault, '']),
      ...runLines(again.run, again.outcome === 'violated' ? [verdict] : [], plainScreen(116)),
    ],
    imports: importsFor(out === true ? 'a.test.ts' : out, subject.file),
  });
  if (out === true) {
    process.stdout.write(text);
    return 0;
  }
  try {
    writeFileSync(out, text);
  } catch (error) {
    throw new UsageError(`${safe(out)}: cannot be written`, {
      code: 'E-WRITE',
      where: '--as-test',
      why: sayingOf(error),
      instead: 'a file in a folder that is there, and that you may write',
    });
  }
  process.stdout.write(`${safe(out)} fails until the race is gone: npx vitest run ${safe(out)}\n`);
  return 0;
}

const HOME = fileURLToPath(new URL('../..', import.meta.url));

/** Within Holdfast's own repository there is no package to import. */
function importsFor(test: string, model: string): { holdfast: string; model: string } {
  const from = dirname(resolve(test));
  const path = (to: string): string => {
    const way = relative(from, resolve(to)).split(sep).join('/');
    return way.startsWith('.') ? way : `./${way}`;
  };
  const isOurs = fileURLToPath(import.meta.url).endsWith('.ts');
  return { holdfast: isOurs ? path(`${HOME}src/index.ts`) : 'holdfast', model: path(model) };
}
