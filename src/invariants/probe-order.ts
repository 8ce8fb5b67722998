import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { busMachine } from '../machines/bus.ts';
import type { daxInodeMachine } from '../machines/dax-inode.ts';
import type { lookupMachine } from '../machines/lookup.ts';
import type { probeMachine } from '../machines/probe.ts';

interface Probing {
  readonly probe: Peer<typeof probeMachine>;
  readonly lookup: Peer<typeof lookupMachine>;
  readonly inode: Peer<typeof daxInodeMachine>;
}

/** The witness: a device is probed to the good end. */
export const deviceIsProbed = sometimes<Pick<Probing, 'probe'>>('a device is probed', ({ probe }) =>
  probe.hasTag('attached'),
);

/** The witness: a page map is followed by somebody who has looked the device up. */
export const pgmapIsFollowed = sometimes<Pick<Probing, 'lookup'>>('a page map is followed', ({ lookup }) =>
  lookup.hasTag('following'),
);

/** The witness: a thread that waits for an idle bus gets it. */
export const busIsFlushed = sometimes<{ readonly bus: Peer<typeof busMachine> }>('the bus is flushed', ({ bus }) =>
  bus.hasTag('flushed'),
);

/** The witness: it has come while a probe is under way. */
export const flushMeetsProbe = sometimes<{ readonly bus: Peer<typeof busMachine> }>(
  'a flush is asked for during a probe',
  ({ bus }) => bus.context.meets,
);

/**
 * I17 ProbesAwaited: who waits for an idle bus comes after the probe that was under way when he came, one that still waits for
 * the device's lock included.
 *
 * Why it can fail: the lock keeps two apart that both want it now, and says nothing of who was there first.
 *
 * @see wait_nvdimm_bus_probe_idle()
 */
export const probesAwaited = never<Pick<Probing, 'probe'> & { readonly bus: Peer<typeof busMachine> }>(
  'I17 ProbesAwaited',
  ({ probe, bus }) => bus.hasTag('flushing') && bus.context.meets && probe.hasTag('probing'),
  {
    witness: flushMeetsProbe,
    about:
      "Who waits for an idle bus comes after the probe that was under way when he came, one that still waits for the device's lock included.",
  },
);

/**
 * I17 FlushedAlone: who has the device to itself is alone with it: no probe is at work on it.
 *
 * Why it can fail: to have seen an idle bus says nothing of the moment after. The lock does (KB-39 is about their order).
 *
 * @see wait_nvdimm_bus_probe_idle()
 */
export const flushedAlone = never<Pick<Probing, 'probe'> & { readonly bus: Peer<typeof busMachine> }>(
  'I17 FlushedAlone',
  ({ probe, bus }) => bus.hasTag('flushing') && probe.hasTag('probing') && probe.hasTag('driving'),
  { witness: busIsFlushed, about: 'Who has the device to itself is alone with it: no probe is at work on it.' },
);

/**
 * I17 NoDanglingPageMap: nobody follows a page map that is not there: not one that has been freed, and not one that has never been
 * published.
 *
 * Why it can fail: it is published, a later step of the probe fails, and devres frees it (KB-17). The registration of a
 * holder before the superblock is read has the same shape, and the same cure: publish last, or take back.
 */
export const noDanglingPageMap = never<Pick<Probing, 'lookup' | 'inode'>>(
  'I17 NoDanglingPageMap',
  ({ lookup, inode }) => lookup.hasTag('freed') || (lookup.hasTag('following') && inode.context.pgmap !== 'live'),
  {
    witness: pgmapIsFollowed,
    about:
      'Nobody follows a page map that is not there: not one that has been freed, and not one that has never been published.',
  },
);

/**
 * I17 NoDeadDevice: who goes on with a device that he has looked up has found it alive.
 *
 * Why it can fail: an inode is found by its number whether a driver has brought it to life or killed it (KB-19: whoever looks
 * asks again).
 *
 * @see dax_dev_find(); KB-19
 */
export const noDeadDevice = step<Pick<Probing, 'lookup' | 'inode'>>(
  'I17 NoDeadDevice',
  ({ before, after }) =>
    before.lookup.hasTag('found') || !after.lookup.hasTag('found') || before.inode.context.device === 'alive',
  { witness: pgmapIsFollowed, about: 'Who goes on with a device that he has looked up has found it alive.' },
);

/** The witness: a probe comes back from a step that has failed. */
export const probeFails = sometimes<Pick<Probing, 'probe'>>('a probe fails', ({ probe }) => probe.hasTag('failed'));

/**
 * I17 ProbeLeavesNothing: a probe that has failed leaves no memory mapped.
 *
 * Why it can fail: it cannot, as long as devres knows of what has been mapped.
 *
 * @see devm_memremap_pages()
 */
export const failedProbeLeavesNothing = never<Pick<Probing, 'probe' | 'inode'>>(
  'I17 ProbeLeavesNothing',
  ({ probe, inode }) => probe.hasTag('failed') && (inode.context.pgmap === 'mapped' || inode.context.pgmap === 'live'),
  { witness: probeFails, about: 'A probe that has failed leaves no memory mapped.' },
);

/**
 * I17 AliveHasDriver: a device that says it is alive has a driver.
 *
 * Why it can fail: the way back of a probe kills what it finds at a pointer that has not been stored yet, which is nothing
 * (KB-29); and a lookup may make the device that it does not find (KB-19).
 *
 * @see alloc_dax(), kill_dax(), dax_dev_get()
 */
export const aliveHasDriver = never<Probing>(
  'I17 AliveHasDriver',
  ({ probe, inode }) => inode.context.device === 'alive' && !probe.hasTag('driving'),
  { witness: deviceIsProbed, about: 'A device that says it is alive has a driver.' },
);
