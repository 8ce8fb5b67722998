import { assign, emit, setup } from 'xstate';
import type { Code, FateMessage, Meta } from './messages.ts';

/**
 * One call of memory_failure() in brief: a range, and the file system that is asked whether it takes it.
 *
 * Kept: it is made by the work item for what has been queued, or by the daemon for what it replays, and the daemon waits for the
 * answer. Who is not ready answers -EIO, and may leave the range in the record first (H-15). Left out: everything else
 * between the two, which other models tell; that two calls exclude each other, because here each is over in one step.
 *
 * A call that `consumes` is made by a thread that maps the page, and counts as its machine check: that thread gets the signal. A flag
 * that tells the two kinds apart was proposed and dropped (V14).
 */
export const reportMachine = setup({
  types: {
    context: {} as ReportInput & { readonly poison: number },
    input: {} as ReportInput,
    events: {} as
      | { type: 'event.raised' | 'poison.replayed'; poison: number }
      | { type: 'owner.asked'; ready: boolean },
    emitted: {} as
      | { type: 'range.told'; poison: number }
      | { type: 'failure.returned'; poison: number; code: Code }
      | { type: 'caller.died' }
      | FateMessage<'recorded'>,
    tags: {} as 'rest' | 'busy',
    meta: {} as Meta,
  },
  guards: {
    isFatal: ({ context, event }) => context.consumes && 'ready' in event && event.ready,
    isReady: ({ event }) => 'ready' in event && event.ready,
    isRecording: ({ context }) => context.whenUnready === 'record',
  },
  actions: {
    note: assign({ poison: ({ event }) => ('poison' in event ? event.poison : -1) }),
    forget: assign({ poison: -1 }),
    tell: emit(({ context }) => ({ type: 'range.told', poison: context.poison })),
    record: emit(({ context }) => ({ type: 'event.recorded', poison: context.poison })),
    succeed: emit(({ context }) => ({ type: 'failure.returned', poison: context.poison, code: 'ok' })),
    fail: emit(({ context }) => ({ type: 'failure.returned', poison: context.poison, code: 'EIO' })),
    die: emit({ type: 'caller.died' }),
  },
}).createMachine({
  id: 'report',
  context: ({ input }) => ({ ...input, poison: -1 }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'event.raised': { target: 'asking', actions: 'note', meta: { step: 'P0' } },
        'poison.replayed': { target: 'asking', actions: 'note', meta: { step: 'P0' } },
      },
    },
    asking: {
      tags: 'busy',
      on: {
        'owner.asked': [
          { guard: 'isFatal', target: 'idle', actions: ['tell', 'die', 'forget'], meta: { step: 'P6' } },
          { guard: 'isReady', target: 'idle', actions: ['tell', 'succeed', 'forget'], meta: { step: 'P6' } },
          { guard: 'isRecording', target: 'idle', actions: ['record', 'fail', 'forget'], meta: { step: 'P6' } },
          { target: 'idle', actions: ['fail', 'forget'], meta: { step: 'P6' } },
        ],
      },
    },
  },
});

interface ReportInput {
  readonly consumes: boolean;
  readonly whenUnready: 'drop' | 'record';
}
