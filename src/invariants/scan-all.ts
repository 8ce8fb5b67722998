import type { Peer } from '../explore/model.ts';
import { always, sometimes } from '../explore/property.ts';
import type { entryMachine } from '../machines/entry.ts';
import type { scanMachine } from '../machines/scan.ts';

interface Scan {
  readonly scan: Peer<typeof scanMachine>;
  readonly entry: readonly Peer<typeof entryMachine>[];
}

/** The witness: the scan comes to its end. */
export const scanEnds = sometimes<Scan>('the scan is done', ({ scan }) => scan.hasTag('done'));

/**
 * I11 ScanAll: a scan that is done has visited every entry.
 *
 * Why it can fail: an entry that is locked is passed over, or lost by the iterator that waits for it. A page that is busy is
 * then missed, and its block freed under whoever uses it.
 *
 * @see fs/dax.c; KB-20, KB-21
 */
export const scanAll = always<Scan>(
  'I11 ScanAll',
  ({ scan, entry }) => !scan.hasTag('done') || entry.every((each) => each.hasTag('visited')),
  { witness: scanEnds, about: 'A scan that is done has visited every entry.' },
);
