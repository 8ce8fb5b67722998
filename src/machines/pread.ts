import { setup } from 'xstate';
import type { Found } from './victim.ts';

/**
 * A read of one page through the kernel: pread() of a DAX file, or a read through the block layer.
 *
 * Kept: the record is asked first, and the page is copied later, by which time it may have changed; no lock keeps a writer out,
 * because the reader may come through another file that shares the block. Poison that no record names is met by the copy,
 * and the read fails as it should. Left out: the read section of dax_srcu.
 */
export const preadMachine = setup({
  types: {
    events: {} as
      | { type: 'read.called' | 'thread.ended' }
      | { type: 'page.asked'; bad: boolean }
      | { type: 'page.copied'; found: Found; absent: boolean },
    tags: {} as 'rest' | 'refused' | 'served' | 'deceived' | 'fallen',
  },
  guards: {
    isBad: ({ event }) => 'bad' in event && event.bad,
    isAbsent: ({ event }) => 'absent' in event && event.absent,
    isPoison: ({ event }) => 'found' in event && event.found === 'poison',
    isUndefined: ({ event }) => 'found' in event && event.found === 'undefined',
  },
}).createMachine({
  id: 'pread',
  initial: 'idle',
  states: {
    idle: { tags: 'rest', on: { 'read.called': 'asking' } },
    asking: {
      on: {
        'page.asked': [{ guard: 'isBad', target: 'refused' }, { target: 'copying' }],
      },
    },
    copying: {
      on: {
        'page.copied': [
          { guard: 'isAbsent', target: 'fallen' },
          { guard: 'isPoison', target: 'refused' },
          { guard: 'isUndefined', target: 'deceived' },
          { target: 'served' },
        ],
      },
    },
    refused: { tags: ['rest', 'refused'] },
    served: { tags: ['rest', 'served'] },
    deceived: {
      description: 'It has succeeded, with what nobody has written.',
      tags: ['rest', 'deceived'],
    },
    fallen: {
      description: 'It has touched a page that is not in the kernel’s mapping.',
      tags: 'fallen',
      on: { 'thread.ended': 'idle' },
    },
  },
});
