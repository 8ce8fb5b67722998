import { emit, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * xfs_do_force_shutdown(), called by one of several threads that find a reason at the same time.
 *
 * Kept: the flag is tested and set in one step, and whoever has set it shuts the log down, which takes time; the log
 * takes transactions until then. Left out: what the reason was, and the log's own way in (log-shutdown.ts).
 *
 * `whenLate` is what a thread does that finds the flag set: return at once (until 2022), or wait until the shutdown is
 * complete.
 */
export const shutdownMachine = setup({
  types: {
    context: {} as { readonly whenLate: 'waits' | 'returns' },
    input: {} as { readonly whenLate: 'waits' | 'returns' },
    events: {} as
      | { type: 'shutdown.called' | 'log.shut' | 'shutdown.completed' }
      | { type: 'flag.exchanged'; set: boolean },
    emitted: {} as { type: 'filesystem.shut' | 'log.shut' },
    tags: {} as 'rest' | 'late' | 'returned',
    meta: {} as Meta,
  },
  guards: {
    isFirst: ({ event }) => 'set' in event && !event.set,
    isWaiting: ({ context }) => context.whenLate === 'waits',
  },
  actions: {
    setFlag: emit({ type: 'filesystem.shut' }),
    shutLog: emit({ type: 'log.shut' }),
  },
}).createMachine({
  id: 'shutdown',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: { tags: 'rest', on: { 'shutdown.called': 'called' } },
    called: {
      on: {
        'flag.exchanged': [
          { guard: 'isFirst', target: 'shutting', actions: 'setFlag' },
          { guard: 'isWaiting', target: 'late' },
          { target: 'returned' },
        ],
      },
    },
    shutting: {
      on: { 'log.shut': { target: 'returned', actions: 'shutLog' } },
    },
    late: {
      tags: 'late',
      on: { 'shutdown.completed': 'returned' },
    },
    returned: { tags: ['rest', 'returned'] },
  },
});
