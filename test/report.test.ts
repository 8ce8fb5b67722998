import { describe, expect, test } from 'vitest';
import type { Surprise } from '../src/explore/check.ts';
import type { Run, Verdict } from '../src/explore/verdict.ts';
import { jsonText } from '../src/report/json.ts';
import { standingOf } from '../src/report/outcome.ts';
import { summaryText } from '../src/report/summary.ts';
import { outcomeText } from '../src/report/terminal.ts';
import {
  brief,
  checked,
  expecting,
  full,
  holds,
  reached,
  run,
  screen,
  shown,
  stopped,
  unexpected,
  view,
  violated,
  withoutRun,
} from './cli-fixtures/by-hand.ts';

describe('of a variant', () => {
  test('one line is printed where all holds', () => {
    expect(shown(checked([holds, reached]), brief)).toMatchInlineSnapshot(`
      "
       ✓ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  1 hold, 1 reached
      "
    `);
  });

  test('one line is printed where it is violated as expected', () => {
    expect(
      shown(checked([violated, holds], expecting({ 'no job is lost': 'violated' })), brief),
    ).toMatchInlineSnapshot(`
      "
       ✓ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  1 hold; no job is lost violated (4 steps) as expected
      "
    `);
  });

  test('the run is printed where nobody expected it, and the verdict and how to see it again come last', () => {
    const text = shown(checked([violated, holds], { surprises: [unexpected] }), brief);
    expect(withoutRun(text)).toMatchInlineSnapshot(`
      "
       ✗ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  not as expected: no job is lost

          (the run)

         jobs plain: "no job is lost" violated after 4 steps (shortest), expected holds
         reproduce: holdfast check models/jobs.ts --variant plain --property "no job is lost"

      "
    `);
  });

  test('every verdict, the run and what was never taken are printed on request', () => {
    const outcome = checked(
      [
        violated,
        holds,
        reached,
        { property: 'late', of: 'precedes', kind: 'vacuous', because: '"then" never comes' },
        { property: 'never seen', of: 'sometimes', kind: 'unreached' },
      ],
      expecting({ 'no job is lost': 'violated', late: 'vacuous', 'never seen': 'unreached' }),
    );
    const neverTaken = {
      messages: [{ actor: 'worker', message: 'stop' }],
      transitions: ['idle on stop', 'a on x', 'b on x', 'c on x', 'd on x', 'e on x', 'f on x'].map((transition) => ({
        actor: 'worker',
        transition,
      })),
    };
    const text = shown({ ...outcome, report: { ...outcome.report, neverTaken } }, full);
    expect(withoutRun(text)).toMatchInlineSnapshot(`
      "
       ✓ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  1 hold, 1 reached; no job is lost violated (4 steps), late vacuous, never seen unreached as expected
         violated     no job is lost (4 steps), as expected
         vacuous      late: "then" never comes, as expected
         unreached    never seen, as expected
         reached      a job is done (4 steps)
         holds        unhandled
         never taken  worker: stop, worker: a on x, worker: b on x, worker: c on x, worker: d on x and 2 more (all
                        with --verbose)

          (the run)

         jobs plain: "no job is lost" violated after 4 steps (shortest), as expected
         reproduce: holdfast check models/jobs.ts --variant plain --property "no job is lost"

      "
    `);
  });

  test('what was never taken is printed whole where everything is asked for, and not at all beside single properties', () => {
    const messages = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((message) => ({ actor: 'worker', message }));
    const outcome = checked([holds]);
    const holed = { ...outcome, report: { ...outcome.report, neverTaken: { messages, transitions: [] } } };
    expect(shown(holed, full)).toContain('worker: e and 2 more (all with --verbose)\n');
    expect(shown(holed, { ...full, whole: true })).toContain('worker: f, worker: g\n');
    expect(shown(holed, { ...full, picked: true })).not.toContain('never taken');
  });

  test('of many violations that are expected three are named in the line, and all on request', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const outcome = checked(
      names.map((property) => ({ ...violated, property })),
      expecting(Object.fromEntries(names.map((property) => [property, 'violated']))),
    );
    const [line, whole] = [brief, { ...brief, whole: true }].map((manner) => outcomeText(outcome, manner, screen));
    expect(line).toMatch(
      / s {2}a violated \(4 steps\), b violated \(4 steps\), c violated \(4 steps\) and 2 more as expected$/,
    );
    expect(whole).toMatch(/, d violated \(4 steps\), e violated \(4 steps\) as expected$/);
  });

  test('a witness is told with its run where it is asked for by name', () => {
    const asked = { ...full, detail: false, witnesses: new Set(['a job is done']) };
    const text = outcomeText(checked([reached]), asked, screen);
    expect(text).toContain('<- "a job is done" is true here');
    expect(text).toContain('jobs plain: "a job is done" reached after 4 steps (shortest), as expected');
    expect(text).toContain('--property "a job is done" --runs');
    expect(outcomeText(checked([reached]), full, screen)).not.toContain('<-');
  });

  test('properties that fall with the same run share it', () => {
    const other: Surprise = { ...unexpected, property: 'another' };
    const outcome = checked([violated, { ...violated, property: 'another' }], { surprises: [unexpected, other] });
    const lines = outcomeText(outcome, brief, screen).split('\n');
    expect(lines.filter((line) => line.includes('begin {many: 2}'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('<-'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('reproduce:'))).toHaveLength(1);
  });

  test('a verdict that is better than expected is news too', () => {
    const better: Surprise = { kind: 'verdict', property: 'unhandled', expected: 'violated', found: 'holds' };
    const text = shown(checked([holds], { ...expecting({ unhandled: 'violated' }), surprises: [better] }), brief);
    expect(text).toMatchInlineSnapshot(`
      "
       ✗ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  not as expected: unhandled
         jobs plain: "unhandled" holds, expected violated
         reproduce: holdfast check models/jobs.ts --variant plain --property unhandled

      "
    `);
  });

  test('a figure that differs is told with what to do about it', () => {
    const figure: Surprise = { kind: 'figure', figure: 'states', expected: 1233, found: 1234 };
    expect(shown(checked([holds], { surprises: [figure] }), brief)).toMatchInlineSnapshot(`
      "
       ✗ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  not as expected: states
         jobs plain: states: expected 1,233, found 1,234
         where the change is meant, the new figure belongs into the variant; where not, the model means something else now

      "
    `);
  });

  test('what a stopped search does say is printed, where it grew, and what to try', () => {
    const unknown: Verdict = { property: 'no job is lost', of: 'always', kind: 'unknown' };
    expect(shown(checked([unknown, holds], { limit: stopped }), brief)).toMatchInlineSnapshot(`
      "
       ? jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  not finished: --max-states 5,000 reached
         covered     every run of up to 19 steps: nothing is said of longer ones
         unknown     no job is lost
         grows most  distinct contents: worker[0] 4,120 (310 new in the last level), mailbox of worker[1] 12
         to try      --max-states 50000, or a smaller world: fewer replicas, less capacity or fewer values in
                       worker[0]

      "
    `);
  });

  test('is told with its file where another model has its name, and with what it was asked for as', () => {
    const { subject } = checked([]);
    const text = shown(
      checked([holds], { subject: { ...subject, isNamesake: true, askedAs: 'many with n=1' } }),
      brief,
    );
    expect(text).toContain(' ✓ jobs plain (models/jobs.ts) ');
    expect(text).toContain('\n   many with n=1 is plain\n');
  });

  test('the name of the model is said once where it cannot be checked', () => {
    const message = 'jobs: expects something of "x", which is no property\n  where    variant "plain"';
    const failed = { kind: 'failed', subject: checked([]).subject, fault: 'spec', message } as const;
    expect(shown(failed, brief)).toContain(' ! jobs plain: expects something');
    expect(summaryText([failed], [], screen)).toContain('jobs plain (expects something');
  });

  test('what cannot be checked is told without a frame of Holdfast', () => {
    const message = 'guard "x" is impure\n  where    m, in "a"\n  why      it reads Math.random()\n  instead  …';
    expect(
      shown({ kind: 'failed', subject: checked([]).subject, fault: 'spec', message }, brief),
    ).toMatchInlineSnapshot(`
      "
       ! jobs plain: guard "x" is impure
         where    m, in "a"
         why      it reads Math.random()
         instead  …
         file     models/jobs.ts

      "
    `);
  });
});

describe('how an outcome stands', () => {
  const unknown: Verdict = { property: 'p', of: 'always', kind: 'unknown' };
  test.each([
    ['expected', checked([holds])],
    ['surprising', checked([violated], { surprises: [unexpected] })],
    ['surprising', checked([violated, unknown], { surprises: [unexpected], limit: stopped })],
    ['unknown', checked([unknown], { limit: stopped })],
    ['expected', checked([unknown], { limit: stopped, ...expecting({ p: 'unknown' }) })],
    ['malformed', { kind: 'unloadable', file: 'x.ts', message: 'x' }],
    ['fault', { kind: 'failed', subject: checked([]).subject, fault: 'ours', message: 'x' }],
  ] as const)('is %s', (standing, outcome) => {
    expect(standingOf(outcome)).toBe(standing);
  });
});

describe('the summary', () => {
  test('is one line where all is as expected', () => {
    expect(summaryText([checked([holds]), checked([holds])], [], screen)).toBe('1 model, 2 variants: 2 as expected');
  });

  test('names what is not', () => {
    expect(summaryText([checked([holds]), checked([violated], { surprises: [unexpected] })], [], screen)).toBe(
      '1 model, 2 variants: 1 as expected, 1 not as expected: jobs plain (no job is lost: expected holds, found violated)',
    );
  });

  test('names every one of several', () => {
    const unknown: Verdict = { property: 'p', of: 'always', kind: 'unknown' };
    const figure: Surprise = { kind: 'figure', figure: 'steps of p', expected: 3, found: undefined };
    const left = checked([]).subject;
    const elsewhere = { ...left, model: { ...left.model, name: 'other' } };
    const text = summaryText(
      [
        checked([violated], { surprises: [unexpected, { ...unexpected, property: 'another' }, figure] }),
        checked([unknown], { limit: stopped }),
        { kind: 'unloadable', file: 'x.ts', message: 'x.ts: no model\n  where    x.ts' },
        { kind: 'failed', subject: checked([]).subject, fault: 'ours', message: 'a fault\n    at x' },
      ],
      [left, left, elsewhere],
      screen,
    );
    expect(`\n${text}\n`).toMatchInlineSnapshot(`
      "
      2 models, 6 variants: 1 not as expected, 1 unknown, 1 in error, 1 stopped by a fault of Holdfast, 3 not checked (--bail):
        jobs plain (no job is lost, another: expected holds, found violated; steps of p: expected 3, found none)
        jobs plain (--max-states 5,000 reached)
        x.ts: no model
        jobs plain (a fault)
      "
    `);
  });
});

describe('JSON', () => {
  test('has all verdicts with what was expected, and the runs of violations', () => {
    const document = JSON.parse(
      jsonText([checked([violated, reached], { surprises: [unexpected] })], 1, '1.2.3', 0, false),
    );
    expect(document).toMatchObject({
      holdfast: '1.2.3',
      exit: 1,
      errors: [],
      models: [{ name: 'jobs', file: 'models/jobs.ts', variants: [{ name: 'plain', asExpected: false }] }],
    });
    const [broken, witness] = document.models[0].variants[0].verdicts;
    expect(broken).toMatchObject({ property: 'no job is lost', kind: 'violated', expected: 'holds', steps: 4 });
    expect(broken.run.steps).toHaveLength(4);
    expect(witness).not.toHaveProperty('run');
    expect(document.models[0].variants[0].surprises).toEqual([unexpected]);
  });

  test('has a form for what JSON has none for', () => {
    const context = { big: 10n, none: Number.NaN, minus: -0, far: Number.POSITIVE_INFINITY, gone: undefined };
    const odd: Run = { ...run, initial: [view('it', 'x', { context })], steps: [] };
    const document = JSON.parse(jsonText([checked([{ ...violated, run: odd }])], 0, '1', 0, false));
    expect(document.models[0].variants[0].verdicts[0].run.initial[0].context).toEqual({
      big: '10n',
      none: 'NaN',
      minus: '-0',
      far: 'Infinity',
    });
  });
});
