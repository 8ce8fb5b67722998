import { describe, expect, test } from 'vitest';
import { assign, emit, raise } from 'xstate';
import { check, type Settings, surprises } from '../../src/explore/check.ts';
import { defineModel, start, type Variant } from '../../src/explore/model.ts';
import { always, type Change, never, sometimes, step } from '../../src/explore/property.ts';
import type { Report } from '../../src/explore/verdict.ts';
import { checked, loose, machine, order, sizeOf, verdictsOf } from './kit.ts';

describe('a delay', () => {
  test('that is spent brings a message that nobody took', () => {
    const bell = machine({
      id: 'bell',
      tags: 'rest',
      entry: raise({ type: 'rung' }, { delay: 1_000, id: 'bell' }),
      on: { rung: { guard: () => false }, opened: {} },
    });
    const report = checked(
      loose(
        { bell: start(bell) },
        {
          spontaneous: { bell: ['opened'] },
          properties: [
            order('rung before opened', ['bell', 'rung'], ['bell', 'opened']),
            step('nobody takes it', ({ taken }) => taken.every(({ message }) => message.type !== 'rung')),
          ],
        },
      ),
    );
    expect(sizeOf(report)).toEqual([2, 3, 0, 0, 1]);
    expect(verdictsOf(report)).toMatchObject({ 'rung before opened': 'violated 1', 'nobody takes it': 'holds' });
    expect(report.neverTaken?.messages).toEqual([{ actor: 'bell', message: 'rung' }]);
  });
});

describe('what no step ever took', () => {
  test('is listed: messages, and transitions with their guards', () => {
    const door = machine(
      {
        tags: 'rest',
        initial: 'shut',
        states: {
          shut: { on: { opened: 'open', locked: { guard: 'hasKey', target: 'locked' } } },
          open: { after: { 10: 'shut' }, on: { shut: 'shut' } },
          locked: { on: { unlocked: 'shut' }, always: { guard: 'hasKey', target: 'shut' } },
        },
      },
      { guards: { hasKey: () => false } },
    );
    const report = checked(loose({ door: start(door) }, { spontaneous: { door: ['opened', 'locked'] } }));
    const actor = 'door';
    expect(report.neverTaken).toEqual({
      messages: ['locked', 'shut', 'unlocked'].map((message) => ({ actor, message })),
      transitions: ['shut on locked if hasKey', 'open on shut', 'locked on unlocked', 'locked on always if hasKey'].map(
        (transition) => ({ actor, transition }),
      ),
    });
  });

  test('is not what a machine raised itself, nor a wildcard that took something', () => {
    const on = { pressed: { actions: raise({ type: 'rung' }) }, rung: {}, 'door.*': {}, '*': {} };
    const bell = machine({ tags: 'rest', on });
    const report = checked(loose({ bell: start(bell) }, { spontaneous: { bell: ['pressed', 'door.opened'] } }));
    const never = (what: object) => ({ actor: 'bell', ...what });
    expect(report.neverTaken).toEqual({
      messages: [never({ message: '*' })],
      transitions: [never({ transition: '(any state) on *' })],
    });
  });

  test('is not told of a search that was stopped', () => {
    const bell = machine({
      tags: 'rest',
      initial: 'one',
      states: { one: { on: { pressed: 'two' } }, two: { on: { pressed: 'one' } } },
    });
    const composition = loose({ bell: start(bell) }, { spontaneous: { bell: ['pressed'] } });
    expect(checked(composition, { limits: { depth: 0 } }).neverTaken).toBeUndefined();
    expect(checked(composition).neverTaken).toEqual({ messages: [], transitions: [] });
  });
});

interface Lamp {
  readonly lamp: { readonly hasTag: (tag: string) => boolean };
}

/** Off, dim, bright and off again; broken from bright, for good. `burning` never comes. */
const lamp = machine({
  id: 'lamp',
  initial: 'off',
  states: {
    off: { tags: ['rest', 'dark'], on: { turned: 'dim' } },
    dim: { on: { turned: 'bright' } },
    bright: { tags: 'bright', on: { turned: 'off', dropped: 'broken' } },
    broken: { tags: ['rest', 'dark', 'broken'] },
    burning: { tags: 'burning' },
  },
});
const inRoom = (properties: readonly unknown[], settings: Settings = {}) =>
  checked(loose({ lamp: start(lamp) }, { spontaneous: { lamp: ['turned', 'dropped'] }, properties }), settings);
const tagged = (tag: string) => sometimes<Lamp>(`it is ${tag}`, ({ lamp }) => lamp.hasTag(tag));
const [bright, broken, burning] = [tagged('bright'), tagged('broken'), tagged('burning')];

describe('a verdict', () => {
  test('of a witness is that it is reached, by a shortest way, or not', () => {
    const report = inRoom([bright, broken, burning]);
    expect(verdictsOf(report)).toMatchObject({
      'it is bright': 'holds 2',
      'it is broken': 'holds 3',
      'it is burning': 'unreached',
    });
    const run = report.verdicts[1]!.run!;
    expect(run.steps.map(({ label }) => label.message.type)).toEqual(['turned', 'turned', 'dropped']);
    expect(run.ends).toEqual({ at: 'state' });
    expect(report.verdicts[2]!.run).toBeUndefined();
  });

  test('of an invariant is that it holds, or the nearest state where it does not', () => {
    const holding = always<Lamp>('not both', ({ lamp }) => !(lamp.hasTag('bright') && lamp.hasTag('dark')), {
      witness: bright,
    });
    const broke = always<Lamp>('never broken', ({ lamp }) => !lamp.hasTag('broken'), { witness: bright });
    const atOnce = never<Lamp>('never dark', ({ lamp }) => lamp.hasTag('dark'), { witness: bright });
    expect(verdictsOf(inRoom([holding, broke, atOnce]))).toMatchObject({
      'not both': 'holds',
      'never broken': 'violated 3',
      'never dark': 'violated 0',
    });
  });

  test('of an invariant is vacuous where its witness is unreached, or its premise never true', () => {
    const whenBurning = { when: ({ lamp }: Lamp) => lamp.hasTag('burning'), witness: bright };
    const report = inRoom([
      always('witnessed by nothing', () => true, { witness: burning }),
      always('said of nothing', () => false, whenBurning),
      always<Lamp>('said of the bright', ({ lamp }) => !lamp.hasTag('dark'), {
        when: ({ lamp }) => lamp.hasTag('bright'),
        witness: bright,
      }),
      never<Lamp>('violated whatever its witness', ({ lamp }) => lamp.hasTag('broken'), { witness: burning }),
    ]);
    expect(verdictsOf(report)).toMatchObject({
      'witnessed by nothing': 'vacuous',
      'said of nothing': 'vacuous',
      'said of the bright': 'holds',
      'violated whatever its witness': 'violated 3',
      'it is burning': 'unreached',
    });
    expect(report.verdicts.map(({ because }) => because).filter(Boolean)).toEqual([
      'its witness "it is burning" is unreached',
      'its premise is never true',
    ]);
  });

  test('of a step is of what was before, what was taken and what is after', () => {
    type Turn = Change<Lamp>;
    const turns = ({ taken }: Turn) => taken[0]!.message.type === 'turned';
    const report = inRoom([
      step<Lamp>(
        'a turn changes it',
        ({ before, after }) => before.lamp.hasTag('dark') !== after.lamp.hasTag('dark') || after.lamp.hasTag('bright'),
        { when: turns },
      ),
      step<Lamp>(
        'the broken stays so',
        ({ before, after }) => !before.lamp.hasTag('broken') || after.lamp.hasTag('broken'),
      ),
      step<Lamp>('nothing goes dark', ({ before, after }) => before.lamp.hasTag('dark') || !after.lamp.hasTag('dark')),
      step<Lamp>('of a turn that never comes', () => false, { when: ({ taken }) => taken.length > 1 }),
      step<Lamp>('witnessed by nothing', () => true, { witness: burning }),
      step<Lamp>('by the lamp alone', ({ taken }) => taken.every(({ actor, self }) => actor === 'lamp' && self === 0)),
    ]);
    expect(verdictsOf(report)).toMatchObject({
      'a turn changes it': 'holds',
      'the broken stays so': 'holds',
      'nothing goes dark': 'violated 3',
      'of a turn that never comes': 'vacuous',
      'witnessed by nothing': 'vacuous',
      'by the lamp alone': 'holds',
    });
    expect(report.verdicts[2]!.run!.ends).toEqual({ at: 'step' });
  });

  test('of a step that leads back to where it came from, too', () => {
    const looping = machine({ id: 'loop', tags: 'rest', on: { poked: {} } });
    const claim = step('nobody pokes', ({ taken }) => taken.length === 0);
    const report = checked(loose({ loop: start(looping) }, { spontaneous: { loop: ['poked'] }, properties: [claim] }));
    expect(verdictsOf(report)['nobody pokes']).toBe('violated 1');
  });

  test('is given in the order of the model: properties, witnesses, deadlock, unhandled', () => {
    const claim = always('claim', () => true, { witness: broken });
    expect(inRoom([burning, claim, bright]).verdicts.map(({ property, of }) => [property, of])).toEqual([
      ['claim', 'always'],
      ['it is burning', 'sometimes'],
      ['it is broken', 'sometimes'],
      ['it is bright', 'sometimes'],
      ['deadlock', 'deadlock'],
      ['unhandled', 'unhandled'],
    ]);
  });
});

describe('a deadlock', () => {
  const alone = (config: object, wiring: object = {}) =>
    checked(loose({ a: start(machine({ id: 'a', ...config })) }, wiring));
  const deadlocks = (report: Report): string => `${report.stats.deadlocks} ${verdictsOf(report).deadlock}`;
  const rule = { type: 'poked', environment: true };

  test('is where an actor that is not at rest can go no further', () => {
    expect(deadlocks(alone({}))).toBe('1 violated 0');
    expect(deadlocks(alone({ tags: 'rest' }))).toBe('0 holds');
    expect(deadlocks(alone({ initial: 'end', states: { end: { type: 'final' } } }))).toBe('0 holds');
  });

  test('is not where there is any step, though it change nothing', () => {
    expect(deadlocks(alone({ on: { poked: {} } }, { spontaneous: { a: ['poked'] } }))).toBe('0 holds');
    expect(deadlocks(alone({ after: { 10: {} } }))).toBe('1 violated 1');
  });

  test('is where only the environment can go on', () => {
    expect(deadlocks(alone({ on: { poked: {} } }, { spontaneous: { a: [rule] } }))).toBe('1 violated 0');
    expect(deadlocks(alone({ tags: 'rest', on: { poked: {} } }, { spontaneous: { a: [rule] } }))).toBe('0 holds');
    const states = { one: { on: { poked: 'two' } }, two: { tags: 'rest' } };
    expect(deadlocks(alone({ initial: 'one', states }, { spontaneous: { a: [rule] } }))).toBe('1 violated 0');
  });

  test('is not where a verdict is the only step', () => {
    const crying = machine({ id: 'a', on: { poked: { actions: emit({ type: 'cried' } as never) } } });
    const deaf = machine({ id: 'b', tags: 'rest', initial: 'one', states: { one: {}, two: { on: { cried: {} } } } });
    const cry = (poked: unknown) =>
      checked(
        loose({ a: start(crying), b: start(deaf) }, { wires: { a: { cried: 'b' } }, spontaneous: { a: [poked] } }),
      );
    expect(verdictsOf(cry('poked'))).toEqual({ deadlock: 'holds', unhandled: 'violated 1' });
    // the environment's own verdict need never come
    expect(verdictsOf(cry(rule))).toEqual({ deadlock: 'violated 0', unhandled: 'violated 1' });
  });

  test('is where mail waits for ever, even if all are at rest', () => {
    const sender = machine({
      id: 'a',
      tags: 'rest',
      initial: 'one',
      states: { one: { on: { poked: { target: 'two', actions: emit({ type: 'told' } as never) } } }, two: {} },
    });
    const sleeper = machine({ id: 'b', tags: ['rest', 'busy'], on: { told: {} } });
    const waiting = (queue: object) =>
      checked(
        loose(
          { a: start(sender), b: start(sleeper) },
          {
            wires: { a: { told: { queue: 'b', ...queue } } },
            mailboxes: { b: { capacity: 1 } },
            spontaneous: { a: ['poked'] },
          },
        ),
      );
    expect(deadlocks(waiting({}))).toBe('1 violated 1');
    // that the message may be lost is the environment's affair
    expect(deadlocks(waiting({ lose: 'later' }))).toBe('1 violated 1');
    expect(deadlocks(waiting({ lose: true }))).toBe('1 violated 1');
  });

  test('is counted in every state that is one', () => {
    const oneOf = [{ n: 1 }, { n: 2 }, { n: 3 }];
    const stuck = {
      context: { n: 0 },
      initial: 'one',
      states: {
        one: {
          on: {
            poked: {
              target: 'two',
              actions: assign({ n: (({ event }: { event: { n: number } }) => event.n) as never }),
            },
          },
        },
        two: {},
      },
    };
    expect(deadlocks(alone(stuck, { spontaneous: { a: [{ type: 'poked', oneOf }] } }))).toBe('3 violated 1');
  });
});

interface Counter {
  readonly a: { readonly context: { readonly n: number } };
}

const counter = machine({
  id: 'counter',
  tags: 'rest',
  context: ({ input }: { input: { most: number } }) => ({ n: 0, most: input.most }),
  on: {
    counted: {
      guard: ({ context }: { context: { n: number; most: number } }) => context.n < context.most,
      actions: assign({ n: ({ context }: { context: { n: number } }) => context.n + 1 } as never),
    },
  },
});

describe('a report', () => {
  const twoWays = defineModel({
    name: 'two-ways',
    options: { most: [1, 2] },
    variants: {
      one: { figures: { states: 2, steps: { far: 1 } } },
      two: { option: { most: 2 }, expect: { far: 'holds', deadlock: 'violated' } },
    },
    build: ({ most }) =>
      loose(
        { a: start(counter, { most }) },
        { spontaneous: { a: ['counted'] }, properties: [sometimes<Counter>('far', ({ a }) => a.context.n === most)] },
      ),
  });
  const [one, two] = twoWays.variants as [Variant, Variant];
  const steady = (report: Report) => ({ ...report, stats: { ...report.stats, milliseconds: 0 } });

  test('is the same each time', () => {
    expect(steady(check(twoWays, one))).toEqual(steady(check(twoWays, one)));
    const properties = [bright, never<Lamp>('never broken', ({ lamp }) => lamp.hasTag('broken'), { witness: burning })];
    expect(steady(inRoom(properties))).toEqual(steady(inRoom(properties)));
  });

  test('of one variant is not touched by another that was checked before', () => {
    const before = steady(check(twoWays, one));
    check(twoWays, two);
    expect(steady(check(twoWays, one))).toEqual(before);
    expect([before.stats.states, check(twoWays, two).stats.states]).toEqual([2, 3]);
  });

  test('names the model and the variant', () => {
    expect(check(twoWays, two)).toMatchObject({ model: 'two-ways', variant: 'two' });
  });

  test('without runs still says how long they are', () => {
    for (const { run, steps } of inRoom([bright, broken], { runs: false }).verdicts) {
      expect(run).toBeUndefined();
      if (steps !== undefined) expect(steps).toBeGreaterThan(0);
    }
  });

  test('of some properties has these and the witnesses that they name, and all the counts', () => {
    const all = [never<Lamp>('never broken', ({ lamp }) => lamp.hasTag('broken'), { witness: burning }), bright];
    const some = (...properties: string[]) => Object.keys(verdictsOf(inRoom(all, { properties })));
    expect(some('never broken')).toEqual(['never broken', 'it is burning']);
    expect(some('it is bright')).toEqual(['it is bright']);
    expect(some('deadlock', 'unhandled')).toEqual(['deadlock', 'unhandled']);
    expect(some()).toHaveLength(5);
    expect(inRoom(all, { properties: ['it is bright'] }).stats).toMatchObject({
      states: 4,
      transitions: 4,
      deadlocks: 0,
    });
  });

  test('is surprising where it is not what the variant expects', () => {
    expect(surprises(check(twoWays, one), one)).toEqual([]);
    expect(surprises(check(twoWays, two), two)).toEqual([
      { kind: 'verdict', property: 'deadlock', expected: 'violated', found: 'holds' },
    ]);
    expect(surprises(check(twoWays, two), one)).toEqual([
      { kind: 'figure', figure: 'states', expected: 2, found: 3 },
      { kind: 'figure', figure: 'steps of far', expected: 1, found: 2 },
    ]);
    expect(
      surprises(check(twoWays, one), {
        ...one,
        expect: { far: 'unreached' },
        figures: { deadlocks: 1, steps: { deadlock: 3 } },
      }),
    ).toEqual([
      { kind: 'verdict', property: 'far', expected: 'unreached', found: 'holds' },
      { kind: 'figure', figure: 'deadlocks', expected: 1, found: 0 },
      { kind: 'figure', figure: 'steps of deadlock', expected: 3, found: undefined },
    ]);
  });

  test('is not surprising in what a stopped search leaves open', () => {
    const report = check(twoWays, two, { limits: { depth: 0 } });
    expect(verdictsOf(report)).toEqual({ far: 'unknown', deadlock: 'unknown', unhandled: 'unknown' });
    expect(surprises(report, { ...two, figures: { states: 99, depth: 99, steps: { far: 9 } } })).toEqual([]);
  });
});
