import { setup } from 'xstate';
import type { FateMessage } from './messages.ts';

/**
 * What has become of one poison event. Specification only: no kernel variable stands behind it, no machine reads it, and
 * whoever decides an event says so in the step that decides it.
 *
 * Kept: the four ends that an event may have (owned, generic, kept, nobody's), where it is kept, that a kept event may still
 * become owned, and that no other end follows an end: `disputed`. An event for which nobody has said anything is
 * `undecided`; that it stays so when memory_failure() has returned is what "lost" means.
 */
export const fateMachine = setup({
  types: {
    events: {} as FateMessage,
    tags: {} as
      | 'rest'
      | 'undecided'
      | 'owned'
      | 'generic'
      | 'unowned'
      | 'queued'
      | 'recorded'
      | 'discarded'
      | 'disputed',
  },
}).createMachine({
  id: 'fate',
  initial: 'undecided',
  states: {
    undecided: {
      tags: ['rest', 'undecided'],
      on: {
        'event.owned': 'owned',
        'event.generic': 'generic',
        'event.unowned': 'unowned',
        'event.queued': 'queued',
        'event.recorded': 'recorded',
      },
    },
    queued: {
      tags: ['rest', 'queued'],
      // What is taken from the queue too early goes back into it.
      on: {
        'event.owned': 'owned',
        'event.generic': 'disputed',
        'event.discarded': 'discarded',
        'event.queued': {},
      },
    },
    recorded: {
      tags: ['rest', 'recorded'],
      // A replay that is refused is recorded again, one that meets nobody any more leaves the record as it is.
      on: { 'event.owned': 'owned', 'event.generic': 'disputed', 'event.recorded': {}, 'event.unowned': {} },
    },
    owned: {
      tags: ['rest', 'owned'],
      on: { 'event.owned': 'disputed', 'event.generic': 'disputed' },
    },
    generic: {
      tags: ['rest', 'generic'],
      on: { 'event.owned': 'disputed' },
    },
    unowned: { tags: ['rest', 'unowned'] },
    discarded: { tags: ['rest', 'discarded'] },
    disputed: { tags: ['rest', 'disputed'] },
  },
});
