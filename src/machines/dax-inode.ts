import { assign, setup } from 'xstate';

/**
 * The inode of a DAX device before it has a holder: whether it is alive, and the page map of its memory, which others find through
 * it once it is published.
 *
 * Kept: a pointer that has been published stays until somebody withdraws it, whatever becomes of what it points to; what has been
 * mapped, published or not, is there until it is freed. Left out: its number, and when the inode itself is freed.
 */
export const daxInodeMachine = setup({
  types: {
    context: {} as { readonly device: 'none' | 'alive' | 'dead'; readonly pgmap: 'none' | 'mapped' | 'live' | 'freed' },
    events: {} as {
      type:
        | 'device.allocated'
        | 'device.created'
        | 'device.killed'
        | 'pgmap.mapped'
        | 'pgmap.published'
        | 'pgmap.freed';
    },
    tags: {} as 'rest',
  },
  guards: {
    isMapped: ({ context }) => context.pgmap === 'mapped',
    isPublished: ({ context }) => context.pgmap === 'live',
  },
  actions: {
    live: assign({ device: 'alive' }),
    die: assign({ device: 'dead' }),
    map: assign({ pgmap: 'mapped' }),
    publish: assign({ pgmap: 'live' }),
    unmap: assign({ pgmap: 'none' }),
    dangle: assign({ pgmap: 'freed' }),
  },
}).createMachine({
  id: 'daxInode',
  context: { device: 'none', pgmap: 'none' },
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: {
        'device.allocated': { actions: 'live' },
        'device.created': { actions: 'live' },
        'device.killed': { actions: 'die' },
        'pgmap.mapped': { actions: 'map' },
        'pgmap.published': { actions: 'publish' },
        'pgmap.freed': [
          { guard: 'isPublished', actions: 'dangle' },
          { guard: 'isMapped', actions: 'unmap' },
        ],
      },
    },
  },
});
