import {
  always,
  compose,
  defineModel,
  type Model,
  type Peer,
  replicate,
  sometimes,
  start,
  type VariantSpec,
} from '../../src/index.ts';
import { clerk, counter } from './clerks.ts';

interface Office {
  readonly counter: Peer<typeof counter>;
  readonly clerk: readonly Peer<typeof clerk>[];
}

const isOver = ({ clerk }: Office) => clerk.every((one) => one.hasTag('done'));

/** The same office, with whatever the test says is expected of it. */
export const lostUpdate = (
  name: string,
  variants: Readonly<Record<string, VariantSpec<{ readonly clerks: readonly [1, 2, 3] }>>>,
): Model =>
  defineModel({
    name,
    about: 'Clerks add one to the same variable.',
    options: { clerks: [1, 2, 3] },
    variants,
    build: ({ clerks }) =>
      compose(
        { counter: start(counter), clerk: replicate(clerk, clerks) },
        {
          wires: { clerk: { 'value.stored': 'counter' } },
          spontaneous: {
            clerk: [{ type: 'value.read', read: ({ counter }) => ({ value: counter.context.value }) }, 'value.written'],
          },
          properties: [
            always<Office>('every addition counts', ({ counter }) => counter.context.value === clerks, {
              when: isOver,
              witness: sometimes<Office>('all clerks are done', isOver),
            }),
          ],
        },
      ),
  });
