import { describe, expect, test } from 'vitest';
import type { ActorView, Run } from '../src/explore/verdict.ts';
import { castLines } from '../src/report/cast.ts';
import { runLines } from '../src/report/run.ts';
import { plainScreen } from '../src/report/screen.ts';
import { run, screen, step, view } from './cli-fixtures/by-hand.ts';

const workers = (...contexts: readonly object[]): ActorView[] =>
  contexts.map((context, self) => view('worker', 'idle', { self, context }));

/** A run in which a replica of the worker takes a step. */
const of = (initial: readonly ActorView[], actor = 'worker'): Run => ({
  initial,
  steps: [step({ actor, self: 1, message: { type: 'begin' } })],
  ends: { at: 'state' },
});

describe('who is who among replicas', () => {
  test('is said above the run, by what is not the same in all of them at the start', () => {
    const two = of([view('sender', 'idle'), ...workers({ own: 'mp', done: 0 }, { own: 'other', done: 0 })]);
    expect(`\n${runLines(two, [], screen).join('\n')}\n`).toMatchInlineSnapshot(`
      "
          replica    at the start
          worker[0]  own "mp"
          worker[1]  own "other"

          #  actor      cause  message  what changed  sent
          1  worker[1]  own    begin    nothing
      "
    `);
  });

  test('is not said where they start alike, nor of whom the run has nothing to do with', () => {
    expect(castLines(run, 4, screen)).toEqual([]);
    expect(castLines(of(workers({ own: 'mp' }, { own: 'other' }), 'sender'), 4, screen)).toEqual([]);
  });

  test('is said of the first of many', () => {
    const lines = castLines(of(workers(...Array.from({ length: 9 }, (_, n) => ({ n })))), 4, screen);
    expect(lines.some((line) => /worker\[5\] +n 5/.test(line))).toBe(true);
    expect(lines.at(-2)!.trim()).toBe('and 3 more');
  });

  test('is as wide as the screen, and hostile names in it are written, and do not work', () => {
    const evil = of(workers({ '\u001b[2J': 'x'.repeat(200) }, { '\u001b[2J': 'y\n' }));
    const lines = castLines(evil, 4, plainScreen(60));
    expect(Math.max(...lines.map((line) => line.length))).toBe(60);
    expect(lines.join('')).toContain('\\u001b[2J');
    expect(lines.join('')).not.toContain('\u001b');
  });
});
