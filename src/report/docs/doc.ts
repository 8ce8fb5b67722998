import type { Book } from './gather.ts';
import { link, plain, prose } from './markdown.ts';

/** What a doc comment says, taken apart: its sentences, and what it refers to. */
export interface Doc {
  readonly text: string;
  /** What stands behind `@see`: of a kernel its files and functions. */
  readonly sees: readonly string[];
}

export function docOf(comment: string): Doc {
  const [text, ...tags] = comment.split(/^@/m);
  const sees = tags.flatMap((tag) =>
    /^see\b/.test(tag) ? [tag.slice('see'.length).replaceAll(/\s+/g, ' ').trim()] : [],
  );
  const others = tags.filter((tag) => !/^see\b/.test(tag)).map((tag) => `@${tag}`);
  return { text: [text, ...others].join('\n').trim(), sees };
}

/** Links from a page to what its texts name. */
export class Linking {
  readonly #book: Book;
  readonly #anchors = new Map<string, string>();

  constructor(book: Book) {
    this.#book = book;
    for (const { file, anchors } of book.setting.others) {
      for (const anchor of anchors) if (!this.#anchors.has(anchor)) this.#anchors.set(anchor, file);
    }
  }

  /** A file of the specification. */
  file(file: string): string {
    return link(plain(file), `../${this.#book.setting.wayTo(file)}`);
  }

  /** Whether one of the other pages tells of it. */
  has(name: string): boolean {
    return this.#anchors.has(name);
  }

  /** The row of a ledger, with a link where one of the other pages has it. */
  row(name: string): string {
    const file = this.#anchors.get(name);
    if (file !== undefined) return link(plain(name), `../${file}`, name);
    return plain(name);
  }

  /** What somebody has written, with links from the rows that it names. */
  prose(text: string): string {
    return prose(text, (words) => words.replaceAll(/\b[A-Z]\w*-\d+\b/g, (name) => this.row(name)));
  }
}
