import type { Peer } from '../explore/model.ts';
import { always, sometimes } from '../explore/property.ts';
import type { badblocksMachine } from '../machines/badblocks.ts';
import type { fateMachine } from '../machines/fate.ts';
import type { firmwareMachine } from '../machines/firmware.ts';
import type { workerMachine } from '../machines/worker.ts';

interface Queue {
  readonly firmware: Peer<typeof firmwareMachine>;
  readonly worker: Peer<typeof workerMachine>;
  readonly badblocks: Peer<typeof badblocksMachine>;
  readonly fate: readonly Peer<typeof fateMachine>[];
}

/** The witness: every event that there is has been raised, and the last of them is handled. */
export const allAreHandled = sometimes<Queue>('the last event is handled', ({ fate }) => fate.at(-1)!.hasTag('owned'));

/** The witness: the queue is full, and one more event is to come. */
export const queueIsFull = sometimes<Queue>(
  'the queue is full',
  ({ worker, firmware }) => worker.mailbox.length === 2 && firmware.context.raised < firmware.context.events,
);

/**
 * I5 NothingDropped: an event that has been raised is owned, under way, or kept where somebody reads it.
 *
 * Why it can fail: the queue has room for a few events for each processor, and what comes then leaves a line in the log (H-22).
 *
 * @see memory_failure_queue(); H-22, S000-27
 */
export const nothingDropped = always<Queue>(
  'I5 NothingDropped',
  ({ firmware, worker, badblocks, fate }) =>
    fate.every(
      (event, poison) =>
        poison >= firmware.context.raised ||
        event.hasTag('owned') ||
        worker.context.poison === poison ||
        worker.mailbox.some((mail) => 'poison' in mail && mail.poison === poison) ||
        badblocks.context.pending.includes(poison),
    ),
  {
    witness: queueIsFull,
    about: 'An event that has been raised is owned, under way, or kept where somebody reads it.',
  },
);
