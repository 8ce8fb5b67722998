import { assign, emit, setup } from 'xstate';
import type { CallbackAnswer, Code, FateMessage, Holder, LockMessage, Meta } from './messages.ts';

/**
 * xfs_dax_notify_failure(): the file system's answer to poison in a range of its device.
 *
 * Kept: every load on which the answer depends is an instruction of its own: the holder, the flag that says whether the file
 * system is ready, the feature word, the AGF, the records, the inode. What was true a moment ago need not be true now, and
 * nothing here holds the mount in place. One record in one group is walked; metadata only leads to a shutdown after the walk.
 * Left out: the translation of addresses, the external log, what a stale rmapbt answers, and a mapping entry that is
 * locked. One call at a time: memory_failure() holds mf_mutex, and a mount that works off deferred calls waits for an idle
 * handler as it would for the AGF.
 *
 * What it does with a call for which the file system is not ready is a choice, and so is the lock around question and walk:
 * `walk` asks nothing (v12); `drop` answers -EIO (v6.0 on); `queue` hands the call to the mount; `record` answers -EIO and
 * leaves a record to replay it from. What "ready" means is the model's choice (`flag.read`).
 */
export const handlerMachine = setup({
  types: {
    context: {} as HandlerInput & Call & { readonly shutsDown: boolean },
    input: {} as HandlerInput,
    events: {} as
      | { type: 'failure.notified' | 'failure.resumed'; poison: number }
      | { type: 'holder.read'; holder: Holder | null }
      | { type: 'superblock.locked' | 'call.refused'; freed: boolean }
      | { type: 'flag.read'; ready: boolean; freed: boolean }
      | { type: 'features.read'; rmap: boolean; freed: boolean }
      | { type: 'agf.read'; perag: boolean; shutdown: boolean }
      | { type: 'record.found'; owner: 'metadata' | 'data' | 'none' }
      | { type: 'inode.found'; inode: 'inCore' | 'absent' | 'inTransit' }
      | { type: 'mapping.killed' | 'group.unlocked' | 'walk.ended' | 'thread.ended' },
    emitted: {} as
      | (CallbackAnswer & { to: Call['caller'] })
      | { type: 'thread.died' | 'filesystem.shut' }
      | { type: 'failure.deferred' | 'task.signalled'; poison: number }
      | LockMessage
      | FateMessage<'owned' | 'queued' | 'recorded'>,
    tags: {} as 'rest' | 'walking' | 'null' | 'freed',
    meta: {} as Meta,
  },
  guards: {
    isNull: ({ event }) => 'holder' in event && event.holder === null,
    isNullChecked: ({ context, event }) => context.checksHolder && 'holder' in event && event.holder === null,
    isUnguarded: ({ context }) => context.whenUnready === 'walk',
    isUnlocked: ({ context }) => context.lock === 'none',
    isFreed: ({ event }) => 'freed' in event && event.freed,
    isReady: ({ event }) => 'ready' in event && event.ready,
    isDropping: ({ context }) => context.whenUnready === 'drop',
    isQueueing: ({ context }) => context.whenUnready === 'queue',
    hasRmap: ({ context, event }) => !context.asksFeatures || ('rmap' in event && event.rmap),
    isShutDown: ({ event }) => 'shutdown' in event && event.shutdown,
    isPeragMissing: ({ event }) => 'perag' in event && !event.perag,
    isMetadata: ({ event }) => 'owner' in event && event.owner === 'metadata',
    isData: ({ event }) => 'owner' in event && event.owner === 'data',
    isInCore: ({ event }) => 'inode' in event && event.inode === 'inCore',
    isInTransit: ({ event }) => 'inode' in event && event.inode === 'inTransit',
    hasToShutDown: ({ context }) => context.shutsDown,
  },
  actions: {
    noteNotifier: assign({ caller: 'notifier', poison: ({ event }) => ('poison' in event ? event.poison : -1) }),
    noteMount: assign({ caller: 'mount', poison: ({ event }) => ('poison' in event ? event.poison : -1) }),
    forget: assign({ caller: 'notifier', poison: -1, shutsDown: false }),
    wantShutdown: assign({ shutsDown: true }),
    lock: emit(({ context }) => ({ type: 'lock.taken', lock: context.lock })),
    unlock: emit(({ context }) => ({ type: 'lock.released', lock: context.lock })),
    answer: emit(({ context }, { code, met = true }: { readonly code: Code; readonly met?: boolean }) => ({
      type: 'failure.handled',
      to: context.caller,
      poison: context.poison,
      code,
      met,
    })),
    defer: emit(({ context }) => ({ type: 'failure.deferred', poison: context.poison })),
    markQueued: emit(({ context }) => ({ type: 'event.queued', poison: context.poison })),
    markRecorded: emit(({ context }) => ({ type: 'event.recorded', poison: context.poison })),
    markOwned: emit(({ context }) => ({ type: 'event.owned', poison: context.poison })),
    kill: emit(({ context }) => ({ type: 'task.signalled', poison: context.poison })),
    shut: emit({ type: 'filesystem.shut' }),
    die: emit({ type: 'thread.died' }),
  },
}).createMachine({
  id: 'handler',
  context: ({ input }) => ({ ...input, caller: 'notifier', poison: -1, shutsDown: false }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'failure.notified': { target: 'called', actions: 'noteNotifier' },
        'failure.resumed': { target: 'admitted', actions: 'noteMount' },
      },
    },
    called: {
      on: {
        'holder.read': [
          {
            guard: 'isNullChecked',
            target: 'idle',
            actions: [{ type: 'answer', params: { code: 'EOPNOTSUPP', met: false } }, 'forget'],
            meta: { step: 'H1' },
          },
          { guard: 'isNull', target: 'misled', meta: { step: 'H1' } },
          { guard: 'isUnguarded', target: 'admitted', meta: { step: 'H1' } },
          { guard: 'isUnlocked', target: 'asking', meta: { step: 'H1' } },
          { target: 'locking', meta: { step: 'H1' } },
        ],
      },
    },
    locking: {
      on: {
        'superblock.locked': [
          { guard: 'isFreed', target: 'dangling', meta: { step: 'H1' } },
          { target: 'asking', actions: 'lock', meta: { step: 'H1' } },
        ],
      },
    },
    asking: {
      on: {
        'flag.read': [
          { guard: 'isFreed', target: 'dangling', actions: 'unlock', meta: { step: 'H1' } },
          { guard: 'isReady', target: 'admitted', meta: { step: 'H1' } },
          {
            guard: 'isDropping',
            target: 'idle',
            actions: ['unlock', { type: 'answer', params: { code: 'EIO' } }, 'forget'],
            meta: { step: 'H1' },
          },
          { target: 'refusing', meta: { step: 'H1' } },
        ],
      },
    },
    refusing: {
      description: 'Not ready when it was asked. It may be by now, or it may have failed.',
      on: {
        'call.refused': [
          { guard: 'isFreed', target: 'dangling', actions: 'unlock' },
          {
            guard: 'isQueueing',
            target: 'idle',
            actions: ['markQueued', 'defer', 'unlock', { type: 'answer', params: { code: 'ok' } }, 'forget'],
          },
          {
            target: 'idle',
            actions: ['markRecorded', 'unlock', { type: 'answer', params: { code: 'EIO' } }, 'forget'],
          },
        ],
      },
    },
    admitted: {
      on: {
        'features.read': [
          { guard: 'isFreed', target: 'dangling', actions: 'unlock', meta: { step: 'H4' } },
          { guard: 'hasRmap', target: 'translated', meta: { step: 'H4' } },
          {
            target: 'idle',
            actions: ['unlock', { type: 'answer', params: { code: 'EOPNOTSUPP' } }, 'forget'],
            meta: { step: 'H4' },
          },
        ],
      },
    },
    translated: {
      on: {
        'agf.read': [
          { guard: 'isPeragMissing', target: 'fallen', meta: { step: 'H6' } },
          {
            guard: 'isShutDown',
            target: 'idle',
            actions: ['unlock', { type: 'answer', params: { code: 'EIO' } }, 'forget'],
            meta: { step: 'H6' },
          },
          { target: 'walking', meta: { step: 'H6' } },
        ],
      },
    },
    walking: {
      tags: 'walking',
      on: {
        'record.found': [
          { guard: 'isMetadata', target: 'visited', actions: 'wantShutdown', meta: { step: 'H7' } },
          { guard: 'isData', target: 'resolving', meta: { step: 'H7' } },
          { target: 'visited', meta: { step: 'H7' } },
        ],
      },
    },
    resolving: {
      tags: 'walking',
      on: {
        'inode.found': [
          { guard: 'isInCore', target: 'killing', meta: { step: 'H8' } },
          { guard: 'isInTransit', target: 'visited', actions: 'wantShutdown', meta: { step: 'H8' } },
          { target: 'visited', meta: { step: 'H8' } },
        ],
      },
    },
    killing: {
      tags: 'walking',
      on: { 'mapping.killed': { target: 'visited', actions: 'kill', meta: { step: 'H9' } } },
    },
    visited: {
      tags: 'walking',
      on: { 'group.unlocked': { target: 'finishing', meta: { step: 'H11' } } },
    },
    finishing: {
      on: {
        'walk.ended': [
          {
            guard: 'hasToShutDown',
            target: 'idle',
            actions: ['shut', 'markOwned', 'unlock', { type: 'answer', params: { code: 'EFSCORRUPTED' } }, 'forget'],
            meta: { step: 'H12' },
          },
          {
            target: 'idle',
            actions: ['markOwned', 'unlock', { type: 'answer', params: { code: 'ok' } }, 'forget'],
            meta: { step: 'H13' },
          },
        ],
      },
    },
    misled: {
      description: 'dax_holder() gave NULL, and the handler has looked behind it.',
      tags: 'null',
      on: { 'thread.ended': { target: 'idle', actions: ['die', 'forget'] } },
    },
    dangling: {
      description: 'dax_holder() gave a mount that has been freed since, and the handler has looked behind it.',
      tags: 'freed',
      on: { 'thread.ended': { target: 'idle', actions: ['die', 'forget'] } },
    },
    fallen: {
      description: 'xfs_perag_get() gave NULL, and the walk has begun with it.',
      tags: 'walking',
      on: { 'thread.ended': { target: 'idle', actions: ['unlock', 'die', 'forget'] } },
    },
  },
});

export interface HandlerInput {
  /** What becomes of a call that comes too early. */
  readonly whenUnready: 'walk' | 'drop' | 'queue' | 'record';
  /** Answers -EOPNOTSUPP where dax_holder() gives NULL (the repair of hazard H-03). */
  readonly checksHolder: boolean;
  /** H4: asks whether there is an rmapbt before it walks it. */
  readonly asksFeatures: boolean;
  /** Held from the question to the answer. Only the repair of hazard H-01 holds one. */
  readonly lock: 's_umount' | 'none';
}

/** A function's arguments: which event, and who waits for the answer. */
interface Call {
  readonly caller: 'notifier' | 'mount';
  readonly poison: number;
}
