import { emit, setup } from 'xstate';
import type { LockMessage, Meta } from './messages.ts';

/**
 * mf_generic_kill_procs() with dax_lock_page() before it: the path that goes by what the page says of its owner (P7), step by step.
 *
 * Kept: page->mapping is loaded without a lock, the entry that it leads to is locked, and only then is it certain that the page is
 * still there; the page is marked before those who map it are told. mf_mutex is held all the time. Left out: the two
 * parts of telling, which are mf_dax_kill_procs()'s too (`kill.ts`), and a page without a mapping to begin with.
 *
 * `underRcu`: the inode that page->mapping leads to cannot be freed between the load and the lock. `rechecks`: with the entry locked,
 * the mapping is loaded again. A thread that dies lets go of its mutex here, as it does not in a kernel.
 */
export const genericMachine = setup({
  types: {
    context: {} as GenericInput,
    input: {} as GenericInput,
    events: {} as
      | { type: 'poison.reported' | 'mutex.awaited' | 'page.marked' | 'tasks.told' | 'thread.ended' }
      | { type: 'mapping.read' | 'mapping.reread'; set: boolean }
      | { type: 'entry.read'; freed: boolean; present: boolean },
    emitted: {} as
      | { type: 'entry.taken'; by: 'kill' }
      | { type: 'entry.released' | 'page.poisoned' | 'page.unmapped' }
      | LockMessage,
    tags: {} as 'rest' | 'quiet' | 'inRcu' | 'handling' | 'returned' | 'recovered' | 'freed',
    meta: {} as Meta,
  },
  guards: {
    isSet: ({ event }) => 'set' in event && event.set,
    isProtected: ({ context, event }) => context.underRcu && 'set' in event && event.set,
    isConfirmed: ({ context, event }) => !context.rechecks || ('set' in event && event.set),
    isFreed: ({ event }) => 'freed' in event && event.freed,
    isPresent: ({ event }) => 'present' in event && event.present,
  },
  actions: {
    lock: emit({ type: 'lock.taken', lock: 'mf_mutex' }),
    unlock: emit({ type: 'lock.released', lock: 'mf_mutex' }),
    take: emit({ type: 'entry.taken', by: 'kill' }),
    release: emit({ type: 'entry.released' }),
    mark: emit({ type: 'page.poisoned' }),
    unmap: emit({ type: 'page.unmapped' }),
  },
}).createMachine({
  id: 'generic',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: { tags: ['rest', 'quiet'], on: { 'poison.reported': 'raised' } },
    raised: { on: { 'mutex.awaited': { target: 'looking', actions: 'lock', meta: { step: 'P2' } } } },
    looking: {
      on: {
        'mapping.read': [
          { guard: 'isProtected', target: 'protected', meta: { step: 'P7' } },
          { guard: 'isSet', target: 'located', meta: { step: 'P7' } },
          { target: 'returned', actions: 'unlock', meta: { step: 'P7' } },
        ],
      },
    },
    protected: {
      tags: 'inRcu',
      on: {
        'entry.read': [
          { guard: 'isPresent', target: 'locked', actions: 'take', meta: { step: 'P7' } },
          { target: 'returned', actions: 'unlock', meta: { step: 'P7' } },
        ],
      },
    },
    located: {
      on: {
        'entry.read': [
          { guard: 'isFreed', target: 'dangling', actions: 'unlock', meta: { step: 'P7' } },
          { guard: 'isPresent', target: 'locked', actions: 'take', meta: { step: 'P7' } },
          { target: 'returned', actions: 'unlock', meta: { step: 'P7' } },
        ],
      },
    },
    locked: {
      on: {
        'mapping.reread': [
          { guard: 'isConfirmed', target: 'confirmed', meta: { step: 'P7' } },
          { target: 'returned', actions: ['release', 'unlock'], meta: { step: 'P7' } },
        ],
      },
    },
    confirmed: {
      on: { 'page.marked': { target: 'marked', actions: 'mark', meta: { step: 'P7' } } },
    },
    marked: {
      tags: 'handling',
      on: {
        'tasks.told': { target: 'recovered', actions: ['unmap', 'release', 'unlock'], meta: { step: 'P7' } },
      },
    },
    recovered: { tags: ['rest', 'returned', 'recovered'] },
    returned: { tags: ['rest', 'returned'] },
    dangling: {
      description: 'page->mapping led to an inode that has been freed since.',
      tags: ['rest', 'freed'],
    },
  },
});

export interface GenericInput {
  readonly underRcu: boolean;
  readonly rechecks: boolean;
}
