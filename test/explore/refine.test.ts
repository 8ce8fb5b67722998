import { describe, expect, test } from 'vitest';
import { assign, emit } from 'xstate';
import { type Actors, type Composition, defineModel, replicate, start } from '../../src/explore/model.ts';
import { type Observe, type Observed, refine, type SeenEvent } from '../../src/explore/refine.ts';
import { loose, machine, refusalOf } from './kit.ts';

/** Rings once, twice … and is done. */
const bell = (times: number) =>
  machine({
    id: 'bell',
    initial: 'ring0',
    states: Object.fromEntries(
      Array.from({ length: times + 1 }, (_, i) => [
        `ring${i}`,
        i === times ? { type: 'final' } : { on: { ring: { target: `ring${i + 1}`, actions: emit({ type: 'rung' }) } } },
      ]),
    ),
  });
/** Hears so many and no more. */
const ear = (times: number) =>
  machine({
    id: 'ear',
    initial: 'heard0',
    states: Object.fromEntries(
      Array.from({ length: times + 1 }, (_, i) => [
        `heard${i}`,
        { tags: 'rest', ...(i < times && { on: { rung: `heard${i + 1}`, sneeze: {} } }) },
      ]),
    ),
  });

const observed = (composition: Composition, observe?: Observe): Observed => {
  const model = defineModel({ name: 'test', build: () => composition });
  return { model, variant: model.variants[0]!, ...(observe && { observe }) };
};
const belfry = (wire: object | string, { times = 1, ears = 9, ...more } = {}): Composition =>
  loose({ bell: start(bell(times)), ear: start(ear(ears)) } as Actors, {
    wires: { bell: { rung: wire } },
    spontaneous: { bell: ['ring'] },
    ...(typeof wire === 'object' && 'queue' in wire && { mailboxes: { ear: { capacity: 2 } } }),
    ...more,
  });

const told = ({ seen, fate }: SeenEvent): string =>
  `${typeof seen === 'string' ? seen : `${seen.actor} ${seen.message.type}`}${fate === 'taken' ? '' : `: ${fate}`}`;

/** What is seen, step by step, of what one does and the other does not; and what the other could have done. */
function difference(own: Observed, other: Observed): { readonly seen: string[][]; readonly could: string[] } | string {
  const found = refine(own, other);
  if (found.kind !== 'refuted') return found.kind;
  return { seen: found.seen.map((events) => events.map(told)), could: found.stood.could.map(told) };
}

describe('what is seen', () => {
  const call = observed(belfry('ear'));
  const queue = observed(belfry({ queue: 'ear' }));

  test('is the messages that are taken, and not in how many steps', () => {
    expect(difference(call, queue)).toBe('refines');
    expect(difference(queue, call)).toBe('refines');
  });

  test('is their order: what comes in between is seen', () => {
    const twoCalls = observed(belfry('ear', { times: 2 }));
    const twoSends = observed(belfry({ queue: 'ear' }, { times: 2 }));
    expect(difference(twoCalls, twoSends)).toBe('refines');
    expect(difference(twoSends, twoCalls)).toEqual({ seen: [['bell ring'], ['bell ring']], could: ['ear rung'] });
  });

  test('is no loss, but what it leads to', () => {
    const lossy = observed(belfry({ queue: 'ear', lose: true }, { times: 2 }));
    const later = observed(belfry({ queue: 'ear', lose: 'later' }, { times: 2 }));
    const plain = observed(belfry({ queue: 'ear' }, { times: 2 }));
    expect(difference(plain, lossy)).toBe('refines');
    expect(difference(lossy, later)).toBe('refines');
    expect(difference(later, lossy)).toBe('refines');
    const { seen } = difference({ ...lossy, observe: [['ear', 'rung']] }, observed(belfry([]))) as { seen: string[][] };
    expect(seen).toEqual([[], ['ear rung']]);
    expect(difference(lossy, plain)).toBe('refines');
  });

  test('is what is unhandled too', () => {
    const hard = observed(belfry('ear', { times: 2, ears: 1 }));
    const patient = observed(belfry('ear', { times: 2 }));
    expect(difference(hard, patient)).toEqual({
      seen: [
        ['bell ring', 'ear rung'],
        ['bell ring', 'ear rung: not taken'],
      ],
      could: ['ear rung'],
    });
    expect(difference(patient, hard)).toEqual({
      seen: [
        ['bell ring', 'ear rung'],
        ['bell ring', 'ear rung'],
      ],
      could: ['ear rung: not taken'],
    });
    expect(difference({ ...hard, observe: [['bell', 'ring']] }, patient)).toBe('refines');
    // whoever has gone wrong does no more, seen or not
    const longer = observed(belfry('ear', { times: 3 }), [['bell', 'ring']]);
    expect(difference(longer, observed(belfry('ear', { times: 3, ears: 1 })))).toMatchObject({ could: [] });
  });

  test('is a mailbox that is full, where that is unhandled', () => {
    const observe: Observe = ({ actor, self, message }) => (actor === 'ear' ? { actor, self, message } : null);
    const full = observed(belfry({ queue: 'ear', full: 'fail' }, { times: 3 }), observe);
    expect(difference(full, observed(belfry({ queue: 'ear' }, { times: 3 })))).toEqual({
      seen: [[], [], ['ear rung: mailbox full']],
      could: ['ear rung'],
    });
  });

  test('is of replicas which of them', () => {
    const two = { bell: replicate(bell(1), 2), ear: start(ear(2)) } as Actors;
    const both = loose(two, { wires: { bell: { rung: 'ear' } }, spontaneous: { bell: ['ring'] } });
    const first = { type: 'ring', when: (_: never, self: number) => self === 0 };
    const one = loose(two, { wires: { bell: { rung: 'ear' } }, spontaneous: { bell: [first] } });
    expect(difference(observed(one), observed(both))).toBe('refines');
    expect(refine(observed(both), observed(one))).toMatchObject({ kind: 'refuted', seen: [[{ seen: { self: 1 } }]] });
  });

  test('is by default what both know', () => {
    const alone = loose({ bell: start(bell(2)) } as Actors, {
      wires: { bell: { rung: [] } },
      spontaneous: { bell: ['ring'] },
    });
    const heard = belfry('ear', { times: 2 });
    expect(difference(observed(heard), observed(alone))).toBe('refines');
    expect(difference(observed(alone), observed(heard))).toBe('refines');
    const other = loose({ ear: start(ear(1)) } as Actors, { spontaneous: { ear: ['sneeze'] } });
    expect(difference(observed(alone), observed(other))).toBe('vacuous');
  });

  test('goes by the names that it is given', () => {
    const heard = observed(belfry('ear'), ({ actor }) => (actor === 'ear' ? 'a sound' : null));
    const rung = observed(belfry([]), ({ actor }) => (actor === 'bell' ? 'a sound' : null));
    expect(difference(heard, rung)).toBe('refines');
    const twice = observed(belfry('ear', { times: 2 }), heard.observe);
    expect(difference(twice, rung)).toEqual({ seen: [['a sound'], ['a sound']], could: [] });
  });
});

describe('a specification', () => {
  /** Rings, and then either sneezes or rings again, and has decided which with the first ring. */
  const early = machine({
    id: 'bell',
    initial: 'new',
    states: {
      new: { on: { 'for.one': 'one', 'for.two': 'two' } },
      one: { on: { ring: 'done' } },
      two: { on: { ring: 'again' } },
      again: { on: { ring: 'done' } },
      done: { type: 'final' },
    },
  });
  const decided = loose({ bell: start(early) } as Actors, { spontaneous: { bell: ['for.one', 'for.two', 'ring'] } });
  const observe: Observe = [['bell', 'ring']];
  const plain = (times: number) => belfry([], { times });

  test('may be in several states after the same', () => {
    expect(difference(observed(plain(2), observe), observed(decided))).toBe('refines');
    expect(difference(observed(plain(1), observe), observed(decided))).toBe('refines');
    expect(difference(observed(decided, observe), observed(plain(2)))).toBe('refines');
    expect(difference(observed(decided, observe), observed(plain(1)))).toEqual({
      seen: [[], ['bell ring'], ['bell ring']],
      could: [],
    });
    expect(difference(observed(plain(3), observe), observed(decided))).toEqual({
      seen: [['bell ring'], ['bell ring'], ['bell ring']],
      could: [],
    });
  });

  test('is shown where it stood, by a run of its own', () => {
    const found = refine(observed(plain(3), observe), observed(decided));
    if (found.kind !== 'refuted') throw new Error('it is not refuted');
    const steps = found.stood.run.steps.map(({ label }) => label.message.type);
    expect(steps).toEqual(['for.two', 'ring', 'ring']);
  });

  test('may stand in the midst of a step', () => {
    const found = refine(observed(belfry({ queue: 'ear' }, { times: 2 })), observed(belfry('ear', { times: 2 })));
    if (found.kind !== 'refuted') throw new Error('it is not refuted');
    expect(found.stood.run.steps.map(({ label, sent }) => [label.message.type, sent.length])).toEqual([['ring', 1]]);
  });
});

describe('a search that was stopped', () => {
  const endless = machine(
    { id: 'bell', context: { n: 0 }, initial: 'on', states: { on: { on: { ring: {}, count: { actions: 'count' } } } } },
    { actions: { count: assign(({ context }) => ({ n: context.n + 1 })) } },
  );
  const counting = loose({ bell: start(endless) } as Actors, { spontaneous: { bell: ['ring', 'count'] } });

  test('says unknown, and how far it came', () => {
    const own = observed(belfry([], { times: 5 }));
    expect(refine(own, own, { limits: { states: 3 } })).toMatchObject({
      kind: 'unknown',
      limit: { limit: 'states', value: 3, covered: 2 },
    });
    expect(refine(own, own, { limits: { depth: 2 } })).toMatchObject({
      kind: 'unknown',
      limit: { limit: 'depth', value: 2, covered: 2 },
    });
    expect(refine(own, own, { limits: { depth: 6, states: 7 } }).kind).toBe('refines');
  });

  test('also where the specification goes on for ever and nothing is seen of it', () => {
    const observe: Observe = [['bell', 'ring']];
    const own = observed(belfry([]), observe);
    expect(refine(own, observed(counting), { limits: { states: 500 } })).toMatchObject({
      kind: 'unknown',
      limit: { limit: 'states', covered: 0 },
    });
    expect(refine(observed(counting, observe), own, { limits: { states: 500 } })).toMatchObject({ kind: 'refuted' });
  });
});

describe('refused is', () => {
  test('to observe what is not known', () => {
    const own = belfry('ear');
    const why = (observe: Observe) => refusalOf(() => refine(observed(own, observe), observed(own)));
    expect(why([['ear', 'rang']])).toMatchObject({ code: 'E-OBSERVE', instead: 'one of them (did you mean "rung"?)' });
    expect(why([['bel', 'ring']])).toMatchObject({ instead: 'one of them (did you mean "bell"?)' });
  });

  test('a function that does not always see the same', () => {
    let n = 0;
    const own = observed(belfry('ear'), () => `${n++}`);
    expect(refusalOf(() => refine(own, own)).code).toBe('E-IMPURE');
  });
});
