import { setup } from 'xstate';

/**
 * The log of a file system in use, and whoever commits transactions to it.
 *
 * Kept: it takes transactions until it has been shut down; a transaction that is under way then is refused. Left out:
 * what is in them, and recovery, which is log.ts.
 */
export const journalMachine = setup({
  types: {
    events: {} as { type: 'transaction.committed' | 'log.shut' },
    tags: {} as 'rest' | 'open' | 'shut',
  },
}).createMachine({
  id: 'journal',
  initial: 'open',
  states: {
    open: {
      tags: ['rest', 'open'],
      on: { 'transaction.committed': {}, 'log.shut': 'shut' },
    },
    shut: { tags: ['rest', 'shut'] },
  },
});
