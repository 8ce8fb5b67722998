import { assign, setup } from 'xstate';
import { type Composition, compose, replicate } from '../../src/explore/model.ts';
import { type Sometimes, sometimes } from '../../src/explore/property.ts';

interface Counters {
  readonly counter: readonly { readonly context: { readonly n: number } }[];
}

/**
 * Three that count to twenty: 9,261 states.
 *
 * @param wrongAt the number at which a counter's guard throws, if it does
 */
export function counters(wrongAt: number | null): Composition {
  const counter = setup({
    types: { context: {} as { n: number }, events: {} as { type: 'tick' }, tags: {} as 'rest' },
    guards: {
      low: ({ context }) => {
        if (context.n === wrongAt) throw new Error('it was never tried so far');
        return context.n < 20;
      },
    },
    actions: { count: assign({ n: ({ context }) => context.n + 1 }) },
  }).createMachine({
    context: { n: 0 },
    initial: 'on',
    states: { on: { tags: 'rest', on: { tick: { guard: 'low', actions: 'count' } } } },
  });
  const end: Sometimes<Counters> = sometimes('all are at the end', ({ counter: all }) =>
    all.every(({ context }) => context.n === 20),
  );
  return compose({ counter: replicate(counter, 3) }, { spontaneous: { counter: ['tick'] }, properties: [end] });
}
