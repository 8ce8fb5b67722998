import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, emit } from 'xstate';
import { check } from '../../src/explore/check.ts';
import { type Light, lampsOf } from '../../src/explore/lamps.ts';
import { type Composition, defineModel, start } from '../../src/explore/model.ts';
import { always, sometimes, step } from '../../src/explore/property.ts';
import { SpecError } from '../../src/explore/spec-error.ts';
import type { Report, Verdict } from '../../src/explore/verdict.ts';
import { type Ahead, type Place, Walker } from '../../src/explore/walk.ts';
import { build, systems } from '../random-system.ts';
import type { Counted } from './counters.ts';
import { loose, machine, order, tries } from './kit.ts';

/** Where a walk has been: every place once, its distance, and what can be done there. */
interface Been {
  readonly place: Place;
  readonly depth: number;
  readonly ahead: readonly Ahead[];
}

/** Everything that can be walked to, breadth first; `null` where it is too much. */
function everywhere(walker: Walker, most: number): Been[] | null {
  const begin = walker.start();
  const seen = new Set([begin.key]);
  const queue = [{ place: begin, depth: 0 }];
  const been: Been[] = [];
  for (const { place, depth } of queue) {
    const ahead = walker.steps(place);
    been.push({ place, depth, ahead });
    if (been.length > most) return null;
    for (const { to, unhandled } of ahead) {
      if (unhandled !== null || seen.has(to.key)) continue;
      seen.add(to.key);
      queue.push({ place: to, depth: depth + 1 });
    }
  }
  return been;
}

/** How many steps the nearest light of this colour is away: in a state, or of a step. */
function nearest(been: readonly Been[], walker: Walker, name: string, light: Light): number | undefined {
  const lamp = lampsOf(walker).find((each) => each.name === name)!;
  for (const { place, depth, ahead } of been) {
    if (lamp.state(place) === light) return depth;
    if (ahead.some((each) => lamp.step(place, each) === light)) return depth + 1;
  }
  return undefined;
}

/** The number of steps that lamps have for a verdict; `precedes` depends on the way, and is left to others. */
const stepsOf = (been: readonly Been[], walker: Walker, { property, of }: Verdict): number | undefined =>
  nearest(been, walker, property, of === 'sometimes' ? 'true' : 'false');

const countOf = (been: readonly Been[], what: (one: Been) => number): number =>
  been.reduce((sum, one) => sum + what(one), 0);

function reportOf(composition: Composition): Report | null {
  const model = defineModel({ name: 'walked', build: () => composition });
  try {
    return check(model, model.variants[0]!, { limits: { states: 200 }, coverage: true, runs: false });
  } catch (error) {
    if (error instanceof SpecError) return null;
    throw error;
  }
}

test('who walks everywhere finds what the search finds: states, steps, verdicts, and what was never taken', () => {
  let walked = 0;
  fc.assert(
    fc.property(systems, (spec) => {
      const composition = build(spec);
      const report = reportOf(composition);
      if (report === null || report.limit !== undefined) return;
      walked++;
      const walker = new Walker(composition);
      const been = everywhere(walker, 200)!;
      expect({
        states: been.length,
        transitions: countOf(been, ({ ahead }) => ahead.filter(({ unhandled }) => unhandled === null).length),
        unhandled: countOf(been, ({ ahead }) => ahead.filter(({ unhandled }) => unhandled !== null).length),
        deadlocks: been.filter(({ place }) => walker.isDeadlock(place)).length,
        depth: Math.max(...been.map(({ depth }) => depth)),
      }).toEqual({
        states: report.stats.states,
        transitions: report.stats.transitions,
        unhandled: report.stats.unhandled,
        deadlocks: report.stats.deadlocks,
        depth: report.stats.depth,
      });
      for (const verdict of report.verdicts) {
        if (verdict.of === 'precedes') continue;
        expect([verdict.property, stepsOf(been, walker, verdict)]).toEqual([verdict.property, verdict.steps]);
      }
      const { instances } = walker.system;
      const moved = new Set(
        been.flatMap(({ ahead }) =>
          ahead
            .filter(({ unhandled }) => unhandled === null)
            .flatMap(({ moves }) => moves.map(({ slot, transition }) => `${instances[slot]!.ref.actor} ${transition}`)),
        ),
      );
      const tried = report.coverage!.flatMap(({ actor, transitions }) =>
        transitions.flatMap(({ locals }, i) => (locals > 0 ? [`${actor} ${i}`] : [])),
      );
      expect([...moved].sort()).toEqual(tried.sort());
    }),
    tries(30),
  );
  expect(walked).toBeGreaterThan(8);
});

describe('a walk', () => {
  const ball = machine({
    id: 'ball',
    tags: 'rest',
    context: { n: 0 },
    on: {
      thrown: { actions: [assign({ n: ({ context }: Counted) => context.n + 1 } as never), emit({ type: 'caught' })] },
      dropped: { guard: ({ context }: Counted) => context.n > 0, actions: emit({ type: 'lost' }) },
    },
  });
  const hand = machine({
    id: 'hand',
    tags: 'rest',
    initial: 'open',
    states: { open: { on: { caught: 'full', lost: {} } }, full: {} },
  });
  type Room = { readonly ball: Counted };
  const thrown = sometimes<Room>('thrown', ({ ball }) => ball.context.n > 0);
  const room = loose(
    { ball: start(ball), hand: start(hand) },
    {
      wires: { ball: { caught: 'hand', lost: 'hand' } },
      spontaneous: { ball: ['thrown', { type: 'dropped', environment: true }] },
      properties: [
        always<Room>('few', ({ ball }) => ball.context.n < 1, {
          witness: thrown,
          when: ({ ball }) => ball.context.n > 0,
        }),
        step<Room>('up', ({ before, after }) => after.ball.context.n > before.ball.context.n),
        order('thrown before lost', ['ball', 'thrown'], ['ball', 'dropped']),
        sometimes<Room>('broken', () => {
          throw new Error('not asked before');
        }),
      ],
    },
  );
  const walker = new Walker(room);
  const lights = (place: Place) => lampsOf(walker).map(({ name, state }) => `${name}: ${state(place)}`);

  test('tells what a step does as a run does, with the transitions that it takes', () => {
    const [first, ...others] = walker.steps(walker.start());
    expect(others).toEqual([]);
    expect(first!.step.label).toMatchObject({ actor: 'ball', cause: 'spontaneous', message: { type: 'thrown' } });
    expect(first!.step.sent).toMatchObject([{ message: { type: 'caught' }, to: { actor: 'hand' }, how: 'call' }]);
    expect(first!.step.changed.map(({ after }) => after.actor)).toEqual(['ball', 'hand']);
    expect(first!.moves).toEqual([
      { slot: 0, transition: 0 },
      { slot: 1, transition: 0 },
    ]);
  });

  test('says of a step that is a verdict who did not take what, and where it went wrong', () => {
    const there = walker.steps(walker.start())[0]!.to;
    const [again, dropped] = walker.steps(there);
    expect(again!.unhandled).toMatchObject({ who: { actor: 'hand' }, message: { type: 'caught' }, why: 'not taken' });
    expect(again!.step.changed.map(({ after }) => after.context)).toEqual([{ n: 2 }]);
    expect(dropped).toMatchObject({ environment: true, unhandled: { message: { type: 'lost' } } });
  });

  test('has a lamp for each property, which is silent where the property is', () => {
    const begin = walker.start();
    expect(lights(begin)).toEqual([
      'few: silent',
      'thrown: false',
      'up: silent',
      'thrown before lost: silent',
      'broken: unclear',
      'deadlock: true',
      'unhandled: silent',
    ]);
    const [ahead] = walker.steps(begin);
    expect(lights(ahead!.to).slice(0, 2)).toEqual(['few: false', 'thrown: true']);
    expect(lampsOf(walker).map(({ step }) => step(begin, ahead!))).toEqual([
      'silent',
      'silent',
      'true',
      'first',
      'silent',
      'silent',
      'true',
    ]);
  });
});
