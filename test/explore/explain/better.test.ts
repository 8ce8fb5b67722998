import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import { check } from '../../../src/explore/check.ts';
import type { Explanation } from '../../../src/explore/explain/explanation.ts';
import { compose, defineModel, type Peer, start } from '../../../src/explore/model.ts';
import { never, sometimes } from '../../../src/explore/property.ts';

/** Somebody who uses a thing: opens it, and closes it if it is a good day. */
const user = setup({
  types: { events: {} as { type: 'opens' | 'closes' | 'fails' }, tags: {} as 'open' | 'rest' },
}).createMachine({
  id: 'user',
  initial: 'away',
  states: {
    away: { tags: 'rest', on: { opens: 'using' } },
    using: { tags: ['open', 'rest'], on: { closes: 'gone', fails: 'gone' } },
    gone: { tags: 'rest' },
  },
});

/** Somebody who takes it away. */
const owner = setup({
  types: { events: {} as { type: 'frees' | 'asked' }, tags: {} as 'freed' | 'rest' },
}).createMachine({
  id: 'owner',
  initial: 'has',
  states: {
    has: { tags: 'rest', on: { frees: 'without', asked: 'willing' } },
    willing: { on: { frees: 'without' } },
    without: { tags: ['freed', 'rest'] },
  },
});

interface Room {
  readonly user: Peer<typeof user>;
  readonly owner: Peer<typeof owner>;
}

interface World {
  /** What the user does by itself; an error may be met in any case. */
  readonly closes: boolean;
  /** Whether the owner frees by itself, as an event of the environment, or asked to by the environment. */
  readonly frees: 'itself' | 'environment' | 'asked';
}

function explanationOf({ closes, frees }: World): Explanation {
  const together = never<Room>(
    'what is open is freed',
    ({ user, owner }) => user.hasTag('open') && owner.hasTag('freed'),
    {
      witness: sometimes('it is freed', ({ owner }) => owner.hasTag('freed')),
    },
  );
  const model = defineModel({
    name: 'thing',
    build: () =>
      compose(
        { user: start(user), owner: start(owner) },
        {
          wires: {},
          spontaneous: {
            user: [
              { type: 'opens', environment: true, when: ({ owner }) => !owner.hasTag('freed') },
              { type: 'closes', when: () => closes },
              { type: 'fails', environment: true },
            ],
            owner: [
              { type: 'asked', environment: true, when: () => frees === 'asked' },
              {
                type: 'frees',
                ...(frees === 'environment' && { environment: true }),
                when: ({ owner }) => frees !== 'asked' || !owner.hasTag('rest'),
              },
            ],
          },
          properties: [together],
        },
      ),
  });
  const [verdict] = check(model, model.variants[0]!, { explain: true }).verdicts;
  return verdict!.explanation!;
}

describe('what should have happened instead', () => {
  test('is a step that was not waited for', () => {
    const { instead, tooLate, alone } = explanationOf({ closes: true, frees: 'itself' });
    expect(instead).toMatchObject({ same: 1, awaited: { step: 1 }, next: 2 });
    expect([tooLate, alone]).toEqual([undefined, undefined]);
  });

  test('is no error that somebody might have met: it is told when it is too late', () => {
    const { instead, tooLate, alone } = explanationOf({ closes: false, frees: 'itself' });
    expect([instead, tooLate, alone]).toEqual([undefined, 2, undefined]);
  });

  test('is not that the environment does nothing, but that it does so later', () => {
    const { instead } = explanationOf({ closes: true, frees: 'environment' });
    expect(instead).toMatchObject({ same: 1, early: true, awaited: { step: 1 }, next: 2, steps: [{}, {}] });
  });
});

describe('that one goes wrong alone', () => {
  test('is said where all others have gone on as far as they can before', () => {
    expect(explanationOf({ closes: false, frees: 'asked' })).toMatchObject({ alone: { actor: 'owner', self: 0 } });
  });

  test('is not said where somebody could have gone on in between', () => {
    const { alone, instead } = explanationOf({ closes: true, frees: 'asked' });
    expect(alone).toBeUndefined();
    expect(instead).toMatchObject({ awaited: { step: 1 } });
  });
});
