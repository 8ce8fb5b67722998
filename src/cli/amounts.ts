import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';

/** Values of options, as people write amounts: `5_000_000`, `5m`, `90s`, `4g`. */

/** How many states or steps. */
export const countOf = (text: string): number =>
  amount(text, { '': 1, k: 1e3, m: 1e6, g: 1e9 }, 'a whole number from 1 on: 500000, 500_000, 500k, 5m');

/** Milliseconds. A bare number is seconds. */
export const millisecondsOf = (text: string): number =>
  amount(text, { '': 1e3, ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 36e5 }, 'a time: 500ms, 90s, 5m, 1h');

/** Bytes. */
export const bytesOf = (text: string): number =>
  amount(text, { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }, 'an amount of memory with its unit: 512m, 4g');

/** The number of a port; 0 is one that is free. */
export function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('Write a number from 0 to 65535.');
}

/** How many threads. Above eight they wait for each other more than they find. */
export function workersOf(text: string): number {
  return text === 'auto' ? Math.min(availableParallelism(), 8) : countOf(text);
}

function amount(text: string, units: Readonly<Record<string, number>>, wanted: string): number {
  const [, digits = '', unit = ''] =
    /^(\d[\d_,]*(?:\.\d+)?(?:e\d+)?)\s*([a-z]*)$/.exec(text.trim().toLowerCase()) ?? [];
  // "4gb" and "4g" are the same
  const factor = units[unit] ?? (unit.length === 2 && unit.endsWith('b') ? units[unit[0]!] : undefined);
  const exact = Number(digits.replace(/[_,]/g, '')) * (factor ?? Number.NaN);
  const value = factor === 1 ? exact : Math.round(exact);
  if (digits === '' || !Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError(`Write ${wanted}.`);
  return value;
}
