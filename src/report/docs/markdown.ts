import { code as codeSpan } from '../markdown.ts';
import { data, safe } from '../text.ts';

/**
 * Pieces of Markdown for documents. What a model says goes through {@link plain}, {@link prose} or {@link code}, so that it is
 * shown as it is written and is no markup; everything else here takes Markdown and makes more of it.
 */

/** How much of a name is shown; nobody reads a longer one. */
const LONGEST = 160;

export const clipped = (text: string, most = LONGEST): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** A name as code. */
export const code = (name: string, most = LONGEST): string => codeSpan(clipped(name, most));

/** A name as text: nothing in it is markup, wherever in a line it stands. An address is one: GitHub links it by itself. */
export const plain = (name: string, most = LONGEST): string => unmarked(safe(clipped(name, most)));

/**
 * Marks that begin something anywhere in a line: a bracket only where an address or a note could come of it, an underscore only
 * where it is not between two letters.
 */
const MARKS = /[\\`*~$<>]|\](?=[[(:])|\[(?=\^)|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|#(?=#*$)/gu;
/** What would make a list, a heading, a quotation or a rule of a line that begins with it. */
const BEGINNING = /^(?:[-+=#]|\d+(?=[.)]))/;

function unmarked(line: string): string {
  return line
    .trim()
    .replace(MARKS, (mark) => (mark === '&' ? '&amp;' : `\\${mark}`))
    .replace(BEGINNING, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`))
    .replaceAll('|', '&#124;');
}

/**
 * What a person has written in sentences, as a doc comment has it: paragraphs, lists and code between backticks stay what
 * they are, and nothing else in it is markup.
 *
 * @param linked what becomes of text that is no code, when it is safe to be shown
 */
export function prose(text: string, linked: (text: string) => string = (same) => same): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => {
      let isList = false;
      return paragraph
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => {
          const [, bullet, rest] = /^\s*(- )?(.*)$/s.exec(line)!;
          isList ||= bullet !== undefined;
          return `${bullet ?? (isList ? '  ' : '')}${withCode(rest!, linked)}`;
        })
        .join('\n');
    })
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

/** A line with what stands between backticks as code. */
const withCode = (line: string, linked: (text: string) => string): string =>
  line
    .split(/(`[^`]+`)/)
    .map((part, i) =>
      i % 2 === 1 ? codeSpan(part.slice(1, -1)) : spaced(part, (words) => linked(unmarked(safe(words)))),
    )
    .join('');

/** Changes the words and leaves the blanks around them. */
function spaced(text: string, change: (words: string) => string): string {
  const words = text.trim();
  if (words === '') return text;
  const at = text.indexOf(words);
  return `${text.slice(0, at)}${change(words)}${text.slice(at + words.length)}`;
}

/** What somebody has written, for a cell. */
export const onOneLine = (text: string): string => clipped(text.trim().replaceAll(/\s+/g, ' '), 2_000);

/** The first sentence of what somebody has written, on one line. */
export const firstSentence = (text: string): string => {
  const [paragraph = ''] = text.split(/\n\s*\n/);
  const line = onOneLine(paragraph);
  return /^.*?[.?!](?=\s|$)/.exec(line)?.[0] ?? line;
};

/** How many values of a list are told, and how much of each. */
export const MOST_VALUES = 6;
const LONGEST_VALUE = 80;

/** Data as code, each once. */
export function distinct(values: readonly unknown[]): string {
  const texts = [...new Set(values.map((value) => data(value)))];
  const shown = texts.slice(0, MOST_VALUES).map((text) => code(text, LONGEST_VALUE));
  return shown.join(', ') + (texts.length > MOST_VALUES ? ` and ${texts.length - MOST_VALUES} more` : '');
}

/** A table whose cells are Markdown themselves; a line break in one of them stays one. Nothing where it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', '<br>');

/** Blocks with a blank line between them; those that are empty are left out. */
export const page = (...blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== '').join('\n\n')}\n`;

/** Blocks that are shown on request. */
export const folded = (summary: string, ...blocks: readonly string[]): string =>
  ['<details>', `<summary>${summary}</summary>`, '', blocks.join('\n\n'), '', '</details>'].join('\n');

/** Lines that are shown as they are. */
export const fenced = (language: string, lines: readonly string[]): string => {
  const longest = Math.max(2, ...[...lines.join('\n').matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, ...lines, fence].join('\n');
};

/** @param path with slashes; what in it would not be part of one is encoded */
export const link = (text: string, path: string, anchor?: string): string =>
  `[${text.replaceAll(/(?<!\\)[[\]]/g, '\\$&')}](${path.split('/').map(encoded).join('/')}${anchor === undefined ? '' : `#${encoded(anchor)}`})`;

/** Of half a pair of surrogates no address can be made. */
const encoded = (part: string): string =>
  encodeURIComponent(part.toWellFormed()).replace(/[()'!*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
