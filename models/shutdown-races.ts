import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { bothReturn, commitMeetsShutdown, noCommitAfterShutdown } from '../src/invariants/shutdown-complete.ts';
import { journalMachine } from '../src/machines/journal.ts';
import { shutdownMachine } from '../src/machines/shutdown.ts';
import { superblockMachine } from '../src/machines/superblock.ts';

const options = {
  /** What a thread does that wants to shut down what is being shut down already. */
  whenLate: ['waits', 'returns'],
} as const;

/**
 * The handler of an unplug ends with a shutdown, and that of poison in metadata too. Somebody else may be shutting the
 * file system down at that moment. What may the second of them say to its caller?
 *
 * The world is two threads that shut the file system down, in the middle of whatever transactions are being committed.
 * That a shutdown which is over takes the walk from an unplug (H-04) is asked in `unplug-revokes`; that it takes the
 * next event's from poison (H-05), in the models of poison.
 */
export default defineModel({
  name: 'shutdown-races',
  about: 'Two threads shut a file system down: when may the second say that it is shut down?',
  sources: ['KB-35'],
  options,
  variants: {
    'returns-early': {
      about: 'As until 2022: who finds the flag set returns, and the log is still open.',
      option: { whenLate: 'returns' },
      expect: { [noCommitAfterShutdown.name]: 'violated' },
    },
    P6: {
      about: 'Who finds the flag set waits until the log is shut.',
    },
    repaired: {
      about: 'As P6.',
    },
  },
  build: (option) =>
    compose(
      {
        shutdown: replicate(shutdownMachine, 2, () => ({ whenLate: option.whenLate })),
        superblock: start(superblockMachine, { mounted: true }),
        journal: start(journalMachine),
      },
      {
        wires: { shutdown: { 'filesystem.shut': 'superblock', 'log.shut': 'journal' } },
        spontaneous: {
          shutdown: [
            { type: 'shutdown.called', environment: true },
            { type: 'flag.exchanged', read: ({ superblock }) => ({ set: superblock.context.shutdown }) },
            'log.shut',
            { type: 'shutdown.completed', when: ({ journal }) => journal.hasTag('shut') },
          ],
          journal: [{ type: 'transaction.committed', environment: true }],
        },
        properties: [noCommitAfterShutdown, commitMeetsShutdown, bothReturn],
      },
    ),
});
