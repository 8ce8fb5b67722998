import { setup } from 'xstate';

/**
 * PageHWPoison: the mark that a page is bad, and that somebody takes care of it.
 *
 * Kept: it is set by memory_failure() and cleared by unpoison_memory(), and nothing in the bit says who is at work. Left
 * out: the mark that pmem takes back when a write has cleared the poison.
 */
export const pageMachine = setup({
  types: {
    events: {} as { type: 'page.poisoned' | 'page.unpoisoned' },
    tags: {} as 'rest' | 'marked' | 'unmarked',
  },
}).createMachine({
  id: 'page',
  initial: 'good',
  states: {
    good: { tags: 'rest', on: { 'page.poisoned': 'marked' } },
    marked: { tags: ['rest', 'marked'], on: { 'page.unpoisoned': 'unmarked', 'page.poisoned': {} } },
    unmarked: {
      description: 'It was marked, and is not any more.',
      tags: ['rest', 'unmarked'],
      on: { 'page.poisoned': 'marked' },
    },
  },
});
