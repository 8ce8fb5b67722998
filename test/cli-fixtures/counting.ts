import { assign, setup } from 'xstate';
import { compose, defineModel, start } from '../../src/index.ts';

/** Counts for ever: a state space without an end. */
const counting = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'counted' | 'counted.back' }, tags: {} as 'rest' },
  actions: {
    up: assign({ n: ({ context }) => context.n + 1 }),
    down: assign({ n: ({ context }) => context.n - 1 }),
  },
}).createMachine({
  id: 'counting',
  context: { n: 0 },
  initial: 'counting',
  states: {
    counting: { tags: 'rest', on: { counted: { actions: 'up' }, 'counted.back': { actions: 'down' } } },
  },
});

export default defineModel({
  name: 'counting',
  build: () =>
    compose(
      { left: start(counting), right: start(counting) },
      { spontaneous: { left: ['counted'], right: ['counted', 'counted.back'] }, properties: [] },
    ),
});
