import type { Screen, Tone } from './screen.ts';
import { count } from './text.ts';

/** A line of a cell. What is cut or filled is the text, before it gets its colour. */
export interface Line {
  readonly text: string;
  readonly tone?: Tone;
}
export type Cell = readonly Line[];

const GAP = '  ';
const NARROWEST = 6;

/** Rows of cells as lines no wider than the screen: columns keep their width where there is room, and wrap where not. */
export function columns(rows: readonly (readonly Cell[])[], indent: number, screen: Screen): string[] {
  const widths = shrunk(naturalWidths(rows), screen.width - indent);
  return rows.flatMap((row) => {
    const cells = row.map((cell, column) => cell.flatMap((line) => wrapped(line, widths[column]!)));
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, i) => rowLine(cells, widths, i, indent, screen));
  });
}

function rowLine(cells: readonly Cell[], widths: readonly number[], i: number, indent: number, screen: Screen): string {
  const last = cells.findLastIndex((cell) => (cell[i]?.text ?? '') !== '');
  const parts = cells.slice(0, last + 1).map((cell, column) => {
    const { text = '', tone } = cell[i] ?? {};
    const padding = column === last ? '' : ' '.repeat(Math.max(0, widths[column]! - widthOf(text)));
    return (tone === undefined ? text : screen.paint(tone, text)) + padding;
  });
  return ' '.repeat(indent) + parts.join(GAP);
}

function naturalWidths(rows: readonly (readonly Cell[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      for (const { text } of cell) widths[column] = Math.max(widths[column] ?? 0, widthOf(text));
    }
  }
  return Array.from(widths, (width = 0) => width);
}

/** Takes from the widest columns, as little as will do. */
function shrunk(widths: readonly number[], room: number): number[] {
  // none has more than all the room, however much it would take
  const fitted = widths.map((width) => Math.min(width, room));
  let over = fitted.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - room;
  while (over > 0) {
    const widest = fitted.indexOf(Math.max(...fitted));
    if (fitted[widest]! <= NARROWEST) break;
    fitted[widest]!--;
    over--;
  }
  return fitted;
}

/** How many lines a line of a cell is wrapped into: nobody reads a longer one in a table. */
const TALLEST = 100;

const wrapped = ({ text, tone }: Line, width: number): Line[] =>
  wrap(shortened(text, TALLEST * width), width).map((part) =>
    tone === undefined ? { text: part } : { text: part, tone },
  );

/** The beginning of a text that is very long, and how much more there is; no character is cut in two. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const begin = text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
  return `${begin}… (${count(text.length - begin.length)} characters more)`;
}

/** The text in lines of at most `width`, broken at blanks where it can be; the lines after the first are set in by two. */
export function wrap(text: string, width: number): string[] {
  if (fits(text, width)) return [text];
  const hang = width > NARROWEST ? '  ' : '';
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    if (line !== undefined && fits(`${line} ${word}`, width)) {
      line = `${line} ${word}`;
      continue;
    }
    if (line !== undefined) lines.push(line);
    const indent = () => (lines.length === 0 ? '' : hang);
    let rest = word;
    while (!fits(rest, width - indent().length)) {
      const head = start(rest, width - indent().length);
      lines.push(indent() + head);
      rest = rest.slice(head.length);
    }
    line = indent() + rest;
  }
  return line === undefined ? lines : [...lines, line];
}

/** As many characters from the start of a word as have room; at least one. */
function start(word: string, room: number): string {
  let taken = '';
  let width = 0;
  for (const char of word) {
    width += widthOf(char);
    if (taken !== '' && width > room) break;
    taken += char;
  }
  return taken;
}

/** The blocks of Unicode whose characters take two columns (East Asian Width W and F, and emoji). */
const WIDE =
  /[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal the text takes. */
export function widthOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += /\p{M}/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** Whether a text is no wider; of a long one only as much is looked at as it takes to tell. */
function fits(text: string, width: number): boolean {
  // a character takes two units of a string at most, and marks none of the width: what is far too long is not measured to its end
  const looked = text.length > 4 * width + 64 ? text.slice(0, 4 * width + 64) : text;
  return widthOf(looked) <= width && looked.length === text.length;
}

export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
