import { describe, expect, test } from 'vitest';
import { columns, widthOf, wrap } from '../src/report/columns.ts';
import { progressText, simulationTickerOf, tickerOf } from '../src/report/progress.ts';
import { plainScreen } from '../src/report/screen.ts';
import { count, data, duration, safe, shellWord, short } from '../src/report/text.ts';

describe('words and figures', () => {
  test('numbers have their thousands set apart', () => {
    expect([0, 999, 1000, 1234567].map(count)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
  test('large numbers are written in short as options take them', () => {
    expect([0, 9_999, 12_345, 999_499, 999_500, 1_204_551, 2_000_000_000].map(short)).toEqual([
      '0',
      '9999',
      '12.3k',
      '999k',
      '1.00m',
      '1.20m',
      '2.00g',
    ]);
  });
  test('durations are as precise as they are short', () => {
    expect([4, 120, 12_340, 61_000, 3_725_000].map(duration)).toEqual([
      '0.00 s',
      '0.12 s',
      '12.3 s',
      '61.0 s',
      '62 min 5 s',
    ]);
  });
  test('text is wrapped at blanks, and cut where a word is too long', () => {
    expect(wrap('aaa bbb ccc', 8)).toEqual(['aaa bbb', '  ccc']);
    expect(wrap('a'.repeat(20), 8)).toEqual(['aaaaaaaa', '  aaaaaa', '  aaaaaa']);
    expect(wrap('to failure.notified {a: 1}', 16)).toEqual(['to', '  failure.notifi', '  ed {a: 1}']);
    expect(wrap('failure.notified {a: 1}', 16)).toEqual(['failure.notified', '  {a: 1}']);
  });
  test('a cell has as much of a text as can be read in a table, and says how much more there is', () => {
    const lines = columns([[[{ text: 'a' }], [{ text: '𝒳'.repeat(3_000) }]]], 0, plainScreen(23));
    expect(lines.slice(0, 2)).toEqual([`a  ${'𝒳'.repeat(20)}`, `     ${'𝒳'.repeat(18)}`]);
    expect(lines.join('').replace(/\s/g, '')).toMatch(/^a𝒳{1000}…\(4,000charactersmore\)$/u);
    expect(columns([[[{ text: 'x'.repeat(2_000) }]]], 0, plainScreen(20)).join('')).not.toContain('…');
  });
  test('wide characters take two columns, marks none', () => {
    expect([widthOf('日本'), widthOf('e\u0301'), widthOf('✓')]).toEqual([4, 1, 1]);
  });
  test('different data is written differently', () => {
    const values = [
      0,
      -0,
      '0',
      0n,
      null,
      undefined,
      'null',
      [],
      {},
      [undefined],
      Number.NaN,
      '\\n',
      '\n',
      '\u202e',
      '\\u{202e}',
    ];
    expect(new Set(values.map(data)).size).toBe(values.length);
  });
  test('names are shown as they are, but for what is not seen', () => {
    expect(safe('I1 NoEarlyWalk: «ü»')).toBe('I1 NoEarlyWalk: «ü»');
    expect(safe('a\u001b[0m\n')).toBe('a\\u{1b}[0m\\n');
  });
  test.each([
    ['models/a.ts', 'models/a.ts'],
    ['I1 NoEarlyWalk', '"I1 NoEarlyWalk"'],
    ['', '""'],
    ['costs $5 "now"', `'costs $5 "now"'`],
    ["don't `rm`", `'don'\\''t \`rm\`'`],
    ['two\nlines', String.raw`$'two\U0000000alines'`],
  ])('%j is a word of a command line', (word, quoted) => {
    expect(shellWord(word)).toBe(quoted);
  });
});

describe('progress', () => {
  const progress = {
    states: 1_204_551,
    transitions: 5_100_000,
    depth: 21,
    waiting: 88_120,
    milliseconds: 34_000,
    bytes: 612 * 2 ** 20,
  };

  test('has all its figures where there is room, and the most telling ones in short where there is not', () => {
    const pace = { statesPerSecond: 153_000, more: 12 };
    expect(progressText('jobs plain', progress, pace, 1000)).toBe(
      'jobs plain  1,204,551 states  5,100,000 transitions  depth 21  88,120 waiting, growing  153,000 states/s  612 MB',
    );
    expect(progressText('jobs plain', progress, pace, 80)).toBe(
      'jobs plain  1.20m states  depth 21  88.1k waiting ↑  153k/s  612 MB',
    );
    expect(progressText('jobs plain', progress, pace, 55)).toBe('jobs plain  1.20m states  depth 21  88.1k waiting ↑');
    expect(progressText('jobs plain', progress, pace, 5)).toBe('');
  });

  test('says whether those that wait grow more or fewer', () => {
    const text = (more: number) => progressText('jobs', progress, { statesPerSecond: 1, more }, 1000);
    expect([5, 0, -5].map((more) => /\S+ waiting(, \w+)?/.exec(text(more))![0])).toEqual([
      '88,120 waiting, growing',
      '88,120 waiting',
      '88,120 waiting, shrinking',
    ]);
  });

  const watched = (isTTY: boolean, everyMilliseconds: number, times: number): string[] => {
    const written: string[] = [];
    let now = 0;
    const stream = { isTTY, columns: 200, write: (text: string) => written.push(text) };
    const ticker = tickerOf(stream as unknown as NodeJS.WriteStream, () => now);
    ticker.begin('jobs plain');
    for (let i = 0; i < times; i++) {
      now += everyMilliseconds;
      ticker.tell(progress);
    }
    ticker.clear();
    return written;
  };

  test('is at most five lines a second on a terminal, written over and wiped out at the end', () => {
    const written = watched(true, 50, 40);
    expect(written).toHaveLength(10 + 1);
    expect(written[0]).toMatch(/^\rjobs plain {2}1,204,551 states/);
    expect(written[0]!.endsWith('\u001b[K')).toBe(true);
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  test('says of random runs how many they are, and what they have found', () => {
    const told = (columns: number, violations: number, runs: number): string => {
      const written: string[] = [];
      let now = 0;
      const stream = { isTTY: true, columns, write: (text: string) => written.push(text) };
      const ticker = simulationTickerOf(stream as unknown as NodeJS.WriteStream, runs, () => now);
      ticker.begin('jobs plain');
      now = 1_000;
      ticker.tell({ violations, stats: () => ({ runs: 1_234, steps: 56_000, looked: 1, states: 12_345, longest: 9 }) });
      return written.join('');
    };
    expect(told(200, 2, 5_000)).toBe(
      '\rjobs plain  run 1,234 of 5,000  2 violated  12,345 states  56,000 steps/s\u001b[K',
    );
    expect(told(200, 0, Number.POSITIVE_INFINITY)).toBe(
      '\rjobs plain  run 1,234  12,345 states  56,000 steps/s\u001b[K',
    );
    expect(told(60, 2, 5_000)).toBe('\rjobs plain  run 1,234 of 5,000  2 violated  12.3k states\u001b[K');
  });

  test('is one line every ten seconds elsewhere, and nothing before', () => {
    expect(watched(false, 100, 99)).toEqual([]);
    const written = watched(false, 100, 250);
    expect(written).toHaveLength(2);
    expect(written[0]).toMatch(/^jobs plain .*MB\n$/);
  });
});
