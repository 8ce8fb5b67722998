import { describe, expect, test } from 'vitest';
import { raise } from 'xstate';
import { start } from '../../src/explore/model.ts';
import { step } from '../../src/explore/property.ts';
import { checked, loose, machine, order, sizeOf, verdictsOf } from './kit.ts';

describe('a delay', () => {
  test('that is spent brings a message that nobody took', () => {
    const bell = machine({
      id: 'bell',
      tags: 'rest',
      entry: raise({ type: 'rung' }, { delay: 1_000, id: 'bell' }),
      on: { rung: { guard: () => false }, opened: {} },
    });
    const report = checked(
      loose(
        { bell: start(bell) },
        {
          spontaneous: { bell: ['opened'] },
          properties: [
            order('rung before opened', ['bell', 'rung'], ['bell', 'opened']),
            step('nobody takes it', ({ taken }) => taken.every(({ message }) => message.type !== 'rung')),
          ],
        },
      ),
    );
    expect(sizeOf(report)).toEqual([2, 3, 0, 0, 1]);
    expect(verdictsOf(report)).toMatchObject({ 'rung before opened': 'violated 1', 'nobody takes it': 'holds' });
    expect(report.neverTaken?.messages).toEqual([{ actor: 'bell', message: 'rung' }]);
  });
});

describe('what no step ever took', () => {
  test('is listed: messages, and transitions with their guards', () => {
    const door = machine(
      {
        tags: 'rest',
        initial: 'shut',
        states: {
          shut: { on: { opened: 'open', locked: { guard: 'hasKey', target: 'locked' } } },
          open: { after: { 10: 'shut' }, on: { shut: 'shut' } },
          locked: { on: { unlocked: 'shut' }, always: { guard: 'hasKey', target: 'shut' } },
        },
      },
      { guards: { hasKey: () => false } },
    );
    const report = checked(loose({ door: start(door) }, { spontaneous: { door: ['opened', 'locked'] } }));
    const actor = 'door';
    expect(report.neverTaken).toEqual({
      messages: ['locked', 'shut', 'unlocked'].map((message) => ({ actor, message })),
      transitions: ['shut on locked if hasKey', 'open on shut', 'locked on unlocked', 'locked on always if hasKey'].map(
        (transition) => ({ actor, transition }),
      ),
    });
  });

  test('is not what a machine raised itself, nor a wildcard that took something', () => {
    const on = { pressed: { actions: raise({ type: 'rung' }) }, rung: {}, 'door.*': {}, '*': {} };
    const bell = machine({ tags: 'rest', on });
    const report = checked(loose({ bell: start(bell) }, { spontaneous: { bell: ['pressed', 'door.opened'] } }));
    const never = (what: object) => ({ actor: 'bell', ...what });
    expect(report.neverTaken).toEqual({
      messages: [never({ message: '*' })],
      transitions: [never({ transition: '(any state) on *' })],
    });
  });

  test('is not told of a search that was stopped', () => {
    const bell = machine({
      tags: 'rest',
      initial: 'one',
      states: { one: { on: { pressed: 'two' } }, two: { on: { pressed: 'one' } } },
    });
    const composition = loose({ bell: start(bell) }, { spontaneous: { bell: ['pressed'] } });
    expect(checked(composition, { limits: { depth: 0 } }).neverTaken).toBeUndefined();
    expect(checked(composition).neverTaken).toEqual({ messages: [], transitions: [] });
  });
});
