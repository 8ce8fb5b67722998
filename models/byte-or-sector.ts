import { compose, defineModel, start } from '../src/explore/model.ts';
import { blocksCovered, blocksInRange, rangeIsRefused, rangeIsResolved, rightPages } from '../src/invariants/range.ts';
import { endless, type Geometry, rangeMachine } from '../src/machines/range.ts';
import { kernel, preset } from './presets.ts';

const options = {
  lastBlock: kernel.lastBlock,
  clamp: kernel.clamp,
  physical: ['walked', 'firstOnly'],
  unit: ['lines', 'sectorsOutward', 'sectorsInward'],
  partition: ['subtracted', 'ignored'],
  offsets: ['converted', 'mixed'],
  /** Where the file system begins on its device. */
  begins: ['atPartition', 'atZero'],
} as const;

/**
 * Two physical ranges with a gap between them; a partition that begins in the first and ends before the second does; sectors and
 * blocks of two lines, pages of two blocks; a file whose fourth block is the first of the file system.
 */
const geometry: Geometry = {
  physical: [
    { start: 8, end: 16 },
    { start: 20, end: 32 },
  ],
  partition: 4,
  lines: 12,
  linesPerBlock: 2,
  blocksPerPage: 2,
  fileOffset: 3,
};

/** Every range of one line up to three blocks within one physical range, and the whole device. */
const reports = [
  ...geometry.physical.flatMap(({ start: first, end: last }) =>
    [1, 2, 3, 4, 5, 6].flatMap((length) =>
      Array.from({ length: last - first - length + 1 }, (_, at) => ({ start: first + at, end: first + at + length })),
    ),
  ),
  { start: 0, end: endless },
];

const v71 = preset('P6', options);
const better = preset('repaired', options);

const blast = { [blocksInRange.name]: 'violated' } as const;
const missed = { [blocksCovered.name]: 'violated' } as const;

/**
 * From a physical address to the blocks of a file system and the pages of a file: which confusions of units, of origins and of
 * ends act on the wrong ones?
 *
 * The world is one computation on every range of one line up to three blocks, and on the whole device, against what the range
 * means line by line. Blocks that are acted on although only one of their lines has failed are right: how far the damage
 * reaches is the file system's to say (S000-30).
 *
 * What surprised, and who was right:
 * - The sectors of mail 000 are safe when they are rounded outwards (`sectors-outward`): as the file system works in blocks anyway,
 *   nothing is lost by them. What Williams objects to is harmless as long as nobody rounds the other way.
 * - In v7.1 a range that straddles the end of a file system on a partition is still walked past that end (H-25, `P6`), by as many
 *   lines as the partition lies into the device. Where it begins at zero it is not (`P6-no-partition`).
 *   `(0, U64_MAX)`, which a removal sends, straddles it too.
 * - An end that is taken for a last (KB-03) is wrong only where the range ends with a block: a range of one line in the middle is
 *   not touched by it. The models of the other questions could not have seen it.
 */
export default defineModel({
  name: 'byte-or-sector',
  about: 'Which confusions of units, origins and ends turn a report about one range into an action on another?',
  sources: [
    ...['S000-01', 'S000-05', 'S000-24', 'S000-28', 'S000-29', 'S000-30', 'S001-26'],
    ...['KB-03', 'KB-04', 'KB-18', 'H-25'],
  ],
  options,
  variants: {
    P3: {
      about:
        'v6.1: the byte after the range decides the last block, and what leaves the file system is cut by the wrong length.',
      option: preset('P3', options),
      expect: { ...blast, ...missed },
    },
    'P3-clamp-fixed': {
      about: 'v6.1 with the clamp repaired: one block too many is left (KB-03, first part).',
      option: { ...preset('P3', options), clamp: 'toEnd' },
      expect: blast,
    },
    'P3-last-block-fixed': {
      about:
        'v6.1 with the last block repaired: a range that leaves the file system is cut to what lies outside of it (second part).',
      option: { ...preset('P3', options), lastBlock: 'ofLastByte' },
      expect: { ...blast, ...missed },
    },
    P6: {
      about: 'v7.1: ranges are cut at the end of the partition as the device counts it (H-25).',
      option: v71,
      expect: blast,
    },
    'P6-no-partition': {
      about: 'v7.1 where the file system begins with the device.',
      option: { ...v71, begins: 'atZero' },
    },
    'sectors-outward': {
      about: 'Sectors instead of bytes, rounded outwards.',
      option: { ...better, unit: 'sectorsOutward' },
    },
    'sectors-inward': {
      about: 'Sectors instead of bytes, rounded inwards: what is smaller than a sector does not count.',
      option: { ...better, unit: 'sectorsInward' },
      expect: missed,
    },
    'partition-ignored': {
      about: 'Offsets of the device taken for offsets of the file system: somebody else is killed.',
      option: { ...better, partition: 'ignored' },
      expect: { ...blast, ...missed },
    },
    'one-physical-range': {
      about: 'A device of two physical ranges, computed as if it had one (KB-18).',
      option: { ...better, physical: 'firstOnly' },
      expect: { ...blast, ...missed },
    },
    'offsets-mixed': {
      about: 'Blocks of the file added to bytes of the range (KB-04).',
      option: { ...better, offsets: 'mixed' },
      expect: { [rightPages.name]: 'violated' },
    },
    repaired: {
      about: 'Every conversion made, and every end in the coordinates of the file system.',
      option: better,
    },
  },
  build: (option) =>
    compose(
      {
        range: start(rangeMachine, {
          physical: option.physical,
          unit: option.unit,
          partition: option.partition,
          clamp: option.clamp,
          lastBlock: option.lastBlock,
          offsets: option.offsets,
          geometry: { ...geometry, partition: option.begins === 'atZero' ? 0 : geometry.partition },
        }),
      },
      {
        spontaneous: {
          range: [
            { type: 'range.reported', environment: true, oneOf: reports },
            'device.translated',
            'unit.rounded',
            'partition.subtracted',
            'end.clamped',
            'blocks.computed',
            'pages.computed',
          ],
        },
        properties: [blocksInRange, blocksCovered, rightPages, rangeIsResolved, rangeIsRefused],
      },
    ),
});
