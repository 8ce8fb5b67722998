import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
if (major < 22 || (major === 22 && minor < 18)) {
  throw new Error(
    `The tests need Node 24, this is ${process.version}: run them with \`npm test\` or \`npm run unit\`.`,
  );
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/page-setup.ts'],
    // all cores: left to itself vitest keeps one free, which of two is half
    maxWorkers: availableParallelism(),
    // what tests start again and again is compiled once
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: '.vitest/results.json' },
    coverage: { include: ['src/**/*.ts'] },
  },
});
