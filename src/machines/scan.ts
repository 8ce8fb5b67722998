import { assign, emit, setup } from 'xstate';

/**
 * A scan of the entries of a mapping, one index after the other, as fs/dax.c makes it for busy pages before blocks are freed.
 *
 * Kept: where the scan stands is a variable of its own; an entry that somebody else has locked has to be waited for, and while it
 * waits the scan has let go of the mapping. What it looks at after that is the whole question. Left out: what the scan
 * looks for in an entry.
 *
 * `whenLocked`: wait, and load the same index again; load the next entry instead (KB-20); or wait, but with an iterator that
 * has been paused, and so moved on, before it let go (KB-21).
 */
export const scanMachine = setup({
  types: {
    context: {} as ScanInput & { readonly index: number },
    input: {} as ScanInput,
    events: {} as { type: 'scan.requested' | 'entry.awaited' } | { type: 'entry.loaded'; locked: boolean },
    emitted: {} as { type: 'entry.visited'; index: number },
    tags: {} as 'rest' | 'waiting' | 'done',
  },
  guards: {
    isOver: ({ context }) => context.index >= context.entries,
    isNeglected: ({ context, event }) => 'locked' in event && event.locked && context.whenLocked === 'takeNext',
    isAdvanced: ({ context, event }) => 'locked' in event && event.locked && context.whenLocked === 'pauseFirst',
    isLocked: ({ event }) => 'locked' in event && event.locked,
  },
  actions: {
    visit: emit(({ context }) => ({ type: 'entry.visited', index: context.index })),
    advance: assign({ index: ({ context }) => context.index + 1 }),
  },
}).createMachine({
  id: 'scan',
  context: ({ input }) => ({ ...input, index: 0 }),
  initial: 'quiet',
  states: {
    quiet: { tags: 'rest', on: { 'scan.requested': 'scanning' } },
    scanning: {
      always: { guard: 'isOver', target: 'done' },
      on: {
        'entry.loaded': [
          { guard: 'isNeglected', target: 'scanning', actions: 'advance' },
          { guard: 'isAdvanced', target: 'waiting', actions: 'advance' },
          { guard: 'isLocked', target: 'waiting' },
          { target: 'scanning', actions: ['visit', 'advance'] },
        ],
      },
    },
    waiting: {
      tags: 'waiting',
      on: { 'entry.awaited': 'scanning' },
    },
    done: { tags: ['rest', 'done'] },
  },
});

export interface ScanInput {
  readonly entries: number;
  readonly whenLocked: 'waitAndReload' | 'takeNext' | 'pauseFirst';
}
