import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Answers, placeSize } from '../../src/explore/answers.ts';
import { tries } from './kit.ts';

const question = fc.record({
  joint: fc.nat(5),
  row: fc.oneof(fc.nat(5), fc.nat(300)),
  column: fc.oneof(fc.nat(5), fc.nat(300)),
  answer: fc.integer({ min: 1, max: 1_000_000 }),
});

/** As the loop of the search looks there; 0 where the joint has to be asked. */
function lookUp({ places, cells }: Answers, joint: number, row: number, column: number): number | undefined {
  const at = joint * placeSize;
  const isKept = row + 1 < places[at + 1]! && column + 1 < places[at + 2]!;
  return isKept ? cells[places[at]! + (row + 1) * places[at + 2]! + column + 1] : 0;
}

test.each([
  ['no room', 0, 2 ** 26],
  ['room for all', 2 ** 20, 2 ** 26],
  ['few cells in all', 2 ** 16, 2 ** 10],
])('what is kept of a joint is what it has answered, with %s', (_, mostCells, mostInAll) => {
  fc.assert(
    fc.property(fc.array(question, { maxLength: 200, size: 'max' }), (questions) => {
      const answers = new Answers(mostCells, mostInAll);
      const known = new Map<string, number>();
      for (const { joint, row, column, answer } of questions) {
        answers.makeRoom(joint + 1);
        const code = `${joint} ${row} ${column}`;
        expect([0, known.get(code) ?? 0]).toContain(lookUp(answers, joint, row, column));
        answers.keep(joint, 1, 1, row, column, known.get(code) ?? answer);
        known.set(code, known.get(code) ?? answer);
        expect(answers.cells.length).toBeLessThanOrEqual(Math.max(2 * mostInAll, 2 ** 10));
      }
      if (mostCells < 2 ** 20) return;
      for (const { joint, row, column } of questions) {
        expect(lookUp(answers, joint, row, column)).toBe(known.get(`${joint} ${row} ${column}`));
      }
    }),
    tries(50),
  );
});
