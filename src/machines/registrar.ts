import { emit, setup } from 'xstate';
import type { LockMessage } from './messages.ts';

/**
 * Who registers and who withdraws, under a lock: what was proposed around fs_dax_get_by_bdev() and fs_put_dax() before cmpxchg.
 *
 * Kept: the lock is taken for writing before either of the two stores and let go after both; whoever notifies has it for reading,
 * and so is waited for. A writer who waits keeps new readers out. Left out: that several readers may share it, as there
 * is one notification in the models of it (the model says when it has left: `lock.awaited`), and that a get returns something.
 *
 * With `locks: false` it is nothing but the call that it passes on, as in every kernel.
 */
export const registrarMachine = setup({
  types: {
    context: {} as RegistrarInput,
    input: {} as RegistrarInput,
    events: {} as { type: 'get.called' | 'put.called' | 'lock.awaited' | 'get.returned' | 'put.returned' },
    emitted: {} as { type: 'get.called' | 'put.called' | 'put.returned' } | LockMessage<'registration'>,
    tags: {} as 'rest' | 'waiting' | 'inside',
  },
  guards: { isLocking: ({ context }) => context.locks },
  actions: {
    lock: emit({ type: 'lock.taken', lock: 'registration' }),
    unlock: emit({ type: 'lock.released', lock: 'registration' }),
    get: emit({ type: 'get.called' }),
    put: emit({ type: 'put.called' }),
    returnPut: emit({ type: 'put.returned' }),
  },
}).createMachine({
  id: 'registrar',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'get.called': [
          { guard: 'isLocking', target: 'waitingToGet' },
          { target: 'passing', actions: 'get' },
        ],
        'put.called': [
          { guard: 'isLocking', target: 'waitingToPut' },
          { target: 'passing', actions: 'put' },
        ],
      },
    },
    waitingToGet: { tags: 'waiting', on: { 'lock.awaited': { target: 'locked', actions: ['lock', 'get'] } } },
    waitingToPut: { tags: 'waiting', on: { 'lock.awaited': { target: 'locked', actions: ['lock', 'put'] } } },
    locked: {
      tags: 'inside',
      on: {
        'get.returned': { target: 'idle', actions: 'unlock' },
        'put.returned': { target: 'idle', actions: ['unlock', 'returnPut'] },
      },
    },
    passing: {
      tags: 'inside',
      on: {
        'get.returned': 'idle',
        'put.returned': { target: 'idle', actions: 'returnPut' },
      },
    },
  },
});

export interface RegistrarInput {
  readonly locks: boolean;
}
