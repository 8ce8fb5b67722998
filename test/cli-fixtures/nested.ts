import { emit, setup } from 'xstate';

/** States in states, regions side by side, delays, ends, and arrows that lead from one level to another. */
export const nested = setup({
  types: {
    events: {} as { type: 'begin' | 'pause' | 'resume' | 'ready' | 'tick' | 'abort' | 'reset' | 'noise' },
    emitted: {} as { type: 'told' },
    tags: {} as 'rest' | 'running',
  },
  guards: { isFast: () => true },
  actions: { tell: emit({ type: 'told' }) },
  delays: { soon: 10 },
}).createMachine({
  id: 'nested',
  initial: 'idle',
  on: { reset: '.idle', noise: {} },
  states: {
    idle: { tags: 'rest', description: 'Nothing has been asked.', on: { begin: 'busy' } },
    busy: {
      initial: 'loading',
      tags: 'running',
      on: { abort: { target: 'over', actions: 'tell' }, tick: {} },
      states: {
        loading: { on: { ready: { guard: 'isFast', target: 'working' } }, after: { soon: 'working' } },
        working: {
          type: 'parallel',
          on: { pause: 'waiting' },
          states: {
            left: {
              initial: 'a',
              states: { a: { on: { tick: 'b' } }, b: { on: { tick: 'a', ready: '#nested.over' } } },
            },
            right: { initial: 'c', states: { c: { on: { tick: 'd' } }, d: { type: 'final' } } },
          },
        },
        waiting: { on: { resume: 'working', tick: { actions: 'tell' } } },
      },
    },
    over: { type: 'final' },
  },
});
