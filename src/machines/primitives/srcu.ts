import { assign, setup } from 'xstate';

/**
 * A domain of sleepable RCU: dax_srcu, of which there is one for all DAX devices.
 *
 * Kept: who is inside a read section, and that synchronize_srcu() waits for those who were inside when it began and for
 * nobody who comes later. Left out: several graces at a time, and a reader that enters twice.
 */
export const srcuMachine = setup({
  types: {
    context: {} as { readonly readers: readonly string[]; readonly awaited: readonly string[] },
    events: {} as { type: 'reader.entered' | 'reader.left'; reader: string } | { type: 'grace.awaited' },
    tags: {} as 'rest',
  },
  actions: {
    enter: assign({
      readers: ({ context, event }) =>
        'reader' in event ? [...context.readers, event.reader].sort() : context.readers,
    }),
    leave: assign(({ context, event }) => {
      const others = (reader: string) => !('reader' in event) || reader !== event.reader;
      return { readers: context.readers.filter(others), awaited: context.awaited.filter(others) };
    }),
    awaitThose: assign({ awaited: ({ context }) => context.readers }),
  },
}).createMachine({
  id: 'srcu',
  context: { readers: [], awaited: [] },
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: {
        'reader.entered': { actions: 'enter' },
        'reader.left': { actions: 'leave' },
        'grace.awaited': { actions: 'awaitThose' },
      },
    },
  },
});
