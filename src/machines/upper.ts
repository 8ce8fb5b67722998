import { assign, emit, setup } from 'xstate';
import type { CallbackAnswer, Code, Meta } from './messages.ts';

/**
 * A mounted file system as those below it see it: it is told of a range, takes the mappings in it away, tells whoever
 * has lost something, and shuts down or goes on.
 *
 * It stands for handler.ts and pre-remove.ts where the question is not how they walk, but whether they are called, for
 * which range, and what follows. Kept: the order of the questions (is the range mine, can I look owners up), what is
 * done for the log and for realtime, and that a removal ends in a shutdown whatever it was that went (R8). Left out:
 * readiness, locks, freeze, metadata, and the walk itself, which is one step here.
 *
 * What a kernel does not know: a range that has moved, a file system that goes on without what it does not need
 * (`unneeded`, `deadDisk`), and one that shuts down for file data (`onData`).
 */
export const upperMachine = setup({
  types: {
    context: {} as Required<UpperInput> & { readonly range: number; readonly means: Meaning; readonly lost: boolean },
    input: {} as UpperInput,
    events: {} as
      | { type: 'failure.notified' | 'notification.asked'; poison: number }
      | { type: 'range.located'; own: boolean; means: Meaning }
      | { type: 'owners.found' | 'shutdown.decided' | 'filesystem.shut' },
    emitted: {} as
      | CallbackAnswer
      | { type: 'page.unmapped' | 'task.signalled'; block: number }
      | { type: 'filesystem.shut' },
    tags: {} as 'rest' | 'called' | 'walking',
    meta: {} as Meta,
  },
  guards: {
    isAskingFeaturesFirst: ({ context }) => context.asksFirst === 'features' && !context.hasRmap,
    isForeign: ({ event }) => 'own' in event && !event.own,
    isIgnoredLog: ({ context, event }) =>
      context.device === 'log' && context.ignoresLog && 'means' in event && event.means !== 'failed',
    isLog: ({ context }) => context.device === 'log',
    isUnknown: ({ context }) => !context.hasRmap || (context.device === 'realtime' && !context.knowsRealtime),
    isShuttingForData: ({ context, event }) =>
      context.onData === 'shutDown' && 'means' in event && event.means === 'failed',
    isElsewhere: ({ context }) => context.means === 'moved',
    isShutting: ({ context }) =>
      context.means === 'failed'
        ? context.device === 'log' || context.onData === 'shutDown'
        : context.unneeded === 'shutDown' || (context.means === 'going' && context.device !== 'realtime'),
    isObeying: ({ context }) => context.deadDisk === 'shutsDown' || context.device !== 'realtime',
  },
  actions: {
    note: assign({ range: ({ event }) => ('poison' in event ? event.poison : -1) }),
    noteMeaning: assign({ means: ({ event }) => ('means' in event ? event.means : 'failed') }),
    noteLoss: assign({ lost: true }),
    forget: assign({ range: -1, means: 'failed' }),
    unmap: emit(({ context }) => ({ type: 'page.unmapped', block: context.range })),
    tell: emit(({ context }) => ({ type: 'task.signalled', block: context.range })),
    shut: emit({ type: 'filesystem.shut' }),
    answer: emit(({ context }, { code, met }: { readonly code: Code; readonly met: boolean }) => ({
      type: 'failure.handled',
      poison: context.range,
      code,
      met,
    })),
  },
}).createMachine({
  id: 'upper',
  context: ({ input }) => ({
    hasRmap: true,
    asksFirst: 'range',
    knowsRealtime: true,
    onData: 'tell',
    ...input,
    range: -1,
    means: 'failed',
    lost: false,
  }),
  initial: 'idle',
  // The block layer says, at a time of its own, that the device is dead. The callback obeys, or asks what it has lost.
  on: { 'filesystem.shut': [{ guard: 'isObeying', actions: 'shut', meta: { step: 'K7' } }, {}] },
  states: {
    idle: {
      tags: 'rest',
      on: {
        'failure.notified': { target: 'called', actions: 'note', meta: { step: 'H1' } },
        'notification.asked': { target: 'called', actions: 'note', meta: { step: 'H1' } },
      },
    },
    called: {
      tags: 'called',
      on: {
        'range.located': [
          {
            guard: 'isAskingFeaturesFirst',
            target: 'idle',
            actions: [{ type: 'answer', params: { code: 'EOPNOTSUPP', met: true } }, 'forget'],
            meta: { step: 'H4' },
          },
          {
            guard: 'isForeign',
            target: 'idle',
            actions: [{ type: 'answer', params: { code: 'ENXIO', met: false } }, 'forget'],
            meta: { step: 'H2' },
          },
          {
            guard: 'isIgnoredLog',
            target: 'idle',
            actions: [{ type: 'answer', params: { code: 'ok', met: true } }, 'forget'],
            meta: { step: 'R2' },
          },
          { guard: 'isLog', target: 'walked', actions: 'noteMeaning', meta: { step: 'H2' } },
          {
            guard: 'isUnknown',
            target: 'idle',
            actions: [{ type: 'answer', params: { code: 'EOPNOTSUPP', met: true } }, 'forget'],
            meta: { step: 'H4' },
          },
          { guard: 'isShuttingForData', target: 'walked', actions: 'noteMeaning' },
          { target: 'walking', actions: 'noteMeaning', meta: { step: 'H4' } },
        ],
      },
    },
    walking: {
      tags: ['called', 'walking'],
      on: {
        'owners.found': [
          { guard: 'isElsewhere', target: 'walked', actions: 'unmap' },
          { target: 'walked', actions: ['noteLoss', 'unmap', 'tell'], meta: { step: 'H6' } },
        ],
      },
    },
    walked: {
      tags: 'called',
      on: {
        'shutdown.decided': [
          {
            guard: 'isShutting',
            target: 'idle',
            actions: ['shut', { type: 'answer', params: { code: 'ok', met: true } }, 'forget'],
            meta: { step: 'R8' },
          },
          {
            target: 'idle',
            actions: [{ type: 'answer', params: { code: 'ok', met: true } }, 'forget'],
            meta: { step: 'H13' },
          },
        ],
      },
    },
  },
});

/**
 * What has become of a range: its data are lost (`failed`); the device goes, and what is on it with it (`going`); the
 * data are elsewhere, and only mappings of this place have to go (`moved`).
 */
export type Meaning = 'failed' | 'going' | 'moved';

export interface UpperInput {
  /** The one of its devices that all this is about. */
  readonly device: 'data' | 'log' | 'realtime';
  /** It can look up who owns a block. */
  readonly hasRmap?: boolean;
  /** Whether it asks first if the range is its own, or (up to v7.0) if it can look owners up. */
  readonly asksFirst?: 'range' | 'features';
  /** When the external log goes, 0 is answered and nothing done (H-26). */
  readonly ignoresLog: boolean;
  /** Realtime groups have an rmapbt (v6.14). */
  readonly knowsRealtime?: boolean;
  /** What a removal ends with where the file system could go on: realtime, or data that are elsewhere. */
  readonly unneeded: 'shutDown' | 'goOn';
  /** What its callback for a dead block device does then. */
  readonly deadDisk: 'shutsDown' | 'asks';
  /** What becomes of file data that have failed: those who map them are told, or the file system shuts down. */
  readonly onData?: 'tell' | 'shutDown';
}
