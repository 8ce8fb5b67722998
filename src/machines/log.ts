import { setup } from 'xstate';

/**
 * The log on disk, and with it the state of everything that is logged, the rmapbt first of all.
 *
 * Kept: a log that a crash left dirty is replayed in three stages (pass 1 reads it, pass 2 writes the buffers and inodes
 * back, the intents are finished by real transactions), and until the last of them the rmapbt may name owners that are no
 * longer, miss others, or turn in a circle: `stale`. A mount that gives up after
 * the second stage has intents to cancel. Left out: which of these a stale tree does (rmapbt.ts).
 */
export const logMachine = setup({
  types: {
    events: {} as {
      type:
        | 'power.failed'
        | 'log.scanned'
        | 'log.replayed'
        | 'intents.recovered'
        | 'intents.cancelled'
        | 'log.unmounted';
    },
    tags: {} as 'rest' | 'stale' | 'intents' | 'unmounted',
  },
}).createMachine({
  id: 'log',
  initial: 'clean',
  states: {
    clean: {
      tags: 'rest',
      on: {
        'power.failed': 'dirty',
        // A mount that finds nothing to replay goes through the last stage all the same.
        'intents.recovered': {},
        'intents.cancelled': {},
        'log.unmounted': 'unmounted',
      },
    },
    dirty: { tags: ['rest', 'stale'], on: { 'log.scanned': 'scanned' } },
    scanned: { tags: ['rest', 'stale'], on: { 'log.replayed': 'replayed' } },
    replayed: {
      description: 'The intents stand in the AIL, and the AIL is not empty before they are done or given up.',
      tags: ['rest', 'stale', 'intents'],
      on: { 'intents.recovered': 'clean', 'intents.cancelled': 'aborted' },
    },
    aborted: { tags: ['rest', 'stale'] },
    unmounted: { tags: ['rest', 'unmounted'] },
  },
});
