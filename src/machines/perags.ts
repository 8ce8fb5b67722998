import { setup } from 'xstate';
import type { MountedAlready } from './messages.ts';

/**
 * The per-AG structures of a mount: xfs_initialize_perag() to xfs_free_perag().
 *
 * Kept: that there is a time before and a time after. Left out: how many there are, and their reference counts, which hold
 * no one up when they are freed.
 */
export const peragsMachine = setup({
  types: {
    context: {} as MountedAlready,
    input: {} as MountedAlready,
    events: {} as { type: 'perags.initialised' | 'perags.freed' },
    tags: {} as 'rest' | 'absent' | 'present' | 'freed',
  },
  guards: { isMounted: ({ context }) => context.mounted },
}).createMachine({
  id: 'perags',
  context: ({ input }) => ({ mounted: input.mounted }),
  initial: 'found',
  states: {
    found: { always: [{ guard: 'isMounted', target: 'present' }, { target: 'absent' }] },
    absent: { tags: ['rest', 'absent'], on: { 'perags.initialised': 'present' } },
    present: { tags: ['rest', 'present'], on: { 'perags.freed': 'freed' } },
    freed: { tags: ['rest', 'freed'] },
  },
});
