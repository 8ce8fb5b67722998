import { setup } from 'xstate';
import { compose, defineModel, type Peer, sometimes, start } from '../../../src/index.ts';

const machine = setup({ types: { events: {} as { type: 'begun' }, tags: {} as 'rest' } }).createMachine({
  id: 'one',
  initial: 'ready',
  states: { ready: { tags: 'rest', on: { begun: {} } } },
});

interface Room {
  readonly one: Peer<typeof machine>;
}

export default defineModel({
  name: 'throwing-property',
  build: () =>
    compose(
      { one: start(machine) },
      {
        spontaneous: { one: ['begun'] },
        properties: [
          sometimes<Room>('there are two', ({ one }) => (one as unknown as Room['one'][])[1]!.hasTag('rest')),
        ],
      },
    ),
});
