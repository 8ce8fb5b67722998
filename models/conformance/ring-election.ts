import { emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';

/**
 * Leader election in a ring, after Chang and Roberts, with a bounded inbox at every node. SPIN, Rumur, Stateright and TLC
 * agree on 4,442 states for 8 nodes with inboxes of 2, and 81,626 for 11; transitions are 23,434 and 601,759, but
 * for SPIN, which counts those of its `init` process too.
 *
 * A state is, for every node, whether it takes part and whether it leads, and its inbox, which is its mailbox. Node i
 * has the identity (3i mod N) + 1. A node whose successor's inbox is full waits.
 *
 * The election ends, and the others count its end as their one deadlock; so does this model, in which nobody is at rest.
 */

const node = setup({
  types: {
    context: {} as { identity: number },
    input: {} as { identity: number },
    events: {} as { type: 'election.called' } | { type: 'candidate.proposed'; identity: number },
    emitted: {} as { type: 'candidate.proposed'; identity: number },
    tags: {} as 'leader',
  },
  guards: {
    isGreater: ({ context, event }) => 'identity' in event && event.identity > context.identity,
    isOwn: ({ context, event }) => 'identity' in event && event.identity === context.identity,
  },
  actions: {
    proposeItself: emit(({ context }) => ({ type: 'candidate.proposed', identity: context.identity })),
    passOn: emit(({ context, event }) => ({
      type: 'candidate.proposed',
      identity: 'identity' in event ? event.identity : context.identity,
    })),
  },
}).createMachine({
  id: 'node',
  context: ({ input }) => ({ identity: input.identity }),
  initial: 'asleep',
  states: {
    asleep: {
      on: {
        'election.called': { target: 'competing', actions: 'proposeItself' },
        'candidate.proposed': [
          { guard: 'isGreater', target: 'competing', actions: 'passOn' },
          { target: 'competing', actions: 'proposeItself' },
        ],
      },
    },
    competing: {
      on: {
        'candidate.proposed': [{ guard: 'isGreater', actions: 'passOn' }, { guard: 'isOwn', target: 'leading' }, {}],
      },
    },
    leading: {
      description: 'Its proposal has been round the ring, and has pushed every other one out before it.',
      tags: 'leader',
    },
  },
});

interface Ring {
  readonly node: readonly Peer<typeof node>[];
}

const elected = sometimes<Ring>('a leader is elected', ({ node }) => node.some((peer) => peer.hasTag('leader')));

const oneLeader = always<Ring>(
  'one leader at most is elected',
  ({ node }) => node.filter((peer) => peer.hasTag('leader')).length <= 1,
  { witness: elected },
);

export default defineModel({
  name: 'ring-election',
  about: 'Does a ring elect one leader, whoever calls the election?',
  sources: ['Chang and Roberts, An improved algorithm for decentralized extrema-finding, 1979'],
  options: { nodes: [8, 11], capacity: [2] },
  variants: {
    '8-nodes': {
      option: { nodes: 8 },
      expect: { deadlock: 'violated' },
      figures: { states: 4_442, transitions: 23_434, deadlocks: 1, depth: 12, steps: { deadlock: 9 } },
    },
    '11-nodes': {
      option: { nodes: 11 },
      expect: { deadlock: 'violated' },
      figures: { states: 81_626, transitions: 601_759, deadlocks: 1, depth: 16, steps: { deadlock: 12 } },
    },
  },
  build: ({ nodes, capacity }) =>
    compose(
      { node: replicate(node, nodes, (self) => ({ identity: ((3 * self) % nodes) + 1 })) },
      {
        wires: { node: { 'candidate.proposed': { queue: (_, self) => ['node', (self + 1) % nodes] } } },
        mailboxes: { node: { capacity } },
        spontaneous: { node: ['election.called'] },
        properties: [elected, oneLeader],
      },
    ),
});
