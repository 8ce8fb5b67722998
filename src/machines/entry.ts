import { setup } from 'xstate';

/**
 * One entry of a mapping, which a page fault may lock and a scan must visit.
 *
 * Kept: the lock, which whoever faults on the page takes and gives back. Left out: what the entry points to.
 */
export const entryMachine = setup({
  types: {
    events: {} as { type: 'entry.faulted' | 'fault.served' | 'entry.visited' },
    tags: {} as 'rest' | 'locked' | 'visited',
  },
}).createMachine({
  id: 'lockedEntry',
  initial: 'unlocked',
  states: {
    unlocked: { tags: 'rest', on: { 'entry.faulted': 'locked', 'entry.visited': 'visited' } },
    locked: { tags: 'locked', on: { 'fault.served': 'unlocked' } },
    visited: { tags: ['rest', 'visited'] },
  },
});
