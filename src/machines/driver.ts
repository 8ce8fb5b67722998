import { emit, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * A driver that binds to a device and gives a pagemap to mm: probe, failure of probe, and unbind.
 *
 * Kept: probe may fail after it has begun, and what it has made is freed then; what it publishes is found by others
 * from that moment on. A pagemap of its own is killed, drained and removed with the driver (pmem); one that it finds
 * there stays when it goes (fsdev), and with it what the driver has written into it. Left out: what is bound next.
 */
export const driverMachine = setup({
  types: {
    context: {} as DriverInput,
    input: {} as DriverInput,
    events: {} as {
      type:
        | 'driver.bound'
        | 'pagemap.published'
        | 'probe.finished'
        | 'probe.failed'
        | 'pagemap.freed'
        | 'driver.unbound'
        | 'operations.withdrawn'
        | 'ref.killed'
        | 'ref.drained'
        | 'memory.removed'
        | 'module.unloaded';
    },
    emitted: {} as {
      type:
        | 'pagemap.published'
        | 'pagemap.freed'
        | 'operations.withdrawn'
        | 'ref.killed'
        | 'ref.drained'
        | 'memory.removed'
        | 'module.unloaded';
    },
    tags: {} as 'rest' | 'failed' | 'gone',
    meta: {} as Meta,
  },
  guards: {
    isEarly: ({ context }) => context.publishes === 'early',
    isOwn: ({ context }) => context.pagemap === 'own',
    isWithdrawing: ({ context }) => context.withdraws,
  },
  actions: {
    publish: emit({ type: 'pagemap.published' }),
    free: emit({ type: 'pagemap.freed' }),
    withdraw: emit({ type: 'operations.withdrawn' }),
    kill: emit({ type: 'ref.killed' }),
    drain: emit({ type: 'ref.drained' }),
    remove: emit({ type: 'memory.removed' }),
    unload: emit({ type: 'module.unloaded' }),
  },
}).createMachine({
  id: 'driver',
  context: ({ input }) => input,
  initial: 'unbound',
  states: {
    unbound: {
      tags: 'rest',
      on: { 'driver.bound': [{ guard: 'isEarly', target: 'publishingEarly' }, { target: 'probing' }] },
    },
    publishingEarly: {
      on: { 'pagemap.published': { target: 'probingPublished', actions: 'publish' } },
    },
    probingPublished: {
      on: { 'probe.finished': 'bound', 'probe.failed': 'failing' },
    },
    probing: {
      on: { 'probe.finished': 'publishing', 'probe.failed': 'failing' },
    },
    publishing: {
      on: { 'pagemap.published': { target: 'bound', actions: 'publish' } },
    },
    failing: {
      description: 'devres frees what probe has made, and knows of nobody who has seen it.',
      on: { 'pagemap.freed': { target: 'failed', actions: 'free' } },
    },
    failed: { tags: ['rest', 'failed'] },
    bound: {
      tags: 'rest',
      on: {
        'driver.unbound': [
          { guard: 'isOwn', target: 'killing', meta: { step: 'K0' } },
          { guard: 'isWithdrawing', target: 'withdrawing', meta: { step: 'K0' } },
          { target: 'unloading', meta: { step: 'K0' } },
        ],
      },
    },
    withdrawing: {
      on: { 'operations.withdrawn': { target: 'unloading', actions: 'withdraw' } },
    },
    killing: {
      on: { 'ref.killed': { target: 'draining', actions: 'kill', meta: { step: 'K9' } } },
    },
    draining: {
      on: { 'ref.drained': { target: 'removing', actions: 'drain', meta: { step: 'K9' } } },
    },
    removing: {
      on: { 'memory.removed': { target: 'unloading', actions: 'remove', meta: { step: 'K9' } } },
    },
    unloading: {
      on: { 'module.unloaded': { target: 'gone', actions: 'unload' } },
    },
    gone: { tags: ['rest', 'gone'] },
  },
});

export interface DriverInput {
  /** Whether the pagemap can be found before probe has come past its last failure (KB-17). */
  readonly publishes: 'last' | 'early';
  /** A pagemap of the driver's own, or one that outlives it. */
  readonly pagemap: 'own' | 'lasting';
  /** Whether the driver takes its operations out of a pagemap that outlives it (KB-16). */
  readonly withdraws: boolean;
}
