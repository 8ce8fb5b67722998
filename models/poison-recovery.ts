import { type Assignment, compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { noFalseRead, readIsRefused, recordMonotone, wholeStaysWhole } from '../src/invariants/record-monotone.ts';
import {
  applicationRecovers,
  copyIsCut,
  goodPageIsWritten,
  goodPartIsWritten,
  noAbsentPage,
  noUndefinedLoad,
  pageIsLost,
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
import { designs, options } from './designs/poison-recovery.ts';

type Option = Assignment<typeof options>;

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
  variants: designs,
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
