import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign, emit } from 'xstate';
import { check } from '../../src/explore/check.ts';
import { defineModel, start } from '../../src/explore/model.ts';
import { reference } from '../reference.ts';
import { loose, machine, tries } from './kit.ts';

const tags = ['red', 'blue', 'green'] as const;
type Tag = (typeof tags)[number];

/** Goes through states that have these tags, one after the other, round and round; every tag is in some state that it may have. */
const traveller = (states: readonly (readonly Tag[])[]) =>
  machine({
    id: 'traveller',
    initial: 's0',
    states: {
      ...Object.fromEntries(
        states.map((own, i) => [`s${i}`, { tags: [...own, 'rest'], on: { on: `s${(i + 1) % states.length}` } }]),
      ),
      elsewhere: { tags: [...tags] },
    },
  });

/** Notes what it was made to do last; each thing is done where the traveller has all tags of a question, asked in that order. */
const watcher = (count: number) =>
  machine({
    id: 'watcher',
    tags: 'rest',
    context: { last: -1 },
    on: Object.fromEntries(Array.from({ length: count }, (_, i) => [`do${i}`, { actions: assign({ last: i }) }])),
  });

interface Room {
  readonly traveller: { hasTag(tag: Tag): boolean };
}

const watched = (questions: readonly (readonly Tag[])[], journey: readonly (readonly Tag[])[]) =>
  loose(
    { watcher: start(watcher(questions.length)), traveller: start(traveller(journey)) },
    {
      spontaneous: {
        watcher: questions.map((question, i) => ({
          type: `do${i}`,
          when: ({ traveller }: Room) => question.every((tag) => traveller.hasTag(tag)),
        })),
        traveller: ['on'],
      },
    },
  );

test('what several things that one actor may do look at in one state says nothing of what they look at in another', () => {
  // mostly such as begin alike, and go on where the answer was yes
  const question = fc.oneof(
    fc.nat(3).map((length) => tags.slice(0, length)),
    fc.shuffledSubarray([...tags]),
  );
  const questions = fc.array(question, { minLength: 1, maxLength: 4 });
  const journeys = fc.array(fc.subarray([...tags]), { minLength: 3, maxLength: 6 });
  fc.assert(
    fc.property(questions, journeys, (asked, journey) => {
      const expected = reference(watched(asked, journey));
      const model = defineModel({ name: 'watched', build: () => watched(asked, journey) });
      // two actors without mailboxes: whatever is divided, they are the halves
      const { stats } = check(model, model.variants[0]!, {
        tuning: { divideAt: 1, mustPayAt: Number.POSITIVE_INFINITY },
      });
      const { states, transitions, depth } = stats;
      expect({ states, transitions, depth }).toEqual({
        states: expected.states,
        transitions: expected.transitions,
        depth: expected.depth,
      });
    }),
    tries(300),
  );
});

test('an actor whose messages go out one by one has few joints of several, however many sets of them there are', () => {
  const messages = Array.from({ length: 8 }, (_, i) => `do${i}`);
  const doer = machine({
    id: 'doer',
    tags: 'rest',
    context: { done: [] as string[] },
    on: Object.fromEntries(
      messages.map((type) => [
        type,
        {
          guard: ({ context }: { context: { done: string[] } }) => !context.done.includes(type),
          actions: [
            assign(({ context }: { context: { done: string[] } }) => ({ done: [...context.done, type].sort() })),
            emit({ type: 'told' }),
          ],
        },
      ]),
    ),
  });
  const up = assign(({ context }: { context: { n: number } }) => ({ n: (context.n + 1) % 3 }));
  const peer = machine({
    id: 'peer',
    tags: 'rest',
    context: { n: 0 },
    on: { told: { actions: up }, turn: { actions: up } },
  });
  const composition = () =>
    loose(
      { doer: start(doer), peer: start(peer) },
      { wires: { doer: { told: 'peer' } }, spontaneous: { doer: messages, peer: ['turn'] } },
    );
  const expected = reference(composition());
  const model = defineModel({ name: 'one-by-one', build: composition });
  const { stats, figures } = check(model, model.variants[0]!, {
    tuning: { divideAt: 1, mustPayAt: Number.POSITIVE_INFINITY },
    figures: true,
  });
  expect(stats).toMatchObject({ states: expected.states, transitions: expected.transitions, depth: expected.depth });
  const { keeping } = figures!;
  expect(keeping).toMatchObject({ as: 'halves' });
  // 8 of one message, 16 of several, and one of the peer
  expect(keeping.as === 'halves' && keeping.joints).toBeLessThanOrEqual(25);
});
