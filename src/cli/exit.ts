import { match } from 'ts-pattern';
import { type Outcome, standingOf } from '../report/outcome.ts';

/**
 * 0 all as expected · 1 a verdict or a figure differs · 2 usage · 3 unknown · 4 the specification is malformed or impure ·
 * 5 a fault of Holdfast itself · 130 interrupted.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 130;

/** Of several the first counts. */
const WORST_FIRST: readonly ExitCode[] = [5, 2, 4, 1, 3, 0];

export const worst = (codes: readonly ExitCode[]): ExitCode => WORST_FIRST.find((code) => codes.includes(code)) ?? 0;

export const exitCodeOf = (outcome: Outcome): ExitCode =>
  match(standingOf(outcome))
    .with('expected', () => 0 as const)
    .with('surprising', () => 1 as const)
    .with('unknown', () => 3 as const)
    .with('malformed', () => 4 as const)
    .with('fault', () => 5 as const)
    .exhaustive();
