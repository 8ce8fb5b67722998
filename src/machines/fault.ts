import { emit, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * Somebody who touches a page that has failed, maps it not, and faults (A3 to A7).
 *
 * Kept: the fault locks the page's entry, asks the device for the page, is told that it is poisoned, and gives the entry back as it
 * was; it may come again. Left out: who it is and what becomes of him, and a fault that finds a good page (`task.ts`).
 */
export const faultMachine = setup({
  types: {
    context: {} as { readonly file: number },
    input: {} as { readonly file: number },
    events: {} as { type: 'page.touched' | 'access.refused' },
    emitted: {} as { type: 'entry.taken'; file: number; by: 'fault' } | { type: 'entry.released'; file: number },
    tags: {} as 'rest',
    meta: {} as Meta,
  },
  actions: {
    take: emit(({ context }) => ({ type: 'entry.taken', file: context.file, by: 'fault' })),
    release: emit(({ context }) => ({ type: 'entry.released', file: context.file })),
  },
}).createMachine({
  id: 'fault',
  context: ({ input }) => input,
  initial: 'outside',
  states: {
    outside: {
      tags: 'rest',
      on: { 'page.touched': { target: 'locked', actions: 'take', meta: { step: 'A3' } } },
    },
    locked: {
      description: 'The answer is known before the lock is given back (A4), and nobody looks in between.',
      on: { 'access.refused': { target: 'outside', actions: 'release', meta: { step: 'A7' } } },
    },
  },
});
