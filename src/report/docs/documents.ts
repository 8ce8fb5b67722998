import { type Documented, gather, type Setting } from './gather.ts';
import { indexPage } from './index-page.ts';
import { machinePage } from './machine-page.ts';
import { modelPage } from './model-page.ts';
import { svgOf } from './svg.ts';

export type { Documented, DocumentedVariant, OtherPage, Setting } from './gather.ts';

/** The first line of every file that is made here; a file without it is somebody else's. */
export const MADE = '<!-- Made by `holdfast docs`. Do not edit. -->';

/** The page that leads to all others: what a reader of a folder is shown. */
export const INDEX = 'README.md';

/**
 * All documents of these models: a page for each of them, a page and a picture for each of their machines, and one that leads
 * there. They are the same whenever and wherever they are made: nothing in them is of the moment.
 *
 * @returns the texts, by path below the folder of the documents, with slashes
 */
export function documentsOf(documented: readonly Documented[], setting: Setting): Map<string, string> {
  const book = gather(documented, setting);
  return new Map([
    [INDEX, indexPage(book, MADE)],
    ...book.models.map((entry) => [`models/${entry.page}.md`, modelPage(entry, book, MADE)] as const),
    ...book.machines.flatMap((entry) => [
      [`machines/${entry.page}.md`, machinePage(entry, book, MADE)] as const,
      [`machines/${entry.page}.svg`, svgOf(entry.name, entry.chart, MADE)] as const,
    ]),
  ]);
}
