import { assign, setup } from 'xstate';
import type { LockMessage } from '../messages.ts';

/**
 * A lock that several threads have for reading, or one for writing: s_umount.
 *
 * Kept: who comes for writing waits until all readers have gone, and who comes for reading until the writer has, because a
 * rendezvous finds no transition. Left out: who has it, and that a writer who waits keeps new readers out, so that a run in
 * which readers follow each other without end is one here too.
 *
 * Whoever does not take it himself, but goes on when he could, asks for `held` where he would read, and for `rest` where he
 * would write.
 */
export const rwsemMachine = setup({
  types: {
    context: {} as { readonly readers: number },
    events: {} as LockMessage<string>,
    tags: {} as 'rest' | 'held',
  },
  guards: {
    isShared: ({ event }) => event.shared === true,
    isLast: ({ context }) => context.readers === 1,
  },
  actions: {
    enter: assign({ readers: ({ context }) => context.readers + 1 }),
    leave: assign({ readers: ({ context }) => context.readers - 1 }),
  },
}).createMachine({
  id: 'rwsem',
  context: { readers: 0 },
  initial: 'free',
  states: {
    free: {
      tags: 'rest',
      on: { 'lock.taken': [{ guard: 'isShared', target: 'shared', actions: 'enter' }, 'exclusive'] },
    },
    shared: {
      on: {
        'lock.taken': { guard: 'isShared', actions: 'enter' },
        'lock.released': [{ guard: 'isLast', target: 'free', actions: 'leave' }, { actions: 'leave' }],
      },
    },
    exclusive: { tags: 'held', on: { 'lock.released': 'free' } },
  },
});
