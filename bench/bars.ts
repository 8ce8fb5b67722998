import type { Results } from './results.ts';

/** What Holdfast is to reach at full size, and what it has reached. */
export interface Bar {
  readonly what: string;
  readonly bar: string;
  readonly reached: string;
  readonly isMet: boolean;
}

/** The bars that these results say something of. At other sizes than the full one they say nothing. */
export function barsOf({ size, search, scale, workers, everyday }: Results): Bar[] {
  if (size !== 'full') return [];
  const rows = (scale ?? []).flatMap((family) => family.rows).filter(({ states }) => states >= 1e7);
  return [
    ...(search?.ratios.SPIN === undefined
      ? []
      : [atMost('CPU time of a search ÷ that of SPIN, geometric mean', search.ratios.SPIN, 0.25, '')]),
    ...rows.map(({ name, bytesPerState }) => atMost(`memory per state, ${name}`, bytesPerState, 24, ' bytes')),
    ...(workers === undefined || 'skipped' in workers
      ? []
      : workers.rows.map(({ name, speedUp }) => atLeast(`two workers against one, ${name}`, speedUp, 1.7, ' times'))),
    ...(everyday === undefined
      ? []
      : [
          atMost('`npm run check`', everyday.check.wall, 60, ' s'),
          atMost('from start to the verdict on a small model', everyday.start.wall, 0.5, ' s'),
        ]),
  ];
}

const atMost = (what: string, value: number, bar: number, unit: string): Bar => ({
  what,
  bar: `≤ ${bar}${unit}`,
  reached: `${value.toFixed(2)}${unit}`,
  isMet: value <= bar,
});

const atLeast = (what: string, value: number, bar: number, unit: string): Bar => ({
  what,
  bar: `≥ ${bar}${unit}`,
  reached: `${value.toFixed(2)}${unit}`,
  isMet: value >= bar,
});
