import { describe, expect, test } from 'vitest';
import { assign } from 'xstate';
import { Reader } from '../../src/checkpoint/reader.ts';
import { Writer } from '../../src/checkpoint/writer.ts';
import { checking, type Settings } from '../../src/explore/check.ts';
import { Refused } from '../../src/explore/kept.ts';
import { type Composition, defineModel, type Options, start, type VariantSpec } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';
import { folder, MortalDisk } from '../checkpoint/disks.ts';
import { loose, machine } from './kit.ts';

type Room = { readonly a: { readonly context: { readonly n: number } } };
interface Counted {
  readonly context: { readonly n: number };
}

const anywhere = sometimes<Room>('anywhere', () => true);
const small = always<Room>('small', ({ a }) => a.context.n < 100, { witness: anywhere });

/** Counts for as long as the guard says. */
function counting(guard: (counted: Counted) => boolean, wiring: object = {}, input?: unknown): Composition {
  const counter = machine({
    tags: 'rest',
    context: { n: 0 },
    on: { counted: { guard, actions: assign({ n: ({ context }: Counted) => context.n + 1 } as never) }, told: {} },
  });
  return loose(
    { a: start(counter, input as never) },
    { spontaneous: { a: ['counted'] }, properties: [small], ...wiring },
  );
}
const below20 = ({ context }: Counted): boolean => context.n < 20;

interface Other {
  readonly build?: () => Composition;
  readonly name?: string;
  readonly options?: Options;
  readonly variants?: Readonly<Record<string, VariantSpec<Options>>>;
  readonly settings?: Settings;
}

const tuning = { part: 1 };

/** Keeps one check after a few states, and goes on with it as another one. Says why not, or nothing. */
function refusal(before: Other, after: Other): string | undefined {
  const { disk } = new MortalDisk();
  const begun = (
    { build = () => counting(below20), name = 'm', options, variants, settings = {} }: Other,
    saved?: Reader,
  ) => {
    const model = defineModel({ name, build, ...(options && { options }), ...(variants && { variants }) } as never);
    return checking(model, model.variants[0]!, { ...settings, tuning }, saved);
  };
  const moments = begun(before);
  for (let i = 0; i < 5; i++) moments.next();
  const moment = moments.next();
  if (moment.done) throw new Error('it was over too early');
  new Writer(folder, {}, undefined, disk).write(moment.value.keep());
  try {
    for (const _ of begun(after, new Reader(folder, {}, disk)));
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return /why {6}(.*)/.exec(error.message)![1]!;
  }
}

describe('a checkpoint is of one check', () => {
  test('made anew it is the same', () => {
    expect(refusal({}, {})).toBeUndefined();
    // what stops it earlier or later, and how it is computed, is no part of what it is
    expect(
      refusal({ settings: { limits: { states: 10 } } }, { settings: { limits: { milliseconds: 1e6 } } }),
    ).toBeUndefined();
  });

  const twoOptions = { options: { size: [1, 2] } };
  test.each<[what: string, after: Other, why: RegExp, before?: Other]>([
    ['another model', { name: 'other' }, /^model was m and is other$/],
    ['another variant', { variants: { v: { option: {} } } }, /^variant was default and is v$/],
    [
      'another option',
      { ...twoOptions, variants: { v: { option: { size: 2 } } } },
      /^options was \{"size":1\} and is \{"size":2\}$/,
      { ...twoOptions, variants: { v: { option: { size: 1 } } } },
    ],
    ['other properties', { settings: { properties: ['deadlock'] } }, /^properties was .* and is deadlock$/],
    ['a bound on the depth', { settings: { limits: { depth: 9 } } }, /^--max-depth was none and is 9$/],
    ['--bail', { settings: { bail: true } }, /^--bail was off and is on, expecting \{\}$/],
    ['another guard', { build: () => counting(({ context }) => context.n < 21) }, /^composition has changed$/],
    [
      'another mailbox',
      { build: () => counting(below20, { mailboxes: { a: { capacity: 1 } } }) },
      /^composition has changed$/,
    ],
    ['another input', { build: () => counting(below20, {}, { start: 1 }) }, /^composition has changed$/],
    [
      'another condition',
      { build: () => counting(below20, { spontaneous: { a: [{ type: 'counted', when: () => true }] } }) },
      /^composition has changed$/,
    ],
    [
      'another predicate',
      {
        build: () =>
          counting(below20, {
            properties: [always<Room>('small', ({ a }) => a.context.n < 99, { witness: anywhere })],
          }),
      },
      /^composition has changed$/,
    ],
  ])('%s makes another one', (_, after, why, before = {}) => {
    expect(refusal(before, after)).toMatch(why);
  });

  test('a machine that answers otherwise is found out, though every source is the same', () => {
    let most = 3;
    const hidden = () => counting(({ context }) => context.n < most);
    const models = () => {
      const { disk } = new MortalDisk();
      const model = defineModel({ name: 'm', build: hidden });
      const moments = checking(model, model.variants[0]!, { tuning });
      for (let i = 0; i < 3; i++) moments.next();
      const moment = moments.next();
      if (moment.done) throw new Error('it was over too early');
      new Writer(folder, {}, undefined, disk).write(moment.value.keep());
      most = 2;
      return () => [...checking(model, model.variants[0]!, { tuning }, new Reader(folder, {}, disk))];
    };
    expect(models()).toThrow(/asked once more, the machine of a does not answer \[2,0,3,\[\],\[0\]\]/);
  });
});
