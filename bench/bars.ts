import type { ScaleRow, SearchPart, WorkersRow } from './parts.ts';
import type { Results } from './results.ts';

/** What Holdfast is to reach at full size, and what it has reached. */
export interface Bar {
  readonly what: string;
  readonly bar: string;
  readonly reached: string;
  readonly isMet: boolean;
}

/** The bars that these results say something of. At other sizes than the full one they say nothing. */
export function barsOf({ size, search, scale, workers, everyday, page }: Results): Bar[] {
  if (size !== 'full') return [];
  return [
    ...(search === undefined ? [] : searchBars(search)),
    ...(scale ?? []).flatMap(({ name, rows }) => scaleBars(name, rows)),
    ...(workers === undefined || 'skipped' in workers ? [] : workers.rows.flatMap(workersBars)),
    ...(everyday === undefined
      ? []
      : [
          atMost('`npm run check`', everyday.check.wall, 60, ' s'),
          atMost('from start to the verdict on a small model', everyday.start.wall, 0.5, ' s'),
        ]),
    ...(page === undefined || 'skipped' in page
      ? []
      : [
          atMost('the report of the largest model', page.bytes / 1e6, 1.5, ' MB'),
          atMost('that report, opened from disk', page.opened, 1, ' s'),
          atLeast('steps of its counterexample in a second', page.stepsPerSecond, 50, ''),
        ]),
  ];
}

function searchBars({ rows, ratios }: SearchPart): Bar[] {
  const cpu = 'CPU time of a search ÷ that of';
  const worst = Math.max(...rows.map(({ ratios: { SPIN = 0 } }) => SPIN));
  return [
    ...(ratios.SPIN === undefined
      ? []
      : [
          atMost(`${cpu} SPIN, geometric mean`, ratios.SPIN, 0.25, ''),
          atMost(`${cpu} SPIN, on the worst model`, worst, 0.5, ''),
        ]),
    ...(ratios.Rumur === undefined ? [] : [atMost(`${cpu} Rumur, geometric mean`, ratios.Rumur, 1 / 6, '')]),
  ];
}

/** The models whose memory has a bar, as a whole or for each state. */
const MEGABYTES: Readonly<Record<string, number>> = { 'phils(16)': 1_100, 'phils(17)': 4_000 };
const PER_STATE: readonly string[] = ['twophase(9)', 'phils(16)'];

function scaleBars(family: string, rows: readonly ScaleRow[]): Bar[] {
  const small = rows.find(({ states }) => states >= 1e5);
  const large = rows.find(({ states }) => states >= 1e7);
  return [
    ...rows.flatMap(({ name, bytes, bytesPerState }) => [
      ...(PER_STATE.includes(name) ? [atMost(`memory per state, ${name}`, bytesPerState, 24, ' bytes')] : []),
      ...(name in MEGABYTES ? [atMost(`memory in all, ${name}`, bytes / 1e6, MEGABYTES[name]!, ' MB')] : []),
    ]),
    ...(small === undefined || large === undefined
      ? []
      : [
          atMost(
            `time per transition at 10^7 states ÷ that at 10^5, ${family}`,
            large.nanosecondsPerTransition / small.nanosecondsPerTransition,
            2.5,
            '',
          ),
        ]),
  ];
}

/** What two searches of one worker get done at once is what the machine has to give. */
function workersBars({ name, speedUp, yardstick }: WorkersRow): Bar[] {
  const what = `two workers against one, ${name}`;
  return [
    atLeast(`${what}, ÷ two searches at once`, speedUp / yardstick, 0.85, ''),
    ...(yardstick >= 1.95 ? [atLeast(what, speedUp, 1.7, ' times')] : []),
  ];
}

const atMost = (what: string, value: number, bar: number, unit: string): Bar => ({
  what,
  bar: `≤ ${round(bar)}${unit}`,
  reached: `${value.toFixed(2)}${unit}`,
  isMet: value <= bar,
});

const atLeast = (what: string, value: number, bar: number, unit: string): Bar => ({
  what,
  bar: `≥ ${bar}${unit}`,
  reached: `${value.toFixed(2)}${unit}`,
  isMet: value >= bar,
});

const round = (value: number): number => Number(value.toPrecision(3));
