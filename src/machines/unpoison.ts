import { emit, setup } from 'xstate';
import type { LockMessage } from './messages.ts';

/**
 * unpoison_memory(): takes the mark off a page, for test programs that have put it there.
 *
 * Kept: it looks at the mark and then clears it, two steps; that it does so under the mutex of memory_failure() is a fix of its own, and
 * so is that it refuses once a hardware error has been seen (KB-24). Left out: the reference counts that make it refuse too.
 */
export const unpoisonMachine = setup({
  types: {
    context: {} as UnpoisonInput,
    input: {} as UnpoisonInput,
    events: {} as
      | { type: 'unpoison.requested' | 'mutex.awaited' | 'mark.cleared' }
      | { type: 'mark.read'; marked: boolean; real: boolean },
    emitted: {} as { type: 'page.unpoisoned' } | LockMessage,
    tags: {} as 'rest' | 'done',
  },
  guards: {
    isLocking: ({ context }) => context.locks,
    isRefused: ({ context, event }) => context.refusesReal && 'real' in event && event.real,
    isMarked: ({ event }) => 'marked' in event && event.marked,
  },
  actions: {
    lock: emit(({ context }) => ({ type: 'lock.taken', lock: context.locks ? 'mf_mutex' : 'none' })),
    unlock: emit(({ context }) => ({ type: 'lock.released', lock: context.locks ? 'mf_mutex' : 'none' })),
    clear: emit({ type: 'page.unpoisoned' }),
  },
}).createMachine({
  id: 'unpoison',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: {
      tags: 'rest',
      on: { 'unpoison.requested': [{ guard: 'isLocking', target: 'waiting' }, { target: 'looking' }] },
    },
    waiting: { on: { 'mutex.awaited': { target: 'looking', actions: 'lock' } } },
    looking: {
      on: {
        'mark.read': [
          { guard: 'isRefused', target: 'quiet', actions: 'unlock' },
          { guard: 'isMarked', target: 'clearing' },
          { target: 'quiet', actions: 'unlock' },
        ],
      },
    },
    clearing: { on: { 'mark.cleared': { target: 'done', actions: ['clear', 'unlock'] } } },
    done: { tags: ['rest', 'done'] },
  },
});

export interface UnpoisonInput {
  readonly locks: boolean;
  readonly refusesReal: boolean;
}
