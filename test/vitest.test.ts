import { describe, expect, expectTypeOf, test } from 'vitest';
import { check } from '../src/explore/check.ts';
import { compose, defineModel, start } from '../src/index.ts';
import { plainScreen } from '../src/report/screen.ts';
import { outcomeText } from '../src/report/terminal.ts';
import '../src/vitest/index.ts';
import type { Choice, ModelMatchers } from '../src/vitest/index.ts';
import { checked } from './cli-fixtures/by-hand.ts';
import { clerk, counter } from './cli-fixtures/clerks.ts';
import expectations from './cli-fixtures/expectations.ts';
import { lostUpdate } from './cli-fixtures/lost-update.ts';
import { saying } from './cli-fixtures/saying.ts';

const model = lostUpdate('office', { alone: { option: { clerks: 1 } }, together: { option: { clerks: 2 } } });
const [COUNTS, DONE] = ['every addition counts', 'all clerks are done'];
const alone = { variant: 'alone' };
const together = { variant: 'together' };

/** A clerk that never writes. */
const halfway = defineModel({
  name: 'halfway',
  build: () =>
    compose(
      { counter: start(counter), clerk: start(clerk) },
      {
        wires: { clerk: { 'value.stored': 'counter' } },
        spontaneous: { clerk: [{ type: 'value.read', oneOf: [{ value: 0 }] }] },
        properties: [],
      },
    ),
});

describe('toHold', () => {
  test('passes where every property holds and every witness is reached', () => {
    expect(model).toHold(alone);
    expect(model).toHold({ option: { clerks: 1 } });
    expect(model).toHold({ ...together, property: 'deadlock' });
    expect(model).toHold({ ...together, property: ['deadlock', 'unhandled'] });
    expect(model).not.toHold(together);
    expect(model).not.toHold({ option: { clerks: 3 } });
  });

  test('speaks of every variant where none is named, whatever the model expects of them', () => {
    expect(model).not.toHold();
    expect(model).toHold({ property: 'deadlock' });
    expect(expectations).not.toHold();
  });

  test('fails with the run, as the terminal prints it', () => {
    expect(saying(() => expect(model).toHold())).toMatchInlineSnapshot(`
      "office together: "every addition counts" violated after 4 steps (shortest)

          #  actor     cause  message                what changed            sent
          1  clerk[1]  own    value.read {value: 0}  idle -> loaded
          2  clerk[0]  own    value.read {value: 0}  idle -> loaded
          3  clerk[0]  own    value.written          loaded -> done (final)  value.stored {value: 1} -> counter (call)
                                                     counter: value 0 -> 1
          4  clerk[1]  own    value.written          loaded -> done (final)  value.stored {value: 1} -> counter (call)
              <- "every addition counts" is false here

          fault    clerk[0] (step 3) races with clerk[1] (step 4); step 2 goes wrong: clerk[0] value.read {value: 0} comes
                     before clerk[1] value.written (step 4)
          why      clerk[0] is tagged "done" (since step 3, clerk[0])
                   clerk[1] is tagged "done" (since step 4, clerk[1])
                   counter: value is 1 (since step 3, clerk[0])
          order    clerk[1] 1, 4
                   clerk[0] 2-3
                   across them only 1 before 3, 3 before 4 matter
          needed   without step 3 or 4 the others go on, and nothing is violated
          instead  after step 1: clerk[1] value.written, then clerk[0] value.read {value: 1}; to its end (3 steps) no property
                     is violated"
    `);
  });

  test('says what holds where it was to fail', () => {
    expect(saying(() => expect(model).not.toHold(alone))).toMatchInlineSnapshot(
      `"office alone: "every addition counts", "all clerks are done", "deadlock", "unhandled" hold (3 states, all there are)"`,
    );
  });
});

describe('toViolate', () => {
  test('passes where the property is violated, within so many steps', () => {
    expect(model).toViolate(COUNTS, together);
    expect(model).toViolate(COUNTS, { ...together, within: 4 });
    expect(model).not.toViolate(COUNTS, { ...together, within: 3 });
    expect(model).not.toViolate(COUNTS, alone);
    expect(model).not.toViolate('deadlock');
  });

  test('fails where one variant of those that are meant does not violate it', () => {
    expect(saying(() => expect(model).toViolate(COUNTS))).toBe('office alone: "every addition counts" holds');
  });

  test('shows the run that is too long', () => {
    const text = saying(() => expect(model).toViolate(COUNTS, { ...together, within: 3 }));
    expect(text).toMatch(/^office together: "every addition counts" violated after 4 steps \(shortest\)\n/);
    expect(text).toMatch(/ +<- "every addition counts" is false here\n\n +fault +clerk/);
    expect(text).toMatch(/no property\n +is violated\n\nexpected within 3 steps$/);
  });
});

test('what is said of a violation is what holdfast check prints, whichever matcher fails', () => {
  const { subject } = checked([]);
  const variant = model.variants.find(({ name }) => name === 'together')!;
  const report = check(model, variant, { explain: true });
  const printed = outcomeText(
    { kind: 'checked', subject: { ...subject, model, variant }, report, surprises: [] },
    { labels: 0, detail: false, runs: true, witnesses: new Set() },
    plainScreen(120),
  );
  const [run] = / {4}# {2}actor[\s\S]*?is violated\n/.exec(printed)!;
  for (const attempt of [
    () => expect(model).toHold({ ...together, property: COUNTS }),
    () => expect(model).not.toViolate(COUNTS, together),
    () => expect(model).toViolate(COUNTS, { ...together, within: 3 }),
  ]) {
    expect(`${saying(attempt)}\n`).toContain(run);
  }
});

describe('toReach', () => {
  test('passes where some reachable state satisfies the witness', () => {
    expect(model).toReach(DONE);
    expect(saying(() => expect(model).not.toReach(DONE, alone))).toMatch(
      /^office alone: "all clerks are done" reached after 2 steps \(shortest\)\n/,
    );
  });

  test('is not for claims', () => {
    expect(saying(() => expect(model).toReach(COUNTS))).toContain('is no witness');
  });
});

describe('toTakeEveryTransition', () => {
  test('passes where each is taken in some variant', () => {
    expect(model).toTakeEveryTransition();
    expect(model).toTakeEveryTransition(alone);
  });

  test('fails with those that are never taken, less the exceptions', () => {
    const never = 'clerk: loaded on value.written';
    expect(saying(() => expect(halfway).toTakeEveryTransition())).toBe(
      'halfway: 2 transitions never taken\n  counter: ready on value.stored\n  clerk: loaded on value.written',
    );
    expect(halfway).not.toTakeEveryTransition({ except: [never] });
    expect(halfway).toTakeEveryTransition({ except: [never, 'counter: ready on value.stored'] });
  });

  test('an exception that is none is a mistake', () => {
    expect(saying(() => expect(model).toTakeEveryTransition({ except: ['clerk: x on y'] }))).toMatch(
      /is no exception\n(.*\n)*.*the model has no such transition/,
    );
  });
});

describe('a search that was stopped', () => {
  const limits = { states: 2 };
  test('passes neither as it is nor with not', () => {
    for (const attempt of [
      () => expect(model).toHold({ ...together, limits }),
      () => expect(model).not.toHold({ ...together, limits }),
      () => expect(model).toViolate(COUNTS, { ...together, limits }),
      () => expect(model).not.toViolate(COUNTS, { ...together, limits }),
      () => expect(model).toReach(DONE, { ...together, limits }),
      () => expect(model).not.toReach(DONE, { ...together, limits }),
      () => expect(model).toTakeEveryTransition({ ...together, limits }),
      () => expect(model).not.toTakeEveryTransition({ ...together, limits }),
    ]) {
      expect(saying(attempt)).toMatch(/--max-states 2 reached/);
    }
  });
});

test('a variant, an option or a property that is not there is a mistake', () => {
  expect(saying(() => expect(model).toHold({ variant: 'alon' }))).toContain('(did you mean "alone"?)');
  expect(saying(() => expect(model).toHold({ option: { clerk: 1 } }))).toContain('(did you mean "clerks"?)');
  expect(saying(() => expect(model).not.toViolate('deadlok'))).toContain('(did you mean "deadlock"?)');
});

/** Each line after an `@ts-expect-error` must be an error of the compiler; nothing here is run. */
test('the compiler knows the matchers', () => {
  const unrun = () => {
    // @ts-expect-error a number is no model
    expect(3).toHold();
    // @ts-expect-error nor is a composition's builder
    expect(model.build).not.toReach(DONE);
    // @ts-expect-error a property must be named
    expect(model).toViolate();
    // @ts-expect-error by name, not by number
    expect(model).toViolate(1);
    // @ts-expect-error steps are counted
    expect(model).toViolate(COUNTS, { within: 'four' });
    // @ts-expect-error a witness must be named
    expect(model).toReach();
    // @ts-expect-error values of options are plain
    expect(model).toHold({ option: { clerks: [1] } });
    // @ts-expect-error nothing is called so
    expect(model).toHold({ variants: 'alone' });
    // @ts-expect-error exceptions are named
    expect(model).toTakeEveryTransition({ except: /clerk/ });
  };
  expect(unrun).toBeTypeOf('function');
  expectTypeOf(expect(model).toHold).returns.toEqualTypeOf<void>();
  expectTypeOf<ModelMatchers<void, number>['toHold']>().toBeNever();
  expectTypeOf<Choice['variant']>().toEqualTypeOf<string | undefined>();
});
