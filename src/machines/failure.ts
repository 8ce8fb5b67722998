import { assign, emit, setup } from 'xstate';
import type { Code, FateMessage, LockMessage, Meta } from './messages.ts';

/**
 * One poison event, from the page that fails to the end of memory_failure().
 *
 * Kept: mf_mutex is held from beginning to end, the owner's answer is final unless it is -EOPNOTSUPP, and then the generic
 * path finds the tasks by page->mapping: with a task that maps the page it tells and unmaps it, without one it answers
 * -EBUSY. A page map without operations of its own (device DAX) has no owner to ask. Where the event came from is kept because it says who waits for the end (P9): a task that consumed the poison, a
 * daemon that replays it, or nobody. Left out: the queue in front (`memory_failure_queue`), PageHWPoison, and the return
 * codes beyond the one that matters.
 *
 * `Dispatch` says how it finds its way between owner and generic path; what is not chosen is as in v6.0 and after.
 *
 * A thread that dies in the callback leaves mf_mutex locked for good in a kernel. Here it lets go, so that what else can
 * happen stays visible: an oops is a finding of its own, and no other may hide behind it.
 */
export const failureMachine = setup({
  types: {
    context: {} as FailureContext,
    input: {} as FailureInput,
    events: {} as
      | {
          type:
            | 'poison.reported'
            | 'poison.consumed'
            | 'poison.replayed'
            | 'mutex.awaited'
            | 'range.sent'
            | 'thread.died';
        }
      | { type: 'pgmap.read'; live: boolean; operations?: boolean }
      | { type: 'notification.answered'; poison: number; code: Code; met: boolean }
      | { type: 'page.read'; mapped: boolean },
    emitted: {} as
      | { type: 'notification.asked' | 'task.signalled'; poison: number }
      | { type: 'failure.returned'; poison: number; to: FailureContext['source']; code: Code | 'EBUSY' }
      | { type: 'caller.died'; to: FailureContext['source'] }
      | LockMessage
      | FateMessage<'generic' | 'unowned'>,
    tags: {} as 'rest' | 'quiet' | 'waiting' | 'pinned' | 'returned' | 'torn' | 'unfounded',
    meta: {} as Meta,
  },
  guards: {
    isLive: ({ event }) => 'live' in event && event.live,
    isFallingBack: ({ context, event }) =>
      context.fallsBack === 'always' ||
      (context.fallsBack !== 'never' && 'code' in event && event.code === 'EOPNOTSUPP'),
    isWithoutOperations: ({ context }) => !context.operations,
    isCallingNothing: ({ context }) => !context.operations && context.operationsMissing === 'called',
    isUnfounded: ({ context }) => context.fallback === 'byOwnersOffset',
    isMapped: ({ event }) => 'mapped' in event && event.mapped,
    isMet: ({ context }) => context.met,
  },
  actions: {
    blamePlatform: assign({ source: 'platform' }),
    blameTask: assign({ source: 'application' }),
    blameDaemon: assign({ source: 'daemon' }),
    lock: emit({ type: 'lock.taken', lock: 'mf_mutex' }),
    unlock: emit({ type: 'lock.released', lock: 'mf_mutex' }),
    notify: emit(({ context }) => ({ type: 'notification.asked', poison: context.poison })),
    noteOperations: assign({ operations: ({ event }) => !('operations' in event) || event.operations !== false }),
    noteOwner: assign({ met: ({ event }) => 'met' in event && event.met }),
    forgetOwner: assign({ met: false }),
    signal: emit(({ context }) => ({ type: 'task.signalled', poison: context.poison })),
    markGeneric: emit(({ context }) => ({ type: 'event.generic', poison: context.poison })),
    markUnowned: emit(({ context }) => ({ type: 'event.unowned', poison: context.poison })),
    takeAlong: emit(({ context }) => ({ type: 'caller.died', to: context.source })),
    returnAnswer: emit(({ context, event }) => ({
      type: 'failure.returned',
      poison: context.poison,
      to: context.source,
      code: 'code' in event ? event.code : 'ENXIO',
    })),
    returnOk: emit(({ context }) => ({
      type: 'failure.returned',
      poison: context.poison,
      to: context.source,
      code: 'ok',
    })),
    returnBusy: emit(({ context }) => ({
      type: 'failure.returned',
      poison: context.poison,
      to: context.source,
      code: 'EBUSY',
    })),
  },
}).createMachine({
  id: 'failure',
  context: ({ input }) => ({ ...input, source: 'platform', met: false, operations: true }),
  initial: 'quiet',
  states: {
    quiet: {
      tags: ['rest', 'quiet'],
      on: {
        'poison.reported': { target: 'raised', actions: 'blamePlatform', meta: { step: 'P0' } },
        'poison.consumed': { target: 'raised', actions: 'blameTask', meta: { step: 'P0' } },
      },
    },
    raised: {
      tags: 'waiting',
      on: { 'mutex.awaited': { target: 'locked', actions: 'lock', meta: { step: 'P2' } } },
    },
    locked: {
      on: {
        'pgmap.read': [
          { guard: 'isLive', target: 'pinned', actions: 'noteOperations', meta: { step: 'P3' } },
          { target: 'returned', actions: ['unlock', 'returnAnswer'], meta: { step: 'P3' } },
        ],
      },
    },
    pinned: {
      tags: 'pinned',
      on: {
        'range.sent': [
          { guard: 'isCallingNothing', target: 'torn', actions: ['unlock', 'takeAlong'], meta: { step: 'P5' } },
          { guard: 'isWithoutOperations', target: 'unowned', meta: { step: 'P5' } },
          { target: 'notifying', actions: 'notify', meta: { step: 'P5' } },
        ],
      },
    },
    notifying: {
      tags: 'pinned',
      on: {
        'notification.answered': [
          { guard: 'isFallingBack', target: 'unowned', actions: 'noteOwner', meta: { step: 'P6' } },
          { target: 'returned', actions: ['unlock', 'returnAnswer'], meta: { step: 'P8' } },
        ],
        'thread.died': { target: 'dead', actions: ['unlock', 'takeAlong'] },
      },
    },
    unowned: {
      tags: 'pinned',
      on: {
        'page.read': [
          { guard: 'isUnfounded', target: 'unfounded', actions: ['unlock', 'takeAlong'], meta: { step: 'P7' } },
          {
            guard: 'isMapped',
            target: 'returned',
            actions: ['signal', 'markGeneric', 'unlock', 'returnOk', 'forgetOwner'],
            meta: { step: 'P7' },
          },
          {
            guard: 'isMet',
            target: 'returned',
            actions: ['unlock', 'returnBusy', 'forgetOwner'],
            meta: { step: 'P7' },
          },
          { target: 'returned', actions: ['markUnowned', 'unlock', 'returnBusy'], meta: { step: 'P7' } },
        ],
      },
    },
    returned: {
      tags: ['rest', 'returned'],
      on: { 'poison.replayed': { target: 'raised', actions: 'blameDaemon', meta: { step: 'P0' } } },
    },
    dead: { tags: 'rest' },
    torn: {
      description: 'A call through operations that the page map does not have.',
      tags: ['rest', 'torn'],
    },
    unfounded: {
      description: 'The generic path has computed an address from an offset that only an owner would have supplied.',
      tags: ['rest', 'unfounded'],
    },
  },
});

export interface FailureInput extends Dispatch {
  readonly poison: number;
}

/** How memory_failure() finds its way. Versions differ in it, and so do the designs that were discussed. */
export interface Dispatch {
  /** Which answers of the owner send it on to the generic path. */
  readonly fallsBack?: 'ifUnsupported' | 'always' | 'never';
  /** Whether the generic path goes by what the page says, or by an offset that only an owner supplies (KB-05). */
  readonly fallback?: 'byPage' | 'byOwnersOffset';
  /** Whether a page map without operations is asked for them first, or called through (KB-06). */
  readonly operationsMissing?: 'asked' | 'called';
}

interface FailureContext extends FailureInput {
  readonly source: 'platform' | 'application' | 'daemon';
  /** The owner has answered -EOPNOTSUPP itself; the device has not answered for want of an owner. */
  readonly met: boolean;
  /** The page map has operations of its own. */
  readonly operations: boolean;
}
