import { assign, setup } from 'xstate';

/** Instead of a file's number: memory of a process that belongs to no file. */
export const noFile = -1;

/**
 * A page frame of ordinary memory, and what it is used for.
 *
 * Kept: a frame is in the page cache of a file, or of several where reflink lets them share it; or it is a process's
 * own memory (PageAnon); or it is free, and may become either. page->mapping names one file, the first that it came to.
 * A file whose mapping has been killed has it no more. Left out: the lock of the page and the mark (PageHWPoison),
 * which are actors of their own; dirty pages, and what the block on disk says.
 */
export const frameMachine = setup({
  types: {
    context: {} as Use,
    input: {} as Use,
    events: {} as { type: 'page.deleted' | 'entry.released'; file: number } | { type: 'page.allocated' },
    tags: {} as 'rest',
  },
  actions: {
    remove: assign({
      files: ({ context, event }) => context.files.filter((file) => !('file' in event) || file !== event.file),
    }),
    handOut: assign({ anonymous: true }),
  },
}).createMachine({
  id: 'frame',
  context: ({ input }) => input,
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: {
        // A truncate deletes the page from the cache of its file, and so does a kill of the file's mapping at its end.
        'page.deleted': { actions: 'remove' },
        'entry.released': { actions: 'remove' },
        'page.allocated': { actions: 'handOut' },
      },
    },
  },
});

export interface Use {
  /** The files that have it in their page cache; page->mapping names the first. */
  readonly files: readonly number[];
  readonly anonymous: boolean;
}

/** What PageAnon and page->mapping say of a frame. */
export function classOf({ files, anonymous }: Use): { kind: 'cached' | 'anonymous' | 'unused'; file: number } {
  if (anonymous) return { kind: 'anonymous', file: noFile };
  return files.length === 0 ? { kind: 'unused', file: noFile } : { kind: 'cached', file: files[0]! };
}
