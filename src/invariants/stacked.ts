import type { Peer } from '../explore/model.ts';
import { always, type Change, never, sometimes, step } from '../explore/property.ts';
import type { clientMachine } from '../machines/client.ts';
import type { failureMachine } from '../machines/failure.ts';
import type { memmapMachine } from '../machines/memmap.ts';
import type { relayMachine } from '../machines/relay.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { unbindMachine } from '../machines/unbind.ts';
import type { upperMachine } from '../machines/upper.ts';
import { unbindCompletes } from './unplug-revokes.ts';

/**
 * What is claimed where something lies between a file system and the memory that it maps. In these rooms the page that
 * fails is block 0 of device 0, and device 0 is the one that goes.
 */

type Client = Peer<typeof clientMachine>;

interface Clients {
  readonly client: readonly Client[];
}

interface Failing extends Clients {
  readonly failure: Peer<typeof failureMachine>;
}

interface Going extends Clients {
  readonly unbind: Peer<typeof unbindMachine>;
  readonly memmap: Peer<typeof memmapMachine>;
}

const isOnDevice = ({ context }: Client): boolean => context.page?.device === 0;
const isOnFailed = (client: Client): boolean => isOnDevice(client) && client.context.page?.block === 0;

/** The witness: a report on a device comes to the file system that has its data there. */
export const reportArrives = sometimes<{ readonly filesystem: readonly Peer<typeof upperMachine>[] }>(
  'a report arrives at the file system',
  ({ filesystem }) => filesystem.some((call) => call.hasTag('walking')),
);

/** The witness: an event comes to its end. */
export const eventEnds = sometimes<Pick<Failing, 'failure'>>('memory_failure has returned', ({ failure }) =>
  failure.hasTag('returned'),
);

/** The witness: somebody acts on a task. */
export const taskIsTouched = sometimes<Clients>('a task is told, or its mapping is taken away', ({ client }) =>
  client.some(({ context }) => context.told || context.page === null),
);

/**
 * I5 Outcome, where nothing keeps an event: when memory_failure() has returned, nobody maps the failed page who has not
 * been told.
 *
 * Why it can fail: the device that has failed has no holder, as a layer lies above it, and the page does not name those
 * who share it; or it has one, who passes on less than he is told, or answers that all is well.
 *
 * @see dax_holder_notify_failure(), mf_generic_kill_procs(); S004-01, H-06
 */
export const stackOutcome = always<Failing>(
  'I5 Outcome',
  ({ failure, client }) =>
    !failure.hasTag('returned') || client.every((each) => !isOnFailed(each) || each.context.told),
  {
    witness: eventEnds,
    about: 'When memory_failure() has returned, nobody maps the failed page who has not been told.',
  },
);

/**
 * I5 OneOutcome: no event goes the generic path that its owner has handled. The first half of the calls into file
 * systems are those of memory_failure().
 *
 * Why it can fail: where several are asked there are several answers, and memory_failure() goes by one of them.
 *
 * @see memory_failure_dev_pagemap()
 */
export const oneOutcome = step<Failing & { readonly filesystem: readonly Peer<typeof upperMachine>[] }>(
  'I5 OneOutcome',
  (change) => !isFallback(change) || !hasOwned(change.before.filesystem),
  { witness: eventEnds, about: 'No event goes the generic path that its owner has handled.' },
);

/**
 * I6 FallbackValid: where the generic path acts, the page leads it to everybody who maps it.
 *
 * Why it can fail: files may share a block, and a layer may put two of its own blocks in one place; a page has one
 * owner's name.
 *
 * @see mf_generic_kill_procs(); S000-04
 */
export const stackFallback = step<Failing>(
  'I6 FallbackValid',
  (change) =>
    !isFallback(change) ||
    !isTelling(change) ||
    change.after.client.every((each) => !isOnFailed(each) || each.context.told),
  { witness: taskIsTouched, about: 'Where the generic path acts, the page leads it to everybody who maps it.' },
);

/** The one step of the generic path. */
const isFallback = ({ taken: [first] }: Change<Failing>): boolean =>
  first?.actor === 'failure' && first.message.type === 'page.read';

const hasOwned = (calls: readonly Peer<typeof upperMachine>[]): boolean =>
  calls.slice(0, calls.length / 2).some(({ context }) => context.lost);

const isTelling = ({ taken }: Change<Failing>): boolean =>
  taken.some(({ message }) => message.type === 'task.signalled');

/**
 * I13 Blast: nobody is told of what has befallen somebody else's page, nor of a place of which his data have a current
 * copy.
 *
 * Why it can fail: an offset on the leg is none on the device above it, and all of the leg is a part of what lies
 * above; and none but the layer knows where else the data are (S003-27, S003-29). The generic path has never heard of
 * layers.
 */
export const stackBlast = never<
  Clients & { readonly relay: readonly Peer<typeof relayMachine>[]; readonly unbind: Peer<typeof unbindMachine> }
>(
  'I13 Blast',
  ({ client, relay: [layer], unbind }) =>
    client.some(
      ({ context: { home, told } }) =>
        told &&
        (layer!.context.copies === 'current' || home?.device !== 0 || (home.block !== 0 && unbind.hasTag('bound'))),
    ),
  {
    witness: taskIsTouched,
    about:
      "Nobody is told of what has befallen somebody else's page, nor of a place of which his data have a current copy.",
  },
);

/** The witness: the device of a mapped page is being removed. */
export const mappedPartGoes = sometimes<Going>(
  'a device is unbound while a task maps its memory',
  ({ unbind, memmap, client }) => !unbind.hasTag('bound') && !memmap.hasTag('removed') && client.some(isOnDevice),
);

/**
 * I7 UnplugRevokes: when the memory of the device is removed, no page table entry points into it.
 *
 * Why it can fail: kill_dax() tells the holder of this device, and the leg of a layer has none: the file system holds
 * the device of the layer, which is not unplugged (H-06).
 *
 * @see kill_dax(); S003-27
 */
export const partRevoked = never<Going>(
  'I7 UnplugRevokes',
  ({ memmap, client }) => memmap.hasTag('removed') && client.some(isOnDevice),
  { witness: mappedPartGoes, about: 'When the memory of the device is removed, no page table entry points into it.' },
);

/**
 * I13 NoNeedlessShutdown: a file system that can do without a device goes on when it is unplugged.
 *
 * Why it can fail: the handler of a removal shuts down whatever it is that goes, and so does the callback for a dead
 * block device after it; and whoever is told by a layer that its leg goes is told of a death that is none (S003-27,
 * S003-31).
 *
 * @see xfs_dax_notify_failure(), fs_bdev_mark_dead()
 */
export const partIsSpared = never<Pick<Going, 'unbind'> & { readonly superblock: Peer<typeof superblockMachine> }>(
  'I13 NoNeedlessShutdown',
  ({ superblock }) => superblock.context.shutdown,
  { witness: unbindCompletes, about: 'A file system that can do without a device goes on when it is unplugged.' },
);

/** The witness: a task that has lost its mapping touches the page again, and the device is not what answers. */
export const dataAreElsewhere = sometimes<Clients>(
  'a task looks for its data when the part has gone',
  ({ client: [task] }) => task!.hasTag('refused') || task!.context.page?.device === 1,
);

/**
 * I12 NoStaleData: who touches a page again finds his data, or hears that they are lost.
 *
 * Why it can fail: a cache that goes with data that were never written back leaves an older copy behind it, which reads
 * as well as any (S003-29).
 */
export const noStaleData = never<Clients>(
  'I12 NoStaleData',
  ({ client }) => client.some((task) => task.hasTag('misled')),
  {
    witness: dataAreElsewhere,
    about: 'Who touches a page again finds his data, or hears that they are lost.',
  },
);

interface Partitions extends Clients {
  readonly unbind: Peer<typeof unbindMachine>;
  readonly superblock: readonly Peer<typeof superblockMachine>[];
}

/** The witness that two file systems use one device for what it is there for. */
export const bothAreMapped = sometimes<Clients>('files of every partition are mapped', ({ client }) =>
  client.every((task) => task.hasTag('mapped')),
);

/** The witness: a device is killed of which some file system has files mapped. */
const mappedDeviceIsKilled = sometimes<Partitions>(
  'the device of a mapped file is killed',
  ({ unbind, client }) =>
    unbind.hasTag('doomed') && client.some(({ context }) => context.page !== null || context.told),
);

/**
 * I16 PreRemoveShutdown, of every file system on the device whose files are mapped: it is shut down before the device
 * is killed. One that has found the device taken reaches it through the block layer alone, which says so itself, later.
 *
 * Why it can fail: where a device has more than one holder, somebody has to tell them all.
 *
 * @see kill_dax()
 */
export const everyHolderShuts = step<Partitions>(
  'I16 PreRemoveShutdown',
  ({ before }) =>
    before.client.every(
      ({ context }, partition) =>
        (context.page === null && !context.told) || before.superblock[partition]!.context.shutdown,
    ),
  {
    when: ({ taken }) => taken[0]?.actor === 'unbind' && taken[0].message.type === 'alive.cleared',
    witness: mappedDeviceIsKilled,
  },
);

/**
 * I13 NoFalseLoss: who has lost nothing is not refused his data by a file system that is up.
 *
 * Why it can fail: what is reported as lost is remembered as lost, and a layer may report what it has in another place
 * (S003-27).
 */
export const noFalseLoss = never<
  Clients & {
    readonly relay: readonly Peer<typeof relayMachine>[];
    readonly superblock: Peer<typeof superblockMachine>;
  }
>(
  'I13 NoFalseLoss',
  ({ client, relay: [layer], superblock }) =>
    layer!.context.copies === 'current' &&
    !superblock.context.shutdown &&
    client.some((task) => task.hasTag('refused')),
  { witness: dataAreElsewhere, about: 'Who has lost nothing is not refused his data by a file system that is up.' },
);
