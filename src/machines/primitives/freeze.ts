import { assign, emit, setup } from 'xstate';
import type { FreezeHolder, Freezer } from '../messages.ts';

/**
 * s_writers of a superblock: freeze_super(), thaw_super(), and the gate that a write fault passes.
 *
 * Kept: the gate closes first, then freeze_super() waits for the writers that are inside. A freeze belongs to the
 * kernel, to userspace or to both, and the file system thaws when the last holder has gone; a second freeze by the same
 * holder answers -EBUSY. A file system that is shut down cannot be frozen: the attempt opens the gate again and answers
 * -EIO (recorded). Who has not come in does not leave. Left out: the three levels, of which only page faults matter here, and s_umount but for one thing:
 * nobody freezes or thaws while a freeze is being made.
 *
 * `taker` is for invariants only: who called for the kernel's freeze that stands. No kernel variable says so.
 * `hasHolders` is what came with v6.6 (KB-09). Without it there is one bit, and who clears it clears it for all.
 */
export const freezeMachine = setup({
  types: {
    context: {} as FreezeContext,
    input: {} as { readonly hasHolders: boolean },
    events: {} as
      | { type: 'writer.entered' | 'writer.left' }
      | { type: 'freeze.asked' | 'thaw.asked'; by: Freezer; holder: FreezeHolder }
      | { type: 'writers.drained'; shutdown: boolean },
    emitted: {} as { type: 'freeze.answered'; by: Freezer; code: 'ok' | 'EBUSY' | 'EIO' },
    tags: {} as 'rest' | 'frozen',
  },
  guards: {
    isShut: ({ event }) => 'shutdown' in event && event.shutdown,
    hasWriters: ({ context }) => context.writers > 0,
    isHeldAlready: ({ context, event }) =>
      'holder' in event && (!context.hasHolders || context.holders.includes(event.holder)),
    isHeldByNoOther: ({ context, event }) =>
      'holder' in event && (!context.hasHolders || context.holders.every((holder) => holder === event.holder)),
  },
  actions: {
    enter: assign({ writers: ({ context }) => context.writers + 1 }),
    leave: assign({ writers: ({ context }) => context.writers - 1 }),
    begin: assign({
      holders: ({ event }) => ('holder' in event ? [event.holder] : []),
      asker: ({ event }) => ('by' in event ? event.by : null),
      taker: ({ event }) => ('holder' in event && event.holder === 'kernel' ? event.by : null),
    }),
    add: assign({
      holders: ({ context, event }) =>
        'holder' in event ? [...context.holders, event.holder].sort() : context.holders,
      taker: ({ context, event }) => ('holder' in event && event.holder === 'kernel' ? event.by : context.taker),
    }),
    remove: assign({
      holders: ({ context, event }) =>
        context.holders.filter((holder) => !('holder' in event) || holder !== event.holder),
      taker: ({ context, event }) => ('holder' in event && event.holder === 'kernel' ? null : context.taker),
    }),
    release: assign({ holders: [], taker: null, asker: null }),
    forgetAsker: assign({ asker: null }),
    grant: emit(({ context }) => ({ type: 'freeze.answered', by: context.asker ?? 'handler', code: 'ok' })),
    fail: emit(({ context }) => ({ type: 'freeze.answered', by: context.asker ?? 'handler', code: 'EIO' })),
    grantAtOnce: emit(({ event }) => ({
      type: 'freeze.answered',
      by: 'by' in event ? event.by : 'handler',
      code: 'ok',
    })),
    refuse: emit(({ event }) => ({ type: 'freeze.answered', by: 'by' in event ? event.by : 'handler', code: 'EBUSY' })),
  },
}).createMachine({
  id: 'freeze',
  context: ({ input }) => ({ ...input, holders: [], taker: null, asker: null, writers: 0 }),
  initial: 'thawed',
  states: {
    thawed: {
      tags: 'rest',
      on: {
        'writer.entered': { actions: 'enter' },
        'writer.left': { guard: 'hasWriters', actions: 'leave' },
        'freeze.asked': { target: 'freezing', actions: 'begin' },
        'thaw.asked': {},
      },
    },
    freezing: {
      description: 'No writer gets in any more, and those who are in have to leave.',
      on: {
        'writer.left': { guard: 'hasWriters', actions: 'leave' },
        'writers.drained': [
          { guard: 'isShut', target: 'thawed', actions: ['fail', 'release'] },
          { target: 'frozen', actions: ['grant', 'forgetAsker'] },
        ],
      },
    },
    frozen: {
      tags: ['rest', 'frozen'],
      on: {
        'freeze.asked': [{ guard: 'isHeldAlready', actions: 'refuse' }, { actions: ['add', 'grantAtOnce'] }],
        'thaw.asked': [{ guard: 'isHeldByNoOther', target: 'thawed', actions: 'release' }, { actions: 'remove' }],
      },
    },
  },
});

interface FreezeContext {
  readonly hasHolders: boolean;
  readonly holders: readonly FreezeHolder[];
  readonly taker: Freezer | null;
  readonly asker: Freezer | null;
  readonly writers: number;
}
