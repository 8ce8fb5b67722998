import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/cli/errors/commands.ts';
import { pages } from '../src/cli/errors/pages.ts';
import { UsageError } from '../src/cli/usage-error.ts';
import { SpecError } from '../src/explore/spec-error.ts';

const codes = Object.keys(pages).sort();
const sources = globSync('src/**/*.ts').filter((file) => !/^src\/(cli\/errors\/|explore\/codes\.ts)/.test(file));

/** The codes that the sources give to errors, in whatever way. The compiler asks for one in each. */
const given = new Set(sources.flatMap((file) => readFileSync(file, 'utf8').match(/\bE-[A-Z]+(-[A-Z]+)*/g) ?? []));

test('every code has a page, and every page an error that has its code', () => {
  expect([...given].sort()).toEqual(codes);
});

test('every error says which page is its own', () => {
  const located = { code: 'E-TAG', where: 'here', why: 'so', instead: 'that' } as const;
  for (const error of [new SpecError('no tag', located), new UsageError('no tag', located)]) {
    expect(error.message).toBe(
      'no tag\n  where    here\n  why      so\n  instead  that\n  explain  holdfast explain E-TAG',
    );
  }
  expect(new SpecError('no tag', located).code).toBe('E-TAG');
});

describe('every page', () => {
  test.each(Object.entries(pages))('of %s says in sentences what it means and what to do', (_, page) => {
    for (const text of [page.means, page.remedy]) expect(text).toMatch(/^\S.{20,}\S$/);
    expect(page.means).toMatch(/\.$/);
    expect(page.example).toMatch(/^\S.*\S$/);
  });

  test('shows for the command line a command', () => {
    const { 'E-USAGE': usage, 'E-PATH': path } = commands;
    for (const { example } of [usage, path]) expect(example).toMatch(/^holdfast check/);
  });
});
