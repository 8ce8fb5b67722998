import { assign, emit, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * memory_failure_dev_pagemap(): from a page frame to the driver of the pagemap that it lies in.
 *
 * What failure.ts tells in two steps is told here in all of them, because each may meet a driver that is coming or
 * going. Kept: the pagemap is found and a reference to it taken, which fails when it is dying; the frame is looked up
 * in it before its struct page is touched, as the frames that hold the struct pages themselves have none; the driver's
 * operation is called, and the frame becomes an offset in the device. Left out: what the owner does with it.
 *
 * `validates` and `translates` are KB-15 and KB-18.
 */
export const dispatchMachine = setup({
  types: {
    context: {} as DispatchInput & { readonly frame: Frame; readonly told: Frame | null },
    input: {} as DispatchInput,
    events: {} as
      | { type: 'poison.reported'; frame: Frame }
      | { type: 'pgmap.read'; published: boolean; freed: boolean; live: boolean }
      | { type: 'operations.called'; set: boolean; provided: boolean }
      | { type: 'frame.checked' | 'page.touched' | 'frame.translated' | 'pgmap.put' | 'thread.ended' },
    emitted: {} as { type: 'owner.told'; frame: Frame },
    tags: {} as 'rest' | 'pinning' | 'dangling' | 'wild' | 'stale' | 'told' | 'returned',
    meta: {} as Meta,
  },
  guards: {
    isFreed: ({ event }) => 'freed' in event && event.published && event.freed,
    isLive: ({ event }) => 'live' in event && event.published && event.live,
    isValidatingFirst: ({ context }) => context.validates === 'first',
    isMetadata: ({ context }) => context.frame === 'metadata',
    isStale: ({ event }) => 'provided' in event && event.set && !event.provided,
    isSet: ({ event }) => 'set' in event && event.set,
  },
  actions: {
    note: assign({ frame: ({ event }) => ('frame' in event ? event.frame : 'first') }),
    translate: assign({
      told: ({ context }) =>
        context.translates === 'byFirstRange' && context.frame === 'second' ? 'gap' : context.frame,
    }),
    tell: emit(({ context }) => ({ type: 'owner.told', frame: context.frame })),
  },
}).createMachine({
  id: 'dispatch',
  context: ({ input }) => ({ ...input, frame: 'first', told: null }),
  initial: 'quiet',
  states: {
    quiet: {
      tags: 'rest',
      on: { 'poison.reported': { target: 'raised', actions: 'note', meta: { step: 'P0' } } },
    },
    raised: {
      on: {
        'pgmap.read': [
          { guard: 'isFreed', target: 'astray', meta: { step: 'P3' } },
          { guard: 'isLive', target: 'pinned', meta: { step: 'P3' } },
          { target: 'returned', meta: { step: 'P3' } },
        ],
      },
    },
    pinned: {
      tags: 'pinning',
      on: {
        'frame.checked': [
          { guard: 'isValidatingFirst', target: 'checked', meta: { step: 'P4' } },
          { target: 'touching', meta: { step: 'P4' } },
        ],
      },
    },
    checked: {
      tags: 'pinning',
      always: [{ guard: 'isMetadata', target: 'putting' }, { target: 'touching' }],
    },
    touching: {
      tags: 'pinning',
      on: {
        'page.touched': [{ guard: 'isMetadata', target: 'wild' }, { target: 'asking' }],
      },
    },
    asking: {
      tags: 'pinning',
      on: {
        'operations.called': [
          { guard: 'isStale', target: 'fallen', meta: { step: 'P5' } },
          { guard: 'isSet', target: 'calling', meta: { step: 'P5' } },
          { target: 'putting', meta: { step: 'P5' } },
        ],
      },
    },
    calling: {
      tags: 'pinning',
      on: { 'frame.translated': { target: 'told', actions: ['translate', 'tell'], meta: { step: 'P5' } } },
    },
    told: {
      tags: ['pinning', 'told'],
      on: { 'pgmap.put': { target: 'returned', meta: { step: 'P8' } } },
    },
    putting: {
      tags: 'pinning',
      on: { 'pgmap.put': { target: 'returned', meta: { step: 'P8' } } },
    },
    astray: {
      description: 'The pagemap that it found has been freed.',
      tags: 'dangling',
      on: { 'thread.ended': 'returned' },
    },
    wild: {
      description: 'The frame has no struct page, and it has looked at it.',
      tags: ['pinning', 'wild'],
      on: { 'thread.ended': 'returned' },
    },
    fallen: {
      description: 'The operation belongs to a driver that has gone.',
      tags: ['pinning', 'stale'],
      on: { 'thread.ended': 'returned' },
    },
    returned: { tags: ['rest', 'returned'] },
  },
});

/** Where the frame lies: in one of the two ranges of the device, in the gap between them, or among the struct pages. */
export type Frame = 'first' | 'second' | 'gap' | 'metadata';

export interface DispatchInput {
  /** Whether the frame is looked up in the pagemap before its struct page is touched (KB-15). */
  readonly validates: 'first' | 'never';
  /** The offset in the device: along its ranges, or from the start of the first (KB-18). */
  readonly translates: 'byRanges' | 'byFirstRange';
}
