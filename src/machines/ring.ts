import { assign, setup } from 'xstate';

/**
 * What a process subscribes to instead of waiting for a signal: a file descriptor, and a ring behind it with room for
 * some reports.
 *
 * Kept: nothing is posted to a ring that nobody has opened; each report is read once. What becomes of a report that
 * finds no room is a choice: it is dropped; it is dropped and the ring says so; or whoever posts waits. Left out: what
 * a report says besides which range has failed. No kernel is described here: what those that have one do is not in our
 * sources.
 */
export const ringMachine = setup({
  types: {
    context: {} as RingInput & { readonly waiting: readonly number[]; readonly overflowed: boolean },
    input: {} as RingInput,
    events: {} as
      | { type: 'report.posted'; poison: number }
      | { type: 'ring.opened' | 'report.taken' | 'overflow.seen' },
    tags: {} as 'rest' | 'open',
  },
  guards: {
    hasRoom: ({ context }) => context.waiting.length < context.room,
    isMarking: ({ context }) => context.whenFull === 'mark',
    isDropping: ({ context }) => context.whenFull === 'drop',
  },
  actions: {
    add: assign({
      waiting: ({ context, event }) => ('poison' in event ? [...context.waiting, event.poison] : context.waiting),
    }),
    mark: assign({ overflowed: true }),
    take: assign({ waiting: ({ context }) => context.waiting.slice(1) }),
    unmark: assign({ overflowed: false }),
  },
}).createMachine({
  id: 'ring',
  context: ({ input }) => ({ ...input, waiting: [], overflowed: false }),
  initial: 'closed',
  states: {
    closed: { tags: 'rest', on: { 'report.posted': {}, 'ring.opened': 'open' } },
    open: {
      tags: ['rest', 'open'],
      on: {
        // A second process that opens it reads from the same ring.
        'ring.opened': {},
        'report.posted': [
          { guard: 'hasRoom', actions: 'add' },
          { guard: 'isMarking', actions: 'mark' },
          { guard: 'isDropping' },
        ],
        'report.taken': { actions: 'take' },
        'overflow.seen': { actions: 'unmark' },
      },
    },
  },
});

export interface RingInput {
  readonly room: number;
  readonly whenFull: 'mark' | 'drop' | 'wait';
}
