import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';

/**
 * The first model of the README and its repair, taken at their word: what a reader copies is checked here as it would be by
 * them, and what it is said to print is what it prints.
 */

const readme = readFileSync('README.md', 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));
symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

/** The first block of this language. */
const block = (language: string): string => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(readme)![1]!;

/** The model as it is checked here, where the package is not installed. */
const model = (text: string): string => text.replace("from 'holdfast'", `from '${resolve('src/index.ts')}'`);

/** The text with each hunk of a difference applied; of each the old lines must be there once. */
function patched(text: string, difference: string): string {
  const hunks = difference.split(/^@@.*\n/m).slice(1);
  return hunks.reduce((before, hunk) => {
    const lines = hunk.split('\n').slice(0, -1);
    const of = (signs: string): string =>
      lines.flatMap((line) => (signs.includes(line[0]!) ? [`${line.slice(1)}\n`] : [])).join('');
    expect(before.split(of(' -'))).toHaveLength(2);
    return before.replace(of(' -'), () => of(' +'));
  }, text);
}

async function checked(text: string): Promise<string> {
  writeFileSync(join(folder, 'race.ts'), model(text));
  const command = [resolve('bin/holdfast.js'), 'check', 'race.ts', '--no-color'];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder }).catch(
    (failed: { stdout: string }) => failed,
  );
  return stdout;
}

const withoutTime = (text: string): string => text.replace(/\d+\.\d\d s/, 'T s').trim();

describe('the first model of the README', () => {
  test('prints what is said there', async () => {
    const said = /^```text\n( ✗ race default {9}13 states.*?)^```$/ms.exec(readme)![1]!;
    expect(withoutTime(await checked(block('ts')))).toBe(withoutTime(said));
  });

  test('holds with the lock that is shown there', async () => {
    const printed = await checked(patched(block('ts'), block('diff')));
    expect(printed).toMatch(/^ ✓ race default +9 states/);
    expect(printed).toContain('holds    no update is lost');
  });

  test('has types, before and after', async () => {
    const texts = [block('ts'), patched(block('ts'), block('diff'))];
    for (const [i, text] of texts.entries()) writeFileSync(join(folder, `typed-${i}.ts`), model(text));
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: resolve('tsconfig.json'), include: ['typed-*.ts'] }),
    );
    const tsc = [resolve('node_modules/typescript/bin/tsc'), '--noEmit', '-p', folder];
    await expect(promisify(execFile)(process.execPath, tsc)).resolves.toMatchObject({ stdout: '' });
  }, 60_000);
});
