import { assign, emit, setup } from 'xstate';
import type { FateMessage } from './messages.ts';

/**
 * The level record: ranges of which the file system has still to be told.
 *
 * Kept: a range that was refused stands here until it has been reconciled, and whoever watches is told that the record has
 * changed (sysfs_notify). Left out: the one page of room that it has, and ranges that nobody refused: the platform
 * records them too, but as no reader has anything to do for them they are the same as none.
 */
export const badblocksMachine = setup({
  types: {
    context: {} as { readonly pending: readonly number[] },
    events: {} as FateMessage<'recorded'> | { type: 'range.reconciled'; poison: number },
    emitted: {} as { type: 'badblocks.changed' },
    tags: {} as 'rest',
  },
  actions: {
    add: assign({
      pending: ({ context, event }) => [...new Set([...context.pending, event.poison])].sort((a, b) => a - b),
    }),
    remove: assign({ pending: ({ context, event }) => context.pending.filter((poison) => poison !== event.poison) }),
    tell: emit({ type: 'badblocks.changed' }),
  },
}).createMachine({
  id: 'badblocks',
  context: { pending: [] },
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: { 'event.recorded': { actions: ['add', 'tell'] }, 'range.reconciled': { actions: 'remove' } },
    },
  },
});
