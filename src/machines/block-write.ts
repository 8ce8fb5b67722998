import { assign, emit, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * pmem_do_write(): a write of one page that comes through the block layer, as metadata does and whatever is not DAX.
 *
 * Kept: it asks the record, has the firmware clear the poison, puts the page back into the kernel's mapping, drops the record and
 * writes the data, each a step of its own, in the order of the input. Nobody holds the lock of an inode. Left out: the
 * caches in between (W4), requests of several pages, and a source of data that may fail.
 */
export const blockWriteMachine = setup({
  types: {
    context: {} as BlockWriteInput & { readonly todo: readonly BlockDeed[] },
    input: {} as BlockWriteInput,
    events: {} as
      | { type: 'write.submitted' | 'page.returned' | 'record.dropped' | 'thread.ended' }
      | { type: 'page.asked'; bad: boolean }
      | { type: 'clear.tried'; done: boolean }
      | { type: 'front.copied' | 'back.copied'; absent: boolean },
    emitted: {} as
      | { type: 'poison.cleared' | 'page.restored' | 'range.cleared'; page: number }
      | { type: 'half.written'; page: number; half: 'front' | 'back' },
    tags: {} as 'rest' | 'recovering' | 'copying' | 'fallen',
    meta: {} as Meta,
  },
  guards: {
    isGood: ({ event }) => 'bad' in event && !event.bad,
    isCleared: ({ event }) => 'done' in event && event.done,
    isAbsent: ({ event }) => 'absent' in event && event.absent,
    isClearNext: ({ context }) => context.todo[0] === 'clear',
    isRestoreNext: ({ context }) => context.todo[0] === 'restore',
    isDropNext: ({ context }) => context.todo[0] === 'drop',
    isCopyNext: ({ context }) => context.todo[0] === 'copy',
  },
  actions: {
    planCopy: assign({ todo: ['copy'] }),
    planRecovery: assign({ todo: ({ context }) => context.order }),
    tick: assign({ todo: ({ context }) => context.todo.slice(1) }),
    forget: assign({ todo: [] }),
    clear: emit(({ context }) => ({ type: 'poison.cleared', page: context.page })),
    restore: emit(({ context }) => ({ type: 'page.restored', page: context.page })),
    drop: emit(({ context }) => ({ type: 'range.cleared', page: context.page })),
    writeFront: emit(({ context }) => ({ type: 'half.written', page: context.page, half: 'front' })),
    writeBack: emit(({ context }) => ({ type: 'half.written', page: context.page, half: 'back' })),
  },
}).createMachine({
  id: 'blockWrite',
  context: ({ input }) => ({ ...input, todo: [] }),
  initial: 'idle',
  states: {
    idle: { tags: 'rest', on: { 'write.submitted': 'asking' } },
    asking: {
      on: {
        'page.asked': [
          { guard: 'isGood', target: 'deciding', actions: 'planCopy', meta: { step: 'W1' } },
          { target: 'deciding', actions: 'planRecovery', meta: { step: 'W1' } },
        ],
      },
    },
    deciding: {
      always: [
        { guard: 'isClearNext', target: 'clearing' },
        { guard: 'isRestoreNext', target: 'restoring' },
        { guard: 'isDropNext', target: 'dropping' },
        { guard: 'isCopyNext', target: 'copying' },
        { target: 'idle' },
      ],
    },
    clearing: {
      tags: 'recovering',
      on: {
        'clear.tried': [
          { guard: 'isCleared', target: 'deciding', actions: ['clear', 'tick'], meta: { step: 'W2' } },
          { target: 'idle', actions: 'forget', meta: { step: 'W2' } },
        ],
      },
    },
    restoring: {
      tags: 'recovering',
      on: { 'page.returned': { target: 'deciding', actions: ['restore', 'tick'], meta: { step: 'W3' } } },
    },
    dropping: {
      tags: 'recovering',
      on: { 'record.dropped': { target: 'deciding', actions: ['drop', 'tick'], meta: { step: 'W5' } } },
    },
    copying: {
      tags: ['recovering', 'copying'],
      on: {
        'front.copied': [
          { guard: 'isAbsent', target: 'fallen', meta: { step: 'W6' } },
          { target: 'halfway', actions: 'writeFront', meta: { step: 'W6' } },
        ],
      },
    },
    halfway: {
      tags: 'recovering',
      on: {
        'back.copied': [
          { guard: 'isAbsent', target: 'fallen', meta: { step: 'W6' } },
          { target: 'deciding', actions: ['writeBack', 'tick'], meta: { step: 'W6' } },
        ],
      },
    },
    fallen: {
      description: 'It has touched a page that is not in the kernel’s mapping.',
      tags: 'fallen',
      on: { 'thread.ended': { target: 'idle', actions: 'forget' } },
    },
  },
});

/** What a write does to a page that stands in the record. */
export type BlockDeed = 'clear' | 'restore' | 'drop' | 'copy';

export interface BlockWriteInput {
  readonly page: number;
  readonly order: readonly BlockDeed[];
}
