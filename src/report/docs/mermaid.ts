import { safe } from '../text.ts';
import { clipped } from './markdown.ts';

/** What the diagrams of Mermaid have in common: how a text and a name are written so that they are nothing else. */

/** How much of a text stands in a diagram. */
const LONGEST = 60;

/**
 * Text in a label. Mermaid has a code for every character, `#59;`, which it puts back when it draws; whatever could be more
 * than itself in some place of some diagram is written so.
 *
 * @param most how much of it is shown
 */
export const label = (text: string, most = LONGEST): string =>
  clipped(safe(text), most)
    .replace(/[^\p{L}\p{N} _.,()[\]=/+!?→-]/gu, coded)
    .replace(/\[(?=\[)|\](?=\])/g, coded)
    // in a state diagram these words count wherever they stand in a line
    .replace(/\b(?:direction|end)\b/gi, (word) => coded(word[0]!) + word.slice(1));

/** The same where a message and its payload stand: a sequence diagram is content with less. */
export const messageLabel = (text: string, most = LONGEST): string =>
  clipped(safe(text), most)
    .replace(/[^\p{L}\p{N} _.,()[\]{}:"=/+!?→-]/gu, coded)
    // "wrap:" would say how the text is to be laid out
    .replace(/^(?:no)?wrap(?=:)/i, (word) => coded(word[0]!) + word.slice(1));

const coded = (char: string): string => `#${char.codePointAt(0)};`;

/** Words of the two grammars, which are no names. */
export const RESERVED = {
  sequence: new Set(
    `accdescr acctitle activate actor alt and as autonumber box break create critical deactivate destroy details else end left
link links loop note off opt option over par par_over participant properties rect right sequencediagram title`.split(
      /\s+/,
    ),
  ),
  state: new Set(
    'accdescr acctitle as class classdef click default direction end hide href note scale state statediagram style'.split(
      ' ',
    ),
  ),
} as const;

/** Gives things names in a diagram: their own where these are plain words, others where not. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #diagram: keyof typeof RESERVED;

  constructor(diagram: keyof typeof RESERVED) {
    this.#diagram = diagram;
  }

  /** @param words what it is called, in parts */
  of(words: readonly string[]): string {
    const own = words.join('_');
    const isWord = /^[A-Za-z]\w{0,39}$/.test(own) && !RESERVED[this.#diagram].has(own.toLowerCase());
    const made = isWord ? own : this.#diagram === 'state' ? 's' : 'a';
    let name = made;
    for (let i = 2; this.#taken.has(name.toLowerCase()); i++) name = `${made}_${i}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

/** Mermaid draws no longer text. */
const MOST_TEXT = 50_000;

/** The lines of a diagram, or nothing where Mermaid would refuse it for its length. */
export const drawable = (lines: readonly string[]): readonly string[] | undefined =>
  lines.reduce((sum, line) => sum + line.length + 1, 0) < MOST_TEXT ? lines : undefined;
