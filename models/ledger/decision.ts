/** The types of the rows in this folder, so that its files import from nowhere else. */
export type {
  Alternative,
  Awaited,
  Bug,
  Claim,
  Decision,
  Hazard,
  Rule,
  Survivor,
  Told,
  Trial,
} from '../../src/ledger/rows.ts';
