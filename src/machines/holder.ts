import { assign, emit, setup } from 'xstate';
import type { DaxStore, Holder, Meta } from './messages.ts';

/**
 * fs_dax_get_by_bdev() and fs_put_dax(): how a file system becomes the holder of a DAX device, and stops being it.
 *
 * Kept: either way two stores, one by one: holder_data by cmpxchg, holder_ops by a plain store after it. In between, a
 * notifier meets half a registration, and another file system may register. A cmpxchg that loses is no error: the mount goes
 * on without DAX; a put by somebody who is not the holder withdraws nothing. The lookup takes a reference to the device's
 * inode, which put gives back. All of get is one read section of dax_srcu.
 *
 * `drains` is a repair: put waits for the readers of dax_srcu before it returns (hazard H-02). The kernel does not. So is an
 * `order` that withdraws in reverse: first the ops, then, when nobody is left who has loaded them, the data. The rest of the
 * input is what was proposed and rejected, or forgotten.
 */
export const holderMachine = setup({
  types: {
    context: {} as Required<HolderInput>,
    input: {} as HolderInput,
    events: {} as
      | { type: 'get.called' | 'put.called' | 'data.set' | 'ops.installed' | 'ops.cleared' | 'data.cleared' }
      | { type: 'readers.gone' }
      | { type: 'host.found'; alive: boolean }
      | { type: 'data.exchanged'; found: Holder | null },
    emitted: {} as DaxStore | { type: 'get.returned' | 'put.returned' | 'reference.taken' | 'reference.dropped' },
    tags: {} as 'rest' | 'reading',
    meta: {} as Meta,
  },
  guards: {
    isAlive: ({ event }) => 'alive' in event && event.alive,
    isFree: ({ context, event }) => 'found' in event && (event.found === null || context.installs === 'always'),
    isFreeInTwoSteps: ({ context, event }) =>
      'found' in event && event.found === null && context.installs === 'testedThenSet',
    isForgetful: ({ context }) => context.leaks,
    isStuck: ({ context }) => context.staysInside,
    isOwn: ({ context, event }) => 'found' in event && (event.found === context.own || context.removes === 'always'),
    isOwnOpsFirst: ({ context, event }) =>
      context.order === 'opsFirst' && 'found' in event && event.found === context.own,
    isOpsFirst: ({ context }) => context.order === 'opsFirst',
    isDraining: ({ context }) => context.drains,
    isHoldingReference: ({ context }) => context.hasReference,
  },
  actions: {
    takeReference: emit({ type: 'reference.taken' }),
    noteReference: assign({ hasReference: true }),
    dropReference: emit({ type: 'reference.dropped' }),
    forgetReference: assign({ hasReference: false }),
    storeData: emit(({ context }) => ({ type: 'data.stored', holder: context.own })),
    clearData: emit({ type: 'data.stored', holder: null }),
    storeOps: emit(({ context }) => ({ type: 'ops.stored', set: true, by: context.opsOf })),
    clearOps: emit({ type: 'ops.stored', set: false }),
    returnGet: emit({ type: 'get.returned' }),
    returnPut: emit({ type: 'put.returned' }),
  },
}).createMachine({
  id: 'holder',
  context: ({ input }) => ({
    installs: 'ifFree',
    removes: 'ifOwn',
    order: 'dataFirst',
    opsOf: input.own,
    leaks: true,
    staysInside: false,
    hasReference: false,
    ...input,
  }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: { 'get.called': 'looking', 'put.called': 'withdrawing' },
    },
    looking: {
      description: 'From here to the end of get in a read section of dax_srcu.',
      tags: 'reading',
      on: {
        'host.found': [
          { guard: 'isAlive', target: 'claiming', actions: ['takeReference', 'noteReference'], meta: { step: 'M1b' } },
          { guard: 'isStuck', target: 'inside', actions: 'returnGet', meta: { step: 'M1b' } },
          { target: 'idle', actions: 'returnGet', meta: { step: 'M1b' } },
        ],
      },
    },
    inside: {
      description: 'The read section that nobody leaves.',
      tags: ['rest', 'reading'],
      on: { 'put.called': { actions: 'returnPut' } },
    },
    claiming: {
      tags: 'reading',
      on: {
        'data.exchanged': [
          { guard: 'isFreeInTwoSteps', target: 'setting', meta: { step: 'M1c' } },
          { guard: 'isFree', target: 'installing', actions: 'storeData', meta: { step: 'M1c' } },
          { guard: 'isForgetful', target: 'idle', actions: ['forgetReference', 'returnGet'], meta: { step: 'M1c' } },
          {
            target: 'idle',
            actions: ['dropReference', 'forgetReference', 'returnGet'],
            meta: { step: 'M1c' },
          },
        ],
      },
    },
    setting: {
      tags: 'reading',
      on: { 'data.set': { target: 'installing', actions: 'storeData', meta: { step: 'M1c' } } },
    },
    installing: {
      tags: 'reading',
      on: { 'ops.installed': { target: 'idle', actions: ['storeOps', 'returnGet'], meta: { step: 'M1d' } } },
    },
    withdrawing: {
      on: {
        'data.exchanged': [
          { guard: 'isOwnOpsFirst', target: 'clearing', meta: { step: 'put1' } },
          { guard: 'isOwn', target: 'clearing', actions: 'clearData', meta: { step: 'put1' } },
          { target: 'releasing', meta: { step: 'put1' } },
        ],
      },
    },
    clearing: {
      on: {
        'ops.cleared': [
          { guard: 'isDraining', target: 'draining', actions: 'clearOps', meta: { step: 'put2' } },
          { guard: 'isOpsFirst', target: 'clearingLast', actions: 'clearOps', meta: { step: 'put2' } },
          { target: 'releasing', actions: 'clearOps', meta: { step: 'put2' } },
        ],
      },
    },
    draining: {
      on: { 'readers.gone': [{ guard: 'isOpsFirst', target: 'clearingLast' }, { target: 'releasing' }] },
    },
    clearingLast: {
      on: { 'data.cleared': { target: 'releasing', actions: 'clearData', meta: { step: 'put1' } } },
    },
    releasing: {
      always: [
        {
          guard: 'isHoldingReference',
          target: 'idle',
          actions: ['dropReference', 'forgetReference', 'returnPut'],
        },
        { target: 'idle', actions: 'returnPut' },
      ],
    },
  },
});

export interface HolderInput {
  readonly own: Holder;
  /** Whether put waits for the readers of dax_srcu (the repair of hazard H-02). */
  readonly drains: boolean;
  /** cmpxchg(); a store that looks at nothing (v9, KB-11); or a load and, later, a store. */
  readonly installs?: 'ifFree' | 'always' | 'testedThenSet';
  /** cmpxchg(), or a store that looks at nothing (KB-11). */
  readonly removes?: 'ifOwn' | 'always';
  /** Which of the two fields put clears first. */
  readonly order?: 'dataFirst' | 'opsFirst';
  /** Whose operations go with the data. Anybody else's are a registration that is no pair (KB-32). */
  readonly opsOf?: Holder;
  /** Whether the loser of the race for the device keeps its reference to the inode, without a pointer to it (H-18). */
  readonly leaks?: boolean;
  /** Whether a lookup that fails forgets to leave its read section of dax_srcu (KB-30 is that, in another lookup). */
  readonly staysInside?: boolean;
  /** Of a registration that is there from the beginning. */
  readonly hasReference?: boolean;
}
