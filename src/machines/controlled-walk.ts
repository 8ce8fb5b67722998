import { emit, setup } from 'xstate';

/**
 * A file system that walks its owners for a controller (xfs_fs_storage_lost() of the first series), or calls the kill directly.
 *
 * Kept: whether it answers when the walk is done or when it has begun, and whether it looks behind the pointer that it was given.
 * Left out: the walk (`handler.ts`).
 */
export const controlledWalkMachine = setup({
  types: {
    context: {} as ControlledInput,
    input: {} as ControlledInput,
    events: {} as { type: 'walk.called' | 'walk.begun' | 'walk.ended' } | { type: 'owner.found'; gone: boolean },
    emitted: {} as { type: 'walk.returned' },
    tags: {} as 'rest' | 'dangling' | 'told',
  },
  guards: {
    isEarly: ({ context }) => context.answers === 'whenBegun',
    isDangling: ({ context, event }) => context.calls === 'byController' && 'gone' in event && event.gone,
  },
  actions: { answer: emit({ type: 'walk.returned' }) },
}).createMachine({
  id: 'controlledWalk',
  context: ({ input }) => input,
  initial: 'quiet',
  states: {
    quiet: { tags: 'rest', on: { 'walk.called': 'called' } },
    called: {
      on: { 'walk.begun': [{ guard: 'isEarly', target: 'walking', actions: 'answer' }, { target: 'walking' }] },
    },
    walking: { on: { 'owner.found': [{ guard: 'isDangling', target: 'dangling' }, { target: 'told' }] } },
    told: {
      tags: 'told',
      on: {
        'walk.ended': [
          { guard: 'isEarly', target: 'done' },
          { target: 'done', actions: 'answer' },
        ],
      },
    },
    dangling: {
      description: 'A call through a controller that was on the stack of a function that has returned.',
      tags: ['rest', 'dangling'],
    },
    done: { tags: ['rest', 'told'] },
  },
});

interface ControlledInput {
  /** When it answers: an asynchronous file system has only begun. */
  readonly answers: 'whenDone' | 'whenBegun';
  readonly calls: 'byController' | 'directly';
}
