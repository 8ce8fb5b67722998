import { emit, setup } from 'xstate';
import type { LockMessage } from './messages.ts';

/**
 * The thread that creates a device of device mapper and removes it again: add_disk(); kill_dax() and del_gendisk().
 *
 * Kept: adding and deleting a disk take time, in which it is half made; a device is removed only if its table is not
 * open, and from then on nobody finds it who looks; its DAX device is killed before its disk goes, as in pmem, and it
 * is freed when the readers of dax_srcu have left. Left out: suspending it, a table that is exchanged, and that the
 * removal closes the table itself.
 *
 * `locks` is where the thread holds the lock that whoever opens the table takes: nowhere (KB-31), from beginning to end
 * of adding and of deleting the disk, or through the kill of the DAX device as well.
 */
export const mappedDeviceMachine = setup({
  types: {
    context: {} as MappedDeviceInput,
    input: {} as MappedDeviceInput,
    events: {} as
      | {
          type:
            | 'device.requested'
            | 'disk.added'
            | 'removal.requested'
            | 'alive.cleared'
            | 'grace.passed'
            | 'disk.reached'
            | 'disk.deleted'
            | 'device.freed';
        }
      | { type: 'table.read'; open: boolean },
    emitted: {} as LockMessage<'table' | 'none'>,
    tags: {} as 'rest' | 'there' | 'live' | 'alive' | 'killing' | 'freed',
  },
  guards: {
    isOpen: ({ event }) => 'open' in event && event.open,
    isKeeping: ({ context }) => context.locks === 'kill',
  },
  actions: {
    lock: emit(({ context }) => ({ type: 'lock.taken', lock: context.locks === 'nothing' ? 'none' : 'table' })),
    unlock: emit(({ context }) => ({ type: 'lock.released', lock: context.locks === 'nothing' ? 'none' : 'table' })),
  },
}).createMachine({
  id: 'mappedDevice',
  context: ({ input }) => input,
  initial: 'absent',
  states: {
    absent: { tags: 'rest', on: { 'device.requested': { target: 'adding', actions: 'lock' } } },
    adding: {
      description: 'The disk can be found, and is half made.',
      tags: 'there',
      on: { 'disk.added': { target: 'live', actions: 'unlock' } },
    },
    live: {
      tags: ['rest', 'there', 'live', 'alive'],
      on: { 'removal.requested': { target: 'asking', actions: 'lock' } },
    },
    asking: {
      tags: ['there', 'live', 'alive'],
      on: {
        'table.read': [
          { guard: 'isOpen', target: 'live', actions: 'unlock' },
          { guard: 'isKeeping', target: 'doomed' },
          { target: 'doomed', actions: 'unlock' },
        ],
      },
    },
    doomed: { tags: ['live', 'alive', 'killing'], on: { 'alive.cleared': 'synchronizing' } },
    synchronizing: { tags: ['live', 'killing'], on: { 'grace.passed': 'killed' } },
    killed: {
      tags: 'live',
      on: {
        'disk.reached': [
          { guard: 'isKeeping', target: 'deleting' },
          { target: 'deleting', actions: 'lock' },
        ],
      },
    },
    deleting: { on: { 'disk.deleted': { target: 'deleted', actions: 'unlock' } } },
    deleted: { on: { 'device.freed': 'freed' } },
    freed: { tags: ['rest', 'freed'] },
  },
});

export interface MappedDeviceInput {
  readonly locks: 'nothing' | 'disk' | 'kill';
}
