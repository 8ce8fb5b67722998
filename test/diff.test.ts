import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { firstModel } from '../src/cli/first-model.ts';
import { type Ended, holdfast } from './cli-fixtures/holdfast.ts';

const here = process.cwd();
const temporary = mkdtempSync(join(tmpdir(), 'holdfast-diff-test-'));
/** Where the command puts what it needs for a while. */
const scratch = join(temporary, 'scratch');
const repository = join(temporary, 'repository');
afterAll(() => rmSync(temporary, { recursive: true }));

function git(...args: string[]): string {
  const identity = {
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
  };
  const env = { ...process.env, ...identity, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', args, { cwd: repository, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const diff = (...args: string[]): Promise<Ended> =>
  holdfast(['diff', ...args], { cwd: repository, env: { TMPDIR: scratch } });

/** Two threads, with and without a lock. */
const race = firstModel['models/race.ts']!.replace("'holdfast'", `'${here}/src/index.ts'`);
/** Somebody has taken the lock out of what is called locked. */
const unlocked = race
  .replace("taken: locked ? { rendezvous: 'lock' } : []", 'taken: []')
  .replace("locked ? 'lock' : []", '[]');
const named = (name: string): string =>
  `import { defineModel } from '${here}/src/index.ts';\nimport race from '../models/race.ts';\nexport default defineModel({ name: '${name}', build: () => race.build({ locked: true }) });\n`;
const helper = 'export const helper = 1;\n';

beforeAll(() => {
  mkdirSync(scratch);
  mkdirSync(repository);
  git('init', '--quiet', '--initial-branch=main', '.');
  write(repository, { 'package.json': '{ "type": "module" }', '.gitignore': 'node_modules\n', 'models/race.ts': race });
  write(repository, { 'models/old.ts': named('old'), 'parts/helper.ts': helper });
  symlinkSync(join(here, 'node_modules'), join(repository, 'node_modules'));
  git('add', '.');
  git('commit', '--quiet', '--message=one');
  git('tag', 'one');
  git('rm', '--quiet', 'models/old.ts');
  write(repository, { 'models/race.ts': unlocked.replace('locked: {},', 'locked: {}, third: {},') });
  write(repository, { 'models/young.ts': named('young') });
  git('add', '.');
  git('commit', '--quiet', '--message=two');
  git('branch', 'parts');
});

describe.concurrent('two revisions', () => {
  test('are the same where nothing differs', async () => {
    const { code, out, err } = await diff('HEAD', 'main', '--no-color');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^HEAD \([0-9a-f]{10}\) -> main \([0-9a-f]{10}\)\n/);
    expect(out).toContain(' = race locked    the same states and steps\n');
    expect(out).toMatch(/\n4 variants compared: 4 the same\n$/);
  });

  test('differ in verdicts, figures and behaviours, each with what shows it', async () => {
    const { code, out } = await diff('one', 'HEAD', '--no-color');
    expect(code).toBe(1);
    const lines = out.split('\n').map((line) => line.trimEnd());
    expect(lines.filter((line) => /^ [=≠?!+-] /.test(line))).toEqual([
      ' + race third     new in HEAD',
      ' + young          new in HEAD, with 1 variant: default',
      ' - old            gone from one, with 1 variant: default',
      ' ≠ race locked    a new violation, 4 states more (13, was 9), other figures, new behaviours, behaviours gone',
      ' = race unlocked  the same states and steps',
    ]);
    const titles = lines.filter((line) => /^ {3}\S/.test(line)).map((line) => line.trim());
    expect(titles.map((line) => line.replace(/"lock: .*"/, '…'))).toEqual([
      'new violation: "no update is lost" violated after 4 steps, holds in one, HEAD expects holds',
      '4 states more (13, was 9)',
      '6 transitions more (14, was 8)',
      'transitions … no longer taken',
      'new behaviour: thread[0] store, after 2 steps (shortest); one cannot do this there',
      'behaviour gone: lock taken, after 1 step (shortest); HEAD cannot do this there',
    ]);
    expect(out).toContain('<- "no update is lost" is false here');
    expect(out).toContain('    fault    thread[0] (step 3) races with thread[1] (step 4)');
    expect(out).toContain('        <- one cannot do this: thread[0] store\n');
    expect(out).toContain('could do  lock taken\n');
    expect(out).toMatch(/\n2 variants compared: 1 the same, 1 different, 2 new, 1 gone\n$/);
  });

  test('are told the other way round where they are asked for the other way round', async () => {
    const { code, out } = await diff('HEAD', 'one', '--variant', 'locked', '--no-color');
    expect(code).toBe(1);
    expect(out).toContain(
      'violation gone: "no update is lost" holds, violated after 4 steps in HEAD, as one expects\n',
    );
    expect(out).toContain('behaviour gone: thread[0] store, after 2 steps (shortest); one cannot do this there\n');
    expect(out).not.toContain('third');
  });

  test('can be compared by what some actors do', async () => {
    const { out } = await diff('one', 'HEAD', '--variant', 'locked', '--observe', 'thread', '--no-color');
    expect(out).toContain(
      'new behaviour: thread[1] load {value: 0}, after 2 steps (shortest); one cannot do this there\n',
    );
    expect(out).not.toContain('behaviour gone');
  });

  test('leave open what a limit has stopped', async () => {
    const { code, out } = await diff('HEAD', 'HEAD', '--variant', 'unlocked', '--max-states', '3', '--no-color');
    expect(code).toBe(3);
    expect(out).toContain(
      ' ? race unlocked  4 verdicts unknown, unknown whether new behaviours, unknown whether behaviours gone\n',
    );
    expect(out).toContain('unknown whether there are new behaviours: --max-states 3 reached, every run of up to ');
  });

  test('do not need the folder that we are in to be that of the repository', async () => {
    const { code, out } = await holdfast(['diff', 'one', 'HEAD', 'race.ts', '--variant', 'unlocked', '--no-color'], {
      cwd: join(repository, 'models'),
      env: { TMPDIR: scratch },
    });
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining(' = race unlocked  the same states and steps\n'),
    });
  });
});

describe.concurrent('folders', () => {
  test('are versions too, also the one that we are in, with what is not committed', async () => {
    const folder = join(temporary, 'uncommitted');
    cpSync(repository, folder, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
    symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'));
    write(folder, { 'models/race.ts': race });
    const { code, out } = await holdfast(['diff', 'HEAD', '.', '--variant', 'locked', '--no-color'], { cwd: folder });
    expect(code).toBe(1);
    expect(out).toContain(
      'violation gone: "no update is lost" holds, violated after 4 steps in HEAD, as this folder expects\n',
    );
  });

  test('may be full of models themselves, and have an XState of their own', async () => {
    const [one, two] = ['one', 'two'].map((name) => join(temporary, 'folders', name)) as [string, string];
    for (const folder of [one, two]) {
      write(folder, { 'deep/race.ts': race });
      cpSync(join(here, 'node_modules/xstate'), join(folder, 'node_modules/xstate'), { recursive: true });
    }
    write(two, { 'deep/race.ts': unlocked });
    const { code, out, err } = await holdfast(['diff', one, two, '--variant', 'locked', '--no-color']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain(`${two} expects holds\n`);
  });
});

describe.concurrent('what goes wrong on one side', () => {
  /** The repository's models in a folder, and one file more or otherwise. */
  function besides(name: string, files: Readonly<Record<string, string>>): string {
    const folder = join(temporary, name);
    write(folder, { 'package.json': '{ "type": "module" }', 'models/race.ts': race, ...files });
    symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'));
    return folder;
  }

  test('is told, and nothing is said to be gone for that', async () => {
    const folder = besides('unreadable', { 'models/race.ts': 'export default 1 +;' });
    const { code, out } = await diff('one', folder, '--no-color');
    expect(code).toBe(4);
    expect(out).toContain(` ! models/race.ts  in ${folder}: `);
    expect(out).toContain('   not compared, nor said to be new or gone: race\n');
    expect(out).toContain(' - old             gone from one');
    expect(out).not.toMatch(/^ - race/m);
  });

  test('is told with its place in the revision', async () => {
    write(repository, { 'models/bad.ts': 'throw new Error("too bad");' });
    const tree = git('hash-object', '-w', 'models/bad.ts').trim();
    rmSync(join(repository, 'models/bad.ts'));
    const listing = `100644 blob ${tree}\tbad.ts\n`;
    const made = execFileSync('git', ['mktree'], { cwd: repository, input: listing, encoding: 'utf8' }).trim();
    const root = execFileSync('git', ['mktree'], {
      cwd: repository,
      input: `040000 tree ${made}\tmodels\n`,
      encoding: 'utf8',
    });
    const commit = git('commit-tree', root.trim(), '-m', 'bad').trim();
    const { code, out } = await diff(commit, 'HEAD', '--variant', 'unlocked', '--no-color');
    expect(code).toBe(4);
    expect(out).toContain(` ! models/bad.ts  in ${commit}: ${commit}:models/bad.ts: cannot be loaded\n`);
    expect(out).toContain(`where    ${commit}:models/bad.ts:1\n`);
    expect(out).toContain('why      Error: too bad\n');
  });

  test('may be a variant alone', async () => {
    const broken = race
      .replace('compose(\n', '{ if (locked) throw new Error("no lock"); return compose(\n')
      .replace(/\),\n\}\);\n$/, '); },\n});\n');
    const { code, out } = await diff('one', besides('unbuilt', { 'models/race.ts': broken }), '--no-color');
    expect(code).toBe(4);
    expect(out).toContain('race: build() threw an error\n');
    expect(out).toContain(' = race unlocked  the same states and steps\n');
  });

  test('may end the process, and leaves nothing behind', async () => {
    const { code, err } = await diff('one', besides('ending', { 'models/a.ts': 'process.exit(0);' }));
    expect(code).toBe(4);
    expect(err).toContain('the process ended too early');
  });
});

test('an interruption leaves nothing behind either', async () => {
  const [folder, own] = [join(temporary, 'slow'), join(temporary, 'slow-scratch')];
  write(folder, { 'models/slow.ts': 'await new Promise((done) => setTimeout(done, 60_000));' });
  mkdirSync(own);
  const child = spawn(process.execPath, [join(here, 'src/main.ts'), 'diff', 'one', folder], {
    cwd: repository,
    env: { ...process.env, TMPDIR: own },
    stdio: 'ignore',
  });
  await vi.waitFor(() => expect(globSync(join(own, '*/*/tree/models/race.ts'))).toHaveLength(1), 60_000);
  child.kill('SIGINT');
  const signal = await new Promise((resolve) => child.on('exit', (_, by) => resolve(by)));
  expect(signal).toBe('SIGINT');
  expect(readdirSync(own)).toEqual([]);
});

describe.concurrent('holdfast diff refuses', () => {
  test.each([
    [['mian', 'HEAD'], '"mian" is neither a revision nor a folder', 'E-REVISION'],
    [['', 'HEAD'], '"" is neither a revision nor a folder', 'E-REVISION'],
    [['HEAD:models', 'HEAD'], 'is neither a revision nor a folder', 'E-REVISION'],
    [['HEAD', '--', '--help'], '"--help" is neither a revision nor a folder', 'E-REVISION'],
    [['HEAD', '\u001b[2J'], '"\\u{1b}[2J" is neither a revision nor a folder', 'E-REVISION'],
    [['HEAD', 'parts'], 'parts: a revision and a folder', 'E-REVISION'],
    [['one', 'HEAD', '../models'], '../models: not below the current folder', 'E-DIFF-PATH'],
    [['one', 'HEAD', 'modls'], 'modls: no such file or folder', 'E-PATH'],
    [['one', 'HEAD', 'parts'], 'one:parts: no models', 'E-NO-MODELS'],
    [['one', 'HEAD', '--variant', 'lockd'], 'no variant "lockd"', 'E-VARIANT'],
    [['one', 'HEAD', '--observe', 'thred'], 'no actor "thred"', 'E-ACTOR'],
    [['one', 'HEAD', '--json', '--reporter', 'markdown'], 'two reports for one place', 'E-REPORTERS'],
    [['one', 'HEAD', '--reporter', 'markdown=nowhere/diff.md'], 'nowhere/diff.md: cannot be written', 'E-WRITE'],
  ])('%j', async (args, message, code) => {
    const ended = await diff(...args);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain(message);
    expect(ended.err).toContain(`explain  holdfast explain ${code}\n`);
  });

  test('a reporter that it does not have', async () => {
    const { code, err } = await diff('one', 'HEAD', '--reporter', 'junit');
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('Write one of pretty, markdown, or name=file.'),
    });
  });
});

describe('what is written', () => {
  test('is Markdown with runs that unfold', async () => {
    const file = join(temporary, 'diff.md');
    const { code, out } = await diff('one', 'HEAD', '--reporter', `markdown=${file}`, '--quiet', '--no-color');
    expect(code).toBe(1);
    expect(out).toMatch(/^ \+ race third/);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(
      /^# Holdfast: 4 differences\n\n`one` \([0-9a-f]{10}\) → `HEAD` \([0-9a-f]{10}\): 2 variants compared: /,
    );
    expect(text).toContain('| `race locked` | **different** | `a new violation, 4 states more (13, was 9), ');
    expect(text).toContain(
      '<details>\n<summary><code>new violation: &#34;no update is lost&#34; violated after 4 steps',
    );
    expect(text).toContain('\n- `4 states more (13, was 9)`\n- `6 transitions more (14, was 8)`\n');
    expect(text).toMatch(/\n```text\n {4}# {2}actor .*\n(.*\n)+?```\n\n<\/details>\n/);
  });

  test('is one document of JSON', async () => {
    const { code, out } = await diff('one', 'HEAD', '--variant', 'locked', '--json');
    expect(code).toBe(1);
    const document = JSON.parse(out);
    expect(document).toMatchObject({
      exit: 1,
      base: { name: 'one', commit: git('rev-parse', 'one').trim() },
      entries: [
        {
          kind: 'compared',
          standing: 'different',
          model: 'race',
          variant: 'locked',
          base: { states: 9 },
          head: { states: 13 },
          verdicts: [{ property: 'no update is lost', base: { kind: 'holds' }, head: { kind: 'violated', steps: 4 } }],
          behaviours: { kind: 'traces', added: { kind: 'refuted' }, gone: { kind: 'refuted' } },
        },
      ],
    });
    expect(document.entries[0].behaviours.added.run.steps).toHaveLength(2);
  });
});

test('nothing of the user is touched, and nothing is left behind', () => {
  expect(git('status', '--porcelain', '--ignored')).toBe('!! node_modules\n');
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  expect(git('stash', 'list')).toBe('');
  expect(readdirSync(scratch)).toEqual([]);
});
