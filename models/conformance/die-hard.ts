import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, start } from '../../src/explore/model.ts';
import { never, sometimes } from '../../src/explore/property.ts';

/**
 * The jugs of the film Die Hard 3, as in TLA+ Examples, DieHard/DieHard.tla: 16 states and 96 transitions in all, and
 * TLC solves the puzzle with a counterexample of 7 states, which is 6 steps.
 *
 * A state, there and here, is the contents of the two jugs. All six actions are possible in every state: to fill a full
 * jug, or to pour from an empty one, is a step that changes nothing.
 */

interface Jug {
  readonly capacity: number;
  readonly gallons: number;
}

const jug = setup({
  types: {
    context: {} as Jug,
    input: {} as { capacity: number },
    events: {} as
      | { type: 'jug.filled' | 'jug.emptied' }
      | { type: 'jug.poured'; room: number }
      | { type: 'water.received'; gallons: number },
    emitted: {} as { type: 'water.received'; gallons: number },
    tags: {} as 'rest',
  },
  actions: {
    fill: assign({ gallons: ({ context }) => context.capacity }),
    empty: assign({ gallons: 0 }),
    pour: emit(({ context, event }) => ({
      type: 'water.received',
      gallons: 'room' in event ? Math.min(context.gallons, event.room) : 0,
    })),
    keepRest: assign({
      gallons: ({ context, event }) => ('room' in event ? Math.max(0, context.gallons - event.room) : context.gallons),
    }),
    receive: assign({
      gallons: ({ context, event }) => ('gallons' in event ? context.gallons + event.gallons : context.gallons),
    }),
  },
}).createMachine({
  id: 'jug',
  context: ({ input }) => ({ capacity: input.capacity, gallons: 0 }),
  initial: 'standing',
  states: {
    standing: {
      tags: 'rest',
      on: {
        'jug.filled': { actions: 'fill' },
        'jug.emptied': { actions: 'empty' },
        'jug.poured': { actions: ['pour', 'keepRest'] },
        'water.received': { actions: 'receive' },
      },
    },
  },
});

interface Jugs {
  readonly small: Peer<typeof jug>;
  readonly big: Peer<typeof jug>;
}

const room = (peer: Peer<typeof jug>) => ({ room: peer.context.capacity - peer.context.gallons });

const bigIsFull = sometimes<Jugs>('the big jug is full', ({ big }) => big.context.gallons === big.context.capacity);

const solved = never<Jugs>('four gallons are in the big jug', ({ big }) => big.context.gallons === 4, {
  witness: bigIsFull,
});

export default defineModel({
  name: 'die-hard',
  about: 'Can four gallons be measured with a jug of three and a jug of five?',
  sources: ['TLA+ Examples, DieHard/DieHard.tla'],
  variants: {
    '3-and-5': {
      expect: { [solved.name]: 'violated' },
      figures: { states: 16, transitions: 96, deadlocks: 0, depth: 7, steps: { [solved.name]: 6 } },
    },
  },
  build: () =>
    compose(
      { small: start(jug, { capacity: 3 }), big: start(jug, { capacity: 5 }) },
      {
        wires: {
          small: { 'water.received': 'big' },
          big: { 'water.received': 'small' },
        },
        spontaneous: {
          small: ['jug.filled', 'jug.emptied', { type: 'jug.poured', read: ({ big }) => room(big) }],
          big: ['jug.filled', 'jug.emptied', { type: 'jug.poured', read: ({ small }) => room(small) }],
        },
        properties: [bigIsFull, solved],
      },
    ),
});
