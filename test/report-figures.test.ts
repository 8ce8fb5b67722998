import { describe, expect, test } from 'vitest';
import type { Keeping, SearchFigures } from '../src/explore/figures.ts';
import type { Verdict } from '../src/explore/verdict.ts';
import { coverageLines } from '../src/report/coverage.ts';
import { figuresLines, sparkline } from '../src/report/figures.ts';
import { jsonText } from '../src/report/json.ts';
import { plainScreen } from '../src/report/screen.ts';
import { summaryText } from '../src/report/summary.ts';
import { outcomeText } from '../src/report/terminal.ts';
import { chanceText } from '../src/report/words.ts';
import {
  brief,
  checked,
  full,
  holds,
  reached,
  report,
  screen,
  stopped,
  unexpected,
  violated,
} from './cli-fixtures/by-hand.ts';

const narrow = plainScreen(80);

const figures: SearchFigures = {
  slots: [
    {
      slot: 'worker',
      distinct: 4120,
      recent: 310,
      values: 12,
      fields: [
        { field: 'queue', values: 640 },
        { field: 'me', values: 2 },
        { field: 'kind', values: 1 },
      ],
    },
    { slot: 'mailbox of worker[1]', distinct: 12, recent: 0 },
    { slot: 'sender', distinct: 3, recent: 0, values: 3, fields: [] },
  ],
  width: 5,
  messages: 57,
  learned: { steps: 340, transitions: 5678 },
  keeping: { as: 'vectors', undivided: 'few states', bytes: 43_190 },
  levels: [1, 2, 40, 400, 600, 150, 41],
  process: 120 * 2 ** 20,
  milliseconds: { compile: 20, search: 90, evidence: 10 },
};
const printed = (more: Partial<SearchFigures> = {}) =>
  `\n${figuresLines({ ...figures, ...more }, report([]).stats, narrow).join('\n')}\n`;

describe('the figures of a search', () => {
  test('say what it cost, how its states are kept and where they come from', () => {
    expect(printed()).toMatchInlineSnapshot(`
      "
         local states  worker 4,120 (12 states, 640 values of queue, 2 of me; 310 new
                         in the last level), sender 3
         mailboxes     worker[1] 12
         messages      57
         XState        asked 9 times; 340 steps worked out for 5,678 transitions:
                         94.0% looked up
         memory        35 bytes a state, 43 KB in all; the process 120 MB
         state vector  5 slots, taken whole: there are too few states for halves to
                         pay
         levels        ▂▂▂▆█▃▂
                       7, the largest of 600 states at depth 4
         time          0.02 s to compile, 0.09 s to search, 0.01 s for the evidence
      "
    `);
  });

  const halves: Keeping<string> = {
    as: 'halves',
    bytes: 3 * 2 ** 20,
    left: ['sender', 'mailbox of sender', 'worker[0]'],
    right: ['worker[1]', 'mailbox of worker[0]'],
    halves: [812, 4123],
    joints: 4,
    answers: 1234,
    pairs: 'bit matrix',
  };

  test('say who is in which half of the state vector; a mailbox beside its actor goes without saying', () => {
    expect(printed({ keeping: halves, divided: { states: 17_000, milliseconds: 40 } })).toMatchInlineSnapshot(`
      "
         local states  worker 4,120 (12 states, 640 values of queue, 2 of me; 310 new
                         in the last level), sender 3
         mailboxes     worker[1] 12
         messages      57
         XState        asked 9 times; 340 steps worked out for 5,678 transitions:
                         94.0% looked up
         memory        2,549 bytes a state, 3 MB in all; the process 120 MB
         state vector  5 slots, in two halves from 17,000 states on
                       left: sender, worker[0]
                       right: worker[1], mailbox of worker[0]
                       812 different left halves, 4,123 right ones, pairs in a bit
                         matrix; 4 joints of both with 1,234 answers
         levels        ▂▂▂▆█▃▂
                       7, the largest of 600 states at depth 4
         time          0.02 s to compile, 0.09 s to search (in halves after 0.04 s),
                         0.01 s for the evidence
      "
    `);
  });

  test.each([
    ['few states', /taken whole: there are too few states for halves to pay/],
    ['bound on the depth', /taken whole: a search with a bound on the depth is not divided/],
    ['nothing to divide', /taken whole: there is nothing to divide/],
    ['does not pay', /taken whole: there are nearly as many different halves as states/],
  ] as const)('say why the state vector was taken whole: %s', (undivided, told) => {
    expect(printed({ keeping: { as: 'vectors', undivided, bytes: 1 } }).replace(/\n +/g, ' ')).toMatch(told);
  });

  test('say that halves were given up', () => {
    const keeping = { as: 'vectors', undivided: 'does not pay', bytes: 1 } as const;
    const text = printed({ keeping, divided: { states: 17_000, milliseconds: 40 } }).replace(/\n +/g, ' ');
    expect(text).toContain('taken whole again, after halves from 17,000 states on: there are nearly as many');
    expect(text).not.toContain('in halves after');
  });

  test('draw the levels, of more than there is room for the largest of a few', () => {
    expect(sparkline([0, 1, 4, 8])).toBe('▁▂▅█');
    expect(sparkline([1, 1, 1, 7, 1, 1], 2)).toBe('▂█');
    expect(sparkline([1, 1, 1, 7, 1, 1], 3)).toBe('▂█▂');
    expect(sparkline([1])).toBe('█');
    expect(printed({ levels: [1] })).toMatch(/levels +1, the largest of 1 state at depth 0/);
  });
});

describe('the coverage of the machines', () => {
  const coverage = [
    {
      actor: 'worker',
      transitions: [
        { transition: 'idle on job', locals: 1, messages: 1200 },
        { transition: 'idle on stop', locals: 0, messages: 0 },
      ],
    },
    { actor: 'sender', transitions: [{ transition: 'idle on begin if isFirst', locals: 3, messages: 2 }] },
  ];

  test('is a table of all transitions', () => {
    const all = report([holds], { coverage, neverTaken: { messages: [], transitions: [] } });
    expect(`\n${coverageLines(all, narrow).join('\n')}\n`).toMatchInlineSnapshot(`
      "
         coverage                          local states  messages
         worker: 1 of 2 transitions taken
           idle on job                                1     1,200
           idle on stop                           never
         sender: 1 of 1 transitions taken
           idle on begin if isFirst                   3         2
      "
    `);
  });

  test('does not say never where not all states were seen', () => {
    const lines = coverageLines(report([holds], { coverage, limit: stopped }), narrow);
    expect(lines.find((line) => line.includes('idle on stop'))).toMatch(/ not seen$/);
  });

  test('stands apart from what is said of the verdicts, and before the runs', () => {
    const outcome = checked([violated, holds], { surprises: [unexpected] });
    const text = outcomeText({ ...outcome, report: { ...outcome.report, coverage, figures } }, full, screen);
    const places = ['\n\n   local states ', '\n\n   coverage ', '\n\n    #', '\n   reproduce: '].map((start) =>
      text.indexOf(start),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });
});

describe('an approximate search', () => {
  const unknown: Verdict = { property: 'unhandled', of: 'unhandled', kind: 'unknown' };
  const approximate = { chance: 4.13e-14 };
  const seen = (...verdicts: Verdict[]) => {
    const outcome = checked(verdicts);
    return { ...outcome, report: { ...outcome.report, approximate } };
  };

  test('says that it proves nothing, and the chance that a state was missed', () => {
    const text = outcomeText(seen(unknown, reached), brief, narrow);
    expect(`\n${text}\n`).toMatchInlineSnapshot(`
      "
       ? jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  approximate: nothing unexpected found, nothing proved
         unknown      unhandled
         approximate  states were told apart by fingerprints of 64 bits: what was
                        found is there, what was not found is not proved absent;
                        chance that a state was missed: at most 4.2e-14 (n(n+1)/2^65,
                        n = 1,234)
         to try       the same without --approximate, where there is memory for it

      "
    `);
  });

  test('does not call a run the shortest', () => {
    const outcome = { ...seen(unknown, violated), surprises: [unexpected] };
    expect(outcomeText(outcome, brief, narrow)).toContain('violated after 4 steps, expected holds\n');
  });

  test('that was stopped covers what it covers with the same reservation', () => {
    const outcome = seen(unknown);
    const text = outcomeText({ ...outcome, report: { ...outcome.report, limit: stopped } }, brief, narrow);
    expect(text).toMatch(/covered +every run of up to 19 steps, unless a state was missed: nothing/);
    expect(text).toMatch(/^ {3}approximate /m);
  });

  test('is told of in the summary: what it found, or that it proves nothing', () => {
    expect(summaryText([seen(unknown)], [], screen)).toBe(
      '1 model, 1 variant: 1 unknown: jobs plain (approximate: nothing unexpected found, nothing proved)',
    );
    expect(summaryText([{ ...seen(unknown, violated), surprises: [unexpected] }], [], screen)).toMatch(
      /jobs plain \(no job is lost: expected holds, found violated\)$/,
    );
  });

  test('is marked in JSON, beside figures and coverage where they were asked for', () => {
    const outcome = seen(unknown);
    const text = jsonText([{ ...outcome, report: { ...outcome.report, figures, coverage: [] } }], 3, '1', 0, false);
    expect(JSON.parse(text).models[0].variants[0]).toMatchObject({ approximate, figures, coverage: [] });
  });

  test('rounds chances up', () => {
    expect([4.13e-14, 1.00001e-9, 9.99e-5, 0.0271, 1].map(chanceText)).toEqual([
      '4.2e-14',
      '1.1e-9',
      '1.0e-4',
      '3%',
      '100%',
    ]);
  });
});
