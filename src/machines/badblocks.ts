import { assign, emit, setup } from 'xstate';
import type { FateMessage } from './messages.ts';

/**
 * The level record: ranges that stand in `struct badblocks`.
 *
 * Kept: a range that was refused stands here until it has been reconciled, or until a write has cleared it; a scan of the media
 * adds what it has found. Whoever watches is told that the record has changed (sysfs_notify). It has one page of `room`, and
 * what comes when that is full is left out. Left out: ranges that nobody refused, where nothing but a refusal is of interest:
 * the platform records them too, but as no reader has anything to do for them they are the same as none.
 *
 * `region` is for KB-26: how the end of a range that is to be cleared is compared with the end of the region.
 */
export const badblocksMachine = setup({
  types: {
    context: {} as BadblocksInput & { readonly pending: readonly number[] },
    input: {} as BadblocksInput | undefined,
    events: {} as
      | FateMessage<'recorded'>
      | { type: 'ranges.found'; ranges: readonly number[] }
      | { type: 'range.reconciled'; poison: number }
      | { type: 'range.cleared'; page: number },
    emitted: {} as { type: 'badblocks.changed' },
    tags: {} as 'rest',
  },
  guards: {
    // The byte after the request, against the last block of the region instead of the block after it.
    isBeyond: ({ context: { region }, event }) =>
      region?.end === 'mixed' && 'page' in event && event.page + 1 > region.blocks - 1,
  },
  actions: {
    add: assign({
      pending: ({ context, event }) =>
        withRanges(context, 'ranges' in event ? event.ranges : 'poison' in event ? [event.poison] : []),
    }),
    remove: assign({
      pending: ({ context, event }) => {
        const gone = 'poison' in event ? event.poison : 'page' in event ? event.page : -1;
        return context.pending.filter((range) => range !== gone);
      },
    }),
    tell: emit({ type: 'badblocks.changed' }),
  },
}).createMachine({
  id: 'badblocks',
  context: ({ input }) => ({ ...input, pending: input?.recorded ?? [] }),
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: {
        'event.recorded': { actions: ['add', 'tell'] },
        'ranges.found': { actions: ['add', 'tell'] },
        'range.reconciled': { actions: 'remove' },
        'range.cleared': [{ guard: 'isBeyond' }, { actions: 'remove' }],
      },
    },
  },
});

export interface BadblocksInput {
  /** What stands in it when the model begins. */
  readonly recorded?: readonly number[];
  /** How many ranges it holds; without it, all. */
  readonly room?: number;
  readonly region?: { readonly blocks: number; readonly end: 'exclusive' | 'mixed' };
}

/** Who is there stays there: of what is new comes in what there is room for. */
function withRanges(
  { pending, room }: BadblocksInput & { readonly pending: readonly number[] },
  more: readonly number[],
) {
  return [...new Set([...pending, ...more])].slice(0, room).sort((a, b) => a - b);
}
