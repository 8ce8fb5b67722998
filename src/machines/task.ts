import { assign, emit, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * A task with a DAX mapping of one page: dax_iomap_fault() from the touch that faults to the page table entry.
 *
 * Kept: every check of the fault is a load at its own moment (is the file system shut down, is the device alive), the
 * page table entry comes after them, and whoever unmaps the page takes away what is there and stops nobody who is on
 * the way. A write fault passes the freeze gate, a read fault does not know of it. The section of dax_srcu around the
 * second check ends with the check. Left out: which SIGBUS a refused fault ends with, write protection, and poison (an
 * entry is good or absent).
 *
 * `section` says how the second check and the insertion belong together. `lookup` is the kernel. `insertion` keeps the
 * section open until the page table entry is there. `recheck` asks once more before it inserts, in a section of its
 * own.
 *
 * `pins` is not the kernel either: there a mapped page of fsdax holds no reference to its pagemap.
 */
export const taskMachine = setup({
  types: {
    context: {} as Required<TaskInput> & { readonly isWriting: boolean; readonly told: boolean },
    input: {} as TaskInput,
    events: {} as
      | { type: 'page.touched'; access: 'read' | 'write' }
      | { type: 'iomap.begun'; shutdown: boolean }
      | { type: 'alive.read' | 'alive.readAgain'; alive: boolean }
      | { type: 'page.associated'; live: boolean }
      | {
          type:
            | 'write.started'
            | 'entry.reached'
            | 'section.entered'
            | 'pte.inserted'
            | 'entry.left'
            | 'page.unmapped'
            | 'task.signalled';
        },
    emitted: {} as
      | { type: 'writer.entered' | 'writer.left' | 'entry.locked' | 'entry.unlocked' | 'entry.filled' }
      | { type: 'reader.entered' | 'reader.left'; reader: string },
    tags: {} as 'rest' | 'settled' | 'mapped' | 'checked' | 'granted' | 'pinning',
    meta: {} as Meta,
  },
  guards: {
    isWrite: ({ event }) => 'access' in event && event.access === 'write',
    isWriting: ({ context }) => context.isWriting,
    isShut: ({ event }) => 'shutdown' in event && event.shutdown,
    isShutWriting: ({ context, event }) => context.isWriting && 'shutdown' in event && event.shutdown,
    isAlive: ({ event }) => 'alive' in event && event.alive,
    isAliveInside: ({ context, event }) => context.section === 'insertion' && 'alive' in event && event.alive,
    isUnpinnable: ({ context, event }) => context.pins && 'live' in event && !event.live,
    isRechecking: ({ context }) => context.section === 'recheck',
    isInside: ({ context }) => context.section === 'insertion',
  },
  actions: {
    noteAccess: assign({ isWriting: ({ event }) => 'access' in event && event.access === 'write' }),
    forget: assign({ isWriting: false }),
    note: assign({ told: true }),
    enterWriter: emit({ type: 'writer.entered' }),
    leaveWriter: emit({ type: 'writer.left' }),
    enterSection: emit(({ context }) => ({ type: 'reader.entered', reader: context.name })),
    leaveSection: emit(({ context }) => ({ type: 'reader.left', reader: context.name })),
    lockEntry: emit({ type: 'entry.locked' }),
    unlockEntry: emit({ type: 'entry.unlocked' }),
    fillEntry: emit({ type: 'entry.filled' }),
  },
}).createMachine({
  id: 'task',
  context: ({ input }) => ({ pins: false, ...input, isWriting: false, told: false }),
  initial: 'unmapped',
  // A signal and an unmap find a task wherever it is; where there is no page table entry an unmap takes nothing away.
  on: { 'task.signalled': { actions: 'note' }, 'page.unmapped': {} },
  states: {
    unmapped: {
      tags: ['rest', 'settled'],
      on: {
        'page.touched': [
          { guard: 'isWrite', target: 'starting', actions: 'noteAccess' },
          { target: 'beginning', actions: 'noteAccess' },
        ],
      },
    },
    starting: {
      description: "sb_start_pagefault(): waits as long as the file system is frozen, by a user's freeze for ever.",
      tags: 'rest',
      on: { 'write.started': { target: 'beginning', actions: 'enterWriter', meta: { step: 'A1' } } },
    },
    beginning: {
      on: {
        'iomap.begun': [
          { guard: 'isShutWriting', target: 'unmapped', actions: ['leaveWriter', 'forget'], meta: { step: 'A2' } },
          { guard: 'isShut', target: 'unmapped', meta: { step: 'A2' } },
          { target: 'permitted', meta: { step: 'A2' } },
        ],
      },
    },
    permitted: {
      tags: 'checked',
      on: { 'entry.reached': { target: 'holding', actions: 'lockEntry', meta: { step: 'A3' } } },
    },
    holding: {
      tags: 'checked',
      on: { 'section.entered': { target: 'asking', actions: 'enterSection', meta: { step: 'A4' } } },
    },
    asking: {
      tags: 'checked',
      on: {
        'alive.read': [
          { guard: 'isAliveInside', target: 'granted', meta: { step: 'A4' } },
          { guard: 'isAlive', target: 'granted', actions: 'leaveSection', meta: { step: 'A4' } },
          { target: 'releasing', actions: 'leaveSection', meta: { step: 'A4' } },
        ],
      },
    },
    granted: {
      tags: ['checked', 'granted'],
      on: {
        'page.associated': [
          { guard: 'isUnpinnable', target: 'releasing', meta: { step: 'A5' } },
          { guard: 'isRechecking', target: 'asking again', actions: 'fillEntry', meta: { step: 'A5' } },
          { target: 'inserting', actions: 'fillEntry', meta: { step: 'A5' } },
        ],
      },
    },
    'asking again': {
      on: { 'alive.readAgain': [{ guard: 'isAlive', target: 'inserting' }, { target: 'releasing' }] },
    },
    inserting: {
      tags: ['checked', 'granted', 'pinning'],
      on: {
        'pte.inserted': [
          { guard: 'isInside', target: 'inserted', actions: 'leaveSection', meta: { step: 'A6' } },
          { target: 'inserted', meta: { step: 'A6' } },
        ],
      },
    },
    inserted: {
      tags: ['mapped', 'pinning'],
      on: {
        'entry.left': [
          {
            guard: 'isWriting',
            target: 'mapped',
            actions: ['unlockEntry', 'leaveWriter', 'forget'],
            meta: { step: 'A7' },
          },
          { target: 'mapped', actions: 'unlockEntry', meta: { step: 'A7' } },
        ],
        'page.unmapped': 'releasing',
      },
    },
    releasing: {
      description:
        'Without a page table entry, be it that none was inserted or that somebody has taken it away already.',
      on: {
        'entry.left': [
          {
            guard: 'isWriting',
            target: 'unmapped',
            actions: ['unlockEntry', 'leaveWriter', 'forget'],
            meta: { step: 'A7' },
          },
          { target: 'unmapped', actions: 'unlockEntry', meta: { step: 'A7' } },
        ],
      },
    },
    mapped: {
      tags: ['rest', 'settled', 'mapped', 'pinning'],
      on: { 'page.unmapped': 'unmapped' },
    },
  },
});

export interface TaskInput {
  /** What it is called among the readers of dax_srcu. */
  readonly name: string;
  /** PR_MCE_KILL_EARLY: it wants to be told before it touches what is lost. */
  readonly killsEarly: boolean;
  readonly section: 'lookup' | 'insertion' | 'recheck';
  /** A page that is mapped, or about to be, holds a reference to its pagemap, which is not to be had once that is dying. */
  readonly pins?: boolean;
}
