import type { VariantSpec } from '../../src/explore/model.ts';
import {
  noFalseRead,
  readIsServed,
  recordIsDropped,
  recordMonotone,
  wholeStaysWhole,
} from '../../src/invariants/record-monotone.ts';
import {
  applicationIsRestored,
  applicationRecovers,
  noAbsentPage,
  noUndefinedLoad,
  pageIsLost,
  pageIsMappedAgain,
  partIsWritten,
  recoveryEnds,
} from '../../src/invariants/recovery.ts';
import { kernel, preset } from '../presets.ts';

/** The designs of a recovery from poison, as variants of `poison-recovery`: their options, and what comes of each. */
export const options = {
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

export const designs = {
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
} satisfies Readonly<Record<string, VariantSpec<typeof options>>>;
