import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { handlerMachine } from '../machines/handler.ts';
import type { notifierMachine } from '../machines/notifier.ts';
import { callbackIsInvoked } from './no-late-walk.ts';

/**
 * I3 HolderPair: a callback is invoked only with ops and data that one registration has installed.
 *
 * Why it can fail: the pair is two variables. Ops loaded twice may be NULL the second time (KB-12); ops loaded once may stand
 * beside data that have been cleared (H-03). With one mount in the world the other registration is always none.
 * A handler that finds no data and answers so has not used the pair.
 *
 * @see dax_holder_notify_failure(), fs_put_dax()
 */
export const holderPair = never<{
  readonly notifier: Peer<typeof notifierMachine>;
  readonly handler: Peer<typeof handlerMachine>;
}>('I3 HolderPair', ({ notifier, handler }) => notifier.hasTag('torn') || handler.hasTag('null'), {
  witness: callbackIsInvoked,
  about: 'A callback is invoked only with ops and data that one registration has installed.',
});

/**
 * The witness for the moment between the two stores of a registration: a notifier is under way and data stand without ops.
 * It finds no ops and goes the generic way, which does no harm: that I5 holds in the repaired variants says so (H-16).
 */
export const halfRegistrationIsMet = sometimes<{
  readonly dax: Peer<typeof daxMachine>;
  readonly notifier: Peer<typeof notifierMachine>;
}>(
  'a notifier meets half a registration',
  ({ dax, notifier }) => notifier.hasTag('reading') && dax.context.data !== null && !dax.context.ops,
);
