import { describe, expect, test } from 'vitest';
import { assign, emit } from 'xstate';
import type { Composition } from '../src/explore/model.ts';
import { start } from '../src/explore/model.ts';
import { diagramOf, lanesOf } from '../src/page/diagram-layout.ts';
import { GraphView } from '../src/page/graph-view.ts';
import { effectText } from '../src/page/phrases.ts';
import { hashOf, inRoute, modelName, named, type Route, routeOf } from '../src/page/route.ts';
import { onward } from '../src/page/selection.ts';
import { lookOf, verdictSentence } from '../src/page/verdicts.ts';
import { common, fork, saidAlong, walkAlong } from '../src/page/walk.ts';
import { type Comparable, differences, readReport } from '../src/report/html/compare.ts';
import { pageWith, scriptJson } from '../src/report/html/embed.ts';
import { Graph } from '../src/report/html/graph.ts';
import { loose, machine, order } from './explore/kit.ts';

describe('an address', () => {
  test('says where one is, and is read back', () => {
    const routes: Route[] = [
      { screen: 'overview' },
      { screen: 'run', model: 'a b', variant: 'x=1&y=#', property: 'I1 "never"', at: 12, path: [3, 0, 11] },
      { screen: 'machines', actor: 'task.1' },
      { screen: 'compare', other: '%2F' },
      { screen: 'run', property: '' },
    ];
    expect(routes.map((route) => routeOf(hashOf(route)))).toEqual(routes);
  });

  test('that says nonsense leads to the overview, or says less', () => {
    expect(routeOf('')).toEqual({ screen: 'overview' });
    expect(routeOf('#/nowhere?at=-1&path=1..2&constructor=x')).toEqual({ screen: 'overview' });
    expect(routeOf('#/run?at=1e9&path=9.x')).toEqual({ screen: 'run' });
  });

  test('has as much of a name as there is room for, and of two models with one name the files', () => {
    const names = ['short', 'l'.repeat(1_000), 'k'.repeat(1_000)];
    expect(names.map((name) => named(names, inRoute(name), (each) => each))).toEqual(names);
    expect(inRoute(names[1]!).length).toBe(200);
    expect(named(names, 'gone', (each) => each)).toBe('short');
    expect(named([], 'gone', String)).toBeUndefined();
    const models = ['a', 'b', 'b'].map((name, i) => ({ name, file: `${i}.ts` }));
    expect(models.map((model) => modelName(models, model))).toEqual(['a', '1.ts', '2.ts']);
  });

  test('to another variant forgets the place on the run, and keeps the property', () => {
    const here: Route = { screen: 'run', model: 'm', variant: 'v', property: 'p', at: 3, path: [1], actor: 'a.0' };
    expect(onward(here, { at: 4 })).toEqual({ ...here, at: 4 });
    expect(onward(here, { screen: 'machines' })).toEqual({ ...here, screen: 'machines' });
    expect(onward(here, { variant: 'w' })).toEqual({
      screen: 'run',
      model: 'm',
      variant: 'w',
      property: 'p',
      actor: 'a.0',
    });
    expect(onward(here, { property: 'q' })).toEqual({
      screen: 'run',
      model: 'm',
      variant: 'v',
      property: 'q',
      actor: 'a.0',
    });
    expect(onward(here, { model: 'n' })).toEqual({ screen: 'run', model: 'n' });
  });
});

// -------------------------------------------------------------------------------------------------------------- walking

/** A ball that is thrown from hand to hand; a hand that is full does not take it. */
function juggling(): Composition {
  const ball = machine({
    id: 'ball',
    tags: 'rest',
    context: { n: 0 },
    on: {
      thrown: {
        actions: [
          assign({ n: ({ context }: { context: { n: number } }) => context.n + 1 } as never),
          emit({ type: 'caught' }),
        ],
      },
      rested: {},
    },
  });
  const hand = machine({
    id: 'hand',
    tags: 'rest',
    initial: 'open',
    states: { open: { on: { caught: 'full' } }, full: {} },
  });
  return loose(
    { ball: start(ball), hand: start(hand), other: start(hand) },
    {
      wires: { ball: { caught: 'hand' } },
      spontaneous: { ball: ['thrown', { type: 'rested', environment: true }] },
      properties: [
        order('thrown before rested', ['ball', 'thrown'], ['ball', 'rested']),
        order('rested before thrown', ['ball', 'rested'], ['ball', 'thrown']),
      ],
    },
  );
}

function juggled(): GraphView {
  const graph = new Graph(juggling());
  graph.grow(10);
  const actors = ['ball', 'hand', 'other'].map((actor) => ({ actor, self: 0, several: false, machine: 0 }));
  return new GraphView({ actors, lamps: graph.lamps, graph: graph.data() });
}

describe('a walk', () => {
  const graph = juggled();
  const messages = (path: readonly number[]) => walkAlong(graph, path).steps.map(({ message }) => message.type);

  test('goes where its path says, and ends where the graph or a verdict ends it', () => {
    expect(messages([0, 1])).toEqual(['thrown', 'rested']);
    expect(messages([0, 0, 0])).toEqual(['thrown', 'thrown']);
    expect(walkAlong(graph, [0, 0]).steps.at(-1)!.unhandled).toMatchObject({ who: 1, why: 'not taken' });
    expect(messages([7])).toEqual([]);
    expect(walkAlong(graph, [0, 9]).path).toEqual([0]);
  });

  test('forks, and knows how far it is the same', () => {
    const walk = walkAlong(graph, [0, 1, 1]);
    expect(fork(walk, 1, 0)).toEqual([0, 0]);
    expect(common([0, 1, 1], [0, 0])).toBe(1);
    expect(common([0, 1], [0, 1, 5])).toBe(2);
  });

  test('hears of an order what has come so far', () => {
    const said = (path: readonly number[]) => saidAlong(graph, walkAlong(graph, path)).map((lamp) => lamp.join(' '));
    expect(said([1, 0])).toEqual(['silent false false', 'silent true true', 'true true true', 'silent true true']);
    expect(said([0, 0])).toEqual([
      'silent true true',
      'silent false false',
      // where a step has gone wrong there is no state
      'true true silent',
      'silent true false',
    ]);
  });

  test('is drawn with those who take part, in the order in which they do', () => {
    const walk = walkAlong(graph, [1, 0, 0]);
    expect(lanesOf(graph, walk, new Set(), false)).toEqual([0, 1]);
    expect(lanesOf(graph, walk, new Set([0]), true)).toEqual([1, 2]);
    const { lanes, bands, width, height } = diagramOf(graph, walk, [0, 1]);
    expect(lanes.map(({ name, state }) => [name, state])).toEqual([
      ['ball', '{}'],
      ['hand', 'open'],
    ]);
    expect(
      bands.map(({ trigger, arrows, marks, broken }) => [trigger.text, arrows.length, marks.length, broken?.text]),
    ).toEqual([
      ['rested', 0, 0, undefined],
      ['thrown', 1, 2, undefined],
      ['thrown', 1, 1, 'does not take caught'],
    ]);
    expect(bands.map(({ y }) => y)).toEqual(bands.map(({ y }) => y).toSorted((a, b) => a - b));
    expect(bands.every((band) => band.y + band.height <= height)).toBe(true);
    expect(lanes.every(({ x }) => x < width)).toBe(true);
  });

  test('tells of each step ahead what would come of it', () => {
    const [thrown, rested] = graph.steps(0)!;
    expect(effectText(graph, 0, thrown!)).toBe('n 0 → 1; changes hand');
    expect(effectText(graph, 0, rested!)).toBe('changes nothing');
    expect(effectText(graph, thrown!.to, graph.steps(thrown!.to)![0]!)).toBe('hand does not take caught');
  });
});

// ------------------------------------------------------------------------------------------------------------- verdicts

test('what is unknown is never good, and what is expected is no alarm', () => {
  const tone = (kind: never, expected: never, of: never = 'always' as never) => lookOf({ kind, expected, of }).tone;
  const kinds = ['holds', 'violated', 'unreached', 'vacuous', 'unknown'] as never[];
  expect(kinds.map((kind) => tone(kind, 'holds' as never))).toEqual(['good', 'bad', 'bad', 'bad', 'doubt']);
  expect(kinds.map((kind) => tone(kind, kind))).toEqual(['good', 'known', 'known', 'known', 'doubt']);
  expect(kinds.map((kind) => tone(kind, 'violated' as never))).toEqual(['bad', 'known', 'bad', 'bad', 'doubt']);
  const verdict = { property: 'p', of: 'always', kind: 'violated', expected: 'holds', steps: 1 } as const;
  expect(verdictSentence(verdict)).toBe('violated after 1 step, no run is shorter; expected holds');
  expect(verdictSentence({ ...verdict, kind: 'holds', of: 'sometimes', steps: 0 })).toBe(
    'reached in the initial state',
  );
});

// ------------------------------------------------------------------------------------------------------------ comparing

describe('two reports', () => {
  const verdict = (property: string, kind: string, steps?: number) => ({
    property,
    of: 'always',
    kind,
    expected: 'holds',
    steps,
  });
  const report = (variants: Record<string, [states: number, ...unknown[]]>): Comparable =>
    ({
      holdfast: '1',
      models: [
        {
          name: 'm',
          file: 'm.ts',
          variants: Object.entries(variants).map(([name, [states, ...verdicts]]) => ({
            name,
            stats: { states, transitions: 1, depth: 1, deadlocks: 0, unhandled: 0, milliseconds: Math.random() },
            verdicts,
          })),
        },
      ],
    }) as never;

  test('differ in what is new, gone or otherwise, and not in how long it took', () => {
    const before = report({ a: [5, verdict('p', 'holds'), verdict('q', 'violated', 3)], gone: [1] });
    const after = report({ a: [6, verdict('p', 'violated', 2), verdict('q', 'violated', 3)], fresh: [2] });
    expect(differences(before, before)).toEqual([]);
    expect(differences(before, after).map(({ variant, what }) => [variant, what])).toEqual([
      ['a', 'p'],
      ['a', 'states'],
      ['fresh', ''],
      ['gone', ''],
    ]);
  });

  test('differ not in what one of them was not asked for', () => {
    const before = report({ a: [5, verdict('p', 'holds'), verdict('q', 'violated', 3)] });
    const after = report({ a: [5, verdict('q', 'holds')] });
    const whats = (one: Comparable, other: Comparable) => differences(one, other).map(({ what }) => what);
    const args = ['check', '--property', 'q'];
    expect(whats(before, after)).toEqual(['q', 'p']);
    expect(whats(before, { ...after, args })).toEqual(['q']);
    expect(whats({ ...after, args }, before)).toEqual(['q']);
    expect(whats({ ...before, args }, after)).toEqual(['q', 'p']);
  });

  test('are read from JSON and from a page, and nothing else is', () => {
    const one = report({ a: [5, verdict('</script>', 'holds')] });
    expect(readReport(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(one)));
    expect(readReport(pageWith(one))).toEqual(JSON.parse(scriptJson(one)));
    expect(() => readReport('<html>')).toThrow(/neither/);
    expect(() => readReport('{"models":[]}')).toThrow(/no report/);
    expect(() => readReport('{"holdfast":"1","models":[{"name":"m","variants":[null]}]}')).toThrow(/no report/);
    for (const [what, nonsense] of [
      ['states', '1'],
      ['depth', null],
      ['verdicts', [{}]],
      ['verdicts', [verdict('p', 'fine')]],
      ['verdicts', [verdict('p', 'constructor')]],
      ['verdicts', [{ ...verdict('p', 'holds'), steps: '3' }]],
      ['name', 3],
    ] as const) {
      const bad = JSON.parse(JSON.stringify(one)) as Comparable;
      const [variant] = bad.models[0]!.variants as [Comparable['models'][0]['variants'][0]];
      Object.assign(what in variant.stats ? variant.stats : variant, { [what]: nonsense });
      expect(() => readReport(JSON.stringify(bad))).toThrow(/no report/);
    }
  });
});
