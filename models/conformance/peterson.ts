import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate, start } from '../../src/explore/model.ts';
import { never, sometimes } from '../../src/explore/property.ts';

/**
 * Peterson's mutual exclusion for two processes, as in the examples of Murphi, mux/2_peterson.m: 26 states and 52 rules
 * fired, and mutual exclusion holds.
 *
 * A state, there and here, is the place of either process (five labels), either flag, and whose turn it is. Every label
 * has one rule, which is always enabled, hence two rules for each state; the rule that waits looks at flag and turn
 * at once, and changes nothing where it has to go on waiting. Murphi starts from either value of the turn, a model
 * here from one: the first process that gets so far overwrites it, and both starts reach the same 26 states.
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

/** The process that came last, and therefore waits. */
const turn = setup({
  types: {
    context: {} as { holder: number },
    events: {} as { type: 'turn.taken'; holder: number },
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
      on: { 'turn.taken': { actions: 'store' } },
    },
  },
});

const contender = setup({
  types: {
    context: {} as { self: number },
    input: {} as { self: number },
    events: {} as
      | { type: 'section.wanted' | 'courtesy.shown' | 'work.finished' | 'section.left' }
      | { type: 'rival.read'; mayPass: boolean },
    emitted: {} as { type: 'flag.raised' | 'flag.lowered' } | { type: 'turn.taken'; holder: number },
    tags: {} as 'critical',
  },
  guards: {
    mayPass: ({ event }) => 'mayPass' in event && event.mayPass,
  },
  actions: {
    takeTurn: emit(({ context }) => ({
      type: 'turn.taken',
      holder: context.self,
    })),
  },
}).createMachine({
  id: 'contender',
  context: ({ input }) => ({ self: input.self }),
  initial: 'outside',
  states: {
    outside: {
      on: { 'section.wanted': { target: 'polite', actions: emit({ type: 'flag.raised' }) } },
    },
    polite: {
      on: { 'courtesy.shown': { target: 'waiting', actions: 'takeTurn' } },
    },
    waiting: {
      on: { 'rival.read': [{ guard: 'mayPass', target: 'critical' }, {}] },
    },
    critical: {
      tags: 'critical',
      on: { 'work.finished': 'leaving' },
    },
    leaving: {
      on: { 'section.left': { target: 'outside', actions: emit({ type: 'flag.lowered' }) } },
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
  name: 'peterson',
  about: "Does Peterson's algorithm keep two processes apart?",
  sources: ['Murphi examples, mux/2_peterson.m', 'Peterson, Myths about the mutual exclusion problem, 1981'],
  variants: {
    '2-processes': { figures: { states: 26, transitions: 52, deadlocks: 0, depth: 7 } },
  },
  build: () =>
    compose(
      { flag: replicate(flag, 2), turn: start(turn), contender: replicate(contender, 2, (self) => ({ self })) },
      {
        wires: {
          contender: {
            'flag.raised': (_, self) => ['flag', self],
            'flag.lowered': (_, self) => ['flag', self],
            'turn.taken': 'turn',
          },
        },
        spontaneous: {
          contender: [
            'section.wanted',
            'courtesy.shown',
            {
              type: 'rival.read',
              read: ({ flag, turn }, self) => ({
                mayPass: !flag[1 - self]!.hasTag('raised') || turn.context.holder !== self,
              }),
            },
            'work.finished',
            'section.left',
          ],
        },
        properties: [critical, collision],
      },
    ),
});
