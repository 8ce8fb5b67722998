import { describe, expect, test } from 'vitest';
import { assign, emit } from 'xstate';
import { check } from '../../src/explore/check.ts';
import { defineModel, type Model, start } from '../../src/explore/model.ts';
import { always, sometimes, step } from '../../src/explore/property.ts';
import { retake, type TakenStep, type Taking } from '../../src/explore/retake.ts';
import { lostUpdate } from '../cli-fixtures/lost-update.ts';
import { loose, machine, refusalOf } from './kit.ts';

const office = lostUpdate('office', { together: { option: { clerks: 2 } } });

/** The run of a violation, as it would be kept. */
function keptRun(model: Model, property: string): Taking {
  const variant = model.variants[0]!;
  const { verdicts } = check(model, variant);
  const { run } = verdicts.find((verdict) => verdict.property === property)!;
  return { option: variant.option, property, steps: run!.steps.map(({ label }) => label as TakenStep) };
}

const lost = keptRun(office, 'every addition counts');

describe('a run that is taken again', () => {
  test('still violates its property in the model that it was found in', () => {
    const { outcome, run, why } = retake(office, lost);
    expect([outcome, run.steps.length, why]).toEqual(['violated', 4, undefined]);
  });

  test('does not violate another property, though it goes through', () => {
    expect(retake(office, { ...lost, property: 'deadlock' })).toMatchObject({ outcome: 'kept' });
    expect(retake(office, { ...lost, steps: lost.steps.slice(0, 3) })).toMatchObject({ outcome: 'kept' });
  });

  test('cannot be taken where the race is gone, and says which step not', () => {
    const { outcome, run, why } = retake(office, { ...lost, option: { clerks: 1 } });
    expect(outcome).toBe('stuck');
    expect(run.steps.length).toBeLessThan(4);
    expect(why).toMatch(/clerk/);
  });

  test('is told as far as to where it violates, also where it once went on', () => {
    const again = [...lost.steps];
    const early = always<{ readonly counter: { readonly context: { readonly value: number } } }>(
      'nothing is written',
      ({ counter }) => counter.context.value === 0,
      { witness: sometimes('nothing is written yet', () => true) },
    );
    const build = () => ({ ...office.build({ clerks: 2 }), properties: [early] as never });
    const model = defineModel({ name: 'early', build });
    expect(retake(model, { option: {}, property: early.name, steps: again }).run.steps).toHaveLength(3);
  });

  test('may end in a deadlock, in a message that nobody takes, or with a step', () => {
    const asker = machine({
      id: 'asker',
      context: { n: 0 },
      initial: 'idle',
      states: {
        idle: {
          tags: 'rest',
          on: { asked: { target: 'stuck', actions: assign({ n: 1 }) }, told: { actions: emit({ type: 'x' }) } },
        },
        stuck: {},
      },
    });
    const deaf = machine({ id: 'deaf', tags: 'rest', initial: 'off', states: { off: {}, on: { on: { x: {} } } } });
    type Room = { readonly asker: { readonly context: { readonly n: number } } };
    const still = step<Room>(
      'it stays as it is',
      ({ before, after }) => before.asker.context.n === after.asker.context.n,
    );
    const composition = loose(
      { asker: start(asker), deaf: start(deaf) },
      { wires: { asker: { x: 'deaf' } }, spontaneous: { asker: ['asked', 'told'] }, properties: [still] },
    );
    const model = defineModel({ name: 'asking', build: () => composition });
    for (const property of ['deadlock', 'unhandled', still.name]) {
      expect(retake(model, keptRun(model, property))).toMatchObject({ outcome: 'violated' });
    }
    expect(retake(model, keptRun(model, still.name)).run.ends).toEqual({ at: 'step' });
    expect(retake(model, { ...keptRun(model, 'deadlock'), steps: [] })).toMatchObject({ outcome: 'kept' });
    const twice = keptRun(model, 'unhandled');
    expect(retake(model, { ...twice, steps: [...twice.steps, ...twice.steps] })).toMatchObject({ outcome: 'violated' });
    expect(retake(model, { ...twice, property: still.name, steps: [...twice.steps, ...twice.steps] }).why).toMatch(
      /no successor/,
    );
  });

  test.each<[what: string, change: Partial<Taking>, why: RegExp]>([
    ['an actor', { steps: [{ ...lost.steps[0]!, actor: 'clark' }] }, /there are "counter", "clerk"/],
    [
      'a message',
      { steps: [{ ...lost.steps[0]!, message: { type: 'value.red' } }] },
      /no state of the machine takes it/,
    ],
    ['a property', { property: 'every edition counts' }, /"every addition counts"/],
    ['an option', { option: { clarks: 2 } }, /the model's options are clerks/],
  ])('is refused where the model does not have %s of it', (_, change, why) => {
    expect(refusalOf(() => retake(office, { ...lost, ...change })).why).toMatch(why);
  });
});
