import { emit, setup } from 'xstate';

/**
 * Somebody who uses the memory of a file beside its mappings, as DMA does: get_user_pages(), and the put that follows it.
 *
 * Kept: the reference that is put may be the last but the file's own, and then the page is idle, which somebody may be waiting
 * for; to lower the count and to wake are two steps, and it is one of the ways to put that knows of the second (KB-22). Left
 * out: what is done with the memory meanwhile.
 */
export const pinMachine = setup({
  types: {
    context: {} as PinInput,
    input: {} as PinInput,
    events: {} as
      | { type: 'page.pinned' | 'waiter.called' | 'reference.lowered' }
      | { type: 'use.over'; others: boolean },
    emitted: {} as { type: 'reference.taken' | 'reference.dropped' | 'waiter.woken' },
    tags: {} as 'rest' | 'using' | 'waking',
  },
  guards: {
    isFirstToWake: ({ context, event }) => context.wakes === 'beforeIdle' && 'others' in event && !event.others,
    isLast: ({ context, event }) => context.wakes === 'whenIdle' && 'others' in event && !event.others,
  },
  actions: {
    take: emit({ type: 'reference.taken' }),
    drop: emit({ type: 'reference.dropped' }),
    wake: emit({ type: 'waiter.woken' }),
  },
}).createMachine({
  id: 'pin',
  context: ({ input }) => input,
  initial: 'away',
  states: {
    away: { tags: 'rest', on: { 'page.pinned': { target: 'using', actions: 'take' } } },
    using: {
      tags: 'using',
      on: {
        'use.over': [
          { guard: 'isFirstToWake', target: 'lowering', actions: 'wake' },
          { guard: 'isLast', target: 'waking', actions: 'drop' },
          { target: 'away', actions: 'drop' },
        ],
      },
    },
    waking: {
      description: 'The page is idle, and who waits for that does not know it yet.',
      tags: 'waking',
      on: { 'waiter.called': { target: 'away', actions: 'wake' } },
    },
    lowering: { tags: 'using', on: { 'reference.lowered': { target: 'away', actions: 'drop' } } },
  },
});

export interface PinInput {
  /** Whether who lowers the count to idle wakes whoever waits for that: as one should, never, or a moment too early. */
  readonly wakes: 'whenIdle' | 'never' | 'beforeIdle';
}
