import { setup } from 'xstate';
import type { LockMessage } from '../messages.ts';

/**
 * A lock that one thread holds at a time: mf_mutex, the lock of a page.
 *
 * Kept: who comes second waits, because a rendezvous with `held` finds no transition. Left out: who holds it, and in which
 * order waiters get it.
 */
export const lockMachine = setup({
  types: { events: {} as LockMessage<string>, tags: {} as 'rest' | 'held' },
}).createMachine({
  id: 'lock',
  initial: 'free',
  states: {
    free: { tags: 'rest', on: { 'lock.taken': 'held' } },
    held: { tags: 'held', on: { 'lock.released': 'free' } },
  },
});
