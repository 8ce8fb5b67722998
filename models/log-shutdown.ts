import { compose, defineModel, type EventsOf, type Peer, start } from '../src/explore/model.ts';
import { bothWaysReturn, bufferAlone, bufferIsGivenBack, logIsShut } from '../src/invariants/shutdown-complete.ts';
import { logShutdownMachine } from '../src/machines/log-shutdown.ts';
import { bufferMachine } from '../src/machines/primitives/buffer.ts';
import { pushMachine } from '../src/machines/push.ts';
import type { Steps } from './instructions/threads.ts';

const options = {
  /** Whether a bit is exchanged before anything else, which says that a shutdown is under way. */
  asksFirst: [true, false],
} as const;

/**
 * A handler of poison or of an unplug shuts the file system down, and the log does so by itself when it fails: two ways
 * into one shutdown. May they wait for each other?
 *
 * The world is one thread on each way, the one that comes by the mount with a buffer locked, and the worker that pushes
 * the log and needs that buffer if the log has failed. What is asked is whether everybody comes to an end, which is
 * `deadlock`, and whether the log is shut when the last of them has.
 *
 * The run is the one that the fix tells: the log's thread fails the log while the mount's thread, buffer in hand, waits
 * for a push; the push finds the log failed and wants the buffer. With the bit asked first, whoever comes second waits
 * for nobody, and so lets go of what he holds.
 */
export default defineModel({
  name: 'log-shutdown',
  about: 'A mount and its log are shut down at the same time: do they wait for each other?',
  sources: ['KB-36'],
  options,
  variants: {
    'two-forces': {
      about: 'Both may force the log.',
      option: { asksFirst: false },
      expect: { deadlock: 'violated' },
    },
    P6: {
      about: 'Only who comes first forces the log.',
    },
    repaired: {
      about: 'As P6.',
    },
  },
  build: (option) =>
    compose(
      {
        mountShutdown: start(logShutdownMachine, { way: 'mount', asksFirst: option.asksFirst }),
        logShutdown: start(logShutdownMachine, { way: 'log', asksFirst: option.asksFirst }),
        push: start(pushMachine),
        buffer: start(bufferMachine),
      },
      {
        wires: {
          mountShutdown: shutdownWires,
          logShutdown: shutdownWires,
          push: bufferWires,
        },
        spontaneous: {
          mountShutdown: shutdownSteps,
          logShutdown: shutdownSteps,
          push: [
            { type: 'log.read', read: ({ push }) => ({ failed: push.context.failed }) },
            'callbacks.run',
            'push.ended',
          ],
        },
        properties: [logIsShut, bufferAlone, bothWaysReturn, bufferIsGivenBack],
      },
    ),
});

const bufferWires = { 'buffer.locked': { rendezvous: 'buffer' }, 'buffer.unlocked': 'buffer' } as const;

/** On either way. */
const shutdownWires = {
  ...bufferWires,
  'shutdown.begun': 'push',
  'log.failed': 'push',
  'push.asked': 'push',
} as const;

const shutdownSteps: Steps<EventsOf<typeof logShutdownMachine>, { readonly push: Peer<typeof pushMachine> }> = [
  { type: 'shutdown.called', environment: true },
  { type: 'pending.exchanged', read: ({ push }) => ({ pending: push.context.pending }) },
  'log.failed',
  'force.begun',
  { type: 'force.done', when: ({ push }) => push.hasTag('pushed') },
  'buffer.released',
];
