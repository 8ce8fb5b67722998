import { appendFileSync, openSync, readFileSync, writeSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { didYouMean } from '../explore/spec-error.ts';
import { annotations, type Locate } from '../report/github.ts';
import { endLine, outcomeLine, type Shard, startLine } from '../report/jsonl.ts';
import { junitText } from '../report/junit.ts';
import { markdownText } from '../report/markdown.ts';
import type { Subject } from '../report/outcome.ts';
import { sarifText } from '../report/sarif.ts';
import { plainScreen, type Screen, screenOf } from '../report/screen.ts';
import { safe } from '../report/text.ts';
import { sayingOf } from './blame.ts';
import { type PrintFlags, type Teller, terminalTeller } from './teller.ts';
import { UsageError } from './usage-error.ts';

/** What `--reporter` asks for. */
export interface Wish {
  readonly name: ReporterName;
  /** Without it standard output. */
  readonly file?: string;
}

/** What there is to be told of. */
export interface Scene {
  readonly version: string;
  /** All variants in order; of a shard there may be others. */
  readonly all: readonly Subject[];
  /** The ones that are checked. */
  readonly mine: readonly Subject[];
  readonly shard?: Shard;
  readonly flags: PrintFlags;
}

/** Where a report goes. */
export interface Output {
  readonly screen: Screen;
  readonly write: (text: string) => void;
}

const reporters = {
  pretty: ({ mine, flags }: Scene, output: Output) => terminalTeller(mine, flags, output),
  jsonl: linesTeller,
  junit: (_: Scene, { write }: Output) => atEnd((outcomes) => write(junitText(outcomes))),
  sarif: ({ version }: Scene, { write }: Output) =>
    atEnd((outcomes, _, exit) => write(sarifText(outcomes, exit, version, locate))),
  github: githubTeller,
  markdown: (_: Scene, { write }: Output) =>
    atEnd((outcomes, unchecked) => write(markdownText(outcomes, unchecked.length))),
} as const satisfies Readonly<Record<string, (scene: Scene, output: Output) => Teller>>;

type ReporterName = keyof typeof reporters;

const NAMES = Object.keys(reporters) as ReporterName[];

/** `junit=out.xml`, or a name alone. */
export function wishOf(text: string): Wish {
  const at = text.indexOf('=');
  const [name, file] = at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
  const known = NAMES.find((each) => each === name);
  if (known === undefined || file === '') {
    throw new InvalidArgumentError(`Write one of ${NAMES.join(', ')}, or name=file${didYouMean(name!, NAMES)}.`);
  }
  return { name: known, ...(file !== undefined && { file }) };
}

/** Whether standard output is a document's. Annotations go along with whatever else is printed. */
const takesOutput = ({ name, file }: Wish): boolean => file === undefined && name !== 'github';

/** Whether what is printed is a document, so that what files of models print would spoil it. */
export const isDocument = (wishes: readonly Wish[]): boolean =>
  wishes.some((wish) => takesOutput(wish) && wish.name !== 'pretty');

/**
 * The reporters that are asked for, and where none of them prints, the one that a reader at a terminal wants.
 *
 * @param json standard output is taken already
 * @throws UsageError where two want one place, or a file cannot be written
 */
export function reportersFor(wishes: readonly Wish[], scene: Scene, json: boolean): Teller[] {
  const isPrinted = json || wishes.some(takesOutput);
  const wanted: readonly Wish[] = isPrinted ? wishes : [{ name: 'pretty' }, ...wishes];
  const places = [
    ...(json ? ['standard output'] : []),
    ...wanted.flatMap((wish) => (takesOutput(wish) ? ['standard output'] : wish.file === undefined ? [] : [wish.file])),
  ];
  const twice = places.find((place, i) => places.indexOf(place) < i);
  if (twice !== undefined) throw crowded(twice);
  return wanted.map(({ name, file }) =>
    reporters[name](scene, file === undefined ? standardOutput(scene) : fileOutput(file)),
  );
}

export const crowded = (place: string): UsageError =>
  new UsageError('two reports for one place', {
    code: 'E-REPORTERS',
    where: '--reporter',
    why: `both would be written to ${safe(place)}`,
    instead:
      'a file for each, --reporter junit=holdfast.xml; one of them may be printed, and github may be printed beside it',
  });

const standardOutput = ({ flags }: Scene): Output => ({
  screen: screenOf(process.stdout, flags.color),
  write: (text) => process.stdout.write(text),
});

/** Opened at once: that it cannot be written is to be told before hours have been spent. */
export function fileOutput(file: string): Output {
  const failed = (error: unknown): UsageError =>
    new UsageError(`${safe(file)}: cannot be written`, {
      code: 'E-WRITE',
      where: '--reporter',
      why: sayingOf(error),
      instead: 'a file in a folder that is there, and that you may write',
    });
  const tried = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw failed(error);
    }
  };
  const descriptor = tried(() => openSync(file, 'w'));
  return { screen: plainScreen(120), write: (text) => tried(() => writeSync(descriptor, text)) };
}

// -------------------------------------------------------------------------------------------------------------- tellers

const atEnd = (end: Teller['end']): Teller => ({ tell() {}, end });

/** A line for each outcome as it comes: what was found by a process that is killed is there. */
function linesTeller({ version, all, shard, flags }: Scene, { write }: Output): Teller {
  const places = new Map(all.map((subject, i) => [subject, i]));
  write(startLine(version, all.length, shard));
  return {
    tell(outcome) {
      const at = 'subject' in outcome ? places.get(outcome.subject)! : -1;
      write(outcomeLine(outcome, at, flags.runs === true));
    },
    end(_, unchecked, exit) {
      const left = unchecked.map((subject) => ({ at: places.get(subject)!, subject }));
      write(endLine(exit, left));
    },
  };
}

/** Annotations as it goes, and at the end the page that GitHub shows of the job. */
function githubTeller(_: Scene, { write }: Output): Teller {
  return {
    tell(outcome) {
      for (const line of annotations(outcome, locate)) write(`${line}\n`);
    },
    end(outcomes, unchecked) {
      const summary = process.env.GITHUB_STEP_SUMMARY;
      if (summary === undefined || summary === '') return;
      try {
        appendFileSync(summary, markdownText(outcomes, unchecked.length));
      } catch (error) {
        process.stderr.write(`holdfast: the summary of the step is not written: ${sayingOf(error)}\n`);
      }
    },
  };
}

// ---------------------------------------------------------------------------------------------------------------- places

const texts = new Map<string, string>();

/** The line of a file on which a variant is named, for want of a better one its first; the path from the root of what is checked out. */
const locate: Locate = (file, subject) => {
  const root = process.env.GITHUB_WORKSPACE || process.cwd();
  const path = relative(root, resolve(file)).split(sep).join('/');
  return {
    path: path.startsWith('../') ? resolve(file) : path,
    line: subject === undefined ? 1 : lineOf(file, subject),
  };
};

function lineOf(file: string, { variant }: Subject): number {
  const lines = textOf(file).split('\n');
  const keys = [variant.name, `'${variant.name}'`, `"${variant.name}"`].map((name) => `${name}:`);
  const at = lines.findIndex((line) => keys.some((key) => line.trimStart().startsWith(key)));
  return at === -1 ? 1 : at + 1;
}

function textOf(file: string): string {
  let text = texts.get(file);
  if (text === undefined) {
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      text = ''; // a report of another machine may be of files that are not here
    }
    texts.set(file, text);
  }
  return text;
}
