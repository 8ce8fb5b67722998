import { assign, emit, setup } from 'xstate';
import type { FateMessage, Meta } from './messages.ts';

/**
 * What a handler does so that somebody comes to know of a failure: it posts a report to those who have subscribed, and
 * walks to those who map the page.
 *
 * Kept: a report may be posted before the walk (H3) or with it (H10), and the walk may end before it has begun, as
 * after a shutdown (H6); the range is written into a record, before or after it is posted. Events come one at a time,
 * as under mf_mutex. Left out: the rest of the walk (`handler.ts`); whose record it is.
 */
export const noticeMachine = setup({
  types: {
    context: {} as NoticeInput & { readonly poison: number; readonly returned: readonly number[] },
    input: {} as NoticeInput,
    events: {} as
      | { type: 'poison.reported'; poison: number }
      | { type: 'record.written' | 'report.posted' | 'failure.ended' }
      | { type: 'agf.read'; shutdown: boolean }
      | { type: 'kill.returned'; code: 'ok' | 'EBUSY' },
    emitted: {} as
      | { type: 'report.posted'; poison: number }
      | { type: 'kill.called'; poison: number; file: number }
      | FateMessage<'recorded'>,
    tags: {} as 'rest' | 'posting',
    meta: {} as Meta,
  },
  guards: {
    isRecordingFirst: ({ context }) => context.records === 'first',
    isPostingFirst: ({ context }) => context.posts === 'beforeWalk',
    isShutDown: ({ event }) => 'shutdown' in event && event.shutdown,
  },
  actions: {
    note: assign({ poison: ({ event }) => ('poison' in event ? event.poison : -1) }),
    forget: assign({ poison: -1 }),
    record: emit(({ context }) => ({ type: 'event.recorded', poison: context.poison })),
    post: emit(({ context }) => ({ type: 'report.posted', poison: context.poison })),
    kill: emit(({ context }) => ({ type: 'kill.called', poison: context.poison, file: 0 })),
    noteReturn: assign({ returned: ({ context }) => [...context.returned, context.poison] }),
  },
}).createMachine({
  id: 'notice',
  context: ({ input }) => ({ ...input, poison: -1, returned: [] }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'poison.reported': [
          { guard: 'isRecordingFirst', target: 'recording', actions: 'note', meta: { step: 'P0' } },
          { target: 'recorded', actions: 'note', meta: { step: 'P0' } },
        ],
      },
    },
    recording: { on: { 'record.written': { target: 'recorded', actions: 'record' } } },
    recorded: { always: [{ guard: 'isPostingFirst', target: 'posting' }, { target: 'walking' }] },
    posting: {
      tags: 'posting',
      on: { 'report.posted': { target: 'walking', actions: 'post', meta: { step: 'H3' } } },
    },
    walking: {
      on: {
        'agf.read': [
          { guard: 'isShutDown', target: 'finishing', meta: { step: 'H6' } },
          { target: 'killing', actions: 'kill', meta: { step: 'H9' } },
        ],
      },
    },
    killing: {
      on: {
        'kill.returned': [{ guard: 'isPostingFirst', target: 'finishing' }, { target: 'postingLate' }],
      },
    },
    postingLate: {
      tags: 'posting',
      on: { 'report.posted': { target: 'finishing', actions: 'post', meta: { step: 'H10' } } },
    },
    finishing: { always: [{ guard: 'isRecordingFirst', target: 'ending' }, { target: 'recordingLate' }] },
    recordingLate: { on: { 'record.written': { target: 'ending', actions: 'record' } } },
    ending: { on: { 'failure.ended': { target: 'idle', actions: ['noteReturn', 'forget'], meta: { step: 'P8' } } } },
  },
});

export interface NoticeInput {
  /** How many there will be. */
  readonly events: number;
  /** When the range is written into the record: before anything else, or last of all. */
  readonly records: 'first' | 'last';
  readonly posts: 'beforeWalk' | 'afterWalk';
}
