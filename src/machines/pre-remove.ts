import { assign, emit, setup } from 'xstate';
import type { CallbackAnswer, Code, FreezeHolder, Freezer, Meta } from './messages.ts';

/**
 * xfs_dax_notify_failure() when the range is the whole device: what XFS does when its device is taken away.
 *
 * Kept: the early returns, all of them before anything has been done; freeze, walk, shutdown and thaw, in this order
 * and each a step; a metadata read fails in a file system that is shut down and on a device that has been killed, and
 * that ends the walk. Mappings are taken away by `revoke.ts`, which is called for each record of file data. Left out: a
 * second group, inodes that are not in core (they have no mappings), and the address arithmetic of (0, U64_MAX).
 *
 * Up to v6.7 the removal of a device looks like the loss of its contents: `isFlagged` is false, nothing is frozen, and
 * metadata, or an external log, is a reason to shut down for corruption, at once (`shutsAt: 'record'`, v6.0) or after the walk.
 * With MF_MEM_PRE_REMOVE metadata is passed over, and the shutdown comes always. The other inputs are alternatives, each named where it is
 * declared.
 */
export const preRemoveMachine = setup({
  types: {
    context: {} as Required<PreRemoveInput> & Progress,
    input: {} as PreRemoveInput,
    events: {} as
      | { type: 'failure.notified'; poison: number }
      | { type: 'flag.read' | 'superblock.locked'; ready: boolean }
      | { type: 'device.found'; device: Device }
      | { type: 'features.read'; rmap: boolean }
      | { type: 'freeze.answered'; code: 'ok' | 'EBUSY' | 'EIO' }
      | { type: 'agf.read'; shutdown: boolean; readable: boolean }
      | { type: 'revoke.returned' }
      | {
          type:
            | 'filesystem.synced'
            | 'freeze.called'
            | 'gate.shut'
            | 'record.found'
            | 'shutdown.forced'
            | 'kernel.thawed'
            | 'user.thawed';
        },
    emitted: {} as
      | CallbackAnswer
      | { type: 'revoke.called' | 'filesystem.shut' }
      | { type: 'freeze.asked' | 'thaw.asked'; by: Freezer; holder: FreezeHolder },
    tags: {} as 'rest' | 'called' | 'syncing' | 'reading' | 'walking' | 'ended',
    meta: {} as Meta,
  },
  guards: {
    isLocking: ({ context }) => context.syncs === 'underLock',
    isSyncing: ({ context }) => context.syncs === 'first',
    isReady: ({ event }) => 'ready' in event && event.ready,
    isReadyToSync: ({ context, event }) => context.syncs === 'whenBorn' && 'ready' in event && event.ready,
    isAsking: ({ context }) => context.syncs !== 'whenBorn',
    isIgnoredLog: ({ context, event }) =>
      context.isFlagged && context.ignoresLog && 'device' in event && event.device === 'log',
    isLogGoing: ({ context, event }) => context.isFlagged && 'device' in event && event.device === 'log',
    isLogLost: ({ event }) => 'device' in event && event.device === 'log',
    isForeign: ({ context, event }) => !context.knowsRealtime && 'device' in event && event.device === 'realtime',
    isRefused: ({ context, event }) => context.withoutRmap === 'refuse' && 'rmap' in event && !event.rmap,
    isUngated: ({ context }) => context.gate === 'none',
    isWalkless: ({ event }) => 'rmap' in event && !event.rmap,
    isGranted: ({ event }) => 'code' in event && event.code === 'ok',
    isClaimed: ({ context, event }) => context.whenUnfrozen === 'claim' && 'code' in event && event.code === 'EBUSY',
    isRetried: ({ context, event }) => context.whenUnfrozen === 'retry' && 'code' in event && event.code === 'EBUSY',
    isAborted: ({ context }) => context.whenUnfrozen === 'abort',
    isShuttingFirst: ({ context }) => context.gate === 'freezeAndShutdown',
    isWalkingInodes: ({ context }) => context.walk === 'inodes',
    isUnreadable: ({ event }) => 'shutdown' in event && (event.shutdown || !event.readable),
    isSearching: ({ context, event }) =>
      context.onError === 'searchCore' && 'shutdown' in event && (event.shutdown || !event.readable),
    isDone: ({ context }) => context.left.length === 0,
    isData: ({ context }) => context.left[0] === 'data',
    isPassedOver: ({ context }) => context.isFlagged || context.walk === 'inodes',
    isFatal: ({ context }) => context.shutsAt === 'record',
    isShutting: ({ context }) => context.isFlagged || context.wantsShutdown,
    isFrozen: ({ context }) => context.gate !== 'none',
    isOurs: ({ context }) => context.hasFrozen,
    isSparing: ({ context }) => !context.thawsUser,
  },
  actions: {
    begin: assign({
      poison: ({ event }) => ('poison' in event ? event.poison : -1),
      left: ({ context }) => context.records,
    }),
    end: assign({ poison: -1, left: [], code: 'ok', hasFrozen: false, wantsShutdown: false }),
    noteFrozen: assign({ hasFrozen: true }),
    noteError: assign({ code: 'EIO', wantsShutdown: true, left: [] }),
    noteShutdown: assign({ wantsShutdown: true }),
    noteMetadata: assign({ code: 'EFSCORRUPTED', wantsShutdown: true }),
    dropRecord: assign({ left: ({ context }) => context.left.slice(1) }),
    dropAll: assign({ left: [] }),
    freeze: emit({ type: 'freeze.asked', by: 'handler', holder: 'kernel' }),
    thaw: emit({ type: 'thaw.asked', by: 'handler', holder: 'kernel' }),
    thawUser: emit({ type: 'thaw.asked', by: 'handler', holder: 'user' }),
    shut: emit({ type: 'filesystem.shut' }),
    revoke: emit({ type: 'revoke.called' }),
    answer: emit(({ context }) => ({
      type: 'failure.handled',
      poison: context.poison,
      code: context.code,
      met: true,
    })),
    refuse: emit(({ context }, { code }: { readonly code: Code }) => ({
      type: 'failure.handled',
      poison: context.poison,
      code,
      met: true,
    })),
  },
}).createMachine({
  id: 'preRemove',
  context: ({ input }) => ({
    syncs: 'no',
    ...input,
    poison: -1,
    left: [],
    code: 'ok',
    hasFrozen: false,
    wantsShutdown: false,
  }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'failure.notified': [
          { guard: 'isLocking', target: 'locking', actions: 'begin' },
          { guard: 'isSyncing', target: 'syncing', actions: 'begin' },
          { target: 'called', actions: 'begin' },
        ],
      },
    },
    locking: {
      description: 'Waits for s_umount, which a mount keeps until it is born or has failed.',
      tags: 'called',
      on: { 'superblock.locked': [{ guard: 'isReady', target: 'syncing' }, { target: 'called' }] },
    },
    syncing: {
      description:
        'sync_filesystem() and drop_pagecache(): what is dirty is written, through structures that have to be there.',
      tags: ['called', 'reading', 'syncing'],
      on: { 'filesystem.synced': [{ guard: 'isAsking', target: 'called' }, { target: 'admitted' }] },
    },
    called: {
      tags: 'called',
      on: {
        'flag.read': [
          { guard: 'isReadyToSync', target: 'syncing', meta: { step: 'R1' } },
          { guard: 'isReady', target: 'admitted', meta: { step: 'R1' } },
          { target: 'idle', actions: [{ type: 'refuse', params: { code: 'EIO' } }, 'end'], meta: { step: 'R1' } },
        ],
      },
    },
    admitted: {
      tags: 'called',
      on: {
        'device.found': [
          {
            guard: 'isIgnoredLog',
            target: 'idle',
            actions: [{ type: 'refuse', params: { code: 'ok' } }, 'end'],
            meta: { step: 'R2' },
          },
          { guard: 'isLogGoing', target: 'walked', actions: 'dropAll', meta: { step: 'R2' } },
          { guard: 'isLogLost', target: 'walked', actions: ['noteMetadata', 'dropAll'], meta: { step: 'H2' } },
          {
            guard: 'isForeign',
            target: 'idle',
            actions: [{ type: 'refuse', params: { code: 'EOPNOTSUPP' } }, 'end'],
            meta: { step: 'R2' },
          },
          { target: 'located', meta: { step: 'R2' } },
        ],
      },
    },
    located: {
      tags: 'called',
      on: {
        'features.read': [
          {
            guard: 'isRefused',
            target: 'idle',
            actions: [{ type: 'refuse', params: { code: 'EOPNOTSUPP' } }, 'end'],
            meta: { step: 'R4' },
          },
          { guard: 'isWalkless', target: 'walked', actions: 'dropAll', meta: { step: 'R4' } },
          { guard: 'isUngated', target: 'opening', meta: { step: 'R4' } },
          { target: 'freezing', meta: { step: 'R4' } },
        ],
      },
    },
    freezing: {
      tags: 'called',
      on: { 'freeze.called': { target: 'awaitingFreeze', actions: 'freeze', meta: { step: 'R5' } } },
    },
    awaitingFreeze: {
      tags: 'called',
      on: {
        'freeze.answered': [
          { guard: 'isGranted', target: 'gated', actions: 'noteFrozen', meta: { step: 'R5' } },
          { guard: 'isClaimed', target: 'gated', actions: 'noteFrozen' },
          { guard: 'isRetried', target: 'freezing' },
          { guard: 'isAborted', target: 'walked', actions: 'noteError' },
          { target: 'gated', meta: { step: 'R5' } },
        ],
      },
    },
    gated: {
      description: 'No write fault begins any more. Read faults do.',
      tags: 'called',
      on: { 'gate.shut': [{ guard: 'isShuttingFirst', target: 'opening', actions: 'shut' }, { target: 'opening' }] },
    },
    opening: {
      tags: ['called', 'reading'],
      on: {
        'agf.read': [
          { guard: 'isWalkingInodes', target: 'walking' },
          { guard: 'isSearching', target: 'walking', actions: 'noteShutdown' },
          { guard: 'isUnreadable', target: 'walked', actions: 'noteError', meta: { step: 'R6' } },
          { target: 'walking', meta: { step: 'R6' } },
        ],
      },
    },
    walking: {
      tags: ['called', 'reading', 'walking'],
      on: {
        'record.found': [
          { guard: 'isDone', target: 'walked', meta: { step: 'R6' } },
          { guard: 'isData', target: 'revoking', actions: ['dropRecord', 'revoke'], meta: { step: 'R6' } },
          { guard: 'isPassedOver', actions: 'dropRecord', meta: { step: 'R6' } },
          { guard: 'isFatal', target: 'walked', actions: ['shut', 'noteMetadata', 'dropAll'], meta: { step: 'H7' } },
          { actions: ['noteMetadata', 'dropRecord'], meta: { step: 'H7' } },
        ],
      },
    },
    revoking: {
      tags: ['called', 'reading', 'walking'],
      on: { 'revoke.returned': 'walking' },
    },
    walked: {
      tags: ['called', 'ended'],
      on: {
        'shutdown.forced': [
          { guard: 'isFrozen', target: 'thawing', actions: 'shut', meta: { step: 'R8' } },
          { guard: 'isShutting', target: 'idle', actions: ['shut', 'answer', 'end'], meta: { step: 'H12' } },
          { target: 'idle', actions: ['answer', 'end'], meta: { step: 'H13' } },
        ],
      },
    },
    thawing: {
      tags: ['called', 'ended'],
      on: {
        'kernel.thawed': [
          { guard: 'isOurs', target: 'thawingUser', actions: 'thaw', meta: { step: 'R9' } },
          { target: 'thawingUser', meta: { step: 'R9' } },
        ],
      },
    },
    thawingUser: {
      description: "A user's freeze goes too, whether we froze or not: nobody could ever umount otherwise.",
      tags: ['called', 'ended'],
      on: {
        'user.thawed': [
          { guard: 'isSparing', target: 'idle', actions: ['answer', 'end'] },
          { target: 'idle', actions: ['thawUser', 'answer', 'end'], meta: { step: 'R9' } },
        ],
      },
    },
  },
});

/** What a record of the rmapbt says of its blocks. */
export type Owner = 'metadata' | 'data';
/** Which of the devices of a file system is being removed. */
export type Device = 'data' | 'log' | 'realtime';

export interface PreRemoveInput {
  /** The call carries MF_MEM_PRE_REMOVE, and the handler knows what it means (v6.8). */
  readonly isFlagged: boolean;
  /** What is closed before the walk. `freezeAndShutdown`: shut down before the walk and not after it. */
  readonly gate: 'none' | 'freeze' | 'freezeAndShutdown';
  /** By the rmapbt, or by the inodes that are in core (s_inodes), which needs no metadata. */
  readonly walk: 'rmap' | 'inodes';
  /** What an AGF that cannot be read costs: the walk, or nothing, as the inodes in core are searched instead. */
  readonly onError: 'end' | 'searchCore';
  /** The records of the device, in order. */
  readonly records: readonly Owner[];
  /** Without the flag: metadata shuts the file system down in the walk (KB-02) or after it. */
  readonly shutsAt: 'record' | 'end';
  /** Without an rmapbt: -EOPNOTSUPP before anything is done (R4), or everything but the walk. */
  readonly withoutRmap: 'refuse' | 'skipWalk';
  /** 0 for an external log, and nothing done, or a shutdown (H-26). */
  readonly ignoresLog: boolean;
  /** Realtime groups have an rmapbt (v6.14). */
  readonly knowsRealtime: boolean;
  /** A freeze that fails: go on; give up; or, on -EBUSY, try again, or take somebody else's freeze for one's own. */
  readonly whenUnfrozen: 'goOn' | 'abort' | 'retry' | 'claim';
  /** R9: a freeze by userspace is thawed as well. */
  readonly thawsUser: boolean;
  /** Whether what is dirty is written first, and when (v6 to v10 of the patch): before the file system is known to be born, or after. */
  readonly syncs?: 'no' | 'first' | 'underLock' | 'whenBorn';
}

interface Progress {
  readonly poison: number;
  readonly left: readonly Owner[];
  readonly code: Code;
  readonly hasFrozen: boolean;
  readonly wantsShutdown: boolean;
}
