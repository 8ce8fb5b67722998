import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type ReplayFlags, replayCommand } from '../src/cli/replay.ts';
import { fileName, RunSaver } from '../src/cli/save-runs.ts';
import { UsageError } from '../src/cli/usage-error.ts';
import type { Run } from '../src/explore/verdict.ts';
import { literal, testText } from '../src/report/as-test.ts';
import { itfText, itfValue } from '../src/report/itf.ts';
import { savedRunText } from '../src/report/saved-run.ts';
import { checked, run, step, view, violated } from './cli-fixtures/by-hand.ts';
import { holdfast, node } from './cli-fixtures/holdfast.ts';

const MODEL = 'test/cli-fixtures/models/lost-update.ts';
const temporary = mkdtempSync(join(tmpdir(), 'holdfast-runs-'));
/** Within the repository, so that vitest is found from there. */
const within = `test/cli-fixtures/replayed-${process.pid}`;
afterAll(() => {
  rmSync(temporary, { recursive: true });
  rmSync(within, { recursive: true, force: true });
});

const saved = join(temporary, 'runs', 'lost-update.together.every-addition-counts.run.json');
const ready = holdfast(['check', MODEL, '--save-runs', join(temporary, 'runs')]);

type Document = Record<string, object> & { readonly run: { readonly steps: readonly object[] } };

/** The saved run, changed. */
async function changed(change: (document: Document) => object): Promise<string> {
  await ready;
  const file = join(mkdtempSync(join(temporary, 'changed-')), 'a.run.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(saved, 'utf8')))));
  return file;
}

/** What the command prints and answers, without a process of its own. */
async function replayed(
  file: string,
  flags: Partial<ReplayFlags> = {},
): Promise<{ code: number; out: string; err: string }> {
  await ready;
  const [out, err] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  try {
    const code = await replayCommand(file, { color: false, ...flags }, '1.2.3');
    const text = (spy: typeof out) => spy!.mock.calls.map(([chunk]) => chunk).join('');
    return { code, out: text(out), err: text(err) };
  } finally {
    vi.restoreAllMocks();
  }
}

describe('holdfast check --save-runs', () => {
  test('writes each violation twice, and says how to take it again', async () => {
    const { code, out } = await ready;
    expect(code).toBe(0);
    expect(out).toContain(`\n1 run saved; to take it again: holdfast replay ${saved}\n`);
    expect(readdirSync(join(temporary, 'runs'))).toEqual([
      'lost-update.together.every-addition-counts.itf.json',
      'lost-update.together.every-addition-counts.run.json',
    ]);
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toMatchObject({
      format: 'holdfast.run',
      version: 1,
      model: { name: 'lost-update', file: MODEL },
      variant: { name: 'together', option: { clerks: 2 } },
      property: { name: 'every addition counts', of: 'always' },
      fault: expect.stringContaining('races with'),
      explanation: {
        order: {
          threads: [
            [1, 4],
            [2, 3],
          ],
        },
      },
    });
  });

  test('is refused where the folder cannot be made', () => {
    writeFileSync(join(temporary, 'file'), '');
    expect(() => new RunSaver(join(temporary, 'file'), '1')).toThrow(/runs cannot be saved\n {2}where .*--save-runs/);
  });
});

describe('holdfast replay', () => {
  test('takes the run again and shows it; 0 where it violates what it is expected to', async () => {
    await ready;
    const { code, out } = await holdfast(['replay', saved]);
    expect(code).toBe(0);
    expect(out).toMatch(/ 4 {2}clerk\[1\] +own +value\.written/);
    expect(out).toContain(
      '   lost-update together: "every addition counts" is still violated after 4 steps, as expected\n',
    );
  });

  test('answers with 1 where it violates what is expected to hold', async () => {
    const file = await changed((document) => ({ ...document, variant: { ...document.variant, name: 'other' } }));
    const { code, out } = await replayed(file);
    expect(code).toBe(1);
    expect(out).toContain('is still violated after 4 steps, expected holds\n');
  });

  test('says which step cannot be taken any more; 0 where nothing else is expected', async () => {
    const file = await changed((document) => ({ ...document, variant: { name: 'alone', option: { clerks: 1 } } }));
    const { code, out } = await replayed(file);
    expect(code).toBe(0);
    expect(out).toMatch(/is not violated by this run any more: its step 1 of 4 cannot be taken \(.*clerk.*\)\n/);
  });

  test('answers with 3 where what is expected to be violated is so no more by this run, as it may be by another', async () => {
    const file = await changed((document) => ({ ...document, run: { steps: document.run.steps.slice(0, 3) } }));
    const { code, out } = await replayed(file);
    expect(code).toBe(3);
    expect(out).toMatch(
      /not violated by this run any more: all its 3 steps can be taken\n {3}other runs may violate it/,
    );
  });

  test('finds the model elsewhere where it is told so', async () => {
    const file = await changed((document) => ({ ...document, model: { ...document.model, file: 'gone.ts' } }));
    await expect(replayed(file)).rejects.toThrow('gone.ts: no such file');
    expect(await replayed(file, { model: MODEL })).toMatchObject({ code: 0 });
  });

  test('prints one document with --json', async () => {
    const { out } = await replayed(saved, { json: true });
    expect(JSON.parse(out)).toMatchObject({
      exit: 0,
      outcome: 'violated',
      property: 'every addition counts',
      run: { ends: { at: 'state' } },
    });
  });

  test.each<[what: string, change: (document: Document) => object, told: RegExp]>([
    ['is of another version', (document) => ({ ...document, version: 2 }), /reads version 1, and it is of version 2/],
    ['is none', () => ({ a: 1 }), /expected "holdfast\.run"/],
    [
      'has a step without an actor',
      (document) => ({ ...document, run: { steps: [{ label: {} }] } }),
      /run\.steps\[0\]\.label\.actor/,
    ],
    [
      'is of another model',
      (document) => ({ ...document, model: { name: 'other', file: MODEL } }),
      /a run of "other".*--model FILE/s,
    ],
    ['is a trace of states', () => ({ '#meta': {}, vars: [] }), /Informal Trace Format.*the \.run\.json beside it/s],
  ])('refuses a file that %s', async (_, change, told) => {
    const file = await changed(change);
    await expect(replayed(file)).rejects.toThrow(UsageError);
    await expect(replayed(file)).rejects.toThrow(told);
  });

  test('refuses what is not there or is no JSON', async () => {
    const broken = join(temporary, 'broken.run.json');
    writeFileSync(broken, '{');
    for (const file of [broken, join(temporary, 'gone.run.json')])
      await expect(replayed(file)).rejects.toThrow(UsageError);
  });

  test('answers with 4 where the model has outgrown the run, or cannot be loaded', async () => {
    const stale = await changed((document) => ({ ...document, property: { name: 'gone', of: 'always' } }));
    expect(await replayed(stale)).toMatchObject({ code: 4, err: expect.stringContaining('no property "gone"') });
    expect(await replayed(saved, { model: 'src/main.ts'.replace('main', 'index') })).toMatchObject({ code: 4 });
  });
});

describe('a test that is made of a run', () => {
  test('fails while the race is there, and passes when it is gone', async () => {
    await ready;
    mkdirSync(within);
    const out = `${within}/race.test.ts`;
    expect(await holdfast(['replay', saved, '--as-test', out])).toMatchObject({ code: 0 });
    const vitest = () => node(['node_modules/vitest/vitest.mjs', 'run', out]);
    const there = await vitest();
    expect(there.code).toBe(1);
    expect(there.out + there.err).toContain("expected 'violated' not to be 'violated'");
    writeFileSync(out, readFileSync(out, 'utf8').replace('clerks: 2', 'clerks: 1'));
    expect((await vitest()).code).toBe(0);
  });

  test('is printed where no file is named', async () => {
    await ready;
    const { code, out } = await replayed(saved, { asTest: true });
    expect(code).toBe(0);
    expect(out).toContain('// clerk[0] (step 3) races with clerk[1] (step 4);');
    expect(out).toContain(
      'test(\'lost-update together: "every addition counts" is not violated by this run\', () => {',
    );
  });

  test('is refused where it cannot be written', async () => {
    await ready;
    await expect(replayed(saved, { asTest: join(temporary, 'no', 'such.test.ts') })).rejects.toThrow(
      'cannot be written',
    );
  });

  test('has data as source that is the same data', () => {
    const values = [0, -0, 1.5, Number.NaN, 10n, null, undefined, 'it\'s "q" \\ `x`', ['a'], { a: { 'b c': 1 } }, {}];
    for (const value of values) expect(new Function(`return (${literal(value)})`)()).toEqual(value);
    const proto = JSON.parse('{"__proto__": 1}');
    expect(Object.keys(new Function(`return (${literal(proto)})`)())).toEqual(['__proto__']);
  });
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
const evil = '\u001b[2J\u2028</script>*/${x}`\'"\n\\u202e\u202egnp';
const hostile: Run = {
  initial: [view(evil, evil, { context: { [evil]: evil, '#x': 1 } })],
  steps: [step({ actor: evil, message: { type: evil, [evil]: evil } as { type: string } })],
  ends: { at: 'state' },
};
const { subject } = checked([]);
const hostileSubject = { ...subject, file: `models/${evil}.ts`, model: { ...subject.model, name: evil } };
const hostileVerdict = { ...violated, property: evil, run: hostile, steps: 1 };
/** What must not stand in any file: it would work, and not be read. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const working = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]|<\/script/;

describe('hostile names', () => {
  test('are escapes in saved runs, and the same names when these are read', () => {
    const text = savedRunText(hostileSubject, hostileVerdict, '1');
    expect(text).not.toMatch(working);
    expect(JSON.parse(text).run.steps[0].label.actor).toBe(evil);
  });

  test('are escapes in traces', () => {
    const text = itfText(hostileSubject, hostileVerdict, '1');
    expect(text).not.toMatch(working);
    expect(JSON.parse(text).vars).toEqual([evil]);
  });

  test('are neither code nor lines in tests', () => {
    const text = testText({
      option: { [evil]: evil },
      property: evil,
      labels: hostile.steps.map(({ label }) => label),
      title: evil,
      story: [evil],
      imports: { holdfast: 'holdfast', model: `./${evil}.ts` },
    });
    expect(text).not.toMatch(working.source.replace('|<\\/script', ''));
    const made: unknown[] = [];
    const retake = (_: unknown, taking: unknown) => {
      made.push(taking);
      return { outcome: 'kept' };
    };
    const body = text.replace(/^import .*$/gm, '');
    const expectation = { not: { toBe: () => {} } };
    new Function('retake', 'expect', 'test', 'model', body)(
      retake,
      () => expectation,
      (title: string, run: () => void) => {
        made.push(title);
        run();
      },
      {},
    );
    expect(made[1]).toMatchObject({ option: { [evil]: evil }, property: evil, steps: [{ actor: evil }] });
  });

  test('name no other folder, and no two files the same', () => {
    const names = [
      evil,
      '../../etc/passwd',
      '..',
      '',
      'a b',
      'a/b',
      'a\u0000b',
      'x'.repeat(1_000_000),
      `${'x'.repeat(999_999)}y`,
    ];
    const files = names.map(fileName);
    for (const name of files) expect(name).toMatch(/^\w[\w.,=+-]{0,110}$/);
    expect(new Set(files).size).toBe(names.length);
  });

  test('of a million characters are written as they are', () => {
    const long = 'x\u2028'.repeat(500_000);
    const document = { ...hostileVerdict, property: long, run };
    expect(JSON.parse(savedRunText(subject, document, '1')).property.name).toBe(long);
    expect(JSON.parse(itfText(subject, document, '1'))['#meta'].description).toContain('\\u{2028}');
  });
});

describe('a value of the Informal Trace Format', () => {
  test('has whole numbers as text, and says what it has no form for', () => {
    expect(
      itfValue({
        n: 3,
        big: 10n,
        list: [true, 'x'],
        none: null,
        half: 0.5,
        far: Number.NaN,
        gone: undefined,
        minus: -0,
      }),
    ).toEqual({
      n: { '#bigint': '3' },
      big: { '#bigint': '10' },
      list: [true, 'x'],
      none: { '#unserializable': 'null' },
      half: { '#unserializable': '0.5' },
      far: { '#unserializable': 'NaN' },
      gone: { '#unserializable': 'undefined' },
      minus: { '#unserializable': '-0' },
    });
    expect(itfValue({ '#set': 1 })).toEqual({ '#map': [['#set', { '#bigint': '1' }]] });
  });

  test('of a run is every state, with the step that led to it', () => {
    const { vars, states } = JSON.parse(itfText(subject, violated, '1.2.3'));
    expect(vars).toEqual(['sender', 'worker']);
    expect(states).toHaveLength(5);
    expect(states[1]['#meta']).toEqual({
      index: 1,
      actor: 'sender',
      self: 0,
      cause: 'spontaneous',
      action: 'begin {many: 2}',
    });
    expect(states[3].worker.map(({ done }: { done: boolean }) => done)).toEqual([true, false]);
    const ends = {
      at: 'unhandled',
      who: { actor: 'sender', self: 0 },
      message: { type: 'x' },
      why: 'not taken',
    } as const;
    expect(JSON.parse(itfText(subject, { ...violated, run: { ...run, ends } }, '1')).states).toHaveLength(4);
  });
});
