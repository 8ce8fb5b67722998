import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate, start } from '../../src/explore/model.ts';
import { never, sometimes } from '../../src/explore/property.ts';

/**
 * Two-phase commit as in TLA+ Examples, transaction_commit/TwoPhase.tla (Gray and Lamport, "Consensus on Transaction
 * Commit"): TLC finds 288 states for 3 resource managers, 8,832 for 5 and 296,448 for 7, and consistency holds.
 *
 * A state of the TLA+ module is the state of every manager, the state of the transaction manager, the managers of which
 * it has heard, and the set of messages ever sent. Here the first three are the local states. The fourth lies in the
 * mailboxes: a message that is `duplicate: 'forever'` stays when it is taken, and of such messages an unordered
 * mailbox is a set. "Prepared" of manager i is the message i in the mailbox of the coordinator; "Commit" or "Abort" is
 * one message in the mailbox of every manager, put into all of them by one step. So states correspond one to one.
 * Steps do too: hearing the same message again changes nothing, and is a step in both.
 */

/** A resource manager. Kept: it may give up for as long as it has not voted. Left out: telling the coordinator that it has. */
const manager = setup({
  types: {
    context: {} as { self: number },
    input: {} as { self: number },
    events: {} as { type: 'work.finished' | 'work.failed' | 'transaction.committed' | 'transaction.aborted' },
    emitted: {} as { type: 'manager.prepared'; manager: number },
    tags: {} as 'rest' | 'committed' | 'aborted',
  },
  actions: {
    vote: emit(({ context }) => ({
      type: 'manager.prepared',
      manager: context.self,
    })),
  },
}).createMachine({
  id: 'manager',
  context: ({ input }) => ({ self: input.self }),
  initial: 'working',
  states: {
    working: {
      on: {
        'work.finished': { target: 'prepared', actions: 'vote' },
        'work.failed': 'aborted',
        'transaction.aborted': 'aborted',
      },
    },
    prepared: {
      on: {
        'transaction.committed': 'committed',
        'transaction.aborted': 'aborted',
      },
    },
    committed: {
      tags: ['rest', 'committed'],
      on: { 'transaction.committed': {} },
    },
    aborted: {
      tags: ['rest', 'aborted'],
      on: { 'transaction.aborted': {} },
    },
  },
});

/** The transaction manager. It may abort at any moment, for no reason that the model knows. */
const coordinator = setup({
  types: {
    context: {} as { prepared: readonly boolean[] },
    input: {} as { managers: number },
    events: {} as { type: 'commit.decided' | 'abort.decided' } | { type: 'manager.prepared'; manager: number },
    emitted: {} as { type: 'transaction.committed' | 'transaction.aborted' },
    tags: {} as 'rest' | 'busy',
  },
  guards: {
    isUnanimous: ({ context }) => context.prepared.every((prepared) => prepared),
  },
  actions: {
    note: assign({
      prepared: ({ context, event }) =>
        'manager' in event ? context.prepared.with(event.manager, true) : context.prepared,
    }),
  },
}).createMachine({
  id: 'coordinator',
  context: ({ input }) => ({ prepared: Array.from({ length: input.managers }, () => false) }),
  initial: 'deciding',
  states: {
    deciding: {
      on: {
        'manager.prepared': { actions: 'note' },
        'commit.decided': {
          guard: 'isUnanimous',
          target: 'committed',
          actions: emit({ type: 'transaction.committed' }),
        },
        'abort.decided': { target: 'aborted', actions: emit({ type: 'transaction.aborted' }) },
      },
    },
    committed: {
      description: 'Votes that still wait are never looked at again.',
      tags: ['rest', 'busy'],
    },
    aborted: { tags: ['rest', 'busy'] },
  },
});

interface Managers {
  readonly manager: readonly Peer<typeof manager>[];
}

const allCommit = sometimes<Managers>('all managers commit', ({ manager }) =>
  manager.every((peer) => peer.hasTag('committed')),
);

const disagreement = never<Managers>(
  'one manager commits and another aborts',
  ({ manager }) => manager.some((peer) => peer.hasTag('committed')) && manager.some((peer) => peer.hasTag('aborted')),
  { witness: allCommit },
);

export default defineModel({
  name: 'two-phase-commit',
  about: 'Does a transaction manager keep resource managers from deciding differently?',
  sources: ['TLA+ Examples, transaction_commit/TwoPhase.tla'],
  options: { managers: [3, 5, 7] },
  variants: {
    '3-managers': {
      option: { managers: 3 },
      figures: { states: 288, transitions: 1_145, deadlocks: 0, depth: 10 },
    },
    '5-managers': {
      option: { managers: 5 },
      figures: { states: 8_832, transitions: 58_145, deadlocks: 0, depth: 16 },
    },
    '7-managers': {
      option: { managers: 7 },
      figures: { states: 296_448, transitions: 2_744_705, deadlocks: 0, depth: 22 },
    },
  },
  build: ({ managers }) =>
    compose(
      {
        coordinator: start(coordinator, { managers }),
        manager: replicate(manager, managers, (self) => ({ self })),
      },
      {
        wires: {
          coordinator: {
            'transaction.committed': { queue: 'manager', duplicate: 'forever' },
            'transaction.aborted': { queue: 'manager', duplicate: 'forever' },
          },
          manager: { 'manager.prepared': { queue: 'coordinator', duplicate: 'forever' } },
        },
        mailboxes: {
          coordinator: { capacity: managers, order: 'unordered' },
          manager: { capacity: 1, order: 'unordered' },
        },
        spontaneous: {
          coordinator: ['commit.decided', 'abort.decided'],
          manager: ['work.finished', 'work.failed'],
        },
        properties: [allCommit, disagreement],
      },
    ),
});
