/** The types of the rows in this folder, so that its files import from nowhere else. */
export type { Awaited, Bug, Claim, Decision, Hazard, Rule, Survivor, Told } from '../../src/ledger/rows.ts';
