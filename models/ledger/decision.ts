/** What the rows in this folder are written with, so that its files import from nowhere else. */
export type {
  Alternative,
  Bug,
  Claim,
  Decision,
  Hazard,
  Rule,
  Survivor,
  Told,
  Trial,
} from '../../src/ledger/rows.ts';

/** Which of the two variants of a decision is the alternative: the one that breaks the promise, or the one that keeps it. */
export const breaks = { alternative: 'unsafe' } as const;
export const keeps = { alternative: 'safe' } as const;
