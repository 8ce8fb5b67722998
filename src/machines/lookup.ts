import { emit, setup } from 'xstate';

/**
 * Somebody who looks a DAX device up by its number and follows what he finds: dax_dev_find(), then the page map, as
 * memory_failure() or a later probe does.
 *
 * Kept: what is looked for may not be there. Left out: what he wants with it. `creates` is dax_dev_get(), which made what
 * it did not find (KB-19).
 */
export const lookupMachine = setup({
  types: {
    context: {} as { readonly creates: boolean },
    input: {} as { readonly creates: boolean },
    events: {} as
      | { type: 'lookup.requested' | 'lookup.ended' }
      | { type: 'device.found'; device: 'none' | 'alive' | 'dead' }
      | { type: 'pgmap.found'; pgmap: 'none' | 'live' | 'freed' },
    emitted: {} as { type: 'device.created' },
    tags: {} as 'rest' | 'found' | 'following' | 'freed',
  },
  guards: {
    isMade: ({ context, event }) => context.creates && 'device' in event && event.device === 'none',
    isAlive: ({ event }) => 'device' in event && event.device === 'alive',
    isFreed: ({ event }) => 'pgmap' in event && event.pgmap === 'freed',
    isLive: ({ event }) => 'pgmap' in event && event.pgmap === 'live',
  },
  actions: { create: emit({ type: 'device.created' }) },
}).createMachine({
  id: 'lookup',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: { 'lookup.requested': 'looking' },
    },
    looking: {
      on: {
        'device.found': [
          { guard: 'isMade', target: 'idle', actions: 'create' },
          { guard: 'isAlive', target: 'found' },
          { target: 'idle' },
        ],
      },
    },
    found: {
      tags: 'found',
      on: {
        'pgmap.found': [
          { guard: 'isFreed', target: 'dangling' },
          { guard: 'isLive', target: 'following' },
          { target: 'idle' },
        ],
      },
    },
    following: { tags: 'following', on: { 'lookup.ended': 'idle' } },
    dangling: { tags: ['rest', 'freed'] },
  },
});
