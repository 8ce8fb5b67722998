import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate, start } from '../../src/explore/model.ts';
import { never, sometimes } from '../../src/explore/property.ts';

/**
 * Dekker's mutual exclusion for two processes, as in the examples of Murphi, mux/dek.m: 100 states and 200 rules fired
 * (counted with Rumur), and mutual exclusion holds.
 *
 * A state, there and here, is the place of either process (eight labels), either flag, and whose turn it is. Every label
 * has one rule, which is always enabled, hence two rules for each state. Each rule loads or stores one variable, but
 * for the last, which lowers the flag and passes the turn at once.
 *
 * The published file has a slip that mutual exclusion does not mind: a process that has stepped back comes again while
 * it is its rival's turn, where Dekker, and the file's own comment, wait for its own. The variant `textbook` waits for
 * its own turn, and has six states less.
 */

/** Whether a process wants to be in the critical section. */
const flag = setup({
  types: {
    events: {} as { type: 'flag.raised' | 'flag.lowered' },
    tags: {} as 'rest' | 'raised',
  },
}).createMachine({
  id: 'flag',
  initial: 'lowered',
  states: {
    lowered: {
      tags: 'rest',
      on: { 'flag.raised': 'raised' },
    },
    raised: {
      tags: ['rest', 'raised'],
      on: { 'flag.lowered': 'lowered' },
    },
  },
});

/** The process that need not step back. */
const turn = setup({
  types: {
    context: {} as { holder: number },
    events: {} as { type: 'turn.passed'; holder: number },
    tags: {} as 'rest',
  },
  actions: {
    store: assign({ holder: ({ event }) => event.holder }),
  },
}).createMachine({
  id: 'turn',
  context: { holder: 0 },
  initial: 'stored',
  states: {
    stored: {
      tags: 'rest',
      on: { 'turn.passed': { actions: 'store' } },
    },
  },
});

const contender = setup({
  types: {
    context: {} as { self: number; comesBackOn: 'rivalsTurn' | 'ownTurn' },
    input: {} as { self: number; comesBackOn: 'rivalsTurn' | 'ownTurn' },
    events: {} as
      | { type: 'section.wanted' | 'section.postponed' | 'work.finished' | 'section.left' }
      | { type: 'rival.read'; raised: boolean }
      | { type: 'turn.read'; own: boolean },
    emitted: {} as { type: 'flag.raised' | 'flag.lowered' } | { type: 'turn.passed'; holder: number },
    tags: {} as 'critical',
  },
  guards: {
    isAlone: ({ event }) => 'raised' in event && !event.raised,
    isOwnTurn: ({ event }) => 'own' in event && event.own,
    mayComeBack: ({ context, event }) => 'own' in event && event.own === (context.comesBackOn === 'ownTurn'),
  },
  actions: {
    raise: emit({ type: 'flag.raised' }),
    lower: emit({ type: 'flag.lowered' }),
    passTurn: emit(({ context }) => ({
      type: 'turn.passed',
      holder: 1 - context.self,
    })),
  },
}).createMachine({
  id: 'contender',
  context: ({ input }) => ({ ...input }),
  initial: 'outside',
  states: {
    outside: {
      on: { 'section.wanted': { target: 'looking', actions: 'raise' } },
    },
    looking: {
      on: { 'rival.read': [{ guard: 'isAlone', target: 'critical' }, { target: 'contested' }] },
    },
    contested: {
      on: { 'turn.read': [{ guard: 'isOwnTurn', target: 'looking' }, { target: 'yielding' }] },
    },
    yielding: {
      on: { 'section.postponed': { target: 'waiting', actions: 'lower' } },
    },
    waiting: {
      on: { 'turn.read': [{ guard: 'mayComeBack', target: 'returning' }, {}] },
    },
    returning: {
      on: { 'section.wanted': { target: 'looking', actions: 'raise' } },
    },
    critical: {
      tags: 'critical',
      on: { 'work.finished': 'leaving' },
    },
    leaving: {
      on: { 'section.left': { target: 'outside', actions: ['lower', 'passTurn'] } },
    },
  },
});

interface Contenders {
  readonly contender: readonly Peer<typeof contender>[];
}

const critical = sometimes<Contenders>('a process is in the critical section', ({ contender }) =>
  contender.some((peer) => peer.hasTag('critical')),
);

const collision = never<Contenders>(
  'both processes are in the critical section',
  ({ contender }) => contender.every((peer) => peer.hasTag('critical')),
  { witness: critical },
);

export default defineModel({
  name: 'dekker',
  about: "Does Dekker's algorithm keep two processes apart?",
  sources: ['Murphi examples, mux/dek.m'],
  options: { comesBackOn: ['rivalsTurn', 'ownTurn'] },
  variants: {
    published: {
      option: { comesBackOn: 'rivalsTurn' },
      figures: { states: 100, transitions: 200, deadlocks: 0, depth: 17 },
    },
    textbook: {
      option: { comesBackOn: 'ownTurn' },
      figures: { states: 94, transitions: 188, deadlocks: 0, depth: 17 },
    },
  },
  build: ({ comesBackOn }) =>
    compose(
      {
        flag: replicate(flag, 2),
        turn: start(turn),
        contender: replicate(contender, 2, (self) => ({ self, comesBackOn })),
      },
      {
        wires: {
          contender: {
            'flag.raised': (_, self) => ['flag', self],
            'flag.lowered': (_, self) => ['flag', self],
            'turn.passed': 'turn',
          },
        },
        spontaneous: {
          contender: [
            'section.wanted',
            { type: 'rival.read', read: ({ flag }, self) => ({ raised: flag[1 - self]!.hasTag('raised') }) },
            { type: 'turn.read', read: ({ turn }, self) => ({ own: turn.context.holder === self }) },
            'section.postponed',
            'work.finished',
            'section.left',
          ],
        },
        properties: [critical, collision],
      },
    ),
});
