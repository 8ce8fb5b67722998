import { setup } from 'xstate';
import { compose, defineModel, sometimes, start } from '../../../src/index.ts';

/** It has no id: it goes by the name of its actor. */
const machine = setup({ types: { events: {} as { type: 'begun' }, tags: {} as 'rest' } }).createMachine({
  initial: 'ready',
  states: { ready: { tags: 'rest', on: { begun: {} } } },
});

interface Mistaken {
  readonly hodler: { hasTag(tag: 'rest'): boolean };
}

export default defineModel({
  name: 'mistyped-actor',
  build: () =>
    compose(
      { holder: start(machine) },
      {
        spontaneous: { holder: ['begun'] },
        properties: [sometimes<Mistaken>('it rests', (room) => room.hodler.hasTag('rest')) as never],
      },
    ),
});
