import { assign, setup } from 'xstate';

/**
 * The struct pages of a device's memory, from the pagemap that made them to arch_remove_memory().
 *
 * Kept: that they go, and whether one of them has been marked PageHWPoison, which outlives an unplug: the memory is as
 * good as ever when the device comes back. Left out: how many there are.
 */
export const memmapMachine = setup({
  types: {
    context: {} as { readonly poisoned: boolean },
    events: {} as { type: 'page.poisoned' | 'memory.removed' },
    tags: {} as 'rest' | 'removed',
  },
  actions: { mark: assign({ poisoned: true }) },
}).createMachine({
  id: 'memmap',
  context: { poisoned: false },
  initial: 'present',
  states: {
    present: { tags: 'rest', on: { 'page.poisoned': { actions: 'mark' }, 'memory.removed': 'removed' } },
    removed: { tags: ['rest', 'removed'], on: { 'page.poisoned': {} } },
  },
});
