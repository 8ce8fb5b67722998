import { describe, expect, test } from 'vitest';
import { assign, emit } from 'xstate';
import { type Composition, start } from '../../src/explore/model.ts';
import { sometimes } from '../../src/explore/property.ts';
import { ReplayFault, replay } from '../../src/explore/replay.ts';
import type { Run, StepLabel } from '../../src/explore/verdict.ts';
import { checked, loose, machine } from './kit.ts';

interface Sent {
  readonly context: { readonly sent: number };
  readonly event: { readonly to?: string };
}

/** Sends two letters, and one more when it is late. */
const writer = machine(
  {
    id: 'writer',
    tags: 'rest',
    context: { sent: 0 },
    initial: 'early',
    states: {
      early: { after: { 10: { target: 'late', actions: emit({ type: 'letter', to: 'c' } as never) } } },
      late: {},
    },
    on: { wrote: { guard: ({ context }: Sent) => context.sent < 2, actions: ['count', 'send'] } },
  },
  {
    actions: {
      count: assign({ sent: ({ context }: Sent) => context.sent + 1 } as never),
      send: emit((({ event }: Sent) => ({ type: 'letter', to: event.to })) as never),
    },
  },
);

interface Read {
  readonly context: { readonly read: readonly string[] };
  readonly event: { readonly to: string };
}

/** Knows the three letters that it read first, and is busy until it is woken. */
const reader = machine(
  {
    id: 'reader',
    tags: 'rest',
    context: { read: [] },
    initial: 'asleep',
    states: {
      asleep: { tags: 'busy', on: { woke: 'awake' } },
      awake: { on: { letter: [{ guard: ({ context }: Read) => context.read.length < 3, actions: 'keep' }, {}] } },
    },
  },
  { actions: { keep: assign({ read: ({ context, event }: Read) => [...context.read, event.to] } as never) } },
);

type Room = { readonly reader: { readonly context: { readonly read: readonly string[] } } };
const post = (
  read: readonly string[],
  queue: object,
  order: 'fifo' | 'perSender' | 'unordered' = 'fifo',
): Composition =>
  loose(
    { writer: start(writer), reader: start(reader) },
    {
      wires: { writer: { letter: { queue: 'reader', ...queue } } },
      mailboxes: { reader: { capacity: 2, order } },
      spontaneous: { writer: [{ type: 'wrote', oneOf: [{ to: 'a' }, { to: 'b' }] }], reader: ['woke'] },
      properties: [sometimes<Room>('read', ({ reader }) => reader.context.read.join('') === read.join(''))],
    },
  );

/** The run by which the letters are read in this order. */
function runOf(composition: Composition): Run {
  const { run } = checked(composition).verdicts.find(({ property }) => property === 'read')!;
  return run!;
}

const labelsOf = (run: Run): StepLabel[] => run.steps.map(({ label }) => label);

describe('a run taken again', () => {
  test.each<[what: string, composition: Composition, causes: readonly string[]]>([
    [
      'of mail that is written and read',
      post(['a', 'b'], {}),
      ['spontaneous', 'spontaneous', 'spontaneous', 'mailbox', 'mailbox'],
    ],
    ['with a delay', post(['c'], {}), ['delay', 'spontaneous', 'mailbox']],
    [
      'with a message that comes twice',
      post(['a', 'a'], { duplicate: true }),
      ['spontaneous', 'spontaneous', 'mailbox', 'mailbox'],
    ],
    [
      'with a message that stays',
      post(['a', 'a', 'a'], { duplicate: 'later' }),
      ['spontaneous', 'spontaneous', 'mailbox', 'mailbox', 'mailbox'],
    ],
    ['of mail by sender', post(['a'], {}, 'perSender'), ['spontaneous', 'spontaneous', 'mailbox']],
    ['of mail in no order', post(['b'], {}, 'unordered'), ['spontaneous', 'spontaneous', 'mailbox']],
  ])('is the same run, %s', (_, composition, causes) => {
    const run = runOf(composition);
    expect(
      labelsOf(run)
        .map(({ cause }) => cause)
        .toSorted(),
    ).toEqual(causes.toSorted());
    expect(replay(composition, labelsOf(run)).run).toEqual(run);
  });

  test('of no steps is the initial state', () => {
    const { run, states, taken } = replay(post([], {}), []);
    expect(run.steps).toEqual([]);
    expect([states.length, taken.length]).toEqual([1, 0]);
    expect(run.initial).toMatchObject([
      { actor: 'writer', self: 0, value: 'early', context: { sent: 0 }, armed: ['xstate.after.10.writer.early'] },
      { actor: 'reader', self: 0, value: 'asleep', tags: ['busy', 'rest'], mailbox: [], done: false },
    ]);
  });

  test('says what each step sent, and what it changed', () => {
    const { steps } = replay(post(['a'], {}), [
      { actor: 'writer', self: 0, cause: 'spontaneous', message: { type: 'wrote', to: 'a' } as never, outcomes: [] },
    ]).run;
    const [from, to] = [
      { actor: 'writer', self: 0 },
      { actor: 'reader', self: 0 },
    ];
    expect(steps[0]!.sent).toEqual([
      { from, to, message: { type: 'letter', to: 'a' }, how: 'queue', outcome: 'delivered' },
    ]);
    expect(
      steps[0]!.changed.map(({ before, after }) => [before.actor, before.context, after.context, after.mailbox]),
    ).toEqual([
      ['writer', { sent: 0 }, { sent: 1 }, []],
      ['reader', { read: [] }, { read: [] }, [{ type: 'letter', to: 'a' }]],
    ]);
  });
});

describe('a run that has been tampered with is refused', () => {
  const composition = post(['a', 'b', 'b'], { duplicate: 'later', lose: 'later' });
  const labels = labelsOf(runOf(composition));
  const first = (cause: string): number => labels.findIndex((label) => label.cause === cause);
  /** The labels with one of them changed. */
  const changed = (at: number, change: object): StepLabel[] =>
    labels.map((label, i) => (i === at ? { ...label, ...change } : label)) as StepLabel[];
  const letter = (to: string) => ({ type: 'letter', to });

  test.each<[what: string, labels: readonly StepLabel[]]>([
    ['a step that is left out', labels.toSpliced(first('spontaneous'), 1)],
    ['a step that comes once more', [...labels, labels.at(-1)!, labels.at(-1)!, labels.at(-1)!]],
    ['another actor', changed(0, { actor: 'reader' })],
    ['an actor that is not there', changed(0, { actor: 'nobody' })],
    ['a replica that is not there', changed(0, { self: 1 })],
    ['a message that the actor does not take', changed(0, { message: { type: 'written' } })],
    ['a payload that is not among the choices', changed(0, { message: { type: 'wrote', to: 'z' } })],
    ['a message of its mailbox, by itself', changed(first('mailbox'), { cause: 'spontaneous' })],
    ['another message than the one that waits', changed(first('mailbox'), { message: letter('z') })],
    ['a message that is not the first', changed(first('mailbox'), { message: letter('b'), position: 1 })],
    ['a place where nothing waits', changed(first('mailbox'), { position: 7 })],
    ['no place at all', changed(first('mailbox'), { position: undefined })],
    ['an outcome that was not possible', changed(first('mailbox'), { outcomes: ['lost'] })],
    ['an outcome too few', changed(first('mailbox'), { outcomes: [] })],
    ['an outcome too many', changed(first('mailbox'), { outcomes: ['leaves', 'leaves'] })],
    ['the loss of what is not there', changed(first('mailbox'), { cause: 'loss', position: 7 })],
    ['a delay that is not armed', [{ ...labels[0]!, cause: 'delay', position: 1 }]],
    ['another delay than the one that is armed', [{ ...labels[0]!, cause: 'delay', position: 0 }]],
  ])('%s', (_, tampered) => {
    expect(() => replay(composition, tampered)).toThrow(ReplayFault);
  });

  test('a step after one that has no successor', () => {
    const deaf = loose(
      {
        a: start(machine({ id: 'a', tags: 'rest', on: { go: { actions: emit({ type: 'x' }) } } })),
        b: start(machine({ id: 'b', tags: 'rest', initial: 'off', states: { off: {}, on: { on: { x: {} } } } })),
      },
      {
        wires: { a: { x: 'b' } },
        spontaneous: { a: ['go'] },
      },
    );
    const go: StepLabel = { actor: 'a', self: 0, cause: 'spontaneous', message: { type: 'go' }, outcomes: [] };
    expect(replay(deaf, [go]).run.ends).toEqual({
      at: 'unhandled',
      who: { actor: 'b', self: 0 },
      message: { type: 'x' },
      why: 'not taken',
    });
    expect(() => replay(deaf, [go, go])).toThrow(ReplayFault);
  });

  test('mail that is read while its actor is busy', () => {
    const wrote: StepLabel = {
      ...labels.find(({ cause }) => cause === 'spontaneous')!,
      actor: 'writer',
      message: { type: 'wrote', to: 'a' } as never,
    };
    const read: StepLabel = {
      actor: 'reader',
      self: 0,
      cause: 'mailbox',
      message: letter('a'),
      position: 0,
      outcomes: ['leaves'],
    };
    expect(() => replay(composition, [wrote, read])).toThrow('it is not offered');
  });

  test('mail that is lost where none is', () => {
    const safe = post(['a'], {});
    const wrote: StepLabel = {
      actor: 'writer',
      self: 0,
      cause: 'spontaneous',
      message: { type: 'wrote', to: 'a' } as never,
      outcomes: [],
    };
    const lost: StepLabel = {
      actor: 'reader',
      self: 0,
      cause: 'loss',
      message: letter('a'),
      position: 0,
      outcomes: [],
    };
    expect(() => replay(safe, [wrote, lost])).toThrow('it cannot be lost');
    expect(() => replay(composition, [wrote, lost])).not.toThrow();
  });

  test('a step whose "when" is false, or whose "read" read something else', () => {
    const counter = machine({
      id: 'a',
      tags: 'rest',
      context: { n: 0 },
      on: { saw: { actions: assign({ n: ({ event }) => event.n + 1 }) } },
    });
    type One = { readonly a: { readonly context: { readonly n: number } } };
    const rule = { type: 'saw', when: ({ a }: One) => a.context.n < 1, read: ({ a }: One) => ({ n: a.context.n }) };
    const composition = loose({ a: start(counter) }, { spontaneous: { a: [rule] } });
    const saw = (n: number): StepLabel => ({
      actor: 'a',
      self: 0,
      cause: 'spontaneous',
      message: { type: 'saw', n } as never,
      outcomes: [],
    });
    expect(replay(composition, [saw(0)]).run.steps).toHaveLength(1);
    expect(() => replay(composition, [saw(1)])).toThrow(ReplayFault);
    expect(() => replay(composition, [saw(0), saw(1)])).toThrow(ReplayFault);
  });

  test('a send that went as it could not, and a mailbox that was full', () => {
    const full = post(['a'], { lose: true });
    const wrote = (...outcomes: string[]) =>
      ({
        actor: 'writer',
        self: 0,
        cause: 'spontaneous',
        message: { type: 'wrote', to: 'a' },
        outcomes,
      }) as unknown as StepLabel;
    expect(() => replay(full, [wrote('twice')])).toThrow(ReplayFault);
    expect(() => replay(full, [wrote('delivered'), wrote('lost')])).not.toThrow();
    const late: StepLabel = {
      actor: 'writer',
      self: 0,
      cause: 'delay',
      message: { type: 'xstate.after.10.writer.early' },
      position: 0,
      outcomes: ['delivered'],
    };
    expect(() => replay(full, [wrote('delivered'), wrote('delivered'), late])).toThrow('full');
  });
});
