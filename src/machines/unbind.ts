import { emit, setup } from 'xstate';
import type { Code, DaxStore, Meta } from './messages.ts';
import { wholeDevice } from './messages.ts';

/**
 * The thread that unbinds a pmem driver from its device: nd_pmem_remove(), then what devres releases, newest first:
 * kill_dax(), del_gendisk(), memunmap_pages().
 *
 * Kept: nothing can veto it, and what the holder answers is ignored. The holder is told while the device is alive; then
 * ALIVE goes, the readers of dax_srcu are waited for, and the registration is taken away without asking its owner. The
 * block layer tells the file system much later, waits until it is born or dying, and shuts it down only if it is active
 * (recorded). Left out: the device lock, and put_disk() (K8).
 *
 * `notifies` says when the holder is told: `beforeKill` is v6.0 on; `never` is what was before; `afterKill` and
 * `afterPgmapKill` are proposals. `marksDead: 'inDelGendisk'` is v6.5 on. `revokes` lets the driver take the mappings
 * away by itself, before the device is killed or after.
 *
 * `marksDead: 'beforeKill'` and `revokes: 'afterGrace'` are repairs: they are done whatever the owner has answered.
 */
export const unbindMachine = setup({
  types: {
    context: {} as UnbindInput,
    input: {} as UnbindInput,
    events: {} as
      | { type: 'holder.read' | 'holder.readAgain'; set: boolean }
      | { type: 'notification.answered'; poison: number; code: Code; met: boolean }
      | { type: 'superblock.marked'; active: boolean }
      | { type: 'revoke.returned' }
      | {
          type:
            | 'unbind.requested'
            | 'host.removed'
            | 'thread.died'
            | 'alive.cleared'
            | 'grace.awaited'
            | 'grace.passed'
            | 'holder.cleared'
            | 'device.put'
            | 'disk.deleted'
            | 'ref.killed'
            | 'ref.drained'
            | 'memory.removed';
        },
    emitted: {} as
      | DaxStore
      | { type: 'notification.asked'; poison: number }
      | {
          type:
            | 'host.removed'
            | 'alive.cleared'
            | 'grace.awaited'
            | 'revoke.called'
            | 'filesystem.shut'
            | 'ref.killed'
            | 'ref.drained'
            | 'memory.removed';
        },
    tags: {} as 'rest' | 'bound' | 'untold' | 'telling' | 'killing' | 'doomed' | 'quiesced' | 'killed' | 'removed',
    meta: {} as Meta,
  },
  guards: {
    isTold: ({ context, event }) => context.notifies === 'beforeKill' && 'set' in event && event.set,
    isToldAfterKill: ({ context, event }) => context.notifies === 'afterKill' && 'set' in event && event.set,
    isToldLast: ({ context }) => context.notifies === 'afterPgmapKill',
    isMarkingFirst: ({ context }) => context.marksDead === 'beforeKill',
    isMarking: ({ context }) => context.marksDead === 'inDelGendisk',
    isActive: ({ event }) => 'active' in event && event.active,
    isSecondLook: ({ context }) => context.notifies === 'afterKill',
    isRevokingFirst: ({ context }) => context.revokes === 'beforeKill',
    isRevoking: ({ context }) => context.revokes === 'afterGrace',
  },
  actions: {
    removeHost: emit({ type: 'host.removed' }),
    notify: emit({ type: 'notification.asked', poison: wholeDevice }),
    clearAlive: emit({ type: 'alive.cleared' }),
    awaitReaders: emit({ type: 'grace.awaited' }),
    revoke: emit({ type: 'revoke.called' }),
    clearOps: emit({ type: 'ops.stored', set: false }),
    clearData: emit({ type: 'data.stored', holder: null }),
    shut: emit({ type: 'filesystem.shut' }),
    killRef: emit({ type: 'ref.killed' }),
    drainRef: emit({ type: 'ref.drained' }),
    removeMemory: emit({ type: 'memory.removed' }),
  },
}).createMachine({
  id: 'unbind',
  context: ({ input }) => input,
  initial: 'bound',
  states: {
    bound: {
      tags: ['rest', 'bound'],
      on: { 'unbind.requested': { target: 'removing', meta: { step: 'K0' } } },
    },
    removing: {
      on: { 'host.removed': { target: 'asking', actions: 'removeHost', meta: { step: 'K1' } } },
    },
    asking: {
      on: {
        'holder.read': [
          { guard: 'isTold', target: 'telling', actions: 'notify', meta: { step: 'K2' } },
          { guard: 'isMarkingFirst', target: 'markingUntold', meta: { step: 'K2' } },
          { guard: 'isRevokingFirst', target: 'revokingFirst', actions: 'revoke', meta: { step: 'K2' } },
          { target: 'untold', meta: { step: 'K2' } },
        ],
      },
    },
    telling: {
      description: 'dax_holder_notify_failure(0, U64_MAX): what it answers is not looked at.',
      tags: 'telling',
      on: {
        'notification.answered': [{ guard: 'isMarkingFirst', target: 'markingFirst' }, { target: 'killing' }],
        'thread.died': 'killing',
      },
    },
    revokingFirst: {
      on: { 'revoke.returned': 'killing' },
    },
    markingFirst: {
      on: {
        'superblock.marked': [{ guard: 'isActive', target: 'killing', actions: 'shut' }, { target: 'killing' }],
      },
    },
    markingUntold: {
      tags: 'untold',
      on: {
        'superblock.marked': [{ guard: 'isActive', target: 'untold', actions: 'shut' }, { target: 'untold' }],
      },
    },
    untold: {
      description: 'There was nobody to tell when kill_dax() looked. There may be by now.',
      tags: ['untold', 'killing'],
      on: { 'alive.cleared': { target: 'dead', actions: 'clearAlive', meta: { step: 'K3' } } },
    },
    killing: {
      tags: 'killing',
      on: { 'alive.cleared': { target: 'dead', actions: 'clearAlive', meta: { step: 'K3' } } },
    },
    dead: {
      tags: 'doomed',
      on: { 'grace.awaited': { target: 'synchronizing', actions: 'awaitReaders', meta: { step: 'K4' } } },
    },
    synchronizing: {
      tags: 'doomed',
      on: {
        'grace.passed': [
          { guard: 'isRevoking', target: 'revoking', actions: 'revoke', meta: { step: 'K4' } },
          { guard: 'isSecondLook', target: 'askingLate', meta: { step: 'K4' } },
          { target: 'withdrawing', meta: { step: 'K4' } },
        ],
      },
    },
    revoking: {
      tags: ['doomed', 'quiesced'],
      on: { 'revoke.returned': 'withdrawing' },
    },
    askingLate: {
      tags: ['doomed', 'quiesced'],
      on: {
        'holder.readAgain': [
          { guard: 'isToldAfterKill', target: 'tellingLate', actions: 'notify', meta: { step: 'K2' } },
          { target: 'withdrawing', meta: { step: 'K2' } },
        ],
      },
    },
    tellingLate: {
      tags: ['doomed', 'quiesced', 'telling'],
      on: { 'notification.answered': 'withdrawing', 'thread.died': 'withdrawing' },
    },
    withdrawing: {
      tags: ['doomed', 'quiesced'],
      on: {
        'holder.cleared': [
          { guard: 'isToldLast', target: 'withdrawn' },
          { target: 'withdrawn', actions: ['clearOps', 'clearData'], meta: { step: 'K5' } },
        ],
      },
    },
    withdrawn: {
      tags: ['doomed', 'quiesced'],
      on: { 'device.put': { target: 'deleting', meta: { step: 'K6' } } },
    },
    deleting: {
      description: 'kill_dax() has returned. Block I/O still works.',
      tags: ['doomed', 'quiesced', 'killed'],
      on: {
        'disk.deleted': [
          { guard: 'isMarking', target: 'marking', meta: { step: 'K7' } },
          { target: 'unmapping', meta: { step: 'K7' } },
        ],
      },
    },
    marking: {
      tags: ['doomed', 'quiesced', 'killed'],
      on: {
        'superblock.marked': [
          { guard: 'isActive', target: 'unmapping', actions: 'shut', meta: { step: 'K7' } },
          { target: 'unmapping', meta: { step: 'K7' } },
        ],
      },
    },
    unmapping: {
      tags: ['doomed', 'quiesced', 'killed'],
      on: {
        'ref.killed': [
          { guard: 'isToldLast', target: 'tellingLast', actions: ['killRef', 'notify'], meta: { step: 'K9' } },
          { target: 'draining', actions: 'killRef', meta: { step: 'K9' } },
        ],
      },
    },
    tellingLast: {
      tags: ['doomed', 'quiesced', 'killed', 'telling'],
      on: { 'notification.answered': 'draining', 'thread.died': 'draining' },
    },
    draining: {
      tags: ['doomed', 'quiesced', 'killed'],
      on: { 'ref.drained': { target: 'drained', actions: 'drainRef', meta: { step: 'K9' } } },
    },
    drained: {
      tags: ['doomed', 'quiesced', 'killed'],
      on: { 'memory.removed': { target: 'unbound', actions: 'removeMemory', meta: { step: 'K9' } } },
    },
    unbound: { tags: ['rest', 'doomed', 'quiesced', 'killed', 'removed'] },
  },
});

export interface UnbindInput {
  readonly notifies: 'beforeKill' | 'never' | 'afterKill' | 'afterPgmapKill';
  readonly marksDead: 'inDelGendisk' | 'never' | 'beforeKill';
  readonly revokes: 'no' | 'beforeKill' | 'afterGrace';
}
