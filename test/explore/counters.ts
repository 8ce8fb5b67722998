import { type AnyStateMachine, assign } from 'xstate';
import { type Composition, start } from '../../src/explore/model.ts';
import { loose, machine } from './kit.ts';

/** The simplest spaces whose sizes and depths are known: counters, alone or side by side. */

export interface Counted {
  readonly context: { readonly n: number };
}

/** Counts up to `most`, and then stops. */
export const counterTo = (most: number): AnyStateMachine =>
  machine({
    id: 'counter',
    tags: 'rest',
    context: { n: 0 },
    on: {
      counted: {
        guard: ({ context }: Counted) => context.n < most,
        actions: assign({ n: ({ context }: Counted) => context.n + 1 } as never),
      },
    },
  });

/** Two counters side by side: the states are the points of a square, and a point's depth is the sum of its sides. */
export const twoCounters = (most: number, properties: readonly unknown[] = []): Composition =>
  loose(
    { a: start(counterTo(most)), b: start(counterTo(most)) },
    { spontaneous: { a: ['counted'], b: ['counted'] }, properties },
  );
