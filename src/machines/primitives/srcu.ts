import { assign, setup } from 'xstate';

/**
 * A domain of sleepable RCU: dax_srcu, of which there is one for all DAX devices.
 *
 * Kept: who is inside a read section, and that synchronize_srcu() waits for those who were inside when it began and for
 * nobody who comes later. Who is not inside does not leave. Left out: several graces at a time, and a reader that enters twice.
 */
export const srcuMachine = setup({
  types: {
    context: {} as { readonly readers: readonly string[]; readonly awaited: readonly string[] },
    events: {} as { type: 'reader.entered' | 'reader.left'; reader: string } | { type: 'grace.awaited' },
    tags: {} as 'rest',
  },
  guards: { isInside: ({ context, event }) => 'reader' in event && context.readers.includes(event.reader) },
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
        'reader.left': { guard: 'isInside', actions: 'leave' },
        'grace.awaited': { actions: 'awaitThose' },
      },
    },
  },
});
