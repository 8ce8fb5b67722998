import { setup } from 'xstate';

/**
 * Whether a file system has claimed a block device (bd_holder): the way from the device up to whoever uses it.
 *
 * Kept: it comes when a mount opens the device, and goes when an umount closes it. Left out: who it is, as there is
 * one.
 */
export const claimMachine = setup({
  types: { events: {} as { type: 'bdev.claimed' | 'disk.unlocked' }, tags: {} as 'rest' | 'claimed' },
}).createMachine({
  id: 'claim',
  initial: 'none',
  states: {
    none: { tags: 'rest', on: { 'bdev.claimed': 'claimed' } },
    claimed: { tags: ['rest', 'claimed'], on: { 'disk.unlocked': 'none' } },
  },
});
