import { assign, emit, setup } from 'xstate';

/**
 * The worker that pushes the CIL, and the log that it pushes to.
 *
 * Kept: one push serves all who have asked for it; in a log that has failed nothing is written, and what was to be is
 * given back to its owners by callbacks, which lock its buffers. Left out: checkpoints, and the order of pushes.
 */
export const pushMachine = setup({
  types: {
    context: {} as { readonly failed: boolean; readonly pending: boolean },
    events: {} as
      | { type: 'shutdown.begun' | 'log.failed' | 'push.asked' | 'callbacks.run' | 'push.ended' }
      | { type: 'log.read'; failed: boolean },
    emitted: {} as { type: 'buffer.locked' | 'buffer.unlocked' },
    tags: {} as 'rest' | 'pushed' | 'givingBack' | 'releasing',
  },
  guards: { isFailed: ({ event }) => 'failed' in event && event.failed },
  actions: {
    notePending: assign({ pending: true }),
    noteFailed: assign({ failed: true }),
    lock: emit({ type: 'buffer.locked' }),
    unlock: emit({ type: 'buffer.unlocked' }),
  },
}).createMachine({
  id: 'push',
  context: { failed: false, pending: false },
  initial: 'idle',
  on: { 'shutdown.begun': { actions: 'notePending' }, 'log.failed': { actions: 'noteFailed' } },
  states: {
    idle: { tags: 'rest', on: { 'push.asked': 'pushing' } },
    pushing: {
      on: { 'push.asked': {}, 'log.read': [{ guard: 'isFailed', target: 'givingBack' }, { target: 'pushed' }] },
    },
    givingBack: {
      tags: 'givingBack',
      on: { 'push.asked': {}, 'callbacks.run': { target: 'releasing', actions: 'lock' } },
    },
    releasing: {
      tags: 'releasing',
      on: { 'push.asked': {}, 'push.ended': { target: 'pushed', actions: 'unlock' } },
    },
    pushed: { tags: ['rest', 'pushed'], on: { 'push.asked': {} } },
  },
});
