import { InvalidArgumentError } from 'commander';
import { didYouMean } from '../explore/spec-error.ts';
import { type Diff, type DiffEntry, diffStandingOf } from '../report/diff.ts';
import { diffJson } from '../report/diff-json.ts';
import { diffMarkdown } from '../report/diff-markdown.ts';
import { diffSummary, entryText, titleText } from '../report/diff-text.ts';
import { screenOf } from '../report/screen.ts';
import type { DiffFlags } from './diff.ts';
import type { ExitCode } from './exit.ts';
import { crowded, fileOutput, type Output } from './reporters.ts';

/** Who is told, and where. */
export interface DiffWish {
  readonly name: 'pretty' | 'markdown';
  /** Without it standard output. */
  readonly file?: string;
}

const NAMES = ['pretty', 'markdown'] as const;

/** `markdown=diff.md`, or a name alone. */
export function diffWishOf(text: string): DiffWish {
  const at = text.indexOf('=');
  const [typed, file] = at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
  const name = NAMES.find((each) => each === typed);
  if (name === undefined || file === '') {
    throw new InvalidArgumentError(`Write one of ${NAMES.join(', ')}, or name=file${didYouMean(typed!, NAMES)}.`);
  }
  return { name, ...(file !== undefined && { file }) };
}

/** What is told as it comes about. */
interface DiffTeller {
  /** @param labels how wide the longest name is */
  begin(versions: Versions, labels: number): void;
  tell(entry: DiffEntry): void;
  end(diff: Diff, exit: ExitCode): void;
}

type Versions = Pick<Diff, 'base' | 'head'>;

/**
 * Who is told; a reader at a terminal where nobody else is.
 *
 * @throws UsageError where two want one place, or a file cannot be written
 */
export function diffTellers({ reporter, json, quiet, color }: DiffFlags, version: string): DiffTeller[] {
  const printed = [...(json ? [jsonTeller(version)] : [])];
  const wishes: readonly DiffWish[] =
    json || reporter.some(({ file }) => file === undefined) ? reporter : [{ name: 'pretty' }, ...reporter];
  const places = [...printed.map(() => undefined), ...wishes.map(({ file }) => file)];
  const twice = places.findIndex((place, i) => places.indexOf(place) < i);
  if (twice !== -1) throw crowded(places[twice] ?? 'standard output');
  const output = (file: string | undefined): Output =>
    file === undefined
      ? { screen: screenOf(process.stdout, color), write: (text) => process.stdout.write(text) }
      : fileOutput(file);
  const make = { pretty: (to: Output) => prettyTeller(to, quiet === true), markdown: markdownTeller };
  return [...printed, ...wishes.map(({ name, file }) => make[name](output(file)))];
}

function prettyTeller({ screen, write }: Output, isQuiet: boolean): DiffTeller {
  let versions: Versions;
  let labels = 0;
  let isApart = true;
  return {
    begin(both, width) {
      [versions, labels] = [both, width];
      if (!isQuiet) write(`${screen.paint('strong', titleText(both))}\n`);
    },
    tell(entry) {
      if (isQuiet && diffStandingOf(entry) === 'same') return;
      const text = entryText(entry, versions, labels, screen);
      write(`${text}\n`);
      isApart = text.endsWith('\n');
    },
    end({ entries }) {
      write(`${isApart ? '' : '\n'}${diffSummary(entries, screen)}\n`);
    },
  };
}

const markdownTeller = ({ write }: Output): DiffTeller => ({
  begin() {},
  tell() {},
  end: (diff) => write(diffMarkdown(diff)),
});

const jsonTeller = (version: string): DiffTeller => ({
  begin() {},
  tell() {},
  end: (diff, exit) => process.stdout.write(`${diffJson(diff, exit, version)}\n`),
});
