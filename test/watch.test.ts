import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const lostUpdate = pathToFileURL(join(process.cwd(), 'test/cli-fixtures/lost-update.ts')).href;
const model = (clerks: number) =>
  `import { lostUpdate } from '${lostUpdate}';\nexport default lostUpdate('office', { only: { option: { clerks: ${clerks} } } });\n`;

test('holdfast check --watch checks again when a model changes, and not when something else does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-watch-'));
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'models/office.mjs'), model(1));
  const child = spawn(process.execPath, [join(process.cwd(), 'src/main.ts'), 'check', '--watch', '--quiet'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const saying = (text: string) => expect.poll(() => out, { timeout: 60_000, interval: 50 }).toContain(text);
  try {
    await saying('1 as expected\nexit code 0; waiting for a file to change\n');
    writeFileSync(join(folder, 'notes.md'), 'nothing that matters');
    writeFileSync(join(folder, 'models/office.mjs'), model(2));
    await saying('exit code 1; waiting for a file to change\n');
    expect(out.match(/exit code/g)).toHaveLength(2);
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
  }
});
