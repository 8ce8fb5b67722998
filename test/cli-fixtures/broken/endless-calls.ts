import { emit, setup } from 'xstate';
import { compose, defineModel, start } from '../../../src/index.ts';

const machine = setup({
  types: { events: {} as { type: 'ball' }, emitted: {} as { type: 'ball' }, tags: {} as 'rest' },
}).createMachine({
  id: 'player',
  initial: 'playing',
  states: { playing: { tags: 'rest', on: { ball: { actions: emit({ type: 'ball' }) } } } },
});

export default defineModel({
  name: 'endless-calls',
  build: () =>
    compose(
      { ping: start(machine), pong: start(machine) },
      {
        wires: { ping: { ball: 'pong' }, pong: { ball: 'ping' } },
        spontaneous: { ping: ['ball'] },
        properties: [],
      },
    ),
});
