import { describe, expect, test } from 'vitest';
import type { ActorView, Run, Verdict } from '../src/explore/verdict.ts';
import { changes } from '../src/report/change.ts';
import { widthOf } from '../src/report/columns.ts';
import { runLines } from '../src/report/run.ts';
import { plainScreen } from '../src/report/screen.ts';
import { outcomeText } from '../src/report/terminal.ts';
import {
  checked,
  full,
  job,
  run,
  screen,
  second,
  sender,
  step,
  unexpected,
  view,
  violated,
} from './cli-fixtures/by-hand.ts';

describe('a run', () => {
  test('is a numbered table of who did what and why, what it changed, what it sent, and where the property became false', () => {
    expect(`\n${runLines(run, [violated], screen).join('\n')}\n`).toMatchInlineSnapshot(`
      "
          #  actor      cause  message                      what changed                 sent
          1  sender     own    begin {many: 2}              idle -> waiting              job {n: 1} -> worker[0]
                                                            sent 0 -> 1                    (queued)
                                                            after 1000 armed             job {n: 1} -> worker[1]
                                                            worker[0]: mail + job {n:      (lost)
                                                              1}                         worker[1]: lock -> sender
                                                                                           (rendezvous)
          2  sender     delay  after 1000                   nothing
          3  worker[0]  mail   job {n: 1}                   idle -> done (final)
                               (from sender, stays in the
                                 mailbox)
          4  worker[0]  loss   job {n: 1}                   nothing
                               (place 2)
              <- "no job is lost" is false here
      "
    `);
  });

  test('has what was sent under what changed where the screen is narrow', () => {
    expect(`\n${runLines(run, [violated], plainScreen(80)).join('\n')}\n`).toMatchInlineSnapshot(`
      "
          #  actor      cause  message                     what changed, what was sent
          1  sender     own    begin {many: 2}             idle -> waiting
                                                           sent 0 -> 1
                                                           after 1000 armed
                                                           worker[0]: mail + job {n:
                                                             1}
                                                           sends job {n: 1} ->
                                                             worker[0] (queued)
                                                           sends job {n: 1} ->
                                                             worker[1] (lost)
                                                           worker[1] sends lock ->
                                                             sender (rendezvous)
          2  sender     delay  after 1000                  nothing
          3  worker[0]  mail   job {n: 1}                  idle -> done (final)
                               (from sender, stays in the
                                 mailbox)
          4  worker[0]  loss   job {n: 1}                  nothing
                               (place 2)
              <- "no job is lost" is false here
      "
    `);
  });

  test('keeps to the width of the screen', () => {
    for (const width of [60, 72, 80, 100, 200]) {
      const lines = runLines(run, [violated], plainScreen(width));
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
    }
  });

  test('of no steps shows the state that things start from', () => {
    const none: Run = { ...run, steps: [] };
    expect(`\n${runLines(none, [{ ...violated, run: none, steps: 0 }], screen).join('\n')}\n`).toMatchInlineSnapshot(`
      "
          sender     idle  {sent: 0}
          worker[0]  idle
          worker[1]  idle
              <- "no job is lost" is false here
      "
    `);
  });

  test('into a deadlock says who is stuck where, and why that counts', () => {
    const ended: Run = {
      initial: [
        view('sender', 'waiting'),
        view('worker', 'idle', { tags: ['rest'], mailbox: [job] }),
        view('clock', 'on', { tags: ['rest'] }),
      ],
      steps: [step({ ...sender, message: { type: 'begin' } })],
      ends: { at: 'state' },
    };
    const lines = runLines(ended, [{ property: 'deadlock', of: 'deadlock', kind: 'violated', steps: 1 }], screen);
    expect(lines.slice(2).map((line) => line.trim())).toEqual([
      '<- deadlock here',
      'sender stuck in waiting (not final, not tagged "rest")',
      'worker stuck in idle (has mail: job {n: 1})',
    ]);
  });

  test.each([
    ['not taken', '<- unhandled: worker[1] does not take job {n: 1} here'],
    ['mailbox full', '<- unhandled: the mailbox of worker[1] has no room for job {n: 1}'],
  ] as const)('that ends with a message %s says whose', (why, mark) => {
    const ended: Run = { ...run, ends: { at: 'unhandled', who: second, message: job, why } };
    const lines = runLines(ended, [{ property: 'unhandled', of: 'unhandled', kind: 'violated', steps: 4 }], screen);
    expect(lines.map((line) => line.trim())).toContain(mark);
  });

  test('cannot be broken by hostile names and data', () => {
    const evil = '\u001b[2J\n\u202egnp.exe\u009b31m';
    const hostile: Run = {
      initial: [view(evil, evil, { context: { [evil]: evil } })],
      steps: [
        step(
          { actor: evil, message: { type: evil, [evil]: evil } as { type: string } },
          {
            changed: [
              {
                before: view(evil, evil, { context: { [evil]: 1 } }),
                after: view(evil, { [evil]: evil }, { context: {} }),
              },
            ],
          },
        ),
      ],
      ends: { at: 'step' },
    };
    const verdict: Verdict = { property: evil, of: 'step', kind: 'violated', steps: 1, run: hostile };
    const text = outcomeText(
      checked([verdict], { surprises: [{ ...unexpected, property: evil }] }),
      full,
      plainScreen(60),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain('\\u{1b}[2J\\n\\u{202e}');
    const table = text.split('\n').filter((line) => line.startsWith('    '));
    expect(Math.max(...table.map(widthOf))).toBeLessThanOrEqual(60);
  });
});

describe('what changed', () => {
  const of = (before: Partial<ActorView>, after: Partial<ActorView>) =>
    changes(view('it', 'here', before), view('it', 'here', after));

  test('is nothing where nothing did', () => expect(of({}, {})).toEqual([]));
  test('is only the region that moved', () =>
    expect(of({ value: { a: 'on', b: { c: 'x' } } }, { value: { a: 'on', b: { c: 'y' } } })).toEqual(['b c.x -> c.y']));
  test('is only the field that differs, however deep', () =>
    expect(
      of({ context: { list: [{ a: 1, b: 2 }], same: 'x' } }, { context: { list: [{ a: 1, b: 3 }], same: 'x' } }),
    ).toEqual(['list[0].b 2 -> 3']));
  test('tells a field that is missing from one that is undefined', () =>
    expect(of({ context: { a: undefined } }, { context: { b: undefined } })).toEqual([
      'a undefined -> (absent)',
      'b (absent) -> undefined',
    ]));
  test('tells values apart that JSON does not', () =>
    expect(of({ context: { a: Number.NaN, b: 0, c: 1n } }, { context: { a: null, b: -0, c: 1 } })).toEqual([
      'a NaN -> null',
      'b 0 -> -0',
      'c 1n -> 1',
    ]));
  test('is a short list as a whole where its length changed, a long one by its members', () => {
    expect(of({ context: { list: [1] } }, { context: { list: [1, 2] } })).toEqual(['list [1] -> [1, 2]']);
    const long = Array.from({ length: 30 }, (_, i) => i);
    expect(of({ context: { list: long } }, { context: { list: [...long, 7] } })).toEqual(['list[30] (absent) -> 7']);
  });
  test('is mail that came and went, each as often as it did, and a new order where there is only that', () => {
    const [a, b] = [{ type: 'a' }, { type: 'b' }];
    expect(of({ mailbox: [a, a, b] }, { mailbox: [a, b, b] })).toEqual(['mail - a', 'mail + b']);
    expect(of({ mailbox: [a, b] }, { mailbox: [b, a] })).toEqual(['mail: b, a']);
  });
  test('is what was armed and disarmed', () =>
    expect(of({ armed: ['retry'] }, { armed: ['xstate.after.1000.it.here'] })).toEqual([
      'after 1000 armed',
      'retry disarmed',
    ]));
});
