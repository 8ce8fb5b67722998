import { readFileSync } from 'node:fs';
import { type Comparable, differences, readReport } from '../report/html/compare.ts';
import type { BaselineData } from '../report/html/page-data.ts';
import { safe } from '../report/text.ts';
import { sayingOf } from './blame.ts';
import { UsageError } from './usage-error.ts';

/** An earlier report, and the file that it was read from. */
export interface Baseline {
  readonly file: string;
  readonly report: Comparable;
}

/**
 * Reads the report that a page is to be compared with: at once, since the page may be about to be written over it.
 *
 * @throws UsageError where there is none in the file, or there will be no page
 */
export function baselineIn(file: string, isPage: boolean): Baseline {
  if (!isPage) throw noBaseline(file, 'it is the page that compares', '--html FILE beside it');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw noBaseline(file, sayingOf(error), instead);
  }
  try {
    return { file, report: readReport(text) };
  } catch (error) {
    throw noBaseline(file, (error as Error).message, instead);
  }
}

/** What the page says of it. */
export const comparedWith = ({ file, report }: Baseline, page: Comparable): BaselineData => ({
  name: file,
  holdfast: report.holdfast,
  differences: differences(report, page),
});

const instead = 'a page that holdfast check --html has written, or what holdfast check --json has printed';

const noBaseline = (file: string, why: string, better: string): UsageError =>
  new UsageError(`${safe(file)}: nothing to compare with`, {
    code: 'E-BASELINE',
    where: '--baseline',
    why,
    instead: better,
  });
