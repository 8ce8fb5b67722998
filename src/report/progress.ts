import type { Progress } from '../explore/check.ts';
import { widthOf } from './columns.ts';
import { count, megabytes, short } from './text.ts';

/** How far a search is, for those who wait for it. */
export interface Ticker {
  /** A search begins; until the next `begin` what is told is about this one. */
  begin(label: string): void;
  tell(progress: Progress): void;
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
export function tickerOf(stream: NodeJS.WriteStream, now: () => number): Ticker {
  const interval = stream.isTTY ? PER_TERMINAL_LINE : PER_PIPED_LINE;
  let label = '';
  let told = 0;
  let states = 0;
  let waiting = 0;
  let isShown = false;
  return {
    begin(name) {
      [label, told, states, waiting] = [name, now(), 0, 0];
    },
    tell(progress) {
      const passed = now() - told;
      if (passed < interval) return;
      const room = stream.isTTY ? (stream.columns || 80) - 1 : Number.POSITIVE_INFINITY;
      const pace = { statesPerSecond: ((progress.states - states) * 1000) / passed, more: progress.waiting - waiting };
      const line = progressText(label, progress, pace, room);
      [told, states, waiting] = [told + passed, progress.states, progress.waiting];
      if (!stream.isTTY) {
        stream.write(`${line}\n`);
        return;
      }
      stream.write(`\r${line}\u001b[K`);
      isShown = true;
    },
    clear() {
      if (isShown) stream.write('\r\u001b[K');
      isShown = false;
    },
  };
}

export const silentTicker: Ticker = { begin: () => {}, tell: () => {}, clear: () => {} };

/** What has changed since the line before. */
export interface Pace {
  readonly statesPerSecond: number;
  /** How many more states wait. While their number grows the end is not in sight; from the middle on it shrinks. */
  readonly more: number;
}

/** All figures, or as many of them in short as there is room for: a line that wraps cannot be written over. */
export function progressText(label: string, progress: Progress, pace: Pace, room: number): string {
  const whole = [label, ...figuresWhole(progress, pace)].join('  ');
  if (widthOf(whole) <= room) return whole;
  let line = label;
  for (const figure of figuresShort(progress, pace)) {
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
