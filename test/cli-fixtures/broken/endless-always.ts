import { setup } from 'xstate';
import { compose, defineModel, start } from '../../../src/index.ts';

const machine = setup({ types: { events: {} as { type: 'begun' }, tags: {} as 'rest' } }).createMachine({
  id: 'spinner',
  initial: 'ready',
  states: { ready: { tags: 'rest', on: { begun: 'left' } }, left: { always: 'right' }, right: { always: 'left' } },
});

export default defineModel({
  name: 'endless-always',
  build: () => compose({ spinner: start(machine) }, { spontaneous: { spinner: ['begun'] }, properties: [] }),
});
