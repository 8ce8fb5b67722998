import { emit, setup } from 'xstate';
import { compose, defineModel, start } from '../../src/index.ts';

const asker = setup({
  types: {
    events: {} as { type: 'asked' | 'asked.wrongly' | 'answered' },
    emitted: {} as { type: 'question' | 'riddle' },
  },
}).createMachine({
  id: 'asker',
  initial: 'idle',
  states: {
    idle: {
      on: {
        asked: { target: 'waiting', actions: emit({ type: 'question' }) },
        'asked.wrongly': { target: 'waiting', actions: emit({ type: 'riddle' }) },
      },
    },
    waiting: { on: { answered: 'idle' } },
  },
});

const silent = setup({
  types: { events: {} as { type: 'question' | 'riddle' }, tags: {} as 'rest' },
}).createMachine({
  id: 'silent',
  initial: 'listening',
  states: {
    listening: { tags: 'rest', on: { question: 'thinking' } },
    thinking: { tags: 'rest', on: { riddle: {} } },
  },
});

/** One asks and waits for ever; or asks what the other does not take. */
export default defineModel({
  name: 'stuck',
  variants: { both: { expect: { deadlock: 'violated', unhandled: 'violated' } } },
  build: () =>
    compose(
      { asker: start(asker), silent: start(silent) },
      {
        wires: { asker: { question: { queue: 'silent' }, riddle: { queue: 'silent' } } },
        mailboxes: { silent: { capacity: 1 } },
        spontaneous: { asker: ['asked', 'asked.wrongly'] },
        properties: [],
      },
    ),
});
