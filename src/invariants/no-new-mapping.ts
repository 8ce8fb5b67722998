import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { preRemoveMachine } from '../machines/pre-remove.ts';
import type { taskMachine } from '../machines/task.ts';
import type { unbindMachine } from '../machines/unbind.ts';

interface Fault {
  readonly unbind: Peer<typeof unbindMachine>;
  readonly task: readonly Peer<typeof taskMachine>[];
}

/** The witness: a fault that has passed its first check is under way when kill_dax() returns. */
export const faultIsLate = sometimes<Fault>(
  'a fault is on its way when kill_dax returns',
  ({ unbind, task }) => unbind.hasTag('killed') && task.some((each) => each.hasTag('checked')),
);

/** The witness for the race that decides most of this: a fault under way while the handler walks. */
export const faultMeetsWalk = sometimes<Pick<Fault, 'task'> & { readonly preRemove: Peer<typeof preRemoveMachine> }>(
  'a fault races with the walk',
  ({ preRemove, task }) => preRemove.hasTag('walking') && task.some((each) => each.hasTag('checked')),
);

/** The witness: a fault has been told that the device is alive, and is inside when it no longer is. */
export const faultIsInside = sometimes<Fault>(
  'a fault is inside dax_srcu when the device dies',
  ({ unbind, task }) => unbind.hasTag('doomed') && task.some((each) => each.hasTag('granted')),
);

/**
 * I8 NobodyInside: what synchronize_srcu() is there for. When it has returned, nobody acts any more on having been told that the
 * device is alive.
 *
 * Why it can fail: the question, the entry and the section are three things, and so are the flag and the wait. I7 does not need it
 * where somebody sweeps under the locks of the entries; whoever reaches for the device's memory without such a lock does.
 *
 * @see dax_direct_access(), kill_dax(); H-13
 */
export const nobodyInside = never<Fault>(
  'I8 NobodyInside',
  ({ unbind, task }) => unbind.hasTag('quiesced') && task.some((each) => each.hasTag('granted')),
  { witness: faultIsInside },
);

/**
 * I8 NoNewMapping: after kill_dax() has returned nobody maps the device any more.
 *
 * Why it can fail: a fault asks whether the device is alive in a section of dax_srcu that ends with the answer; the
 * page table entry comes later, and synchronize_srcu() does not wait for it (H-13).
 *
 * @see dax_direct_access(), kill_dax(); S003-21, S003-23
 */
export const noNewMapping = step<Fault>(
  'I8 NoNewMapping',
  ({ before, after }) => after.task.every((task, i) => !task.hasTag('mapped') || before.task[i]!.hasTag('mapped')),
  {
    when: ({ before }) => before.unbind.hasTag('killed'),
    witness: faultIsLate,
    about: 'After kill_dax() has returned nobody maps the device any more.',
  },
);
