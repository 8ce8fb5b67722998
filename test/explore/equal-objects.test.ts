import { describe, expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { check } from '../../src/explore/check.ts';
import { compose, defineModel, type Peer, start } from '../../src/explore/model.ts';
import { never, type Property, sometimes, step } from '../../src/explore/property.ts';

/**
 * Two states are one where their data are equal, so whether two equal objects are one object is no part of a state. XState
 * keeps references; a model that asks for them would be answered by what it was copied from.
 */
interface Job {
  readonly id: number;
}

const desk = setup({
  types: {
    context: {} as { readonly jobs: readonly Job[]; readonly current: Job | null; readonly count: number },
    events: {} as { type: 'pick' | 'again' | 'count' },
    tags: {} as 'rest' | 'same',
  },
  guards: {
    isFree: ({ context }) => context.current === null,
    isOneOfThem: ({ context }) => context.current !== null && context.jobs.includes(context.current),
    isFew: ({ context }) => context.count < 1,
  },
  actions: {
    pick: assign({ current: ({ context }) => context.jobs[0]! }),
    count: assign({ count: ({ context }) => context.count + 1 }),
  },
}).createMachine({
  id: 'desk',
  context: { jobs: [{ id: 1 }, { id: 2 }], current: null, count: 0 },
  initial: 'open',
  states: {
    open: {
      tags: 'rest',
      on: {
        pick: { guard: 'isFree', actions: 'pick' },
        again: { guard: 'isOneOfThem', target: 'same' },
        count: { guard: 'isFew', actions: 'count' },
      },
    },
    same: { tags: ['rest', 'same'] },
  },
});

type Room = { readonly desk: Peer<typeof desk> };
const picked = sometimes<Room>('a job is picked', ({ desk }) => desk.context.current !== null);

function found(own: readonly ('pick' | 'again' | 'count')[], property: Property<Room>): () => unknown {
  const composition = compose({ desk: start(desk) }, { spontaneous: { desk: own }, properties: [property] });
  const model = defineModel({ name: 'desk', build: () => composition });
  return () => check(model, model.variants[0]!).verdicts.find(({ property: name }) => name === property.name)?.kind;
}

describe('whether two equal objects are one', () => {
  test('is not to be asked by a guard', () => {
    const same = never<Room>('no job is found again', ({ desk }) => desk.hasTag('same'), { witness: picked });
    expect(found(['pick', 'again'], same)).toThrow(/guard "isOneOfThem" is impure[\s\S]*equal objects one/);
  });

  test('is not to be asked by a property of states', () => {
    const never1 = never<Room>(
      'the current job is a new one',
      ({ desk: { context } }) => context.jobs.includes(context.current!),
      {
        witness: picked,
      },
    );
    expect(found(['pick'], never1)).toThrow(/property "the current job is a new one" is impure|equal objects one/);
  });

  test('is not to be asked of parts by a property of steps', () => {
    const kept = step<Room>(
      'the list is kept',
      ({ before, after }) => before.desk.context.jobs === after.desk.context.jobs,
    );
    expect(found(['count'], kept)).toThrow(/equal objects one/);
  });

  test('may be asked of whole contexts: there equal is one, in the search and in what confirms it', () => {
    const moves = step<Room>(
      'a context is never another',
      ({ before, after }) => before.desk.context === after.desk.context,
    );
    expect(found(['count'], moves)()).toBe('violated');
    expect(
      found(
        ['pick'],
        step<Room>('s', ({ before, after }) => before.desk.context !== after.desk.context),
      )(),
    ).toBe('holds');
  });
});
