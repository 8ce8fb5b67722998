import { setup } from 'xstate';
import { compose, defineModel, start } from '../../../src/index.ts';

const machine = setup({
  types: { events: {} as { type: 'thrown' }, tags: {} as 'rest' },
  guards: { isLucky: () => Math.random() < 0.5 },
}).createMachine({
  id: 'dice',
  initial: 'ready',
  states: { ready: { tags: 'rest', on: { thrown: { guard: 'isLucky', target: 'won' } } }, won: { type: 'final' } },
});

export default defineModel({
  name: 'impure-guard',
  build: () => compose({ dice: start(machine) }, { spontaneous: { dice: ['thrown'] }, properties: [] }),
});
