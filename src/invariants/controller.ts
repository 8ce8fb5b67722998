import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { controlledWalkMachine } from '../machines/controlled-walk.ts';

interface Walk {
  readonly walk: Peer<typeof controlledWalkMachine>;
}

/** The witness: an owner is told. */
export const ownerIsTold = sometimes<Walk>('an owner is told', ({ walk }) => walk.hasTag('told'));

/**
 * I17 ControllerInUse: nobody calls through a controller whose function has returned.
 *
 * Why it can fail: a function pointer that is passed down lives as long as its giver waits, and a file system that answers before
 * it is done does not make him wait.
 *
 * @see mf_recover_controller (RFC of November 2020); S004-16
 */
export const controllerInUse = never<Walk>('I17 ControllerInUse', ({ walk }) => walk.hasTag('dangling'), {
  witness: ownerIsTold,
  about: 'Nobody calls through a controller whose function has returned.',
});
