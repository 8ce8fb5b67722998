import { assign, setup } from 'xstate';

/**
 * A file as the walk finds it: whether its inode is in memory, and the entry of one page in its mapping.
 *
 * Kept: the lock of the entry, which is the only thing between D1 and a truncate; an inode that is on its way out of memory,
 * which a lookup refuses (H8); whether the page behind the entry lies in the range that has failed, because a file that
 * is truncated and written again has another page at the same index. Left out: more than one page.
 */
export const fileMachine = setup({
  types: {
    context: {} as FileInput & { readonly inRange: boolean; readonly visited: boolean },
    input: {} as FileInput,
    events: {} as
      | { type: 'entry.taken'; by: 'kill' | 'truncate' | 'fault' }
      | { type: 'entry.released' | 'entry.removed' | 'entry.filled' | 'inode.reclaimed' | 'inode.freed' },
    tags: {} as 'rest' | 'inCore' | 'inTransit' | 'present' | 'locked' | 'freed',
  },
  guards: {
    startsIdle: ({ context }) => context.starts === 'idle',
    startsAbsent: ({ context }) => context.starts === 'absent',
    isKill: ({ event }) => 'by' in event && event.by === 'kill',
  },
  actions: {
    visit: assign({ visited: true }),
    refill: assign({ inRange: false }),
  },
}).createMachine({
  id: 'file',
  context: ({ input }) => ({ ...input, inRange: true, visited: false }),
  initial: 'found',
  states: {
    found: {
      always: [
        { guard: 'startsIdle', target: 'idle' },
        { guard: 'startsAbsent', target: 'absent' },
        { target: 'open' },
      ],
    },
    open: {
      tags: ['rest', 'inCore', 'present'],
      on: {
        'entry.taken': [{ guard: 'isKill', target: 'locked', actions: 'visit' }, { target: 'locked' }],
      },
    },
    locked: {
      tags: ['inCore', 'present', 'locked'],
      on: { 'entry.released': 'open', 'entry.removed': 'empty' },
    },
    empty: {
      tags: ['rest', 'inCore'],
      on: { 'entry.filled': { target: 'open', actions: 'refill' }, 'inode.freed': 'freed' },
    },
    idle: {
      description: 'Closed, and kept for a while: XFS_IRECLAIMABLE. A lookup answers -EAGAIN.',
      tags: ['rest', 'inTransit'],
      on: { 'inode.reclaimed': 'absent' },
    },
    absent: { tags: 'rest' },
    freed: {
      description: 'Evicted, and its memory given back. Who still has its address must not look there.',
      tags: ['rest', 'freed'],
    },
  },
});

interface FileInput {
  readonly starts: 'mapped' | 'idle' | 'absent';
}
