import { assign, setup } from 'xstate';
import type { MountedAlready } from './messages.ts';

/**
 * A super_block and the xfs_mount behind it, as others see them: flags, the feature word, and whether the memory is still
 * there.
 *
 * Kept: SB_BORN comes once and never goes again, SB_ACTIVE does go, and the feature word is zero until the superblock has
 * been read from disk. Left out: SB_DYING and SB_DEAD; SB_ACTIVE comes together with SB_BORN, a moment later than in the
 * kernel (nobody here looks at it before).
 */
export const superblockMachine = setup({
  types: {
    context: {} as MountedAlready & { readonly shutdown: boolean },
    input: {} as MountedAlready,
    events: {} as {
      type: 'superblock.read' | 'superblock.born' | 'superblock.deactivated' | 'filesystem.shut' | 'mount.freed';
    },
    tags: {} as 'rest' | 'features' | 'born' | 'active' | 'freed',
  },
  guards: { isMounted: ({ context }) => context.mounted },
  actions: { shut: assign({ shutdown: true }) },
}).createMachine({
  id: 'superblock',
  context: ({ input }) => ({ mounted: input.mounted, shutdown: false }),
  initial: 'found',
  states: {
    found: {
      always: [{ guard: 'isMounted', target: 'active' }, { target: 'blank' }],
    },
    blank: {
      tags: 'rest',
      on: { 'superblock.read': 'read', 'filesystem.shut': { actions: 'shut' }, 'mount.freed': 'freed' },
    },
    read: {
      tags: ['rest', 'features'],
      on: { 'superblock.born': 'active', 'filesystem.shut': { actions: 'shut' }, 'mount.freed': 'freed' },
    },
    active: {
      tags: ['rest', 'features', 'born', 'active'],
      on: { 'superblock.deactivated': 'inactive', 'filesystem.shut': { actions: 'shut' } },
    },
    inactive: {
      tags: ['rest', 'features', 'born'],
      on: { 'filesystem.shut': { actions: 'shut' }, 'mount.freed': 'freed' },
    },
    freed: {
      description:
        'A store that comes now goes to freed memory. The invariants accuse whoever makes it; nothing changes.',
      tags: ['rest', 'freed'],
      on: { 'filesystem.shut': {} },
    },
  },
});
