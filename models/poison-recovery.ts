import { type Assignment, compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import {
  noFalseRead,
  readIsRefused,
  readIsServed,
  recordIsDropped,
  recordMonotone,
  wholeStaysWhole,
} from '../src/invariants/record-monotone.ts';
import {
  applicationIsRestored,
  applicationRecovers,
  copyIsCut,
  goodPageIsWritten,
  goodPartIsWritten,
  noAbsentPage,
  noUndefinedLoad,
  pageIsLost,
  pageIsMappedAgain,
  partIsWritten,
  recoveryEnds,
} from '../src/invariants/recovery.ts';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { type BlockDeed, blockWriteMachine } from '../src/machines/block-write.ts';
import { kernelMappingMachine } from '../src/machines/kernel-mapping.ts';
import { mediaMachine } from '../src/machines/media.ts';
import { preadMachine } from '../src/machines/pread.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { type Deed, recoveryWriteMachine } from '../src/machines/recovery-write.ts';
import { type Found, victimMachine } from '../src/machines/victim.ts';
import { kernel, preset } from './presets.ts';

const options = {
  clears: kernel.clears,
  hides: kernel.hides,
  blockRecord: kernel.blockRecord,
  /** Whether the page is written by system calls to a DAX file, or through the block layer. */
  path: ['dax', 'block'],
  /** Which write recovers: any; one that brings a flag, as mail 002 proposes; none, as before v5.19. */
  recovers: ['byPlainWrite', 'withFlag', 'never'],
  /** Whether the application has heard of the flag. Somebody else always has. */
  knowsFlag: [false, true],
  /** How the three steps of recovery follow each other. */
  order: ['recordLast', 'recordFirst', 'copyFirst'],
  /** Whether two writers exclude each other by the lock of the inode. */
  locks: [true, false],
  /** A mutation of the block layer's write: it touches the data before it has cleared the poison, as before v5.19 (KB-25). */
  touchesFirst: [false, true],
  /** What a write recovers: bad pages that it covers; bad pages that it touches; or all that it covers, if one of it is bad. */
  granularity: ['alignedPages', 'anyPart', 'wholeRequest'],
  onClearFailure: ['refuses', 'writesAnyway'],
  onCopyFailure: ['keepsRecord', 'dropsRecord'],
  /** What a store through a mapping does to the record. */
  stores: ['leaveRecord', 'clearRecord'],
  /** How the end of a range is compared with the end of its region (KB-26). */
  regionEnd: ['exclusive', 'mixed'],
  /** Who else writes: somebody, when he likes; or the file system, when it has been told. */
  second: ['anybody', 'repair', 'repairWithoutData', 'repairWithoutLock'],
  /** What the firmware's clearing does to a page that has no poison any more. Nobody promises anything. */
  afterClear: ['undefinesContent', 'keepsContent'],
} as const;
type Option = Assignment<typeof options>;

const v71 = preset('P6', options);
const better = preset('repaired', options);

const falselyDropped = { [recordMonotone.name]: 'violated' } as const;
/** Whoever asks the record first is let in to what nobody has written, by pread() and by a fault. */
const falselyServed = { [noFalseRead.name]: 'violated', [noUndefinedLoad.name]: 'violated' } as const;
/** Whoever maps the page already asks nothing. */
const falselyLoaded = { [noUndefinedLoad.name]: 'violated' } as const;
const cleared = { [wholeStaysWhole.name]: 'violated' } as const;
const touchedAbsent = { [noAbsentPage.name]: 'violated' } as const;
const neverRecovered = { [applicationRecovers.name]: 'violated' } as const;
/** No record ever goes. What is promised of those that do is promised of none. */
const nothingDropped = {
  [recordMonotone.name]: 'vacuous',
  [noFalseRead.name]: 'vacuous',
  [noUndefinedLoad.name]: 'vacuous',
  [recordIsDropped.name]: 'unreached',
  [readIsServed.name]: 'unreached',
  [pageIsMappedAgain.name]: 'unreached',
  [applicationIsRestored.name]: 'unreached',
  [recoveryEnds.name]: 'unreached',
  [partIsWritten.name]: 'unreached',
} as const;

/**
 * Mail 002: how does an application get a page back that has failed, and who may see it while it is on its way?
 *
 * The world is a region of two pages, the last of which has failed and stands in the record, as a scan has left it; two tasks that
 * map it, one of which meets the poison and wants its page back; somebody else who writes it, somebody who reads it with
 * pread(). The firmware may fail to clear, the buffer of a write may fail to be read. Poison comes once.
 *
 * What surprised, and who was right:
 * - The record goes last, so that nobody is let in too early (S002-15). But a task that maps the page from before asks nobody: from
 *   the moment at which the poison is cleared it loads what the firmware has left, and no machine check tells it (`P6`:
 *   NoUndefinedLoad). It takes poison that a scan has found and nobody has met, since whoever meets it has the page unmapped.
 *   The mappings have to go before the poison does.
 * - Of KB-25 one half is left in v7.1: the write puts the page back into the kernel's mapping, and a machine check that is on
 *   its way out takes it away again (P9), under the copy or for whoever comes next (`P6`, `P6-block`: NoAbsentPage). This
 *   follows from the order of steps in the source; nobody is known to have met it.
 * - Through the block layer the record of v7.1 goes before the data (W5, W6). The thread of mail 002 asks for the opposite, and
 *   the DAX path does it (`P6-block`: both halves of I14).
 * - The lock of the inode protects the record only from a firmware whose clearing leaves a page without poison undefined
 *   (`unlocked`). If it left such a page as it is, two writers would do each other no harm (`unlocked-content-kept`). No source
 *   says which it is, so that the lock is needed.
 * - Whoever recovers more than the pages that have failed loses the others while he does (`whole-request-recovers`, I13), and so
 *   does whoever recovers a page twice because its record never goes (`region-end-mixed`, KB-26).
 * - The flag of mail 002 is safe, and an application that brings it recovers (`flag-known`). What is wrong with it is who does
 *   not know it.
 *
 * That a failed copy leaves the record is what the mail asks (S002-16). Of v7.1 it is taken for granted here.
 */
export default defineModel({
  name: 'poison-recovery',
  about: 'A page has failed, and somebody writes it anew: when may its record go, and who may look meanwhile?',
  sources: [
    ...['S000-26', 'S002-02', 'S002-05', 'S002-08', 'S002-11', 'S002-13', 'S002-15', 'S002-16'],
    ...['KB-25', 'KB-26'],
  ],
  options,
  variants: {
    P6: {
      about: 'v7.1: clear, copy, drop, page by page, under the lock of the inode.',
      option: v71,
      expect: { ...falselyLoaded, ...touchedAbsent },
    },
    'before-v5.19': {
      about: 'No write recovers. Who has lost a page has lost it.',
      option: { ...better, recovers: 'never' },
      expect: { ...neverRecovered, ...nothingDropped, [wholeStaysWhole.name]: 'vacuous' },
    },
    'flag-unknown': {
      about: 'Recovery needs a flag, and the application is older than the flag.',
      option: { ...better, recovers: 'withFlag' },
      expect: neverRecovered,
    },
    'flag-known': {
      about: 'Recovery needs a flag, and the application brings it.',
      option: { ...better, recovers: 'withFlag', knowsFlag: true },
    },
    'record-first': {
      about: 'The record goes before the data come.',
      option: { ...better, order: 'recordFirst' },
      expect: { ...falselyDropped, ...falselyServed },
    },
    'copy-first': {
      about: 'The data go onto the poison, and then the poison is cleared: what is left is what the firmware leaves.',
      option: { ...better, order: 'copyFirst' },
      expect: { ...falselyDropped, ...falselyServed, ...touchedAbsent },
    },
    unlocked: {
      about: 'Two writers at once: one clears the page under the data of the other, who then drops the record.',
      option: { ...better, locks: false },
      expect: { ...falselyDropped, ...falselyServed, ...cleared },
    },
    'unlocked-content-kept': {
      about: 'The same with a firmware that leaves alone what has no poison: there the lock protects nothing.',
      option: { ...better, locks: false, afterClear: 'keepsContent' },
    },
    'clear-failure-ignored': {
      about: 'The firmware cannot clear the page; it is written, and its record dropped, all the same.',
      option: { ...better, onClearFailure: 'writesAnyway' },
      expect: { ...falselyDropped, ...touchedAbsent, [pageIsLost.name]: 'unreached' },
    },
    'copy-failure-ignored': {
      about: "The copy ends half way because the caller's buffer does, and the record is dropped all the same.",
      option: { ...better, onCopyFailure: 'dropsRecord' },
      expect: { ...falselyDropped, ...falselyServed },
    },
    'any-part-recovers': {
      about: 'A write of half a page recovers all of it.',
      option: { ...better, granularity: 'anyPart' },
      expect: { ...falselyDropped, ...falselyServed },
    },
    'whole-request-recovers': {
      about: 'A request that has a bad page in it is recovered from its first page, the good ones too.',
      option: { ...better, granularity: 'wholeRequest' },
      expect: cleared,
    },
    'store-clears': {
      about: 'A store through a mapping counts as a write.',
      option: { ...better, stores: 'clearRecord' },
      expect: { ...falselyDropped, ...falselyServed },
    },
    'region-end-mixed': {
      about: 'The last block of a region cannot be cleared from the record (KB-26).',
      option: { ...better, regionEnd: 'mixed' },
      expect: { ...neverRecovered, ...nothingDropped, ...cleared },
    },
    'auto-recovery': {
      about: 'The file system begins to repair when it has been told: by the same write, under the same lock.',
      option: { ...better, second: 'repair' },
    },
    'auto-recovery-without-data': {
      about: 'It has nothing to put into the page, and clears it for whoever comes next.',
      option: { ...better, second: 'repairWithoutData' },
      expect: { ...falselyDropped, ...falselyServed },
    },
    'auto-recovery-unlocked': {
      about: 'It repairs without the lock of the inode, beside the application.',
      option: { ...better, second: 'repairWithoutLock' },
      expect: { ...falselyDropped, ...falselyServed, ...cleared },
    },
    'P6-block': {
      about: 'v7.1 through the block layer: the record goes before the data come.',
      option: { ...v71, path: 'block' },
      expect: { ...falselyDropped, [noFalseRead.name]: 'violated', ...touchedAbsent },
    },
    'block-data-first': {
      about: 'Through the block layer, and the data are touched before the poison is cleared (KB-25).',
      option: { ...better, path: 'block', touchesFirst: true },
      expect: touchedAbsent,
    },
    repaired: {
      about: 'The mappings go first and the record last, and nobody takes the page away in between.',
      option: better,
    },
    'repaired-block': {
      about: 'The same through the block layer, where nobody maps the page.',
      option: { ...better, path: 'block' },
    },
  },
  build: (option) => {
    const isSystemCall = option.path === 'dax';
    const byItself = { environment: true as const };
    return compose(
      {
        media: replicate(mediaMachine, 2, (page) => ({ poisoned: page === failed, afterClear: option.afterClear })),
        kernelMapping: start(kernelMappingMachine),
        badblocks: start(badblocksMachine, { recorded: [failed], region: { blocks: 2, end: option.regionEnd } }),
        inode: start(lockMachine),
        recoveryWrite: replicate(recoveryWriteMachine, 2, (self) => ({
          recovers: option.recovers,
          order: deedsOf(option, self),
          locks: option.locks && !(self === 1 && option.second === 'repairWithoutLock'),
          granularity: option.granularity === 'anyPart' ? 'anyPart' : 'alignedPages',
          onClearFailure: option.onClearFailure,
          onCopyFailure: option.onCopyFailure,
        })),
        blockWrite: start(blockWriteMachine, { page: failed, order: blockDeedsOf(option) }),
        pread: start(preadMachine),
        victim: replicate(victimMachine, 2, () => ({ page: failed, storesClear: option.stores === 'clearRecord' })),
      },
      {
        wires: {
          badblocks: { 'badblocks.changed': [] },
          recoveryWrite: {
            'lock.taken': { rendezvous: ({ lock }) => (lock === 'none' ? [] : lock) },
            'lock.released': ({ lock }) => (lock === 'none' ? [] : lock),
            'page.unmapped': ({ page }) => (page === failed ? 'victim' : []),
            'poison.cleared': ({ page }) => ['media', page],
            'page.restored': ({ page }) => (page === failed ? 'kernelMapping' : []),
            'half.written': ({ page }) => ['media', page],
            'range.cleared': 'badblocks',
            'write.returned': (_, self) => (self === 0 ? ['victim', 0] : []),
            'caller.died': (_, self) => (self === 0 ? ['victim', 0] : []),
          },
          blockWrite: {
            'poison.cleared': ({ page }) => ['media', page],
            'page.restored': 'kernelMapping',
            'half.written': ({ page }) => ['media', page],
            'range.cleared': 'badblocks',
          },
          victim: {
            'page.unmapped': 'victim',
            'page.hidden': 'kernelMapping',
            'range.cleared': 'badblocks',
            'write.called': ['recoveryWrite', 0],
          },
        },
        spontaneous: {
          media: [
            { type: 'firmware.failed', environment: true, when: ({ media }, page) => media[page]!.context.clearable },
          ],
          recoveryWrite: [
            {
              type: 'write.called',
              ...(option.second === 'anybody' && byItself),
              when: ({ victim, recoveryWrite }, self) =>
                isSystemCall &&
                self === 1 &&
                recoveryWrite[1]!.context.answer === 'none' &&
                (option.second === 'anybody' || victim.some((task) => task.hasTag('signalled'))),
              oneOf: [{ request: { from: failed, aligned: true, flag: true } }],
            },
            'inode.locked',
            {
              type: 'page.asked',
              read: ({ badblocks, recoveryWrite }, self) => ({
                bad: badblocks.context.pending.some((range) =>
                  option.granularity === 'wholeRequest'
                    ? range >= recoveryWrite[self]!.context.page
                    : range === recoveryWrite[self]!.context.page,
                ),
              }),
            },
            'mappings.revoked',
            {
              type: 'clear.tried',
              read: ({ media, recoveryWrite }, self) => ({
                done: media[recoveryWrite[self]!.context.page]!.context.clearable,
              }),
            },
            {
              type: 'front.copied',
              read: ({ kernelMapping, recoveryWrite }, self) => ({
                absent: kernelMapping.hasTag('absent') && recoveryWrite[self]!.context.page === failed,
              }),
            },
            {
              type: 'back.copied',
              read: ({ kernelMapping, recoveryWrite }, self) => ({
                absent: kernelMapping.hasTag('absent') && recoveryWrite[self]!.context.page === failed,
              }),
            },
            { type: 'copy.failed', environment: true },
            'record.dropped',
            'thread.ended',
          ],
          blockWrite: [
            { type: 'write.submitted', environment: true, when: () => !isSystemCall },
            { type: 'page.asked', read: isRecorded },
            { type: 'clear.tried', read: ({ media }) => ({ done: media[failed]!.context.clearable }) },
            'page.returned',
            { type: 'front.copied', read: isAbsent },
            { type: 'back.copied', read: isAbsent },
            'record.dropped',
            'thread.ended',
          ],
          pread: [
            { type: 'read.called', environment: true },
            { type: 'page.asked', read: isRecorded },
            { type: 'page.copied', read: (room) => ({ ...content(room), ...isAbsent(room) }) },
            'thread.ended',
          ],
          victim: [
            {
              type: 'poison.met',
              environment: true,
              when: (room, self) => self === 0 && content(room).found === 'poison',
            },
            {
              type: 'nothing.loaded',
              environment: true,
              // Nobody maps a page that is written through the block layer; who did may have met its poison before.
              when: (room) => isSystemCall && content(room).found === 'undefined',
            },
            { type: 'page.stored', environment: true, when: (_, self) => self === 1 },
            { type: 'page.faulted', environment: true, when: () => isSystemCall, read: isRecorded },
            'failure.returned',
            {
              type: 'check.ended',
              when: (room) => option.hides === 'onReturn' || !isUnderWay(room),
              read: (room) => ({ bad: option.hides === 'onReturn' || isRecorded(room).bad }),
            },
            {
              type: 'restoring.begun',
              when: (_, self) => isSystemCall && self === 0,
              oneOf: requests.map((request) => ({ request: { ...request, flag: option.knowsFlag } })),
            },
            { type: 'page.refaulted', read: isRecorded },
            { type: 'page.checked', read: content },
          ],
        },
        properties: [
          recordMonotone,
          wholeStaysWhole,
          noFalseRead,
          noAbsentPage,
          readIsRefused,
          goodPageIsWritten,
          recoveryEnds,
          ...(isSystemCall ? [noUndefinedLoad, applicationRecovers, pageIsLost] : []),
          ...(isSystemCall ? [goodPartIsWritten, partIsWritten, copyIsCut] : []),
        ],
      },
    );
  },
});

/** Of the two pages of a region it is the last that has failed. */
const failed = 1;

/** What the application may write to get it back: the page; it and the one before it; or of the two only so much as it has lost. */
const requests = [
  { from: 1, aligned: true },
  { from: 0, aligned: true },
  { from: 0, aligned: false },
] as const;

const orders: Record<Option['order'], readonly Deed[]> = {
  recordLast: ['clear', 'copy', 'drop'],
  recordFirst: ['clear', 'drop', 'copy'],
  copyFirst: ['copy', 'clear', 'drop'],
};

function deedsOf({ clears, order, second }: Option, self: number): readonly Deed[] {
  const deeds = orders[order].filter((deed) => deed !== 'copy' || self === 0 || second !== 'repairWithoutData');
  return clears === 'unmapped' ? ['revoke', ...deeds] : deeds;
}

function blockDeedsOf({ blockRecord, touchesFirst }: Option): readonly BlockDeed[] {
  const deeds: readonly BlockDeed[] = blockRecord === 'droppedFirst' ? ['drop', 'copy'] : ['copy', 'drop'];
  return [...(touchesFirst ? ['copy' as const] : []), 'clear', 'restore', ...deeds];
}

interface Room {
  readonly badblocks: Peer<typeof badblocksMachine>;
  readonly media: readonly Peer<typeof mediaMachine>[];
  readonly kernelMapping: Peer<typeof kernelMappingMachine>;
  readonly recoveryWrite: readonly Peer<typeof recoveryWriteMachine>[];
  readonly blockWrite: Peer<typeof blockWriteMachine>;
}

const isRecorded = ({ badblocks }: Pick<Room, 'badblocks'>) => ({ bad: badblocks.context.pending.includes(failed) });
const isAbsent = ({ kernelMapping }: Pick<Room, 'kernelMapping'>) => ({ absent: kernelMapping.hasTag('absent') });

function content({ media }: Pick<Room, 'media'>): { found: Found } {
  const page = media[failed]!;
  return { found: page.hasTag('poisoned') ? 'poison' : page.hasTag('whole') ? 'data' : 'undefined' };
}

const isUnderWay = ({ recoveryWrite, blockWrite }: Pick<Room, 'recoveryWrite' | 'blockWrite'>): boolean =>
  blockWrite.hasTag('recovering') || recoveryWrite.some((write) => write.hasTag('recovering'));
