import { emit, setup } from 'xstate';
import type { FreezeHolder, Freezer } from './messages.ts';

/**
 * Somebody else who freezes the file system: a user with FIFREEZE and FITHAW, or another part of the kernel.
 *
 * Kept: a freeze is asked for and answered, and ends when its holder wants. A user may thaw what it has not frozen; the
 * kernel thaws only what it has, and does so in the end. Left out: why.
 */
export const freezerMachine = setup({
  types: {
    context: {} as FreezerInput,
    input: {} as FreezerInput,
    events: {} as
      | { type: 'freeze.requested' | 'thaw.requested' | 'freeze.over' }
      | { type: 'freeze.answered'; code: 'ok' | 'EBUSY' | 'EIO' },
    emitted: {} as { type: 'freeze.asked' | 'thaw.asked'; by: Freezer; holder: FreezeHolder },
    tags: {} as 'rest' | 'holding',
  },
  guards: {
    isUser: ({ context }) => context.by === 'user',
    isGranted: ({ event }) => 'code' in event && event.code === 'ok',
    isGrantedToUser: ({ context, event }) => context.by === 'user' && 'code' in event && event.code === 'ok',
  },
  actions: {
    freeze: emit(({ context }) => ({ type: 'freeze.asked', ...context })),
    thaw: emit(({ context }) => ({ type: 'thaw.asked', ...context })),
  },
}).createMachine({
  id: 'freezer',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'freeze.requested': { target: 'asking', actions: 'freeze' },
        'thaw.requested': { guard: 'isUser', actions: 'thaw' },
      },
    },
    asking: {
      on: {
        'freeze.answered': [
          { guard: 'isGrantedToUser', target: 'leaving it' },
          { guard: 'isGranted', target: 'working' },
          { target: 'idle' },
        ],
      },
    },
    'leaving it': {
      description: 'A user may leave a file system frozen for ever.',
      tags: ['rest', 'holding'],
      on: { 'thaw.requested': { target: 'idle', actions: 'thaw' } },
    },
    working: {
      tags: 'holding',
      on: { 'freeze.over': { target: 'idle', actions: 'thaw' } },
    },
  },
});

export interface FreezerInput {
  readonly by: Freezer;
  readonly holder: FreezeHolder;
}
