import type { Peer } from '../explore/model.ts';
import { always, never, sometimes, step } from '../explore/property.ts';
import type { daxMachine } from '../machines/dax.ts';
import type { mappedDeviceMachine } from '../machines/mapped-device.ts';
import type { relayMachine } from '../machines/relay.ts';
import type { tableMachine } from '../machines/table.ts';

interface Assembly {
  readonly device: Peer<typeof mappedDeviceMachine>;
  readonly table: Peer<typeof tableMachine>;
}

interface Climbing extends Assembly {
  readonly relay: Peer<typeof relayMachine>;
}

/** The witness: a leg is linked to a mapped device. */
export const legIsLinked = sometimes<Pick<Assembly, 'table'>>('a leg is linked to a mapped device', ({ table }) =>
  table.hasTag('linked'),
);

/** The witness: a mapped device comes and goes. */
export const deviceIsFreed = sometimes<Pick<Assembly, 'device'>>('a mapped device is removed', ({ device }) =>
  device.hasTag('freed'),
);

/**
 * I17 NoHalfDevice: whoever has been linked to a mapped device is linked to a whole one.
 *
 * Why it can fail: adding a disk takes time, and deleting it does; who looks in between finds something, and who has
 * looked before links himself to what is gone by then (KB-31).
 *
 * @see add_disk(), del_gendisk()
 */
export const noHalfDevice = never<Assembly>(
  'I17 NoHalfDevice',
  ({ device, table }) => table.hasTag('linked') && !device.hasTag('live'),
  { witness: legIsLinked, about: 'Whoever has been linked to a mapped device is linked to a whole one.' },
);

/** The witness: a report on the leg is on its way through a mapped device that is being removed. */
export const reportMeetsRemoval = sometimes<Climbing>(
  'a report climbs through a mapped device that is being removed',
  ({ device, relay }) => relay.hasTag('climbing') && device.hasTag('killing'),
);

/**
 * I17 NoFreedDevice: a mapped device is not freed under a report that climbs through it.
 *
 * Why it can fail: the report came in by the leg, and is a reader of the leg's device; who removes the mapped device
 * waits for the readers of that. One dax_srcu for all of them makes the two the same.
 *
 * @see dax_holder_notify_failure(), kill_dax(), synchronize_srcu(); H-21
 */
export const noFreedDevice = never<Climbing>(
  'I17 NoFreedDevice',
  ({ device, relay }) => relay.hasTag('climbing') && device.hasTag('freed'),
  { witness: reportMeetsRemoval, about: 'A mapped device is not freed under a report that climbs through it.' },
);

/**
 * I4 LinkedIsHeld: a leg has a holder, data and operations, when its table is open, and neither when it is closed.
 *
 * Why it can fail: a registration is two stores, and a close has to take both of them back.
 */
export const linkedIsHeld = always<Pick<Assembly, 'table'> & { readonly leg: Peer<typeof daxMachine> }>(
  'I4 LinkedIsHeld',
  ({ table, leg }) =>
    table.hasTag('linked') === (leg.context.data !== null) && table.hasTag('linked') === leg.context.ops,
  {
    witness: legIsLinked,
    about: 'A leg has a holder, data and operations, when its table is open, and neither when it is closed.',
  },
);

/** The witness: a report finds that the table through which it was to go has been closed. */
export const tableIsClosed = sometimes<Climbing>(
  'a report on the leg finds the table closed',
  ({ table, relay }) => relay.hasTag('called') && !relay.hasTag('climbing') && !table.hasTag('linked'),
);

/**
 * I17 NoClosedTable: no report goes by a table that is closed.
 *
 * Why it can fail: the leg had a holder when the report came in, and a close does not wait for it.
 */
export const noClosedTable = step<Climbing>(
  'I17 NoClosedTable',
  ({ before, after }) =>
    before.table.hasTag('linked') || before.relay.hasTag('climbing') || !after.relay.hasTag('climbing'),
  { witness: tableIsClosed, about: 'No report goes by a table that is closed.' },
);
