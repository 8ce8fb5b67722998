import { emit, setup } from 'xstate';

/**
 * Somebody who takes a page away from a file while poison is handled: a truncate, the write that follows it, the reclaim of
 * an idle inode (Q).
 *
 * Kept: a truncate locks the entry, unmaps the page, removes the entry, and only then frees the extent, for which it needs
 * the AGF that a walk holds; a write after it puts another block at the same index. An eviction begins like a truncate, and
 * ends with the memory of the inode. Left out: MMAPLOCK, and breaking
 * layouts, which waits for others than the handler.
 */
export const reclaimMachine = setup({
  types: {
    context: {} as { readonly file: number },
    input: {} as { readonly file: number },
    events: {} as {
      type:
        | 'truncate.requested'
        | 'page.dropped'
        | 'entry.dropped'
        | 'extent.freed'
        | 'page.written'
        | 'inode.reclaimed'
        | 'inode.freed';
    },
    emitted: {} as
      | { type: 'entry.taken'; file: number; by: 'truncate' }
      | {
          type:
            | 'entry.removed'
            | 'entry.filled'
            | 'page.unmapped'
            | 'page.mapped'
            | 'record.removed'
            | 'inode.reclaimed'
            | 'inode.freed';
          file: number;
        },
    tags: {} as 'rest' | 'truncating' | 'truncated',
  },
  actions: {
    take: emit(({ context }) => ({ type: 'entry.taken', file: context.file, by: 'truncate' })),
    unmap: emit(({ context }) => ({ type: 'page.unmapped', file: context.file })),
    remove: emit(({ context }) => ({ type: 'entry.removed', file: context.file })),
    free: emit(({ context }) => ({ type: 'record.removed', file: context.file })),
    fill: emit(({ context }) => ({ type: 'entry.filled', file: context.file })),
    map: emit(({ context }) => ({ type: 'page.mapped', file: context.file })),
    freeInode: emit(({ context }) => ({ type: 'inode.freed', file: context.file })),
    reclaim: emit(({ context }) => ({ type: 'inode.reclaimed', file: context.file })),
  },
}).createMachine({
  id: 'reclaim',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: {
      tags: 'rest',
      on: {
        'truncate.requested': { target: 'locked', actions: 'take' },
        'inode.reclaimed': { target: 'done', actions: 'reclaim' },
      },
    },
    locked: { tags: 'truncating', on: { 'page.dropped': { target: 'unmapped', actions: 'unmap' } } },
    unmapped: { tags: 'truncating', on: { 'entry.dropped': { target: 'removed', actions: 'remove' } } },
    removed: {
      tags: 'truncating',
      on: {
        'extent.freed': { target: 'freed', actions: 'free' },
        'inode.freed': { target: 'done', actions: 'freeInode' },
      },
    },
    freed: { tags: ['rest', 'truncated'], on: { 'page.written': { target: 'done', actions: ['fill', 'map'] } } },
    done: { tags: 'rest' },
  },
});
