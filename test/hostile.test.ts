import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, holdfast, node } from './cli-fixtures/holdfast.ts';
import { HOSTILE } from './cli-fixtures/hostile.ts';
import { sarif } from './sarif-schema.ts';

/**
 * A model in which everything that has a name is called something that would do harm where it is taken for more than a name:
 * through the front door, into everything that Holdfast writes.
 */

const folder = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const textOf = (name: string): string => readFileSync(at(name), 'utf8');

/** What must not stand in any of them: it would work, and not be read. */
const WORKING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{NChar}]/u;
const isPlain = (text: string): boolean => !WORKING.test(text.replaceAll('\n', ''));

/** Of a text for people: what the name looks like, the same everywhere. */
const SHOWN = '</script><b>\\u{1b}[2J\\u{2028}';

/** Writes a model with such names, and checks it with every reporter at once. */
async function checkedAs(name: string, code: string): Promise<Ended> {
  const fixture = pathToFileURL(join(process.cwd(), 'test/cli-fixtures/hostile.ts')).href;
  writeFileSync(at(`${name}.ts`), `import { HOSTILE, named } from '${fixture}';\nexport default named(${code});\n`);
  const reporters = ['pretty', 'jsonl', 'junit', 'sarif', 'markdown'].flatMap((each) => [
    '--reporter',
    `${each}=${name}.${each}`,
  ]);
  const args = [`${name}.ts`, '--runs', '--verbose', '--coverage', '--stats', '--reporter', 'github', ...reporters];
  return holdfast(['check', ...args, '--save-runs', `${name}-runs`], {
    cwd: folder,
    env: { GITHUB_STEP_SUMMARY: at(`${name}.summary`) },
  });
}

describe('names of every kind of harm', () => {
  let ended: Ended;
  beforeAll(async () => {
    ended = await checkedAs('all', 'HOSTILE');
  });

  test('are shown as they look, on the terminal and in every report', () => {
    expect(ended.code).toBe(1);
    const texts = { out: ended.out, err: ended.err };
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (/\.(pretty|jsonl|junit|sarif|markdown|summary|json)$/.test(file))
        Object.assign(texts, { [file]: textOf(file) });
    }
    expect(Object.keys(texts)).toHaveLength(2 + 6 + 2);
    for (const [file, text] of Object.entries(texts)) {
      expect([file, isPlain(text)]).toEqual([file, true]);
      if (/jsonl$|sarif$|json$/.test(file)) expect([file, text.includes('<')]).toEqual([file, false]);
    }
    for (const file of ['all.pretty', 'all.markdown', 'all.summary']) expect(textOf(file)).toContain(SHOWN);
    expect(ended.out).toContain(SHOWN);
  });

  test('say what they say where they are read by a program', async () => {
    const [run] = sarif.parse(JSON.parse(textOf('all.sarif'))).runs;
    expect(run!.results).toHaveLength(1);
    const lines = textOf('all.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ kind }) => kind)).toEqual(['start', 'checked', 'end']);
    expect(lines[1].report.verdicts[0].property).toBe(HOSTILE);
    const { out } = await holdfast(['check', 'all.ts', '--json'], { cwd: folder });
    expect([isPlain(out), out.includes('<')]).toEqual([true, false]);
    const { models } = JSON.parse(out);
    expect([models[0].name, models[0].variants[0].verdicts[0].property]).toEqual([HOSTILE, HOSTILE]);
  });

  test('are commands of GitHub nowhere but in the annotation, which is one', () => {
    const commands = ended.out.split('\n').filter((line) => line.startsWith('::'));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/^::error file=all\.ts,line=1,title=[^:,]*::/);
  });

  test('pick their variant and property again, as the report says they do, as far as a shell can be told', async () => {
    // no argument has a NUL in it, nor half a pair of surrogates
    const { out } = await checkedAs('typed', "HOSTILE.replace(/[\\u0000\\ud800]/g, '')");
    const [, line] = /reproduce: (holdfast check .*)\n/.exec(out)!;
    const script = `holdfast() { '${process.execPath}' '${join(process.cwd(), 'src/main.ts')}' "$@"; }\n${line}\n`;
    const { stdout, status } = spawnSync('bash', ['-c', script], {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    });
    expect(stdout).toContain('violated after 1 step (shortest), expected holds');
    expect(status).toBe(1);
  });

  test('are in saved runs, which are taken again and made tests of', async () => {
    const [file] = readdirSync(at('all-runs')).filter((each) => each.endsWith('.run.json'));
    expect(file).toMatch(/^[\w.-]+$/);
    const run = join('all-runs', file!);
    const replayed = await holdfast(['replay', run], { cwd: folder });
    expect([replayed.code, isPlain(replayed.out)]).toEqual([1, true]);
    const made = await holdfast(['replay', run, '--as-test', 'made.test.ts'], { cwd: folder });
    expect(made.code).toBe(0);
    expect(isPlain(textOf('made.test.ts'))).toBe(true);
    expect(await node(['--check', 'made.test.ts'], { cwd: folder })).toMatchObject({ code: 0, err: '' });
  });

  test('are shown as they look by simulate and list too', async () => {
    for (const [args, code] of [
      [['simulate', 'all.ts', '--runs', '3', '--seed', '1', '--coverage'], 1],
      [['simulate', 'all.ts', '--runs', '3', '--seed', '1', '--json'], 1],
      [['list', 'all.ts'], 0],
      [['list', 'all.ts', '--json'], 0],
    ] as const) {
      const { code: exit, out } = await holdfast(args, { cwd: folder });
      expect([args, exit, isPlain(out)]).toEqual([args, code, true]);
      if (args.includes('--json' as never)) expect(JSON.parse(out).models[0].name).toBe(HOSTILE);
      else expect(out).toContain(SHOWN);
    }
  });
});

test('a name of a megabyte is in every report, and none is more than its reader takes', {
  timeout: 240_000,
}, async () => {
  const { code, out } = await checkedAs('long', "'n'.repeat(2 ** 20)");
  expect(code).toBe(1);
  const [annotation] = out.split('\n').filter((line) => line.startsWith('::'));
  expect(annotation!.length).toBeLessThan(10_000);
  // GitHub takes no more than a megabyte for a summary
  for (const file of ['long.markdown', 'long.summary']) expect(Buffer.byteLength(textOf(file))).toBeLessThan(1e6);
  const [run] = sarif.parse(JSON.parse(textOf('long.sarif'))).runs;
  expect(run!.results[0]!.ruleId.length).toBeGreaterThan(2 ** 20);
});
