import { always, compose, defineModel, type Peer, replicate, sometimes, start } from 'holdfast';
import { assign, emit, setup } from 'xstate';

/** A shared variable. It is written in the step of whoever writes it. */
const counter = setup({
  types: {
    context: {} as { value: number },
    events: {} as { type: 'value.stored'; value: number },
    tags: {} as 'rest',
  },
  actions: {
    store: assign({ value: ({ event }) => event.value }),
  },
}).createMachine({
  id: 'counter',
  context: { value: 0 },
  initial: 'ready',
  states: {
    ready: { tags: 'rest', on: { 'value.stored': { actions: 'store' } } },
  },
});

/** Adds one to the variable: a load, then a store. Nothing keeps a second clerk from coming in between. */
const clerk = setup({
  types: {
    context: {} as { seen: number },
    events: {} as { type: 'value.read'; value: number } | { type: 'value.written' },
    emitted: {} as { type: 'value.stored'; value: number },
    tags: {} as 'done',
  },
  actions: {
    load: assign({ seen: ({ event }) => ('value' in event ? event.value : 0) }),
    store: emit(({ context }) => ({ type: 'value.stored', value: context.seen + 1 })),
  },
}).createMachine({
  id: 'clerk',
  context: { seen: 0 },
  initial: 'idle',
  states: {
    idle: { on: { 'value.read': { target: 'loaded', actions: 'load' } } },
    loaded: { on: { 'value.written': { target: 'done', actions: 'store' } } },
    done: { type: 'final', tags: 'done' },
  },
});

interface Office {
  readonly counter: Peer<typeof counter>;
  readonly clerk: readonly Peer<typeof clerk>[];
}

const isOver = ({ clerk }: Office) => clerk.every((one) => one.hasTag('done'));

export default defineModel({
  name: 'lost-update',
  about: 'Two clerks add one to the same variable.',
  options: { clerks: [1, 2] },
  variants: {
    alone: {},
    together: { option: { clerks: 2 }, expect: { 'every addition counts': 'violated' } },
  },
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
