import { assign, emit, setup } from 'xstate';

/**
 * A file that shares a page with others, from dax_associate_entry() to dax_disassociate_entry().
 *
 * Kept: page->share is loaded, changed and stored. Each file does so under the lock of its own mapping, and the page is in two
 * mappings. Left out: what the page says of its first owner.
 *
 * `isAtomic`: load, change and store are one step, by an atomic operation or a lock of the page.
 */
export const sharerMachine = setup({
  types: {
    context: {} as { readonly isAtomic: boolean; readonly loaded: number },
    input: {} as { readonly isAtomic: boolean },
    events: {} as
      | { type: 'page.faulted' | 'page.truncated' | 'share.stored' }
      | { type: 'share.loaded'; share: number },
    emitted: {} as { type: 'share.changed'; share: number },
    tags: {} as 'rest' | 'sharing',
  },
  guards: {
    isAtomic: ({ context }) => context.isAtomic,
  },
  actions: {
    note: assign({ loaded: ({ event }) => ('share' in event ? event.share : 0) }),
    forget: assign({ loaded: -1 }),
    storeMore: emit(({ context }) => ({ type: 'share.changed', share: context.loaded + 1 })),
    storeLess: emit(({ context }) => ({ type: 'share.changed', share: context.loaded - 1 })),
    addAtOnce: emit(({ event }) => ({ type: 'share.changed', share: 'share' in event ? event.share + 1 : 0 })),
    takeAtOnce: emit(({ event }) => ({ type: 'share.changed', share: 'share' in event ? event.share - 1 : 0 })),
  },
}).createMachine({
  id: 'sharer',
  context: ({ input }) => ({ ...input, loaded: -1 }),
  initial: 'outside',
  states: {
    outside: { tags: 'rest', on: { 'page.faulted': 'coming' } },
    coming: {
      on: {
        'share.loaded': [
          { guard: 'isAtomic', target: 'sharing', actions: 'addAtOnce' },
          { target: 'adding', actions: 'note' },
        ],
      },
    },
    adding: { on: { 'share.stored': { target: 'sharing', actions: ['storeMore', 'forget'] } } },
    sharing: { tags: ['rest', 'sharing'], on: { 'page.truncated': 'going' } },
    going: {
      on: {
        'share.loaded': [
          { guard: 'isAtomic', target: 'outside', actions: 'takeAtOnce' },
          { target: 'subtracting', actions: 'note' },
        ],
      },
    },
    subtracting: { on: { 'share.stored': { target: 'outside', actions: ['storeLess', 'forget'] } } },
  },
});
