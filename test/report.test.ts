import { describe, expect, test } from 'vitest';
import type { Surprise } from '../src/explore/check.ts';
import type { Model, Variant } from '../src/explore/model.ts';
import type { ActorView, LimitReached, Report, Run, RunStep, StepLabel, Verdict } from '../src/explore/verdict.ts';
import { changes } from '../src/report/change.ts';
import { widthOf, wrap } from '../src/report/columns.ts';
import { jsonText } from '../src/report/json.ts';
import { type Checked, type Outcome, standingOf } from '../src/report/outcome.ts';
import { progressText, tickerOf } from '../src/report/progress.ts';
import { runLines } from '../src/report/run.ts';
import { plainScreen } from '../src/report/screen.ts';
import { summaryText } from '../src/report/summary.ts';
import { type Manner, outcomeText } from '../src/report/terminal.ts';
import { count, data, duration, safe, shellWord } from '../src/report/text.ts';

// ------------------------------------------------------------------------------------------------------ made by hand

const view = (actor: string, value: unknown, more: Partial<ActorView> = {}): ActorView => ({
  actor,
  self: 0,
  value,
  context: {},
  tags: [],
  done: false,
  armed: [],
  mailbox: [],
  ...more,
});

const step = (
  label: Partial<StepLabel> & Pick<StepLabel, 'actor' | 'message'>,
  more: Partial<RunStep> = {},
): RunStep => ({
  label: { self: 0, cause: 'spontaneous', outcomes: [], ...label },
  sent: [],
  changed: [],
  ...more,
});

const sender = { actor: 'sender', self: 0 };
const [first, second] = [
  { actor: 'worker', self: 0 },
  { actor: 'worker', self: 1 },
];
const job = { type: 'job', n: 1 };
const begin = { type: 'begin', many: 2 };

const run: Run = {
  initial: [
    view('sender', 'idle', { context: { sent: 0 } }),
    view('worker', 'idle'),
    view('worker', 'idle', { self: 1 }),
  ],
  steps: [
    step(
      { ...sender, message: begin },
      {
        sent: [
          { from: sender, message: job, to: first, how: 'queue', outcome: 'delivered' },
          { from: sender, message: job, to: second, how: 'queue', outcome: 'lost' },
          { from: second, message: { type: 'lock' }, to: sender, how: 'rendezvous' },
        ],
        changed: [
          { before: view('worker', 'idle'), after: view('worker', 'idle', { mailbox: [job] }) },
          {
            before: view('sender', 'idle', { context: { sent: 0 } }),
            after: view('sender', 'waiting', { context: { sent: 1 }, armed: ['xstate.after.1000.sender.waiting'] }),
          },
        ],
      },
    ),
    step({ ...sender, cause: 'delay', message: { type: 'xstate.after.1000.sender.waiting' } }),
    step(
      { ...first, cause: 'mailbox', message: job, from: sender, outcomes: ['stays'] },
      { changed: [{ before: view('worker', 'idle'), after: view('worker', 'done', { done: true }) }] },
    ),
    step({ ...first, cause: 'loss', message: job, position: 1 }),
  ],
  ends: { at: 'state' },
};

const violated: Verdict = { property: 'no job is lost', of: 'always', kind: 'violated', steps: 4, run };
const holds: Verdict = { property: 'unhandled', of: 'unhandled', kind: 'holds' };
const reached: Verdict = { property: 'a job is done', of: 'sometimes', kind: 'holds', steps: 4, run };

const model: Model = {
  kind: 'holdfast.model',
  name: 'jobs',
  about: '',
  sources: [],
  options: {},
  variants: [],
  build: () => {
    throw new Error('is not built here');
  },
};
const variant = (name: string, expect: Variant['expect'] = {}): Variant => ({
  name,
  about: '',
  option: {},
  expect,
  figures: {},
});
const report = (verdicts: readonly Verdict[], more: Partial<Report> = {}): Report => ({
  model: 'jobs',
  variant: 'plain',
  verdicts,
  stats: { states: 1234, transitions: 5678, deadlocks: 0, unhandled: 0, depth: 17, asked: 9, milliseconds: 120 },
  ...more,
});
const checked = (verdicts: readonly Verdict[], more: Partial<Checked> & { limit?: LimitReached } = {}): Checked => {
  const { limit, ...rest } = more;
  return {
    kind: 'checked',
    subject: {
      model,
      file: 'models/jobs.ts',
      variant: variant('plain'),
      args: ['models/jobs.ts', '--variant', 'plain'],
    },
    report: report(verdicts, limit ? { limit } : {}),
    surprises: [],
    ...rest,
  };
};
const expecting = (expect: Variant['expect']): Partial<Checked> => ({
  subject: { ...checked([]).subject, variant: variant('plain', expect) },
});
const unexpected: Surprise = { kind: 'verdict', property: 'no job is lost', expected: 'holds', found: 'violated' };
const stopped: LimitReached = {
  limit: 'states',
  value: 5000,
  covered: 19,
  grew: [
    { slot: 'worker[0]', distinct: 4120, recent: 310 },
    { slot: 'mailbox of worker[1]', distinct: 12, recent: 0 },
  ],
};

const screen = plainScreen(110);
const brief: Manner = { labels: 12, detail: false, runs: false, witnesses: new Set() };
const full: Manner = { ...brief, detail: true, runs: true };
const shown = (outcome: Outcome, manner: Manner) => `\n${outcomeText(outcome, manner, screen)}\n`;

// ---------------------------------------------------------------------------------------------------------- the tests

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

  test('into a deadlock says who is stuck, and who has mail', () => {
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
      'sender stuck in waiting',
      'worker has mail: job {n: 1}',
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

describe('of a variant', () => {
  test('one line is printed where all holds', () => {
    expect(shown(checked([holds, reached]), brief)).toMatchInlineSnapshot(`
      "
       ✓ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  2 hold
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
    expect(shown(checked([violated, holds], { surprises: [unexpected] }), brief)).toMatchInlineSnapshot(`
      "
       ✗ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  no job is lost not as expected

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
    expect(shown({ ...outcome, report: { ...outcome.report, neverTaken } }, full)).toMatchInlineSnapshot(`
      "
       ✓ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  2 hold; no job is lost violated (4 steps), late vacuous, never seen unreached as expected
         violated     no job is lost (4 steps), as expected
         vacuous      late: "then" never comes, as expected
         unreached    never seen, as expected
         reached      a job is done (4 steps)
         holds        unhandled
         never taken  worker: stop, worker: a on x, worker: b on x, worker: c on x, worker: d on x (+2 more)

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

         jobs plain: "no job is lost" violated after 4 steps (shortest), as expected
         reproduce: holdfast check models/jobs.ts --variant plain --property "no job is lost"

      "
    `);
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
       ✗ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  unhandled not as expected
         jobs plain: "unhandled" holds, expected violated
         reproduce: holdfast check models/jobs.ts --variant plain --property unhandled

      "
    `);
  });

  test('a figure that differs is told with what to do about it', () => {
    const figure: Surprise = { kind: 'figure', figure: 'states', expected: 1233, found: 1234 };
    expect(shown(checked([holds], { surprises: [figure] }), brief)).toMatchInlineSnapshot(`
      "
       ✗ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  states not as expected
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
    expect(summaryText([checked([holds]), checked([holds])], 0, screen)).toBe('1 model, 2 variants: 2 as expected');
  });

  test('names what is not', () => {
    expect(summaryText([checked([holds]), checked([violated], { surprises: [unexpected] })], 0, screen)).toBe(
      '1 model, 2 variants: 1 as expected, 1 not as expected: jobs plain (no job is lost: expected holds, found violated)',
    );
  });

  test('names every one of several', () => {
    const unknown: Verdict = { property: 'p', of: 'always', kind: 'unknown' };
    const figure: Surprise = { kind: 'figure', figure: 'steps of p', expected: 3, found: undefined };
    const text = summaryText(
      [
        checked([violated], { surprises: [unexpected, { ...unexpected, property: 'another' }, figure] }),
        checked([unknown], { limit: stopped }),
        { kind: 'unloadable', file: 'x.ts', message: 'x.ts: no model\n  where    x.ts' },
        { kind: 'failed', subject: checked([]).subject, fault: 'ours', message: 'a fault\n    at x' },
      ],
      3,
      screen,
    );
    expect(`\n${text}\n`).toMatchInlineSnapshot(`
      "
      1 model, 6 variants: 1 not as expected, 1 unknown, 1 in error, 1 stopped by a fault of Holdfast, 3 not checked (--bail):
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

describe('progress', () => {
  const progress = {
    states: 1_204_551,
    transitions: 5_100_000,
    depth: 21,
    waiting: 88_120,
    milliseconds: 34_000,
    bytes: 612 * 2 ** 20,
  };

  test('has all its figures where there is room, and whole ones where there is not', () => {
    expect(progressText('jobs plain', progress, 153_000, 1000)).toBe(
      'jobs plain  1,204,551 states  5,100,000 transitions  depth 21  88,120 waiting  153,000 states/s  612 MB',
    );
    expect(progressText('jobs plain', progress, 153_000, 60)).toBe(
      'jobs plain  1,204,551 states  5,100,000 transitions',
    );
    expect(progressText('jobs plain', progress, 153_000, 5)).toBe('');
  });

  const watched = (isTTY: boolean, everyMilliseconds: number, times: number): string[] => {
    const written: string[] = [];
    let now = 0;
    const stream = { isTTY, columns: 200, write: (text: string) => written.push(text) };
    const ticker = tickerOf(stream as unknown as NodeJS.WriteStream, () => now);
    ticker.begin('jobs plain');
    for (let i = 0; i < times; i++) {
      now += everyMilliseconds;
      ticker.tell(progress);
    }
    ticker.clear();
    return written;
  };

  test('is at most five lines a second on a terminal, written over and wiped out at the end', () => {
    const written = watched(true, 50, 40);
    expect(written).toHaveLength(10 + 1);
    expect(written[0]).toMatch(/^\rjobs plain {2}1,204,551 states/);
    expect(written[0]!.endsWith('\u001b[K')).toBe(true);
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  test('is one line every ten seconds elsewhere, and nothing before', () => {
    expect(watched(false, 100, 99)).toEqual([]);
    const written = watched(false, 100, 250);
    expect(written).toHaveLength(2);
    expect(written[0]).toMatch(/^jobs plain .*MB\n$/);
  });
});

describe('words and figures', () => {
  test('numbers have their thousands set apart', () => {
    expect([0, 999, 1000, 1234567].map(count)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
  test('durations are as precise as they are short', () => {
    expect([4, 120, 12_340, 61_000, 3_725_000].map(duration)).toEqual([
      '0.00 s',
      '0.12 s',
      '12.3 s',
      '61.0 s',
      '62 min 5 s',
    ]);
  });
  test('text is wrapped at blanks, and cut where a word is too long', () => {
    expect(wrap('aaa bbb ccc', 8)).toEqual(['aaa bbb', '  ccc']);
    expect(wrap('a'.repeat(20), 8)).toEqual(['aaaaaa', '  aaaaaa', '  aaaaaa', '  aa']);
  });
  test('wide characters take two columns, marks none', () => {
    expect([widthOf('日本'), widthOf('e\u0301'), widthOf('✓')]).toEqual([4, 1, 1]);
  });
  test('different data is written differently', () => {
    const values = [
      0,
      -0,
      '0',
      0n,
      null,
      undefined,
      'null',
      [],
      {},
      [undefined],
      Number.NaN,
      '\\n',
      '\n',
      '\u202e',
      '\\u{202e}',
    ];
    expect(new Set(values.map(data)).size).toBe(values.length);
  });
  test('names are shown as they are, but for what is not seen', () => {
    expect(safe('I1 NoEarlyWalk: «ü»')).toBe('I1 NoEarlyWalk: «ü»');
    expect(safe('a\u001b[0m\n')).toBe('a\\u{1b}[0m\\n');
  });
  test.each([
    ['models/a.ts', 'models/a.ts'],
    ['I1 NoEarlyWalk', '"I1 NoEarlyWalk"'],
    ['', '""'],
    ['costs $5 "now"', `'costs $5 "now"'`],
    ["don't `rm`", `'don'\\''t \`rm\`'`],
    ['two\nlines', String.raw`$'two\U0000000alines'`],
  ])('%j is a word of a command line', (word, quoted) => {
    expect(shellWord(word)).toBe(quoted);
  });
});
