import type { Peer } from '../explore/model.ts';
import { never, sometimes } from '../explore/property.ts';
import type { Geometry, Lines, rangeMachine } from '../machines/range.ts';

/**
 * What a range means, said without its arithmetic: line by line. I11 to I13 for a computation.
 */
interface Range {
  readonly range: Peer<typeof rangeMachine>;
}

/** The witness: a report is resolved into blocks and pages. */
export const rangeIsResolved = sometimes<Range>('a range is resolved', ({ range }) => range.hasTag('resolved'));

/** The witness: a report is refused, because it is of no concern to this file system. */
export const rangeIsRefused = sometimes<Range>('a range is refused', ({ range }) => range.hasTag('refused'));

/**
 * I13 Blast: no block is acted on that has no failed line. How much more than the line is lost with it is the file system's to
 * say, and it says: the block (S000-30).
 *
 * Why it can fail: an end that is taken for a last (KB-03), a start that is counted from somewhere else (S000-29, KB-18, H-25).
 *
 * @see xfs_dax_notify_failure(); S000-01, S000-05, S000-24, S000-29, S000-30, S001-26
 */
export const blocksInRange = never<Range>(
  'I13 Blast',
  ({ range }) => range.hasTag('resolved') && numbers(range.context).some((block) => !failedBlocks(range).has(block)),
  { witness: rangeIsResolved, about: 'No block is acted on that has no failed line.' },
);

/**
 * I11 WalkAll: every block of the file system with a failed line is acted on.
 *
 * Why it can fail: rounding inwards loses what is smaller than the unit (S000-28); a wrong clamp loses the rest of the range
 * (KB-03), and a wrong origin puts it elsewhere or nowhere.
 */
export const blocksCovered = never<Range>(
  'I11 WalkAll',
  ({ range }) => {
    if (!range.hasTag('resolved') && !range.hasTag('refused')) return false;
    const acted = new Set(range.hasTag('resolved') ? numbers(range.context) : []);
    return [...failedBlocks(range)].some((block) => !acted.has(block));
  },
  { witness: rangeIsResolved, about: 'Every block of the file system with a failed line is acted on.' },
);

/**
 * I12 RightPage: the pages whose tasks are told are those of the blocks acted on.
 *
 * Why it can fail: the record says where the file begins in blocks, the range where it begins in bytes (KB-04).
 *
 * @see xfs_dax_failure_fn()
 */
export const rightPages = never<Range>(
  'I12 RightPage',
  ({ range }) => {
    if (!range.hasTag('resolved')) return false;
    const { geometry, pages } = range.context;
    const right = new Set(
      numbers(range.context).map((block) => Math.floor((geometry.fileOffset + block) / geometry.blocksPerPage)),
    );
    return numbers(pages).some((page) => !right.has(page)) || [...right].some((page) => !numbers(pages).includes(page));
  },
  { witness: rangeIsResolved, about: 'The pages whose tasks are told are those of the blocks acted on.' },
);

const numbers = ({ start, end }: Lines): number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, number) => start + number);

/** The blocks of the file system in which a reported line lies, found by looking at each line of the device. */
function failedBlocks({ context: { geometry, reported } }: Range['range']): ReadonlySet<number> {
  const isWhole = reported.start === 0;
  const blocks = new Set<number>();
  let device = 0;
  for (const line of geometry.physical.flatMap(numbers)) {
    const own = device - geometry.partition;
    const isFailed = isWhole || (line >= reported.start && line < reported.end);
    if (isFailed && own >= 0 && own < geometry.lines) blocks.add(blockOf(geometry, own));
    device += 1;
  }
  return blocks;
}

const blockOf = (geometry: Geometry, line: number): number => Math.floor(line / geometry.linesPerBlock);
