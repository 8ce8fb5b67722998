import { describe, expect, test } from 'vitest';
import { emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate, type Spontaneous, start } from '../src/explore/model.ts';
import { always, never, precedes, sometimes, step } from '../src/explore/property.ts';

const lock = setup({
  types: { events: {} as { type: 'lock.taken' | 'lock.released' }, tags: {} as 'rest' | 'held' },
}).createMachine({
  id: 'lock',
  initial: 'free',
  states: {
    free: { tags: 'rest', on: { 'lock.taken': 'held' } },
    held: { tags: 'held', on: { 'lock.released': 'free' } },
  },
});

const thread = setup({
  types: {
    context: {} as { seen: number },
    events: {} as { type: 'step' } | { type: 'flag.read'; value: number } | { type: 'answer'; task: number },
    emitted: {} as
      | { type: 'lock.taken'; lock: 'lock' }
      | { type: 'lock.released'; lock: 'lock' }
      | { type: 'answer'; task: number },
    tags: {} as 'rest' | 'inside',
  },
}).createMachine({
  id: 'thread',
  context: { seen: 0 },
  initial: 'outside',
  states: {
    outside: {
      tags: 'rest',
      on: { step: { target: 'inside', actions: emit({ type: 'lock.taken', lock: 'lock' }) }, 'flag.read': {} },
    },
    inside: {
      tags: 'inside',
      on: { step: { target: 'outside', actions: emit({ type: 'lock.released', lock: 'lock' }) }, answer: {} },
    },
  },
});

/** Declares the messages of the thread, one of them with another payload. */
const clerk = setup({
  types: { events: {} as { type: 'answer'; task: string } | { type: 'lock.taken'; lock: 'lock'; by: number } },
}).createMachine({ id: 'clerk', on: { answer: {}, 'lock.taken': {} } });

const worker = setup({
  types: { input: {} as { speed: number }, context: {} as { speed: number } },
}).createMachine({ id: 'worker', context: ({ input }) => input });

const room = { lock: start(lock), thread: replicate(thread, 2), clerk: start(clerk) };
type Threads = { readonly thread: readonly Peer<typeof thread>[] };
type Locked = { readonly lock: Peer<typeof lock> };
const inside = sometimes<Threads>('inside', ({ thread }) => thread.some((t) => t.hasTag('inside')));

const held = sometimes<Locked>('held', ({ lock }) => lock.hasTag('held'));

const wires = {
  thread: {
    'lock.taken': { rendezvous: 'lock' },
    'lock.released': 'lock',
    answer: ({ task }: { task: number }) => ['thread', task] as const,
  },
} as const;
/** The wires, with that of one message changed. */
const wired = <const M extends string, const W>(message: M, wire: W) =>
  ({ thread: { ...wires.thread, [message]: wire } }) as {
    readonly thread: Omit<(typeof wires)['thread'], M> & { readonly [K in M]: W };
  };

/** The threads go on by themselves like this. */
const byThread = (...rules: NonNullable<Spontaneous<typeof room>['thread']>) =>
  compose(room, { wires, spontaneous: { thread: rules }, properties: [] });

/** Each line after an `@ts-expect-error` must be an error of the compiler; `tsc` fails where one is not. */
describe('the compiler catches', () => {
  test('nothing in a model that is right', () => {
    const right = compose(room, {
      wires: {
        thread: {
          'lock.taken': { rendezvous: ({ lock }) => lock },
          'lock.released': ({ lock }) => lock,
          answer: ({ task }) => ['thread', task],
        },
      },
      spontaneous: {
        thread: ['step', { type: 'flag.read', read: ({ lock }) => ({ value: lock.hasTag('held') ? 1 : 0 }) }],
        lock: [{ type: 'lock.taken', environment: true, when: ({ thread }) => thread[1]!.context.seen === 0 }],
      },
      mailboxes: { thread: { capacity: 1 } },
      properties: [
        inside,
        always<Threads>('one', ({ thread }) => thread.filter((t) => t.hasTag('inside')).length <= 1, {
          witness: inside,
        }),
        // biome-ignore lint/suspicious/noThenProperty: it is the other half of a precedence, and nothing awaits it
        precedes<Locked>('p', { first: ['lock', 'lock.taken'], then: ({ lock }) => lock.hasTag('held') }),
        step<Locked>('s', ({ before, after }) => before.lock.hasTag('held') || after.lock.hasTag('rest')),
      ],
    });
    expect(Object.keys(right.actors)).toEqual(['lock', 'thread', 'clerk']);
    compose(room, { wires: wired('lock.taken', { queue: 'lock', full: 'fail', lose: 'later' }), properties: [] });
    compose(room, { wires: wired('answer', [['thread', 0], 'thread']), properties: [] });
    compose(room, { wires: wired('answer', []), properties: [] });
    compose(room, { wires: wired('answer', () => ['thread'] as const), properties: [] });
    compose(room, { wires, spontaneous: { thread: [{ type: 'flag.read', oneOf: [{ value: 1 }] }] }, properties: [] });
    byThread('step', { type: 'flag.read', oneOf: [{ value: 1 }] });
    byThread({ type: 'step', when: ({ thread }, self) => thread[self]!.context.seen === 0, environment: true });
    compose({ lock: start(lock) }, { properties: [] });
  });

  test('an unwired emission', () => {
    // @ts-expect-error 'lock.released' and 'answer' have no wire
    compose(room, { wires: { thread: { 'lock.taken': 'lock' } }, properties: [] });
    // @ts-expect-error no wires of the thread
    compose(room, { wires: {}, properties: [] });
    // @ts-expect-error no wires at all
    compose(room, { properties: [] });
  });

  test('a wire of an actor that is not there, that emits nothing, or that does not emit the message', () => {
    // @ts-expect-error there is no actor "thred"
    compose(room, { wires: { thread: wires.thread, thred: {} }, properties: [] });
    // @ts-expect-error the lock emits nothing
    compose(room, { wires: { thread: wires.thread, lock: { 'lock.taken': 'lock' } }, properties: [] });
    // @ts-expect-error a thread does not emit 'lock.stolen'
    compose(room, { wires: { thread: { ...wires.thread, 'lock.stolen': 'lock' } }, properties: [] });
  });

  test('a wire to an actor that is not there', () => {
    // @ts-expect-error there is no actor "lok"
    compose(room, { wires: wired('lock.taken', 'lok'), properties: [] });
    // @ts-expect-error nor as a rendezvous
    compose(room, { wires: wired('lock.taken', { rendezvous: 'lok' }), properties: [] });
    // @ts-expect-error nor as a queue
    compose(room, { wires: wired('lock.taken', { queue: 'lok' }), properties: [] });
    // @ts-expect-error nor as one of several
    compose(room, { wires: wired('lock.taken', ['lock', 'lok']), properties: [] });
    // @ts-expect-error nor as a replica
    compose(room, { wires: wired('answer', ['thred', 0]), properties: [] });
    // @ts-expect-error nor where it is computed
    compose(room, { wires: wired('lock.taken', () => 'lok' as const), properties: [] });
    // @ts-expect-error nor as a replica that is computed
    compose(room, { wires: wired('answer', ({ task }: { task: number }) => ['thred', task] as const), properties: [] });
  });

  test('a wire to an actor that does not declare the message', () => {
    // @ts-expect-error a thread does not declare 'lock.taken'
    compose(room, { wires: wired('lock.taken', 'thread'), properties: [] });
    // @ts-expect-error nor does one replica of it
    compose(room, { wires: wired('lock.taken', { queue: ['thread', 0] }), properties: [] });
    // @ts-expect-error nor where the route is computed
    compose(room, { wires: wired('lock.taken', () => 'thread' as const), properties: [] });
    // @ts-expect-error the lock does not declare 'answer'
    compose(room, { wires: wired('answer', ['thread', 'lock']), properties: [] });
  });

  test('a wire to an actor that declares another payload', () => {
    // @ts-expect-error the clerk's task is a string
    compose(room, { wires: wired('answer', 'clerk'), properties: [] });
    // @ts-expect-error the clerk wants to know by whom
    compose(room, { wires: wired('lock.taken', { rendezvous: 'clerk' }), properties: [] });
    // @ts-expect-error nor where the route is computed
    compose(room, { wires: wired('answer', () => 'clerk' as const), properties: [] });
  });

  test('a route that asks for what the message does not have', () => {
    // @ts-expect-error the message has no "job"
    compose(room, { wires: { thread: { ...wires.thread, answer: ({ job }) => ['thread', job] } }, properties: [] });
    // @ts-expect-error a number is no actor
    compose(room, { wires: { thread: { ...wires.thread, answer: ({ task }) => task } }, properties: [] });
  });

  test('what a queue cannot be', () => {
    // @ts-expect-error there is no such rule
    compose(room, { wires: wired('lock.taken', { queue: 'lock', full: 'discard' }), properties: [] });
    // @ts-expect-error a message is lost at the send or later
    compose(room, { wires: wired('lock.taken', { queue: 'lock', lose: 'sometimes' }), properties: [] });
    // @ts-expect-error a message is there twice at the send, later or for ever
    compose(room, { wires: wired('lock.taken', { queue: 'lock', duplicate: 3 }), properties: [] });
  });

  test('a mailbox of nobody, without a capacity, or of an order that there is not', () => {
    // @ts-expect-error there is no actor "lok"
    compose(room, { wires, mailboxes: { lok: { capacity: 1 } }, properties: [] });
    // @ts-expect-error how many?
    compose(room, { wires, mailboxes: { lock: {} }, properties: [] });
    // @ts-expect-error there is no such order
    compose(room, { wires, mailboxes: { lock: { capacity: 1, order: 'lifo' } }, properties: [] });
  });

  test('a spontaneous message of nobody, or one that is not declared', () => {
    // @ts-expect-error there is no actor "thred"
    compose(room, { wires, spontaneous: { thred: ['step'] }, properties: [] });
    // @ts-expect-error a thread does not declare 'stop'
    compose(room, { wires, spontaneous: { thread: ['stop'] }, properties: [] });
    // @ts-expect-error nor as a rule
    compose(room, { wires, spontaneous: { thread: [{ type: 'stop' }] }, properties: [] });
  });

  test('a spontaneous message without its payload, or with another', () => {
    // @ts-expect-error where is the value?
    byThread('flag.read');
    // @ts-expect-error where is the value?
    byThread({ type: 'flag.read' });
    // @ts-expect-error the value is a number
    byThread({ type: 'flag.read', oneOf: [{ value: '1' }] });
    // @ts-expect-error the payload has no "flag"
    byThread({ type: 'flag.read', oneOf: [{ flag: 1 }] });
    // @ts-expect-error what is read is a number
    byThread({ type: 'flag.read', read: () => ({ value: '1' }) });
    // @ts-expect-error nothing is read
    byThread({ type: 'flag.read', read: () => ({}) });
    // @ts-expect-error it is chosen or read, not both
    byThread({ type: 'flag.read', oneOf: [{ value: 1 }], read: () => ({ value: 1 }) });
    // @ts-expect-error 'step' has no payload
    byThread({ type: 'step', oneOf: [{ value: 1 }] });
  });

  test('a condition on what is not there', () => {
    // @ts-expect-error there is no actor "lok"
    byThread({ type: 'step', when: ({ lok }) => lok.hasTag('held') });
    // @ts-expect-error the lock has no tag "open"
    byThread({ type: 'step', when: ({ lock }) => lock.hasTag('open') });
    // @ts-expect-error there are two threads
    byThread({ type: 'step', when: ({ thread }) => thread.hasTag('inside') });
    // @ts-expect-error a thread's context has no "sen"
    byThread({ type: 'step', when: ({ thread }, self) => thread[self]!.context.sen === 0 });
    // @ts-expect-error a condition is true or false now
    byThread({ type: 'step', when: async () => true });
    // @ts-expect-error the environment is or is not
    byThread({ type: 'step', environment: 'yes' });
  });

  test('a tag, a context field or a message of the mailbox that an actor does not have', () => {
    // @ts-expect-error the lock has no tag "open"
    sometimes<Locked>('open', ({ lock }) => lock.hasTag('open'));
    // @ts-expect-error the lock's machine has no tag of the thread's
    sometimes<Locked>('open', ({ lock }) => lock.hasTag('inside'));
    // @ts-expect-error a thread's context has no "sen"
    sometimes<Threads>('seen', ({ thread }) => thread[0]!.context.sen === 1);
    // @ts-expect-error it is a number
    sometimes<Threads>('seen', ({ thread }) => thread[0]!.context.seen === 'one');
    // @ts-expect-error a thread takes no such message
    sometimes<Threads>('mail', ({ thread }) => thread[0]!.mailbox[0]!.type === 'lock.taken');
    // @ts-expect-error there may be no third thread
    sometimes<Threads>('third', ({ thread }) => thread[2].hasTag('inside'));
  });

  test('a property over actors that are not there, or are of another machine, or are several', () => {
    // @ts-expect-error there is no actor "lock"
    compose({ clerk: start(clerk) }, { properties: [held] });
    // @ts-expect-error the actor called "lock" is a clerk
    compose({ lock: start(clerk) }, { properties: [held] });
    // @ts-expect-error there are two locks
    compose({ lock: replicate(lock, 2) }, { properties: [held] });
    // @ts-expect-error there is one thread only
    compose({ ...room, thread: start(thread) }, { wires, properties: [inside] });
    // @ts-expect-error nor over steps
    compose({ clerk: start(clerk) }, { properties: [step<Locked>('held', ({ after }) => after.lock.hasTag('held'))] });
    // @ts-expect-error there is no actor "lok" in the room
    sometimes<Locked>('held', ({ lok }) => lok.hasTag('held'));
  });

  test('a precedence of a message that its actor does not declare', () => {
    const is = () => true;
    // @ts-expect-error there is no actor "lok"
    precedes<Locked>('p', order(['lok', 'lock.taken'], is));
    // @ts-expect-error the lock does not declare 'lock.stolen'
    precedes<Locked>('p', order(is, ['lock', 'lock.stolen']));
    // @ts-expect-error the thread does not declare 'lock.taken'
    precedes<Threads>('p', order(['thread', 'lock.taken'], is));
    precedes<Threads>('p', order(['thread', 'flag.read'], is));
  });

  test('an invariant without a witness', () => {
    // @ts-expect-error what keeps it honest?
    always<Locked>('free', ({ lock }) => lock.hasTag('rest'));
    // @ts-expect-error what keeps it honest?
    never<Locked>('held', ({ lock }) => lock.hasTag('held'), { when: () => true });
    // @ts-expect-error a name is no witness
    always<Locked>('free', ({ lock }) => lock.hasTag('rest'), { witness: 'held' });
    // @ts-expect-error a witness of other actors is none here
    always<Locked>('free', ({ lock }) => lock.hasTag('rest'), { witness: inside });
  });

  test('a predicate that answers neither true nor false', () => {
    // @ts-expect-error a promise is always true
    sometimes<Locked>('held', async ({ lock }) => lock.hasTag('held'));
    // @ts-expect-error nothing is returned
    never<Locked>('held', ({ lock }) => void lock.hasTag('held'), { witness: sometimes<Locked>('any', () => true) });
    // @ts-expect-error a number is not
    step<Threads>('seen', ({ after }) => after.thread[0]!.context.seen);
  });

  test('an actor without its input', () => {
    // @ts-expect-error how fast?
    start(worker);
    // @ts-expect-error a speed is a number
    start(worker, { speed: 'fast' });
    // @ts-expect-error how fast, each?
    expect(() => replicate(worker, 2)).not.toThrow();
    // @ts-expect-error a function of the replica's number
    expect(() => replicate(worker, 2, { speed: 1 })).toThrow();
    start(worker, { speed: 1 });
    replicate(worker, 2, (self) => ({ speed: self }));
  });
});

/** The two halves, for precedences that are wrong. */
const order = <const F, const T>(first: F, then: T): { readonly first: F; readonly then: T } => ({ first, then });

describe('the compiler catches of a model', () => {
  const options = { order: ['fifo', 'unordered'], size: [1, 2] } as const;
  const sized = (size: number) => compose({ lock: replicate(lock, size) }, { properties: [] });
  const build = () => sized(1);

  test('nothing where it is right', () => {
    const right = defineModel({
      name: 'm',
      options: { order: ['fifo', 'unordered'], size: [1, 2] },
      variants: { small: { option: { size: 1 }, expect: { deadlock: 'violated' }, figures: { states: 1 } } },
      build: ({ order, size }) =>
        compose({ lock: start(lock) }, { mailboxes: { lock: { capacity: size, order } }, properties: [] }),
    });
    expect(right.variants[0]!.option).toEqual({ order: 'fifo', size: 1 });
  });

  test('an option that it does not have', () => {
    // @ts-expect-error there is no option "capacity"
    defineModel({ name: 'm', options, build: ({ capacity }) => sized(capacity) });
    // @ts-expect-error a model without options has none
    defineModel({ name: 'm', build: ({ size }) => sized(size) });
    // @ts-expect-error there is no option "capacity"
    expect(() => defineModel({ name: 'm', options, variants: { v: { option: { capacity: 1 } } }, build })).toThrow(
      'capacity',
    );
  });

  test('a value that an option does not have', () => {
    // @ts-expect-error a size is 1 or 2
    expect(() => defineModel({ name: 'm', options, variants: { v: { option: { size: 3 } } }, build })).toThrow('3');
    // @ts-expect-error a size is a number
    expect(() => defineModel({ name: 'm', options, variants: { v: { option: { size: '1' } } }, build })).toThrow('1');
    // @ts-expect-error it is never "lifo"
    defineModel({ name: 'm', options, build: ({ order }) => (order === 'lifo' ? build() : build()) });
  });

  test('a verdict or a figure that there is not', () => {
    // @ts-expect-error it is "holds"
    expect(() => defineModel({ name: 'm', variants: { v: { expect: { deadlock: 'hold' } } }, build })).toThrow('holds');
    // @ts-expect-error it is "states"
    expect(() => defineModel({ name: 'm', variants: { v: { figures: { state: 1 } } }, build })).toThrow('states');
    // @ts-expect-error steps are told by property
    defineModel({ name: 'm', variants: { v: { figures: { steps: 3 } } }, build });
  });

  test('a build that builds nothing', () => {
    // @ts-expect-error where is the composition?
    defineModel({ name: 'm', build: () => {} });
    // @ts-expect-error where is the build?
    defineModel({ name: 'm' });
  });
});

test('a model without variants is the product of its options', () => {
  const model = defineModel({
    name: 'm',
    options: { a: [1, 2], b: ['x', 'y'] },
    build: () => compose({ lock: start(lock) }, { properties: [] }),
  });
  expect(model.variants.map((v) => v.name)).toEqual(['a=1,b=x', 'a=1,b=y', 'a=2,b=x', 'a=2,b=y']);
});
