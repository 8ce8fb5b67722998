import { emit, setup } from 'xstate';
import type { Code, Meta } from './messages.ts';

/**
 * Whoever takes the mappings of one page of a file away, from the page table entries to the entry of the mapping.
 *
 * One machine for the four ways that were posted or built; the input says which:
 * - mf_dax_kill_procs() and invalidate_inode_pages2_range() for an unplug: every task that maps the page;
 * - mf_dax_kill_procs() for corruption: tasks that want to know early, and nothing is unmapped where there is none;
 * - memory_failure() for every page frame: all tasks, the page marked as poisoned;
 * - unmap_mapping_range() by an inode walk: no entry lock, nobody told.
 *
 * Kept: the entry lock is taken first, and whoever holds it is waited for; an empty entry is passed over; who is to be
 * told is collected before anything is unmapped. When the entry goes (R7), page table entries that have come since go
 * with it. Left out: more than one page, and an entry that has vanished (-EBUSY).
 */
export const revokeMachine = setup({
  types: {
    context: {} as RevokeInput,
    input: {} as RevokeInput,
    events: {} as
      | { type: 'revoke.called' }
      | { type: 'entry.reached'; filled: boolean }
      | { type: 'tasks.collected'; mapped: boolean; early: boolean }
      | { type: 'page.marked' | 'range.unmapped' | 'tasks.told' | 'entry.left' | 'pages.invalidated' },
    emitted: {} as
      | {
          type:
            | 'entry.locked'
            | 'entry.unlocked'
            | 'entry.cleared'
            | 'page.poisoned'
            | 'page.unmapped'
            | 'task.signalled';
        }
      | { type: 'revoke.returned'; code: Code },
    tags: {} as 'rest' | 'revoking',
    meta: {} as Meta,
  },
  guards: {
    isBare: ({ context }) => context.manner === 'inodeWalk',
    isBareInvalidating: ({ context }) => context.manner === 'inodeWalk' && context.invalidates,
    isEmpty: ({ event }) => 'filled' in event && !event.filled,
    isMarking: ({ context }) => context.manner === 'corruption' || context.manner === 'perPage',
    isNobodyTold: ({ context, event }) =>
      'mapped' in event && !(context.manner === 'corruption' ? event.early : event.mapped),
    isInvalidating: ({ context }) => context.invalidates,
  },
  actions: {
    lockEntry: emit({ type: 'entry.locked' }),
    unlockEntry: emit({ type: 'entry.unlocked' }),
    clearEntry: emit({ type: 'entry.cleared' }),
    poison: emit({ type: 'page.poisoned' }),
    unmap: emit({ type: 'page.unmapped' }),
    signal: emit({ type: 'task.signalled' }),
    answer: emit({ type: 'revoke.returned', code: 'ok' }),
  },
}).createMachine({
  id: 'revoke',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: { 'revoke.called': [{ guard: 'isBare', target: 'unmapping' }, { target: 'reaching' }] },
    },
    reaching: {
      on: {
        'entry.reached': [
          { guard: 'isEmpty', target: 'unlocking', actions: 'lockEntry', meta: { step: 'D1' } },
          { guard: 'isMarking', target: 'marking', actions: 'lockEntry', meta: { step: 'D1' } },
          { target: 'collecting', actions: 'lockEntry', meta: { step: 'D1' } },
        ],
      },
    },
    marking: {
      on: { 'page.marked': { target: 'collecting', actions: 'poison', meta: { step: 'D2' } } },
    },
    collecting: {
      tags: 'revoking',
      on: {
        'tasks.collected': [
          { guard: 'isNobodyTold', target: 'unlocking', meta: { step: 'D3' } },
          { target: 'unmapping', meta: { step: 'D3' } },
        ],
      },
    },
    unmapping: {
      tags: 'revoking',
      on: {
        'range.unmapped': [
          { guard: 'isBareInvalidating', target: 'invalidating', actions: 'unmap' },
          { guard: 'isBare', target: 'idle', actions: ['unmap', 'answer'] },
          { target: 'telling', actions: 'unmap', meta: { step: 'D4' } },
        ],
      },
    },
    telling: {
      tags: 'revoking',
      on: { 'tasks.told': { target: 'unlocking', actions: 'signal', meta: { step: 'D5' } } },
    },
    unlocking: {
      on: {
        'entry.left': [
          { guard: 'isInvalidating', target: 'invalidating', actions: 'unlockEntry', meta: { step: 'D6' } },
          { target: 'idle', actions: ['unlockEntry', 'answer'], meta: { step: 'D6' } },
        ],
      },
    },
    invalidating: {
      on: { 'pages.invalidated': { target: 'idle', actions: ['clearEntry', 'unmap', 'answer'], meta: { step: 'R7' } } },
    },
  },
});

export interface RevokeInput {
  readonly manner: 'removal' | 'corruption' | 'perPage' | 'inodeWalk';
  /** R7: what the entry holds goes too. Whoever does not leaves entries that name memory which is not there any more. */
  readonly invalidates: boolean;
}
