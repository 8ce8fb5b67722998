import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesOf, countOf, millisecondsOf } from '../src/cli/amounts.ts';
import { blame } from '../src/cli/blame.ts';
import { type ExitCode, worst } from '../src/cli/exit.ts';
import { select } from '../src/cli/select.ts';
import { type Ended, holdfast } from './cli-fixtures/holdfast.ts';
import { lostUpdate } from './cli-fixtures/lost-update.ts';

const FIXTURES = 'test/cli-fixtures';
const MODELS = `${FIXTURES}/models`;
const temporary = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const check = (...args: string[]): Promise<Ended> => holdfast(['check', ...args]);

/** What every mistake of the user's is told with, and without. */
function expectLocated({ out, err }: Ended): void {
  const text = out + err;
  expect(text).toMatch(/^ +where +\S/m);
  expect(text).toMatch(/^ +why +\S/m);
  expect(text).toMatch(/^ +instead +\S/m);
  expect(text).toMatch(/^ +explain +holdfast explain E-[A-Z-]+$/m);
  expect(text).not.toMatch(/^ {4}at /m);
}

describe.concurrent('holdfast check', () => {
  test('says in one line that a variant is as expected, and exits with 0', async () => {
    const { code, out, err } = await check(MODELS);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n').map((line) => line.replace(/\d+\.\d\d s/, '0.00 s'));
    expect(lines).toEqual([
      ' ✓ lost-update alone             3 states            2 transitions  depth   2    0.00 s  3 hold, 1 reached',
      ' ✓ lost-update together         13 states           14 transitions  depth   4    0.00 s  2 hold, 1 reached; every addition counts violated (4 steps) as expected',
      '',
      '1 model, 2 variants: 2 as expected',
      '',
    ]);
  });

  test('checks a file once, however often it is named', async () => {
    const { out } = await check(MODELS, `${MODELS}/lost-update.ts`, `${MODELS}/../models`);
    expect(out).toContain('1 model, 2 variants: 2 as expected\n');
  });

  test('looks into models/ where nothing is named', async () => {
    const { code, out } = await holdfast(['check'], { cwd: FIXTURES });
    expect({ code, last: out.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: '1 model, 2 variants: 2 as expected',
    });
  });

  test('shows the run of a violation, expected or not, where one variant is picked', async () => {
    const { code, out } = await check(MODELS, '--variant', 'together');
    expect(code).toBe(0);
    expect(out).toMatch(
      / 4 {2}clerk\[1\] +own +value\.written +loaded -> done \(final\) +value\.stored \{value: 1\} -> counter \(call\)\n +<- "every addition counts" is false here\n/,
    );
    expect(out).toContain('"every addition counts" violated after 4 steps (shortest), as expected\n');
    expect(out).toContain(
      `reproduce: holdfast check ${MODELS}/lost-update.ts --variant together --property "every addition counts"\n`,
    );
  });

  test('exits with 1 and names every verdict and figure that differs from what is expected', async () => {
    const { code, out } = await check(`${FIXTURES}/expectations.ts`);
    expect(code).toBe(1);
    expect(out.split('\n').slice(-5).join('\n')).toBe(`1 model, 4 variants: 1 as expected, 3 not as expected:
  expectations too good (every addition counts: expected holds, found violated)
  expectations too bad (every addition counts: expected violated, found holds)
  expectations too small (states: expected 12, found 13)
`);
  });

  test('prints with --quiet only what is not as expected, and the summary', async () => {
    expect((await check(MODELS, '--quiet')).out).toBe('1 model, 2 variants: 2 as expected\n');
    const { out } = await check(`${FIXTURES}/expectations.ts`, '--quiet', '--variant', 'right', '--variant', 'too bad');
    expect(out).toContain(' ✗ expectations too bad');
    expect(out).not.toContain('✓');
  });

  test('stops with --bail at the first surprise, and says what was left out', async () => {
    const { code, out } = await check(`${FIXTURES}/expectations.ts`, '--bail');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^1 model, 4 variants: 1 as expected, 1 not as expected, 2 not checked \(--bail\): expectations too good /m,
    );
  });

  test('goes with --bail past violations that are expected', async () => {
    expect(await check(MODELS, '--bail')).toMatchObject({ code: 0 });
  });

  test('tells deadlocks and unhandled messages', async () => {
    const { code, out } = await check(`${FIXTURES}/stuck.ts`);
    expect(code).toBe(0);
    expect(out).toMatch(/<- deadlock here\n +asker stuck in waiting \(not final, not tagged "rest"\)\n/);
    expect(out).toMatch(/<- unhandled: silent does not take riddle here\n +silent has mail: riddle\n/);
  });

  test.each([
    ['--max-states', '1000', /--max-states 1,000 reached/],
    ['--max-depth', '5', /--max-depth 5 reached/],
    ['--max-time', '300ms', /--max-time 0\.3s reached/],
    ['--max-memory', '1m', /--max-memory 1m reached/],
  ])('exits with 3 where %s stops it, and says what is covered', async (option, value, reached) => {
    const { code, out } = await check(`${FIXTURES}/counting.ts`, option, value);
    expect(code).toBe(3);
    expect(out).toMatch(reached);
    expect(out).toMatch(/covered +every run of up to [\d,]+ steps?/);
    expect(out).toMatch(/to try/);
    expect(out).toMatch(/1 model, 1 variant: 1 unknown: counting default \(--max-/);
  });

  test('says with --approximate what it found, never that anything holds, and exits with 3', async () => {
    const { code, out } = await check(MODELS, '--approximate');
    expect(code).toBe(3);
    expect(out).toMatch(/ \? lost-update together +13 states +14 transitions .* approximate: nothing unexpected found/);
    expect(out).toMatch(/chance that a state was missed: at most 5\.0e-18/);
    expect(out).not.toMatch(/\bholds?\b|vacuous|unreached|✓/);
  });

  test('exits with --approximate with 0 where all that is asked for was found, as it was expected', async () => {
    const asked = ['--variant', 'together', '--property', 'every addition counts'];
    const { code, out } = await check(MODELS, '--approximate', ...asked);
    expect(code).toBe(0);
    expect(out).toContain('"every addition counts" violated after 4 steps, as expected\n');
    expect(out).toContain('--variant together --approximate --property "every addition counts"\n');
  });

  test('prints with --stats and --coverage a block for each variant, and has them in JSON too', async () => {
    const { code, out } = await check(MODELS, '--stats', '--coverage');
    expect(code).toBe(0);
    expect(out.match(/^ {3}state vector +[23] slots, taken whole: /gm)).toHaveLength(2);
    expect(out.match(/^ {5}loaded on value\.written +\d +\d$/gm)).toHaveLength(2);
    const { models } = JSON.parse((await check(MODELS, '--stats', '--coverage', '--json')).out);
    expect(models[0].variants[1]).toMatchObject({
      figures: { levels: [1, 2, 3, 4, 3], keeping: { as: 'vectors' } },
      coverage: [{ actor: 'counter' }, { actor: 'clerk' }],
    });
    const plain = JSON.parse((await check(MODELS, '--json')).out).models[0].variants[1];
    expect(plain).not.toHaveProperty('figures');
    expect(plain).not.toHaveProperty('coverage');
  });

  test('prints one JSON document with --json, and nothing else on standard output', async () => {
    const { code, out } = await check(
      MODELS,
      `${FIXTURES}/expectations.ts`,
      `${FIXTURES}/broken/impure-guard.ts`,
      '--json',
    );
    const document = JSON.parse(out);
    expect(code).toBe(4);
    expect(document).toMatchObject({ holdfast: expect.stringMatching(/^\d+\.\d+\.\d+/), exit: 4 });
    expect(
      document.models.map(({ name, variants }: { name: string; variants: unknown[] }) => [name, variants.length]),
    ).toEqual([
      ['lost-update', 2],
      ['expectations', 4],
    ]);
    expect(document.models[1].variants[1]).toMatchObject({
      name: 'too good',
      option: { clerks: 2 },
      asExpected: false,
      stats: { states: 13, transitions: 14 },
      surprises: [{ kind: 'verdict', property: 'every addition counts', expected: 'holds', found: 'violated' }],
    });
    expect(document.errors).toEqual([
      expect.objectContaining({ model: 'impure-guard', message: expect.stringContaining('is impure\n  where') }),
    ]);
  });

  test('prints colours where they are forced, and none with NO_COLOR or --no-color', async () => {
    const coloured = (text: string) => text.includes('\u001b[');
    const env = { FORCE_COLOR: '1' };
    expect(coloured((await holdfast(['check', MODELS], { env })).out)).toBe(true);
    expect(coloured((await holdfast(['check', MODELS, '--no-color'], { env })).out)).toBe(false);
    expect(coloured((await holdfast(['check', MODELS], { env: { NO_COLOR: '1' } })).out)).toBe(false);
  });

  test('ends with 130 where its reader goes away', async () => {
    const { code, err } = await holdfast(['check', MODELS, 'models/conformance'], { deaf: true });
    expect({ code, err }).toEqual({ code: 130, err: '' });
  });

  test('is interrupted by SIGINT in the middle of a search', async () => {
    const { code, signal } = await holdfast(['check', `${FIXTURES}/counting.ts`], { until: 1500 });
    expect(signal ?? code).toBeOneOf(['SIGINT', 130]);
  });
});

describe.concurrent('an own choice of options', () => {
  test('checks the one assignment that it makes, of which nothing but "holds" is expected', async () => {
    const { code, out } = await check(MODELS, '--option', 'clerks=3');
    expect(code).toBe(1);
    expect(out).toContain('1 model, 1 variant: 1 not as expected: lost-update clerks=3 ');
    expect(out).toContain(`reproduce: holdfast check ${MODELS}/lost-update.ts --option clerks=3 --property`);
  });

  test('is held to what is expected of the variant that it happens to be', async () => {
    const { code, out } = await check(MODELS, '--option', 'clerks=2');
    expect(code).toBe(0);
    expect(out).toContain(' ✓ lost-update together ');
    expect(out).not.toContain(' is together');
    const other = await check(MODELS, '--variant', 'alone', '--option', 'clerks=2');
    expect(other.out).toMatch(/^ ✓ lost-update together .*\n {3}alone with clerks=2 is together\n/);
  });
});

/** Files with models, in a folder of their own. */
function folderOf(models: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(temporary, 'models-'));
  const lostUpdateFile = pathToFileURL(join(process.cwd(), FIXTURES, 'lost-update.ts')).href;
  for (const [file, made] of Object.entries(models)) {
    const source = `import { lostUpdate } from '${lostUpdateFile}';\n${made}\n`;
    writeFileSync(join(folder, file), source);
  }
  return folder;
}

describe.concurrent('several models', () => {
  test('of the same name are told apart by their files', async () => {
    const same = "export default lostUpdate('same', { alone: {} });";
    const folder = folderOf({ 'a.mjs': same, 'b.mjs': same });
    const { out } = await check(folder);
    expect(out).toContain(` ✓ same alone (${folder}/a.mjs) `);
    expect(out).toContain(` ✓ same alone (${folder}/b.mjs) `);
  });

  test('are counted with --bail as they were named', async () => {
    const folder = folderOf({
      'a.mjs': "export default lostUpdate('a', { two: { option: { clerks: 2 } } });",
      'b.mjs': "export default lostUpdate('b', { one: {}, two: { option: { clerks: 2 } } });",
    });
    const { out } = await check(folder, '--bail');
    expect(out).toContain('\n2 models, 3 variants: 1 not as expected, 2 not checked (--bail): a two ');
  });

  test('are named where they are left out, and why', async () => {
    const { out } = await check(MODELS, `${FIXTURES}/stuck.ts`, `${FIXTURES}/counting.ts`, '--option', 'clerks=2');
    expect(out).toContain('not checked: stuck, counting (no option "clerks")\n1 model, 1 variant: 1 as expected\n');
    const other = await check(MODELS, `${FIXTURES}/stuck.ts`, '--variant', 'both');
    expect(other.out).toContain('\nnot checked: lost-update (no variant "both")\n1 model');
    const last = await check(MODELS, `${FIXTURES}/stuck.ts`, '--property', 'every addition counts');
    expect(last.out).toContain('\nnot checked: stuck (no property "every addition counts")\n1 model');
  });

  test('are named up to five where they are left out, and counted beyond', async () => {
    const lone = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [
      `${name}.mjs`,
      `export default lostUpdate('${name}', { one: {} });`,
    ]);
    const { out } = await check(folderOf(Object.fromEntries(lone)), MODELS, '--variant', 'alone');
    expect(out).toContain('\nnot checked: a, b, c, d, e (no variant "alone") (+2 more)\n1 model, 1 variant: ');
  });

  test('beside files that are none are told without the names of these, which --verbose has', async () => {
    const folder = folderOf({
      'a.mjs': "export default lostUpdate('a', { one: {} });",
      'b.mjs': 'export const b = lostUpdate;',
      'c.mjs': 'export const c = lostUpdate;',
    });
    expect((await check(folder)).out).toContain('\n2 files without a default export are no models\n1 model');
    expect((await check(folder, '--verbose')).out).toContain(` are no models: ${folder}/b.mjs, ${folder}/c.mjs\n`);
  });
});

describe.concurrent('the command line is told wrong', () => {
  const mistakes: readonly (readonly [args: readonly string[], told: RegExp])[] = [
    [
      [`${MODELS}/lost-updat.ts`],
      /lost-updat\.ts: no such file.*did you mean "test\/cli-fixtures\/models\/lost-update\.ts"\?/s,
    ],
    [['package.json'], /not a model's file/],
    [[MODELS, '--variant', 'togehter'], /no variant "togehter".*did you mean "together"\?/s],
    [[MODELS, '--option', 'clercs=2'], /no option "clercs".*did you mean "clerks"\?/s],
    [[MODELS, '--option', 'clerks=9'], /option "clerks" has no value "9".*its values are 1, 2, 3/s],
    [[MODELS, '--property', 'every adition counts'], /no property.*did you mean "every addition counts"\?/s],
    [[`${FIXTURES}/broken/../empty`], /no such file or folder/],
  ];
  test.each(mistakes)('by %j: exit code 2, where, why, instead', async (args, told) => {
    const ended = await check(...args);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(told);
    expectLocated(ended);
  });

  test.each([
    [['check', '--max-sttes', '3'], /unknown option '--max-sttes'\n\(Did you mean --max-states\?\)/],
    [['chekc'], /unknown command 'chekc'\n\(Did you mean check\?\)/],
    [['check', '--max-states', 'many'], /'many' is invalid\. Write a whole number from 1 on/],
    [['check', '--max-memory', '4'], /'4' is invalid\. Write an amount of memory with its unit/],
    [['check', '--option', 'clerks'], /Write it as option=value/],
    [[], /Usage: holdfast/],
  ])('by %j: exit code 2', async (args, told) => {
    const { code, err } = await holdfast(args);
    expect(code).toBe(2);
    expect(err).toMatch(told);
    expect(err).not.toMatch(/^ {4}at /m);
  });

  test('and asked for JSON, has the mistake in the document', async () => {
    const { code, out } = await check(MODELS, '--variant', 'x', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ exit: 2, errors: [{ fault: 'usage' }] });
  });

  test('a folder of models that is not there is told with what to name', async () => {
    for (const command of ['check', 'list']) {
      const ended = await holdfast([command], { cwd: temporary });
      expect(ended).toMatchObject({ code: 2 });
      expect(ended.err).toContain(`instead  holdfast ${command} <files or folders>`);
      expectLocated(ended);
    }
  });
});

describe.concurrent('a specification that is malformed or impure', () => {
  const mistakes: readonly (readonly [file: string, told: RegExp])[] = [
    ['throwing-guard.ts', /guard "isFirstLarge" threw an error.*looker, in "ready", on looked/s],
    ['throwing-property.ts', /where +property "there are two"\n +at +test\S+throwing-property\.ts:22: sometimes<Room>/],
    [
      'mistyped-actor.ts',
      /no actor "hodler".*\n +at +test\S+mistyped-actor\.ts:\d+: properties: .*did you mean "holder"/s,
    ],
    ['impure-guard.ts', /guard "isLucky" is impure.*Math\.random\(\)/s],
    ['endless-always.ts', /endless "always"/],
    ['endless-calls.ts', /endless cascade of calls.*ball to pong/s],
    ['no-capacity.ts', /a mailbox without bound.*mailboxes: \{ worker: \{ capacity: 1 \} \}/s],
    ['no-default.ts', /no model.*it has no default export/s],
    ['not-a-model.ts', /no model.*not what defineModel\(\) returns/s],
    ['throws-at-load.ts', /cannot be loaded.*throws-at-load\.ts:3.*reading 'size'/s],
    ['unknown-expectation.ts', /every adition counts.*did you mean "every addition counts"\?/s],
    ['unknown-option.ts', /unknown-option\.ts: unknown-option: no option "clerk".*did you mean "clerks"\?/s],
  ];

  test.each(mistakes)('is told where, why and what instead: %s', async (file, told) => {
    const ended = await check(`${FIXTURES}/broken/${file}`);
    expect(ended.code).toBe(4);
    expect(ended.out).toMatch(told);
    expect(ended.out).toContain(file);
    expectLocated(ended);
  });

  test('does not keep the others from being checked, and is all in the summary', async () => {
    const { code, out } = await check(`${FIXTURES}/broken`, MODELS);
    expect(code).toBe(4);
    expect(out).toContain(' ✓ lost-update alone');
    expect(readdirSync(`${FIXTURES}/broken`).sort()).toEqual(mistakes.map(([file]) => file).sort());
    expect(out).toMatch(
      /1 file without a default export is no model\n9 models, 10 variants: 2 as expected, 11 in error:\n/,
    );
  });

  test.each([
    [
      'enum.ts',
      'enum Colour { red }\nexport default Colour;\n',
      /enum\.ts:1.*enum is not supported.*erasableSyntaxOnly/s,
    ],
    ['syntax.ts', 'export const one: number = 1;\nexport default { a b };\n', /syntax\.ts:2.*Unexpected token/s],
    ['syntax.js', 'export default { a b };\n', /syntax\.js.*Unexpected identifier/s],
    ['import.mjs', "import './machine';\n", /Cannot find module.*with their full names/s],
    ['package.mjs', "import 'no-such-package';\n", /Cannot find package.*npm install/s],
    ['named.mjs', "import { nothing } from 'node:fs';\nexport default nothing;\n", /named\.mjs:1.*'nothing'/s],
    ['thrown.mjs', "throw 'just text';\n", /it throws just text/],
  ])('is told where, why and what instead: %s, which cannot be loaded', async (file, text, told) => {
    const path = join(temporary, file);
    writeFileSync(path, text);
    const ended = await check(path);
    expect(ended).toMatchObject({ code: 4 });
    expect(ended.out).toMatch(told);
    expectLocated(ended);
  });

  test.each(['exits.ts', 'waits.ts', 'rejects.ts'])('cannot end the check unseen: %s', async (file) => {
    const ended = await check(`${FIXTURES}/ending/${file}`);
    expect(ended.code).toBe(4);
    expect(ended.err).toContain(file);
    expectLocated(ended);
  });
});

describe.concurrent('holdfast list', () => {
  test('says what there is', async () => {
    const { code, out } = await holdfast(['list', MODELS]);
    expect(code).toBe(0);
    expect(out).toBe(`lost-update  Clerks add one to the same variable.
  file        ${MODELS}/lost-update.ts
  options     clerks: 1 (default), 2, 3
  properties  every addition counts, all clerks are done, deadlock, unhandled
  variants
    alone               one clerk
    together  clerks=2  two clerks
                        expected: every addition counts violated
`);
  });

  test('of several models says in a line each what they ask, and the details with --verbose', async () => {
    const paths = [MODELS, `${FIXTURES}/expectations.ts`];
    const { code, out } = await holdfast(['list', ...paths]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^lost-update {3}Clerks add one to the same variable\.\nexpectations {2}\S.*\n\n2 models; of one by itself, or with --verbose, /,
    );
    expect(out).not.toContain('options  ');
    const whole = await holdfast(['list', '--verbose', ...paths]);
    expect(whole.out.match(/^ {2}options {5}clerks: 1 \(default\), 2, 3$/gm)).toHaveLength(2);
  });

  test('says it in JSON too', async () => {
    const { code, out } = await holdfast(['list', MODELS, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      exit: 0,
      models: [{ name: 'lost-update', options: { clerks: [1, 2, 3] } }],
    });
  });

  test('exits with 4 where a file is no model', async () => {
    expect(await holdfast(['list', `${FIXTURES}/broken`])).toMatchObject({ code: 4 });
  });
});

describe.concurrent('holdfast completion', () => {
  /** What bash proposes for the words of a line. */
  const proposed = async (...words: string[]): Promise<string[]> => {
    const { out: script } = await holdfast(['completion', 'bash']);
    const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
    const { stdout } = spawnSync('bash', ['-c', `${script}\n${line}\n_holdfast\nprintf '%s\\n' "\${COMPREPLY[@]}"`]);
    return stdout.toString().trim().split('\n');
  };

  test('lets bash complete commands and their options', async () => {
    expect(await proposed('holdfast', 'exp')).toEqual(['explain']);
    expect(await proposed('holdfast', 'check', '--max-s')).toEqual(['--max-states']);
    expect(await proposed('holdfast', 'simulate', '--se')).toEqual(['--seed']);
    expect(await proposed('holdfast', 'check', 'models/')).toEqual(['']);
  });

  test.each(['zsh', 'fish'])('knows %s', async (shell) => {
    const { code, out } = await holdfast(['completion', shell]);
    expect(code).toBe(0);
    expect(out).toMatch(/max-states/);
  });

  test('knows no other shell', async () => {
    const ended = await holdfast(['completion', 'csh']);
    expect(ended.code).toBe(2);
    expectLocated(ended);
  });
});

describe.concurrent('holdfast explain', () => {
  test('says of a code what it means, however it is typed', async () => {
    const { code, out } = await holdfast(['explain', 'unwired']);
    expect(code).toBe(0);
    expect(out).toMatch(/^E-UNWIRED\n {2}means {7}A machine emits.*\n {2}example .*\n {2}what to do /);
  });

  test('lists all codes, a line or two for each', async () => {
    const { code, out } = await holdfast(['explain']);
    expect(code).toBe(0);
    expect(out).toMatch(/^E-UNWIRED +A machine emits a message/m);
  });

  test('knows no code that no error has', async () => {
    for (const [typed, nearest] of [
      ['E-UNWIERD', 'E-UNWIRED, E-UNHEARD, E-WIRE'],
      ['throw', 'E-THROWS'],
      ['nonsense', 'E-OBSERVE'],
    ] as const) {
      const ended = await holdfast(['explain', typed]);
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toMatch(new RegExp(`instead {2}${nearest}.* are the nearest; holdfast explain lists them all`));
      expectLocated(ended);
    }
  });
});

test('--help and --version exit with 0', async () => {
  expect(await holdfast(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  const { code, out } = await holdfast(['check', '--help']);
  expect(code).toBe(0);
  expect(out).toMatch(/Exit codes: 0 all as expected, 1 .* 130 interrupted/s);
});

describe('variants are selected', () => {
  const one = { file: 'one.ts', model: lostUpdate('one', { alone: {}, pair: { option: { clerks: 2 } } }) };
  const other = { file: 'other.ts', model: lostUpdate('other', { alone: {}, three: { option: { clerks: 3 } } }) };
  const named = (variants: readonly string[], options: readonly (readonly [string, string])[] = []) =>
    select([one, other], { variants, options, properties: [] }).map(
      ({ model, variant }) => `${model.name} ${variant.name}`,
    );

  test('all of them where nothing is said', () => {
    expect(named([])).toEqual(['one alone', 'one pair', 'other alone', 'other three']);
  });
  test('by name, in every model that has it', () => {
    expect(named(['alone'])).toEqual(['one alone', 'other alone']);
    expect(named(['pair', 'three'])).toEqual(['one pair', 'other three']);
  });
  test('by options: one of each model, under the name it has or makes', () => {
    expect(named([], [['clerks', '2']])).toEqual(['one pair', 'other clerks=2']);
    expect(named(['three'], [['clerks', '2']])).toEqual(['other three,clerks=2']);
    expect(named(['alone'], [['clerks', '1']])).toEqual(['one alone', 'other alone']);
  });
  test('but not one that no model has', () => {
    expect(() => named(['non'])).toThrow('no variant "non"');
    expect(() => named(['alone', 'nobody'])).toThrow('no variant "nobody"');
    expect(() => named([], [['clerks', '4']])).toThrow('has no value "4"');
  });
});

describe('amounts are read', () => {
  test.each([
    ['5000', 5000],
    ['5_000_000', 5e6],
    ['5,000', 5000],
    ['5m', 5e6],
    ['1.5k', 1500],
    ['1e6', 1e6],
  ])('states: %s', (text, n) => expect(countOf(text)).toBe(n));
  test.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['500ms', 500],
    ['5 min', 300_000],
    ['1h', 3_600_000],
  ])('time: %s', (text, n) => expect(millisecondsOf(text)).toBe(n));
  test.each([
    ['512m', 512 * 2 ** 20],
    ['4g', 2 ** 32],
    ['4GB', 2 ** 32],
  ])('memory: %s', (text, n) => expect(bytesOf(text)).toBe(n));
  test.each(['', '0', '-3', 'x', '1.5', '5x', '1e30', '0x10', 'NaN'])('but not %j states', (text) => {
    expect(() => countOf(text)).toThrow('Write a whole number');
  });
});

test('of several exit codes the first of 5, 2, 4, 1, 3, 0 counts', () => {
  const order: readonly ExitCode[] = [5, 2, 4, 1, 3, 0];
  for (const [i, code] of order.entries()) expect(worst(order.slice(i).toReversed())).toBe(code);
  expect(worst([])).toBe(0);
});

describe('an error that nobody explained is', () => {
  const thrown = (...frames: string[]): Error =>
    Object.assign(new Error('x'), { stack: ['Error: x', ...frames].join('\n') });
  const root = process.cwd();
  const inNode = '    at node:internal/main:1:2';
  const inXState = `    at transition (${root}/node_modules/xstate/dist/index.js:10:20)`;
  const inEngine = `    at search (file://${root}/src/explore/search.ts:10:20)`;
  const inModel = `    at Object.holds (file://${root}/models/a.ts:7:20)`;

  test.each([
    ["the model's, where its code threw", thrown(inNode, inModel, inEngine), { fault: 'spec', place: { line: 7 } }],
    ["the model's, where XState rejects it", thrown(inXState, inEngine), { fault: 'spec' }],
    ["Holdfast's, where its own code threw", thrown(inNode, inEngine, inModel), { fault: 'ours' }],
    ["Holdfast's, where nothing is known", thrown(), { fault: 'ours' }],
  ])('%s', (_, error, expected) => {
    expect(blame(error)).toMatchObject(expected);
  });
});
