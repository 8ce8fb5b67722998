import { assign, emit, setup } from 'xstate';

/**
 * A process that wants to know which ranges of its file have failed: it opens a ring and reads from it, and it reads
 * the record.
 *
 * Kept: the ring has what comes after it was opened, the record what came before; a ring that has overflowed sends its
 * reader back to the record. When it reads is up to the process. Left out: what it does about a failure, and its own
 * mappings (`mapper.ts`).
 */
export const subscriberMachine = setup({
  types: {
    context: {} as SubscriberInput & { readonly known: readonly number[] },
    input: {} as SubscriberInput,
    events: {} as
      | { type: 'ring.opened' }
      | { type: 'ring.read'; poison: number }
      | { type: 'record.read'; pending: readonly number[] },
    emitted: {} as { type: 'ring.opened' | 'report.taken' | 'overflow.seen' },
    tags: {} as 'rest' | 'deaf' | 'joining',
  },
  guards: {
    isDeaf: ({ context }) => context.joins === 'never',
    isReadingFirst: ({ context }) => context.joins === 'readsFirst',
    isReport: ({ event }) => 'poison' in event && event.poison >= 0,
  },
  actions: {
    open: emit({ type: 'ring.opened' }),
    take: emit({ type: 'report.taken' }),
    acknowledge: emit({ type: 'overflow.seen' }),
    learn: assign({
      known: ({ context, event }) => ('poison' in event ? withAll(context.known, [event.poison]) : context.known),
    }),
    learnAll: assign({
      known: ({ context, event }) => ('pending' in event ? withAll(context.known, event.pending) : context.known),
    }),
  },
}).createMachine({
  id: 'subscriber',
  context: ({ input }) => ({ ...input, known: [] }),
  initial: 'found',
  states: {
    found: {
      always: [
        { guard: 'isDeaf', target: 'deaf' },
        { guard: 'isReadingFirst', target: 'asking' },
        { target: 'opening' },
      ],
    },
    deaf: { tags: ['rest', 'deaf'] },
    opening: { tags: ['rest', 'joining'], on: { 'ring.opened': { target: 'resyncing', actions: 'open' } } },
    asking: { tags: ['rest', 'joining'], on: { 'record.read': { target: 'openingLate', actions: 'learnAll' } } },
    openingLate: { tags: ['rest', 'joining'], on: { 'ring.opened': { target: 'watching', actions: 'open' } } },
    watching: {
      tags: 'rest',
      on: {
        'ring.read': [
          { guard: 'isReport', actions: ['learn', 'take'] },
          { target: 'resyncing', actions: 'acknowledge' },
        ],
      },
    },
    resyncing: {
      description: 'What came before, or too fast, stands in the record.',
      tags: 'joining',
      on: { 'record.read': { target: 'watching', actions: 'learnAll' } },
    },
  },
});

export interface SubscriberInput {
  /** In which order it opens the ring and reads the record. */
  readonly joins: 'opensFirst' | 'readsFirst' | 'never';
}

const withAll = (known: readonly number[], more: readonly number[]): readonly number[] =>
  [...new Set([...known, ...more])].sort((a, b) => a - b);
