import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { PageData } from '../src/report/html/page-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-html-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FIXTURE = 'test/cli-fixtures/models';

/** Runs `holdfast check` as a user does. */
function check(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/main.ts', 'check', ...args], {
    encoding: 'utf8',
  });
  return { status, out: stdout.replace(/\d+\.\d\d s/g, '0.00 s'), err: stderr };
}

const dataOf = (file: string): PageData =>
  JSON.parse(/id="report">([\s\S]*?)<\/script>/.exec(readFileSync(file, 'utf8'))![1]!) as PageData;

describe('check --html', () => {
  test('writes the report beside what is printed, which is what would be printed without it', () => {
    const file = join(folder, 'report.html');
    writeFileSync(file, 'an older one');
    const plain = check(FIXTURE, '--json');
    const withPage = check(FIXTURE, '--json', '--html', file);
    const timeless = (text: string) => text.replace(/"milliseconds": \d+/g, '');
    expect(timeless(withPage.out)).toBe(timeless(plain.out));
    expect(withPage.status).toBe(plain.status);
    const { args, exit, models } = dataOf(file);
    expect({ args, exit }).toEqual({ args: ['check', FIXTURE], exit: plain.status });
    expect(models[0]!.variants.map(({ name }) => name)).toEqual(
      (JSON.parse(plain.out) as PageData).models[0]!.variants.map(({ name }) => name),
    );
    expect(models[0]!.variants[0]!.figures?.levels.length).toBeGreaterThan(1);
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  test('has what could not be checked, and what was asked for', () => {
    const file = join(folder, 'broken.html');
    const { status } = check(
      'test/cli-fixtures/broken',
      FIXTURE,
      '--html',
      file,
      '--property',
      'deadlock',
      '--max-states',
      '2',
    );
    const { errors, args, exit, models } = dataOf(file);
    expect(exit).toBe(status);
    expect(args).toEqual(['check', 'test/cli-fixtures/broken', FIXTURE, '--property', 'deadlock', '--max-states', '2']);
    expect(errors.length).toBeGreaterThan(3);
    expect(
      models.flatMap(({ variants }) => variants.flatMap(({ verdicts }) => verdicts.map(({ property }) => property))),
    ).toContain('deadlock');
  });

  test('has what differs from an earlier report, be that a page or JSON, and be it the file that is written', () => {
    const json = join(folder, 'earlier.json');
    const page = join(folder, 'earlier.html');
    writeFileSync(json, check(FIXTURE, '--json', '--max-states', '3').out);
    check(FIXTURE, '--html', page, '--max-states', '3');
    const told = [page, json].map((file) => {
      check(FIXTURE, '--html', page, '--baseline', file);
      const { baseline } = dataOf(page);
      expect(baseline).toMatchObject({ name: file, holdfast: dataOf(page).holdfast });
      return baseline!.differences;
    });
    expect(told[0]).toContainEqual({
      model: 'lost-update',
      file: join(FIXTURE, 'lost-update.ts'),
      variant: 'together',
      what: 'every addition counts',
      before: { of: 'always', kind: 'unknown', expected: 'violated' },
      after: { of: 'always', kind: 'violated', expected: 'violated', steps: 4 },
    });
    expect(told[0]).toContainEqual(expect.objectContaining({ what: 'states', before: 3 }));
    expect(told[1]).toEqual(told[0]);
    check(FIXTURE, '--html', page, '--baseline', page);
    expect(dataOf(page).baseline!.differences).toEqual([]);
  });

  test('is compared with nothing that is no report', () => {
    const file = join(folder, 'compared.html');
    const nonsense = join(folder, 'nonsense.json');
    writeFileSync(nonsense, '{"holdfast": "1"}');
    const xml = join(folder, 'holdfast.xml');
    writeFileSync(xml, '<testsuites/>');
    for (const [args, why] of [
      [['--html', file, '--baseline', join(folder, 'absent.html')], 'ENOENT'],
      [['--html', file, '--baseline', folder], 'EISDIR'],
      [['--html', file, '--baseline', nonsense], 'it is JSON, but no report of Holdfast'],
      [['--html', file, '--baseline', xml], 'it is neither what --json prints nor a page that --html has written'],
      [['--baseline', nonsense], 'it is the page that compares'],
    ] as const) {
      const { status, out, err } = check(FIXTURE, ...args);
      expect([status, out]).toEqual([2, '']);
      expect(err).toMatch(/where +--baseline\n +why +.*\n +instead +.*\n +explain +holdfast explain E-BASELINE/);
      expect(err).toContain(why);
    }
    expect(existsSync(file)).toBe(false);
  });

  test('is refused before anything is searched for, where it cannot be written', () => {
    mkdirSync(join(folder, 'there'));
    for (const [file, why] of [
      [join(folder, 'not', 'there.html'), 'there is no folder'],
      [join(folder, 'there'), 'it is a folder'],
    ] as const) {
      const { status, out, err } = check(FIXTURE, '--html', file);
      expect(status).toBe(2);
      expect(out).toBe('');
      expect(err).toMatch(/where +--html\n +why +.*\n +instead +a file.*\n +explain +holdfast explain E-WRITE/);
      expect(err).toContain(why);
    }
    expect(existsSync(join(folder, 'not'))).toBe(false);
  });
});

test('serve says where it cannot listen', () => {
  const { status, stderr } = spawnSync(process.execPath, ['src/main.ts', 'serve', FIXTURE, '--port', '99999'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toContain('from 0 to 65535');
});
