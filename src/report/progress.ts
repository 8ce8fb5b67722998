import type { Progress } from '../explore/check.ts';
import { widthOf } from './columns.ts';
import { count, megabytes } from './text.ts';

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
  let isShown = false;
  return {
    begin(name) {
      [label, told, states] = [name, now(), 0];
    },
    tell(progress) {
      const passed = now() - told;
      if (passed < interval) return;
      const room = stream.isTTY ? (stream.columns || 80) - 1 : Number.POSITIVE_INFINITY;
      const line = progressText(label, progress, ((progress.states - states) * 1000) / passed, room);
      [told, states] = [told + passed, progress.states];
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

/** As many of the figures as there is room for: a line that wraps cannot be written over. */
export function progressText(label: string, progress: Progress, statesPerSecond: number, room: number): string {
  const figures = [
    `${count(progress.states)} states`,
    `${count(progress.transitions)} transitions`,
    `depth ${count(progress.depth)}`,
    `${count(progress.waiting)} waiting`,
    `${count(Math.round(statesPerSecond))} states/s`,
    megabytes(progress.bytes),
  ];
  let line = label;
  for (const figure of figures) {
    const longer = `${line}  ${figure}`;
    if (widthOf(longer) > room) break;
    line = longer;
  }
  return widthOf(line) <= room ? line : '';
}
