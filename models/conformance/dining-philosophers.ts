import { emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate } from '../../src/explore/model.ts';
import { never, sometimes } from '../../src/explore/property.ts';

/**
 * Dining philosophers who take the left fork first: 3^N - 1 states and one deadlock, in which all hold their left fork.
 * SPIN, Rumur, Stateright and TLC agree on 6,560 states and 34,984 transitions for 8, and 59,048 and 393,650 for 10.
 *
 * A state is the place of every philosopher (four) and, for every fork, whether it lies on the table. A philosopher
 * takes and puts down one fork at a time, each a step of its own, and puts down the left one first.
 */

const fork = setup({
  types: {
    events: {} as { type: 'fork.taken' | 'fork.returned' },
    tags: {} as 'rest',
  },
}).createMachine({
  id: 'fork',
  initial: 'onTable',
  states: {
    onTable: {
      tags: 'rest',
      on: { 'fork.taken': 'inHand' },
    },
    inHand: {
      on: { 'fork.returned': 'onTable' },
    },
  },
});

type Side = 'left' | 'right';

const philosopher = setup({
  types: {
    events: {} as { type: 'left.taken' | 'right.taken' | 'left.returned' | 'right.returned' },
    emitted: {} as { type: 'fork.taken' | 'fork.returned'; side: Side },
    tags: {} as 'rest' | 'eating',
  },
}).createMachine({
  id: 'philosopher',
  initial: 'thinking',
  states: {
    thinking: {
      tags: 'rest',
      on: { 'left.taken': { target: 'reaching', actions: emit({ type: 'fork.taken', side: 'left' }) } },
    },
    reaching: {
      on: { 'right.taken': { target: 'eating', actions: emit({ type: 'fork.taken', side: 'right' }) } },
    },
    eating: {
      tags: 'eating',
      on: { 'left.returned': { target: 'sated', actions: emit({ type: 'fork.returned', side: 'left' }) } },
    },
    sated: {
      on: { 'right.returned': { target: 'thinking', actions: emit({ type: 'fork.returned', side: 'right' }) } },
    },
  },
});

interface Table {
  readonly philosopher: readonly Peer<typeof philosopher>[];
}

const someoneEats = sometimes<Table>('a philosopher eats', ({ philosopher }) =>
  philosopher.some((peer) => peer.hasTag('eating')),
);

const neighboursEat = never<Table>(
  'two neighbours eat at once',
  ({ philosopher }) =>
    philosopher.some((peer, i) => peer.hasTag('eating') && philosopher[(i + 1) % philosopher.length]!.hasTag('eating')),
  { witness: someoneEats },
);

export default defineModel({
  name: 'dining-philosophers',
  about: 'Philosophers who all reach for the left fork first starve in one way only.',
  options: { seats: [8, 10] },
  variants: {
    '8-seats': {
      option: { seats: 8 },
      expect: { deadlock: 'violated' },
      figures: { states: 6_560, transitions: 34_984, deadlocks: 1, depth: 21, steps: { deadlock: 8 } },
    },
    '10-seats': {
      option: { seats: 10 },
      expect: { deadlock: 'violated' },
      figures: { states: 59_048, transitions: 393_650, deadlocks: 1, depth: 27, steps: { deadlock: 10 } },
    },
  },
  build: ({ seats }) => {
    const forkAt = ({ side }: { side: Side }, self: number) =>
      ['fork', side === 'left' ? self : (self + 1) % seats] as const;
    return compose(
      { fork: replicate(fork, seats), philosopher: replicate(philosopher, seats) },
      {
        wires: { philosopher: { 'fork.taken': { rendezvous: forkAt }, 'fork.returned': forkAt } },
        spontaneous: { philosopher: ['left.taken', 'right.taken', 'left.returned', 'right.returned'] },
        properties: [someoneEats, neighboursEat],
      },
    );
  },
});
