import { assign, setup } from 'xstate';

/** page->share: in how many mappings a page is. Kept: it is one word, and whoever stores last has stored it. */
export const shareMachine = setup({
  types: {
    context: {} as { readonly share: number },
    events: {} as { type: 'share.changed'; share: number },
    tags: {} as 'rest',
  },
  actions: { store: assign({ share: ({ event }) => event.share }) },
}).createMachine({
  id: 'share',
  context: { share: 0 },
  initial: 'there',
  states: { there: { tags: 'rest', on: { 'share.changed': { actions: 'store' } } } },
});
