import { setup } from 'xstate';
import type { LockMessage } from '../messages.ts';

/**
 * A lock that one thread holds at a time: mf_mutex, or s_umount between one umount and one reader.
 *
 * Kept: who comes second waits, because a rendezvous with `held` finds no transition. Left out: who holds it, in which
 * order waiters get it, and that several readers may share an rwsem.
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
