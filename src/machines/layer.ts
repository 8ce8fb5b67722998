import { assign, emit, setup } from 'xstate';
import type { CallbackAnswer, Code } from './messages.ts';

/**
 * One operation on the way from memory_failure() to a file system, and the call of it: ->memory_failure of the page
 * map, ->corrupted_range of the block device, of the super block or of the address space.
 *
 * Kept: the operation is there, and calls what is below it; or it is not, because its implementer has not come yet or
 * never will, and then the caller makes an answer of that. A skeleton that does nothing but answer is the same to
 * everybody else. Left out: what an operation does on the way, which is to translate a range.
 */
export const layerMachine = setup({
  types: {
    context: {} as LayerInput & { readonly poison: number },
    input: {} as LayerInput,
    events: {} as
      | { type: 'notification.asked' | 'failure.notified'; poison: number }
      | { type: 'operation.read'; is: 'there' | Code }
      | CallbackAnswer,
    emitted: {} as
      | { type: 'failure.notified'; poison: number }
      | { type: 'notification.answered' | 'failure.handled'; poison: number; code: Code; met: boolean },
    tags: {} as 'rest' | 'calling',
  },
  guards: {
    isThere: ({ event }) => 'is' in event && event.is === 'there',
  },
  actions: {
    note: assign({ poison: ({ event }) => ('poison' in event ? event.poison : -1) }),
    forget: assign({ poison: -1 }),
    call: emit(({ context }) => ({ type: 'failure.notified', poison: context.poison })),
    pass: emit(({ context, event }) => ({
      type: answerTo(context.caller),
      poison: context.poison,
      code: 'code' in event ? event.code : 'EIO',
      met: 'met' in event && event.met,
    })),
    goWithout: emit(({ context, event }) => ({
      type: answerTo(context.caller),
      poison: context.poison,
      code: 'is' in event && event.is !== 'there' ? event.is : 'EIO',
      met: false,
    })),
  },
}).createMachine({
  id: 'layer',
  context: ({ input }) => ({ ...input, poison: -1 }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: {
        'notification.asked': { target: 'called', actions: 'note' },
        'failure.notified': { target: 'called', actions: 'note' },
      },
    },
    called: {
      on: {
        'operation.read': [
          { guard: 'isThere', target: 'calling', actions: 'call' },
          { target: 'idle', actions: ['goWithout', 'forget'] },
        ],
      },
    },
    calling: { tags: 'calling', on: { 'failure.handled': { target: 'idle', actions: ['pass', 'forget'] } } },
  },
});

export interface LayerInput {
  /** Who calls it, and so what its answer is called. */
  readonly caller: 'memory_failure' | 'layer';
}

const answerTo = (caller: LayerInput['caller']) =>
  caller === 'memory_failure' ? 'notification.answered' : 'failure.handled';
