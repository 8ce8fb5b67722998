import { assign, emit, setup } from 'xstate';
import type { CallbackAnswer, Code, Holder, Meta } from './messages.ts';

/**
 * dax_holder_notify_failure(): from the device to its holder, inside one read section of dax_srcu.
 *
 * Kept: DAXDEV_ALIVE and holder_ops are loaded one after the other, and holder_ops is loaded a second time to be called
 * through (N3, N4); a put does not wait for readers, so the second load may find what the first did not (KB-12). The
 * callback runs inside the read section, however long it takes. Left out: what becomes of the read section of a thread
 * that dies in it.
 *
 * `loadsOnce` is the repair of KB-12: what N3 has loaded is what N4 calls. `asksAlive` is not chosen only where a design calls
 * the holder of a device that it has killed before.
 */
export const notifierMachine = setup({
  types: {
    context: {} as {
      readonly loadsOnce: boolean;
      readonly asksAlive: boolean;
      readonly unowned: 'EOPNOTSUPP' | 'ok';
      readonly poison: number;
      readonly opsOf: Holder | null;
    },
    input: {} as {
      readonly loadsOnce: boolean;
      readonly asksAlive?: boolean;
      /** What it answers where nobody is registered; success is what a reviewer proposed. */
      readonly unowned?: 'EOPNOTSUPP' | 'ok';
    },
    events: {} as
      | { type: 'notification.asked'; poison: number }
      | { type: 'alive.read'; alive: boolean }
      | { type: 'ops.read' | 'ops.called'; set: boolean; of?: Holder | null }
      | { type: 'thread.died' | 'thread.ended' }
      | CallbackAnswer,
    emitted: {} as
      | { type: 'failure.notified'; poison: number }
      | { type: 'notification.answered'; poison: number; code: Code; met: boolean }
      | { type: 'thread.died'; poison: number },
    tags: {} as 'rest' | 'reading' | 'calling' | 'torn',
    meta: {} as Meta,
  },
  guards: {
    isAlive: ({ context, event }) => !context.asksAlive || ('alive' in event && event.alive),
    isSet: ({ event }) => 'set' in event && event.set,
    isLoadedAlready: ({ context }) => context.loadsOnce,
  },
  actions: {
    note: assign({ poison: ({ event }) => ('poison' in event ? event.poison : -1) }),
    noteOps: assign({ opsOf: ({ event }) => ('of' in event && event.of !== undefined ? event.of : null) }),
    forget: assign({ poison: -1, opsOf: null }),
    call: emit(({ context }) => ({ type: 'failure.notified', poison: context.poison })),
    refuse: emit(({ context }, code: { readonly code: Code }) => ({
      type: 'notification.answered',
      poison: context.poison,
      ...code,
      met: false,
    })),
    decline: emit(({ context }) => ({
      type: 'notification.answered',
      poison: context.poison,
      code: context.unowned,
      met: false,
    })),
    pass: emit(({ context, event }) => ({
      type: 'notification.answered',
      poison: context.poison,
      code: 'code' in event ? event.code : 'EIO',
      met: 'met' in event && event.met,
    })),
    die: emit(({ context }) => ({ type: 'thread.died', poison: context.poison })),
  },
}).createMachine({
  id: 'notifier',
  context: ({ input }) => ({ asksAlive: true, unowned: 'EOPNOTSUPP', ...input, poison: -1, opsOf: null }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: { 'notification.asked': { target: 'entered', actions: 'note', meta: { step: 'N1' } } },
    },
    entered: {
      tags: 'reading',
      on: {
        'alive.read': [
          { guard: 'isAlive', target: 'admitted', meta: { step: 'N2' } },
          {
            target: 'idle',
            actions: [{ type: 'refuse', params: { code: 'ENXIO' } }, 'forget'],
            meta: { step: 'N2' },
          },
        ],
      },
    },
    admitted: {
      tags: 'reading',
      on: {
        'ops.read': [
          { guard: 'isSet', target: 'resolved', actions: 'noteOps', meta: { step: 'N3' } },
          {
            target: 'idle',
            actions: ['decline', 'forget'],
            meta: { step: 'N3' },
          },
        ],
      },
    },
    resolved: {
      tags: 'reading',
      on: {
        'ops.called': [
          { guard: 'isLoadedAlready', target: 'calling', actions: 'call', meta: { step: 'N4' } },
          { guard: 'isSet', target: 'calling', actions: ['noteOps', 'call'], meta: { step: 'N4' } },
          { target: 'torn', meta: { step: 'N4' } },
        ],
      },
    },
    calling: {
      tags: ['reading', 'calling'],
      on: {
        'failure.handled': { target: 'idle', actions: ['pass', 'forget'], meta: { step: 'N5' } },
        'thread.died': { target: 'idle', actions: ['die', 'forget'] },
      },
    },
    torn: {
      description: 'holder_ops was there at N3 and is NULL at N4: a call through a NULL pointer.',
      tags: ['reading', 'torn'],
      on: { 'thread.ended': { target: 'idle', actions: ['die', 'forget'] } },
    },
  },
});
