import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { noNewMapping } from '../src/invariants/no-new-mapping.ts';
import { unbindCompletes, unmappedBeforeTold, unplugRevokes } from '../src/invariants/unplug-revokes.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { memmapMachine } from '../src/machines/memmap.ts';
import { entryMachine } from '../src/machines/primitives/entry-lock.ts';
import { percpuRefMachine } from '../src/machines/primitives/percpu-ref.ts';
import { srcuMachine } from '../src/machines/primitives/srcu.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { taskMachine } from '../src/machines/task.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import {
  graceIsOver,
  lateTask,
  removalRevoke,
  revokeSteps,
  revokeWires,
  taskSteps,
  taskWires,
  unbindSteps,
  unbindWires,
} from './instructions/unplug.ts';

const options = {
  /** By what the driver finds the mappings: by those of all files, or by the one that a page names. */
  goesBy: ['mappings', 'page'],
  /** Two tasks map a page, each through a file of its own that shares it, or both through one. */
  files: ['two', 'one'],
} as const;

/**
 * A driver that sweeps has to find the mappings. Whom can it ask?
 *
 * Mail 003: rmap starts from a virtual address in somebody's address space, and a driver has neither. What it has is its pages. A
 * page names one mapping, the first that it was associated with, and nobody else who shares it; all of them are known to the file
 * system alone.
 *
 * The world is that of `unplug-revokes` without a file system that is told: faults as they are in v7.1, and a sweep after the kill
 * that waits for the lock of every entry that it knows of, so that a fault which was let through is taken away as well. Two files
 * share the page; the second one maps it when the page has a name already. The sweep takes the locks of both entries in one step.
 *
 * What there is to be known is no question for a search. What a search can say is that it matters: by the
 * pages alone a driver leaves the mappings of the second file (`by-page`), and by the mappings none (`by-mappings`). The sweep of the
 * repaired kernel goes by mappings, and so has to get them from the file system, or be done by it.
 */
export default defineModel({
  name: 'driver-sweeps',
  about: 'The driver takes the mappings away by itself, and asks its pages for them, or the files: does it find all?',
  sources: ['S003-14', 'S003-16'],
  options,
  variants: {
    'by-mappings': {
      about: 'By the mappings of all files, which a file system knows.',
    },
    'by-page': {
      about: 'By the page, which names the first file that has mapped it.',
      option: { goesBy: 'page' },
      expect: {
        [unplugRevokes.name]: 'violated',
        [noNewMapping.name]: 'violated',
        [unmappedBeforeTold.name]: 'violated',
      },
    },
    'by-page-one-file': {
      about: 'By the page, and no other file shares it.',
      option: { goesBy: 'page', files: 'one' },
    },
  },
  build: ({ goesBy, files }) => {
    const entryOf = (task: number) => (files === 'two' && task === 1 ? 'otherEntry' : 'entry');
    const isWhole = goesBy === 'mappings' || files === 'one';
    const swept = isWhole && files === 'two' ? (['entry', 'otherEntry'] as const) : 'entry';
    const found = isWhole ? 'task' : (['task', 0] as const);
    return compose(
      {
        unbind: start(unbindMachine, { notifies: 'never', marksDead: 'never', revokes: 'afterGrace' }),
        sweep: start(revokeMachine, removalRevoke),
        dax: start(daxMachine, { holder: null }),
        srcu: start(srcuMachine),
        superblock: start(superblockMachine, { mounted: true }),
        entry: start(entryMachine),
        otherEntry: start(entryMachine),
        memmap: start(memmapMachine),
        pgmap: start(percpuRefMachine),
        task: replicate(taskMachine, 2, (self) => lateTask(`task ${self}`, 'lookup')),
      },
      {
        wires: {
          unbind: { ...unbindWires('sweep'), 'notification.asked': [] },
          sweep: {
            ...revokeWires('unbind'),
            'entry.locked': { rendezvous: swept },
            'entry.unlocked': swept,
            'entry.cleared': { rendezvous: swept },
            'page.unmapped': found,
            'task.signalled': found,
          },
          task: {
            ...taskWires,
            'writer.entered': [],
            'writer.left': [],
            'entry.locked': { rendezvous: (_, self) => entryOf(self) },
            'entry.unlocked': (_, self) => entryOf(self),
            'entry.filled': (_, self) => entryOf(self),
          },
        },
        spontaneous: {
          unbind: unbindSteps({ 'grace.passed': graceIsOver }),
          sweep: revokeSteps,
          task: taskSteps(['read'], ({ entry }, self) => entryOf(self) === 'entry' || entry.context.filled),
        },
        properties: [unplugRevokes, noNewMapping, unmappedBeforeTold, unbindCompletes],
      },
    );
  },
});
