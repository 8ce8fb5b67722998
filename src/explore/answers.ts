import { grown } from './store.ts';

/** Numbers that are kept of each joint. */
export const placeSize = 5;
/** In the place of a joint's rows: its table would be too large. */
const tooLarge = -1;

/**
 * What joints have answered, in one array that a loop looks into without a call: of each a table by what its columns show.
 *
 * It is a copy. A joint of which it does not know the answer has to be asked itself: one that has never been asked, whose table is
 * too large, or that looks at more than before.
 */
export class Answers {
  /** All tables, one behind the other. What a column shows counts from 1 here: row 0 and column 0 are empty. */
  cells = new Int32Array(1 << 10);
  /** By joint: where its table begins, its rows, the cells of each, and the numbers of its left column and of its right one. */
  places = new Int32Array(64 * placeSize);
  readonly #mostCells: number;
  readonly #mostInAll: number;
  /** The first cell is of no table. */
  #end = 1;

  /**
   * @param mostCells that a table may have
   * @param mostInAll cells of all tables, those included that have given way to larger ones; tests make it small
   */
  constructor(mostCells: number, mostInAll = 2 ** 26) {
    this.#mostCells = mostCells;
    this.#mostInAll = mostInAll;
  }

  /** Makes room for so many joints. */
  makeRoom(joints: number): void {
    if (joints * placeSize > this.places.length) this.places = grown(this.places, this.places.length * 2);
  }

  get bytes(): number {
    return this.cells.byteLength;
  }

  /**
   * Keeps an answer of a joint.
   *
   * Where it is by other columns than the answers before, those are forgotten.
   *
   * @param row what the left column shows
   * @param column what the right column shows
   */
  keep(joint: number, leftColumn: number, rightColumn: number, row: number, column: number, answer: number): void {
    const { places } = this;
    const at = joint * placeSize;
    if (places[at + 3] !== leftColumn || places[at + 4] !== rightColumn)
      places.set([0, 0, 0, leftColumn, rightColumn], at);
    if (places[at + 1] === tooLarge) return;
    if (row + 1 >= places[at + 1]! || column + 1 >= places[at + 2]!) {
      if (!this.#widen(at, row + 2, column + 2)) return;
    }
    this.cells[places[at]! + (row + 1) * places[at + 2]! + column + 1] = answer;
  }

  #widen(at: number, wantedRows: number, wantedColumns: number): boolean {
    const { places } = this;
    const [from, rows, columns] = [places[at]!, places[at + 1]!, places[at + 2]!];
    const [moreRows, moreColumns] = [roomFor(wantedRows, rows), roomFor(wantedColumns, columns)];
    const cells = moreRows * moreColumns;
    if (cells > this.#mostCells || this.#end + cells > this.#mostInAll) {
      places[at + 1] = tooLarge;
      return false;
    }
    const begin = this.#end;
    this.#end += cells;
    if (this.#end > this.cells.length) this.cells = grown(this.cells, Math.max(this.#end, this.cells.length * 2));
    for (let row = 0; row < rows; row++) {
      const old = from + row * columns;
      this.cells.copyWithin(begin + row * moreColumns, old, old + columns);
    }
    places[at] = begin;
    places[at + 1] = moreRows;
    places[at + 2] = moreColumns;
    return true;
  }
}

function roomFor(wanted: number, room: number): number {
  let enough = Math.max(room, 4);
  while (enough < wanted) enough *= 2;
  return enough;
}
