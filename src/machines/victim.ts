import { assign, emit, setup } from 'xstate';
import type { Meta } from './messages.ts';
import type { WriteAnswer, WriteRequest } from './recovery-write.ts';

/**
 * A task that maps a page which fails, and what it does to get the page back.
 *
 * Kept: a load through a live entry gives what the page holds, and asks no record. Poison is a machine check: memory_failure()
 * takes the mapping away from everybody and tells the task, and when it has succeeded the machine check takes the page out of
 * the kernel's mapping (P9), a step of its own. A store goes into the page and says nothing. A fault asks the record. A task
 * that restores what it has lost writes it anew by a system call, with less than a page at first if it likes, maps the page again
 * and looks. Left out: everything between the machine check and the signal; a store that meets poison, which is as a load.
 *
 * Whoever is refused a whole page, or finds it in the record after a write that has succeeded, would try for ever. Here it gives
 * up at once, and is `lost`.
 */
export const victimMachine = setup({
  types: {
    context: {} as VictimInput & { readonly aligned: boolean },
    input: {} as VictimInput,
    events: {} as
      | { type: 'page.checked'; found: Found }
      | { type: 'page.faulted' | 'page.refaulted' | 'check.ended'; bad: boolean }
      | { type: 'poison.met' | 'nothing.loaded' | 'page.stored' | 'page.unmapped' | 'failure.returned' | 'caller.died' }
      | { type: 'restoring.begun'; request: WriteRequest }
      | { type: 'write.returned'; answer: WriteAnswer },
    emitted: {} as
      | { type: 'page.unmapped' | 'page.hidden' | 'range.cleared'; page: number }
      | { type: 'write.called'; request: WriteRequest },
    tags: {} as 'rest' | 'mapped' | 'consuming' | 'signalled' | 'restored' | 'deceived' | 'lost',
    meta: {} as Meta,
  },
  guards: {
    isPoison: ({ event }) => 'found' in event && event.found === 'poison',
    isUndefined: ({ event }) => 'found' in event && event.found === 'undefined',
    isBad: ({ event }) => 'bad' in event && event.bad,
    isClearing: ({ context }) => context.storesClear,
    isWritten: ({ event }) => 'answer' in event && event.answer === 'ok',
    isShort: ({ event }) => 'answer' in event && event.answer === 'short',
    isFinal: ({ context }) => context.aligned,
  },
  actions: {
    unmap: emit(({ context }) => ({ type: 'page.unmapped', page: context.page })),
    hide: emit(({ context }) => ({ type: 'page.hidden', page: context.page })),
    clearRecord: emit(({ context }) => ({ type: 'range.cleared', page: context.page })),
    write: emit(({ event }) => ({
      type: 'write.called',
      request: 'request' in event ? event.request : { from: 0, aligned: false, flag: false },
    })),
    noteSize: assign({ aligned: ({ event }) => 'request' in event && event.request.aligned }),
    forget: assign({ aligned: false }),
  },
}).createMachine({
  id: 'victim',
  context: ({ input }) => ({ ...input, aligned: false }),
  initial: 'mapped',
  // Where there is no page table entry an unmap takes nothing away.
  on: { 'page.unmapped': {} },
  states: {
    mapped: {
      tags: ['rest', 'mapped'],
      on: {
        'poison.met': { target: 'consuming', meta: { step: 'P0' } },
        'nothing.loaded': 'deceived',
        'page.stored': [{ guard: 'isClearing', actions: 'clearRecord' }, {}],
        'page.unmapped': 'unmapped',
      },
    },
    unmapped: {
      tags: 'rest',
      on: {
        'page.faulted': [
          { guard: 'isBad', target: 'signalled', meta: { step: 'A4' } },
          { target: 'mapped', meta: { step: 'A4' } },
        ],
      },
    },
    consuming: {
      tags: 'consuming',
      on: { 'failure.returned': { target: 'returning', actions: 'unmap', meta: { step: 'P8' } } },
    },
    returning: {
      tags: 'consuming',
      on: {
        'check.ended': [
          { guard: 'isBad', target: 'signalled', actions: 'hide', meta: { step: 'P9' } },
          { target: 'signalled', meta: { step: 'P9' } },
        ],
      },
    },
    signalled: {
      tags: ['rest', 'signalled'],
      on: { 'restoring.begun': { target: 'writing', actions: ['noteSize', 'write'] } },
    },
    writing: {
      on: {
        'write.returned': [
          { guard: 'isWritten', target: 'written', actions: 'forget' },
          { guard: 'isShort', target: 'signalled', actions: 'forget' },
          { guard: 'isFinal', target: 'lost', actions: 'forget' },
          { target: 'signalled' },
        ],
        'caller.died': { target: 'killed', actions: 'forget' },
      },
    },
    written: {
      on: {
        'page.refaulted': [
          { guard: 'isBad', target: 'lost', meta: { step: 'A4' } },
          { target: 'remapped', meta: { step: 'A4' } },
        ],
      },
    },
    remapped: {
      tags: 'mapped',
      on: {
        'page.checked': [
          { guard: 'isPoison', target: 'consuming', meta: { step: 'P0' } },
          { guard: 'isUndefined', target: 'deceived' },
          { target: 'restored' },
        ],
        'page.unmapped': 'written',
      },
    },
    restored: { tags: ['rest', 'restored'] },
    lost: { tags: ['rest', 'lost'] },
    deceived: {
      description: 'It has loaded what nobody has written.',
      tags: ['rest', 'deceived'],
    },
    killed: { tags: 'rest' },
  },
});

/** What a load gives. */
export type Found = 'poison' | 'undefined' | 'data';

interface VictimInput {
  readonly page: number;
  /** A mutation: a store through a mapping drops the record, as a write does. */
  readonly storesClear: boolean;
}
