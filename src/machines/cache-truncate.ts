import { emit, setup } from 'xstate';
import type { LockMessage } from './messages.ts';

/**
 * A truncate of a file in the page cache, and a write after it.
 *
 * Kept: the page is locked while its mappings go and while it leaves the cache; the extent is freed after that, for
 * which the AGF is needed that a walk holds; the write puts another page at the same index. Left out: the other locks
 * of the file. `reclaim.ts` is the same of a DAX file, where the entry is locked instead.
 */
export const cacheTruncateMachine = setup({
  types: {
    context: {} as { readonly file: number },
    input: {} as { readonly file: number },
    events: {} as {
      type: 'truncate.requested' | 'page.dropped' | 'page.removed' | 'extent.freed' | 'page.written';
    },
    emitted: {} as
      | { type: 'page.unmapped' | 'page.deleted' | 'record.removed' | 'page.mapped'; file: number }
      | LockMessage<'page'>,
    tags: {} as 'rest' | 'rewritten',
  },
  actions: {
    lock: emit({ type: 'lock.taken', lock: 'page' }),
    unlock: emit({ type: 'lock.released', lock: 'page' }),
    unmap: emit(({ context }) => ({ type: 'page.unmapped', file: context.file })),
    remove: emit(({ context }) => ({ type: 'page.deleted', file: context.file })),
    free: emit(({ context }) => ({ type: 'record.removed', file: context.file })),
    map: emit(({ context }) => ({ type: 'page.mapped', file: context.file })),
  },
}).createMachine({
  id: 'cacheTruncate',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: { tags: 'rest', on: { 'truncate.requested': { target: 'locked', actions: 'lock' } } },
    locked: { on: { 'page.dropped': { target: 'unmapped', actions: 'unmap' } } },
    unmapped: { on: { 'page.removed': { target: 'removed', actions: ['remove', 'unlock'] } } },
    removed: { on: { 'extent.freed': { target: 'freed', actions: 'free' } } },
    freed: { tags: 'rest', on: { 'page.written': { target: 'rewritten', actions: 'map' } } },
    rewritten: { tags: ['rest', 'rewritten'] },
  },
});
