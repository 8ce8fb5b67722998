import { describe, expect, test } from 'vitest';
import { cancel, raise } from 'xstate';
import { start } from '../../src/explore/model.ts';
import { checked, loose, machine, refusalOf, sizeOf } from './kit.ts';

describe('a delay', () => {
  const waiting = (config: object, spontaneous: readonly unknown[] = []) =>
    sizeOf(
      checked(loose({ a: start(machine({ id: 'a', tags: 'rest', ...config })) }, { spontaneous: { a: spontaneous } })),
    );
  const states = (waiting: object) => ({ initial: 'waiting', states: { waiting, over: {} } });

  test('is armed as its state is entered, and fires once', () => {
    expect(waiting(states({ after: { 10: 'over' } }))).toEqual([2, 1, 0, 0, 1]);
    expect(waiting({ after: { 10: {} } })).toEqual([2, 1, 0, 0, 1]);
  });

  test('is disarmed as its state is left', () => {
    // waiting for both or for the longer one, and over, where nothing is armed
    expect(waiting(states({ after: { 10: 'over', 20: {} }, on: { left: 'over' } }), ['left'])).toEqual([3, 5, 0, 0, 1]);
  });

  test('is armed anew as its state is entered again', () => {
    const again = { target: 'waiting', reenter: true };
    // waiting and over; from waiting it may fire or be entered again
    expect(waiting(states({ after: { 10: 'over' }, on: { again } }), ['again'])).toEqual([2, 2, 0, 0, 1]);
  });

  test('whose guard is false is spent', () => {
    expect(waiting(states({ after: { 10: { guard: () => false, target: 'over' } } }))).toEqual([2, 1, 0, 0, 1]);
  });

  test('may come in any order with others, however long they are', () => {
    // both armed, either alone, none
    expect(waiting({ after: { 10: {}, 1000: {} } })).toEqual([4, 4, 0, 0, 2]);
  });

  test('of a raise is told apart by its id, and can be cancelled', () => {
    const raised = (id: string) => raise({ type: 'rung' }, { delay: 10, id });
    expect(waiting({ entry: [raised('one'), raised('two')], on: { rung: {} } })).toEqual([4, 4, 0, 0, 2]);
    expect(
      waiting({ entry: [raised('one')], on: { rung: {}, stopped: { actions: cancel('one') } } }, ['stopped']),
    ).toEqual([2, 3, 0, 0, 1]);
    expect(waiting({ entry: [raised('one'), cancel('one')], on: { rung: {} } })).toEqual([1, 0, 0, 0, 0]);
  });

  test('of a raise without an id is refused', () => {
    const refusal = refusalOf(() => waiting({ entry: raise({ type: 'rung' }, { delay: 10 }), on: { rung: {} } }));
    expect(refusal).toMatchObject({ headline: 'a delayed raise without an id', where: 'a, as it starts' });
    expect(refusal.instead).toContain('id');
  });

  test('in one region is armed while the other one moves', () => {
    const left = { initial: 'waiting', states: { waiting: { after: { 10: 'over' } }, over: {} } };
    const right = { initial: 'one', states: { one: { on: { moved: 'two' } }, two: { on: { moved: 'one' } } } };
    expect(waiting({ type: 'parallel', states: { left, right } }, ['moved'])).toEqual([4, 6, 0, 0, 2]);
  });
});
