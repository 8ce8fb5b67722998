import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { firstModel } from '../src/cli/first-model.ts';

const temporary = mkdtempSync(join(tmpdir(), 'holdfast-init-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const files = Object.keys(firstModel);

function run(args: readonly string[], cwd = temporary) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { status, out: stripVTControlCharacters(stdout + stderr) };
}

const holdfast = (...args: string[]) => run([join(process.cwd(), 'src/main.ts'), ...args]);

test('writes a model and its test, says what to type next, and overwrites nothing', () => {
  const { status, out } = holdfast('init', 'new/folder');
  expect(status).toBe(0);
  for (const file of files) expect(out).toContain(`  new/folder/${file}\n`);
  expect(out).toContain(
    '  cd new/folder\n  npm init -y\n  npm pkg set type=module\n  npm install --save-dev holdfast ',
  );
  const model = join(temporary, 'new/folder', files[0]!);
  writeFileSync(model, 'mine');
  const again = holdfast('init', 'new/folder');
  expect(again).toMatchObject({ status: 2, out: expect.stringContaining('holdfast explain E-INIT-THERE') });
  expect(readFileSync(model, 'utf8')).toBe('mine');
});

test('leaves out what the folder has already', () => {
  mkdirSync(join(temporary, 'begun'));
  const known = { type: 'module', devDependencies: { holdfast: '*', xstate: '*', vitest: '*', typescript: '*' } };
  writeFileSync(join(temporary, 'begun/package.json'), JSON.stringify(known));
  expect(holdfast('init', 'begun').out).toMatch(/next:\n {2}cd begun\n {2}npx holdfast check\n {2}npx vitest run\n$/);
});

test('says where it cannot write', () => {
  writeFileSync(join(temporary, 'file'), '');
  expect(holdfast('init', 'file')).toMatchObject({ status: 2, out: expect.stringContaining('E-INIT-FOLDER') });
});

describe('what it writes', () => {
  const folder = join(temporary, 'tried');
  holdfast('init', 'tried');
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  // the package is not installed here: its sources stand in
  for (const file of files) {
    const home = pathToFileURL(join(process.cwd(), 'src')).pathname;
    const text = readFileSync(join(folder, file), 'utf8')
      .replaceAll("'holdfast/vitest'", `'${home}/vitest/index.ts'`)
      .replaceAll("'holdfast'", `'${home}/index.ts'`);
    writeFileSync(join(folder, file), text);
  }

  test('is as it expects of itself', () => {
    const { status, out } = holdfast('check', 'tried/models');
    expect({ status, end: out.trim().split('\n').at(-1) }).toEqual({
      status: 0,
      end: '1 model, 2 variants: 2 as expected',
    });
  });

  test('passes its own tests', () => {
    const { status, out } = run([join(process.cwd(), 'node_modules/vitest/vitest.mjs'), 'run'], folder);
    expect({ status, out }).toMatchObject({ status: 0, out: expect.stringMatching(/Tests +4 passed/) });
  });

  test('compiles, as strict as can be', () => {
    const config = JSON.parse(readFileSync('tsconfig.json', 'utf8').replaceAll(/^\s*\/\/.*$/gm, ''));
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: config.compilerOptions, include: ['models', 'test'] }),
    );
    expect(run([join(process.cwd(), 'node_modules/typescript/bin/tsc'), '-p', '.'], folder)).toEqual({
      status: 0,
      out: '',
    });
  });
});
