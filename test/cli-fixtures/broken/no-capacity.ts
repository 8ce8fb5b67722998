import { emit, setup } from 'xstate';
import { compose, defineModel, start } from '../../../src/index.ts';

const sender = setup({
  types: { events: {} as { type: 'sent' }, emitted: {} as { type: 'job' }, tags: {} as 'rest' },
}).createMachine({
  id: 'sender',
  initial: 'ready',
  states: { ready: { tags: 'rest', on: { sent: { actions: emit({ type: 'job' }) } } } },
});

const worker = setup({ types: { events: {} as { type: 'job' }, tags: {} as 'rest' } }).createMachine({
  id: 'worker',
  initial: 'ready',
  states: { ready: { tags: 'rest', on: { job: {} } } },
});

export default defineModel({
  name: 'no-capacity',
  build: () =>
    compose(
      { sender: start(sender), worker: start(worker) },
      { wires: { sender: { job: { queue: 'worker' } } }, spontaneous: { sender: ['sent'] }, properties: [] },
    ),
});
