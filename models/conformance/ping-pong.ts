import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, type QueueRules, start } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';

/**
 * Two actors that count the balls they return, over three kinds of network, as in the tests of Stateright's actor model,
 * src/actor/model.rs: 14 states for one point over a network that loses and repeats, 4,094 for five; 11 for five
 * where nothing is lost, whether it repeats or not. "Delta within 1" holds in all of them.
 *
 * A state there is the two counts and the set (without repetition: the multiset) of messages in the network. Here the
 * network is the two mailboxes. A network that repeats delivers a message and keeps it: `duplicate: 'forever'`. One
 * that loses may drop any message at any later time: `lose: 'later'`.
 *
 * There the first Ping is in the network from the start. Here starting emits nothing, so the first Ping is an actor of
 * its own, which is either under way or gone. It has no other carrier, so that states still correspond one to one.
 *
 * There the search does not go past the last point. Here an actor with the last point looks at no mail any more: the
 * last Ping stays where it is, and every variant ends in a state that is a deadlock.
 */

interface Score {
  readonly points: number;
  readonly last: number;
}

/** Answers Pong n with Ping n + 1, and drops what is not the next in order. */
const pinger = setup({
  types: {
    context: {} as Score,
    input: {} as { last: number },
    events: {} as { type: 'pong'; value: number },
    emitted: {} as { type: 'ping'; value: number },
    tags: {} as 'rest' | 'busy' | 'over',
  },
  guards: {
    isNext: ({ context, event }) => event.value === context.points,
    isOver: ({ context }) => context.points === context.last,
  },
  actions: {
    score: assign({ points: ({ context }) => context.points + 1 }),
    serve: emit(({ context }) => ({ type: 'ping', value: context.points })),
  },
}).createMachine({
  id: 'pinger',
  context: ({ input }) => ({ points: 0, last: input.last }),
  initial: 'playing',
  states: {
    playing: {
      tags: 'rest',
      always: { guard: 'isOver', target: 'over' },
      on: { pong: [{ guard: 'isNext', actions: ['score', 'serve'] }, {}] },
    },
    over: { tags: ['rest', 'busy', 'over'] },
  },
});

/** Answers Ping n with Pong n, and drops what is not the next in order. */
const ponger = setup({
  types: {
    context: {} as Score,
    input: {} as { last: number },
    events: {} as { type: 'ping'; value: number },
    emitted: {} as { type: 'pong'; value: number },
    tags: {} as 'rest' | 'busy' | 'over',
  },
  guards: {
    isNext: ({ context, event }) => event.value === context.points,
    isOver: ({ context }) => context.points === context.last,
  },
  actions: {
    answer: emit(({ context }) => ({ type: 'pong', value: context.points })),
    score: assign({ points: ({ context }) => context.points + 1 }),
  },
}).createMachine({
  id: 'ponger',
  context: ({ input }) => ({ points: 0, last: input.last }),
  initial: 'playing',
  states: {
    playing: {
      tags: 'rest',
      always: { guard: 'isOver', target: 'over' },
      on: { ping: [{ guard: 'isNext', actions: ['answer', 'score'] }, {}] },
    },
    over: { tags: ['rest', 'busy', 'over'] },
  },
});

/** The first Ping. Like any other message it may arrive once or many times, or be lost, as the network has it. */
const firstPing = setup({
  types: {
    context: {} as { repeats: boolean },
    input: {} as { repeats: boolean },
    events: {} as { type: 'ping.arrived' | 'ping.lost' },
    emitted: {} as { type: 'ping'; value: number },
    tags: {} as 'rest',
  },
  guards: {
    isRepeated: ({ context }) => context.repeats,
  },
  actions: {
    deliver: emit({ type: 'ping', value: 0 }),
  },
}).createMachine({
  id: 'firstPing',
  context: ({ input }) => ({ repeats: input.repeats }),
  initial: 'underWay',
  states: {
    underWay: {
      on: {
        'ping.arrived': [
          { guard: 'isRepeated', actions: 'deliver' },
          { target: 'gone', actions: 'deliver' },
        ],
        'ping.lost': 'gone',
      },
    },
    gone: { tags: 'rest' },
  },
});

interface Players {
  readonly pinger: Peer<typeof pinger>;
  readonly ponger: Peer<typeof ponger>;
}

const lastPoint = sometimes<Players>('both have the last point', ({ pinger, ponger }) =>
  [pinger, ponger].every((peer) => peer.hasTag('over')),
);

const deltaWithinOne = always<Players>(
  'the players are never two points apart',
  ({ pinger, ponger }) => Math.abs(pinger.context.points - ponger.context.points) <= 1,
  { witness: lastPoint },
);

const networks = {
  losesAndRepeats: { lose: 'later', duplicate: 'forever' },
  reliable: {},
  repeats: { duplicate: 'forever' },
} as const satisfies Record<string, QueueRules>;

export default defineModel({
  name: 'ping-pong',
  about: 'Two players stay within one point of each other, whatever the network loses or repeats.',
  sources: ['Stateright, src/actor/model.rs'],
  options: { network: ['losesAndRepeats', 'reliable', 'repeats'], last: [1, 5] },
  variants: {
    'loses-and-repeats-1': {
      option: { network: 'losesAndRepeats', last: 1 },
      expect: { deadlock: 'violated' },
      figures: { states: 14, transitions: 20, deadlocks: 8, depth: 5, steps: { deadlock: 2 } },
    },
    'loses-and-repeats-5': {
      option: { network: 'losesAndRepeats', last: 5 },
      expect: { deadlock: 'violated' },
      figures: { states: 4_094, transitions: 27_138, deadlocks: 2_078, depth: 21, steps: { deadlock: 10 } },
    },
    'reliable-5': {
      option: { network: 'reliable', last: 5 },
      expect: { deadlock: 'violated' },
      figures: { states: 11, transitions: 10, deadlocks: 1, depth: 10, steps: { deadlock: 10 } },
    },
    'repeats-5': {
      option: { network: 'repeats', last: 5 },
      expect: { deadlock: 'violated' },
      figures: { states: 11, transitions: 50, deadlocks: 1, depth: 10, steps: { deadlock: 10 } },
    },
  },
  build: ({ network, last }) => {
    const rules: QueueRules = networks[network];
    return compose(
      {
        pinger: start(pinger, { last }),
        ponger: start(ponger, { last }),
        firstPing: start(firstPing, { repeats: rules.duplicate === 'forever' }),
      },
      {
        wires: {
          pinger: { ping: { queue: 'ponger', ...rules } },
          ponger: { pong: { queue: 'pinger', ...rules } },
          firstPing: { ping: { rendezvous: 'ponger' } },
        },
        mailboxes: {
          pinger: { capacity: last, order: 'unordered' },
          ponger: { capacity: last, order: 'unordered' },
        },
        spontaneous: {
          firstPing: ['ping.arrived', { type: 'ping.lost', environment: true, when: () => rules.lose === 'later' }],
        },
        properties: [lastPoint, deltaWithinOne],
      },
    );
  },
});
