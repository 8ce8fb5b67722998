import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { checkCommand } from '../src/cli/check.ts';
import { figuresFile } from '../src/cli/figures-file.ts';
import { type Figures, figuresText, parsedFigures } from '../src/cli/figures-text.ts';
import type { CheckFlags } from '../src/cli/flags.ts';
import { Gate } from '../src/cli/gate.ts';
import { UsageError } from '../src/cli/usage-error.ts';
import { check, type Settings, type Surprise } from '../src/explore/check.ts';
import { type Change, changesSince, type Measured, measuredOf } from '../src/explore/measured.ts';
import { defineModel } from '../src/explore/model.ts';
import type { Report } from '../src/explore/verdict.ts';
import { changeTexts } from '../src/report/changes.ts';
import { annotations } from '../src/report/github.ts';
import type { PageData } from '../src/report/html/page-data.ts';
import { jsonText } from '../src/report/json.ts';
import { outcomeLine, parsedLine } from '../src/report/jsonl.ts';
import { junitText } from '../src/report/junit.ts';
import { markdownText } from '../src/report/markdown.ts';
import type { Outcome, Stale } from '../src/report/outcome.ts';
import { sarifText } from '../src/report/sarif.ts';
import { summaryText } from '../src/report/summary.ts';
import { brief, checked, holds, screen, shown, violated, withoutRun } from './cli-fixtures/by-hand.ts';
import { type Ended, holdfast } from './cli-fixtures/holdfast.ts';
import { lostUpdate } from './cli-fixtures/lost-update.ts';
import { tries } from './explore/kit.ts';
import { build, systems } from './random-system.ts';
import { sarif } from './sarif-schema.ts';

const office = lostUpdate('office', { alone: {}, together: { option: { clerks: 2 } } });
const reportOf = (variant: number, settings: Settings = {}): Report =>
  check(office, office.variants[variant]!, { runs: false, coverage: true, ...settings });
const [alone, together] = [reportOf(0), reportOf(1)];
const [one, two] = [measuredOf(alone)!, measuredOf(together)!];

/** What is said where a variant was once measured like this. */
const said = (before: Measured, report = together, isPicked = false): string[] =>
  changeTexts(changesSince(before, report, isPicked));

const steps = (more: Readonly<Record<string, number | null>>): Measured => ({
  ...two,
  steps: new Map([...two.steps, ...Object.entries(more)]),
});

describe('what has changed is said in words', () => {
  test.each<[string, Partial<Measured>, string]>([
    ['states', { states: 227 }, '214 states fewer (13, was 227)'],
    ['a single one', { states: 12 }, '1 state more (13, was 12)'],
    ['transitions', { transitions: 10 }, '4 transitions more (14, was 10)'],
    ['deadlocks', { deadlocks: 1 }, '1 deadlock fewer (0, was 1)'],
    ['depth', { depth: 2 }, 'the farthest state is 2 steps farther (depth 4, was 2)'],
    ['less depth', { depth: 5 }, 'the farthest state is 1 step nearer (depth 4, was 5)'],
  ])('of %s', (_, before, text) => {
    expect(said({ ...two, ...before })).toEqual([text]);
  });

  test.each<[string, Measured, string]>([
    [
      'longer',
      steps({ 'every addition counts': 2 }),
      'the shortest run that breaks "every addition counts" is 2 steps longer (4, was 2)',
    ],
    [
      'shorter',
      steps({ 'all clerks are done': 5 }),
      'the shortest run that reaches "all clerks are done" is 1 step shorter (4, was 5)',
    ],
    ['there', steps({ 'every addition counts': null }), '"every addition counts" is now violated, after 4 steps'],
    [
      'there, of a witness',
      steps({ 'all clerks are done': null }),
      '"all clerks are done" is now reached, after 4 steps',
    ],
    ['not there', steps({ deadlock: 3 }), '"deadlock" now holds (was violated after 3 steps)'],
  ])('of a shortest run that is now %s', (_, before, text) => {
    expect(said(before)).toEqual([text]);
  });

  test('of a property that says nothing any more, and of a witness that is not reached any more', () => {
    const vacuous = { ...violated, property: 'every addition counts', kind: 'vacuous' as const };
    const unreached = {
      ...holds,
      property: 'all clerks are done',
      of: 'sometimes' as const,
      kind: 'unreached' as const,
    };
    const { steps: _, run: __, ...unbroken } = vacuous;
    const verdicts = [unbroken, unreached, ...together.verdicts.slice(2)];
    expect(said(two, { ...together, verdicts })).toEqual([
      '"every addition counts" is now vacuous (was violated after 4 steps)',
      '"all clerks are done" is no longer reached (was after 4 steps)',
    ]);
  });

  test('of properties that come and go', () => {
    const { steps, ...rest } = two;
    const [[first, length], ...others] = [...steps] as [[string, number], ...[string, number | null][]];
    expect(said({ ...rest, steps: new Map([...others, ['gone', 3]]) })).toEqual([
      `"${first}" is new`,
      '"gone" is gone',
    ]);
    expect(length).toBe(4);
  });

  test('of transitions of machines, those of one fate together', () => {
    const taken = new Map([
      [
        'clerk',
        new Map([
          ['idle on value.read', false],
          ['loaded on value.written', false],
          ['idle on nap', true],
          ['idle on tea', false],
        ]),
      ],
    ]);
    expect(said({ ...two, taken })).toEqual([
      'transition "counter: ready on value.stored" is new (taken)',
      'transitions "clerk: idle on value.read", "clerk: loaded on value.written" now taken',
      'transition "clerk: idle on nap" is gone (taken before)',
      'transition "clerk: idle on tea" is gone (never taken before)',
    ]);
    const lazy = together.coverage!.map(({ actor, transitions }) => ({
      actor,
      transitions: [
        ...transitions.map((each) => ({ ...each, locals: 0 })),
        { transition: 'new', locals: 0, messages: 0 },
      ],
    }));
    expect(changeTexts(changesSince(two, { ...together, coverage: lazy }, false), 2)).toEqual([
      'transitions "counter: ready on value.stored", "clerk: idle on value.read" and 1 more no longer taken',
      'transitions "counter: new", "clerk: new" are new (never taken)',
    ]);
  });

  test('of a variant that was never measured', () => {
    expect(changeTexts(changesSince(undefined, together, false))).toEqual(['new, without figures so far']);
  });

  test('with escapes for what is not seen', () => {
    const changes: Change[] = [{ kind: 'change', what: 'property', property: '\u001b[2J\u2028', is: 'new' }];
    expect(changeTexts(changes)).toEqual(['"\\u{1b}[2J\\u{2028}" is new']);
  });
});

describe('transitions of one name', () => {
  test('are told apart by their number', () => {
    const row = (locals: number) => ({ transition: 'a on b', locals, messages: locals });
    const coverage = [{ actor: 'x', transitions: [row(1), row(0), { ...row(1), transition: 'a on b #2' }] }];
    const [x] = [...measuredOf({ ...together, coverage })!.taken.values()];
    expect([...x!]).toEqual([
      ['a on b', true],
      ['a on b #2', false],
      ['a on b #2 #2', true],
    ]);
  });
});

describe('a search that has not seen everything', () => {
  const other = steps({ 'every addition counts': 3, 'all clerks are done': null, deadlock: 2, gone: 1 });
  const before: Measured = { ...other, states: 99, depth: 99, taken: one.taken };

  test('is compared by the shortest runs that it has found', () => {
    const stopped = reportOf(1, { limits: { states: 12 } });
    expect(stopped.limit).toBeDefined();
    expect(stopped.verdicts.map(({ kind }) => kind)).toContain('unknown');
    expect(said(two, stopped)).toEqual([]);
    const shallow = reportOf(1, { limits: { depth: 1 } });
    expect(said(before, shallow)).toEqual([]);
    const bailed = reportOf(1, { bail: true });
    expect(bailed.limit?.limit).toBe('bail');
    expect(said(before, bailed)).toContain(
      'the shortest run that breaks "every addition counts" is 1 step longer (4, was 3)',
    );
    expect(said(before, bailed).join()).not.toMatch(/states|depth|transition|deadlock|gone/);
  });

  test('is never called new, and nothing is measured by it', () => {
    for (const settings of [{ limits: { depth: 1 } }, { bail: true }, { approximate: true }]) {
      const report = reportOf(1, settings);
      expect([changesSince(undefined, report, false), measuredOf(report)]).toEqual([[], null]);
    }
  });

  test('is not compared at all where it is approximate', () => {
    expect(said(before, reportOf(1, { approximate: true }))).toEqual([]);
  });

  test('misses no property that nobody has asked about', () => {
    const picked = reportOf(1, { properties: ['deadlock'] });
    expect(said(two, picked, true)).toEqual([]);
    expect(said({ ...two, states: 12 }, picked, true)).toEqual(['1 state more (13, was 12)']);
    expect(changesSince(undefined, picked, true)).toEqual([]);
  });
});

// ------------------------------------------------------------------------------------------------------------ the document

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
const evil = ['__proto__', 'constructor', '</script>', '\u001b[2J', '\u2028', '"', '${}', 'a, b', '7', ''];
/** Without backslashes: where a name has one, JSON.parse of Node 24.21 takes other names with escapes for it. */
const name = fc
  .oneof(fc.constantFrom(...evil), fc.string({ unit: 'binary', maxLength: 6 }))
  .filter((text) => !text.includes('\\'));
const count = fc.nat();
const mapOf = <T>(value: fc.Arbitrary<T>, min = 0) =>
  fc
    .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, minLength: min, maxLength: 4 })
    .map((pairs): ReadonlyMap<string, T> => new Map(pairs));
const measured: fc.Arbitrary<Measured> = fc.record({
  states: count,
  transitions: count,
  deadlocks: count,
  depth: count,
  steps: mapOf(fc.option(count)),
  taken: mapOf(mapOf(fc.boolean(), 1)),
});

describe('a file of figures', () => {
  test('read back is what was written, whatever things are called', () => {
    fc.assert(
      fc.property(mapOf(measured), (figures) => {
        expect(parsedFigures(figuresText(figures))).toEqual(figures);
      }),
      tries(500),
    );
  });

  test('has each fact on a line of its own, and transitions once for all variants', () => {
    const figures: Figures = new Map([
      ['alone', one],
      [
        'together',
        {
          ...two,
          taken: new Map([
            [
              'clerk',
              new Map([
                ['idle on value.read', true],
                ['idle on nap', false],
              ]),
            ],
          ]),
        },
      ],
    ]);
    expect(figuresText(figures)).toMatchInlineSnapshot(`
      "{
        "format": "holdfast.figures",
        "version": 1,
        "variants": {
          "alone": {
            "states": 3,
            "transitions": 2,
            "deadlocks": 0,
            "depth": 2,
            "steps": {
              "every addition counts": null,
              "all clerks are done": 2,
              "deadlock": null,
              "unhandled": null
            }
          },
          "together": {
            "states": 13,
            "transitions": 14,
            "deadlocks": 0,
            "depth": 4,
            "steps": {
              "every addition counts": 4,
              "all clerks are done": 4,
              "deadlock": null,
              "unhandled": null
            }
          }
        },
        "transitions": {
          "counter": {
            "ready on value.stored": { "taken in": ["alone"], "not there in": ["together"] }
          },
          "clerk": {
            "idle on value.read": "taken",
            "idle on nap": { "taken in": [], "not there in": ["alone"] },
            "loaded on value.written": { "taken in": ["alone"], "not there in": ["together"] }
          }
        }
      }
      "
    `);
  });

  test('keeps the order of a machine when a transition comes in between', () => {
    const of = (...transitions: string[]): Measured => ({
      ...one,
      taken: new Map([['x', new Map(transitions.map((each) => [each, true]))]]),
    });
    const figures: Figures = new Map([
      ['old', of('a', 'c')],
      ['young', of('a', 'b', 'c', 'd')],
    ]);
    const { transitions } = JSON.parse(figuresText(figures)) as { transitions: { x: object } };
    expect(Object.keys(transitions.x)).toEqual(['a', 'b', 'c', 'd']);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['is cut', (text) => text.slice(0, 100), /JSON/],
    ['is something else', () => '{"states": 3}', /^it is no file of figures$/],
    ['is nothing', () => 'null', /^it is no file of figures$/],
    [
      'is of another version',
      (text) => text.replace('"version": 1', '"version": 2'),
      /reads version 1, and it is of version 2$/,
    ],
    ['has a count that is none', (text) => text.replace('"states": 3', '"states": -3'), /variants/],
    ['has a list for an object', (text) => text.replace(/"steps": {[^}]*}/, '"steps": []'), /expected an object/],
    [
      'names a variant that it does not have',
      (text) => text.replace('"taken"', '{ "taken in": ["nobody"] }'),
      /"nobody" is named under transitions/,
    ],
    ['says what means nothing', (text) => text.replace('"taken"', '"sometimes"'), /transitions/],
  ])('that %s is refused', (_, change, why) => {
    expect(() => parsedFigures(change(figuresText(new Map([['alone', one]]))))).toThrow(why);
  });
});

test('a report compared with what was measured of it has not changed, in any random model', () => {
  fc.assert(
    fc.property(systems, (spec) => {
      const model = defineModel({ name: 'random', build: () => build(spec) });
      const report = check(model, model.variants[0]!, { runs: false, coverage: true, limits: { states: 2_000 } });
      const now = measuredOf(report);
      if (now === null) return;
      const kept = parsedFigures(figuresText(new Map([['default', now]]))).get('default');
      expect(changesSince(kept, report, false)).toEqual([]);
      const more: Measured = { ...now, states: now.states + 1 };
      expect(changesSince(more, report, false)).toHaveLength(1);
    }),
    tries(100),
  );
});

// --------------------------------------------------------------------------------------------------------------- reports

describe('every report', () => {
  const changes: Surprise[] = [
    { kind: 'change', what: 'steps', property: 'no job is lost', of: 'always', verdict: 'violated', was: 2, is: 4 },
    { kind: 'change', what: 'states', was: 1448, is: 1234 },
    { kind: 'change', what: 'transition', actor: 'worker', transition: 'idle on <b>', was: 'taken', is: 'never taken' },
  ];
  const changed = checked([violated, holds], { surprises: changes });
  const stale: Stale = {
    kind: 'stale',
    file: 'models/figures/old.ts.json',
    message: 'models/figures/old.ts.json: figures of what is gone\n  where    there\n  why      so',
  };
  const all: readonly Outcome[] = [changed, stale];
  const at = (file: string) => ({ path: file, line: 1 });

  test('shows what has changed, and what is kept of what is gone', () => {
    const texts = {
      pretty: all.map((outcome) => shown(outcome, brief)).join('') + summaryText(all, [], screen),
      json: jsonText(all, 1, '1', 0, false),
      junit: junitText(all),
      sarif: sarifText(all, 1, '1.0.0', at),
      github: all.flatMap((outcome) => annotations(outcome, at)).join('\n'),
      markdown: markdownText(all, 0),
    };
    for (const [reporter, text] of Object.entries(texts)) {
      const told = reporter === 'json' ? '"what": "states"' : '214 states fewer (1,234, was 1,448)';
      expect(text, reporter).toContain(told);
      expect(text, reporter).toContain('figures of what is gone');
      if (reporter === 'json') continue;
      expect(text, reporter).toMatch(/no longer taken/);
      if (reporter === 'sarif') continue;
      expect(text, reporter).toMatch(/holdfast check models\/jobs\.ts --update takes it over/);
    }
    expect(sarif.parse(JSON.parse(texts.sarif)).runs[0]!.results.map(({ ruleId }) => ruleId)).toEqual([
      'jobs: figures',
      'models/figures/old.ts.json: figures',
    ]);
    expect(texts.junit).toMatch(/tests="4" failures="2" errors="0"/);
    expect(texts.github).not.toMatch(/::warning/);
  });

  test('shows the run whose length has changed', () => {
    expect(withoutRun(shown(changed, brief))).toMatchInlineSnapshot(`
      "
       ✗ jobs plain        1,234 states        5,678 transitions  depth  17    0.12 s  not as expected: no job is lost, states, transitions taken

          (the run)

         jobs plain: "no job is lost" violated after 4 steps (shortest), expected holds
         reproduce: holdfast check models/jobs.ts --variant plain --property "no job is lost"

         jobs plain: the shortest run that breaks "no job is lost" is 2 steps longer (4, was 2)
         jobs plain: 214 states fewer (1,234, was 1,448)
         jobs plain: transition "worker: idle on <b>" no longer taken
         where this is meant, holdfast check models/jobs.ts --update takes it over; where not, the model means something else now

      "
    `);
  });

  test('in lines of JSON reads as what was written', () => {
    const [first, second] = all.map((outcome) => parsedLine(outcomeLine(outcome, -1, false)));
    expect(first).toMatchObject({ surprises: changes });
    expect(second).toMatchObject(stale);
  });
});

// ------------------------------------------------------------------------------------------------------- the command line

const temporary = mkdtempSync(join(tmpdir(), 'holdfast-gate-'));
afterAll(() => rmSync(temporary, { recursive: true }));
const fixture = pathToFileURL(join(process.cwd(), 'test/cli-fixtures/lost-update.ts')).href;

const none = { variant: [], property: [], option: [], color: false };

/** The check without a process of its own, which sees a model's file as it was when it was first loaded. */
async function ran(paths: readonly string[], flags: Partial<CheckFlags> = {}): Promise<Ended> {
  const [out, err] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  const text = (spy: typeof out) => spy!.mock.calls.map(([chunk]) => chunk).join('');
  try {
    const code = await checkCommand(paths, { ...none, ...flags }, '1.2.3');
    return { code, out: text(out), err: text(err) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, out: text(out), err: error.message };
  } finally {
    vi.restoreAllMocks();
  }
}

interface Folder {
  readonly folder: string;
  readonly model: string;
  readonly figures: string;
  readonly run: (flags?: Partial<CheckFlags>) => Promise<Ended>;
  /** Makes the model one of these variants. */
  readonly write: (variants: object) => void;
  /** Sees them. */
  readonly anew: (...args: string[]) => Promise<Ended>;
}

const both = { alone: {}, together: { option: { clerks: 2 }, expect: { 'every addition counts': 'violated' } } };

/** A folder with a model, whose figures have been measured. */
async function measuredFolder(): Promise<Folder> {
  const folder = mkdtempSync(join(temporary, 'models-'));
  const model = join(folder, 'office.ts');
  const write = (variants: object): void => {
    const text = `import { lostUpdate } from '${fixture}';\nexport default lostUpdate('office', ${JSON.stringify(variants)});\n`;
    writeFileSync(model, text);
  };
  write(both);
  const run = (flags: Partial<CheckFlags> = {}) => ran([folder], flags);
  const { code, out } = await run({ update: true });
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('office.ts.json: written, 2 variants\n') });
  return {
    folder,
    model,
    figures: figuresFile(model),
    run,
    write,
    anew: (...args) => holdfast(['check', folder, ...args]),
  };
}

const spoil = (file: string, from: string | RegExp, to: string): void => {
  const text = readFileSync(file, 'utf8');
  const spoilt = text.replace(from, to);
  expect(spoilt).not.toBe(text);
  writeFileSync(file, spoilt);
};

describe('holdfast check beside a file of figures', () => {
  test('is as expected where nothing has changed, and --update leaves the file alone', async () => {
    const { run, figures, folder } = await measuredFolder();
    const before = readFileSync(figures, 'utf8');
    expect(await run()).toMatchObject({ code: 0 });
    expect((await run({ update: true })).out).toContain('\nfigures are as they were\n');
    expect(readFileSync(figures, 'utf8')).toBe(before);
    expect(readdirSync(join(folder, 'figures'))).toEqual(['office.ts.json']);
  });

  test('fails where something has, says what, and --update takes it over', async () => {
    const { run, figures } = await measuredFolder();
    const before = readFileSync(figures, 'utf8');
    spoil(figures, '"states": 13', '"states": 15');
    spoil(figures, '"every addition counts": 4', '"every addition counts": null');
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toContain(
      'office together ("every addition counts" is now violated, after 4 steps; 2 states fewer (13, was 15))\n',
    );
    const updated = await run({ update: true });
    expect(updated.code).toBe(0);
    expect(updated.out).toContain(
      'office.ts.json: rewritten\n  together: "every addition counts" is now violated, after 4 steps; 2 states fewer (13, was 15)\n',
    );
    expect(readFileSync(figures, 'utf8')).toBe(before);
  });

  test('measures with --update what nobody expects, and says so all the same', async () => {
    const { anew, write, model } = await measuredFolder();
    write({ ...both, together: { option: { clerks: 2 } } });
    const text = readFileSync(model, 'utf8');
    const { code, out } = await anew('--update');
    expect(code).toBe(1);
    expect(out).toContain('every addition counts: expected holds, found violated');
    expect(readFileSync(model, 'utf8')).toBe(text);
  });

  test('says once what a verdict says that nobody expects', async () => {
    const { anew, write } = await measuredFolder();
    write({ alone: { option: { clerks: 2 } }, together: both.together });
    const { out } = await anew('--quiet');
    expect(out.split('\n').at(-2)).toBe(
      '1 model, 2 variants: 1 as expected, 1 not as expected: office alone (every addition counts: expected holds, found violated; the shortest run that reaches "all clerks are done" is 2 steps longer (4, was 2); 10 states more (13, was 3); 12 transitions more (14, was 2); the farthest state is 2 steps farther (depth 4, was 2))',
    );
  });

  test('keeps with --update the figures of variants that are not checked', async () => {
    const { run, figures } = await measuredFolder();
    spoil(figures, '"states": 13', '"states": 15');
    spoil(figures, '"states": 3', '"states": 5');
    const { out } = await run({ update: true, variant: ['alone'] });
    expect(out).toContain('office.ts.json: rewritten\n  alone: 2 states fewer (3, was 5)\n');
    expect(out).not.toContain('together');
    const { code, out: after } = await run({ quiet: true });
    expect({ code, after }).toEqual({ code: 1, after: expect.stringContaining('2 states fewer (13, was 15)') });
    expect(after).not.toContain('office alone');
  });

  test('keeps with --update the figures of a variant whose search was stopped, as it is for want of memory', async () => {
    const { folder, model, figures } = await measuredFolder();
    const before = readFileSync(figures, 'utf8');
    const subject = { model: office, file: model, variant: office.variants[1]!, args: [] };
    const gate = new Gate({ paths: [folder], shared: [], subjects: [subject] }, { ...none, update: true });
    const report = reportOf(1, { limits: { depth: 1 } });
    expect(gate.update([{ kind: 'checked', subject, report, surprises: [] }])).toEqual([
      figures,
      '  together: as it was, since its search was stopped',
    ]);
    expect(readFileSync(figures, 'utf8')).toBe(before);
  });

  test('takes a file as it is however it is set out, until --update', async () => {
    const { run, figures } = await measuredFolder();
    const before = readFileSync(figures, 'utf8');
    writeFileSync(figures, JSON.stringify(JSON.parse(before), null, 1));
    expect(await run()).toMatchObject({ code: 0 });
    expect((await run({ update: true })).out).toContain('office.ts.json: rewritten, with the same figures\n');
    expect(readFileSync(figures, 'utf8')).toBe(before);
  });

  test('misses a variant that has come or gone, where all are looked at', async () => {
    const { anew, write } = await measuredFolder();
    write({ alone: {}, three: { option: { clerks: 3 }, expect: both.together.expect } });
    const { code, out } = await anew('--quiet');
    expect(code).toBe(1);
    expect(out).toContain('office three (new, without figures so far)');
    expect(out).toMatch(
      /office\.ts\.json: figures of what is gone\n +where .*\n +why .*office\.ts has no variant together\n/,
    );
    expect(out).toContain('1 stale file of figures');
    expect(await anew('--variant', 'alone')).toMatchObject({ code: 0 });
    expect((await anew('--update', '--variant', 'three')).out).toContain(
      'rewritten\n  three: new, without figures so far\n',
    );
    expect((await anew('--update')).out).toContain('rewritten\n  together: gone\n');
    expect(await anew()).toMatchObject({ code: 0 });
  });

  test('misses a model that is gone, where its folder is looked into', async () => {
    const { run, folder, model, figures, write } = await measuredFolder();
    rmSync(model);
    writeFileSync(join(folder, 'shared.ts'), 'export const one = 1;\n');
    writeFileSync(join(folder, 'figures', 'chart.ts.json'), '{"bars": 3}');
    const other = join(folder, 'other.ts');
    writeFileSync(
      other,
      `export { default } from '${pathToFileURL(join(process.cwd(), 'test/cli-fixtures/models/lost-update.ts')).href}';\n`,
    );
    const { code, out } = await run({ quiet: true });
    expect(code).toBe(1);
    expect(out).toMatch(/why +there is no model .*office\.ts\n/);
    expect(await ran([other])).toMatchObject({ code: 0 });
    expect((await run({ update: true })).out).toMatch(/office\.ts\.json: removed, there is no model .*office\.ts\n/);
    expect(existsSync(figures)).toBe(false);
    expect(readdirSync(join(folder, 'figures')).sort()).toEqual(['chart.ts.json', 'other.ts.json']);
    write(both);
    expect(await run()).toMatchObject({ code: 0 });
  });

  test('never calls a difference what a search has not seen', async () => {
    const { run, figures } = await measuredFolder();
    spoil(figures, '"states": 13', '"states": 15');
    const less: readonly Partial<CheckFlags>[] = [
      { maxStates: 5 },
      { maxDepth: 2 },
      { approximate: true },
      { option: [['clerks', '3']] },
    ];
    for (const flags of less) {
      const { out } = await run({ variant: ['together'], ...flags });
      expect(out, Object.keys(flags).join()).not.toMatch(/states fewer|so far|office\.ts\.json/);
    }
    for (const flags of [
      { property: ['deadlock'] },
      { bail: true },
      { maxStates: 14 },
      { option: [['clerks', '2']] as const },
    ]) {
      expect((await run(flags)).out, Object.keys(flags).join()).toContain('2 states fewer (13, was 15)');
    }
  });

  test('does not lose what shards have found when they are merged', async () => {
    const { run, figures, folder } = await measuredFolder();
    spoil(figures, '"states": 13', '"states": 15');
    spoil(figures, '"states": 3', '"states": 5');
    const text = readFileSync(figures, 'utf8');
    writeFileSync(join(folder, 'figures', 'old.ts.json'), text);
    const whole = await run({ quiet: true });
    expect(whole.code).toBe(1);
    const files = [1, 2, 3].map((i) => join(folder, `${i}.jsonl`));
    for (const [i, file] of files.entries()) {
      await run({ shard: { index: i + 1, count: 3 }, reporter: [{ name: 'jsonl', file }] });
    }
    const merged = await holdfast(['merge', ...files, '--quiet']);
    expect(merged.code).toBe(1);
    const last = (out: string) => out.split('\n\n').at(-1);
    expect(last(merged.out)).toBe(last(whole.out));
    expect(last(merged.out)).toContain('2 not as expected, 1 stale file of figures');
  });

  test('compares what threads and checkpoints have found', async () => {
    const { run, figures, folder } = await measuredFolder();
    expect(await run({ workers: 2 })).toMatchObject({ code: 0 });
    const kept = join(folder, 'kept');
    const together = { variant: ['together'] };
    expect(await run({ ...together, checkpoint: kept })).toMatchObject({ code: 0 });
    spoil(figures, '"idle on value.read": "taken"', '"idle on value.read": "never taken"');
    const { code, out } = await run({ ...together, resume: kept });
    expect(code).toBe(1);
    expect(out).toContain('transition "clerk: idle on value.read" now taken');
  });

  test.each<[string, Partial<CheckFlags>]>([
    ['--max-states', { maxStates: 5 }],
    ['--max-depth', { maxDepth: 5 }],
    ['--max-time', { maxTime: 5 }],
    ['--max-memory', { maxMemory: 2 ** 30 }],
    ['--bail', { bail: true }],
    ['--approximate', { approximate: true }],
    ['--property', { property: ['deadlock'] }],
    ['--option', { option: [['clerks', '3']] }],
  ])('refuses --update together with %s, which makes a search less than whole', async (option, flags) => {
    const { run, figures } = await measuredFolder();
    spoil(figures, '"states": 13', '"states": 15');
    const before = readFileSync(figures, 'utf8');
    const { code, err } = await run({ update: true, ...flags });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`where    --update with ${option}\n`) });
    expect(readFileSync(figures, 'utf8')).toBe(before);
  });

  test('says of a file that is damaged where it is and what to do, and leaves it as it is', async () => {
    const { run, figures } = await measuredFolder();
    spoil(figures, '"states": 13', '<<<<<<< HEAD\n"states": 13');
    const text = readFileSync(figures, 'utf8');
    for (const flags of [{}, { update: true }]) {
      const { code, err } = await run(flags);
      expect(code).toBe(2);
      expect(err).toMatch(
        /office\.ts\.json: no figures of a model\n +where .*office\.ts\.json\n +why .*\n +instead .*\n +explain +holdfast explain E-FIGURES-FILE/,
      );
    }
    expect(readFileSync(figures, 'utf8')).toBe(text);
  });

  test('says where figures cannot be written', async () => {
    const { run, folder, figures } = await measuredFolder();
    rmSync(figures);
    mkdirSync(figures);
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('E-FIGURES-FILE') });
    rmSync(join(folder, 'figures'), { recursive: true });
    writeFileSync(join(folder, 'figures'), 'a file');
    expect(await run({ update: true })).toMatchObject({ code: 2, err: expect.stringContaining('E-WRITE') });
  });

  test('tells with --json too what was measured anew, and beside other documents', async () => {
    const { run, figures } = await measuredFolder();
    spoil(figures, '"states": 13', '"states": 15');
    const { out } = await run({ update: true, json: true });
    expect(JSON.parse(out).updated).toEqual([
      expect.stringContaining('rewritten'),
      '  together: 2 states fewer (13, was 15)',
    ]);
    const { err } = await run({ update: true, reporter: [{ name: 'jsonl' }] });
    expect(err).toBe('figures are as they were\n');
  });

  test('tells the page too', async () => {
    const { run, folder, figures } = await measuredFolder();
    spoil(figures, '"states": 13', '"states": 15');
    writeFileSync(join(folder, 'figures', 'old.ts.json'), readFileSync(figures, 'utf8'));
    const html = join(folder, 'report.html');
    expect(await run({ html })).toMatchObject({ code: 1 });
    const json = /id="report">([\s\S]*?)<\/script>/.exec(readFileSync(html, 'utf8'))![1]!;
    const { models, errors } = JSON.parse(json) as PageData;
    expect(models[0]!.variants.map(({ standing, surprises }) => [standing, surprises])).toEqual([
      ['expected', []],
      ['surprising', ['2 states fewer (13, was 15)']],
    ]);
    expect(errors.map(({ label }) => label)).toEqual([join(folder, 'figures', 'old.ts.json')]);
  });

  test('shows names as they are written, and not what they do', async () => {
    const { anew, write, figures } = await measuredFolder();
    const evil = '\u001b[2J</script>\u2028__proto__';
    write({ [evil]: {}, '__proto__\n': { option: { clerks: 2 }, expect: both.together.expect } });
    const first = await anew('--update');
    expect(first.code).toBe(0);
    const text = readFileSync(figures, 'utf8');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    const working = /[\u0000-\u0009\u000b-\u001f\u2028]|<\//;
    expect(text).not.toMatch(working);
    spoil(figures, '"states": 3,', '"states": 4,');
    const { code, out } = await anew();
    expect(code).toBe(1);
    expect(out).toContain('office \\u{1b}[2J</script>\\u{2028}__proto__ (1 state fewer (3, was 4))');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(first.out + out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028]/);
  });
});
