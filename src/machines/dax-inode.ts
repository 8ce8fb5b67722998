import { assign, setup } from 'xstate';

/**
 * The inode of a DAX device before it has a holder: whether it is alive, and the page map that others find through it.
 *
 * Kept: a pointer that has been published stays until somebody withdraws it, whatever becomes of what it points to. Left
 * out: its number, and when the inode itself is freed.
 */
export const daxInodeMachine = setup({
  types: {
    context: {} as { readonly device: 'none' | 'alive' | 'dead'; readonly pgmap: 'none' | 'live' | 'freed' },
    events: {} as {
      type: 'device.allocated' | 'device.created' | 'device.killed' | 'pgmap.published' | 'pgmap.freed';
    },
    tags: {} as 'rest',
  },
  guards: { isPublished: ({ context }) => context.pgmap === 'live' },
  actions: {
    live: assign({ device: 'alive' }),
    die: assign({ device: 'dead' }),
    publish: assign({ pgmap: 'live' }),
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
        'pgmap.published': { actions: 'publish' },
        'pgmap.freed': [{ guard: 'isPublished', actions: 'dangle' }, {}],
      },
    },
  },
});
