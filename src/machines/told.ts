import { setup } from 'xstate';

/**
 * Whether a device has tried to tell its holder that it goes away. Specification only: no kernel variable stands behind it,
 * and no machine reads it.
 */
export const toldMachine = setup({
  types: { events: {} as { type: 'notification.asked'; poison: number }, tags: {} as 'rest' | 'told' },
}).createMachine({
  id: 'told',
  initial: 'silent',
  states: {
    silent: { tags: 'rest', on: { 'notification.asked': 'told' } },
    told: { tags: ['rest', 'told'], on: { 'notification.asked': {} } },
  },
});
