import { emit, setup } from 'xstate';

/**
 * The end of a group: at umount, or when the file system shrinks.
 *
 * Kept: it gives up the mount's active reference, waits until nobody uses the group any more, gives up the passive reference and
 * frees the memory. Left out: what it does to the group's caches.
 */
export const groupTeardownMachine = setup({
  types: {
    events: {} as { type: 'teardown.requested' | 'users.gone' | 'group.freed' },
    emitted: {} as { type: 'active.dropped' | 'passive.dropped' },
    tags: {} as 'rest' | 'waiting' | 'freed',
  },
}).createMachine({
  id: 'groupTeardown',
  initial: 'quiet',
  states: {
    quiet: {
      tags: 'rest',
      on: { 'teardown.requested': { target: 'waiting', actions: emit({ type: 'active.dropped' }) } },
    },
    waiting: {
      tags: 'waiting',
      on: { 'users.gone': { target: 'unused', actions: emit({ type: 'passive.dropped' }) } },
    },
    unused: { on: { 'group.freed': 'freed' } },
    freed: { tags: ['rest', 'freed'] },
  },
});
