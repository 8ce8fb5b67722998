import { setup } from 'xstate';
import { compose, defineModel, type Peer, replicate } from '../../src/explore/model.ts';
import { never, sometimes } from '../../src/explore/property.ts';

/**
 * What a transaction commit protocol has to achieve, as in TLA+ Examples, transaction_commit/TCommit.tla: TLC finds 34
 * states for 3 resource managers, 7 levels deep, and consistency holds.
 *
 * There are no messages: a manager looks at all the others and decides in one atomic step. A state, there and here, is
 * the state of every manager and nothing else.
 */

/** A resource manager. Whether it may decide is no business of its chart: the model says so, over all managers. */
const manager = setup({
  types: {
    events: {} as { type: 'work.finished' | 'commit.decided' | 'abort.decided' },
    tags: {} as 'rest' | 'ready' | 'committed' | 'aborted',
  },
}).createMachine({
  id: 'manager',
  initial: 'working',
  states: {
    working: {
      on: {
        'work.finished': 'prepared',
        'abort.decided': 'aborted',
      },
    },
    prepared: {
      tags: 'ready',
      on: {
        'commit.decided': 'committed',
        'abort.decided': 'aborted',
      },
    },
    committed: { tags: ['rest', 'ready', 'committed'] },
    aborted: { tags: ['rest', 'aborted'] },
  },
});

interface Managers {
  readonly manager: readonly Peer<typeof manager>[];
}

const canCommit = ({ manager }: Managers) => manager.every((peer) => peer.hasTag('ready'));
const notCommitted = ({ manager }: Managers) => !manager.some((peer) => peer.hasTag('committed'));

const allCommit = sometimes<Managers>('all managers commit', ({ manager }) =>
  manager.every((peer) => peer.hasTag('committed')),
);

const disagreement = never<Managers>(
  'one manager commits and another aborts',
  ({ manager }) => manager.some((peer) => peer.hasTag('committed')) && manager.some((peer) => peer.hasTag('aborted')),
  { witness: allCommit },
);

export default defineModel({
  name: 'transaction-commit',
  about: 'What two-phase commit is an answer to: managers that decide alike by looking at each other.',
  sources: ['TLA+ Examples, transaction_commit/TCommit.tla'],
  variants: {
    '3-managers': { figures: { states: 34, transitions: 93, deadlocks: 0, depth: 6 } },
  },
  build: () =>
    compose(
      { manager: replicate(manager, 3) },
      {
        spontaneous: {
          manager: [
            'work.finished',
            { type: 'commit.decided', when: canCommit },
            { type: 'abort.decided', when: notCommitted },
          ],
        },
        properties: [allCommit, disagreement],
      },
    ),
});
