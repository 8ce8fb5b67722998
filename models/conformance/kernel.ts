import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, replicate, start } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';

/**
 * Threads that fault pages of a mapping in under a reader-writer lock, or truncate it; a device that reports failures
 * into a bounded queue; and a worker that handles them under the write lock. SPIN, Rumur, Stateright and TLC agree
 * on 10,178 states and 32,872 transitions for 2 threads, 2 pages and a queue of 2, and on 145,395 and 597,371 for 3 of each.
 *
 * A state is, for every thread and for the worker, how far it is and what it has loaded; the lock, the three flags
 * (a truncation is going on, the mapping is poisoned, it is frozen), the number of mapped pages, and the queue, which is
 * the worker's mailbox. There the lock names its writer; here it says that there is one, and who it is follows from
 * who is in a state that writes.
 */

const lock = setup({
  types: {
    context: {} as { readers: number },
    events: {} as { type: 'read.taken' | 'read.released' | 'write.taken' | 'write.released' },
    tags: {} as 'rest',
  },
  guards: {
    isLastReader: ({ context }) => context.readers === 1,
  },
  actions: {
    countIn: assign({ readers: ({ context }) => context.readers + 1 }),
    countOut: assign({ readers: ({ context }) => context.readers - 1 }),
  },
}).createMachine({
  id: 'lock',
  context: { readers: 0 },
  initial: 'free',
  states: {
    free: {
      tags: 'rest',
      on: {
        'read.taken': { target: 'shared', actions: 'countIn' },
        'write.taken': 'exclusive',
      },
    },
    shared: {
      on: {
        'read.taken': { actions: 'countIn' },
        'read.released': [{ guard: 'isLastReader', target: 'free', actions: 'countOut' }, { actions: 'countOut' }],
      },
    },
    exclusive: {
      on: { 'write.released': 'free' },
    },
  },
});

/** Set by the truncation that is going on; there is one at most. */
const truncation = setup({
  types: {
    events: {} as { type: 'truncation.begun' | 'truncation.ended' },
    tags: {} as 'rest' | 'going',
  },
}).createMachine({
  id: 'truncation',
  initial: 'none',
  states: {
    none: {
      tags: 'rest',
      on: { 'truncation.begun': 'going' },
    },
    going: {
      tags: 'going',
      on: { 'truncation.ended': 'none' },
    },
  },
});

/** Whether the mapping has been poisoned since it was last truncated. */
const poison = setup({
  types: {
    events: {} as { type: 'poison.found' | 'poison.cleared' },
    tags: {} as 'rest' | 'present',
  },
}).createMachine({
  id: 'poison',
  initial: 'absent',
  states: {
    absent: {
      tags: 'rest',
      on: {
        'poison.found': 'present',
        'poison.cleared': {},
      },
    },
    present: {
      tags: ['rest', 'present'],
      on: {
        'poison.found': {},
        'poison.cleared': 'absent',
      },
    },
  },
});

/** Whether the mapping is frozen. */
const frost = setup({
  types: {
    events: {} as { type: 'frost.turned' },
    tags: {} as 'rest' | 'present',
  },
}).createMachine({
  id: 'frost',
  initial: 'absent',
  states: {
    absent: {
      tags: 'rest',
      on: { 'frost.turned': 'present' },
    },
    present: {
      tags: ['rest', 'present'],
      on: { 'frost.turned': 'absent' },
    },
  },
});

const mapping = setup({
  types: {
    context: {} as { mapped: number; pages: number },
    input: {} as { pages: number },
    events: {} as { type: 'page.mapped' | 'page.unmapped' | 'pages.dropped' },
    tags: {} as 'rest',
  },
  guards: {
    hasRoom: ({ context }) => context.mapped < context.pages,
    isMapped: ({ context }) => context.mapped > 0,
  },
  actions: {
    map: assign({ mapped: ({ context }) => context.mapped + 1 }),
    unmap: assign({ mapped: ({ context }) => context.mapped - 1 }),
    drop: assign({ mapped: 0 }),
  },
}).createMachine({
  id: 'mapping',
  context: ({ input }) => ({ mapped: 0, pages: input.pages }),
  initial: 'present',
  states: {
    present: {
      tags: 'rest',
      on: {
        'page.mapped': [{ guard: 'hasRoom', actions: 'map' }, {}],
        'page.unmapped': [{ guard: 'isMapped', actions: 'unmap' }, {}],
        'pages.dropped': { actions: 'drop' },
      },
    },
  },
});

const thread = setup({
  types: {
    context: {} as { refused: boolean },
    events: {} as
      | { type: 'page.touched' | 'lock.shared' | 'page.installed' | 'fault.finished' }
      | { type: 'flags.read'; refused: boolean }
      | { type: 'truncate.called' | 'lock.claimed' | 'mapping.emptied' | 'truncate.finished' },
    emitted: {} as
      | { type: 'read.taken' | 'read.released' | 'write.taken' | 'write.released' }
      | { type: 'truncation.begun' | 'truncation.ended' }
      | { type: 'page.mapped' | 'pages.dropped' | 'poison.cleared' },
    tags: {} as 'rest' | 'reading' | 'writing',
  },
  guards: {
    isRefused: ({ context }) => context.refused,
  },
  actions: {
    load: assign({ refused: ({ context, event }) => ('refused' in event ? event.refused : context.refused) }),
    forget: assign({ refused: false }),
    install: emit({ type: 'page.mapped' }),
    endTruncation: emit({ type: 'truncation.ended' }),
    clearPoison: emit({ type: 'poison.cleared' }),
    unlock: emit({ type: 'write.released' }),
  },
}).createMachine({
  id: 'thread',
  context: { refused: false },
  initial: 'running',
  states: {
    running: {
      tags: 'rest',
      on: {
        'page.touched': 'faulting',
        'truncate.called': { target: 'truncating', actions: emit({ type: 'truncation.begun' }) },
      },
    },
    faulting: {
      on: { 'lock.shared': { target: 'reading', actions: emit({ type: 'read.taken' }) } },
    },
    reading: {
      tags: 'reading',
      on: { 'flags.read': { target: 'installing', actions: 'load' } },
    },
    installing: {
      tags: 'reading',
      on: {
        'page.installed': [
          { guard: 'isRefused', target: 'leaving' },
          { target: 'leaving', actions: 'install' },
        ],
      },
    },
    leaving: {
      tags: 'reading',
      on: { 'fault.finished': { target: 'running', actions: ['forget', emit({ type: 'read.released' })] } },
    },
    truncating: {
      on: { 'lock.claimed': { target: 'emptying', actions: emit({ type: 'write.taken' }) } },
    },
    emptying: {
      tags: 'writing',
      on: { 'mapping.emptied': { target: 'finishing', actions: emit({ type: 'pages.dropped' }) } },
    },
    finishing: {
      tags: 'writing',
      on: { 'truncate.finished': { target: 'running', actions: ['unlock', 'endTruncation', 'clearPoison'] } },
    },
  },
});

type Failure = 'poison' | 'freeze';

/** Reports that the mapping is poisoned, or that it is to be frozen or thawed. */
const device = setup({
  types: {
    events: {} as { type: 'failure.met'; failure: Failure },
    emitted: {} as { type: 'failure.reported'; failure: Failure },
    tags: {} as 'rest',
  },
  actions: {
    report: emit(({ event }) => ({ type: 'failure.reported', failure: event.failure })),
  },
}).createMachine({
  id: 'device',
  initial: 'attached',
  states: {
    attached: {
      tags: 'rest',
      on: { 'failure.met': { actions: 'report' } },
    },
  },
});

const worker = setup({
  types: {
    context: {} as { failure: Failure | 'none' },
    events: {} as
      | { type: 'failure.reported'; failure: Failure }
      | { type: 'lock.claimed' | 'failure.handled' | 'work.finished' },
    emitted: {} as { type: 'write.taken' | 'write.released' | 'page.unmapped' | 'poison.found' | 'frost.turned' },
    tags: {} as 'rest' | 'busy' | 'writing',
  },
  guards: {
    isPoison: ({ context }) => context.failure === 'poison',
  },
  actions: {
    note: assign({ failure: ({ context, event }) => ('failure' in event ? event.failure : context.failure) }),
    forget: assign({ failure: 'none' }),
    poison: emit({ type: 'poison.found' }),
    unmap: emit({ type: 'page.unmapped' }),
    freezeOrThaw: emit({ type: 'frost.turned' }),
  },
}).createMachine({
  id: 'worker',
  context: { failure: 'none' },
  initial: 'waiting',
  states: {
    waiting: {
      tags: 'rest',
      on: { 'failure.reported': { target: 'notified', actions: 'note' } },
    },
    notified: {
      tags: 'busy',
      on: { 'lock.claimed': { target: 'handling', actions: emit({ type: 'write.taken' }) } },
    },
    handling: {
      tags: ['busy', 'writing'],
      on: {
        'failure.handled': [
          { guard: 'isPoison', target: 'finishing', actions: ['poison', 'unmap'] },
          { target: 'finishing', actions: 'freezeOrThaw' },
        ],
      },
    },
    finishing: {
      tags: ['busy', 'writing'],
      on: { 'work.finished': { target: 'waiting', actions: ['forget', emit({ type: 'write.released' })] } },
    },
  },
});

interface Kernel {
  readonly lock: Peer<typeof lock>;
  readonly mapping: Peer<typeof mapping>;
  readonly thread: readonly Peer<typeof thread>[];
  readonly worker: Peer<typeof worker>;
}

const someoneReads = sometimes<Kernel>('a thread reads', ({ thread }) => thread.some((peer) => peer.hasTag('reading')));

const workerWrites = sometimes<Kernel>('the worker writes', ({ worker }) => worker.hasTag('writing'));

const allMapped = sometimes<Kernel>(
  'all pages are mapped',
  ({ mapping }) => mapping.context.mapped === mapping.context.pages,
);

const readersCounted = always<Kernel>(
  'the lock counts its readers',
  ({ lock, thread }) => thread.filter((peer) => peer.hasTag('reading')).length === lock.context.readers,
  { witness: someoneReads },
);

const writerAlone = always<Kernel>(
  'who writes is alone',
  ({ lock, thread, worker }) => {
    const writers = [...thread, worker].filter((peer) => peer.hasTag('writing')).length;
    return writers === 0 || (writers === 1 && lock.context.readers === 0);
  },
  { witness: workerWrites },
);

const pagesSuffice = always<Kernel>(
  'no more pages are mapped than there are',
  ({ mapping }) => mapping.context.mapped <= mapping.context.pages,
  { witness: allMapped },
);

export default defineModel({
  name: 'kernel',
  about: 'Page faults, truncation and a failure worker share one mapping under one lock.',
  options: { threads: [2, 3], pages: [2, 3], capacity: [2, 3] },
  variants: {
    '2-threads': {
      option: { threads: 2, pages: 2, capacity: 2 },
      figures: { states: 10_178, transitions: 32_872, deadlocks: 0, depth: 32 },
    },
    '3-threads': {
      option: { threads: 3, pages: 3, capacity: 3 },
      figures: { states: 145_395, transitions: 597_371, deadlocks: 0, depth: 42 },
    },
  },
  build: ({ threads, pages, capacity }) =>
    compose(
      {
        lock: start(lock),
        truncation: start(truncation),
        poison: start(poison),
        frost: start(frost),
        mapping: start(mapping, { pages }),
        thread: replicate(thread, threads),
        device: start(device),
        worker: start(worker),
      },
      {
        wires: {
          thread: {
            'read.taken': { rendezvous: 'lock' },
            'read.released': 'lock',
            'write.taken': { rendezvous: 'lock' },
            'write.released': 'lock',
            'truncation.begun': { rendezvous: 'truncation' },
            'truncation.ended': 'truncation',
            'page.mapped': 'mapping',
            'pages.dropped': 'mapping',
            'poison.cleared': 'poison',
          },
          device: { 'failure.reported': { queue: 'worker' } },
          worker: {
            'write.taken': { rendezvous: 'lock' },
            'write.released': 'lock',
            'page.unmapped': 'mapping',
            'poison.found': 'poison',
            'frost.turned': 'frost',
          },
        },
        mailboxes: { worker: { capacity } },
        spontaneous: {
          thread: [
            'page.touched',
            { type: 'lock.shared', when: ({ truncation }) => !truncation.hasTag('going') },
            {
              type: 'flags.read',
              read: ({ poison, frost }) => ({ refused: poison.hasTag('present') || frost.hasTag('present') }),
            },
            'page.installed',
            'fault.finished',
            'truncate.called',
            'lock.claimed',
            'mapping.emptied',
            'truncate.finished',
          ],
          device: [{ type: 'failure.met', environment: true, oneOf: [{ failure: 'poison' }, { failure: 'freeze' }] }],
          worker: ['lock.claimed', 'failure.handled', 'work.finished'],
        },
        properties: [someoneReads, workerWrites, allMapped, readersCounted, writerAlone, pagesSuffice],
      },
    ),
});
