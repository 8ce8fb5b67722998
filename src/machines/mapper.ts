import { assign, emit, setup } from 'xstate';
import type { Code } from './messages.ts';

/**
 * A task that maps one page of a file, and what it gets to hear when that page fails.
 *
 * Kept: the page table entry goes before the signal comes; a load through a live entry consumes the poison in the task's own
 * context, and when memory_failure() has returned without a signal and without success, the task dies of a SIGBUS that says
 * nothing (P9); a load without an entry faults, and the fault answers. The generic path unmaps and tells in one step, and
 * says no more than that. An action-optional signal may be blocked, a forced
 * one not. Left out: what the task makes of a signal, and a second page.
 *
 * The poison is real here: a load through a live entry never yields data.
 */
export const mapperMachine = setup({
  types: {
    context: {} as MapperInput & {
      readonly entry: boolean;
      readonly signal: 'none' | 'pending' | 'delivered';
      readonly refaulted: boolean;
      readonly consumed: boolean;
    },
    input: {} as MapperInput,
    events: {} as
      | { type: 'page.unmapped' | 'page.mapped' }
      | { type: 'task.signalled'; how?: 'AR' | 'AO' }
      | { type: 'page.touched' | 'caller.died' }
      | { type: 'page.faulted'; answer: 'mapped' | 'hwpoison' | 'error' }
      | { type: 'failure.returned'; code: Code },
    emitted: {} as { type: 'poison.consumed' },
    tags: {} as 'rest' | 'mapped' | 'unmapped' | 'consuming' | 'told' | 'misled',
  },
  guards: {
    hasEntry: ({ context }) => context.entry,
    isBlocked: ({ context, event }) => context.blocksOptional && 'how' in event && event.how === 'AO',
    isSignalled: ({ context }) => context.signal === 'delivered',
    isRecovered: ({ event }) => 'code' in event && event.code === 'ok',
    isStillMapped: ({ context, event }) => context.entry && 'code' in event && event.code === 'ok',
    isPoisonAnswer: ({ event }) => 'answer' in event && event.answer === 'hwpoison',
    isErrorAnswer: ({ event }) => 'answer' in event && event.answer === 'error',
  },
  actions: {
    consume: emit({ type: 'poison.consumed' }),
    loseEntry: assign({ entry: false }),
    gainEntry: assign({ entry: true }),
    notePending: assign({ signal: 'pending' }),
    noteConsumed: assign({ consumed: true }),
    noteRefault: assign({ refaulted: true }),
    noteDelivered: assign({ signal: 'delivered' }),
  },
}).createMachine({
  id: 'mapper',
  context: ({ input }) => ({
    ...input,
    entry: input.maps !== false,
    signal: 'none',
    refaulted: false,
    consumed: false,
  }),
  initial: 'found',
  states: {
    found: { always: [{ guard: 'hasEntry', target: 'mapped' }, { target: 'unmapped' }] },
    mapped: {
      tags: ['rest', 'mapped'],
      on: {
        'page.touched': { target: 'consuming', actions: ['noteConsumed', 'consume'] },
        'page.unmapped': { target: 'unmapped', actions: 'loseEntry' },
        'page.mapped': {},
        'task.signalled': [
          { guard: 'isBlocked', actions: 'notePending' },
          { target: 'told', actions: 'noteDelivered' },
        ],
      },
    },
    unmapped: {
      tags: ['rest', 'unmapped'],
      on: {
        'page.faulted': [
          { guard: 'isPoisonAnswer', target: 'told', actions: ['noteDelivered', 'noteRefault'] },
          { guard: 'isErrorAnswer', target: 'misled' },
          { target: 'mapped', actions: 'gainEntry' },
        ],
        'page.unmapped': {},
        'page.mapped': { target: 'mapped', actions: 'gainEntry' },
        'task.signalled': [
          { guard: 'isBlocked', actions: 'notePending' },
          { target: 'told', actions: 'noteDelivered' },
        ],
      },
    },
    consuming: {
      description: 'In the machine check of its own load: a signal is delivered when memory_failure() returns.',
      tags: ['consuming'],
      on: {
        'page.unmapped': { actions: 'loseEntry' },
        'task.signalled': [{ guard: 'isBlocked', actions: 'notePending' }, { actions: 'noteDelivered' }],
        'failure.returned': [
          { guard: 'isSignalled', target: 'told' },
          { guard: 'isStillMapped', target: 'mapped' },
          { guard: 'isRecovered', target: 'unmapped' },
          { target: 'misled' },
        ],
        'caller.died': 'misled',
      },
    },
    told: {
      tags: ['rest', 'told'],
      on: { 'page.unmapped': { actions: 'loseEntry' }, 'page.mapped': {}, 'task.signalled': {} },
    },
    misled: {
      description: 'A SIGBUS like any other: the task knows that it may not read, and not that its data are gone.',
      tags: ['rest', 'misled'],
      on: { 'page.unmapped': { actions: 'loseEntry' }, 'page.mapped': {}, 'task.signalled': {} },
    },
  },
});

export interface MapperInput {
  /** The file whose page it maps. */
  readonly file: number;
  /** PR_MCE_KILL_EARLY, or the default: to be told when it touches the page. */
  readonly policy: 'early' | 'late';
  /** Whether it blocks SIGBUS, so far as that can be blocked. */
  readonly blocksOptional: boolean;
  /** Whether it maps the page when the model begins. */
  readonly maps?: boolean;
}
