import { emit, setup } from 'xstate';

/**
 * One of the two ways to shut a log down: with the mount (xfs_do_force_shutdown) or from the log itself
 * (xlog_force_shutdown).
 *
 * Kept: each forces the log, that is, has a push done and waits for it; the mount's way fails the log when that is
 * done, the log's own way before; and who comes by the mount's way may hold a buffer all the while. Left out: what is
 * forced, and the callers.
 *
 * `asksFirst` is the repair of KB-36: one bit, exchanged before anything else, says that a shutdown is under way. Who
 * finds it set forces nothing and waits for nobody.
 */
export const logShutdownMachine = setup({
  types: {
    context: {} as LogShutdownInput,
    input: {} as LogShutdownInput,
    events: {} as
      | { type: 'shutdown.called' | 'log.failed' | 'force.begun' | 'force.done' | 'buffer.released' }
      | { type: 'pending.exchanged'; pending: boolean },
    emitted: {} as { type: 'buffer.locked' | 'buffer.unlocked' | 'shutdown.begun' | 'log.failed' | 'push.asked' },
    tags: {} as 'rest' | 'inside' | 'returned',
  },
  guards: {
    isSpared: ({ context, event }) => context.asksFirst && 'pending' in event && event.pending,
    isLog: ({ context }) => context.way === 'log',
    isMount: ({ context }) => context.way === 'mount',
  },
  actions: {
    lock: emit({ type: 'buffer.locked' }),
    unlock: emit({ type: 'buffer.unlocked' }),
    begin: emit({ type: 'shutdown.begun' }),
    fail: emit({ type: 'log.failed' }),
    push: emit({ type: 'push.asked' }),
  },
}).createMachine({
  id: 'logShutdown',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: {
      tags: 'rest',
      on: {
        'shutdown.called': [{ guard: 'isMount', target: 'called', actions: 'lock' }, { target: 'called' }],
      },
    },
    called: {
      tags: 'inside',
      on: {
        'pending.exchanged': [
          { guard: 'isSpared', target: 'leaving' },
          { guard: 'isLog', target: 'failingFirst', actions: 'begin' },
          { target: 'beginning', actions: 'begin' },
        ],
      },
    },
    failingFirst: {
      tags: 'inside',
      on: { 'log.failed': { target: 'beginning', actions: 'fail' } },
    },
    beginning: {
      tags: 'inside',
      on: { 'force.begun': { target: 'forcing', actions: 'push' } },
    },
    forcing: {
      tags: 'inside',
      on: { 'force.done': [{ guard: 'isLog', target: 'leaving' }, { target: 'failingLast' }] },
    },
    failingLast: {
      tags: 'inside',
      on: { 'log.failed': { target: 'leaving', actions: 'fail' } },
    },
    leaving: {
      tags: 'inside',
      on: {
        'buffer.released': [{ guard: 'isMount', target: 'returned', actions: 'unlock' }, { target: 'returned' }],
      },
    },
    returned: { tags: ['rest', 'returned'] },
  },
});

export interface LogShutdownInput {
  readonly way: 'mount' | 'log';
  readonly asksFirst: boolean;
}
