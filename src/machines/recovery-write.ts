import { assign, emit, setup } from 'xstate';
import type { LockMessage, Meta } from './messages.ts';

/**
 * pwrite() to a DAX file: page by page, with dax_recovery_write() for a page that stands in the record.
 *
 * Kept: the inode lock from beginning to end; the record is asked first, and where it names the page the same thread asks again in
 * recovery mode; clear, copy and drop are steps of their own, and `order` says how they follow each other, because that is the
 * whole question; the copy has a middle, in which the caller's buffer may turn out to be unreadable. What is refused ends the call
 * there: what came before has been written. Left out: the read section of dax_srcu around each page, and how the caller
 * learns how far it came.
 *
 * A page that is not recorded is copied to and nothing else. A request lies in the last two pages of a region and ends in the last;
 * one that is not aligned covers the front half of that page.
 *
 * `recovers` is the flag of mail 002: by a plain write, by a write that brings RWF_RECOVERY_DATA, or by none.
 */
export const recoveryWriteMachine = setup({
  types: {
    context: {} as RecoveryWriteInput & {
      readonly request: WriteRequest;
      readonly page: number;
      readonly todo: readonly Deed[];
      readonly answer: WriteAnswer | 'none';
    },
    input: {} as RecoveryWriteInput,
    events: {} as
      | { type: 'write.called'; request: WriteRequest }
      | { type: 'inode.locked' | 'mappings.revoked' | 'copy.failed' | 'record.dropped' | 'thread.ended' }
      | { type: 'page.asked'; bad: boolean }
      | { type: 'clear.tried'; done: boolean }
      | { type: 'front.copied' | 'back.copied'; absent: boolean },
    emitted: {} as
      | LockMessage<'inode' | 'none'>
      | { type: 'poison.cleared' | 'page.restored' | 'page.unmapped' | 'range.cleared'; page: number }
      | { type: 'half.written'; page: number; half: 'front' | 'back' }
      | { type: 'write.returned'; answer: WriteAnswer }
      | { type: 'caller.died' },
    tags: {} as 'rest' | 'recovering' | 'copying' | 'fallen',
    meta: {} as Meta,
  },
  guards: {
    isGood: ({ event }) => 'bad' in event && !event.bad,
    isUnrecoverable: ({ context }) =>
      context.recovers === 'never' || (context.recovers === 'withFlag' && !context.request.flag),
    isInPart: ({ context }) =>
      context.granularity === 'alignedPages' && context.page === lastPage && !context.request.aligned,
    isCleared: ({ event }) => 'done' in event && event.done,
    isGoingOn: ({ context }) => context.onClearFailure === 'writesAnyway',
    isAbsent: ({ event }) => 'absent' in event && event.absent,
    isFrontOnly: ({ context }) => context.page === lastPage && !context.request.aligned,
    isDropping: ({ context }) => context.onCopyFailure === 'dropsRecord' && context.todo.includes('drop'),
    isRevokeNext: ({ context }) => context.todo[0] === 'revoke',
    isClearNext: ({ context }) => context.todo[0] === 'clear',
    isCopyNext: ({ context }) => context.todo[0] === 'copy',
    isDropNext: ({ context }) => context.todo[0] === 'drop',
    isCut: ({ context }) => context.answer !== 'none',
    hasMore: ({ context }) => context.page < lastPage,
  },
  actions: {
    note: assign(({ event }) =>
      'request' in event ? { request: event.request, page: event.request.from, answer: 'none' as const } : {},
    ),
    lock: emit(({ context }) => ({ type: 'lock.taken', lock: context.locks ? 'inode' : 'none' })),
    unlock: emit(({ context }) => ({ type: 'lock.released', lock: context.locks ? 'inode' : 'none' })),
    planCopy: assign({ todo: ['copy'] }),
    planRecovery: assign({ todo: ({ context }) => context.order }),
    planDrop: assign({ todo: ['drop'], answer: 'short' }),
    tick: assign({ todo: ({ context }) => context.todo.slice(1) }),
    turnPage: assign({ page: ({ context }) => context.page + 1 }),
    revoke: emit(({ context }) => ({ type: 'page.unmapped', page: context.page })),
    clear: emit(({ context }) => ({ type: 'poison.cleared', page: context.page })),
    restore: emit(({ context }) => ({ type: 'page.restored', page: context.page })),
    writeFront: emit(({ context }) => ({ type: 'half.written', page: context.page, half: 'front' })),
    writeBack: emit(({ context }) => ({ type: 'half.written', page: context.page, half: 'back' })),
    drop: emit(({ context }) => ({ type: 'range.cleared', page: context.page })),
    succeed: assign({ answer: 'ok' }),
    refuse: assign({ todo: [], answer: 'refused' }),
    cut: assign({ todo: [], answer: 'short' }),
    answer: emit(({ context }) => ({ type: 'write.returned', answer: context.answer as WriteAnswer })),
    die: emit({ type: 'caller.died' }),
  },
}).createMachine({
  id: 'recoveryWrite',
  context: ({ input }) => ({
    ...input,
    request: { from: lastPage, aligned: true, flag: false },
    page: lastPage,
    todo: [],
    answer: 'none',
  }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: { 'write.called': { target: 'locking', actions: 'note' } },
    },
    locking: {
      on: { 'inode.locked': { target: 'asking', actions: 'lock' } },
    },
    asking: {
      description: 'dax_direct_access(): -EHWPOISON for a page in the record, and in recovery mode its address.',
      on: {
        'page.asked': [
          { guard: 'isGood', target: 'deciding', actions: 'planCopy' },
          { guard: 'isUnrecoverable', target: 'deciding', actions: 'refuse' },
          { guard: 'isInPart', target: 'deciding', actions: 'refuse' },
          { target: 'deciding', actions: 'planRecovery' },
        ],
      },
    },
    deciding: {
      always: [
        { guard: 'isRevokeNext', target: 'revoking' },
        { guard: 'isClearNext', target: 'clearing' },
        { guard: 'isCopyNext', target: 'copying' },
        { guard: 'isDropNext', target: 'dropping' },
        { guard: 'isCut', target: 'idle', actions: ['unlock', 'answer'] },
        { guard: 'hasMore', target: 'asking', actions: 'turnPage' },
        { target: 'idle', actions: ['succeed', 'unlock', 'answer'] },
      ],
    },
    revoking: {
      tags: 'recovering',
      on: { 'mappings.revoked': { target: 'deciding', actions: ['revoke', 'tick'] } },
    },
    clearing: {
      tags: 'recovering',
      on: {
        'clear.tried': [
          { guard: 'isCleared', target: 'deciding', actions: ['clear', 'restore', 'tick'], meta: { step: 'V1' } },
          { guard: 'isGoingOn', target: 'deciding', actions: 'tick', meta: { step: 'V1' } },
          { target: 'deciding', actions: 'refuse', meta: { step: 'V1' } },
        ],
      },
    },
    copying: {
      tags: ['recovering', 'copying'],
      on: {
        'front.copied': [
          { guard: 'isAbsent', target: 'fallen', meta: { step: 'V2' } },
          { guard: 'isFrontOnly', target: 'deciding', actions: ['writeFront', 'tick'], meta: { step: 'V2' } },
          { target: 'halfway', actions: 'writeFront', meta: { step: 'V2' } },
        ],
      },
    },
    halfway: {
      tags: 'recovering',
      on: {
        'back.copied': [
          { guard: 'isAbsent', target: 'fallen', meta: { step: 'V2' } },
          { target: 'deciding', actions: ['writeBack', 'tick'], meta: { step: 'V2' } },
        ],
        'copy.failed': [
          { guard: 'isDropping', target: 'deciding', actions: 'planDrop' },
          { target: 'deciding', actions: 'cut' },
        ],
      },
    },
    dropping: {
      tags: 'recovering',
      on: { 'record.dropped': { target: 'deciding', actions: ['drop', 'tick'], meta: { step: 'V3' } } },
    },
    fallen: {
      description: 'It has touched a page that is not in the kernel’s mapping. Whoever called it dies with it.',
      tags: 'fallen',
      on: { 'thread.ended': { target: 'idle', actions: ['refuse', 'unlock', 'die'] } },
    },
  },
});

/** The page in which every request ends: the last of its region. */
const lastPage = 1;

/** What recovery does to a page. */
export type Deed = 'revoke' | 'clear' | 'copy' | 'drop';

/** Which pages are to be written, and with what. */
export interface WriteRequest {
  readonly from: number;
  /** It covers its last page, or only the front half of it. */
  readonly aligned: boolean;
  /** It brings RWF_RECOVERY_DATA. */
  readonly flag: boolean;
}

/** All written; as far as the caller's buffer could be read; as far as the first page that cannot be recovered. */
export type WriteAnswer = 'ok' | 'short' | 'refused';

export interface RecoveryWriteInput {
  readonly recovers: 'byPlainWrite' | 'withFlag' | 'never';
  readonly order: readonly Deed[];
  readonly locks: boolean;
  /** Which part of a page recovers it: the whole page, or any. */
  readonly granularity: 'alignedPages' | 'anyPart';
  readonly onClearFailure: 'refuses' | 'writesAnyway';
  readonly onCopyFailure: 'keepsRecord' | 'dropsRecord';
}
