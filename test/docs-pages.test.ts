import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { check } from '../src/explore/check.ts';
import { defineModel, replicate, start } from '../src/explore/model.ts';
import { documentsOf, INDEX, MADE } from '../src/report/docs/documents.ts';
import { plain, prose, table } from '../src/report/docs/markdown.ts';
import { svgOf } from '../src/report/docs/svg.ts';
import { chartOf } from '../src/report/html/chart.ts';
import { lostUpdate } from './cli-fixtures/lost-update.ts';
import { nested } from './cli-fixtures/nested.ts';
import stuck from './cli-fixtures/stuck.ts';
import { documentsFor, HOSTILE, hostileModel, reading, setting } from './docs-fixtures.ts';
import { loose } from './explore/kit.ts';
import { diagramProblems } from './mermaid-grammar.ts';

const office = lostUpdate('office', {
  alone: { about: 'One clerk.' },
  pair: { option: { clerks: 2 }, expect: { 'every addition counts': 'violated' } },
  three: { option: { clerks: 3 }, expect: { 'every addition counts': 'violated' } },
});

/** A page without what is folded, so that a test can look at a part of it. */
const section = (page: string, title: string) => page.split(`\n${title}\n`)[1]!.split(/\n#+ /)[0]!.trim();

describe('the page of a model', () => {
  const page = documentsFor([office]).get('models/office.md')!;

  test('begins with what it asks, and where it is written', () => {
    expect(page.startsWith(`${MADE}\n\n# office\n\n**Clerks add one to the same variable.**\n\n`)).toBe(true);
    expect(page).toContain('Model: [models/office.ts](../../models/office.ts)\n');
  });

  test('tells options, actors with the inputs of all variants, and variants', () => {
    expect(section(page, '## Options')).toContain('| `clerks` | `1`, `2`, `3` |');
    expect(section(page, '## Actors')).toContain('| `clerk` | [clerk](../machines/clerk.md) | 1 or 2 or 3 |  |');
    expect(section(page, '## Variants')).toContain('| `alone` | One clerk. |');
    expect(section(page, '## Variants')).toContain('| `pair` | `clerks=2` |');
  });

  test('has a row of verdicts for each variant', () => {
    expect(section(page, '## Verdicts').split('\n').slice(0, 5)).toEqual([
      '| variant | [1](#p1) | [2](#p2) | [3](#p3) | states | transitions | depth |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| `alone` | ✓ | ✓ | ✓ | 3 | 2 | 2 |',
      '| `pair` | **✗ 4** | ✓ | ✓ | 13 | 14 | 4 |',
      '| `three` | **✗ 6** | ✓ | ✓ | 84 | 111 | 6 |',
    ]);
  });

  test('shows of the variants that violate a claim the one with the shortest run, as a diagram and in words', () => {
    const claim = section(page, '### <a id="p1"></a>1. every addition counts');
    expect(claim).toContain('Invariant, witness [4](#p4).\n\nViolated in 2, holds in 1 of 3 variants.\n');
    expect(claim).toContain('The shortest run, 4 steps, is of `pair`:\n\n- *fault*: ');
    expect(claim).toContain(`\`\`\`mermaid
sequenceDiagram
  participant counter
  participant clerk_0 as clerk[0]
  participant clerk_1 as clerk[1]
  Note over clerk_1: 1. value.read {value: 0}<br/>idle → loaded
`);
    expect(claim).toContain(
      '3. `clerk[0]` takes `value.written`: `loaded -> done (final)`. It calls `counter`: `value.stored {value: 1}`. `counter`: `value 0 -> 1`.\n',
    );
    expect(claim).toMatch(
      /See it again: `holdfast check models\/office\.ts --variant pair --property "every addition counts"`$/,
    );
    expect(diagramProblems(page)).toEqual([]);
  });

  test('tells who sends what to whom, and what actors do by themselves', () => {
    expect(section(page, '## Messages')).toContain('| `clerk` | `value.stored` | call: `counter` |');
    expect(section(page, '## Spontaneous messages')).toContain(
      '| `clerk` | `value.read` | with what it reads from the room |',
    );
  });

  test('tells of a deadlock who is stuck, and of what is not taken who does not take it', () => {
    const page = documentsFor([stuck]).get('models/stuck.md')!;
    const deadlock = section(page, '### <a id="p1"></a>1. deadlock');
    expect(deadlock).toContain('Then: deadlock here; asker stuck in waiting (not final, not tagged "rest").');
    const unhandled = section(page, '### <a id="p2"></a>2. unhandled');
    expect(unhandled).toContain('  Note over asker,silent: silent does not take riddle\n```');
    expect(section(page, '## Messages')).toContain(
      '| `asker` | `question` | queue (waits where it is full): `silent` |',
    );
    expect(section(page, '## Mailboxes')).toContain('| `silent` | 1 message, fifo |');
  });

  test('says of what a search has not finished that it is unknown, and never that it holds', () => {
    const [alone] = office.variants;
    const report = check(office, alone!, { limits: { states: 1 } });
    const variants = [{ variant: alone!, report }];
    const page = documentsOf([{ model: office, file: 'x.ts', variants }], setting).get('models/office.md')!;
    expect(section(page, '## Verdicts')).toContain(
      '| `alone` | **?** | **?** | **?** | 2 (`--max-states 1 reached`) |',
    );
    expect(page).not.toMatch(/\| ✓/);
    expect(page).not.toMatch(/^Holds/m);
  });

  test('marks a verdict that its variant does not expect', () => {
    const surprising = lostUpdate('office', { pair: { option: { clerks: 2 } } });
    expect(documentsFor([surprising]).get('models/office.md')).toContain('**✗ 4** not as expected');
  });

  test('says which variants wire a message how, and what is known of a wire that is computed', () => {
    const bell = createMachine({ id: 'bell', on: { push: {} } }) as AnyStateMachine;
    const door = createMachine({ id: 'door', on: { rung: {}, knocked: {} } }) as AnyStateMachine;
    const model = defineModel({
      name: 'doors',
      options: { how: ['call', 'queue', 'bySelf', 'byMessage'] },
      build: ({ how }) =>
        loose(
          { bell: replicate(bell, 2), door: replicate(door, 2), other: start(bell) },
          {
            mailboxes: how === 'queue' ? { door: { capacity: 1, order: 'perSender' } } : {},
            wires: {
              bell: {
                rung: {
                  call: 'door',
                  queue: { queue: ['door', 1], full: 'drop', lose: true, duplicate: 'later' },
                  bySelf: (_: unknown, self: number) => ['door', 1 - self],
                  byMessage: ({ n }: { n: number }) => ['door', n],
                }[how],
                knocked: { rendezvous: [] },
              },
            },
            spontaneous: { bell: [{ type: 'push', environment: true }] },
          },
        ),
    });
    const page = documentsFor([model]).get('models/doors.md')!;
    expect(section(page, '## Messages').split('\n').slice(2)).toEqual([
      '| `bell` | `rung` | call: every `door` (in `how=call`)<br>queue (dropped where it is full, may be lost, may stay when taken): `door[1]` (in `how=queue`)' +
        '<br>call: from `bell[0]` `door[1]`; from `bell[1]` `door[0]` (in `how=bySelf`)<br>call: by the message to `door` (in `how=byMessage`) |',
      '| `bell` | `knocked` | rendezvous: nobody |',
    ]);
    expect(section(page, '## Mailboxes')).toContain(
      '| `door` | 1 message of each sender, perSender (in `how=queue`) |',
    );
    expect(section(page, '## Spontaneous messages')).toContain(
      '| `bell` | `push` | environment: it need never happen |',
    );
  });

  test('names the rows that it decides, where another page has them, and its other sources', () => {
    const model = defineModel({ name: 'x', sources: ['R-1', 'A paper, 1972'], build: () => loose({}) });
    const others = [{ file: 'rows.md', title: 'Rows', anchors: ['R-1'] }];
    expect(documentsFor([model], { others }).get('models/x.md')).toContain(
      'Model: [models/x.ts](../../models/x.ts)<br>\nDecides: [R-1](../rows.md#R-1)<br>\nSources: A paper, 1972\n',
    );
  });

  test('has what its authors say: of the model, of each promise and what that rests on; rows of other pages are linked', () => {
    const text = `
/**
 * The world is a counter. Rows R-1 and R-2 say more; \`code\` stays.
 *
 * - one
 *   and a half
 * - two
 */
export default defineModel({ name: 'office' });
/**
 * No addition is lost.
 *
 * Why it can fail: somebody <b>else</b> adds.
 *
 * @see kernel/counter.c, add(); R-2
 */
export const counts = always('every addition counts', () => true);
/** The witness: {@link counts} is asked. */
export const done = sometimes('all clerks are done', () => true);
`;
    const others = [{ file: 'rows.md', title: 'Rows', anchors: ['R-2'] }];
    const page = documentsFor([office], { sources: reading('office.ts', text), others }).get('models/office.md')!;
    expect(page).toContain(
      'The world is a counter. Rows R-1 and [R-2](../rows.md#R-2) say more; `code` stays.\n\n- one\n  and a half\n- two\n',
    );
    expect(section(page, '### <a id="p1"></a>1. every addition counts')).toContain(
      'Invariant, witness [4](#p4), in [office.ts](../../office.ts).\n\nNo addition is lost.\n\nWhy it can fail: somebody \\<b\\>else\\</b\\> adds.\n\nSource: kernel/counter.c, add(); [R-2](../rows.md#R-2)\n',
    );
    expect(section(page, '## Witnesses')).toContain(
      '| all clerks are done | The witness: counts is asked. | Reached in all 3 variants. |',
    );
  });
});

describe('the page of a machine', () => {
  const texts = documentsFor([
    defineModel({
      name: 'house',
      build: () =>
        loose(
          {
            nested: start(nested),
            ear: replicate(createMachine({ id: 'ear', on: { told: {} } }) as AnyStateMachine, 2),
          },
          {
            wires: { nested: { told: 'ear' } },
            spontaneous: { nested: ['begin', 'ready', { type: 'abort', environment: true }] },
          },
        ),
    }),
  ]);
  const page = texts.get('machines/nested.md')!;

  test('shows its statechart as a picture and as text', () => {
    expect(page).toContain('\n![Statechart of nested](nested.svg)\n');
    expect(texts.get('machines/nested.svg')!.startsWith(`${MADE}\n<svg `)).toBe(true);
    expect(page).toContain('```mermaid\nstateDiagram-v2\n');
  });

  test('tells its states with their tags, what it takes from whom, what it emits to whom, and who uses it', () => {
    expect(section(page, '## States').split('\n').slice(2)).toEqual([
      '| `idle` | `rest` | Nothing has been asked. |',
      '| `busy` | `running` |  |',
    ]);
    expect(section(page, '## Takes')).toContain('| `abort` | `busy` | the environment |');
    expect(section(page, '## Takes')).toContain('| `ready` | `busy.loading`, `busy.working.left.b` | itself |');
    expect(section(page, '## Takes')).toContain('| `reset` | any |  |');
    expect(section(page, '## Takes')).toContain('| `after soon` | `busy.loading` | a delay |');
    expect(section(page, '## Emits')).toContain('| `told` | [ear](ear.md) (call) |');
    expect(section(page, '## Used by')).toBe('- [house](../models/house.md) as `nested`');
    expect(section(texts.get('machines/ear.md')!, '## Takes')).toContain(
      '| `told` | any | [nested](nested.md) (call) |',
    );
  });

  test('is one for a machine that each variant makes anew, and one for each of two that have one name', () => {
    const lamp = (on: string) => createMachine({ id: 'lamp', initial: on, states: { [on]: {} } }) as AnyStateMachine;
    const model = (name: string, on: string) =>
      defineModel({ name, options: { n: [1, 2] }, build: () => loose({ lamp: start(lamp(on)) }) });
    expect([...documentsFor([model('a', 'x')]).keys()]).toEqual([
      INDEX,
      'models/a.md',
      'machines/lamp.md',
      'machines/lamp.svg',
    ]);
    const both = documentsFor([model('a', 'x'), model('b', 'y')]);
    expect([...both.keys()].filter((path) => path.endsWith('.svg'))).toEqual([
      'machines/a-lamp.svg',
      'machines/b-lamp.svg',
    ]);
    expect(both.get('models/b.md')).toContain('[lamp](../machines/b-lamp.md)');
  });
});

describe('the first page', () => {
  test('leads to all others', () => {
    const others = [{ file: 'guide.md', title: 'A guide | for you', anchors: [] }];
    const index = documentsFor([office, stuck], { others }).get(INDEX)!;
    expect(section(index, '## Models')).toContain(
      '| [office](models/office.md) | Clerks add one to the same variable. | 3 | 3 | 1 | 100 |',
    );
    expect(section(index, '## Machines')).toContain('| [clerk](machines/clerk.md) |  | 1 model |');
    expect(section(index, '## Other pages')).toBe('- [A guide &#124; for you](guide.md)');
  });

  test('has a table for each folder of models', () => {
    const documented = [office, stuck].map((model) => ({ model, file: `models/${model.name}/model.ts`, variants: [] }));
    const index = documentsOf(documented, setting).get(INDEX)!;
    expect(section(index, '### models/office')).toContain('| [office](models/office.md) |');
    expect(section(index, '### models/stuck')).toContain('| [stuck](models/stuck.md) |');
  });
});

test('documents are the same each time, and in order', () => {
  const [one, other] = [documentsFor([office, stuck]), documentsFor([office, stuck])];
  expect([...other]).toEqual([...one]);
});

describe('hostile names', () => {
  /**
   * What there is of Markdown on a page, without its texts: kinds of lines, cells, tags, links. Names that are text leave it as
   * it is.
   */
  function skeleton(page: string): string[] {
    let fence: string | undefined;
    return page.split('\n').map((line) => {
      const [mark] = /^`{3,}/.exec(line) ?? [];
      if (fence === undefined && mark !== undefined) {
        fence = mark;
        return 'fence';
      }
      if (fence !== undefined) {
        if (line === fence) fence = undefined;
        return 'fenced';
      }
      const bare = line
        .replaceAll(/\\[^A-Za-z0-9\s]/g, 'x')
        .replaceAll(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g, (_, __, inside) => {
          // a bar ends a cell even in code
          return inside.replaceAll(/[^|]/g, '');
        });
      const kind = /^(?:#+ |\||- |\d+\. |> |\s{4}|[-=]{3,}$)/.exec(bare)?.[0] ?? '';
      const marks = bare.match(/<[^>]*>|\]\([^)]*\)|(?<=^\|.*)\||[*_~$]{1,2}(?=\S)|&(?!#124;|amp;)\w+;/g) ?? [];
      return [kind, ...marks.map((each) => each.replace(/\(.*\)$/, '()')).filter((each) => each !== '_')].join(' ');
    });
  }

  /** The same pages whatever they are called: the one of the machine that has the name is the last. */
  const pagesOf = (name: string): [string, string][] => {
    const isOther = ([path]: [string, string]) => /^machines\/(?!sink\.)/.test(path);
    const all = [...documentsFor([hostileModel(name)])];
    return [...all.filter((each) => !isOther(each)), ...all.filter(isOther)];
  };
  const benign = pagesOf('benign');

  test.each(HOSTILE.map((name) => [name.slice(0, 30), name]))('%j are text on every page', (_, name) => {
    const texts = pagesOf(name);
    expect(texts).toHaveLength(benign.length);
    for (const [i, [path, text]] of texts.entries()) {
      expect(path).toMatch(/^(?:README\.md|(?:models|machines)\/[A-Za-z0-9_][\w.-]{0,90}\.(?:md|svg))$/);
      expect(text).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
      expect(text.length).toBeLessThan(100_000);
      if (path.endsWith('.svg')) continue;
      expect(skeleton(text), path).toEqual(skeleton(benign[i]![1]));
      expect(diagramProblems(text)).toEqual([]);
    }
  });

  test.each(HOSTILE.map((name) => [name.slice(0, 30), name]))('%j are text in every picture', (_, name) => {
    const pictures = [...documentsFor([hostileModel(name)])].filter(([path]) => path.endsWith('.svg'));
    expect(pictures).toHaveLength(2);
    for (const [, text] of pictures) expect(wellFormed(text)).toBe(true);
  });

  test('make different files, whatever a file system makes of them', () => {
    const model = (name: string) => defineModel({ name, build: () => loose({}) });
    const names = ['a', 'A', 'a/b', 'a b', '..', '.', '', 'x'.repeat(300), 'é', 'models/a.'];
    const paths = [...documentsFor(names.map(model)).keys()].map((path) => path.toLowerCase());
    expect(new Set(paths).size).toBe(names.length + 1);
    for (const path of paths) expect(path).toMatch(/^(?:readme\.md|models\/[\w-][\w.-]*\.md)$/);
  });
});

describe('Markdown', () => {
  test('names are text wherever they stand', () => {
    expect(plain('# a')).toBe('\\# a');
    expect(plain('1. a')).toBe('1\\. a');
    expect(plain('- a')).toBe('\\- a');
    expect(plain('task[1] -> xfs_dax() __x__ a*b')).toBe('task[1] -\\> xfs_dax() \\_\\_x\\_\\_ a\\*b');
    expect(plain('[a](b) [a]: c [^1]')).toBe('[a\\](b) [a\\]: c \\[^1]');
    expect(plain('&lt; & a|b')).toBe('&amp;lt; & a&#124;b');
    expect(table(['a'], [[plain('x|y')]])).toBe('| a |\n| --- |\n| x&#124;y |');
  });

  test('sentences keep their paragraphs, lists and code, and nothing else', () => {
    expect(prose('a `b_c` <d>\n\n- e\n  f\n- `g`\n\n\n    h')).toBe('a `b_c` \\<d\\>\n\n- e\n  f\n- `g`\n\nh');
  });
});

describe('a picture', () => {
  test('shows every state and every transition, regions as frames with dashes', () => {
    const svg = svgOf('nested', chartOf(nested, setting.viz), MADE);
    expect(wellFormed(svg)).toBe(true);
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts).toEqual(expect.arrayContaining(['nested', 'busy', 'working', 'left', 'right', 'a', 'd', 'over']));
    expect(texts).toEqual(
      expect.arrayContaining(['ready [isFast]', 'after soon', 'reset -&#62; idle', 'pause', 'noise']),
    );
    expect(svg.match(/class="frame parallel"/g)).toHaveLength(1);
    expect(svg.match(/class="frame"/g)).toHaveLength(4);
  });
});

/** Whether every tag is closed, attributes are in quotes, and what is text is no markup: as strict as a parser of XML. */
function wellFormed(text: string): boolean {
  const open: string[] = [];
  const body = text.replace(/^<!--(?:(?!--)[\s\S])*-->\n/, '');
  const rest = body.replace(
    /<(\/?)([A-Za-z]+)((?: [A-Za-z]+="[^"<&]*")*)(\/?)>/g,
    (_, closing, name, attributes, empty) => {
      if (closing !== '') return open.pop() === name && attributes === '' ? '' : '<';
      if (empty === '') open.push(name);
      return '';
    },
  );
  return open.length === 0 && !/[<>]/.test(rest.replace(/<style>.*<\/style>/, '')) && !/&(?!#\d+;)/.test(rest);
}
