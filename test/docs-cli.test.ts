import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { DocsFolder } from '../src/cli/docs-folder.ts';
import { INDEX, MADE } from '../src/report/docs/documents.ts';
import { holdfast } from './cli-fixtures/holdfast.ts';

const temporary = mkdtempSync(join(tmpdir(), 'holdfast-docs-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const OFFICE = 'test/cli-fixtures/models/lost-update.ts';
const lostUpdate = pathToFileURL(join(process.cwd(), 'test/cli-fixtures/lost-update.ts')).href;

/** A model of its own, in a folder of its own. */
function project(name: string, variants: object): string {
  const cwd = join(temporary, name);
  mkdirSync(join(cwd, 'models'), { recursive: true });
  const text = `import { lostUpdate } from '${lostUpdate}';\nexport default lostUpdate('office', ${JSON.stringify(variants)});\n`;
  writeFileSync(join(cwd, 'models/office.mjs'), text);
  return cwd;
}

const PAIR = { pair: { option: { clerks: 2 }, expect: { 'every addition counts': 'violated' } } };
const PAGES = [
  'README.md',
  'machines/clerk.md',
  'machines/clerk.svg',
  'machines/counter.md',
  'machines/counter.svg',
  'models/office.md',
];

const filesIn = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((file) => statSync(join(folder, file)).isFile()).sort();

describe.concurrent('holdfast docs', () => {
  test('writes a page for each model and each machine, says what it writes, and says nothing of what is current', async () => {
    const cwd = project('written', PAIR);
    const first = await holdfast(['docs', '--out', 'docs'], { cwd });
    expect(first).toMatchObject({ code: 0, err: '' });
    for (const page of PAGES) expect(first.out).toContain(`docs/${page} written\n`);
    expect(first.out).toMatch(/1 model, 1 variant: 1 as expected\n6 files, 6 of them changed\n$/);
    expect(filesIn(join(cwd, 'docs'))).toEqual(PAGES);
    expect(readFileSync(join(cwd, 'docs/models/office.md'), 'utf8')).toContain(
      'Model: [models/office.mjs](../../models/office.mjs)',
    );
    const again = await holdfast(['docs', '--out', 'docs'], { cwd });
    expect(again).toMatchObject({ code: 0, out: '1 model, 1 variant: 1 as expected\n6 files, all current\n' });
  });

  test('--check writes nothing, and names what is missing, stale or superfluous', async () => {
    const cwd = project('checked', PAIR);
    const missing = await holdfast(['docs', '--out', 'docs', '--check'], { cwd });
    expect(missing.code).toBe(1);
    for (const page of PAGES) expect(missing.out).toContain(`docs/${page} is missing\n`);
    expect(existsSync(join(cwd, 'docs'))).toBe(false);

    await holdfast(['docs', '--out', 'docs'], { cwd });
    expect((await holdfast(['docs', '--out', 'docs', '--check'], { cwd })).code).toBe(0);

    const page = join(cwd, 'docs/models/office.md');
    writeFileSync(page, `${readFileSync(page, 'utf8')}more\n`);
    rmSync(join(cwd, 'docs/machines/clerk.svg'));
    writeFileSync(join(cwd, 'docs/machines/gone.svg'), `${MADE}\n<svg/>`);
    const stale = await holdfast(['docs', '--out', 'docs', '--check'], { cwd });
    expect(stale).toMatchObject({ code: 1, err: '' });
    expect(stale.out).toBe(`docs/models/office.md is stale
docs/machines/clerk.svg is missing
docs/machines/gone.svg is superfluous
1 model, 1 variant: 1 as expected
6 files, 3 not current: holdfast docs writes them
`);
    expect(filesIn(join(cwd, 'docs'))).toContain('machines/gone.svg');
  });

  test('removes what it made and would make no more, and nothing that is somebody else’s', async () => {
    const cwd = project('cleared', PAIR);
    const theirs = ['guide.md', 'models/notes.md', 'machines/photo.svg', 'other/old.md'];
    const old = ['models/old.md', 'machines/old.svg'];
    for (const file of [...theirs, ...old]) mkdirSync(join(cwd, 'docs', file, '..'), { recursive: true });
    for (const file of theirs) writeFileSync(join(cwd, 'docs', file), '# Mine\n');
    // not in a place where anything is made
    writeFileSync(join(cwd, 'docs/other/old.md'), `${MADE}\n`);
    for (const file of old) writeFileSync(join(cwd, 'docs', file), `${MADE}\nold\n`);
    const { code, out } = await holdfast(['docs', '--out', 'docs'], { cwd });
    expect(code).toBe(0);
    for (const file of old) expect(out).toContain(`docs/${file} removed\n`);
    expect(filesIn(join(cwd, 'docs'))).toEqual([...PAGES, ...theirs].sort());
    expect(readFileSync(join(cwd, 'docs', INDEX), 'utf8')).toContain('## Other pages\n\n- [Mine](guide.md)\n');
  });

  test('writes nothing where a file is in the way that it has not made', async () => {
    const cwd = project('refused', PAIR);
    mkdirSync(join(cwd, 'docs/machines'), { recursive: true });
    writeFileSync(join(cwd, 'docs/machines/clerk.md'), 'mine');
    const { code, err } = await holdfast(['docs', '--out', 'docs'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('docs/machines/clerk.md: is there');
    expect(err).toContain('explain  holdfast explain E-DOCS-THERE');
    expect(filesIn(join(cwd, 'docs'))).toEqual(['machines/clerk.md']);
    expect(readFileSync(join(cwd, 'docs/machines/clerk.md'), 'utf8')).toBe('mine');
  });

  test('writes what was found even where that is not expected, and fails', async () => {
    const cwd = project('surprised', { pair: { option: { clerks: 2 } } });
    const { code, out } = await holdfast(['docs', '--out', 'docs'], { cwd });
    expect(code).toBe(1);
    expect(out).toContain('office pair (every addition counts: expected holds, found violated)');
    expect(readFileSync(join(cwd, 'docs/models/office.md'), 'utf8')).toContain('**✗ 4** not as expected');
  });

  test('says of a search that was stopped what is unknown', async () => {
    const cwd = project('stopped', PAIR);
    const { code } = await holdfast(['docs', '--out', 'docs', '--max-states', '3'], { cwd });
    expect(code).toBe(3);
    expect(readFileSync(join(cwd, 'docs/models/office.md'), 'utf8')).toContain('`--max-states 3 reached`');
  });

  test('is of the variants that are asked for', async () => {
    const cwd = project('picked', { ...PAIR, alone: {} });
    expect((await holdfast(['docs', '--out', 'docs', '--variant', 'alone'], { cwd })).code).toBe(0);
    const page = readFileSync(join(cwd, 'docs/models/office.md'), 'utf8');
    expect(page).toContain('| `alone` | ✓ |');
    expect(page).not.toContain('`pair`');
  });

  test('writes nothing where a model cannot be checked', async () => {
    const out = join(temporary, 'broken');
    const { code, out: text } = await holdfast([
      'docs',
      OFFICE,
      'test/cli-fixtures/broken/no-capacity.ts',
      '--out',
      out,
    ]);
    expect(code).toBe(4);
    expect(text).toMatch(/E-UNBOUNDED[\s\S]*nothing is written\n$/);
    expect(existsSync(out)).toBe(false);
  });

  test('wants to know where to, which is a folder', async () => {
    const none = await holdfast(['docs', OFFICE]);
    expect(none).toMatchObject({
      code: 2,
      err: expect.stringContaining("required option '--out <dir>' not specified"),
    });
    const file = join(temporary, 'file');
    writeFileSync(file, '');
    const { code, err } = await holdfast(['docs', OFFICE, '--out', file]);
    expect(code).toBe(2);
    expect(err).toMatch(/the documents cannot be written\n {2}where {4}--out\n/);
    expect((await holdfast(['docs', OFFICE, '--out', join(file, 'below')])).code).toBe(2);
  });

  test('is told by --help and completed by shells', async () => {
    const { code, out } = await holdfast(['docs', '--help']);
    expect(code).toBe(0);
    for (const option of ['--out <dir>', '--check', '--variant <name>']) expect(out).toContain(option);
    expect((await holdfast(['completion', 'bash'])).out).toMatch(/^ +docs\) words="--out --check --variant/m);
  });
});

test('a page with other ends of lines is the same page', () => {
  const folder = join(temporary, 'ends');
  mkdirSync(folder);
  writeFileSync(join(folder, INDEX), `${MADE}\r\n\r\ntext\r\n`);
  expect(new DocsFolder(folder).differences(new Map([[INDEX, `${MADE}\n\ntext\n`]]))).toEqual([]);
  writeFileSync(join(folder, INDEX), `${MADE} but not only\n`);
  expect(() => new DocsFolder(folder).differences(new Map([[INDEX, '']]))).toThrow('is there');
});
