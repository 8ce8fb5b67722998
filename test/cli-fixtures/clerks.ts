import { assign, emit, setup } from 'xstate';

/** A shared variable. It is written in the step of whoever writes it. */
export const counter = setup({
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

/** Adds one to the variable: a load, then a store. */
export const clerk = setup({
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
