import { describe, expect, test } from 'vitest';
import { emit } from 'xstate';
import { check } from '../../src/explore/check.ts';
import { defineModel, start } from '../../src/explore/model.ts';
import { sometimes } from '../../src/explore/property.ts';
import { isPlainDeadlock, plainStart } from '../../src/explore/replay.ts';
import { reference } from '../reference.ts';
import { loose, machine } from './kit.ts';

type Full = 'drop' | 'block' | 'fail';

const times = (count: number, type: string) => Array.from({ length: count }, () => emit({ type }));

/**
 * A worker that takes a message and sends itself a burst of others in the same step, and then somebody else who sends
 * several in one: what the first has found out about room is no answer to the second.
 */
const bursts = (capacity: number, own: number, others: number, full: Full) =>
  loose(
    {
      worker: start(machine({ id: 'worker', tags: 'rest', on: { burst: { actions: times(own, 'x') }, x: {}, y: {} } })),
      boss: start(
        machine({
          id: 'boss',
          initial: 'fresh',
          states: {
            fresh: { on: { go: { target: 'gone', actions: emit({ type: 'burst' }) } } },
            gone: { on: { more: { target: 'done', actions: times(others, 'y') } } },
            done: { tags: 'rest' },
          },
        }),
      ),
    },
    {
      wires: {
        worker: { x: { queue: 'worker', full: 'drop' } },
        boss: { burst: { queue: 'worker' }, y: { queue: 'worker', full } },
      },
      mailboxes: { worker: { capacity } },
      spontaneous: { boss: ['go', 'more'] },
      properties: [
        sometimes<{ readonly worker: { readonly mailbox: readonly { readonly type: string }[] } }>(
          'as many y wait as there is room for',
          ({ worker }) => worker.mailbox.filter(({ type }) => type === 'y').length === Math.min(capacity, others),
        ),
      ],
    },
  );

describe('bursts into a mailbox', () => {
  for (const capacity of [1, 2, 3]) {
    for (const full of ['drop', 'block', 'fail'] as const) {
      test(`capacity ${capacity}, full: ${full}: whoever sends, and however much at once, finds the room that there is`, () => {
        for (const own of [0, 1, 2, 3, 4]) {
          for (const others of [1, 2, 3, 4]) {
            const model = defineModel({ name: 'bursts', build: () => bursts(capacity, own, others, full) });
            const expected = reference(bursts(capacity, own, others, full));
            for (const divideAt of [1, Number.POSITIVE_INFINITY]) {
              const { stats, verdicts } = check(model, model.variants[0]!, { tuning: { divideAt } });
              const { states, transitions, deadlocks, unhandled, depth } = stats;
              expect({ states, transitions, deadlocks, unhandled, depth }, `${own} and ${others}`).toEqual({
                states: expected.states,
                transitions: expected.transitions,
                deadlocks: expected.deadlocks,
                unhandled: expected.unhandled,
                depth: expected.depth,
              });
              for (const { property, kind } of verdicts) expect(kind).toBe(expected.verdicts.get(property)!.kind);
            }
          }
        }
      });
    }
  }
});

test('a state is a deadlock to plain XState only where nobody but the environment can move', () => {
  const waiting = (spontaneous: readonly unknown[]) =>
    loose(
      { one: start(machine({ id: 'one', initial: 'a', states: { a: { on: { go: 'b' } }, b: { tags: 'rest' } } })) },
      { spontaneous: { one: spontaneous } },
    );
  const isStuck = (spontaneous: readonly unknown[]) =>
    isPlainDeadlock(waiting(spontaneous), plainStart(waiting(spontaneous)));
  expect(isStuck(['go'])).toBe(false);
  expect(isStuck([{ type: 'go', when: () => false }])).toBe(true);
  expect(isStuck([{ type: 'go', environment: true }])).toBe(true);
  // where the message is not in the state's "on", its `when` and `read` may have nothing to look at
  const unasked = () => {
    throw new Error('was asked');
  };
  expect(
    isStuck([
      { type: 'come', when: unasked },
      { type: 'come', read: unasked },
    ]),
  ).toBe(true);
});
