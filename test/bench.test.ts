import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { barsOf } from '../bench/bars.ts';
import { type Case, caseOf, cases, type Family, parameters, programmes, subjectOf } from '../bench/cases.ts';
import { BenchError, geometricMean, median, type Ran } from '../bench/measure.ts';
import { readPan, readRumur, sizedMurphi } from '../bench/peers.ts';
import type { Results } from '../bench/results.ts';
import { markdownOf } from '../bench/table.ts';
import type { Figures, Model } from '../src/explore/model.ts';

/** The parts of `npm run bench` that measure nothing. That all checkers count the same is `npm run bench -- --smoke`. */

const ran = (output: string, code = 0): Ran => ({ code, output, complaints: '', wall: 0, cpu: 0, bytes: 0 });

describe('the models of the benchmark', () => {
  test('have a variant for every case, which expects its counts', async () => {
    const strays: string[] = [];
    for (const one of cases) {
      const { file, variant } = subjectOf(one);
      expect(file).toBe(`bench/models/${one.family}.ts`);
      const { default: model } = (await import(`../bench/models/${one.family}.ts`)) as { default: Model };
      const { figures } = model.variants.find(({ name }) => name === variant)!;
      if (!agrees(one, figures)) strays.push(one.name);
    }
    expect(strays).toEqual([]);
  });

  test('are as large as the models of models/conformance/ are at the same size', async () => {
    const files = {
      twophase: 'two-phase-commit',
      phils: 'dining-philosophers',
      window: 'sliding-window',
      kernel: 'kernel',
      ring: 'ring-election',
    } satisfies Record<Family, string>;
    for (const [family, file] of Object.entries(files)) {
      const { default: model } = (await import(`../models/conformance/${file}.ts`)) as { default: Model };
      for (const { option, figures } of model.variants) {
        const one = caseOf(`${family}(${Object.values(option).join(',')})`);
        expect(agrees(one, figures), one.name).toBe(true);
      }
    }
  });

  const agrees = ({ states, transitions, deadlocks }: Case, figures: Figures): boolean =>
    figures.states === states && figures.transitions === transitions && figures.deadlocks === deadlocks;
});

describe('the models of the peers', () => {
  test.each(Object.entries(parameters))('%s takes its sizes', (family, names) => {
    const promela = readFileSync(new URL(`../bench/spin/${family}.pml`, import.meta.url), 'utf8');
    for (const name of names) expect(promela).toContain(`#ifndef ${name}\n#define ${name} `);
    const murphi = sizedMurphi(
      family as Family,
      names.map((_, i) => 70 + i),
    );
    for (const [i, name] of names.entries()) expect(murphi).toMatch(new RegExp(`^  ${name}: ${70 + i};$`, 'm'));
  });
});

describe('the answers of the peers', () => {
  const pan = (errors: number, more = '') =>
    ran(
      `State-vector 52 byte, errors: ${errors}\n  288 states, stored\n  1146 transitions (= stored+matched)\n${more}`,
    );

  test('SPIN counts the initial state among the transitions', () => {
    expect(readPan(pan(0))).toEqual({ states: 288, transitions: 1145 });
  });

  test('a search of SPIN that found an error, or was too shallow, is none', () => {
    expect(() => readPan(pan(1))).toThrow(BenchError);
    expect(() => readPan(pan(0, 'error: max search depth too small'))).toThrow(BenchError);
    expect(() => readPan(ran(''))).toThrow(BenchError);
  });

  test('a count of SPIN that is not printed in full is none', () => {
    const rounded = ran('errors: 0\n 10340352 states, stored\n1.235584e+08 transitions (= stored+matched)\n');
    expect(() => readPan(rounded)).toThrow(BenchError);
  });

  test('Rumur counts the rules fired', () => {
    const clean = 'Status:\n\tNo error found.\n\t288 states, 1145 rules fired in 0s.';
    expect(readRumur(ran(clean))).toEqual({ states: 288, transitions: 1145 });
    expect(() => readRumur(ran('Status:\n\t1 error(s) found.\n\t12 states, 20 rules fired in 0s.', 1))).toThrow(
      BenchError,
    );
  });
});

test('medians and geometric means', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(geometricMean([0.5, 2, 8])).toBeCloseTo(2);
});

test('the full size is what the bars are about', () => {
  const names = (some: readonly Case[]) => some.map(({ name }) => name);
  expect(names(programmes.full.search)).toEqual([
    'twophase(9)',
    'phils(14)',
    'window(4,4)',
    'kernel(5,3,3)',
    'ring(14,2)',
  ]);
  for (const [start] of programmes.full.scale) expect(start!.states).toBeLessThan(20);
  for (const family of programmes.full.scale) expect(family.at(-1)!.states).toBeGreaterThan(1e7);
  for (const { states } of programmes.full.workers) expect(states).toBeGreaterThan(1e7);
});

describe('the tables', () => {
  const usage = { wall: 2, cpu: 1.5, bytes: 80e6 };
  const count = { states: 12_000_000, transitions: 90_000_000 };
  const results: Results = {
    machine: { processor: 'P', cores: 2, bytes: 2 ** 33, system: 'S', load: 0, versions: { Node: '24' }, commit: 'c' },
    size: 'full',
    rounds: 3,
    search: {
      rows: [
        {
          name: 'twophase(9)',
          ...count,
          measured: [
            { by: 'Holdfast', manner: '', ...usage },
            { by: 'SPIN', manner: 'depth first', ...usage, cpu: 6 },
            { by: 'SPIN', manner: 'breadth first', ...usage, cpu: 7.5, bytes: 90e6 },
          ],
          ratios: { SPIN: 0.25 },
        },
      ],
      ratios: { SPIN: 0.25 },
    },
    scale: [
      {
        name: 'phils',
        start: { name: 'phils(2)', states: 8, transitions: 10, ...usage },
        rows: [
          { name: 'phils(11)', ...count, states: 177_146, ...usage, nanosecondsPerTransition: 16, bytesPerState: 90 },
          { name: 'phils(16)', ...count, ...usage, nanosecondsPerTransition: 41.4, bytesPerState: 24.1 },
        ],
      },
    ],
    workers: {
      rows: [
        { name: 'slow', ...count, one: usage, two: usage, speedUp: 1.2, yardstick: 1.5 },
        { name: 'fast', ...count, one: usage, two: usage, speedUp: 1.68, yardstick: 1.96 },
      ],
    },
    everyday: { start: { name: 'phils(2)', ...usage }, check: { ...usage, code: 0 } },
    page: { bytes: 1.2e6, opened: 1.25, stepsPerSecond: 60 },
  };

  test('have a row for each model and a column for each manner, and the peak of the faster one', () => {
    const lines = markdownOf(results).split('\n');
    expect(lines).toContain('| twophase(9) | 12,000,000 | 90,000,000 | 1.50 | 6.00 | 7.50 | 0.25 | 80 | 80 |');
    expect(lines).toContain('| geometric mean |  |  |  |  |  | 0.25 |  |  |');
    expect(lines).toContain('| phils(16) | 12,000,000 | 90,000,000 | 1.50 | 41 | 80 | 24.1 |');
    expect(lines).toContain('| fast | 12,000,000 | 2.00 | 2.00 | 1.68 | 1.96 |');
    const alone = markdownOf({ ...results, workers: { skipped: 'there is no such option' } });
    expect(alone.split('\n')).toContain('Two workers: not measured, there is no such option.');
    const unseen = markdownOf({ ...results, page: { skipped: 'Chromium is not installed' } });
    expect(unseen.split('\n')).toContain('The page: not measured, Chromium is not installed.');
  });

  test('all rows of a table are as wide as its head', () => {
    const tables = markdownOf(results)
      .split('\n\n')
      .filter((text) => text.startsWith('|'));
    expect(tables).toHaveLength(4);
    for (const table of tables) expect(new Set(table.split('\n').map((line) => line.split('|').length)).size).toBe(1);
  });

  test('a bar is met where it is reached, and at full size only', () => {
    expect(barsOf(results).map(({ what, isMet }) => [what, isMet])).toEqual([
      ['CPU time of a search ÷ that of SPIN, geometric mean', true],
      ['CPU time of a search ÷ that of SPIN, on the worst model', true],
      ['memory per state, phils(16)', false],
      ['memory in all, phils(16)', true],
      ['time per transition at 10^7 states ÷ that at 10^5, phils', false],
      ['two workers against one, slow, ÷ two searches at once', false],
      ['two workers against one, fast, ÷ two searches at once', true],
      ['two workers against one, fast', false],
      ['`npm run check`', true],
      ['from start to the verdict on a small model', false],
      ['the report of the largest model', true],
      ['that report, opened from disk', false],
      ['steps of its counterexample in a second', true],
    ]);
    expect(barsOf({ ...results, size: 'small' })).toEqual([]);
  });
});
