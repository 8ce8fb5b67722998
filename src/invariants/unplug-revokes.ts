import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { memmapMachine } from '../machines/memmap.ts';
import type { mountMachine } from '../machines/mount.ts';
import type { preRemoveMachine } from '../machines/pre-remove.ts';
import type { superblockMachine } from '../machines/superblock.ts';
import type { taskMachine } from '../machines/task.ts';
import type { unbindMachine } from '../machines/unbind.ts';

interface Unplug {
  readonly unbind: Peer<typeof unbindMachine>;
  readonly memmap: Peer<typeof memmapMachine>;
  readonly task: readonly Peer<typeof taskMachine>[];
}

/** The witness: the device of a mapped page is being removed. */
export const mappedDeviceGoes = sometimes<Unplug>(
  'a device is unbound while a task maps its memory',
  ({ unbind, memmap, task }) => !unbind.hasTag('bound') && !memmap.hasTag('removed') && task.some(isMapped),
);

/** The witness that nothing has vetoed it: the memory is gone, and the driver with it (L1). */
export const unbindCompletes = sometimes<Pick<Unplug, 'unbind'>>('unbind completes', ({ unbind }) =>
  unbind.hasTag('removed'),
);

/** The witness that a mount is not kept waiting by an unplug for ever (L2). */
export const mountCompletes = sometimes<{ readonly mount: Peer<typeof mountMachine> }>('mount completes', ({ mount }) =>
  mount.hasTag('mounted'),
);

/** The witness that the file system that has lost its device can be got rid of (L2). */
export const umountCompletes = sometimes<{ readonly superblock: Peer<typeof superblockMachine> }>(
  'umount completes',
  ({ superblock }) => superblock.hasTag('freed'),
);

/** The witness that whoever maps the page is told, though it never asked to be told early. */
export const lateMapperIsTold = sometimes<Pick<Unplug, 'task'>>(
  'a late-kill mapper is told of the unplug',
  ({ task }) => task.some(({ context }) => context.told && !context.killsEarly),
);

/**
 * I7 UnplugRevokes: when the memory of the device is removed, no page table entry points into it.
 *
 * Why it can fail: a mapped page holds no reference that the removal would wait for. Everything depends on whether
 * somebody has taken the mappings away before, and on whether they can come back behind his back.
 *
 * @see kill_dax(), memunmap_pages(); S003-01, S003-03, S003-09, S003-33, KB-07, H-04, H-06, H-12
 */
export const unplugRevokes = never<Unplug>(
  'I7 UnplugRevokes',
  ({ memmap, task }) => memmap.hasTag('removed') && task.some(isMapped),
  {
    witness: mappedDeviceGoes,
    about: 'When the memory of the device is removed, no page table entry points into it.',
  },
);

/**
 * No page of healthy memory is marked as poisoned because its device has been unplugged.
 *
 * Why it can fail: memory_failure() marks what it is called for, and nothing takes the mark away when the device comes
 * back.
 *
 * @see mf_dax_kill_procs(); S003-16, S003-17, KB-08
 */
export const healthyPages = never<Unplug>('I13 HealthyPages', ({ memmap }) => memmap.context.poisoned, {
  witness: mappedDeviceGoes,
  about: 'No page of healthy memory is marked as poisoned because its device has been unplugged.',
});

/**
 * D5 UnmappedBeforeTold: whoever is told has lost the page by then, and with it everybody else who maps it.
 *
 * Why it can fail: to collect, to unmap and to tell are three steps. The lock of the entry keeps new mappings away between them; that
 * the old ones have gone by the time of the signal rests on their order alone (recorded: 1b, 4a).
 *
 * @see mf_dax_kill_procs()
 */
export const unmappedBeforeTold = step<Pick<Unplug, 'task'>>(
  'D5 UnmappedBeforeTold',
  ({ before }) => !before.task.some(isMapped),
  { when: ({ taken }) => taken.some(({ message }) => message.type === 'task.signalled') },
);

/**
 * I13 HealthyMetadata: no metadata is called corrupt because its device is unplugged.
 *
 * Why it can fail: a range and an error do not say that what lies in the range can still be read, so that the file system has to
 * take it for lost. Like the mark on a page, this is not taken back when the device returns.
 *
 * @see xfs_dax_notify_failure(); S000-23, S003-18, KB-07
 */
export const healthyMetadata = step<{ readonly preRemove: Peer<typeof preRemoveMachine> }>(
  'I13 HealthyMetadata',
  ({ taken }) => !taken.some(({ message }) => 'code' in message && message.code === 'EFSCORRUPTED'),
  { when: ({ taken }) => taken.some(({ message }) => message.type === 'failure.handled') },
);

function isMapped(task: Peer<typeof taskMachine>): boolean {
  return task.hasTag('mapped');
}
