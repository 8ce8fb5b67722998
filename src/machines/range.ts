import { assign, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * Where a failed range lies: from physical addresses, by way of the device and the partition, to blocks of a file system and pages
 * of a file.
 *
 * Kept: one step of the computation after the other, each in the units that it computes in, because every bug known of it is a
 * confusion of two units, two origins or two meanings of "end". Left out: what is done with the result.
 *
 * A *line* is the unit of poison and of addresses, smaller than a sector. Ranges have a `start` and an `end` that they do not contain.
 * The whole device is a range that begins at 0 and never ends.
 *
 * `Arithmetic` says how it computes. The first value of each is the one that is right.
 */
export const rangeMachine = setup({
  types: {
    context: {} as RangeInput & Lines & { readonly reported: Lines; readonly pages: Lines },
    input: {} as RangeInput,
    events: {} as
      | ({ type: 'range.reported' } & Lines)
      | { type: 'device.translated' | 'unit.rounded' | 'partition.subtracted' | 'end.clamped' }
      | { type: 'blocks.computed' | 'pages.computed' },
    tags: {} as 'rest' | 'resolved' | 'refused',
    meta: {} as Meta,
  },
  guards: {
    isNothing: ({ context }) => context.start >= context.end,
    isOutside: ({ context }) => context.end <= 0 || context.start >= context.geometry.lines,
  },
  actions: {
    report: assign(({ event }) =>
      'start' in event ? { start: event.start, end: event.end, reported: { start: event.start, end: event.end } } : {},
    ),
    translate: assign(({ context }) => linesOf(context, (line) => deviceOffsetOf(context, line))),
    round: assign(({ context }) => rounded(context)),
    subtract: assign(({ context }) =>
      context.partition === 'subtracted' ? linesOf(context, (line) => line - context.geometry.partition) : {},
    ),
    clamp: assign(({ context }) => ({ start: Math.max(0, context.start), end: clampedEndOf(context) })),
    toBlocks: assign(({ context }) => blocksOf(context)),
    toPages: assign(({ context }) => ({ pages: pagesOf(context) })),
  },
}).createMachine({
  id: 'range',
  context: ({ input }) => ({ ...input, ...nowhere, reported: nowhere, pages: nowhere }),
  initial: 'quiet',
  states: {
    quiet: {
      tags: 'rest',
      on: { 'range.reported': { target: 'reported', actions: 'report', meta: { step: 'P0' } } },
    },
    reported: {
      on: { 'device.translated': { target: 'translated', actions: 'translate', meta: { step: 'P5' } } },
    },
    translated: {
      on: { 'unit.rounded': { target: 'rounded', actions: 'round', meta: { step: 'P5' } } },
    },
    rounded: {
      always: { guard: 'isNothing', target: 'refused' },
      on: { 'partition.subtracted': { target: 'subtracted', actions: 'subtract', meta: { step: 'H2' } } },
    },
    subtracted: {
      always: { guard: 'isOutside', target: 'refused' },
      on: { 'end.clamped': { target: 'clamped', actions: 'clamp', meta: { step: 'H2' } } },
    },
    clamped: {
      on: { 'blocks.computed': { target: 'located', actions: 'toBlocks', meta: { step: 'H6' } } },
    },
    located: {
      description: 'From here on start and end count blocks of the file system.',
      on: { 'pages.computed': { target: 'resolved', actions: 'toPages', meta: { step: 'H9' } } },
    },
    resolved: { tags: ['rest', 'resolved'] },
    refused: { tags: ['rest', 'refused'] },
  },
});

/** A range of lines, blocks or pages. */
export interface Lines {
  readonly start: number;
  readonly end: number;
}

interface Arithmetic {
  /** A device of several physical ranges: found by walking them, or computed as if there were one (KB-18). */
  readonly physical: 'walked' | 'firstOnly';
  /** What the interface counts in: lines; or sectors, with what is not a whole one rounded outwards or inwards (S000-28). */
  readonly unit: 'lines' | 'sectorsOutward' | 'sectorsInward';
  /** Whether the start of the partition is taken off (S000-01, S000-29). */
  readonly partition: 'subtracted' | 'ignored';
  /** Where a range that leaves the file system ends: at its end, as far off as it was (KB-03), or at the device's end (H-25). */
  readonly clamp: 'toEnd' | 'byExcess' | 'toDeviceEnd';
  /** Whether the last block is that of the last byte, or of the byte after it (KB-03, S001-26). */
  readonly lastBlock: 'ofLastByte' | 'ofByteAfter';
  /** Whether the offset of the file is turned into the same unit before it is added (KB-04). */
  readonly offsets: 'converted' | 'mixed';
}

/** How things lie, in lines. */
export interface Geometry {
  readonly physical: readonly Lines[];
  /** Where the partition begins on the device. */
  readonly partition: number;
  /** How long the file system is. */
  readonly lines: number;
  readonly linesPerBlock: number;
  readonly blocksPerPage: number;
  /** The block of the file that block 0 of the file system is. */
  readonly fileOffset: number;
}

interface RangeInput extends Arithmetic {
  readonly geometry: Geometry;
}

/** The end of a range that has none: U64_MAX, farther away than any device is long. */
export const endless = 64;

const nowhere: Lines = { start: -1, end: -1 };

const linesOf = ({ start, end }: Lines, move: (line: number) => number): Lines => {
  // The end is the line after the last one, and that may lie in another physical range or in none.
  return { start: move(start), end: end === endless ? end : move(end - 1) + 1 };
};

/** The offset in the device of a physical line. */
function deviceOffsetOf({ physical, geometry, reported }: RangeInput & { reported: Lines }, line: number): number {
  if (reported.end === endless) return line;
  if (physical === 'firstOnly') return line - geometry.physical[0]!.start;
  return offsetIn(geometry, line);
}

function rounded({ unit, geometry, start, end }: RangeInput & Lines): Partial<Lines> {
  const sector = geometry.linesPerBlock;
  if (unit === 'lines' || end === endless) return {};
  return unit === 'sectorsOutward'
    ? { start: Math.floor(start / sector) * sector, end: Math.ceil(end / sector) * sector }
    : { start: Math.ceil(start / sector) * sector, end: Math.floor(end / sector) * sector };
}

function clampedEndOf({ clamp, geometry, start, end }: RangeInput & Lines): number {
  if (end <= geometry.lines) return end;
  // len -= end - offset, where it should become that.
  if (clamp === 'byExcess') return end - (geometry.lines - start);
  return Math.min(end, clamp === 'toEnd' ? geometry.lines : geometry.partition + geometry.lines);
}

function blocksOf({ lastBlock, geometry, start, end }: RangeInput & Lines): Lines {
  const last = lastBlock === 'ofLastByte' ? end - 1 : end;
  return {
    start: Math.floor(start / geometry.linesPerBlock),
    end: Math.floor(last / geometry.linesPerBlock) + 1,
  };
}

function pagesOf({ offsets, geometry, start, end }: RangeInput & Lines): Lines {
  const page = geometry.blocksPerPage * geometry.linesPerBlock;
  const offset = offsets === 'converted' ? geometry.fileOffset * geometry.linesPerBlock : geometry.fileOffset;
  const pageAt = (block: number) => Math.floor((offset + block * geometry.linesPerBlock) / page);
  return { start: pageAt(start), end: pageAt(end - 1) + 1 };
}

/** The offset in the device of a physical line, the ranges walked one by one. */
export function offsetIn({ physical }: Geometry, line: number): number {
  let before = 0;
  for (const range of physical) {
    if (line >= range.start && line < range.end) return before + line - range.start;
    before += range.end - range.start;
  }
  return -1;
}
