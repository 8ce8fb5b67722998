import { assign, emit, setup } from 'xstate';
import type { FateMessage, Meta } from './messages.ts';

/**
 * Where errors come from that no task has met: firmware, which reports them from a context that cannot wait.
 *
 * Kept: it hands each event to a queue that may be full (memory_failure_queue()), and does not learn what became of it.
 * `records`: it also leaves each in the record of bad blocks, before it queues it, which is the repair of hazard H-22. One
 * that never `pushes` keeps what it knows until the media are scanned. Left out: what it knows of the address.
 */
export const firmwareMachine = setup({
  types: {
    context: {} as FirmwareInput & { readonly raised: number },
    input: {} as FirmwareInput,
    events: {} as { type: 'error.raised' },
    emitted: {} as { type: 'event.raised'; poison: number } | FateMessage<'recorded'>,
    tags: {} as 'rest' | 'spent',
    meta: {} as Meta,
  },
  guards: {
    isSpent: ({ context }) => context.raised === context.events,
    isRecording: ({ context }) => context.records,
    isSilent: ({ context }) => context.pushes === false,
  },
  actions: {
    record: emit(({ context }) => ({ type: 'event.recorded', poison: context.raised })),
    queue: emit(({ context }) => ({ type: 'event.raised', poison: context.raised })),
    count: assign({ raised: ({ context }) => context.raised + 1 }),
  },
}).createMachine({
  id: 'firmware',
  context: ({ input }) => ({ ...input, raised: 0 }),
  initial: 'watching',
  states: {
    watching: {
      tags: 'rest',
      always: { guard: 'isSpent', target: 'spent' },
      on: {
        'error.raised': [
          { guard: 'isSilent', target: 'watching', actions: 'count' },
          { guard: 'isRecording', target: 'watching', actions: ['record', 'queue', 'count'], meta: { step: 'P0' } },
          { target: 'watching', actions: ['queue', 'count'], meta: { step: 'P0' } },
        ],
      },
    },
    spent: { tags: ['rest', 'spent'] },
  },
});

interface FirmwareInput {
  readonly events: number;
  readonly records: boolean;
  readonly pushes?: boolean;
}
