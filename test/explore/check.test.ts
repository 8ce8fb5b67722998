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
