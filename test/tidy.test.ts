import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * The arrows of ARCHITECTURE.md: which folder may import from which. They are what keeps the checker free of the kernel
 * and the machines free of the checker, so they are held here and not by good intentions.
 */
const arrows: Readonly<Record<string, readonly RegExp[]>> = {
  'src/machines/': [/^xstate$/, /^src\/machines\//],
  'src/explore/': [/^node:(v8|crypto|worker_threads)$/, /^xstate$/, /^zod$/, /^ts-pattern$/, /^src\/explore\//],
  'src/checkpoint/': [/^node:/, /^src\/checkpoint\//, /^src\/explore\/kept\.ts$/],
  'src/invariants/': [/^src\/machines\//, /^src\/invariants\//, /^src\/explore\/(model|property)\.ts$/],
  'src/report/docs/': [/^node:/, /^xstate$/, /^ts-pattern$/, /^@viz-js\/viz$/, /^src\/report\//, /^src\/explore\//],
  'src/report/html/': [
    /^node:/,
    /^xstate$/,
    /^@viz-js\/viz$/,
    /^src\/report\/html\//,
    /^src\/report\/(change|json-text|outcome|text|why|words)\.ts$/,
    /^src\/explore\//,
  ],
  'src/page/': [
    /^preact(\/hooks)?$/,
    /^src\/page\//,
    /^src\/report\/html\/(compare|page-data)\.ts$/,
    /^src\/report\/(change|outcome|text)\.ts$/,
    /^src\/explore\//,
  ],
  'src/report/': [/^node:/, /^ts-pattern$/, /^src\/report\//, /^src\/explore\//],
  'src/fast-check/': [/^fast-check$/, /^src\/(fast-check|report|explore)\//],
  'src/vitest/': [/^vitest$/, /^src\/(vitest|report|explore)\//],
  'src/ledger/': [/^node:/, /^src\/ledger\//, /^src\/report\//, /^src\/explore\/(model|property|verdict)\.ts$/],
  'src/mutate/': [/^node:/, /^xstate$/, /^src\/mutate\//, /^src\/ledger\/(rows|markdown)\.ts$/, /^src\/explore\//],
  'models/ledger/': [/^models\/ledger\/decision\.ts$/, /^src\/ledger\/rows\.ts$/],
  'models/designs/': [/^src\/invariants\//, /^src\/explore\/model\.ts$/, /^models\/presets\.ts$/],
  'models/instructions/': [/^src\/machines\//, /^src\/explore\/model\.ts$/, /^models\/(presets\.ts$|instructions\/)/],
  'models/conformance/': [/^xstate$/, /^src\/explore\/(model|property)\.ts$/],
  'models/': [/^src\/machines\//, /^src\/invariants\//, /^src\/explore\/(model|property)\.ts$/, /^models\//],
};

const sources = globSync(['src/**/*.{ts,tsx}', 'models/**/*.ts']).sort();
const textOf = (file: string) => readFileSync(file, 'utf8');

function importsOf(file: string): { target: string; typeOnly: boolean }[] {
  const statements = textOf(file).matchAll(/^(?:import|export)\s(type\s)?[^;]*?from '([^']+)';/gm);
  return [...statements].map(([, type, target]) => ({
    target: target!.startsWith('.') ? normalize(join(dirname(file), target!)) : target!,
    typeOnly: type !== undefined,
  }));
}

describe('imports follow the arrows', () => {
  for (const [folder, allowed] of Object.entries(arrows)) {
    const closer = Object.keys(arrows).filter((other) => other !== folder && other.startsWith(folder));
    const files = sources.filter((file) => file.startsWith(folder) && !closer.some((other) => file.startsWith(other)));
    test(`of ${folder}`, () => {
      expect(files).not.toEqual([]);
      const strays = files.flatMap((file) =>
        importsOf(file)
          .filter(({ target }) => !allowed.some((arrow) => arrow.test(target)))
          .map(({ target }) => `${file} imports ${target}`),
      );
      expect(strays).toEqual([]);
    });
  }

  test('invariants know the machines by their types alone', () => {
    const runtime = sources
      .filter((file) => file.startsWith('src/invariants/'))
      .flatMap((file) =>
        importsOf(file).filter(({ target, typeOnly }) => target.startsWith('src/machines/') && !typeOnly),
      );
    expect(runtime).toEqual([]);
  });
});

test('the page carries nothing of the checker but how data is read', () => {
  const carried = sources
    .filter((file) => file.startsWith('src/page/'))
    .flatMap((file) => importsOf(file).filter(({ typeOnly }) => !typeOnly))
    .map(({ target }) => target)
    .filter((target) => target.startsWith('src/') && !target.startsWith('src/page/'));
  expect([...new Set(carried)].sort()).toEqual([
    'src/explore/decode.ts',
    'src/report/change.ts',
    'src/report/html/compare.ts',
    'src/report/html/page-data.ts',
    'src/report/text.ts',
  ]);
});

test('nothing below src/ knows the kernel but machines and invariants', () => {
  const general = sources.filter((file) => /^src\/(?!machines\/|invariants\/)/.test(file));
  expect(general.filter((file) => /\bdax\b|\bxfs\b|pmem|poison/i.test(textOf(file)))).toEqual([]);
});

test('machines have no wildcards, no history and no functions inline', () => {
  const machines = sources.filter((file) => file.startsWith('src/machines/'));
  const offences = machines.flatMap((file) =>
    [/'\*':/, /type: 'history'/, /\bactions: \(/, /\bguard: \(/]
      .filter((banned) => banned.test(textOf(file)))
      .map((banned) => `${file}: ${banned.source}`),
  );
  expect(offences).toEqual([]);
});
