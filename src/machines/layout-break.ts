import { setup } from 'xstate';

/**
 * A truncate, a hole or a reflink of a DAX file, which has to be alone with a page before its entry goes: xfs_break_layouts().
 *
 * Kept: the page is unmapped first, so that nobody new can come to it; then it is asked whether anybody uses it still; who has to
 * wait for that goes to sleep, and is on the queue of those who are woken from before the question on, or only from the
 * moment in which it sleeps (`asks`). Left out: the lock of the file's mappings, which keeps faults out meanwhile, and files of
 * more than one page.
 *
 * `whenBusy: 'goesOn'` is what waiting is good for.
 */
export const layoutBreakMachine = setup({
  types: {
    context: {} as LayoutBreakInput,
    input: {} as LayoutBreakInput,
    events: {} as
      | { type: 'truncate.requested' | 'page.unmapped' | 'sleep.begun' | 'entry.removed' | 'waiter.woken' }
      | { type: 'count.read'; idle: boolean },
    tags: {} as 'rest' | 'mapped' | 'asleep' | 'removed',
  },
  guards: {
    isAlone: ({ context, event }) => ('idle' in event && event.idle) || context.whenBusy === 'goesOn',
    isQueued: ({ context }) => context.asks === 'onQueue',
  },
}).createMachine({
  id: 'layoutBreak',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: { tags: ['rest', 'mapped'], on: { 'truncate.requested': 'begun', 'waiter.woken': {} } },
    begun: { tags: 'mapped', on: { 'page.unmapped': 'asking', 'waiter.woken': {} } },
    asking: {
      on: {
        'count.read': [{ guard: 'isAlone', target: 'alone' }, { target: 'refused' }],
        'waiter.woken': {},
      },
    },
    refused: {
      description: 'The page was busy a moment ago. Who is woken now, before it sleeps, does not go to sleep.',
      on: { 'sleep.begun': 'asleep', 'waiter.woken': [{ guard: 'isQueued', target: 'asking' }, {}] },
    },
    asleep: { tags: 'asleep', on: { 'waiter.woken': 'asking' } },
    alone: { on: { 'entry.removed': 'removed', 'waiter.woken': {} } },
    removed: { tags: ['rest', 'removed'], on: { 'waiter.woken': {} } },
  },
});

export interface LayoutBreakInput {
  /** On the queue before it asks, as wait_event() has it, or only when it has been told that the page is busy. */
  readonly asks: 'onQueue' | 'beforeQueue';
  readonly whenBusy: 'waits' | 'goesOn';
}
