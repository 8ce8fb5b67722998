import { assign, emit, setup } from 'xstate';

import type { CallbackAnswer, Code, LockMessage } from './messages.ts';
import { wholeDevice } from './messages.ts';
import type { Meaning } from './upper.ts';

/**
 * Whoever is told of a range and has to tell others: the holder that device mapper or md would register with its legs
 * (posted, and dropped), or a device that has several holders (V11). No kernel has it.
 *
 * Kept: one report becomes several calls, one after the other, each of which takes its time; several answers become
 * one; what happens to a leg means something else above it where the data are in another place too. Without a table, or
 * where the table has nothing there, nobody is called and the answer is -EOPNOTSUPP. Left out: a table that is
 * exchanged meanwhile.
 *
 * `routes` and `copies` say what it is; everything else in the input is a way to get it wrong, and what is not chosen
 * is right.
 */
export const relayMachine = setup({
  types: {
    context: {} as Required<RelayInput> & Call,
    input: {} as RelayInput,
    events: {} as
      | { type: 'failure.notified'; poison: number }
      | { type: 'notification.answered' | 'failure.handled'; poison: number; code: Code; met: boolean }
      | { type: 'table.locked' | 'target.called' }
      | { type: 'table.read'; open: boolean },
    emitted: {} as CallbackAnswer | { type: 'notification.asked'; poison: number } | LockMessage<'table' | 'none'>,
    tags: {} as 'rest' | 'called' | 'climbing',
  },
  guards: {
    isLocking: ({ context }) => context.locks === 'table',
    isOpen: ({ event }) => 'open' in event && event.open,
    isStopped: ({ context }) =>
      context.stops === 'atAnswer' && context.answer !== null && context.answer !== 'EOPNOTSUPP',
    hasMore: ({ context }) => context.left.length > 0,
  },
  actions: {
    note: assign({ range: ({ event }) => ('poison' in event ? event.poison : -1) }),
    translate: assign({
      left: ({ context }) => targetsOf(context, context.range),
      means: ({ context }) => meaningOf(context, context.range),
      closed: ({ context }) => context.closed || (context.closes === 'first' && context.range === wholeDevice),
    }),
    close: assign({ closed: ({ context }) => context.closed || context.range === wholeDevice }),
    strike: assign({ left: ({ context }) => context.left.slice(1) }),
    collect: assign({
      answer: ({ context, event }) => ('code' in event ? oneOf(context, event.code) : context.answer),
      met: ({ context, event }) => context.met || ('met' in event && event.met),
    }),
    forget: assign({ range: -1, left: [], answer: null, means: 'failed', met: false }),
    call: emit(({ context }) => ({ type: 'notification.asked', poison: context.left[0]! })),
    lock: emit(({ context }) => ({ type: 'lock.taken', lock: context.locks })),
    unlock: emit(({ context }) => ({ type: 'lock.released', lock: context.locks })),
    answer: emit(({ context }) => ({
      type: 'failure.handled',
      poison: context.range,
      code: context.answersBy === 'nobody' ? 'ok' : (context.answer ?? 'EOPNOTSUPP'),
      met: context.met,
    })),
  },
}).createMachine({
  id: 'relay',
  context: ({ input }) => ({
    translates: 'all',
    answersBy: 'owner',
    stops: 'never',
    closes: 'first',
    locks: 'none',
    ...input,
    range: -1,
    left: [],
    answer: null,
    means: 'failed',
    met: false,
    closed: false,
  }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'failure.notified': [
          { guard: 'isLocking', target: 'locking', actions: 'note' },
          { target: 'reading', actions: 'note' },
        ],
      },
    },
    locking: { tags: 'called', on: { 'table.locked': { target: 'reading', actions: 'lock' } } },
    reading: {
      tags: 'called',
      on: {
        'table.read': [
          { guard: 'isOpen', target: 'sending', actions: 'translate' },
          { target: 'idle', actions: ['unlock', 'answer', 'forget'] },
        ],
      },
    },
    sending: {
      tags: ['called', 'climbing'],
      on: {
        'target.called': [
          { guard: 'isStopped', target: 'idle', actions: ['close', 'unlock', 'answer', 'forget'] },
          { guard: 'hasMore', target: 'waiting', actions: ['call', 'strike'] },
          { target: 'idle', actions: ['close', 'unlock', 'answer', 'forget'] },
        ],
      },
    },
    waiting: {
      description: 'Inside the call of the one above, and inside that of the one below.',
      tags: ['called', 'climbing'],
      on: {
        'notification.answered': { target: 'sending', actions: 'collect' },
        'failure.handled': { target: 'sending', actions: 'collect' },
      },
    },
  },
});

export interface RelayInput {
  /** The table: for each block of the leg what lies above it, which may be nothing, and may be several ranges. */
  readonly routes: readonly (readonly number[])[];
  /** What else has the data of the leg: nothing (linear), a current copy (mirror, clean cache), an old one (dirty). */
  readonly copies: 'none' | 'current' | 'old';
  /** Every range above; the first of each only; or offset, length and meaning as they came. */
  readonly translates?: 'all' | 'firstOnly' | 'no';
  /** Which of the answers it gives: that of the one whose range it was, the last, or 0 whatever they are. */
  readonly answersBy?: 'owner' | 'last' | 'nobody';
  /** Whether it goes on when somebody has answered. */
  readonly stops?: 'never' | 'atAnswer';
  /** When it stops using a leg that goes: before it tells those above, or when they have answered. */
  readonly closes?: 'first' | 'last';
  /** The lock that it holds while it looks into the table and calls. */
  readonly locks?: 'table' | 'none';
}

interface Call {
  readonly range: number;
  readonly left: readonly number[];
  readonly answer: Code | null;
  readonly means: Meaning;
  /** Somebody up there was there to answer. */
  readonly met: boolean;
  /** The leg is in use no more. */
  readonly closed: boolean;
}

function targetsOf({ routes, translates }: Required<RelayInput>, range: number): readonly number[] {
  if (translates === 'no') return [range];
  const each = translates === 'all' ? routes : routes.map((above) => above.slice(0, 1));
  return range === wholeDevice ? each.flat() : (each[range] ?? []);
}

/** What goes with a place is not lost where somebody else has it; what somebody else has an old copy of is. */
function meaningOf({ copies, translates }: Required<RelayInput>, range: number): Meaning {
  const below = range === wholeDevice ? 'going' : 'failed';
  if (translates === 'no' || copies === 'none') return below;
  return copies === 'current' ? 'moved' : 'failed';
}

/** Of two answers that of the owner: who says -ENXIO has nothing to do with the range. */
function oneOf({ answer, answersBy }: Required<RelayInput> & Call, next: Code): Code {
  return answersBy === 'last' || answer === null || answer === 'ENXIO' ? next : answer;
}
