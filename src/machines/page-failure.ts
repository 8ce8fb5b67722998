import { assign, emit, setup } from 'xstate';
import type { Code, FateMessage, LockMessage, Meta } from './messages.ts';

/**
 * memory_failure() for a page of ordinary memory: a page of a file in the page cache, or a process's own.
 *
 * Kept: what kind a page is and which file it names is known only as long as the page is locked; the page is marked,
 * and then its mappings are killed. A page of the page cache may be handled in two ways: by what it says of its owner,
 * which is what the kernel does, or by asking the file system (->corrupted_range of the address space, which never
 * came). An anonymous page has no file system to ask. Left out: mf_mutex, as there is one event; the reference to the
 * page, pages under writeback, huge pages.
 *
 * `classifies: 'beforeLock'` and `asks: 'always'` are mistakes that somebody might make. Whoever has a page locked has
 * a reference to it too: a model does not hand out a page that is locked.
 */
export const pageFailureMachine = setup({
  types: {
    context: {} as PageFailureInput & Seen,
    input: {} as PageFailureInput,
    events: {} as
      | { type: 'poison.reported' | 'page.locked' | 'page.marked' | 'page.unlocked' }
      | ({ type: 'page.classified' } & Seen)
      | { type: 'notification.answered'; poison: number; code: Code; met: boolean }
      | { type: 'kill.returned'; code: 'ok' | 'EBUSY' },
    emitted: {} as
      | { type: 'page.poisoned' }
      | { type: 'notification.asked'; poison: number }
      | { type: 'kill.called'; poison: number; file: number }
      | LockMessage<'page'>
      | FateMessage<'generic' | 'unowned'>,
    tags: {} as 'rest' | 'quiet' | 'generic' | 'returned',
    meta: {} as Meta,
  },
  guards: {
    isEarly: ({ context }) => context.classifies === 'beforeLock',
    isUnused: ({ context }) => context.kind === 'unused',
    isAsking: ({ context }) => context.asks === 'always' || (context.asks === 'ifCached' && context.kind === 'cached'),
    isUnsupported: ({ event }) => 'code' in event && event.code === 'EOPNOTSUPP',
  },
  actions: {
    lock: emit({ type: 'lock.taken', lock: 'page' }),
    unlock: emit({ type: 'lock.released', lock: 'page' }),
    note: assign({
      kind: ({ event }) => ('kind' in event ? event.kind : 'unused'),
      file: ({ event }) => ('file' in event ? event.file : -1),
    }),
    mark: emit({ type: 'page.poisoned' }),
    ask: emit(({ context }) => ({ type: 'notification.asked', poison: context.poison })),
    kill: emit(({ context }) => ({ type: 'kill.called', poison: context.poison, file: context.file })),
    markGeneric: emit(({ context }) => ({ type: 'event.generic', poison: context.poison })),
    markUnowned: emit(({ context }) => ({ type: 'event.unowned', poison: context.poison })),
  },
}).createMachine({
  id: 'pageFailure',
  context: ({ input }) => ({ ...input, kind: 'unused', file: -1 }),
  initial: 'quiet',
  states: {
    quiet: {
      tags: ['rest', 'quiet'],
      on: {
        'poison.reported': [
          { guard: 'isEarly', target: 'peeking', meta: { step: 'P0' } },
          { target: 'raised', meta: { step: 'P0' } },
        ],
      },
    },
    peeking: {
      description: 'What it sees here may be true no more when it has the lock.',
      on: { 'page.classified': { target: 'seen', actions: 'note' } },
    },
    seen: { on: { 'page.locked': { target: 'classified', actions: 'lock' } } },
    raised: { on: { 'page.locked': { target: 'locked', actions: 'lock' } } },
    locked: { on: { 'page.classified': { target: 'classified', actions: 'note' } } },
    classified: { on: { 'page.marked': { target: 'marked', actions: 'mark' } } },
    marked: {
      always: [
        { guard: 'isUnused', target: 'leaving', actions: 'markUnowned' },
        { guard: 'isAsking', target: 'asking', actions: 'ask' },
        { target: 'killing', actions: 'kill' },
      ],
    },
    asking: {
      description: '->corrupted_range of the address space, with the page locked.',
      on: {
        'notification.answered': [
          { guard: 'isUnsupported', target: 'killing', actions: 'kill' },
          { target: 'leaving' },
        ],
      },
    },
    killing: {
      description: 'By what the page says: one file at one offset, or the process whose memory it is.',
      tags: 'generic',
      on: { 'kill.returned': { target: 'leaving', actions: 'markGeneric' } },
    },
    leaving: { on: { 'page.unlocked': { target: 'returned', actions: 'unlock' } } },
    returned: { tags: ['rest', 'returned'] },
  },
});

export interface PageFailureInput {
  readonly poison: number;
  /** Which pages' file systems are asked before anything is done by the page itself. */
  readonly asks: 'never' | 'ifCached' | 'always';
  /** When it looks what the page is. */
  readonly classifies: 'underLock' | 'beforeLock';
}

/** What it has seen: what the page is, and the file that page->mapping names. */
interface Seen {
  readonly kind: 'cached' | 'anonymous' | 'unused';
  readonly file: number;
}
