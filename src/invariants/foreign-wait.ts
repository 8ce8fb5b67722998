import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { handlerMachine } from '../machines/handler.ts';
import type { lockMachine } from '../machines/primitives/lock.ts';

/** Two devices: failure, handler and mutex number 0 are those of the first, number 1 those of the second. */
interface Devices {
  readonly failure: readonly Peer<typeof failureMachine>[];
  readonly handler: readonly Peer<typeof handlerMachine>[];
  readonly mf_mutex: readonly Peer<typeof lockMachine>[];
}

/** The witness: both file systems are at work at the end of their events, one after the other or at once. */
export const bothReturn = sometimes<Pick<Devices, 'failure'>>('both events have returned', ({ failure }) =>
  failure.every((event) => event.hasTag('returned')),
);

/**
 * L3 NoForeignWait: no event waits for the walk of a file system that it does not lie in.
 *
 * What can be said of L3 without fairness. Why it can fail: there is one mf_mutex, and it is held for the whole of a walk,
 * which may sleep on the locks of its file system (H-20).
 *
 * @see memory_failure()
 */
export const noForeignWait = never<Devices>(
  'L3 NoForeignWait',
  ({ failure, handler, mf_mutex }) =>
    failure[1]!.hasTag('waiting') && handler[0]!.hasTag('walking') && mf_mutex.at(-1)!.hasTag('held'),
  { witness: bothReturn, about: 'No event waits for the walk of a file system that it does not lie in.' },
);
