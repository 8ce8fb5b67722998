import { assign, emit, setup } from 'xstate';
import type { Meta } from './messages.ts';

/**
 * mf_dax_kill_procs() for one page of one file: find those who map it, take their mapping away, tell them (D).
 *
 * Kept: the page's entry in the file's mapping is locked from beginning to end; tasks are collected before they are unmapped,
 * and unmapped before they are told (traces 1b, 6a); an entry that is not there is passed by (6a), one that was locked by
 * somebody else and has gone when he lets go of it is -EBUSY. Each signal is a step. Left out: a range of several pages,
 * which repeats this, and tasks that are killed for want of a usable address.
 *
 * `unplug` is the same function under MF_MEM_PRE_REMOVE: the page is not marked as poisoned. Who is collected differs
 * too (`collectedBy`). `unmaps: 'always'`, `whenLost: 'skip'` and `checksPage` are repairs: of tasks that nobody
 * collects (H-11), of an entry that has gone being taken for an error (H-10), of an entry that is by now another page's.
 */
export const killMachine = setup({
  types: {
    context: {} as KillInput & Call,
    input: {} as KillInput,
    events: {} as
      | { type: 'kill.called'; poison: number; file: number }
      | { type: 'entry.read'; entry: 'present' | 'locked' | 'empty'; inRange: boolean }
      | { type: 'tasks.collected'; tasks: readonly Collected[] }
      | { type: 'range.unmapped' | 'signal.sent' | 'entry.unlocked' },
    emitted: {} as
      | { type: 'entry.taken'; file: number; by: 'kill' }
      | { type: 'entry.released' | 'page.poisoned' | 'page.unmapped'; file: number }
      | ({ type: 'task.signalled' } & Collected)
      | { type: 'kill.returned'; code: 'ok' | 'EBUSY' },
    tags: {} as 'rest' | 'waiting' | 'locking',
    meta: {} as Meta,
  },
  guards: {
    isElsewhere: ({ context, event }) => context.checksPage && 'inRange' in event && !event.inRange,
    isEmpty: ({ event }) => 'entry' in event && event.entry === 'empty',
    isLocked: ({ event }) => 'entry' in event && event.entry === 'locked',
    isLost: ({ context, event }) => context.whenLost === 'fail' && 'entry' in event && event.entry === 'empty',
    isNobodys: ({ context, event }) => context.unmaps === 'ifCollected' && 'tasks' in event && event.tasks.length === 0,
    isAllTold: ({ context }) => context.tasks.length === 0,
    isPoison: ({ context }) => context.flavour === 'poison',
  },
  actions: {
    note: assign({
      poison: ({ event }) => ('poison' in event ? event.poison : -1),
      file: ({ event }) => ('file' in event ? event.file : -1),
    }),
    forget: assign({ poison: -1, file: -1, tasks: [] }),
    collect: assign({ tasks: ({ event }) => ('tasks' in event ? event.tasks : []) }),
    strike: assign({ tasks: ({ context }) => context.tasks.slice(1) }),
    take: emit(({ context }) => ({ type: 'entry.taken', file: context.file, by: 'kill' })),
    release: emit(({ context }) => ({ type: 'entry.released', file: context.file })),
    poisonPage: emit(({ context }) => ({ type: 'page.poisoned', file: context.file })),
    unmap: emit(({ context }) => ({ type: 'page.unmapped', file: context.file })),
    signal: emit(({ context }) => ({ type: 'task.signalled', ...context.tasks[0]! })),
    returnOk: emit({ type: 'kill.returned', code: 'ok' }),
    returnBusy: emit({ type: 'kill.returned', code: 'EBUSY' }),
  },
}).createMachine({
  id: 'kill',
  context: ({ input }) => ({ ...input, poison: -1, file: -1, tasks: [] }),
  initial: 'idle',
  states: {
    idle: {
      tags: 'rest',
      on: { 'kill.called': { target: 'looking', actions: 'note' } },
    },
    looking: {
      on: {
        'entry.read': [
          { guard: 'isEmpty', target: 'idle', actions: ['returnOk', 'forget'], meta: { step: 'D1' } },
          { guard: 'isLocked', target: 'waiting', meta: { step: 'D1' } },
          { guard: 'isElsewhere', target: 'idle', actions: ['returnOk', 'forget'], meta: { step: 'D1' } },
          { target: 'locked', actions: 'take', meta: { step: 'D1' } },
        ],
      },
    },
    waiting: {
      description: 'Somebody else has locked the entry; when he unlocks it, it may not be there any more.',
      tags: 'waiting',
      on: {
        'entry.read': [
          { guard: 'isLost', target: 'idle', actions: ['returnBusy', 'forget'], meta: { step: 'D1' } },
          { guard: 'isEmpty', target: 'idle', actions: ['returnOk', 'forget'], meta: { step: 'D1' } },
          { guard: 'isElsewhere', target: 'idle', actions: ['returnOk', 'forget'], meta: { step: 'D1' } },
          { target: 'locked', actions: 'take', meta: { step: 'D1' } },
        ],
      },
    },
    locked: {
      tags: 'locking',
      always: [{ guard: 'isPoison', target: 'collecting', actions: 'poisonPage' }, { target: 'collecting' }],
    },
    collecting: {
      tags: 'locking',
      on: {
        'tasks.collected': [
          { guard: 'isNobodys', target: 'leaving', meta: { step: 'D3' } },
          { target: 'unmapping', actions: 'collect', meta: { step: 'D3' } },
        ],
      },
    },
    unmapping: {
      tags: 'locking',
      on: { 'range.unmapped': { target: 'signalling', actions: 'unmap', meta: { step: 'D4' } } },
    },
    signalling: {
      tags: 'locking',
      always: { guard: 'isAllTold', target: 'leaving' },
      on: { 'signal.sent': { target: 'signalling', actions: ['signal', 'strike'], meta: { step: 'D5' } } },
    },
    leaving: {
      tags: 'locking',
      on: {
        'entry.unlocked': { target: 'idle', actions: ['release', 'returnOk', 'forget'], meta: { step: 'D6' } },
      },
    },
  },
});

export interface KillInput {
  readonly flavour: 'poison' | 'unplug';
  /** Whether a page that nobody was collected for keeps its mappings. */
  readonly unmaps: 'ifCollected' | 'always';
  /** What is made of an entry that has gone while its lock was waited for. */
  readonly whenLost: 'fail' | 'skip';
  /** Whether it is asked, with the entry in hand, if its page lies in the range. */
  readonly checksPage: boolean;
}

/** A task, and what it will be sent: an error that it has to act on (AR), or may (AO). */
export interface Collected {
  readonly task: number;
  readonly how: 'AR' | 'AO';
}

interface Call {
  readonly poison: number;
  readonly file: number;
  readonly tasks: readonly Collected[];
}

/** What collecting looks at of a task. */
export interface Mapper {
  readonly maps: boolean;
  readonly early: boolean;
}

/**
 * Whom the function collects (D3): for poison the task that consumed it, and those that asked to be told early; for an unplug
 * everybody who maps the page.
 */
export function collectedBy(flavour: KillInput['flavour'], mappers: readonly Mapper[], current = -1): Collected[] {
  return mappers.flatMap(({ maps, early }, task): Collected[] => {
    if (!maps) return [];
    if (flavour === 'poison' && task === current) return [{ task, how: 'AR' }];
    return flavour === 'unplug' || early ? [{ task, how: 'AO' }] : [];
  });
}
