import { globSync, readFileSync } from 'node:fs';
import { instance } from '@viz-js/viz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, assign, createMachine, emit } from 'xstate';
import { transitionsOf } from '../src/explore/anatomy.ts';
import { check, surprises } from '../src/explore/check.ts';
import { defineModel, type Model, start } from '../src/explore/model.ts';
import { replay, viewsOf } from '../src/explore/replay.ts';
import { SpecError } from '../src/explore/spec-error.ts';
import { Walker } from '../src/explore/walk.ts';
import { GraphView } from '../src/page/graph-view.ts';
import { saidAlong, walkAlong } from '../src/page/walk.ts';
import { chartOf } from '../src/report/html/chart.ts';
import { pageWith, scriptJson } from '../src/report/html/embed.ts';
import { gather, type Setting } from '../src/report/html/gather.ts';
import { Graph } from '../src/report/html/graph.ts';
import { literalAt } from '../src/report/html/literal.ts';
import type { Chart, VariantData } from '../src/report/html/page-data.ts';
import { importsOf, sourcesOf, writtenIn } from '../src/report/html/sources.ts';
import type { Checked } from '../src/report/outcome.ts';
import { type Counted, twoCounters } from './explore/counters.ts';
import { loose, machine, tries } from './explore/kit.ts';
import { build, systems } from './random-system.ts';

const viz = await instance();

const setting: Setting = {
  version: '0',
  args: ['check'],
  exit: 0,
  unchecked: 0,
  sources: () => sourcesOf([]),
  states: 50,
  viz,
};

/** Every variant of a model, checked as for a page. */
function checkedOf(model: Model, file = 'model.ts'): Checked[] {
  return model.variants.map((variant) => {
    const report = check(model, variant, { coverage: true, figures: true, limits: { states: 3_000 } });
    const subject = { model, file, variant, args: [file, '--variant', variant.name] };
    return { kind: 'checked', subject, report, surprises: surprises(report, variant) };
  });
}

const pageOf = (model: Model) => gather(checkedOf(model), setting).page;
const viewOf = (variant: VariantData) => new GraphView(variant);

describe('the graph in a page', () => {
  test('is the one that is walked: the same states, the same steps, in random systems', () => {
    let compared = 0;
    fc.assert(
      fc.property(systems, (spec) => {
        const composition = build(spec);
        const graph = new Graph(composition);
        try {
          graph.grow(30);
        } catch (error) {
          if (error instanceof SpecError) return;
          throw error;
        }
        compared++;
        const walker = new Walker(composition);
        const actors = walker.system.instances.map(({ ref }) => ({ ...ref, several: false, machine: 0 }));
        const view = new GraphView({ actors, lamps: graph.lamps, graph: graph.data() });
        const places = [{ state: 0, place: walker.start() }];
        for (const { state, place } of places) {
          expect(actors.map((_, slot) => view.view(state, slot))).toEqual(viewsOf(place.state));
          const steps = view.steps(state);
          if (steps === undefined || places.length > 40) continue;
          const ahead = walker.steps(place);
          expect(steps.length + view.leftOut(state)).toBe(ahead.length);
          for (const [i, step] of steps.entries()) {
            const { label, sent } = ahead[i]!.step;
            expect(step).toMatchObject({ cause: label.cause, position: label.position, outcomes: label.outcomes });
            expect(actors[step.slot]).toMatchObject({ actor: label.actor, self: label.self });
            expect(step.message).toEqual(label.message);
            expect(step.moves).toEqual(ahead[i]!.moves);
            expect(step.environment).toBe(ahead[i]!.environment);
            expect(step.sent.map(({ message, how }) => ({ message, how }))).toEqual(
              sent.map(({ message, how }) => ({ message, how })),
            );
            expect(step.unhandled?.why).toBe(ahead[i]!.unhandled?.why);
            if (step.unhandled === undefined) places.push({ state: step.to, place: ahead[i]!.to });
          }
        }
      }),
      tries(40),
    );
    expect(compared).toBeGreaterThan(20);
  });

  test('a part that comes later continues it, whatever is asked first', () => {
    const composition = twoCounters(3);
    const graph = new Graph(composition);
    graph.expand(0);
    const actors = [0, 1].map(() => ({ actor: 'a', self: 0, several: false, machine: 0 }));
    const view = new GraphView({ actors, lamps: graph.lamps, graph: graph.data() });
    expect(view.steps(1)).toBeUndefined();
    graph.expand(2);
    graph.expand(1);
    view.append(graph.since(view.lengths, [1]));
    expect(view.steps(1)!.map(({ to }) => view.view(to, 0).context)).toEqual([{ n: 2 }, { n: 1 }]);
    expect(view.steps(2)).toBeUndefined();
    expect(view.size).toBe(graph.size);
  });

  const models = ['increment', 'die-hard', 'peterson', 'sliding-window', 'ping-pong'];
  test.each(models)(
    'has the run of every verdict of %s, with all that could have happened at each step',
    async (name) => {
      const { default: model } = (await import(/* @vite-ignore */ `../models/conformance/${name}.ts`)) as {
        default: Model;
      };
      const { variants } = pageOf(model).models[0]!;
      for (const [i, checked] of checkedOf(model).entries()) {
        const variant = variants[i]!;
        const view = viewOf(variant);
        const composition = model.build(checked.subject.variant.option);
        for (const [j, { run }] of checked.report.verdicts.entries()) {
          const verdict = variant.verdicts[j]!;
          expect(verdict.run === undefined).toBe(run === undefined);
          if (run === undefined) continue;
          const walk = walkAlong(view, verdict.run!);
          expect(walk.steps.map(({ message }) => message)).toEqual(run.steps.map(({ label }) => label.message));
          const { states } = replay(
            composition,
            run.steps.map(({ label }) => label),
          );
          const last = variant.actors.map((_, slot) => view.view(walk.states.at(-1)!, slot));
          expect(last.map(({ value }) => value)).toEqual(states.at(-1)!.actors.map(({ snapshot }) => snapshot.value));
          expect(walk.states.every((state) => view.steps(state) !== undefined)).toBe(true);
          const lamp = view.lamps.findIndex(({ name }) => name === verdict.property);
          const said = saidAlong(view, walk)[lamp]!;
          expect(said.at(-1)).toBe(verdict.kind === 'violated' ? 'false' : 'true');
          expect(said.slice(0, -1)).not.toContain(verdict.kind === 'violated' ? 'false' : 'true');
        }
      }
    },
  );

  test('ends where the specification throws, if the search was stopped before it came there', () => {
    const bomb = machine({
      id: 'bomb',
      tags: 'rest',
      context: { n: 0 },
      on: {
        counted: {
          guard: ({ context }: Counted) => {
            if (context.n === 3) throw new Error('bang');
            return true;
          },
          actions: assign({ n: ({ context }: Counted) => context.n + 1 } as never),
        },
      },
    });
    const model = defineModel({
      name: 'bomb',
      build: () => loose({ bomb: start(bomb) }, { spontaneous: { bomb: ['counted'] } }),
    });
    const [variant] = model.variants;
    const report = check(model, variant!, { limits: { depth: 1 } });
    const subject = { model, file: 'bomb.ts', variant: variant!, args: [] };
    const { page, graphs } = gather([{ kind: 'checked', subject, report, surprises: [] }], setting);
    const { expanded, states } = page.models[0]!.variants[0]!.graph;
    expect([expanded.length, states.length]).toEqual([3, 4]);
    expect(() => graphs[0]![0]!.expand(3)).toThrow('bang');
  });

  test('is the same every time', () => {
    const model = defineModel({ name: 'twice', build: () => twoCounters(3) });
    const [first, second] = [pageOf(model), pageOf(model)].map(({ models }) => models[0]!.variants[0]!);
    expect(first!.graph).toEqual(second!.graph);
    expect(first!.verdicts).toEqual(second!.verdicts);
  });
});

// ---------------------------------------------------------------------------------------------------------------- charts

const machinesOf = async (): Promise<{ file: string; machine: AnyStateMachine }[]> => {
  const files = globSync('src/machines/**/*.ts').sort();
  const modules = await Promise.all(
    files.map((file) => import(/* @vite-ignore */ `../${file}`) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((exported, i) =>
    Object.values(exported).flatMap((value) =>
      typeof value === 'object' && value !== null && 'root' in value
        ? [{ file: files[i]!, machine: value as AnyStateMachine }]
        : [],
    ),
  );
};

const linesOf = ({ boxes, edges }: Chart) => [...boxes, ...edges].flatMap(({ lines }) => lines);

describe('a chart', () => {
  test('of every machine has each transition once, and all of it within its edges', async () => {
    for (const { machine: drawn } of await machinesOf()) {
      const chart = chartOf(drawn, viz);
      const numbers = linesOf(chart).map(({ transition }) => transition);
      expect(numbers.sort((a, b) => a - b)).toEqual(transitionsOf(drawn).map((_, i) => i));
      for (const { x, y, width, height } of chart.boxes) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(chart.width + 1);
        expect(y + height).toBeLessThanOrEqual(chart.height + 1);
      }
      for (const { points, tip } of chart.edges) {
        expect(points.length % 3).toBe(1);
        expect([...points, tip].flat().every(Number.isFinite)).toBe(true);
      }
    }
  });

  test('shows Graphviz no name of a model: nothing in one means anything', () => {
    const names = ['a"];x[label="', '<b>\\N\\G</b>', 'c\u2028\u001b[31m', `d${'d'.repeat(5_000)}`, ''];
    const states = Object.fromEntries(
      names.map((name, i) => [name || 'e', { on: { [`${name}!`]: { target: `#s${(i + 1) % 5}` } }, id: `s${i}` }]),
    );
    const chart = chartOf(createMachine({ id: 'm"m', initial: 'e', states }) as AnyStateMachine, viz);
    expect(chart.boxes.map(({ path }) => path.at(-1))).toEqual([undefined, ...Object.keys(states)]);
    expect(chart.boxes.every(({ name }) => name.length <= 36)).toBe(true);
    expect(linesOf(chart)).toHaveLength(5);
    expect(chart.edges.filter(({ lines }) => lines.length === 0)).toHaveLength(1);
    expect(chart.boxes.map(({ name }) => name)).toContain('c\\u{2028}\\u{1b}[31m');
  });

  test('knows nested and parallel states, transitions of frames, and a machine of one state', () => {
    const nested = createMachine({
      id: 'nested',
      type: 'parallel',
      on: { off: { target: '.left.a' }, ignored: {} },
      states: {
        left: {
          initial: 'a',
          states: { a: { on: { go: 'b' } }, b: { initial: 'c', states: { c: {} }, on: { back: 'a' } } },
        },
        right: { initial: 'x', states: { x: { after: { 100: 'y' } }, y: { type: 'final' } } },
      },
    }) as AnyStateMachine;
    const chart = chartOf(nested, viz);
    expect(chart.boxes.map(({ kind }) => kind)).toEqual([
      'parallel',
      'compound',
      'atomic',
      'compound',
      'atomic',
      'compound',
      'atomic',
      'final',
    ]);
    expect(
      linesOf(chart)
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['after 100', 'back', 'go', 'ignored', 'off -> a']);
    expect(chart.boxes[0]!.lines.map(({ text }) => text)).toEqual(['off -> a', 'ignored']);
    expect(chart.starts).toHaveLength(3);
    const one = chartOf(createMachine({ id: 'one', on: { x: {} } }) as AnyStateMachine, viz);
    expect(one.boxes).toMatchObject([{ path: [], name: 'one', lines: [{ text: 'x', transition: 0 }] }]);
  });
});

// --------------------------------------------------------------------------------------------------------------- sources

describe('the lines of a specification', () => {
  const read = (file: string) => writtenIn({ file, text: readFileSync(file, 'utf8') });

  test('are found for every transition of every machine of the kernel', async () => {
    const all = await machinesOf();
    const sources = sourcesOf([...new Set(all.map(({ file }) => file))].map(read));
    for (const { file, machine: written } of all) {
      const place = sources.machines.get(written.id);
      expect(place, written.id).toBeDefined();
      expect(place!.file).toBe(file);
      const lines = readFileSync(file, 'utf8').split('\n');
      const met = new Map<string, number>();
      for (const { definition, on } of transitionsOf(written)) {
        const key = `${definition.source.id} ${on}`;
        const index = met.get(key) ?? 0;
        met.set(key, index + 1);
        const line = place!.lineOf(definition.source.path, on, index);
        expect(line, `${written.id}: ${key}`).toBeDefined();
        if (index === 0) expect(lines.slice(Math.max(0, line! - 2), line).join('\n')).toContain(on);
      }
    }
  });

  test('are found for what is promised, with what its author says of it', () => {
    const text = `
import { always } from 'holdfast';

/** The witness. */
const some = sometimes<Room>('it\\'s, some', ({ a }) => a.b);

/**
 * A promise, see {@link some}.
 *
 * Why: \`because\`.
 */
export const all = never<Pick<Room, 'a'>>(
  'all, always',
  ({ a }) => a.c,
  { witness: some },
);
`;
    const { properties } = sourcesOf([writtenIn({ file: 'f.ts', text })]);
    expect(properties.get("it's, some")).toMatchObject({ line: 5, doc: 'The witness.' });
    expect(properties.get('all, always')).toMatchObject({
      file: 'f.ts',
      line: 12,
      doc: 'A promise, see some.\n\nWhy: `because`.',
    });
    expect(properties.get('all, always')!.code).toMatch(/^never<[\s\S]*witness: some },\n\)$/);
    expect(
      importsOf(
        `import { a } from './a.ts';\nimport type b from "../b.ts";\nexport * from './c.ts';\nimport x from 'x';`,
      ),
    ).toEqual(['./a.ts', '../b.ts', './c.ts']);
  });

  test('a name that two files write is nobody’s', () => {
    const text = `always('twice', x, { witness })`;
    const files = ['a.ts', 'b.ts'].map((file) => writtenIn({ file, text }));
    expect(sourcesOf(files).properties.size).toBe(0);
    expect(sourcesOf(files.slice(1)).properties.get('twice')).toMatchObject({ file: 'b.ts' });
  });

  test('reading never fails and always ends, whatever is written', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      "'",
      '"',
      '`',
      '${',
      '//',
      '/*',
      '*/',
      '/',
      '\\',
      ',',
      ':',
      '\n',
      'id',
      'createMachine({',
      "always('",
      '/**',
      '...',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 60 }),
        (words) => {
          const text = words.join('');
          literalAt(text, 0);
          writtenIn({ file: 'f', text });
        },
      ),
      tries(2_000),
    );
    const deep = `createMachine(${'{a:'.repeat(50_000)}`;
    expect(writtenIn({ file: 'f', text: deep }).machines).toEqual([]);
  });
});

// ------------------------------------------------------------------------------------------------------------- embedding

describe('data in a page', () => {
  const hostile = [
    '</script><script>alert(1)</script>',
    '<!--<script>',
    '\u2028\u2029\u0085\ufeff\u202e',
    '\u001b[31m\u0000\u009b',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: meant as it stands
    "${alert(1)} `$& $` $'",
    '\ud800 \udc00 𝕏',
    '__proto__',
    ']]>',
  ];

  test('come back as they were, and end nothing on their way', () => {
    const data = { [hostile[0]!]: hostile, nested: [hostile.map((text) => ({ [text]: text }))] };
    const text = scriptJson(data);
    expect(JSON.parse(text)).toEqual(data);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    expect(text).not.toMatch(/[<>&\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\ufeff]/);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(scriptJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(scriptJson(value)).not.toContain('<');
      }),
      tries(300),
    );
  });

  test('numbers that JSON has no form for are told by their names', () => {
    expect(JSON.parse(scriptJson([Number.POSITIVE_INFINITY, Number.NaN, 1]))).toEqual(['Infinity', 'NaN', 1]);
  });

  test('a page has them once, in a script that is none', () => {
    const page = pageWith({ hostile });
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).toContain(`id="report">${scriptJson({ hostile })}</script>`);
    expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
    expect(page).not.toMatch(/\b(?:src|href)=["']?(?:https?:)?\/\//);
  });

  test('a name of a megabyte is carried a few times, not a few times for each state', () => {
    const name = 'n'.repeat(2 ** 20);
    const loud = machine({
      id: name,
      initial: 'a',
      states: { a: { on: { [name]: { target: name, actions: emit({ type: name }) } } }, [name]: { tags: 'rest' } },
    });
    const model = defineModel({
      name,
      about: name,
      build: () =>
        loose({ [name]: start(loud) }, { wires: { [name]: { [name]: [] } }, spontaneous: { [name]: [name] } }),
    });
    const text = scriptJson(pageOf(model));
    expect(text.length).toBeLessThan(30 * 2 ** 20);
  });
});
