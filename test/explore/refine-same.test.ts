import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emit } from 'xstate';
import { type Actors, type Composition, defineModel, start } from '../../src/explore/model.ts';
import { type Observed, refine } from '../../src/explore/refine.ts';
import { haveSameGraph } from '../../src/explore/refine-same.ts';
import { SpecError } from '../../src/explore/spec-error.ts';
import { build, type SystemSpec, systems } from '../random-system.ts';
import { loose, machine, tries } from './kit.ts';

const observed = (composition: Composition): Observed => {
  const model = defineModel({ name: 'test', build: () => composition });
  return { model, variant: model.variants[0]! };
};

const bell = (on: object = {}) =>
  machine({
    id: 'bell',
    initial: 'still',
    states: {
      still: { on: { ring: { target: 'ringing', actions: emit({ type: 'rung' }) }, ...on } },
      ringing: { type: 'final' },
    },
  });
const ear = machine({ id: 'ear', initial: 'open', states: { open: { tags: 'rest', on: { rung: {} } } } });
const belfry = (wire: object | string, bellMachine = bell(), more: object = {}) =>
  observed(
    loose({ bell: start(bellMachine), ear: start(ear) } as Actors, {
      wires: { bell: { rung: wire } },
      spontaneous: { bell: ['ring'] },
      ...more,
    }),
  );

test('graphs are the same where every state has the same steps to the same states, however the states are called', () => {
  const renamed = machine({
    id: 'bell',
    initial: 'a',
    states: { a: { on: { ring: { target: 'b', actions: emit({ type: 'rung' }) } } }, b: { type: 'final' } },
  });
  expect(haveSameGraph(belfry('ear'), belfry('ear', renamed))).toBe(true);
  expect(haveSameGraph(belfry('ear'), belfry('ear', bell({ never: 'ringing' })))).toBe(true);
});

test('they are not where one step is otherwise', () => {
  expect(haveSameGraph(belfry('ear'), belfry([]))).toBe(false);
  expect(haveSameGraph(belfry('ear'), belfry({ rendezvous: 'ear' }))).toBe(true);
  const ringing = (n: number) => belfry('ear', bell(), { spontaneous: { bell: [{ type: 'ring', oneOf: [{ n }] }] } });
  expect(haveSameGraph(ringing(1), ringing(1))).toBe(true);
  expect(haveSameGraph(ringing(1), ringing(2))).toBe(false);
  const tapped = bell({ tap: {} });
  const more = belfry('ear', tapped, { spontaneous: { bell: ['ring', 'tap'] } });
  expect(haveSameGraph(belfry('ear', tapped), more)).toBe(false);
  expect(haveSameGraph(more, belfry('ear', tapped))).toBe(false);
  const environment = { spontaneous: { bell: [{ type: 'ring', environment: true }] } };
  expect(haveSameGraph(belfry('ear'), belfry('ear', bell(), environment))).toBe(false);
  const back = bell({ ring: { actions: emit({ type: 'rung' }) } });
  expect(haveSameGraph(belfry('ear'), belfry('ear', back))).toBe(false);
  expect(haveSameGraph(belfry('ear', back), belfry('ear'))).toBe(false);
});

test('a limit leaves it open', () => {
  expect(haveSameGraph(belfry('ear'), belfry('ear'), { limits: { states: 1 } })).toBe(null);
  expect(haveSameGraph(belfry('ear'), belfry([]), { limits: { states: 2 } })).toBe(false);
});

/** Wires with another capacity, which often makes no difference. */
const roomier = (spec: SystemSpec): SystemSpec => ({
  ...spec,
  actors: spec.actors.map((actor) =>
    actor.mailbox ? { ...actor, mailbox: { ...actor.mailbox, capacity: actor.mailbox.capacity + 1 } } : actor,
  ),
});

test('where the graphs are the same each refines the other, whatever is observed', () => {
  const counts = { same: 0, other: 0 };
  fc.assert(
    fc.property(systems, (drawn) => {
      const spec = { ...drawn, properties: [] };
      const limits = { states: 500 };
      try {
        const pair = [spec, roomier(spec)].map((each) => observed(build(each))) as [Observed, Observed];
        const same = haveSameGraph(...pair, { limits });
        if (same === null) return;
        counts[same ? 'same' : 'other']++;
        if (!same) return;
        const observe: Observed['observe'] = (taken) => taken;
        expect(['refines', 'vacuous']).toContain(refine({ ...pair[0], observe }, pair[1]).kind);
        expect(['refines', 'vacuous']).toContain(refine({ ...pair[1], observe }, pair[0]).kind);
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
      }
    }),
    tries(100),
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
});
