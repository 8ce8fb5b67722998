import { emit, setup } from 'xstate';
import { describe, expect, test } from 'vitest';
import { compose, defineModel, replicate, start, type Peer } from '../src/explore/model.ts';
import { always, precedes, sometimes, step } from '../src/explore/property.ts';

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
    emitted: {} as { type: 'lock.taken'; lock: 'lock' } | { type: 'lock.released'; lock: 'lock' } | { type: 'answer'; task: number },
    tags: {} as 'rest' | 'inside',
  },
}).createMachine({
  id: 'thread',
  context: { seen: 0 },
  initial: 'outside',
  states: {
    outside: { tags: 'rest', on: { step: { target: 'inside', actions: emit({ type: 'lock.taken', lock: 'lock' }) } } },
    inside: { tags: 'inside', on: { step: { target: 'outside', actions: emit({ type: 'lock.released', lock: 'lock' }) } } },
  },
});

const room = { lock: start(lock), thread: replicate(thread, 2) };
const inside = sometimes<{ thread: readonly Peer<typeof thread>[] }>('inside', ({ thread }) => thread.some((t) => t.hasTag('inside')));
const wires = {
  thread: {
    'lock.taken': { rendezvous: 'lock' },
    'lock.released': 'lock',
    answer: ({ task }: { task: number }) => ['thread', task],
  },
} as const;

/** Each of these lines must be an error of the compiler; `tsc` fails where one is not. */
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
        always<{ thread: readonly Peer<typeof thread>[] }>('one at most', ({ thread }) => thread.filter((t) => t.hasTag('inside')).length <= 1, { witness: inside }),
        precedes<{ lock: Peer<typeof lock> }>('p', { first: ['lock', 'lock.taken'], then: ({ lock }) => lock.hasTag('held') }),
        step<{ lock: Peer<typeof lock> }>('s', ({ before, after }) => before.lock.hasTag('held') || after.lock.hasTag('rest')),
      ],
    });
    expect(Object.keys(right.actors)).toEqual(['lock', 'thread']);
  });

  test('an unwired emission', () => {
    // @ts-expect-error 'lock.released' and 'answer' have no wire
    compose(room, { wires: { thread: { 'lock.taken': 'lock' } }, properties: [] });
    // @ts-expect-error no wires at all
    compose(room, { properties: [] });
  });

  test('an unknown actor', () => {
    // @ts-expect-error there is no actor "lok"
    compose(room, { wires: { thread: { ...wires.thread, 'lock.taken': 'lok' } }, properties: [] });
    // @ts-expect-error there is no actor "lok"
    compose(room, { wires, mailboxes: { lok: { capacity: 1 } }, properties: [] });
  });

  test('a wire to an actor that does not declare the message', () => {
    // @ts-expect-error a thread does not declare 'lock.taken'
    compose(room, { wires: { thread: { ...wires.thread, 'lock.taken': 'thread' } }, properties: [] });
  });
});

test('a model without variants is the product of its options', () => {
  const model = defineModel({ name: 'm', options: { a: [1, 2], b: ['x', 'y'] }, build: () => compose({ lock: start(lock) }, { properties: [] }) });
  expect(model.variants.map((v) => v.name)).toEqual(['a=1,b=x', 'a=1,b=y', 'a=2,b=x', 'a=2,b=y']);
});
