import { assign, setup } from 'xstate';

/**
 * A task that maps one page of a file, through whatever lies between its file system and the memory.
 *
 * Kept: into which device its page table entry points, because a layer may have the data in two places of which one
 * goes; and what it finds there when it touches the page again: its data, what its data once were (`misled`), or an
 * error. `home` is where the page was to begin with; only invariants ask for it. Left out: how a fault races with those
 * who unmap (task.ts), and which signal it is told by (mapper.ts).
 */
export const clientMachine = setup({
  types: {
    context: {} as { readonly home: Place | null; readonly page: Place | null; readonly told: boolean },
    input: {} as { readonly page: Place | null },
    events: {} as
      | { type: 'page.unmapped' | 'task.signalled' }
      | { type: 'page.faulted'; page: Place | null; current: boolean },
    tags: {} as 'rest' | 'mapped' | 'refused' | 'misled',
  },
  guards: {
    isMapping: ({ context }) => context.page !== null,
    isRefused: ({ event }) => 'page' in event && event.page === null,
    isStale: ({ event }) => 'current' in event && !event.current,
  },
  actions: {
    tell: assign({ told: true }),
    map: assign({ page: ({ event }) => ('page' in event ? event.page : null) }),
    unmap: assign({ page: null }),
  },
}).createMachine({
  id: 'client',
  context: ({ input }) => ({ home: input.page, page: input.page, told: false }),
  initial: 'found',
  on: { 'page.unmapped': {}, 'task.signalled': { actions: 'tell' } },
  states: {
    found: { always: [{ guard: 'isMapping', target: 'mapped' }, { target: 'unmapped' }] },
    mapped: {
      tags: ['rest', 'mapped'],
      on: { 'page.unmapped': { target: 'unmapped', actions: 'unmap' } },
    },
    unmapped: {
      tags: 'rest',
      on: {
        'page.faulted': [
          { guard: 'isRefused', target: 'refused' },
          { guard: 'isStale', target: 'misled', actions: 'map' },
          { target: 'mapped', actions: 'map' },
        ],
      },
    },
    refused: { tags: ['rest', 'refused'] },
    misled: {
      description: 'It reads what has been overwritten long ago, and nothing tells it so.',
      tags: ['rest', 'misled'],
    },
  },
});

/** A page of a device. */
export interface Place {
  readonly device: number;
  readonly block: number;
}
