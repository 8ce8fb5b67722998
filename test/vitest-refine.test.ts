import { describe, expect, expectTypeOf, test } from 'vitest';
import '../src/vitest/index.ts';
import type { ModelMatchers, Refining } from '../src/vitest/index.ts';
import { lostUpdate } from './cli-fixtures/lost-update.ts';
import { saying } from './cli-fixtures/saying.ts';

const model = lostUpdate('office', { alone: { option: { clerks: 1 } }, together: { option: { clerks: 2 } } });
const alone = { variant: 'alone' };
const together = { variant: 'together' };

describe('toRefine', () => {
  test('passes where all that can be seen of the one can be seen of the other', () => {
    expect(model).toRefine(model, { ...alone, of: together });
    expect(model).toRefine(model, { option: { clerks: 2 }, of: { option: { clerks: 3 } } });
    expect(model).not.toRefine(model, { ...together, of: alone });
  });

  test('speaks of every variant where none is named', () => {
    expect(model).toRefine(model, { of: together });
    expect(model).not.toRefine(model, { of: alone });
  });

  test('fails with the run, and with where the specification stood', () => {
    const observe = [['clerk', 'value.written']] as const;
    expect(saying(() => expect(model).toRefine(model, { ...together, of: alone, observe }))).toMatchInlineSnapshot(`
      "office together does not refine office alone: after 2 steps (shortest) it does what the other cannot

          #  actor     cause  message                what changed            sent
          1  clerk[1]  own    value.read {value: 0}  idle -> loaded
          2  clerk[1]  own    value.written          loaded -> done (final)  value.stored {value: 1} -> counter (call)
                                                     counter: value 0 -> 1
              <- office alone cannot do this: clerk[1] value.written

          before    nothing is seen
          stood     office alone at its start
          could do  clerk value.written"
    `);
  });

  test('says what refines where it was not to', () => {
    expect(saying(() => expect(model).not.toRefine(model, { ...alone, of: together }))).toBe(
      'office alone refines office together (3 pairs of states, all there are)',
    );
  });

  test('can be told how the same is called on both sides', () => {
    const observe = () => 'a clerk writes';
    expect(model).toRefine(model, {
      ...together,
      observe: ({ message }) => (message.type === 'value.written' ? `a clerk writes` : null),
      of: { option: { clerks: 3 }, observe: ({ message }) => (message.type === 'value.read' ? observe() : null) },
    });
  });

  test('passes neither as it is nor with not where a search was stopped, or where nothing is observed', () => {
    for (const refining of [{ limits: { states: 2 } }, { observe: [] }]) {
      const all = { ...alone, of: together, ...refining };
      const text = refining.limits ? /is unknown: --max-states 2 reached, every run of up to 1 step / : /, vacuously: /;
      expect(saying(() => expect(model).toRefine(model, all))).toMatch(text);
      expect(saying(() => expect(model).not.toRefine(model, all))).toMatch(text);
    }
  });

  test('must know the specification', () => {
    expect(saying(() => expect(model).toRefine(model))).toMatch(/which variant is the specification\?\n/);
    expect(saying(() => expect(model).toRefine(model, { of: { variant: 'alon' } }))).toContain(
      '(did you mean "alone"?)',
    );
    const observe = [['clerk', 'value.writen']] as const;
    expect(saying(() => expect(model).not.toRefine(model, { of: alone, observe }))).toContain('"value.written"?)');
  });
});

/** Each line after an `@ts-expect-error` must be an error of the compiler; nothing here is run. */
test('the compiler knows the matcher', () => {
  const unrun = () => {
    // @ts-expect-error a number is no model
    expect(3).toRefine(model);
    // @ts-expect-error nor is a number a specification
    expect(model).toRefine(3);
    // @ts-expect-error there must be one
    expect(model).toRefine();
    // @ts-expect-error a message is named with its actor
    expect(model).toRefine(model, { observe: ['value.read'] });
    // @ts-expect-error what is seen is a message or a name
    expect(model).toRefine(model, { observe: () => 3 });
    // @ts-expect-error the specification is one variant
    expect(model).toRefine(model, { of: 'alone' });
  };
  expect(unrun).toBeTypeOf('function');
  expectTypeOf(expect(model).toRefine).returns.toEqualTypeOf<void>();
  expectTypeOf<ModelMatchers<void, number>['toRefine']>().toBeNever();
  expectTypeOf<NonNullable<Refining['of']>['variant']>().toEqualTypeOf<string | undefined>();
});
