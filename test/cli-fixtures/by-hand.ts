import type { Surprise } from '../../src/explore/check.ts';
import type { Model, Variant } from '../../src/explore/model.ts';
import type { ActorView, LimitReached, Report, Run, RunStep, StepLabel, Verdict } from '../../src/explore/verdict.ts';
import type { Checked, Outcome } from '../../src/report/outcome.ts';
import { runLines } from '../../src/report/run.ts';
import { plainScreen } from '../../src/report/screen.ts';
import { type Manner, outcomeText } from '../../src/report/terminal.ts';

/** Reports made by hand: what a renderer is given, without a search. */

export const view = (actor: string, value: unknown, more: Partial<ActorView> = {}): ActorView => ({
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

export const step = (
  label: Partial<StepLabel> & Pick<StepLabel, 'actor' | 'message'>,
  more: Partial<RunStep> = {},
): RunStep => ({
  label: { self: 0, cause: 'spontaneous', outcomes: [], ...label },
  sent: [],
  changed: [],
  ...more,
});

export const sender = { actor: 'sender', self: 0 };
export const [first, second] = [
  { actor: 'worker', self: 0 },
  { actor: 'worker', self: 1 },
];
export const job = { type: 'job', n: 1 };
export const begin = { type: 'begin', many: 2 };

export const run: Run = {
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

export const violated: Verdict = { property: 'no job is lost', of: 'always', kind: 'violated', steps: 4, run };
export const holds: Verdict = { property: 'unhandled', of: 'unhandled', kind: 'holds' };
export const reached: Verdict = { property: 'a job is done', of: 'sometimes', kind: 'holds', steps: 4, run };

export const model: Model = {
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
export const variant = (name: string, expect: Variant['expect'] = {}): Variant => ({
  name,
  about: '',
  option: {},
  expect,
  figures: {},
});
export const report = (verdicts: readonly Verdict[], more: Partial<Report> = {}): Report => ({
  model: 'jobs',
  variant: 'plain',
  verdicts,
  stats: { states: 1234, transitions: 5678, deadlocks: 0, unhandled: 0, depth: 17, asked: 9, milliseconds: 120 },
  ...more,
});
export const checked = (
  verdicts: readonly Verdict[],
  more: Partial<Checked> & { limit?: LimitReached } = {},
): Checked => {
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
export const expecting = (expect: Variant['expect']): Partial<Checked> => ({
  subject: { ...checked([]).subject, variant: variant('plain', expect) },
});
export const unexpected: Extract<Surprise, { kind: 'verdict' }> = {
  kind: 'verdict',
  property: 'no job is lost',
  expected: 'holds',
  found: 'violated',
};
export const stopped: LimitReached = {
  limit: 'states',
  value: 5000,
  covered: 19,
  grew: [
    { slot: 'worker[0]', distinct: 4120, recent: 310 },
    { slot: 'mailbox of worker[1]', distinct: 12, recent: 0 },
  ],
};

export const screen = plainScreen(110);
export const brief: Manner = { labels: 12, detail: false, runs: false, witnesses: new Set() };
export const full: Manner = { ...brief, detail: true, runs: true };
export const shown = (outcome: Outcome, manner: Manner) => `\n${outcomeText(outcome, manner, screen)}\n`;
/** With a word in place of the table of the run, which is report-run's. */
export const withoutRun = (text: string): string =>
  text.replace(runLines(run, [violated], screen).join('\n'), '    (the run)');
