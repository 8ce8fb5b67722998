import { assign, emit, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * A file system as those who report to it see it: absent, on its way, or there.
 *
 * Kept: which ranges it has been told of; a mount that fails may be tried again, and whoever waits for one is told when it has
 * succeeded. Left out: umount, and everything that the models of mount and umount ask; whoever is told writes anew what he
 * has lost, so that the range is bad no more.
 */
export const filesystemMachine = setup({
  types: {
    context: {} as { readonly told: readonly number[] },
    events: {} as
      | { type: 'mount.requested' | 'superblock.born' | 'error.met' }
      | { type: 'range.told'; poison: number },
    emitted: {} as { type: 'mount.announced' },
    tags: {} as 'rest' | 'born',
    meta: {} as Meta,
  },
  actions: {
    note: assign({
      told: ({ context, event }) =>
        'poison' in event ? [...new Set([...context.told, event.poison])].sort((a, b) => a - b) : context.told,
    }),
    announce: emit({ type: 'mount.announced' }),
  },
}).createMachine({
  id: 'filesystem',
  context: { told: [] },
  initial: 'absent',
  states: {
    absent: { tags: 'rest', on: { 'mount.requested': { target: 'mounting', meta: { step: 'M0' } } } },
    mounting: {
      on: {
        'superblock.born': { target: 'mounted', actions: 'announce', meta: { step: 'M13' } },
        'error.met': 'absent',
      },
    },
    mounted: {
      tags: ['rest', 'born'],
      on: { 'range.told': { actions: 'note', meta: { step: 'H13' } } },
    },
  },
});
