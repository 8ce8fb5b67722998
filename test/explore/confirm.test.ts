import { describe, expect, test } from 'vitest';
import { assign } from 'xstate';
import { confirm } from '../../src/explore/confirm.ts';
import { judgesOf, unhandledJudge } from '../../src/explore/judge.ts';
import { type Composition, start } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';
import { ReplayFault } from '../../src/explore/replay.ts';
import { search } from '../../src/explore/search.ts';
import { compile } from '../../src/explore/system.ts';
import { loose, machine } from './kit.ts';

interface Counted {
  readonly context: { readonly n: number };
}
type Room = { readonly a: Counted };

const reached = sometimes<Room>('two', ({ a }) => a.context.n === 2);
const small = always<Room>('small', ({ a }) => a.context.n < 2, { witness: reached });

/** Counts to 3, by so many at a time. */
const counting = (by: number): Composition => {
  const count = assign({ n: ({ context }: Counted) => context.n + by } as never);
  const guard = ({ context }: Counted) => context.n < 3;
  const actor = machine({ id: 'a', tags: 'rest', context: { n: 0 }, on: { counted: { guard, actions: count } } });
  return loose({ a: start(actor) }, { spontaneous: { a: ['counted'] }, properties: [small] });
};

/** What the search finds out about counting by ones. */
function searched() {
  const system = compile(counting(1));
  const judges = judgesOf(system, {});
  const { store } = search(system, {
    state: (...told) => judges.forEach((judge) => void judge.state?.(...told)),
    step: () => true,
    unhandled: () => {},
    expanded: () => {},
    enough: () => false,
  });
  return { system, store, judges };
}

describe('what the search says is confirmed by plain XState', () => {
  const { system, store, judges } = searched();
  const [invariant, witness] = judges as [(typeof judges)[0], (typeof judges)[0]];

  test('or it would not be told', () => {
    for (const judge of [invariant, witness]) {
      expect(confirm(system, judge, judge.found(store)!, true)).toMatchObject({
        steps: 2,
        run: { ends: { at: 'state' } },
      });
    }
    expect(confirm(system, witness, witness.found(store)!, false)).toEqual({ steps: 2 });
  });

  test('and refused where XState comes to another state', () => {
    const other = { ...system, composition: counting(2) };
    expect(() => confirm(other, witness, witness.found(store)!, true)).toThrow(ReplayFault);
    expect(() => confirm(other, witness, witness.found(store)!, true)).toThrow(
      'after 1 steps plain XState is in another state',
    );
  });

  test('and refused where the property is not as it says', () => {
    for (const id of [0, 1, 3]) {
      expect(() => confirm(system, witness, { store, id, step: null }, true)).toThrow('it is not as the search says');
    }
    expect(() => confirm(system, invariant, { store, id: 1, step: null }, true)).toThrow(ReplayFault);
    // a verdict that has a successor is none
    expect(() => confirm(system, unhandledJudge(), { store, id: 1, step: null }, true)).toThrow(ReplayFault);
  });

  test('and refused where a state has lost the way to it', () => {
    const follows = () => false;
    expect(() => confirm(system, witness, { store, id: 2, step: null, follows }, true)).toThrow('lost the step');
  });
});
