import { setup } from 'xstate';
import { compose, defineModel, start } from '../../../src/index.ts';

const machine = setup({
  types: { context: {} as { list: readonly number[] }, events: {} as { type: 'looked' }, tags: {} as 'rest' },
  guards: { isFirstLarge: ({ context }) => context.list[0]!.toFixed().length > 2 },
}).createMachine({
  id: 'looker',
  context: { list: [] },
  initial: 'ready',
  states: { ready: { tags: 'rest', on: { looked: { guard: 'isFirstLarge', target: 'ready' } } } },
});

export default defineModel({
  name: 'throwing-guard',
  build: () => compose({ looker: start(machine) }, { spontaneous: { looker: ['looked'] }, properties: [] }),
});
