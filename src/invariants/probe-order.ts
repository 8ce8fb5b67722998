import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
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
  { witness: busIsFlushed },
);

/**
 * I17 NoDanglingPageMap: nobody follows a page map that has been freed.
 *
 * Why it can fail: it is published, a later step of the probe fails, and devres frees it (KB-17). The registration of a
 * holder before the superblock is read has the same shape, and the same cure: publish last, or take back.
 */
export const noDanglingPageMap = never<Pick<Probing, 'lookup'>>(
  'I17 NoDanglingPageMap',
  ({ lookup }) => lookup.hasTag('freed'),
  { witness: pgmapIsFollowed },
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
  { witness: deviceIsProbed },
);
