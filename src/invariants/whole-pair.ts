import type { Peer } from '../explore/model.ts';
import { always, never, sometimes, step } from '../explore/property.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { handlerMachine } from '../machines/handler.ts';
import type { holderMachine } from '../machines/holder.ts';
import type { mountMachine } from '../machines/mount.ts';
import type { notifierMachine } from '../machines/notifier.ts';
import type { referenceMachine } from '../machines/primitives/reference.ts';
import { holderNames } from './one-holder.ts';

interface Pair {
  readonly dax: Peer<typeof daxMachine>;
  readonly holder: readonly Peer<typeof holderMachine>[];
}

/** The witness: somebody is registered, and nobody is at work on it. */
export const pairStands = sometimes<Pair>('a registration stands', (room) => isQuiet(room) && room.dax.context.ops);

/**
 * I3 WholePair: when nobody registers and nobody puts, the device has ops and data of one registration, or neither.
 *
 * Why it can fail: put clears data, and then ops, each by a store of its own. Who registers in between has their ops cleared:
 * a holder that is never called. The device is free to be mounted again before the put of the last mount, because its
 * block device has been closed by then.
 *
 * @see fs_put_dax(), xfs_free_buftarg(); KB-11, KB-32
 */
export const wholePair = always<Pair>(
  'I3 WholePair',
  (room) => {
    const { data, ops, opsOf } = room.dax.context;
    return !isQuiet(room) || (ops ? opsOf === data : data === null);
  },
  {
    witness: pairStands,
    about: 'When nobody registers and nobody puts, the device has ops and data of one registration, or neither.',
  },
);

/**
 * I4 OwnerKnows: who is registered knows of it. Otherwise nobody ends the registration.
 *
 * Why it can fail: a lookup that finds the device taken gives back NULL, and that is what the caller keeps of it, be it himself who
 * has taken it before.
 *
 * @see fs_dax_get_by_bdev()
 */
export const ownerKnows = never<Pair>(
  'I4 OwnerKnows',
  (room) =>
    isQuiet(room) &&
    room.holder.some((one, number) => room.dax.context.data === holderNames[number] && !one.context.hasReference),
  { witness: pairStands, about: 'Who is registered knows of it.' },
);

interface Callback {
  readonly notifier: Peer<typeof notifierMachine>;
  readonly handler: Peer<typeof handlerMachine>;
}

/** The witness: a callback has loaded the holder that it works for. */
export const holderIsLoaded = sometimes<Callback>(
  'a callback has a holder',
  ({ notifier, handler }) => notifier.hasTag('calling') && handler.context.holder !== null,
);

/**
 * I3 SameRegistration: the ops that are called and the data that they find are of one registration.
 *
 * Why it can fail: between the load of the ops and the load of the data one holder may follow another. With two file systems of
 * one type that is a wrong mount, with two types a wrong cast (KB-32 is that, in the block layer's twin of this protocol).
 */
export const sameRegistration = never<Callback>(
  'I3 SameRegistration',
  ({ notifier, handler }) =>
    notifier.hasTag('calling') &&
    handler.context.holder !== null &&
    notifier.context.opsOf !== null &&
    notifier.context.opsOf !== handler.context.holder,
  { witness: holderIsLoaded, about: 'The ops that are called and the data that they find are of one registration.' },
);

interface References extends Pair {
  readonly mount: readonly Peer<typeof mountMachine>[];
  readonly inode: Peer<typeof referenceMachine>;
}

/** The witness: all mounts have failed, so that whatever they took has been given back, or is lost. */
export const allHaveFailed = sometimes<References>('every mount has failed', ({ mount }) =>
  mount.every((one) => one.hasTag('failed')),
);

/**
 * I17 NoLeak: whoever has gone holds no reference to the device's inode.
 *
 * Why it can fail: the mount that loses the race for a device forgets the device, and with it the reference of its lookup (H-18).
 *
 * @see fs_dax_get_by_bdev()
 */
export const noLeak = never<References>(
  'I17 NoLeak',
  ({ mount, inode }) =>
    inode.context.count < 0 || (mount.every((one) => one.hasTag('failed')) && inode.context.count > 0),
  { witness: allHaveFailed, about: "Whoever has gone holds no reference to the device's inode." },
);

/**
 * I17 PutOnce: who puts a device has a reference to give back.
 *
 * Why it can fail: fs_put_dax() does not clear the pointer of its caller. Who puts twice gives back what another has.
 *
 * @see fs_put_dax(), xfs_free_buftarg()
 */
export const putOnce = step<{ readonly holder: Peer<typeof holderMachine> }>(
  'I17 PutOnce',
  ({ before }) => before.holder.context.hasReference,
  { when: ({ taken }) => taken.some(({ actor, message }) => actor === 'holder' && message.type === 'put.called') },
);

/** The witness for what nobody is told: a file system is mounted without DAX on a device that nobody holds any more. */
export const mountedWithoutDevice = sometimes<Pick<References, 'mount' | 'holder' | 'dax'>>(
  'a file system has missed its device',
  ({ mount, holder, dax }) =>
    dax.context.data === null &&
    mount.some((one, i) => one.hasTag('mounted') && !holder[i]!.context.hasReference && mount[1 - i]!.hasTag('failed')),
);

const isQuiet = ({ holder }: Pair): boolean => holder.every((one) => one.hasTag('rest'));
