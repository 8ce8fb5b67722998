import { describe, expect, test } from 'vitest';
import { assign, emit, enqueueActions } from 'xstate';
import { type Composition, replicate, start } from '../../src/explore/model.ts';
import { sometimes } from '../../src/explore/property.ts';
import type { Report, Run } from '../../src/explore/verdict.ts';
import { checked, loose, machine, refusalOf, sizeOf, verdictsOf } from './kit.ts';

const say = (...types: readonly string[]) => types.map((type) => emit({ type } as never));

/** Says `item` whenever it is asked to. */
const source = machine({ id: 'source', tags: 'rest', on: { asked: { actions: say('item') } } });
/** Takes two items, and no more. */
const pair = machine({
  id: 'pair',
  tags: 'rest',
  initial: 'none',
  states: { none: { on: { item: 'one' } }, one: { on: { item: 'two' } }, two: {} },
});
/** Takes what comes, and does not look at its mail. */
const sleeper = machine({ id: 'sleeper', tags: ['rest', 'busy'], on: { item: {} } });

const sending = (to: object | string, receiver = pair, mailbox?: object): Composition =>
  loose(
    { source: start(source), sink: start(receiver) },
    {
      wires: { source: { item: to } },
      spontaneous: { source: ['asked'] },
      ...(mailbox && { mailboxes: { sink: mailbox } }),
    },
  );

const runOf = (report: Report, property: string): Run =>
  report.verdicts.find((each) => each.property === property)!.run!;

describe('a call', () => {
  test('that is not taken is a verdict, and the whole step with it', () => {
    const report = checked(sending('sink'));
    // none, one and two; asked for a third there is a verdict and no successor
    expect(sizeOf(report)).toEqual([3, 2, 0, 1, 2]);
    expect(verdictsOf(report)).toEqual({ deadlock: 'holds', unhandled: 'violated 3' });
    const run = runOf(report, 'unhandled');
    expect(run.ends).toEqual({
      at: 'unhandled',
      who: { actor: 'sink', self: 0 },
      message: { type: 'item' },
      why: 'not taken',
    });
    expect(run.steps.at(-1)!.label).toMatchObject({
      actor: 'source',
      cause: 'spontaneous',
      message: { type: 'asked' },
    });
  });

  test('as a rendezvous that is refused is no step', () => {
    expect(sizeOf(checked(sending({ rendezvous: 'sink' })))).toEqual([3, 2, 0, 0, 2]);
  });

  test('undoes what went before it, in its own step', () => {
    const twice = machine({ id: 'source', tags: 'rest', on: { asked: { actions: say('item', 'item', 'item') } } });
    const composition = (item: object | string) =>
      loose(
        { source: start(twice), sink: start(pair) },
        { wires: { source: { item } }, spontaneous: { source: ['asked'] } },
      );
    expect(sizeOf(checked(composition('sink')))).toEqual([1, 0, 0, 1, 0]);
    expect(sizeOf(checked(composition({ rendezvous: 'sink' })))).toEqual([1, 0, 0, 0, 0]);
  });

  test('of nobody is taken', () => {
    expect(sizeOf(checked(sending([])))).toEqual([1, 1, 0, 0, 0]);
    expect(sizeOf(checked(sending(() => [])))).toEqual([1, 1, 0, 0, 0]);
  });

  test('goes to one actor twice where it is named twice', () => {
    expect(sizeOf(checked(sending(['sink', 'sink'])))).toEqual([2, 1, 0, 1, 1]);
  });

  test('by a route is asked for each message and each sender once', () => {
    const asked: unknown[] = [];
    const caller = machine({
      id: 'source',
      tags: 'rest',
      on: {
        asked: { actions: emit((({ event }: { event: { n: number } }) => ({ type: 'item', n: event.n })) as never) },
      },
    });
    const sink = machine({ id: 'sink', tags: 'rest', on: { item: {} } });
    const route = (message: { n: number }, self: number) => {
      asked.push([message.n, self]);
      return ['sink', message.n];
    };
    const composition = loose(
      { source: replicate(caller, 2), sink: replicate(sink, 2) },
      {
        wires: { source: { item: route } },
        spontaneous: { source: [{ type: 'asked', oneOf: [{ n: 0 }, { n: 1 }] }] },
      },
    );
    expect(sizeOf(checked(composition, { runs: false }))).toEqual([1, 4, 0, 0, 0]);
    // each twice: every answer that is remembered was given twice
    expect(asked).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
      [1, 1],
      [1, 1],
    ]);
  });
});

describe('a cascade', () => {
  /** Writes down what it hears; hearing `a` it says `x` and `y`. */
  const scribe = machine({
    id: 'scribe',
    tags: 'rest',
    context: { heard: '' },
    on: Object.fromEntries(
      ['a', 'b', 'x', 'y'].map((type) => [
        type,
        {
          actions: [
            assign({ heard: ({ context }: { context: { heard: string } }) => context.heard + type } as never),
            ...(type === 'a' ? say('x', 'y') : []),
          ],
        },
      ]),
    ),
  });
  const caller = machine({
    id: 'caller',
    initial: 'ready',
    states: { ready: { on: { begun: { target: 'done', actions: say('a', 'b') } } }, done: { tags: 'rest' } },
  });
  type Room = { readonly scribe: { readonly context: { readonly heard: string } } };
  const heard = (text: string) => sometimes<Room>(text, ({ scribe }) => scribe.context.heard === text);

  test('goes into the depth first, and everyone hears in the order listed', () => {
    const report = checked(
      loose(
        { caller: start(caller), scribe: start(scribe) },
        {
          wires: { caller: { a: 'scribe', b: 'scribe' }, scribe: { x: 'scribe', y: ['scribe', 'scribe'] } },
          spontaneous: { caller: ['begun'] },
          properties: [heard('axyyb')],
        },
      ),
    );
    expect(verdictsOf(report)).toMatchObject({ axyyb: 'holds 1' });
    const [step] = runOf(report, 'axyyb').steps;
    expect(step!.sent.map(({ message, from, to, how }) => [from.actor, message.type, to.actor, how])).toEqual([
      ['caller', 'a', 'scribe', 'call'],
      ['scribe', 'x', 'scribe', 'call'],
      ['scribe', 'y', 'scribe', 'call'],
      ['scribe', 'y', 'scribe', 'call'],
      ['caller', 'b', 'scribe', 'call'],
    ]);
    expect(step!.changed.map(({ before, after }) => [before.actor, before.value, after.value])).toEqual([
      ['caller', 'ready', 'done'],
      ['scribe', {}, {}],
    ]);
  });

  test('reaches a caller that has gone on already', () => {
    const asking = machine({
      id: 'asking',
      initial: 'idle',
      tags: 'rest',
      states: {
        idle: { on: { begun: { target: 'waiting', actions: say('asked') } } },
        waiting: { on: { answered: 'content' } },
        content: {},
      },
    });
    const asked = machine({ id: 'asked', tags: 'rest', on: { asked: { actions: say('answered') } } });
    const wires = { asking: { asked: 'asked' }, asked: { answered: 'asking' } };
    const actors = { asking: start(asking), asked: start(asked) };
    expect(sizeOf(checked(loose(actors, { wires, spontaneous: { asking: ['begun'] } })))).toEqual([2, 1, 0, 0, 1]);
  });

  test('to all replicas goes in the order of their numbers', () => {
    const last = machine({
      id: 'last',
      tags: 'rest',
      context: { by: -1 },
      on: { told: { actions: assign({ by: (({ event }: { event: { self: number } }) => event.self) as never }) } },
    });
    const teller = machine(
      {
        id: 'teller',
        tags: 'rest',
        context: ({ input }: { input: number }) => ({ self: input }),
        on: { told: { actions: 'pass' } },
      },
      {
        actions: {
          pass: emit((({ context }: { context: { self: number } }) => ({ type: 'told', self: context.self })) as never),
        },
      },
    );
    const asking = machine({ id: 'asking', tags: 'rest', on: { begun: { actions: say('told') } } });
    const report = checked(
      loose(
        { asking: start(asking), teller: replicate(teller, 3, (self) => self), last: start(last) },
        {
          wires: { asking: { told: 'teller' }, teller: { told: 'last' } },
          spontaneous: { asking: ['begun'] },
          properties: [
            sometimes<{ last: { context: { by: number } } }>('the third', ({ last }) => last.context.by === 2),
          ],
        },
      ),
    );
    expect(sizeOf(report)).toEqual([2, 2, 0, 0, 1]);
    expect(verdictsOf(report)).toMatchObject({ 'the third': 'holds 1' });
  });

  test('that does not end is named with the way it goes round', () => {
    const ping = machine({
      id: 'ping',
      tags: 'rest',
      on: { served: { actions: say('ball') }, ball: { actions: say('ball') } },
    });
    const pong = machine({ id: 'pong', tags: 'rest', on: { ball: { actions: say('ball') } } });
    const composition = loose(
      { ping: start(ping), pong: start(pong) },
      { wires: { ping: { ball: 'pong' }, pong: { ball: 'ping' } }, spontaneous: { ping: ['served'] } },
    );
    const refusal = refusalOf(() => checked(composition));
    expect(refusal.headline).toBe('endless cascade of calls');
    expect(refusal.where).toBe('the step that starts with served of ping');
    expect(refusal.why).toMatch(/1000 deliveries.*ball to ping, then ball to pong, then ball to ping/);
  });

  test('of a thousand deliveries ends, and of one more does not', () => {
    const crier = (times: number) =>
      machine({
        id: 'crier',
        tags: 'rest',
        on: {
          begun: {
            actions: enqueueActions(({ enqueue }) => {
              for (let i = 0; i < times; i++) enqueue.emit({ type: 'item' } as never);
            }),
          },
        },
      });
    const composition = (times: number) =>
      loose(
        { crier: start(crier(times)), sink: start(sleeper) },
        { wires: { crier: { item: 'sink' } }, spontaneous: { crier: ['begun'] } },
      );
    expect(sizeOf(checked(composition(1_000)))).toEqual([1, 1, 0, 0, 0]);
    expect(refusalOf(() => checked(composition(1_001))).headline).toBe('endless cascade of calls');
  });
});

describe('a queue', () => {
  test.each<[rule: string, rules: object, size: readonly number[]]>([
    // empty, one, two; the sender waits
    ['blocks', {}, [3, 2, 0, 0, 2]],
    ['blocks, said outright', { full: 'block' }, [3, 2, 0, 0, 2]],
    // at two the message is gone, and the state is the same
    ['drops', { full: 'drop' }, [3, 3, 0, 0, 2]],
    ['fails', { full: 'fail' }, [3, 2, 0, 1, 2]],
    // with `lost` a loop on every state, which needs no room
    ['loses', { lose: true }, [3, 5, 0, 0, 2]],
    // one or two more; twice needs room for both
    ['duplicates', { duplicate: true }, [3, 3, 0, 0, 1]],
    ['duplicates and drops', { duplicate: true, full: 'drop' }, [3, 6, 0, 0, 1]],
    ['loses and duplicates', { lose: true, duplicate: true }, [3, 6, 0, 0, 1]],
    // what waits may be lost, by the environment
    ['loses later', { lose: 'later' }, [3, 5, 0, 0, 2]],
  ])('that is full %s', (_, rules, [states, transitions, _deadlocks, unhandled, depth]) => {
    const report = checked(sending({ queue: 'sink', ...rules }, sleeper, { capacity: 2 }));
    expect(report.stats).toMatchObject({ states, transitions, unhandled, depth });
  });

  test('that fails tells whose mailbox was full', () => {
    const report = checked(sending({ queue: 'sink', full: 'fail' }, sleeper, { capacity: 1 }));
    expect(runOf(report, 'unhandled').ends).toMatchObject({ who: { actor: 'sink' }, why: 'mailbox full' });
  });

  test('tells what became of each message', () => {
    const fates = (rules: object) =>
      checked(
        loose(
          { source: start(source), sink: start(sleeper) },
          {
            wires: { source: { item: { queue: 'sink', ...rules } } },
            mailboxes: { sink: { capacity: 3 } },
            spontaneous: { source: ['asked'] },
            properties: [
              sometimes<{ sink: { mailbox: readonly unknown[] } }>('full', ({ sink }) => sink.mailbox.length === 3),
            ],
          },
        ),
      );
    const twice = runOf(fates({ duplicate: true }), 'full');
    expect(twice.steps.map(({ label, sent }) => [label.outcomes, sent[0]!.outcome])).toEqual([
      [['delivered'], 'delivered'],
      [['twice'], 'twice'],
    ]);
  });

  test('is read one message at a time, and the message has left before its cascade', () => {
    const forwarding = machine({ id: 'sink', tags: 'rest', on: { item: { actions: say('item') } } });
    const report = checked(
      loose(
        { source: start(source), sink: start(forwarding) },
        {
          wires: { source: { item: { queue: 'sink' } }, sink: { item: { queue: 'sink' } } },
          mailboxes: { sink: { capacity: 1 } },
          spontaneous: { source: ['asked'] },
        },
      ),
    );
    // the room that the message leaves is the room that it needs
    expect(sizeOf(report)).toEqual([2, 2, 0, 0, 1]);
  });

  test('of an actor that is done is unhandled', () => {
    const once = machine({
      id: 'sink',
      initial: 'open',
      states: { open: { on: { item: 'shut' } }, shut: { type: 'final' } },
    });
    const report = checked(sending({ queue: 'sink' }, once, { capacity: 1 }));
    expect(verdictsOf(report)).toMatchObject({ unhandled: 'violated 4' });
    expect(runOf(report, 'unhandled').steps.at(-1)!.label).toMatchObject({ actor: 'sink', cause: 'mailbox' });
  });

  test('in which messages stay is read again and again', () => {
    const rules = (duplicate: string) => ({ queue: 'sink', duplicate });
    const reading = (duplicate: string) =>
      sizeOf(
        checked(
          sending(rules(duplicate), machine({ id: 'sink', tags: 'rest', on: { item: {} } }), {
            capacity: 1,
            order: 'unordered',
          }),
        ),
      );
    // empty or one; it may be asked for again, read and left, or (`later`) read and gone
    expect(reading('forever')).toEqual([2, 3, 0, 0, 1]);
    expect(reading('later')).toEqual([2, 4, 0, 0, 1]);
  });
});

test('a step in which too many sends may go wrong is refused, and does not take for ever', () => {
  const broadcast = (receivers: number) =>
    loose(
      { source: start(source), sink: replicate(sleeper, receivers) },
      {
        wires: { source: { item: { queue: 'sink', lose: true } } },
        mailboxes: { sink: { capacity: 1 } },
        spontaneous: { source: ['asked'] },
      },
    );
  expect(checked(broadcast(8), { limits: { depth: 0 } }).stats.transitions).toBe(2 ** 8);
  const refusal = refusalOf(() => checked(broadcast(15)));
  expect(refusal.headline).toBe('a step with too many outcomes');
  expect(refusal.where).toBe('the step that starts with asked of source');
  expect(refusal.why).toContain('16384 ways');
  expect(refusal.instead).toContain("lose: 'later'");
});

describe('a mailbox in the run', () => {
  const letters = machine({
    id: 'source',
    tags: 'rest',
    on: {
      asked: { actions: emit((({ event }: { event: { n: number } }) => ({ type: 'item', n: event.n })) as never) },
    },
  });
  const last = machine({
    id: 'sink',
    tags: 'rest',
    context: { n: 0 },
    on: { item: { actions: assign({ n: (({ event }: { event: { n: number } }) => event.n) as never }) } },
  });
  const by = (order: string) => {
    const report = checked(
      loose(
        { source: replicate(letters, 2), sink: start(last) },
        {
          wires: { source: { item: { queue: 'sink' } } },
          mailboxes: { sink: { capacity: 2, order } },
          spontaneous: { source: [{ type: 'asked', read: (_: never, self: number) => ({ n: self + 1 }) }] },
          properties: [
            sometimes<{ sink: { context: { n: number }; mailbox: readonly unknown[] } }>(
              'the second overtakes',
              ({ sink }) => sink.context.n === 2 && sink.mailbox.length === 1,
            ),
          ],
        },
      ),
    );
    return runOf(report, 'the second overtakes').steps.at(-1)!.label;
  };

  test('is read from the front, or from any sender, or in any order', () => {
    expect(by('fifo')).toMatchObject({ actor: 'sink', cause: 'mailbox', message: { type: 'item', n: 2 } });
    expect(by('perSender')).toMatchObject({ cause: 'mailbox', from: { actor: 'source', self: 1 } });
    expect(by('unordered')).toMatchObject({ cause: 'mailbox', message: { n: 2 } });
    expect(by('unordered').from ?? by('fifo').from).toBeUndefined();
  });
});

describe('a spontaneous message', () => {
  const clock = machine({
    id: 'clock',
    tags: 'rest',
    context: { n: 0 },
    on: {
      ticked: { actions: assign({ n: ({ context }: { context: { n: number } }) => (context.n + 1) % 3 } as never) },
    },
  });
  type Room = { readonly clock: { readonly context: { readonly n: number } } };

  test('is a step where its "when" holds, of each replica by its own', () => {
    const when = ({ clock }: Room) => clock.context.n < 1;
    expect(
      sizeOf(checked(loose({ clock: start(clock) }, { spontaneous: { clock: [{ type: 'ticked', when }] } }))),
    ).toEqual([2, 1, 0, 0, 1]);
    const first = (_: never, self: number) => self === 0;
    expect(
      sizeOf(
        checked(loose({ clock: replicate(clock, 2) }, { spontaneous: { clock: [{ type: 'ticked', when: first }] } })),
      ),
    ).toEqual([3, 3, 0, 0, 2]);
  });

  test('is asked for its "when" and "read" only where the machine waits for it', () => {
    const asked: string[] = [];
    const states = { off: { on: { woke: 'on' } }, on: { on: { ticked: 'off' } } };
    const actor = machine({ id: 'a', tags: 'rest', initial: 'off', states });
    type Own = { readonly a: { readonly hasTag: (tag: string) => boolean } };
    const rule = {
      type: 'ticked',
      when: ({ a }: Own) => asked.push(`when ${a.hasTag('rest')}`) > 0,
      read: () => {
        asked.push('read');
        return {};
      },
    };
    checked(loose({ a: start(actor) }, { spontaneous: { a: ['woke', rule] } }));
    expect(asked).toEqual(['when true', 'when true', 'read', 'read']);
  });

  test('brings each of its payloads, or what it reads before the step', () => {
    const memory = machine({
      id: 'memory',
      tags: 'rest',
      context: { n: 0 },
      on: { stored: { actions: assign({ n: (({ event }: { event: { n: number } }) => event.n) as never }) } },
    });
    const oneOf = [{ n: 1 }, { n: 2 }];
    expect(
      sizeOf(checked(loose({ memory: start(memory) }, { spontaneous: { memory: [{ type: 'stored', oneOf }] } }))),
    ).toEqual([3, 6, 0, 0, 1]);
    const read = ({ memory }: { memory: { context: { n: number } } }) => ({ n: Math.min(memory.context.n + 1, 2) });
    expect(
      sizeOf(checked(loose({ memory: start(memory) }, { spontaneous: { memory: [{ type: 'stored', read }] } }))),
    ).toEqual([3, 3, 0, 0, 2]);
  });

  test('whose cascade is refused is no step, and whose call is not taken is a verdict', () => {
    expect(verdictsOf(checked(sending({ rendezvous: 'sink' })))).toMatchObject({ unhandled: 'holds' });
    expect(verdictsOf(checked(sending('sink')))).toMatchObject({ unhandled: 'violated 3' });
  });
});

test('replicas that there are none of take no step and no message', () => {
  const none = machine({ id: 'none', on: { asked: {}, item: {} } });
  type Room = { readonly none: readonly unknown[] };
  const report = checked(
    loose(
      { source: start(source), none: replicate(none, 0) },
      {
        wires: { source: { item: { queue: 'none', full: 'fail' } } },
        mailboxes: { none: { capacity: 1 } },
        spontaneous: { source: ['asked'], none: ['asked'] },
        properties: [sometimes<Room>('nobody', ({ none }) => none.length === 0)],
      },
    ),
  );
  expect(sizeOf(report)).toEqual([1, 1, 0, 0, 0]);
  expect(verdictsOf(report)).toEqual({ nobody: 'holds 0', deadlock: 'holds', unhandled: 'holds' });
});

test('a room without actors has one state', () => {
  expect(sizeOf(checked(loose({})))).toEqual([1, 0, 0, 0, 0]);
});
