import { assign, emit, setup } from 'xstate';

/**
 * The background scan of the media, and nd_pmem_notify() at the end of it: what is bad is entered into the record.
 *
 * Kept: the scan looks, and the record is filled later, by which time there may be more; it runs when there is something that it has
 * not seen, and calls nobody, no holder and no file system. Left out: the lock of the device.
 *
 * One that `rescans` looks once more whenever a range has gone from the record: what had no room before may have some now.
 */
export const scrubMachine = setup({
  types: {
    context: {} as ScrubInput & { readonly seen: number; readonly found: readonly number[] },
    input: {} as ScrubInput,
    events: {} as
      | { type: 'media.scanned'; raised: number; ranges: readonly number[] }
      | { type: 'record.filled' }
      | { type: 'range.reconciled'; poison: number },
    emitted: {} as { type: 'ranges.found'; ranges: readonly number[] },
    tags: {} as 'rest',
  },
  guards: { isRescanning: ({ context }) => context.rescans },
  actions: {
    note: assign(({ event }) => ('ranges' in event ? { seen: event.raised, found: event.ranges } : {})),
    doubt: assign({ seen: 0 }),
    fill: emit(({ context }) => ({ type: 'ranges.found', ranges: context.found })),
    forget: assign({ found: [] }),
  },
}).createMachine({
  id: 'scrub',
  context: ({ input }) => ({ ...input, seen: 0, found: [] }),
  initial: 'idle',
  on: { 'range.reconciled': [{ guard: 'isRescanning', actions: 'doubt' }, {}] },
  states: {
    idle: { tags: 'rest', on: { 'media.scanned': { target: 'filling', actions: 'note' } } },
    filling: { on: { 'record.filled': { target: 'idle', actions: ['fill', 'forget'] } } },
  },
});

interface ScrubInput {
  /** Whether these media can be scanned. */
  readonly scans: boolean;
  readonly rescans: boolean;
}
