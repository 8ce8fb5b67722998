import type { Progress } from '../explore/check.ts';
import type { Sighting } from '../explore/simulate/simulate.ts';
import { widthOf } from './columns.ts';
import { count, megabytes, plural, short } from './text.ts';

/** How far a search is, for those who wait for it. */
export interface Ticker<P = Progress> {
  /** A search begins; until the next `begin` what is told is about this one. */
  begin(label: string): void;
  tell(progress: P): void;
  /** Leaves no line behind on a terminal. Called before anything else is printed. */
  clear(): void;
}

const PER_TERMINAL_LINE = 200;
const PER_PIPED_LINE = 10_000;

/**
 * On a terminal one line that is written over, at most five times a second; elsewhere a line every ten seconds.
 *
 * @param now a clock in milliseconds
 */
function lineOf(stream: NodeJS.WriteStream, now: () => number) {
  const interval = stream.isTTY ? PER_TERMINAL_LINE : PER_PIPED_LINE;
  let told = 0;
  let isShown = false;
  return {
    begin() {
      told = now();
    },
    /** @param textOf what is said, given the milliseconds since it was last said and the room for it */
    tell(textOf: (passed: number, room: number) => string) {
      const passed = now() - told;
      if (passed < interval) return;
      told += passed;
      const line = textOf(passed, stream.isTTY ? (stream.columns || 80) - 1 : Number.POSITIVE_INFINITY);
      stream.write(stream.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
      isShown = stream.isTTY;
    },
    clear() {
      if (isShown) stream.write('\r\u001b[K');
      isShown = false;
    },
  };
}

/** @param now a clock in milliseconds */
export function tickerOf(stream: NodeJS.WriteStream, now: () => number): Ticker {
  const line = lineOf(stream, now);
  let label = '';
  let states = 0;
  let waiting = 0;
  return {
    ...line,
    begin(name) {
      [label, states, waiting] = [name, 0, 0];
      line.begin();
    },
    tell(progress) {
      line.tell((passed, room) => {
        const pace = {
          statesPerSecond: ((progress.states - states) * 1000) / passed,
          more: progress.waiting - waiting,
        };
        [states, waiting] = [progress.states, progress.waiting];
        return progressText(label, progress, pace, room);
      });
    },
  };
}

export const silentTicker: Ticker = { begin: () => {}, tell: () => {}, clear: () => {} };

/** What has changed since the line before. */
interface Pace {
  readonly statesPerSecond: number;
  /** How many more states wait. While their number grows the end is not in sight; from the middle on it shrinks. */
  readonly more: number;
}

/** All figures, or as many of them in short as there is room for: a line that wraps cannot be written over. */
export const progressText = (label: string, progress: Progress, pace: Pace, room: number): string =>
  fitting(label, figuresWhole(progress, pace), figuresShort(progress, pace), room);

function fitting(label: string, wholes: readonly string[], shorts: readonly string[], room: number): string {
  const whole = [label, ...wholes].join('  ');
  if (widthOf(whole) <= room) return whole;
  let line = label;
  for (const figure of shorts) {
    const longer = `${line}  ${figure}`;
    if (widthOf(longer) > room) break;
    line = longer;
  }
  return widthOf(line) <= room ? line : '';
}

const figuresWhole = (progress: Progress, { statesPerSecond, more }: Pace): string[] => [
  `${count(progress.states)} states`,
  `${count(progress.transitions)} transitions`,
  `depth ${count(progress.depth)}`,
  `${count(progress.waiting)} waiting${more === 0 ? '' : more > 0 ? ', growing' : ', shrinking'}`,
  `${count(Math.round(statesPerSecond))} states/s`,
  megabytes(progress.bytes),
];

/** The most telling ones first. */
const figuresShort = (progress: Progress, { statesPerSecond, more }: Pace): string[] => [
  `${short(progress.states)} states`,
  `depth ${count(progress.depth)}`,
  `${short(progress.waiting)} waiting${more === 0 ? '' : more > 0 ? ' ↑' : ' ↓'}`,
  `${short(Math.round(statesPerSecond))}/s`,
  megabytes(progress.bytes),
  `${short(progress.transitions)} transitions`,
];

/**
 * The same of random runs.
 *
 * @param runs how many there will be at most
 * @param now a clock in milliseconds
 */
export function simulationTickerOf(stream: NodeJS.WriteStream, runs: number, now: () => number): Ticker<Sighting> {
  const line = lineOf(stream, now);
  let label = '';
  let steps = 0;
  return {
    ...line,
    begin(name) {
      [label, steps] = [name, 0];
      line.begin();
    },
    tell(sighting) {
      line.tell((passed, room) => {
        const stats = sighting.stats();
        const perSecond = Math.round(((stats.steps - steps) * 1000) / passed);
        steps = stats.steps;
        const found = sighting.violations === 0 ? [] : [`${sighting.violations} violated`];
        const many = [`run ${count(stats.runs)}${Number.isFinite(runs) ? ` of ${count(runs)}` : ''}`, ...found];
        const wholes = [...many, plural(stats.states, 'state'), `${count(perSecond)} steps/s`];
        return fitting(label, wholes, [...many, `${short(stats.states)} states`, `${short(perSecond)}/s`], room);
      });
    },
  };
}
