import { assign, setup } from 'xstate';
import type { DaxStore, Holder } from './messages.ts';

/**
 * A struct dax_device, as far as a notification reads it: DAXDEV_ALIVE, holder_data and holder_ops.
 *
 * Kept: the two halves of a registration are two variables, each written by a store of its own; nothing makes a pair of
 * them. Left out: the inode reference, and who wrote what (only a cmpxchg that wins ever stores).
 */
export const daxMachine = setup({
  types: {
    context: {} as {
      /** Whether the block device still leads here (dax_add_host). */
      readonly host: boolean;
      readonly alive: boolean;
      readonly data: Holder | null;
      readonly ops: boolean;
      /** Whose operations they are. No kernel variable: the pointer says it. */
      readonly opsOf: Holder | null;
    },
    input: {} as { readonly holder: Holder | null },
    events: {} as DaxStore | { type: 'host.removed' | 'alive.cleared' },
    tags: {} as 'rest',
  },
  actions: {
    storeData: assign({ data: ({ context, event }) => ('holder' in event ? event.holder : context.data) }),
    removeHost: assign({ host: false }),
    clearAlive: assign({ alive: false }),
    storeOps: assign({
      ops: ({ context, event }) => ('set' in event ? event.set : context.ops),
      opsOf: ({ event }) => ('set' in event && event.set ? (event.by ?? 'mp') : null),
    }),
  },
}).createMachine({
  id: 'dax',
  context: ({ input }) => ({
    host: true,
    alive: true,
    data: input.holder,
    ops: input.holder !== null,
    opsOf: input.holder,
  }),
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: {
        'data.stored': { actions: 'storeData' },
        'ops.stored': { actions: 'storeOps' },
        'host.removed': { actions: 'removeHost' },
        'alive.cleared': { actions: 'clearAlive' },
      },
    },
  },
});
