import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { manifestName, orAnew } from '../checkpoint/format.ts';
import { Reader } from '../checkpoint/reader.ts';
import { sourcesOf, toolsOf, watchImports } from '../checkpoint/sources.ts';
import { Writer } from '../checkpoint/writer.ts';
import { checking, type Settings } from '../explore/check.ts';
import type { Moment } from '../explore/kept.ts';
import type { Model, Variant } from '../explore/model.ts';
import type { Report } from '../explore/verdict.ts';
import type { Subject } from '../report/outcome.ts';
import { safe } from '../report/text.ts';
import { sayingOf } from './blame.ts';
import type { CheckFlags } from './flags.ts';
import { listen } from './signals.ts';
import { UsageError } from './usage-error.ts';
import { checkerWith, checkWorkers } from './workers.ts';

/** How a variant is checked. */
export type Checker = (model: Model, variant: Variant, settings: Settings) => Report | Promise<Report>;

/** Somebody has asked the process to stop, and what it had found is kept. */
export class Interrupted extends Error {}

/** How often the process looks up from a search, in milliseconds. */
const turnEvery = 20;
/** How often a checkpoint is written where nobody says. */
const usualInterval = 60_000;

/**
 * How variants are checked: in one go, or so that a check can be interrupted, killed, and gone on with.
 *
 * To be asked before models are loaded, since then it is seen which files they come from. What is returned is told which
 * variants there are.
 *
 * @throws UsageError where the options do not go together, or the folder will not do
 */
export function checkerFor(flags: CheckFlags, version: string): (subjects: readonly Subject[]) => Checker {
  const folder = flags.resume ?? flags.checkpoint;
  if (folder === undefined) {
    if (flags.checkpointEvery !== undefined) throw noFolder();
    return checkerWith(flags.workers ?? 1);
  }
  checkFlags(flags);
  checkWorkers(flags);
  const end = watchImports();
  return (subjects) => {
    const [subject] = subjects;
    if (subject === undefined || subjects.length > 1) throw notOne(subjects);
    const besides = { ...toolsOf(version), ...sourcesOf(subject.file, end()) };
    if (flags.resume === undefined) prepare(folder);
    const before = flags.resume === undefined ? undefined : new Reader(folder, besides);
    const writer = new Writer(folder, besides, before?.manifest);
    return (model, variant, settings) =>
      watched(checking(model, variant, settings, before), writer, folder, flags.checkpointEvery ?? usualInterval);
  };
}

/** Walks a check, writes checkpoints, and looks up from time to time whether it should stop. */
async function watched(
  moments: Generator<Moment, Report>,
  writer: Writer,
  folder: string,
  interval: number,
): Promise<Report> {
  const signals = listen();
  let due = performance.now() + interval;
  let turn = performance.now();
  try {
    for (;;) {
      const next = moments.next();
      if (next.done) return next.value;
      const moment = next.value;
      const now = performance.now();
      if (moment.isLast || now > turn + turnEvery) {
        await nextTurn();
        turn = now;
      }
      if (!moment.isLast && !signals.came() && now < due) continue;
      const failure = written(writer, moment);
      if (signals.came() && !moment.isLast) throw interrupted(folder, failure);
      if (failure !== null)
        process.stderr.write(`holdfast: no checkpoint could be written, and nothing is lost yet: ${failure}\n`);
      // from here on there is nothing to be kept: a signal ends the process, as always
      if (moment.isLast) signals.ignore();
      due = performance.now() + interval;
    }
  } finally {
    signals.ignore();
  }
}

/** @returns why it could not be written */
function written(writer: Writer, moment: Moment): string | null {
  try {
    writer.write(moment.keep());
    return null;
  } catch (error) {
    // of the disk, or for want of memory: neither is a reason to lose the search
    if (error instanceof RangeError || (error instanceof Error && 'syscall' in error)) return sayingOf(error);
    throw error;
  }
}

function interrupted(folder: string, failure: string | null): Interrupted {
  const again = `the same command with --resume ${safe(folder)} goes on`;
  return new Interrupted(
    failure === null
      ? `interrupted; ${again}`
      : `interrupted, and what was found last could not be kept (${failure}); ${again} from the checkpoint before, if there is one`,
  );
}

function checkFlags({ checkpoint, resume, approximate }: CheckFlags): void {
  if (approximate) {
    throw new UsageError('an approximate search cannot be kept', {
      code: 'E-CHECKPOINT-APPROXIMATE',
      where: '--approximate',
      why: 'it tells states by random numbers that are drawn anew each time',
      instead: 'either it or a checkpoint',
    });
  }
  if (checkpoint === undefined || resume === undefined || resolve(checkpoint) === resolve(resume)) return;
  throw new UsageError('two folders for one checkpoint', {
    code: 'E-CHECKPOINT-TWICE',
    where: '--checkpoint and --resume',
    why: 'a search that is resumed is kept where it was kept before',
    instead: '--resume alone; a copy of the folder keeps the checkpoint as it is',
  });
}

/** Makes the folder, if need be, and sees that it can be written to. */
function prepare(folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`${safe(folder)}: no folder for a checkpoint`, {
      code: 'E-CHECKPOINT-FOLDER',
      where: '--checkpoint',
      why: sayingOf(error),
      instead: 'a folder that can be written to; it is made where there is none, in a folder that is there',
    });
  }
  if (!existsSync(join(folder, manifestName))) return;
  throw new UsageError(`${safe(folder)}: there is a checkpoint already`, {
    code: 'E-CHECKPOINT-THERE',
    where: '--checkpoint',
    why: 'it would be lost',
    instead: `--resume goes on with it; ${orAnew}`,
  });
}

const noFolder = (): UsageError =>
  new UsageError('an interval without a checkpoint', {
    code: 'E-CHECKPOINT-INTERVAL',
    where: '--checkpoint-every',
    why: 'it says how often, and nothing says where to',
    instead: '--checkpoint or --resume with a folder',
  });

const notOne = (subjects: readonly Subject[]): UsageError =>
  new UsageError('a checkpoint is of one variant', {
    code: 'E-CHECKPOINT-VARIANTS',
    where: '--checkpoint, --resume',
    why: `there are ${subjects.length} to be checked`,
    instead: 'one file, and --variant with one name',
  });
