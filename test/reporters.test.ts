import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isDocument, wishOf } from '../src/cli/reporters.ts';
import { isIn, shardOf } from '../src/cli/shard.ts';
import { annotations, type Locate } from '../src/report/github.ts';
import { outcomeLine, parsedLine } from '../src/report/jsonl.ts';
import { junitText } from '../src/report/junit.ts';
import { code, markdownText } from '../src/report/markdown.ts';
import type { Checked, Outcome, Subject } from '../src/report/outcome.ts';
import { sarifText } from '../src/report/sarif.ts';
import { checked, holds, reached, run, step, stopped, unexpected, view, violated } from './cli-fixtures/by-hand.ts';
import { holdfast } from './cli-fixtures/holdfast.ts';
import { sarif } from './sarif-schema.ts';

const locate: Locate = (file) => ({ path: file, line: 3 });
const surprising = checked([violated, holds, reached], { surprises: [unexpected] });
const figure = checked([holds], { surprises: [{ kind: 'figure', figure: 'states', expected: 3, found: 1234 }] });
const unknown = checked([{ ...holds, kind: 'unknown' }], { limit: stopped });
const failed: Outcome = {
  kind: 'failed',
  subject: checked([]).subject,
  fault: 'spec',
  message: 'jobs: build() threw an error\n  where    variant "plain"',
};
const unloadable: Outcome = { kind: 'unloadable', file: 'models/x.ts', message: 'models/x.ts: cannot be loaded' };
const all: readonly Outcome[] = [checked([holds]), surprising, figure, unknown, failed, unloadable];

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
const evil = '\u001b[2J\u2028</script>]]>"\'&<b>|`x``${y}`\n::error::%0A\ufffe\u202egnp,:[a](b){0}\ud800';
const hostileSubject: Subject = {
  ...surprising.subject,
  file: `models/${evil}.ts`,
  model: { ...surprising.subject.model, name: evil, about: evil },
  variant: { ...surprising.subject.variant, name: evil },
  args: [evil, '--variant', evil],
};
const hostile: Checked = {
  ...checked([
    {
      ...violated,
      property: evil,
      about: evil,
      steps: 1,
      run: {
        initial: [view(evil, evil, { context: { [evil]: evil } })],
        steps: [step({ actor: evil, message: { type: evil, [evil]: evil } as { type: string } })],
        ends: { at: 'state' },
      },
    },
  ]),
  subject: hostileSubject,
  surprises: [{ ...unexpected, property: evil }],
};
const long = 'x<`\u2028'.repeat(250_000);
const huge: Checked = {
  ...hostile,
  subject: { ...hostileSubject, model: { ...hostileSubject.model, name: long } },
  surprises: [{ ...unexpected, property: long }],
  report: { ...hostile.report, verdicts: [{ ...violated, property: long, run }] },
};

/** Nothing of this may stand in a report: it would work, and not be read. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const working = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\ud800]/;

describe('JUnit', () => {
  test('has a suite for each variant and a case for each property, and what differs fails', () => {
    const text = junitText(all);
    expect(wellFormed(text)).toBe(true);
    expect(text).toContain('<testsuites name="holdfast" tests="9" failures="2" errors="3" skipped="0"');
    expect(text).toContain('<testcase classname="jobs plain" name="a job is done"/>');
    expect(text).toMatch(
      /<failure type="violated" message="&quot;no job is lost&quot; violated after 4 steps, expected holds">\n/,
    );
    expect(text).toContain('1  sender     own    begin {many: 2}');
  });

  test('never counts as a success what is unknown or cannot be checked', () => {
    const text = junitText([unknown, failed, unloadable]);
    expect(text).toContain('tests="3" failures="0" errors="3"');
    expect(text).toContain(
      '<error type="unknown" message="&quot;unhandled&quot; unknown: --max-states 5,000 reached">',
    );
    expect(text).toContain('<testcase classname="models/x.ts" name="can be checked">');
  });

  test('is well formed whatever things are called', () => {
    for (const outcome of [hostile, huge]) {
      const text = junitText([outcome]);
      expect(wellFormed(text)).toBe(true);
      expect(text).not.toMatch(working);
      expect(text).not.toMatch(/[\ufffe\uffff]/);
    }
  });
});

describe('SARIF', () => {
  const parsed = (outcomes: readonly Outcome[]) => sarif.parse(JSON.parse(sarifText(outcomes, 1, '1.2.3', locate)));

  test('is as its schema has it, with the run in a code flow', () => {
    const [run] = parsed(all).runs;
    expect(run!.results.map(({ ruleId, kind, level }) => [ruleId, kind, level])).toEqual([
      ['jobs: no job is lost', 'fail', 'error'],
      ['jobs: figures', 'fail', 'error'],
      ['jobs: unhandled', 'open', 'none'],
    ]);
    const [flow] = run!.results[0]!.codeFlows![0]!.threadFlows;
    expect(flow!.locations.map(({ location }) => location.message!.text)).toEqual([
      'the initial state',
      '1 sender: begin (many: 2)',
      '2 sender: xstate.after.1000.sender.waiting',
      '3 worker[0]: job (n: 1)',
      '4 worker[0]: job (n: 1)',
    ]);
    expect(flow!.locations[1]!.state).toMatchObject({
      sender: { text: 'idle -> waiting; sent 0 -> 1; after 1000 armed' },
    });
  });

  test('has no result for what is as expected', () => {
    const [run] = parsed([checked([holds, reached])]).runs;
    expect([run!.results, run!.tool.driver.rules]).toEqual([[], []]);
  });

  test('says of the invocation what cannot be checked', () => {
    const [run] = parsed([failed, unloadable]).runs;
    expect(run!.invocations[0]).toMatchObject({ executionSuccessful: false, exitCode: 1 });
    expect(run!.invocations[0]!.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      'jobs plain: build() threw an error\n  where    variant "plain"',
      'models/x.ts: models/x.ts: cannot be loaded',
    ]);
  });

  test('knows a violation again by its run', () => {
    const print = (outcome: Outcome) => parsed([outcome]).runs[0]!.results[0]!.partialFingerprints['holdfastRun/v1'];
    expect(print(surprising)).toBe(print({ ...surprising, report: { ...surprising.report } }));
    const shorter = { ...violated, run: { ...run, steps: run.steps.slice(0, 2) } };
    expect(print({ ...surprising, report: { ...surprising.report, verdicts: [shorter] } })).not.toBe(print(surprising));
  });

  test('is as its schema has it whatever things are called', () => {
    for (const outcome of [hostile, huge]) {
      const text = sarifText([outcome], 1, '1', locate);
      expect(text).not.toMatch(working);
      expect(text).not.toContain('</script');
      const [run] = sarif.parse(JSON.parse(text)).runs;
      // in SARIF braces are to be filled in, and brackets before parentheses are links
      expect(run!.results[0]!.message.text).not.toMatch(/[{}]|\]\(/);
    }
  });
});

describe('annotations of GitHub', () => {
  test('name file, line and what differs, each in one line', () => {
    expect(annotations(surprising, locate)).toEqual([
      '::error file=models/jobs.ts,line=3,title=Holdfast%3A jobs plain::"no job is lost" violated after 4 steps, expected holds%0Areproduce: holdfast check models/jobs.ts --variant plain --property "no job is lost"',
    ]);
    expect(annotations(unknown, locate)[0]).toMatch(
      /^::warning .*::"unhandled" unknown: --max-states 5,000 reached%0A/,
    );
    expect(annotations(failed, locate)[0]).toMatch(
      /^::error .*::build\(\) threw an error%0A {2}where {4}variant "plain"$/,
    );
    expect(annotations(checked([holds]), locate)).toEqual([]);
  });

  test('are one command whatever things are called, and not too long', () => {
    for (const outcome of [hostile, huge]) {
      const lines = annotations(outcome, (_, subject) => ({ path: subject!.variant.name, line: 1 }));
      for (const line of lines) {
        expect(line).not.toMatch(/[\r\n]/);
        expect(line.match(/^::error file=[^,:]*,line=1,title=[^,:]*::/)).not.toBeNull();
        expect(line.length).toBeLessThan(20_000);
      }
    }
  });
});

describe('Markdown', () => {
  test('is a table of the models, and below it what is not as expected', () => {
    const text = markdownText(all, 2);
    expect(text).toMatch(/^# Holdfast: 5 findings\n\n1 of 6 variants as expected, 2 not checked\.\n/);
    expect(text).toContain('\n| `jobs` | `plain` | 1,234 | **not as expected** |\n');
    expect(text).toContain('\n| `jobs` | 1 variant | 1,234 | as expected |\n');
    expect(text).toContain(
      '\n## `jobs plain`\n\n`"no job is lost" violated after 4 steps, expected holds`\n\n```text\n',
    );
    expect(markdownText([checked([holds])], 0)).toMatch(/^# Holdfast: all as expected\n/);
  });

  test('is code wherever names stand, whatever these are', () => {
    expect(['a', '`', 'a``b', '`a', ''].map(code)).toEqual(['`a`', '`` ` ``', '```a``b```', '`` `a ``', '`  `']);
    const text = markdownText([hostile], 0);
    expect(text).not.toMatch(working);
    for (const row of text.split('\n').filter((line) => line.startsWith('|'))) {
      expect(row.replaceAll('\\|', '').match(/\|/g)).toHaveLength(5);
    }
    const outside = text.replace(/(`{3,})text\n[\s\S]*?\n\1/g, '').replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/[<[\]]/);
  });

  test('is cut where it would be too long to be shown', () => {
    const text = markdownText([surprising, huge, surprising], 0);
    expect(text.length).toBeLessThan(1_000_000);
    const many = markdownText(
      Array.from({ length: 2000 }, () => surprising),
      0,
    );
    expect(many.length).toBeLessThan(1_000_000);
    expect(many).toMatch(/\n[\d,]+ findings more would be too long for this page\.\n$/);
  });
});

describe('lines of JSON', () => {
  test('are one line each, whatever things are called, and read as what was written', () => {
    for (const outcome of [hostile, huge, ...all]) {
      const line = outcomeLine(outcome, 7, true);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line.slice(0, -1)).not.toMatch(working);
      expect(line).not.toContain('</script');
      const { at, ...read } = parsedLine(line) as { at: number } & Outcome;
      expect(at).toBe(7);
      if (outcome.kind === 'checked')
        expect(read).toMatchObject({ report: outcome.report, surprises: outcome.surprises });
      else expect(read).toMatchObject({ message: outcome.message });
    }
  });

  test('have the runs of witnesses where they are asked for', () => {
    const runs = (witnesses: boolean) =>
      (parsedLine(outcomeLine(surprising, 0, witnesses)) as Checked).report.verdicts.filter((each) => each.run).length;
    expect([runs(false), runs(true)]).toEqual([1, 2]);
  });
});

describe('what is asked for', () => {
  test('is a reporter, and perhaps a file', () => {
    expect([wishOf('junit'), wishOf('junit=a=b.xml')]).toEqual([{ name: 'junit' }, { name: 'junit', file: 'a=b.xml' }]);
    for (const text of ['junti', 'junit=', '', 'toString', '__proto__'])
      expect(() => wishOf(text)).toThrow(/Write one of pretty, jsonl/);
    expect(() => wishOf('junti')).toThrow('did you mean "junit"?');
  });

  test('spoils what models print where it is a document', () => {
    expect([[wishOf('junit')], [wishOf('junit=x')], [wishOf('pretty'), wishOf('github')]].map(isDocument)).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('is a shard of at least one', () => {
    expect(shardOf('2/4')).toEqual({ index: 2, count: 4 });
    for (const text of ['0/4', '5/4', '1', '1/0', 'a/b', '-1/2', '1/2/3'])
      expect(() => shardOf(text)).toThrow('Write which part');
  });

  test('is in one shard, and in the same one whatever else there is', () => {
    const subjects = Array.from({ length: 200 }, (_, i) => {
      const { subject } = checked([]);
      return { ...subject, variant: { ...subject.variant, name: `variant ${i}` } };
    });
    const sizes = [1, 2, 3, 4].map((index) => subjects.filter((subject) => isIn({ index, count: 4 }, subject)).length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(200);
    expect(Math.min(...sizes)).toBeGreaterThan(30);
    expect(subjects.every((subject) => isIn({ index: 1, count: 1 }, subject))).toBe(true);
  });
});

const temporary = mkdtempSync(join(tmpdir(), 'holdfast-reports-'));
afterAll(() => rmSync(temporary, { recursive: true }));
const FILES = [
  'test/cli-fixtures/expectations.ts',
  'test/cli-fixtures/models',
  'test/cli-fixtures/broken/impure-guard.ts',
];
const at = (name: string): string => join(temporary, name);
const withoutTimes = (text: string): string => text.replace(/ +\d+\.\d\d s/g, '').replace(/time="[\d.]+"/g, '');

describe.concurrent('holdfast check and merge', () => {
  test('say of all shards together what one machine says', async () => {
    const whole = await holdfast(['check', ...FILES, '--reporter', 'pretty', '--reporter', `junit=${at('whole.xml')}`]);
    const shards = await Promise.all(
      [1, 2].map((i) => holdfast(['check', ...FILES, '--shard', `${i}/2`, '--reporter', `jsonl=${at(`${i}.jsonl`)}`])),
    );
    expect(shards.map(({ out }) => /\nshard \d of 2: \d of 7 variants\n/.test(out))).toEqual([true, true]);
    const merged = await holdfast([
      'merge',
      at('2.jsonl'),
      at('1.jsonl'),
      '--reporter',
      'pretty',
      '--reporter',
      `junit=${at('merged.xml')}`,
    ]);
    expect(merged.code).toBe(whole.code);
    expect(withoutTimes(merged.out)).toBe(withoutTimes(whole.out));
    const [one, other] = ['whole', 'merged'].map((name) => withoutTimes(readFileSync(at(`${name}.xml`), 'utf8')));
    expect(other).toBe(one);
    const lone = await holdfast(['merge', at('1.jsonl')]);
    expect(lone.code).toBe(2);
    expect(lone.err).toMatch(/shard 2 of 2 is missing/);
    const twice = await holdfast(['merge', at('1.jsonl'), at('1.jsonl')]);
    expect(twice.err).toMatch(/shard 2 of 2 is missing|shard 1 of 2 is there 2 times/);
    const cut = readFileSync(at('1.jsonl'), 'utf8').split('\n').slice(0, -2).join('\n');
    writeFileSync(at('cut.jsonl'), cut);
    const interrupted = await holdfast(['merge', at('cut.jsonl'), at('2.jsonl')]);
    expect(interrupted).toMatchObject({
      code: 2,
      err: expect.stringMatching(/its last line is missing: the check was interrupted/),
    });
  });

  test('write several reports at once, and annotate beside what is printed', async () => {
    const summary = at('summary.md');
    const args = [
      'check',
      ...FILES,
      '--reporter',
      `sarif=${at('a.sarif')}`,
      '--reporter',
      'github',
      '--reporter',
      `markdown=${at('a.md')}`,
    ];
    const { code, out } = await holdfast(args, { env: { GITHUB_STEP_SUMMARY: summary } });
    expect(code).toBe(4);
    expect(out).toContain(' ✗ expectations too good');
    expect(out).toMatch(
      /\n::error file=test\/cli-fixtures\/expectations\.ts,line=6,title=Holdfast%3A expectations too good::/,
    );
    expect(readFileSync(summary, 'utf8')).toBe(readFileSync(at('a.md'), 'utf8'));
    expect(sarif.parse(JSON.parse(readFileSync(at('a.sarif'), 'utf8'))).runs[0]!.results).toHaveLength(3);
  });

  test('print one report where it is asked for without a file, and nothing else', async () => {
    const { out } = await holdfast(['check', ...FILES, '--reporter', 'junit']);
    expect(wellFormed(out)).toBe(true);
  });

  test.each([
    [['--reporter', 'junit', '--reporter', 'sarif'], /both would be written to standard output/],
    [['--reporter', 'junit', '--json'], /both would be written to standard output/],
    [['--reporter', `junit=${at('x')}`, '--reporter', `sarif=${at('x')}`], /both would be written to .*x/],
    [['--reporter', `junit=${at('no/such/folder')}`], /cannot be written/],
    [['--reporter', 'junti'], /did you mean "junit"\?/],
    [['--shard', '3/2'], /Write which part of how many: 1\/4/],
  ])('refuse %j', async (args, told) => {
    const { code, err, out } = await holdfast(['check', 'test/cli-fixtures/models', ...args]);
    expect(code).toBe(2);
    expect(err + out).toMatch(told);
  });

  test('refuse to merge what is no report', async () => {
    for (const [name, text] of [
      ['empty', ''],
      ['words', 'no JSON\n'],
      ['other', '{"kind":"start","format":"holdfast.report","version":2}\n'],
      [
        'false',
        '{"kind":"start","format":"holdfast.report","version":1,"holdfast":"1","variants":1}\n{"kind":"checked"}\n{"kind":"end","exit":0,"unchecked":[]}\n',
      ],
    ] as const) {
      writeFileSync(at(name), text);
      const { code, err } = await holdfast(['merge', at(name)]);
      expect([name, code]).toEqual([name, 2]);
      expect(err).toMatch(/no report\n {2}where/);
    }
  });
});

/** Of JUnit's elements as far as Jenkins and GitLab read them: what stands in which, and with which attributes. */
const JUNIT: Readonly<Record<string, { readonly in: string; readonly has: Readonly<Record<string, RegExp>> }>> = {
  testsuites: {
    in: '',
    has: { name: /./, tests: /^\d+$/, failures: /^\d+$/, errors: /^\d+$/, skipped: /^\d+$/, time: /^\d+\.\d+$/ },
  },
  testsuite: {
    in: 'testsuites',
    has: { name: /./, tests: /^\d+$/, failures: /^\d+$/, errors: /^\d+$/, skipped: /^\d+$/, time: /^\d+\.\d+$/ },
  },
  testcase: { in: 'testsuite', has: { classname: /./, name: /./ } },
  failure: { in: 'testcase', has: { type: /./, message: /./ } },
  error: { in: 'testcase', has: { type: /./, message: /./ } },
};

/** Whether a document is well-formed XML in which nothing is markup that should not be, and all of it is JUnit. */
function wellFormed(text: string): boolean {
  const open: string[] = [];
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const rest = body.replace(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, closing, name, attributes, empty) => {
    if (closing !== '') return open.pop() === name && attributes === '' ? '' : '<';
    const place = open.at(-1) ?? '';
    if (empty === '') open.push(name);
    return isJunit(name, place, attributes) ? attributes.replace(/[<>]/g, '<') : '<';
  });
  return open.length === 0 && !/[<>]/.test(rest) && !/&(?!(?:amp|lt|gt|quot|apos);)/.test(rest);
}

function isJunit(name: string, place: string, attributes: string): boolean {
  const element = Object.hasOwn(JUNIT, name) ? JUNIT[name]! : undefined;
  const given = [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!] as const);
  return (
    element?.in === place &&
    given.length === Object.keys(element.has).length &&
    given.every(([key, value]) => Object.hasOwn(element.has, key) && element.has[key]!.test(value))
  );
}
