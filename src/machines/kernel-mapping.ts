import { setup } from 'xstate';

/**
 * The kernel's own mapping of one page, through which it reads and writes what lies there.
 *
 * Kept: x86 takes a page out of it when memory_failure() has succeeded (set_mce_nospec()), and pmem puts it back when the poison
 * is cleared; whoever touches the page in between crashes. Left out: PageHWPoison, which is set and cleared at the same places
 * and which nobody reads here.
 */
export const kernelMappingMachine = setup({
  types: { events: {} as { type: 'page.hidden' | 'page.restored' }, tags: {} as 'rest' | 'absent' },
}).createMachine({
  id: 'kernelMapping',
  initial: 'present',
  states: {
    present: { tags: 'rest', on: { 'page.hidden': 'absent', 'page.restored': {} } },
    absent: { tags: ['rest', 'absent'], on: { 'page.hidden': {}, 'page.restored': 'present' } },
  },
});
