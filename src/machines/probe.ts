import { emit, setup } from 'xstate';
import type { LockMessage } from './messages.ts';

/**
 * The probe of a DAX driver, to its end or back from a step that fails: pmem_attach_disk(), and fsdev's probe.
 *
 * Kept: the device is allocated alive, given a host, and its page map published for others to follow; each of the steps after
 * the first may fail, and the way back undoes what it knows of. Left out: everything that nobody follows. A probe that has
 * failed is not tried again.
 *
 * The input is what was wrong once: the page map is published before the last step that may fail (KB-17); the new device is
 * stored where the way back looks for it only after the next step (KB-29).
 */
export const probeMachine = setup({
  types: {
    context: {} as ProbeInput,
    input: {} as ProbeInput,
    events: {} as {
      type:
        | 'probe.requested'
        | 'device.locked'
        | 'device.allocated'
        | 'host.added'
        | 'pgmap.mapped'
        | 'driver.attached'
        | 'error.met'
        | 'pgmap.freed'
        | 'device.killed';
    },
    emitted: {} as
      | { type: 'device.allocated' | 'device.killed' | 'pgmap.mapped' | 'pgmap.published' | 'pgmap.freed' }
      | LockMessage<'device_lock'>,
    tags: {} as 'rest' | 'probing' | 'driving' | 'failed' | 'attached',
  },
  guards: {
    isStoredAtOnce: ({ context }) => context.stores === 'atOnce',
    isPublishedEarly: ({ context }) => context.publishes === 'beforeLastStep',
  },
  actions: {
    lock: emit({ type: 'lock.taken', lock: 'device_lock' }),
    unlock: emit({ type: 'lock.released', lock: 'device_lock' }),
    allocate: emit({ type: 'device.allocated' }),
    kill: emit({ type: 'device.killed' }),
    map: emit({ type: 'pgmap.mapped' }),
    publish: emit({ type: 'pgmap.published' }),
    free: emit({ type: 'pgmap.freed' }),
  },
}).createMachine({
  id: 'probe',
  context: ({ input }) => input,
  initial: 'absent',
  states: {
    absent: {
      tags: 'rest',
      on: { 'probe.requested': 'locking' },
    },
    locking: {
      tags: 'probing',
      on: { 'device.locked': { target: 'allocating', actions: 'lock' } },
    },
    allocating: {
      tags: ['probing', 'driving'],
      on: { 'device.allocated': { target: 'adding', actions: 'allocate' } },
    },
    adding: {
      tags: ['probing', 'driving'],
      on: {
        'host.added': 'mapping',
        'error.met': [
          { guard: 'isStoredAtOnce', target: 'killing' },
          { target: 'failed', actions: 'unlock' },
        ],
      },
    },
    mapping: {
      tags: ['probing', 'driving'],
      on: {
        'pgmap.mapped': [
          { guard: 'isPublishedEarly', target: 'attaching', actions: ['map', 'publish'] },
          { target: 'attaching', actions: 'map' },
        ],
        'error.met': 'killing',
      },
    },
    attaching: {
      tags: ['probing', 'driving'],
      on: {
        'driver.attached': [
          { guard: 'isPublishedEarly', target: 'attached', actions: 'unlock' },
          { target: 'attached', actions: ['publish', 'unlock'] },
        ],
        'error.met': 'freeing',
      },
    },
    freeing: {
      description: 'devres frees the page map. Nobody takes back what has been published of it.',
      tags: ['probing', 'driving'],
      on: { 'pgmap.freed': { target: 'killing', actions: 'free' } },
    },
    killing: {
      tags: ['probing', 'driving'],
      on: { 'device.killed': { target: 'failed', actions: ['kill', 'unlock'] } },
    },
    failed: { tags: ['rest', 'failed'] },
    attached: { tags: ['rest', 'driving', 'attached'] },
  },
});

export interface ProbeInput {
  readonly publishes: 'atLast' | 'beforeLastStep';
  readonly stores: 'atOnce' | 'afterNextStep';
}
