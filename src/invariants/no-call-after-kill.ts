import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { notifierMachine } from '../machines/notifier.ts';
import type { unbindMachine } from '../machines/unbind.ts';

/** Of two devices, the second is unbound; notifier number 1 is the one that asks its holder. */
interface Kill {
  readonly notifier: readonly Peer<typeof notifierMachine>[];
  readonly unbind: Peer<typeof unbindMachine>;
}

/** The witness: a device is killed while its holder is being called. */
export const callMeetsKill = sometimes<Kill>(
  'a device is killed while its holder is called',
  ({ notifier, unbind }) => notifier[1]!.hasTag('calling') && unbind.hasTag('doomed'),
);

/**
 * I2 NoCallAfterKill: when kill_dax() has waited for the readers, nobody is inside a callback of the device any more.
 *
 * Why it can fail: whoever comes after the wait has begun is not waited for. He has to find ALIVE cleared (N2), and to go: the
 * question and the wait are a pair, and neither is worth anything without the other.
 *
 * @see dax_holder_notify_failure(), kill_dax()
 */
export const noCallAfterKill = never<Kill>(
  'I2 NoCallAfterKill',
  ({ notifier, unbind }) => notifier[1]!.hasTag('calling') && unbind.hasTag('quiesced'),
  {
    witness: callMeetsKill,
    about: 'When kill_dax() has waited for the readers, nobody is inside a callback of the device any more.',
  },
);
