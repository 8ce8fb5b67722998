import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate, start } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';

/**
 * Threads that add one to a shared counter without a lock, as in Stateright, examples/increment.rs: 13 states for 2
 * threads (listed in that file), 84 for 3, 755 for 4, and the invariant "fin" is violated by a lost update.
 *
 * A state, there and here, is the counter and, for every thread, how far it is and the value it has loaded, which it
 * keeps when it has finished. Loading and storing are one step each.
 */

const counter = setup({
  types: {
    context: {} as { value: number },
    events: {} as { type: 'counter.written'; value: number },
    tags: {} as 'rest',
  },
  actions: {
    store: assign({ value: ({ event }) => event.value }),
  },
}).createMachine({
  id: 'counter',
  context: { value: 0 },
  initial: 'stored',
  states: {
    stored: {
      tags: 'rest',
      on: { 'counter.written': { actions: 'store' } },
    },
  },
});

const thread = setup({
  types: {
    context: {} as { loaded: number },
    events: {} as { type: 'counter.read'; value: number } | { type: 'sum.stored' },
    emitted: {} as { type: 'counter.written'; value: number },
    tags: {} as 'finished',
  },
  actions: {
    load: assign({ loaded: ({ context, event }) => ('value' in event ? event.value : context.loaded) }),
    write: emit(({ context }) => ({
      type: 'counter.written',
      value: context.loaded + 1,
    })),
  },
}).createMachine({
  id: 'thread',
  context: { loaded: 0 },
  initial: 'loading',
  states: {
    loading: {
      on: { 'counter.read': { target: 'adding', actions: 'load' } },
    },
    adding: {
      on: { 'sum.stored': { target: 'finished', actions: 'write' } },
    },
    finished: { type: 'final', tags: 'finished' },
  },
});

interface Threads {
  readonly counter: Peer<typeof counter>;
  readonly thread: readonly Peer<typeof thread>[];
}

const allFinish = sometimes<Threads>('all threads finish', ({ thread }) =>
  thread.every((peer) => peer.hasTag('finished')),
);

const noLostUpdate = always<Threads>(
  'the counter counts the threads that have finished',
  ({ counter, thread }) => thread.filter((peer) => peer.hasTag('finished')).length === counter.context.value,
  { witness: allFinish },
);

export default defineModel({
  name: 'increment',
  about: 'Threads that add to a shared counter without a lock lose an update.',
  sources: ['Stateright, examples/increment.rs'],
  options: { threads: [2, 3, 4] },
  variants: {
    '2-threads': {
      option: { threads: 2 },
      expect: { [noLostUpdate.name]: 'violated' },
      figures: { states: 13, transitions: 14, deadlocks: 0, depth: 4, steps: { [noLostUpdate.name]: 4 } },
    },
    '3-threads': {
      option: { threads: 3 },
      expect: { [noLostUpdate.name]: 'violated' },
      figures: { states: 84, transitions: 111, deadlocks: 0, depth: 6, steps: { [noLostUpdate.name]: 4 } },
    },
    '4-threads': {
      option: { threads: 4 },
      expect: { [noLostUpdate.name]: 'violated' },
      figures: { states: 755, transitions: 1_156, deadlocks: 0, depth: 8, steps: { [noLostUpdate.name]: 4 } },
    },
  },
  build: ({ threads }) =>
    compose(
      { counter: start(counter), thread: replicate(thread, threads) },
      {
        wires: { thread: { 'counter.written': 'counter' } },
        spontaneous: {
          thread: [{ type: 'counter.read', read: ({ counter }) => ({ value: counter.context.value }) }, 'sum.stored'],
        },
        properties: [allFinish, noLostUpdate],
      },
    ),
});
