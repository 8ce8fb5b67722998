import { describe, expect, test } from 'vitest';
import { and, assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate, start } from '../src/explore/model.ts';
import { always, sometimes } from '../src/explore/property.ts';
import { type Fate, hunt, joined } from '../src/mutate/hunt.ts';
import { mutationPage, problemsOf, scoreOf } from '../src/mutate/page.ts';

const lock = setup({
  types: { events: {} as { type: 'lock.taken' | 'lock.released' }, tags: {} as 'rest' },
}).createMachine({
  id: 'lock',
  initial: 'free',
  states: {
    free: { tags: 'rest', on: { 'lock.taken': 'held' } },
    held: { tags: 'rest', on: { 'lock.released': 'free' } },
  },
});

/** Takes a lock, counts itself in, counts itself out, gives the lock back. */
const thread = setup({
  types: {
    events: {} as { type: 'enter' | 'leave' | 'end' } | { type: 'look'; open: boolean },
    emitted: {} as { type: 'lock.taken' | 'lock.released' },
    context: {} as { readonly visits: number; readonly vip: boolean },
    tags: {} as 'rest' | 'inside' | 'done',
    meta: {} as { readonly step: string },
  },
  guards: {
    isOpen: ({ event }) => 'open' in event && event.open,
    isVip: ({ context }) => context.vip,
    isBoth: and(['isOpen', 'isVip']),
  },
  actions: {
    take: emit({ type: 'lock.taken' }),
    release: emit({ type: 'lock.released' }),
    count: assign({ visits: ({ context }) => context.visits + 1 }),
  },
}).createMachine({
  id: 'thread',
  context: { visits: 0, vip: false },
  initial: 'outside',
  states: {
    outside: {
      tags: 'rest',
      on: {
        look: [
          { guard: 'isBoth', target: 'done' },
          { guard: 'isVip', target: 'done' },
          { guard: 'isOpen', target: 'waiting' },
        ],
      },
    },
    waiting: { on: { enter: { target: 'inside', actions: 'take', meta: { step: 'T1' } } } },
    inside: { tags: 'inside', on: { leave: { target: 'leaving', meta: { step: 'T2' } } } },
    leaving: { on: { end: { target: 'done', actions: ['count', 'release'], meta: { step: 'T3' } } } },
    done: { tags: ['rest', 'done'] },
  },
});

interface Room {
  readonly thread: readonly Peer<typeof thread>[];
}
const someoneIsIn = sometimes<Room>('someone is in', (room) => room.thread.some((one) => one.hasTag('inside')));
const oneAtATime = always<Room>(
  'one at a time',
  (room) => room.thread.filter((one) => one.hasTag('inside')).length < 2,
  { witness: someoneIsIn },
);
const allVisit = sometimes<Room>('all have visited', (room) =>
  room.thread.every(({ context }) => context.visits === 1),
);

const model = defineModel({
  name: 'visits',
  variants: { right: {} },
  build: () =>
    compose(
      { thread: replicate(thread, 2), lock: start(lock) },
      {
        wires: { thread: { 'lock.taken': { rendezvous: () => 'lock' }, 'lock.released': 'lock' } },
        spontaneous: {
          thread: [{ type: 'look', read: () => ({ open: true }), when: () => true }, 'enter', 'leave', 'end'],
        },
        properties: [oneAtATime, allVisit],
      },
    ),
});

const found = hunt([model], 'right');
const fates = Object.fromEntries(found.hunted.map(({ mutant, fate }) => [mutant.name, fate]));
const kinds = Object.fromEntries(Object.entries(fates).map(([name, { kind }]) => [name, kind]));

describe('mutants', () => {
  test('are made of each guard, wait, lock, action and pair of steps', () => {
    expect(kinds).toEqual({
      'thread: outside on look, isBoth: guard removed': 'caught',
      'thread: outside on look, isBoth: guard negated': 'caught',
      'thread: outside on look (2), isVip: guard removed': 'caught',
      'thread: outside on look (2), isVip: guard negated': 'caught',
      'thread: outside on look (3), isOpen: guard removed': 'idle',
      'thread: outside on look (3), isOpen: guard negated': 'caught',
      'thread: look: wait removed': 'idle',
      'thread: lock: lock removed': 'caught',
      'thread: waiting on enter, take: action dropped': 'caught',
      'thread: leaving on end, count: action dropped': 'caught',
      'thread: leaving on end, release: action dropped': 'caught',
      'thread: T1 and T2, waiting on enter and inside on leave: steps swapped': 'caught',
      'thread: T2 and T3, inside on leave and leaving on end: steps swapped': 'survived',
    });
  });

  test('are caught by what turns worse', () => {
    expect(fates['thread: lock: lock removed']).toEqual<Fate>({
      kind: 'caught',
      model: 'visits right',
      property: 'one at a time',
      verdict: 'violated',
      steps: 4,
    });
    expect(fates['thread: leaving on end, count: action dropped']).toMatchObject({
      property: 'all have visited',
      verdict: 'unreached',
    });
  });

  test('are not counted where no run can tell them from the original', () => {
    expect(fates['thread: outside on look (3), isOpen: guard removed']).toEqual({
      kind: 'idle',
      why: 'the guard is never false',
    });
    expect(scoreOf(found.hunted)).toEqual({ counted: 11, caught: 10, share: 10 / 11 });
  });

  test('can be shared out, and come out the same', () => {
    const shares = [0, 1, 2].map((part) => hunt([model], 'right', [], () => {}, { part, of: 3 }));
    expect(shares.map(({ hunted }) => hunted.length)).toEqual([5, 4, 4]);
    expect(joined(shares)).toEqual(found);
  });

  test('are of the variants in which all is well, where none has the name', () => {
    expect(hunt([model], 'repaired')).toEqual(found);
  });

  test('of one machine alone can be asked for', () => {
    expect(hunt([model], 'right', ['lock']).hunted).toEqual([]);
  });

  test('need a model that is right to begin with', () => {
    const wrong = { ...model, build: () => ({ ...model.build({}), spontaneous: {} }) };
    expect(() => hunt([wrong], 'right')).toThrow('visits/right: "one at a time" is vacuous already');
  });
});

describe('steps that have changed places', () => {
  const clerk = setup({
    types: {
      context: {} as { readonly hurried: boolean; readonly told: boolean },
      input: {} as { readonly hurried: boolean },
      events: {} as { type: 'begin' | 'end' },
      emitted: {} as { type: 'bell.rung' },
      tags: {} as 'rest' | 'done',
      meta: {} as { readonly step: string },
    },
    guards: { isHurried: ({ context }) => context.hurried },
    actions: { tell: assign({ told: true }), ring: emit({ type: 'bell.rung' }) },
  }).createMachine({
    id: 'clerk',
    context: ({ input }) => ({ ...input, told: false }),
    initial: 'idle',
    states: {
      idle: {
        tags: 'rest',
        on: {
          begin: [
            { guard: 'isHurried', target: 'busy' },
            { target: 'busy', meta: { step: 'C1' } },
          ],
        },
      },
      busy: { on: { end: { target: 'done', actions: ['tell', 'ring'], meta: { step: 'C2' } } } },
      done: { tags: ['rest', 'done'] },
    },
  });
  interface Office {
    readonly clerk: Peer<typeof clerk>;
  }
  const done = sometimes<Office>('it is done', (room) => room.clerk.hasTag('done'));
  const tells = always<Office>('who is done has told', (room) => room.clerk.context.told, {
    when: done.holds,
    witness: done,
  });
  const office = (hurried: boolean) =>
    defineModel({
      name: hurried ? 'hurried' : 'slow',
      variants: { right: {} },
      build: () =>
        compose(
          { clerk: start(clerk, { hurried }) },
          {
            wires: { clerk: { 'bell.rung': [] } },
            spontaneous: { clerk: ['begin', 'end'] },
            properties: [tells, done],
          },
        ),
    });
  const fateIn = (...models: readonly ReturnType<typeof office>[]) =>
    hunt(models, 'right').hunted.find(({ mutant }) => mutant.kind === 'effects swapped')!.fate;

  test('are counted where both are taken, and looked for wherever one is', () => {
    expect(fateIn(office(false)).kind).toBe('survived');
    expect(fateIn(office(true))).toEqual({ kind: 'idle', why: 'the transition is never taken' });
    expect(fateIn(office(false), office(true))).toMatchObject({ kind: 'caught', model: 'hurried right' });
  });
});

describe('survivors', () => {
  const mutant = found.hunted[0]!.mutant;
  const survived = { models: ['visits'], hunted: [{ mutant, fate: { kind: 'survived', unfinished: [] } as const }] };

  test('have to be explained, and only they', () => {
    const survivor = 'thread: T2 and T3, inside on leave and leaving on end: steps swapped';
    const why = 'Who leaves is out at once, and nobody asks who still counts.';
    expect(problemsOf(found, [{ mutants: [survivor], why }])).toEqual([]);
    expect(problemsOf(found, [{ mutants: [survivor, mutant.name], why }])).toEqual([
      `is explained, and does not survive: ${mutant.name}`,
    ]);
    expect(problemsOf(survived, [])).toEqual([
      `survives, and nobody says why: ${mutant.name}`,
      '0.0 % of the mutants are caught, and it should be 90.0 %',
    ]);
  });

  test('are told with their explanation', () => {
    expect(mutationPage(survived, [{ mutants: [mutant.name], why: 'It is not asked.' }])).toContain(
      `It is not asked.\n\n- \`${mutant.name}\``,
    );
    expect(mutationPage(survived, [])).toContain('Not explained yet:');
  });
});
