import { setup } from 'xstate';
import type { Frame } from './dispatch.ts';
import type { Code } from './messages.ts';

/**
 * Whether a device has tried to tell its holder that it goes away, or its owner that a page has failed, or memory_failure() its caller
 * what has come of it. Specification only: no kernel variable stands behind it, and no machine reads it.
 */
export const toldMachine = setup({
  types: {
    events: {} as
      | { type: 'notification.asked'; poison: number }
      | { type: 'owner.told'; frame: Frame }
      | { type: 'failure.returned'; code: Code },
    tags: {} as 'rest' | 'told',
  },
}).createMachine({
  id: 'told',
  initial: 'silent',
  states: {
    silent: { tags: 'rest', on: { 'notification.asked': 'told', 'owner.told': 'told', 'failure.returned': 'told' } },
    told: { tags: ['rest', 'told'], on: { 'notification.asked': {}, 'owner.told': {}, 'failure.returned': {} } },
  },
});
