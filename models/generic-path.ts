import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import {
  genericDeclines,
  genericUnmaps,
  markInUse,
  markIsCleared,
  markStays,
  noFreedInode,
  noPageElsewhere,
} from '../src/invariants/generic-path.ts';
import { fileMachine } from '../src/machines/file.ts';
import { genericMachine } from '../src/machines/generic.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { pageMachine } from '../src/machines/page.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { reclaimMachine } from '../src/machines/reclaim.ts';
import { unpoisonMachine } from '../src/machines/unpoison.ts';

const options = {
  /** Whether the inode behind page->mapping is kept from being freed until its entry is locked. */
  lookup: ['underRcu', 'bare'],
  /** Whether page->mapping is loaded again with the entry locked. */
  rechecks: [true, false],
  /** Whether unpoison takes the mutex of memory_failure(). */
  unpoison: ['locked', 'unlocked'],
  /** Whether it refuses when the hardware has reported an error. */
  realPoison: ['refused', 'unpoisoned'],
  /** What happens beside the generic path: an eviction, a truncate and a write after it, an unpoison, or any of them. */
  beside: ['eviction', 'truncate', 'unpoison', 'anything'],
  /** Whether the hardware has reported the error, or a test has made it up. */
  poison: ['software', 'hardware'],
} as const;

/**
 * The generic path goes by what a page says of its owner, and the page may be taken away from that owner at any time. A test program
 * may take the mark away too.
 *
 * The world is one event in a page of one file without a holder, a task that maps it, and one other thread: it evicts the inode, truncates the file and
 * writes it again, or takes the mark off.
 *
 * What surprised, and who was right:
 * - KB-23 names three measures, and each is there for a run of its own. Without RCU the inode is freed under the path (`v4.19`);
 *   without looking again, the path locks the entry of another page at the same index, and whoever maps that is killed
 *   (`not-rechecked`): the mapping has not changed, but the page has.
 * - The mutex alone keeps unpoison out of the middle (`unpoison-locked`), and lets it take the mark off memory that is really broken
 *   afterwards (`unpoison-of-hardware`). The two halves of KB-24 are two bugs.
 */
export default defineModel({
  name: 'generic-path',
  about: 'The generic path beside an eviction, a truncate and an unpoison: whose page does it act on?',
  sources: ['KB-23', 'KB-24'],
  options,
  variants: {
    P6: {
      about: 'v7.1 beside an eviction.',
    },
    'v4.19': {
      about: 'page->mapping is followed without protection: the inode may have been freed (KB-23).',
      option: { lookup: 'bare' },
      expect: { [noFreedInode.name]: 'violated' },
    },
    'P6-truncate': {
      about: 'v7.1 beside a truncate, and a write that puts another page at the same index.',
      option: { beside: 'truncate' },
    },
    'not-rechecked': {
      about: 'The same without a second look at the mapping: another page is acted on.',
      option: { rechecks: false, beside: 'truncate' },
      expect: { [noPageElsewhere.name]: 'violated' },
    },
    'unpoison-locked': {
      about: 'An unpoison of poison that a test has made up waits for memory_failure() to end.',
      option: { beside: 'unpoison' },
    },
    'unpoison-unlocked': {
      about: 'Before v5.16 it did not: the mark goes while the page is being handled (KB-24).',
      option: { unpoison: 'unlocked', beside: 'unpoison' },
      expect: { [markInUse.name]: 'violated' },
    },
    'P6-unpoison-of-hardware': {
      about: 'v7.1: what the hardware has reported is not unpoisoned.',
      option: { beside: 'unpoison', poison: 'hardware' },
    },
    'unpoison-of-hardware': {
      about: 'Before v5.19 it was: the mark of broken memory goes (KB-24).',
      option: { realPoison: 'unpoisoned', beside: 'unpoison', poison: 'hardware' },
      expect: { [markStays.name]: 'violated' },
    },
    repaired: {
      about: 'As v7.1, beside whatever may happen.',
      option: { beside: 'anything' },
    },
  },
  build: (option) => {
    const evicts = option.beside === 'eviction' || option.beside === 'anything';
    const truncates = option.beside === 'truncate' || option.beside === 'anything';
    const unpoisons = option.beside === 'unpoison' || option.beside === 'anything';
    return compose(
      {
        generic: start(genericMachine, { underRcu: option.lookup === 'underRcu', rechecks: option.rechecks }),
        mf_mutex: start(lockMachine),
        file: replicate(fileMachine, 1, () => ({ starts: 'mapped' })),
        page: start(pageMachine),
        mapper: start(mapperMachine, { file: 0, policy: 'late', blocksOptional: false }),
        reclaim: start(reclaimMachine, { file: 0 }),
        unpoison: start(unpoisonMachine, {
          locks: option.unpoison === 'locked',
          refusesReal: option.realPoison === 'refused',
        }),
      },
      {
        wires: {
          generic: {
            'lock.taken': { rendezvous: 'mf_mutex' },
            'lock.released': 'mf_mutex',
            'entry.taken': { rendezvous: 'file' },
            'entry.released': 'file',
            'page.poisoned': 'page',
            'page.unmapped': 'mapper',
          },
          reclaim: {
            'entry.taken': { rendezvous: 'file' },
            'entry.removed': 'file',
            'entry.filled': 'file',
            'page.unmapped': 'mapper',
            'page.mapped': 'mapper',
            'record.removed': [],
            'inode.reclaimed': 'file',
            'inode.freed': 'file',
          },
          mapper: { 'poison.consumed': [] },
          unpoison: {
            'lock.taken': { rendezvous: ({ lock }) => (lock === 'mf_mutex' ? 'mf_mutex' : []) },
            'lock.released': ({ lock }) => (lock === 'mf_mutex' ? 'mf_mutex' : []),
            'page.unpoisoned': 'page',
          },
        },
        spontaneous: {
          generic: [
            { type: 'poison.reported', environment: true },
            'mutex.awaited',
            {
              type: 'mapping.read',
              read: ({ file }) => ({ set: file[0]!.hasTag('present') && file[0]!.context.inRange }),
            },
            // An entry that is locked is waited for: entry.taken finds it so.
            {
              type: 'entry.read',
              read: ({ file }) => ({ freed: file[0]!.hasTag('freed'), present: file[0]!.hasTag('present') }),
            },
            { type: 'mapping.reread', read: ({ file }) => ({ set: file[0]!.context.inRange }) },
            'page.marked',
            'tasks.told',
          ],
          reclaim: [
            { type: 'truncate.requested', environment: true, when: () => truncates || evicts },
            'page.dropped',
            'entry.dropped',
            { type: 'extent.freed', when: () => truncates },
            { type: 'page.written', environment: true },
            // An inode is freed when everybody who was in an RCU section has left it.
            {
              type: 'inode.freed',
              when: ({ generic }) => evicts && !generic.hasTag('inRcu'),
            },
          ],
          unpoison: [
            { type: 'unpoison.requested', environment: true, when: () => unpoisons },
            'mutex.awaited',
            {
              type: 'mark.read',
              read: ({ page }) => ({ marked: page.hasTag('marked'), real: option.poison === 'hardware' }),
            },
            'mark.cleared',
          ],
        },
        properties: [
          genericUnmaps,
          ...(evicts ? [noFreedInode] : []),
          ...(evicts || truncates ? [noPageElsewhere, genericDeclines] : []),
          ...(unpoisons && option.poison === 'software' ? [markInUse, markIsCleared] : []),
          ...(unpoisons && option.poison === 'hardware' ? [markStays] : []),
        ],
      },
    );
  },
});
