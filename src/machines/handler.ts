import { assign, emit, setup } from 'xstate';
import type { CallbackAnswer, Code, FateMessage, Holder, LockMessage, Meta } from './messages.ts';

/** The locals of a call that has just begun. */
const fresh: Scan & Pick<Call, 'holder'> = {
  holder: null,
  group: 0,
  record: 0,
  file: -1,
  listed: [],
  more: 'nothing',
  shutsDown: false,
  been: [],
};

const hasMore = (event: object): boolean => 'more' in event && event.more !== undefined && event.more !== 'nothing';

const answer = <C extends Code>(code: C) => ({ type: 'answer', params: { code } }) as const;

/** H6: what becomes of a walk that has asked for the AGF of its next group, be it the first. */
const agfRead = [
  { guard: 'isPeragMissing', target: 'fallen', meta: { step: 'H6' } },
  { guard: 'isSearchedAfterShutdown', target: 'searching', meta: { step: 'H6' } },
  { guard: 'isSearchedFor', target: 'searching', actions: 'wantShutdown', meta: { step: 'H6' } },
  { guard: 'isPassedOver', target: 'visited', actions: ['noteRecord', 'wantShutdown'], meta: { step: 'H6' } },
  { guard: 'isShutDown', target: 'idle', actions: ['unlock', answer('EIO')], meta: { step: 'H6' } },
  { guard: 'isFailed', target: 'idle', actions: ['shut', 'unlock', answer('EIO')], meta: { step: 'H6' } },
  { target: 'walking', meta: { step: 'H6' } },
] as const;

/** H9: an entry that was lost to a race ends the walk for everybody who comes after it. */
const killBusy = {
  guard: 'isBusy',
  target: 'idle',
  actions: ['shut', 'unlock', answer('EBUSY')],
  meta: { step: 'H9' },
} as const;

/**
 * xfs_dax_notify_failure(): the file system's answer to poison in a range of its device.
 *
 * Kept: every load on which the answer depends is an instruction of its own: the holder, the flag that says whether the file
 * system is ready, the feature word, the AGF, the records, the inode. What was true a moment ago need not be true now, and
 * nothing here holds the mount in place. The range is walked group by group and record by record, each group under its own
 * AGF; who owns a record, and which record is the next, is the reverse map's to say (`record.found`), what to do with a mapping
 * mf_dax_kill_procs()'s (`kill.called`), or nobody's where a world is too small for it. Left out: the arithmetic of
 * addresses, and the external log. One call at a time: memory_failure() holds mf_mutex, and a mount that works off
 * deferred calls waits for an idle handler as it would for the AGF.
 *
 * What it does with a call for which the file system is not ready is a choice, and so is the lock around question and walk:
 * `walk` asks nothing (v12); `drop` answers -EIO (v6.0 on); `queue` hands the call to the mount; `record` answers -EIO and
 * leaves a record to replay it from. What "ready" means is the model's choice (`flag.read`). How it walks is a choice too
 * (`Walk`); what is not chosen is as in v6.1 and after.
 */
export const handlerMachine = setup({
  types: {
    context: {} as HandlerInput & Call & Scan,
    input: {} as HandlerInput,
    events: {} as
      | { type: 'failure.notified' | 'failure.resumed'; poison: number }
      | { type: 'holder.read'; holder: Holder | null }
      | { type: 'superblock.locked'; freed: boolean; held?: boolean }
      | { type: 'call.refused'; freed: boolean }
      | { type: 'flag.read'; ready: boolean; freed: boolean }
      | { type: 'features.read'; rmap: boolean; freed: boolean; inRange?: boolean }
      | { type: 'agf.read'; perag: boolean; shutdown: boolean; failed?: boolean; more?: Scan['more'] }
      | { type: 'record.found'; owner: 'metadata' | 'data' | 'none'; file?: number; more?: Scan['more'] }
      | { type: 'inode.found'; inode: 'inCore' | 'absent' | 'inTransit' }
      | { type: 'core.searched'; files: readonly number[] }
      | { type: 'kill.returned'; code: 'ok' | 'EBUSY' }
      | { type: 'mapping.killed' | 'group.unlocked' | 'walk.ended' | 'thread.ended' },
    emitted: {} as
      | (CallbackAnswer & { to: Call['caller'] })
      | { type: 'thread.died' | 'filesystem.shut' }
      | { type: 'failure.deferred' | 'task.signalled'; poison: number }
      | { type: 'kill.called'; poison: number; file: number }
      | LockMessage
      | FateMessage<'owned' | 'queued' | 'recorded'>,
    tags: {} as 'rest' | 'walking' | 'arrived' | 'scanning' | 'null' | 'freed',
    meta: {} as Meta,
  },
  guards: {
    isNull: ({ event }) => 'holder' in event && event.holder === null,
    isNullChecked: ({ context, event }) => context.checksHolder && 'holder' in event && event.holder === null,
    isUnguarded: ({ context }) => context.whenUnready === 'walk',
    isUnlocked: ({ context }) => context.lock === 'none',
    isFreed: ({ event }) => 'freed' in event && event.freed,
    isContended: ({ event }) => 'held' in event && event.held === true,
    isReady: ({ event }) => 'ready' in event && event.ready,
    isDropping: ({ context }) => context.whenUnready === 'drop',
    isQueueing: ({ context }) => context.whenUnready === 'queue',
    isOutside: ({ event }) => 'inRange' in event && event.inRange === false,
    hasRmap: ({ context, event }) => !context.asksFeatures || ('rmap' in event && event.rmap),
    isSearching: ({ context }) => context.onError === 'searchCore',
    isPeragMissing: ({ event }) => 'perag' in event && !event.perag,
    isShutDown: ({ event }) => 'shutdown' in event && event.shutdown,
    isFailed: ({ event }) => 'failed' in event && event.failed === true,
    isSearchedAfterShutdown: ({ context, event }) =>
      context.onError === 'searchCore' && 'shutdown' in event && event.shutdown,
    isSearchedFor: ({ context, event }) =>
      context.onError === 'searchCore' && 'failed' in event && event.failed === true,
    isPassedOver: ({ context, event }) => context.onError === 'goOn' && 'failed' in event && event.failed === true,
    isData: ({ event }) => 'owner' in event && event.owner === 'data',
    isNobodys: ({ event }) => 'owner' in event && event.owner === 'none',
    isIgnoring: ({ context }) => context.onMetadata === 'ignore',
    isShuttingInWalk: ({ context }) => context.onMetadata === 'shutInWalk',
    isShuttingLast: ({ context, event }) => context.onMetadata === 'shutInWalk' && !hasMore(event),
    isFatal: ({ context, event }) => context.inTransit !== 'skip' && 'inode' in event && event.inode === 'inTransit',
    isNotInCore: ({ event }) => 'inode' in event && event.inode !== 'inCore',
    isListing: ({ context }) => context.kills === 'listed',
    isBusy: ({ event }) => 'code' in event && event.code === 'EBUSY',
    isUnfound: ({ event }) => 'files' in event && event.files.length === 0,
    hasListed: ({ context }) => context.listed.length > 0,
    hasMoreRecords: ({ context }) => typeof context.more === 'number' && context.stops !== 'atFirst',
    hasMoreGroups: ({ context }) => context.more === 'group' && context.stops !== 'atFirst',
    hasToShutDown: ({ context }) => context.shutsDown,
  },
  actions: {
    noteNotifier: assign({
      ...fresh,
      caller: 'notifier',
      poison: ({ event }) => ('poison' in event ? event.poison : -1),
    }),
    noteMount: assign({ ...fresh, caller: 'mount', poison: ({ event }) => ('poison' in event ? event.poison : -1) }),
    noteHolder: assign({ holder: ({ event }) => ('holder' in event ? event.holder : null) }),
    forget: assign({ ...fresh, caller: 'notifier', poison: -1 }),
    wantShutdown: assign({ shutsDown: true }),
    noteRecord: assign({
      file: ({ event }) => ('file' in event && event.file !== undefined ? event.file : -1),
      more: ({ event }) => ('more' in event && event.more !== undefined ? event.more : 'nothing'),
      been: ({ context: { been, record } }) => (been.includes(record) ? been : [...been, record]),
    }),
    nextRecord: assign({
      record: ({ context }) => (typeof context.more === 'number' ? context.more : -1),
      file: -1,
      more: 'nothing',
    }),
    nextGroup: assign({ group: ({ context }) => context.group + 1, record: 0, file: -1, more: 'nothing', been: [] }),
    leaveTree: assign({ been: [] }),
    list: assign({ listed: ({ context }) => [...context.listed, context.file] }),
    listFound: assign({ listed: ({ event }) => ('files' in event ? event.files : []) }),
    takeListed: assign({
      file: ({ context }) => context.listed[0] ?? -1,
      listed: ({ context }) => context.listed.slice(1),
    }),
    callKill: emit(({ context }) => ({ type: 'kill.called', poison: context.poison, file: context.file })),
    lock: emit(({ context }) => ({ type: 'lock.taken', lock: context.lock, shared: true })),
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
  context: ({ input }) => ({ ...input, ...fresh, caller: 'notifier', poison: -1 }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      entry: 'forget',
      on: {
        'failure.notified': { target: 'called', actions: 'noteNotifier' },
        'failure.resumed': [
          { guard: 'isUnlocked', target: 'admitted', actions: 'noteMount' },
          { target: 'locking', actions: 'noteMount' },
        ],
      },
    },
    called: {
      on: {
        'holder.read': [
          {
            guard: 'isNullChecked',
            target: 'idle',
            actions: { type: 'answer', params: { code: 'EOPNOTSUPP', met: false } },
            meta: { step: 'H1' },
          },
          { guard: 'isNull', target: 'misled', meta: { step: 'H1' } },
          { guard: 'isUnguarded', target: 'admitted', actions: 'noteHolder', meta: { step: 'H1' } },
          { guard: 'isUnlocked', target: 'asking', actions: 'noteHolder', meta: { step: 'H1' } },
          { target: 'locking', actions: 'noteHolder', meta: { step: 'H1' } },
        ],
      },
    },
    locking: {
      on: {
        'superblock.locked': [
          { guard: 'isFreed', target: 'dangling', meta: { step: 'H1' } },
          { guard: 'isContended', target: 'turnedAway', meta: { step: 'H1' } },
          { target: 'asking', actions: 'lock', meta: { step: 'H1' } },
        ],
      },
    },
    asking: {
      on: {
        'flag.read': [
          { guard: 'isFreed', target: 'dangling', actions: 'unlock', meta: { step: 'H1' } },
          { guard: 'isReady', target: 'admitted', meta: { step: 'H1' } },
          { guard: 'isDropping', target: 'idle', actions: ['unlock', answer('EIO')], meta: { step: 'H1' } },
          { target: 'refusing', meta: { step: 'H1' } },
        ],
      },
    },
    turnedAway: {
      description: 'Somebody holds the lock: the file system is on its way up or down, and is not waited for.',
      on: {
        'call.refused': [
          { guard: 'isFreed', target: 'dangling' },
          { guard: 'isQueueing', target: 'idle', actions: ['markQueued', 'defer', answer('ok')] },
          { guard: 'isDropping', target: 'idle', actions: answer('EIO') },
          { target: 'idle', actions: ['markRecorded', answer('EIO')] },
        ],
      },
    },
    refusing: {
      description: 'Not ready when it was asked. It may be by now, or it may have failed.',
      on: {
        'call.refused': [
          { guard: 'isFreed', target: 'dangling', actions: 'unlock' },
          { guard: 'isQueueing', target: 'idle', actions: ['markQueued', 'defer', 'unlock', answer('ok')] },
          { target: 'idle', actions: ['markRecorded', 'unlock', answer('EIO')] },
        ],
      },
    },
    admitted: {
      on: {
        'features.read': [
          { guard: 'isFreed', target: 'dangling', actions: 'unlock', meta: { step: 'H4' } },
          { guard: 'isOutside', target: 'idle', actions: ['unlock', answer('ENXIO')], meta: { step: 'H2' } },
          { guard: 'hasRmap', target: 'translated', meta: { step: 'H4' } },
          { guard: 'isSearching', target: 'searching', meta: { step: 'H4' } },
          { target: 'idle', actions: ['unlock', answer('EOPNOTSUPP')], meta: { step: 'H4' } },
        ],
      },
    },
    translated: { on: { 'agf.read': agfRead } },
    walking: {
      description: 'The group is locked: nobody changes what its records say until H11.',
      tags: ['walking', 'arrived', 'scanning'],
      on: {
        'record.found': [
          { guard: 'isData', target: 'resolving', actions: 'noteRecord', meta: { step: 'H7' } },
          { guard: 'isNobodys', target: 'visited', actions: 'noteRecord', meta: { step: 'H7' } },
          { guard: 'isIgnoring', target: 'visited', actions: 'noteRecord', meta: { step: 'H7' } },
          {
            guard: 'isShuttingLast',
            target: 'idle',
            actions: ['shut', 'markOwned', 'unlock', answer('EFSCORRUPTED')],
            meta: { step: 'H7' },
          },
          {
            guard: 'isShuttingInWalk',
            target: 'idle',
            actions: ['shut', 'unlock', answer('EFSCORRUPTED')],
            meta: { step: 'H7' },
          },
          { target: 'visited', actions: ['noteRecord', 'wantShutdown'], meta: { step: 'H7' } },
        ],
      },
    },
    resolving: {
      tags: ['walking', 'scanning'],
      on: {
        'inode.found': [
          { guard: 'isFatal', target: 'visited', actions: 'wantShutdown', meta: { step: 'H8' } },
          { guard: 'isNotInCore', target: 'visited', meta: { step: 'H8' } },
          { guard: 'isListing', target: 'visited', actions: 'list', meta: { step: 'H8' } },
          { target: 'killing', actions: 'callKill', meta: { step: 'H8' } },
        ],
      },
    },
    killing: {
      tags: ['walking', 'scanning'],
      on: {
        'mapping.killed': { target: 'visited', actions: 'kill', meta: { step: 'H9' } },
        'kill.returned': [killBusy, { target: 'visited', meta: { step: 'H9' } }],
      },
    },
    visited: {
      tags: ['walking', 'scanning'],
      always: { guard: 'hasMoreRecords', target: 'walking', actions: 'nextRecord' },
      on: {
        'group.unlocked': [
          { guard: 'hasMoreGroups', target: 'advancing', actions: 'nextGroup', meta: { step: 'H11' } },
          { target: 'finishing', actions: 'leaveTree', meta: { step: 'H11' } },
        ],
      },
    },
    advancing: {
      description: 'Between two groups: what the first said is known, and the second may not be readable.',
      tags: 'scanning',
      on: { 'agf.read': agfRead },
    },
    searching: {
      description:
        'There are no records, or none can be read. Entries of mappings name their pages too, and they are in memory. ' +
        'What nobody has there may be metadata.',
      tags: 'scanning',
      on: {
        'core.searched': [
          { guard: 'isUnfound', target: 'finishing', actions: 'wantShutdown' },
          { target: 'finishing', actions: 'listFound' },
        ],
      },
    },
    serving: {
      description: 'No group is locked any more: the list is what the records said once.',
      tags: 'scanning',
      on: { 'kill.returned': [killBusy, { target: 'finishing', meta: { step: 'H9' } }] },
    },
    finishing: {
      tags: 'scanning',
      on: {
        'walk.ended': [
          { guard: 'hasListed', target: 'serving', actions: ['takeListed', 'callKill'] },
          {
            guard: 'hasToShutDown',
            target: 'idle',
            actions: ['shut', 'markOwned', 'unlock', answer('EFSCORRUPTED')],
            meta: { step: 'H12' },
          },
          { target: 'idle', actions: ['markOwned', 'unlock', answer('ok')], meta: { step: 'H13' } },
        ],
      },
    },
    misled: {
      description: 'dax_holder() gave NULL, and the handler has looked behind it.',
      tags: 'null',
      on: { 'thread.ended': { target: 'idle', actions: 'die' } },
    },
    dangling: {
      description: 'dax_holder() gave a mount that has been freed since, and the handler has looked behind it.',
      tags: 'freed',
      on: { 'thread.ended': { target: 'idle', actions: 'die' } },
    },
    fallen: {
      description: 'xfs_perag_get() gave NULL, and the walk has begun with it.',
      tags: 'walking',
      on: { 'thread.ended': { target: 'idle', actions: ['unlock', 'die'] } },
    },
  },
});

export interface HandlerInput extends Walk {
  /** What becomes of a call that comes too early. */
  readonly whenUnready: 'walk' | 'drop' | 'queue' | 'record';
  /** Answers -EOPNOTSUPP where dax_holder() gives NULL (the repair of hazard H-03). */
  readonly checksHolder: boolean;
  /** H4: asks whether there is an rmapbt before it walks it. */
  readonly asksFeatures: boolean;
  /**
   * Held from the question to the answer. Only the repair of hazard H-01 holds one. It is waited for, or only tried, as the
   * model says by telling whether it is `held` (`superblock.locked`).
   */
  readonly lock: 's_umount' | 'none';
}

/** A function's arguments: which event, and who waits for the answer. */
interface Call {
  readonly caller: 'notifier' | 'mount';
  readonly poison: number;
  /** What dax_holder() has given. */
  readonly holder: Holder | null;
}

/** How the range is walked. Versions differ in it, and so do the designs that were discussed. */
export interface Walk {
  /** Each mapping when it is found, under the group's lock; or all of them from a list, when no lock is held. */
  readonly kills?: 'called' | 'listed';
  /** Shutdown after the walk; in the middle of it, which ends it (v6.0, KB-02); or none (v12, S001-02). */
  readonly onMetadata?: 'shutAfterWalk' | 'shutInWalk' | 'ignore';
  /**
   * An AGF that cannot be read, be it that the file system is shut down, ends the walk; costs its own group only; or has the
   * handler look for the range in what inodes in memory map, for which it needs no metadata, and so no rmapbt either.
   */
  readonly onError?: 'end' | 'goOn' | 'searchCore';
  /** An inode that is on its way into or out of memory: reason to shut down (v6.1), or to skip it (v6.0). */
  readonly inTransit?: 'shutDown' | 'skip';
  /** Whether the first record is taken for the only one. */
  readonly stops?: 'atLast' | 'atFirst';
}

/** Where the walk stands, and what it has to remember. */
interface Scan {
  readonly group: number;
  readonly record: number;
  readonly file: number;
  readonly listed: readonly number[];
  /** What follows the record at hand: another of the group, by its number; another group; or nothing. */
  readonly more: number | 'group' | 'nothing';
  readonly shutsDown: boolean;
  /** For the invariants alone: the records of the group that it has looked at. */
  readonly been: readonly number[];
}
