import { assign, setup } from 'xstate';

/**
 * One page of persistent memory, as the hardware has it: what a load from it gives.
 *
 * Kept: poison, which a load meets as a machine check; that clearing the poison brings no data back, so that the page has then
 * still to be written; the two halves of a page, because a copy takes time and may end in the middle. The firmware may
 * fail to clear, and then for good. Left out: stores to part of a half; a page that somebody has written once is
 * whole, whoever writes over it. Poison that comes a second time.
 *
 * `afterClear`: what a clear does to a page that has no poison any more. Firmware promises nothing about the content of what it
 * has cleared, so that the content is undefined again; that it stays as it is is the friendly guess.
 */
export const mediaMachine = setup({
  types: {
    context: {} as MediaInput & { readonly clearable: boolean },
    input: {} as MediaInput,
    events: {} as
      | { type: 'poison.cleared' | 'firmware.failed' }
      | { type: 'half.written'; page: number; half: 'front' | 'back' },
    tags: {} as 'rest' | 'poisoned' | 'undefined' | 'whole',
  },
  guards: {
    isPoisoned: ({ context }) => context.poisoned,
    isFront: ({ event }) => 'half' in event && event.half === 'front',
    isBack: ({ event }) => 'half' in event && event.half === 'back',
    isClearable: ({ context }) => context.clearable,
    isKept: ({ context }) => context.afterClear === 'keepsContent',
  },
  actions: { breakFirmware: assign({ clearable: false }) },
}).createMachine({
  id: 'media',
  context: ({ input }) => ({ ...input, clearable: true }),
  initial: 'found',
  states: {
    found: { always: [{ guard: 'isPoisoned', target: 'poisoned' }, { target: 'sound.whole' }] },
    poisoned: {
      tags: ['rest', 'poisoned'],
      // What is written onto poison cannot be read for it.
      on: {
        'poison.cleared': [{ guard: 'isClearable', target: 'sound' }, {}],
        'half.written': {},
        'firmware.failed': { actions: 'breakFirmware' },
      },
    },
    sound: {
      tags: 'rest',
      initial: 'empty',
      on: { 'poison.cleared': [{ guard: 'isKept' }, { target: '.empty' }] },
      states: {
        empty: {
          tags: 'undefined',
          on: { 'half.written': [{ guard: 'isFront', target: 'front' }, { target: 'back' }] },
        },
        front: { tags: 'undefined', on: { 'half.written': [{ guard: 'isBack', target: 'whole' }, {}] } },
        back: { tags: 'undefined', on: { 'half.written': [{ guard: 'isFront', target: 'whole' }, {}] } },
        whole: { tags: 'whole', on: { 'half.written': {} } },
      },
    },
  },
});

interface MediaInput {
  readonly poisoned: boolean;
  readonly afterClear: 'undefinesContent' | 'keepsContent';
}
