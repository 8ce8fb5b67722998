/** What `holdfast init` writes: files by their paths below the folder, each with its text. */
export const firstModel: Readonly<Record<string, string>> = {
  'models/race.ts': `import { assign, emit, setup } from 'xstate';
import { always, compose, defineModel, type Peer, replicate, sometimes, start } from 'holdfast';

/**
 * Two threads add one to a counter: each loads it, and then stores what it loaded plus one. Is an update ever lost?
 *
 *   npx holdfast check                              every interleaving of every variant
 *   npx holdfast check --variant unlocked           the run that loses an update, step by step
 */

// 1. Machines: what each actor does. They are ordinary XState, they know no other actor, and they speak by emit().

/** The variable. It is written in the step of whoever writes it. */
const counter = setup({
  types: {
    context: {} as { value: number },
    events: {} as { type: 'stored'; value: number },
    tags: {} as 'rest',
  },
  actions: { keep: assign({ value: ({ event }) => event.value }) },
}).createMachine({
  id: 'counter',
  context: { value: 0 },
  initial: 'ready',
  // 'rest': an actor may stop here for good. Where all have stopped and one is not at rest, that is a deadlock.
  states: { ready: { tags: 'rest', on: { stored: { actions: 'keep' } } } },
});

/** A lock refuses by having no transition: in 'held' it does not take 'taken'. */
const lock = setup({
  types: { events: {} as { type: 'taken' } | { type: 'released' }, tags: {} as 'rest' },
}).createMachine({
  id: 'lock',
  initial: 'free',
  states: {
    free: { tags: 'rest', on: { taken: 'held' } },
    held: { on: { released: 'free' } },
  },
});

/** Loading and storing are two steps: between them anybody else may move. */
const thread = setup({
  types: {
    context: {} as { seen: number },
    events: {} as { type: 'load'; value: number } | { type: 'store' },
    emitted: {} as { type: 'taken' } | { type: 'stored'; value: number } | { type: 'released' },
    tags: {} as 'done',
  },
  actions: {
    take: emit({ type: 'taken' }),
    remember: assign({ seen: ({ event }) => ('value' in event ? event.value : 0) }),
    addOne: emit(({ context }) => ({ type: 'stored', value: context.seen + 1 })),
    release: emit({ type: 'released' }),
  },
}).createMachine({
  id: 'thread',
  context: { seen: 0 },
  initial: 'idle',
  states: {
    idle: { on: { load: { target: 'loaded', actions: ['take', 'remember'] } } },
    loaded: { on: { store: { target: 'done', actions: ['addOne', 'release'] } } },
    done: { type: 'final', tags: 'done' },
  },
});

// 2. Properties: what must hold. They see tags, contexts and mailboxes, never the names of states.

/** The part of the room that the properties look at. */
interface Room {
  readonly counter: Peer<typeof counter>;
  readonly thread: readonly Peer<typeof thread>[];
}

/** A witness: a state that must be reachable, lest the invariant below say something about nothing. */
const bothDone = sometimes<Room>('both are done', ({ thread }) => thread.every((each) => each.hasTag('done')));

const noLostUpdate = always<Room>('no update is lost', ({ counter }) => counter.context.value === 2, {
  when: bothDone.holds,
  witness: bothDone,
});

// 3. The model: the actors in a room, the wires between them, and the variants that are checked.

export default defineModel({
  name: 'race',
  about: 'Is an update lost when two threads add one to a counter?',
  options: { locked: [true, false] },
  variants: {
    locked: {},
    // What is known to go wrong is expected to: the check fails when it no longer does.
    unlocked: { option: { locked: false }, expect: { 'no update is lost': 'violated' } },
  },
  build: ({ locked }) =>
    compose(
      { counter: start(counter), lock: start(lock), thread: replicate(thread, 2) },
      {
        // Who hears what is emitted. A name is a call: it is taken in the same step. A rendezvous waits where it is refused.
        // [] says that nobody listens. A message without a wire does not compile.
        wires: {
          thread: {
            taken: locked ? { rendezvous: 'lock' } : [],
            stored: 'counter',
            released: locked ? 'lock' : [],
          },
        },
        // What actors do by themselves, whenever they can. 'read' takes the payload from the room.
        spontaneous: {
          thread: [{ type: 'load', read: ({ counter }) => ({ value: counter.context.value }) }, 'store'],
        },
        properties: [noLostUpdate],
      },
    ),
});
`,
  'test/race.test.ts': `import 'holdfast/vitest';
import { expect, test } from 'vitest';
import race from '../models/race.ts';

test('with a lock no update is lost, and nothing is stuck', () => {
  expect(race).toHold({ variant: 'locked' });
});

test('without it one is, and four steps are enough', () => {
  expect(race).toViolate('no update is lost', { variant: 'unlocked', within: 4 });
});

test('both threads come to their end, with and without', () => {
  expect(race).toReach('both are done');
});

test('no transition is there for nothing', () => {
  expect(race).toTakeEveryTransition();
});
`,
};
