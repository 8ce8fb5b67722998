import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { toldMachine } from '../machines/told.ts';

interface Answered {
  readonly failure: readonly Peer<typeof failureMachine>[];
  /** Whether whoever has called memory_failure() has its answer. In a room with one event it is that one's. */
  readonly answered: Peer<typeof toldMachine>;
}

/** The witness: memory_failure() comes to its end. */
export const failureReturns = sometimes<Pick<Answered, 'failure'>>('memory_failure has returned', ({ failure }) =>
  failure.some((event) => event.hasTag('returned')),
);

/**
 * L3 CallerIsAnswered: a memory_failure() that is over has said so, on every way out. Somebody waits for it, and were it only the
 * worker that takes the next event from the queue.
 *
 * Why it can fail: it has as many ways out as it has questions, and each lets go of what it holds by itself.
 *
 * @see memory_failure(), kill_me_maybe()
 */
export const callerIsAnswered = never<Answered>(
  'L3 CallerIsAnswered',
  ({ failure, answered }) => failure.some((event) => event.hasTag('returned')) && !answered.hasTag('told'),
  { witness: failureReturns, about: 'A memory_failure() that is over has said so, on every way out.' },
);
