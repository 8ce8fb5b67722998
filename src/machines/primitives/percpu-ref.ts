import { setup } from 'xstate';

/**
 * A percpu_ref, as pgmap->ref is one: live, until it is killed, and then dying until its last user has gone.
 *
 * Kept: percpu_ref_tryget_live() succeeds only while it is live. Left out: the count. Who waits for zero asks those who
 * may hold a reference.
 */
export const percpuRefMachine = setup({
  types: {
    events: {} as { type: 'ref.killed' | 'ref.drained' },
    tags: {} as 'rest' | 'live' | 'zero',
  },
}).createMachine({
  id: 'percpuRef',
  initial: 'live',
  states: {
    live: { tags: ['rest', 'live'], on: { 'ref.killed': 'dying' } },
    dying: { on: { 'ref.drained': 'zero' } },
    zero: { tags: ['rest', 'zero'] },
  },
});
