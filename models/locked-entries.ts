import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { scanAll } from '../src/invariants/scan-all.ts';
import { entryMachine } from '../src/machines/entry.ts';
import { scanMachine } from '../src/machines/scan.ts';

const options = {
  /** What the scan does about an entry that is locked. */
  whenLocked: ['waitAndReload', 'takeNext', 'pauseFirst'],
} as const;

const skipped = { [scanAll.name]: 'violated' } as const;

/**
 * A scan of two entries, either of which a page fault may have locked when the scan comes by.
 *
 * What surprised, and who was right: the first repair has the bug that it repairs. To wait for an entry is not enough; what is
 * loaded afterwards has to be that entry, and an iterator that has been paused stands at the next one (KB-21). Only a model
 * in which the iterator's position is state can tell the two waits apart.
 */
export default defineModel({
  name: 'locked-entries',
  about: 'An entry that a scan of a mapping finds locked: is it visited in the end?',
  sources: ['KB-20', 'KB-21'],
  options,
  variants: {
    'v6.14': {
      about: 'The next entry is taken for the locked one (KB-20).',
      option: { whenLocked: 'takeNext' },
      expect: skipped,
    },
    'v6.15': {
      about: 'The locked one is waited for, and then the next is loaded (KB-21).',
      option: { whenLocked: 'pauseFirst' },
      expect: skipped,
    },
    'v6.16': {
      about: 'It is waited for, and loaded again.',
      option: { whenLocked: 'waitAndReload' },
    },
    repaired: {
      about: 'As v6.16.',
      option: { whenLocked: 'waitAndReload' },
    },
  },
  build: (option) =>
    compose(
      {
        scan: start(scanMachine, { entries: 2, whenLocked: option.whenLocked }),
        entry: replicate(entryMachine, 2),
      },
      {
        wires: { scan: { 'entry.visited': ({ index }) => ['entry', index] } },
        spontaneous: {
          scan: [
            { type: 'scan.requested', environment: true },
            {
              type: 'entry.loaded',
              read: ({ scan, entry }) => ({ locked: entry[scan.context.index]!.hasTag('locked') }),
            },
            {
              type: 'entry.awaited',
              // Of a paused iterator, it is the entry before that it has waited for.
              when: ({ scan, entry }) =>
                !entry[scan.context.index - (option.whenLocked === 'pauseFirst' ? 1 : 0)]!.hasTag('locked'),
            },
          ],
          entry: [{ type: 'entry.faulted', environment: true }, 'fault.served'],
        },
        properties: [scanAll],
      },
    ),
});
