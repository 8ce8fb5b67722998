import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate, start } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';

/**
 * Threads that add one to a shared counter under a lock, as in Stateright, examples/increment_lock.rs: 17 states for 2
 * threads, 61 for 3, 257 for 4, and both of its invariants, "fin" and "mutex", hold.
 *
 * A state, there and here, is the counter, the lock and, for every thread, how far it is and the value it has loaded.
 * Locking, loading, storing and unlocking are one step each.
 */

const lock = setup({
  types: {
    events: {} as { type: 'lock.taken' | 'lock.released' },
    tags: {} as 'rest',
  },
}).createMachine({
  id: 'lock',
  initial: 'free',
  states: {
    free: {
      tags: 'rest',
      on: { 'lock.taken': 'held' },
    },
    held: {
      on: { 'lock.released': 'free' },
    },
  },
});

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
    events: {} as { type: 'lock.wanted' | 'sum.stored' | 'work.finished' } | { type: 'counter.read'; value: number },
    emitted: {} as { type: 'lock.taken' | 'lock.released' } | { type: 'counter.written'; value: number },
    tags: {} as 'counted' | 'inside',
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
  initial: 'outside',
  states: {
    outside: {
      on: { 'lock.wanted': { target: 'loading', actions: emit({ type: 'lock.taken' }) } },
    },
    loading: {
      tags: 'inside',
      on: { 'counter.read': { target: 'adding', actions: 'load' } },
    },
    adding: {
      tags: 'inside',
      on: { 'sum.stored': { target: 'leaving', actions: 'write' } },
    },
    leaving: {
      tags: ['inside', 'counted'],
      on: { 'work.finished': { target: 'finished', actions: emit({ type: 'lock.released' }) } },
    },
    finished: { type: 'final', tags: 'counted' },
  },
});

interface Threads {
  readonly counter: Peer<typeof counter>;
  readonly thread: readonly Peer<typeof thread>[];
}

const allCounted = sometimes<Threads>('all threads have counted', ({ thread }) =>
  thread.every((peer) => peer.hasTag('counted')),
);

const noLostUpdate = always<Threads>(
  'the counter counts the threads that have stored their sum',
  ({ counter, thread }) => thread.filter((peer) => peer.hasTag('counted')).length === counter.context.value,
  { witness: allCounted },
);

const mutualExclusion = always<Threads>(
  'one thread at most is inside the lock',
  ({ thread }) => thread.filter((peer) => peer.hasTag('inside')).length <= 1,
  { witness: sometimes<Threads>('a thread is inside', ({ thread }) => thread.some((peer) => peer.hasTag('inside'))) },
);

export default defineModel({
  name: 'increment-lock',
  about: 'Threads that add to a shared counter under a lock lose nothing.',
  sources: ['Stateright, examples/increment_lock.rs'],
  options: { threads: [2, 3, 4] },
  variants: {
    '2-threads': { option: { threads: 2 }, figures: { states: 17, transitions: 16, deadlocks: 0, depth: 8 } },
    '3-threads': { option: { threads: 3 }, figures: { states: 61, transitions: 60, deadlocks: 0, depth: 12 } },
    '4-threads': { option: { threads: 4 }, figures: { states: 257, transitions: 256, deadlocks: 0, depth: 16 } },
  },
  build: ({ threads }) =>
    compose(
      { lock: start(lock), counter: start(counter), thread: replicate(thread, threads) },
      {
        wires: {
          thread: {
            'lock.taken': { rendezvous: 'lock' },
            'lock.released': 'lock',
            'counter.written': 'counter',
          },
        },
        spontaneous: {
          thread: [
            'lock.wanted',
            { type: 'counter.read', read: ({ counter }) => ({ value: counter.context.value }) },
            'sum.stored',
            'work.finished',
          ],
        },
        properties: [allCounted, noLostUpdate, mutualExclusion],
      },
    ),
});
