import type { Peer } from '../explore/model.ts';
import { never, sometimes, step } from '../explore/property.ts';
import type { fileMachine } from '../machines/file.ts';
import type { genericMachine } from '../machines/generic.ts';
import type { mapperMachine } from '../machines/mapper.ts';
import type { pageMachine } from '../machines/page.ts';

interface Generic {
  readonly generic: Peer<typeof genericMachine>;
}

interface Marked extends Generic {
  readonly page: Peer<typeof pageMachine>;
}

/** The witness: the generic path handles an event. */
export const genericRecovers = sometimes<Generic>('the generic path recovers', ({ generic }) =>
  generic.hasTag('recovered'),
);

/** The witness: it finds that the page has gone from its mapping, and acts on nothing. */
export const genericDeclines = sometimes<Generic>(
  'the generic path finds the page gone',
  ({ generic }) => generic.hasTag('returned') && !generic.hasTag('recovered'),
);

/** The witness: an inode is freed whose page has failed, before it is looked for. */
export const inodeIsFreed = sometimes<Generic & { readonly file: readonly Peer<typeof fileMachine>[] }>(
  'an inode is freed while its page is being handled',
  ({ generic, file }) => file[0]!.hasTag('freed') && !generic.hasTag('rest'),
);

/** The witness: a mark is taken back. */
export const markIsCleared = sometimes<Pick<Marked, 'page'>>('a mark is cleared', ({ page }) =>
  page.hasTag('unmarked'),
);

/**
 * I17 NoFreedInode: nobody looks behind page->mapping when the inode has been freed.
 *
 * Why it can fail: the mapping is loaded without a lock, and eviction may free the inode before its entry can be locked (KB-23).
 *
 * @see dax_lock_page()
 */
export const noFreedInode = never<Generic & { readonly file: readonly Peer<typeof fileMachine>[] }>(
  'I17 NoFreedInode',
  ({ generic, file }) => generic.hasTag('freed') || (generic.hasTag('inRcu') && file[0]!.hasTag('freed')),
  { witness: inodeIsFreed, about: 'Nobody looks behind page->mapping when the inode has been freed.' },
);

/**
 * I17 MarkInUse: a mark is not cleared while the one who has set it is still at work on the page.
 *
 * Why it can fail: setting, handling and clearing are steps of two functions, and before KB-24 nothing kept them apart.
 *
 * @see unpoison_memory()
 */
export const markInUse = step<Marked>(
  'I17 MarkInUse',
  ({ before, taken }) =>
    !before.generic.hasTag('handling') || !taken.some(({ message }) => message.type === 'page.unpoisoned'),
  {
    witness: genericRecovers,
    about: 'A mark is not cleared while the one who has set it is still at work on the page.',
  },
);

/**
 * I14 MarkStays: the mark of memory that is really broken is not taken off.
 *
 * Why it can fail: unpoison exists for poison that a test has made up, and the mark does not say which it is (KB-24).
 */
export const markStays = never<Marked>('I14 MarkStays', ({ page }) => page.hasTag('unmarked'), {
  witness: genericRecovers,
  about: 'The mark of memory that is really broken is not taken off.',
});

/**
 * I12 NobodyLeft, for the generic path: when it has ended well, nobody maps the page that has failed.
 *
 * Why it can fail: telling and unmapping are two things, and this path tells everybody who maps the page.
 *
 * @see mf_generic_kill_procs()
 */
export const genericUnmaps = never<
  Generic & { readonly file: readonly Peer<typeof fileMachine>[]; readonly mapper: Peer<typeof mapperMachine> }
>(
  'I12 NobodyLeft',
  ({ generic, file, mapper }) => generic.hasTag('recovered') && mapper.hasTag('mapped') && file[0]!.context.inRange,
  { witness: genericRecovers, about: 'When the generic path has ended well, nobody maps the page that has failed.' },
);

/**
 * I13 Blast, for the generic path: it handles the page that has failed, and no other at the same index.
 *
 * Why it can fail: between the load of page->mapping and the lock of the entry that it leads to, the file may be truncated and
 * written again (KB-23).
 */
export const noPageElsewhere = never<Generic & { readonly file: readonly Peer<typeof fileMachine>[] }>(
  'I13 Blast',
  ({ generic, file }) => generic.hasTag('handling') && !file[0]!.context.inRange,
  {
    witness: genericRecovers,
    about: 'The generic path handles the page that has failed, and no other at the same index.',
  },
);
