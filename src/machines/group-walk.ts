import { emit, setup } from 'xstate';

/**
 * One round of the handler's walk over the groups, as far as references go (H6 to H11).
 *
 * Kept: the iterator takes an active reference and gives it back when it goes on; where the walk stops on an error, somebody else
 * has to give it back, and may give back another one. Left out: everything that the walk is for (`handler.ts`).
 */
export const groupWalkMachine = setup({
  types: {
    context: {} as { readonly onError: 'dropsActive' | 'dropsPassive' },
    input: {} as { readonly onError: 'dropsActive' | 'dropsPassive' },
    events: {} as { type: 'walk.begun' | 'walk.ended' | 'error.met' },
    emitted: {} as { type: 'active.taken' | 'active.dropped' | 'passive.dropped' },
    tags: {} as 'rest' | 'walking' | 'failed',
  },
  guards: {
    isMistaken: ({ context }) => context.onError === 'dropsPassive',
  },
}).createMachine({
  id: 'groupWalk',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: { tags: 'rest', on: { 'walk.begun': { target: 'walking', actions: emit({ type: 'active.taken' }) } } },
    walking: {
      tags: 'walking',
      on: {
        'walk.ended': { target: 'done', actions: emit({ type: 'active.dropped' }) },
        'error.met': [
          { guard: 'isMistaken', target: 'failed', actions: emit({ type: 'passive.dropped' }) },
          { target: 'failed', actions: emit({ type: 'active.dropped' }) },
        ],
      },
    },
    failed: { tags: ['rest', 'failed'] },
    done: { tags: 'rest' },
  },
});
