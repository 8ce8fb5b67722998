import { describe, expect, test } from 'vitest';
import { matched } from '../src/cli/diff-match.ts';
import type { Side } from '../src/cli/diff-side.ts';
import { type ComparedVariant, type Diff, type DiffEntry, diffStandingOf, verdictChanges } from '../src/report/diff.ts';
import { diffJson } from '../src/report/diff-json.ts';
import { diffMarkdown } from '../src/report/diff-markdown.ts';
import { diffSummary, entryText, titleText } from '../src/report/diff-text.ts';
import { plainScreen } from '../src/report/screen.ts';
import { checked, holds, reached, run, step, stopped, view, violated } from './cli-fixtures/by-hand.ts';
import { lostUpdate } from './cli-fixtures/lost-update.ts';

const screen = plainScreen(120);
const stats = { pairs: 3, states: 3, specification: 3, milliseconds: 1 };
const refines = { kind: 'refines', stats } as const;
const unknown = { kind: 'unknown', limit: { limit: 'states', value: 3, covered: 1 }, stats } as const;
const report = checked([holds, reached]).report;

const entry = (more: Partial<ComparedVariant> = {}): ComparedVariant => ({
  kind: 'compared',
  model: 'jobs',
  variant: 'plain',
  base: report,
  head: report,
  verdicts: [],
  changes: [],
  messages: { base: [], head: [] },
  behaviours: { kind: 'same graph' },
  ...more,
});
const diffOf = (...entries: DiffEntry[]): Diff => ({ base: { name: 'main' }, head: { name: '.' }, entries });
const lines = (one: DiffEntry): string[] =>
  entryText(one, diffOf(), 0, screen)
    .split('\n')
    .filter((line) => line !== '');

describe('an entry', () => {
  test('is the same only where nothing differs and nothing is open', () => {
    const traces = (added: typeof refines | typeof unknown) =>
      entry({ behaviours: { kind: 'traces', added, gone: refines } });
    expect(diffStandingOf(entry())).toBe('same');
    expect(diffStandingOf(traces(refines))).toBe('same');
    expect(diffStandingOf(traces(unknown))).toBe('unknown');
    expect(diffStandingOf(entry({ changes: [{ kind: 'change', what: 'states', was: 1, is: 2 }] }))).toBe('different');
    expect(diffStandingOf(entry({ messages: { base: [], head: [{ actor: 'a', message: 'b' }] } }))).toBe('different');
    const failed = { kind: 'uncompared', model: 'a', variant: 'b', side: 'head', message: 'no' } as const;
    expect(diffStandingOf({ ...failed, fault: 'spec' })).toBe('malformed');
    expect(diffStandingOf({ ...failed, fault: 'ours' })).toBe('fault');
  });

  test('says of verdicts what is otherwise, the gravest first, and what is open', () => {
    const was = checked([
      { ...holds, property: 'a' },
      { ...violated, property: 'b' },
      { ...holds, property: 'c' },
      reached,
    ]);
    const is = checked(
      [
        { ...violated, property: 'a', run: undefined as never },
        { ...holds, property: 'b' },
        { ...holds, property: 'c', kind: 'unknown' },
        { ...holds, property: 'd', kind: 'vacuous', because: 'its premise is never true' },
      ],
      { limit: stopped },
    );
    const verdicts = verdictChanges(was.report, is.report, (property) => (property === 'a' ? 'violated' : 'holds'));
    const one = entry({
      verdicts: verdicts.map(({ base, ...rest }) => ({
        ...rest,
        ...(base && { base: { ...base, run: undefined as never } }),
      })),
      head: is.report,
    });
    expect(lines(one)).toEqual([
      ' ≠ jobs plain  a new violation, a violation gone, a new property, a property gone, a verdict unknown, the same states and steps',
      '   new violation: "a" violated after 4 steps, holds in main, as this folder expects',
      '   violation gone: "b" holds, violated after 4 steps in main, as this folder expects',
      '   new property: "d" vacuous: its premise is never true, not there in main, this folder expects holds',
      `   property gone: "${reached.property}" not there in this folder, reached after 4 steps in main`,
      '   "c": unknown (--max-states 5,000 reached) in this folder, holds in main',
      '   the same states and steps, and so the same behaviours',
    ]);
  });

  test('says which messages were not compared, by their actors', () => {
    const messages = {
      base: [{ actor: 'lock', message: 'taken' }],
      head: [
        { actor: 'lock', message: 'awaited' },
        { actor: 'lock', message: 'xstate.after.50.lock.held' },
        { actor: 'task', message: 'done' },
      ],
    };
    expect(lines(entry({ messages, behaviours: { kind: 'traces', added: refines, gone: refines } }))).toEqual([
      ' ≠ jobs plain  other messages, the same behaviours',
      '   messages only in this folder: lock awaited, after 50; task done',
      '   messages only in main: lock taken',
      '   the same behaviours, as far as both know the messages',
    ]);
  });

  test('says where nothing is observed', () => {
    const blind = { kind: 'vacuous', stats } as const;
    const one = entry({ behaviours: { kind: 'traces', added: blind, gone: blind } });
    expect(lines(one)).toEqual([' = jobs plain  nothing that is observed ever happens']);
  });
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
const evil = '\u001b[2J\u2028</script>]]>"\'&<b>|`x``${y}`\n</summary>\n# x\n::error::%0A\u202egnp,:[a](b){0}\ud800';
/** Nothing of this may stand in what is printed: it would work, and not be read. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const working = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\ud800]/;

describe('whatever things are called', () => {
  const taken = { actor: evil, self: 0, message: { type: evil, [evil]: evil } };
  const evilRun = {
    initial: [view(evil, evil, { context: { [evil]: evil } })],
    steps: [step({ actor: evil, message: taken.message })],
    ends: { at: 'state' },
  } as const;
  const refuted = {
    kind: 'refuted',
    stats,
    run: evilRun,
    seen: [[{ seen: taken, fate: 'taken' }], [{ seen: evil, fate: 'not taken' }]],
    stood: { run: evilRun, could: [{ seen: taken, fate: 'mailbox full' }] },
  } as const;
  const whole: Diff = {
    base: { name: evil, commit: '0123456789abcdef' },
    head: { name: evil },
    entries: [
      entry({
        model: evil,
        variant: evil,
        verdicts: [
          { property: evil, head: { ...violated, property: evil, about: evil, run: evilRun }, expected: 'holds' },
          { property: evil, base: { ...violated, property: evil, run }, head: holds, expected: 'holds' },
        ],
        changes: [{ kind: 'change', what: 'transition', actor: evil, transition: evil, was: 'taken', is: 'not there' }],
        messages: {
          base: [{ actor: evil, message: evil }],
          head: [{ actor: evil, message: `xstate.after.${evil}.x` }],
        },
        behaviours: { kind: 'traces', added: refuted, gone: refuted },
      }),
      { kind: 'new', model: evil, variants: [evil] },
      { kind: 'gone', model: evil, variant: evil, variants: [] },
      { kind: 'uncompared', model: evil, variant: evil, side: 'head', fault: 'spec', message: `${evil}\n${evil}` },
      { kind: 'unread', file: evil, side: 'base', message: evil, models: [evil] },
    ],
  };

  test('they are shown, and do not work', () => {
    const texts = [
      titleText(whole),
      ...whole.entries.map((one) => entryText(one, whole, 9, screen)),
      diffSummary(whole.entries, screen),
      diffMarkdown(whole),
      diffJson(whole, 1, '1.0.0'),
    ];
    for (const text of texts) expect(text).not.toMatch(working);
    expect(texts.join('')).toContain('\\u{1b}[2J');
  });

  test('Markdown has no tag and no line of theirs', () => {
    const text = diffMarkdown(whole);
    const unfenced = text
      .replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
      .replaceAll(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    const tags = unfenced.match(/<\/?\w+>/g)!;
    expect(unfenced.match(/</g)).toHaveLength(tags.length);
    expect(new Set(tags)).toEqual(new Set(['<details>', '<summary>', '<code>', '</code>', '</summary>', '</details>']));
    expect(text).not.toMatch(/^(# x|::error)/m);
  });

  test('JSON has them as they are', () => {
    expect(JSON.parse(diffJson(whole, 1, '1.0.0')).entries[0].model).toBe(evil);
  });

  test('a page that is too long is cut', () => {
    const long = entry({
      variant: 'x'.repeat(1_000_000),
      changes: [{ kind: 'change', what: 'states', was: 1, is: 2 }],
    });
    expect(diffMarkdown(diffOf(long)).length).toBeLessThan(1_000_000);
  });
});

describe('models of two versions', () => {
  const model = (name: string) => lostUpdate(name, { alone: { option: { clerks: 1 } } });
  const side = (...loaded: (readonly [file: string, name: string])[]): Side => ({
    version: { name: 'x' },
    loaded: loaded.map(([file, name]) => ({ file, model: model(name) })),
    unloadable: [],
    fileText: (file) => file,
    shown: (text) => text,
  });
  const told = (base: Side, head: Side) => {
    const { pairs, others } = matched({ base, head }, () => true);
    return [
      ...pairs.map((pair) => `${pair.model}: ${pair.base.file} ${pair.head.file}`),
      ...others.map((one) => `${one.kind} ${'model' in one ? one.model : one.models}`),
    ];
  };

  test('are the same by their names, wherever they are', () => {
    expect(told(side(['a.ts', 'x'], ['b.ts', 'y']), side(['c.ts', 'x'], ['d.ts', 'z']))).toEqual([
      'x: a.ts c.ts',
      'new z',
      'gone y',
    ]);
  });

  test('are the same by their files too where several have a name', () => {
    expect(told(side(['a.ts', 'x'], ['b.ts', 'x']), side(['b.ts', 'x'], ['c.ts', 'x']))).toEqual([
      'x (b.ts): b.ts b.ts',
      'new x (c.ts)',
      'gone x (a.ts)',
    ]);
  });
});
