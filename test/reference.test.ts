import { expect, test } from 'vitest';
import { assign, emit, raise, setup } from 'xstate';
import { type Composition, compose, type Peer, replicate, start, type Wire } from '../src/explore/model.ts';
import { always, type Change, never, type Occurrence, precedes, sometimes, step } from '../src/explore/property.ts';
import { type Reference, reference } from './reference.ts';

/** The counts alone, in the order in which the tests tell them. */
function counts({ states, transitions, deadlocks, unhandled, depth }: Reference) {
  return { states, transitions, deadlocks, unhandled, depth };
}

/** `first` before `then`. */
function order<R>(name: string, first: Occurrence<R>, then: Occurrence<R>) {
  return precedes<R>(name, { first, then });
}

/** Sends `item` whenever it is told to; `left` says how often yet. */
const sender = setup({
  types: {
    context: {} as { left: number },
    input: {} as { times: number },
    events: {} as { type: 'send' },
    emitted: {} as { type: 'item' },
    tags: {} as 'rest',
  },
  actions: { count: assign({ left: ({ context }) => context.left - 1 }) },
  guards: { hasMore: ({ context }) => context.left > 0 },
}).createMachine({
  id: 'sender',
  context: ({ input }) => ({ left: input.times }),
  tags: 'rest',
  on: { send: { guard: 'hasMore', actions: ['count', emit({ type: 'item' })] } },
});

/** Sends `item` for ever and remembers nothing. */
const fountain = setup({
  types: { events: {} as { type: 'send' }, emitted: {} as { type: 'item' }, tags: {} as 'rest' },
}).createMachine({ id: 'fountain', tags: 'rest', on: { send: { actions: emit({ type: 'item' }) } } });

/** Takes every `item` and remembers nothing. */
const sink = setup({
  types: { events: {} as { type: 'item' }, tags: {} as 'rest' },
}).createMachine({ id: 'sink', tags: 'rest', on: { item: {} } });

/** Takes no `item` and does not look at its mail either. */
const sleeper = setup({
  types: { events: {} as { type: 'item' }, tags: {} as 'rest' | 'busy' },
}).createMachine({ id: 'sleeper', tags: ['rest', 'busy'], on: { item: {} } });

const memory = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'stored'; n: number }, tags: {} as 'rest' },
  actions: { keep: assign({ n: ({ event }) => event.n }) },
}).createMachine({ id: 'memory', context: { n: 0 }, tags: 'rest', on: { stored: { actions: 'keep' } } });

const incrementer = setup({
  types: {
    context: {} as { seen: number },
    events: {} as { type: 'load'; n: number } | { type: 'store' },
    emitted: {} as { type: 'stored'; n: number },
  },
  actions: {
    see: assign({ seen: ({ event }) => ('n' in event ? event.n : 0) }),
    tell: emit(({ context }) => ({ type: 'stored', n: context.seen + 1 })),
  },
}).createMachine({
  id: 'incrementer',
  context: { seen: 0 },
  initial: 'ready',
  states: {
    ready: { on: { load: { target: 'loaded', actions: 'see' } } },
    loaded: { on: { store: { target: 'finished', actions: 'tell' } } },
    finished: { type: 'final' },
  },
});

test('two threads that load, add and store lose an update', () => {
  type Counter = {
    readonly memory: Peer<typeof memory>;
    readonly thread: readonly Peer<typeof incrementer>[];
  };
  const twice = sometimes<Counter>('both count', ({ memory }) => memory.context.n === 2);
  const composition = compose(
    { memory: start(memory), thread: replicate(incrementer, 2) },
    {
      wires: { thread: { stored: 'memory' } },
      spontaneous: { thread: [{ type: 'load', read: ({ memory }) => ({ n: memory.context.n }) }, 'store'] },
      properties: [
        twice,
        step<Counter>('a store adds', ({ before, after }) => after.memory.context.n > before.memory.context.n, {
          when: ({ taken }: Change<Counter>) => taken.some(({ message }) => message.type === 'stored'),
        }),
      ],
    },
  );
  // One thread after the other: ready, loaded 0, stored 0; then loaded 1, stored 1. Both loaded before a store: both
  // see 0. As pairs with the memory: rr0; l0r0 and its mirror; l0l0; d0r1, d0l1, d0d1(2), d0l0(1) and their mirrors;
  // d0d0(1): 1 + 2 + 1 + 8 + 1. Of these rr0 and l0l0 have 2 steps, l0r0 and its mirror 2, d0r1, d0l1, d0l0 and mirrors 1.
  const found = reference(composition);
  expect(counts(found)).toEqual({ states: 13, transitions: 14, deadlocks: 0, unhandled: 0, depth: 4 });
  expect(found.verdicts.get('both count')).toEqual({ kind: 'holds', steps: 4 });
  // load, load, store, store: the last store writes 1 where 1 is.
  expect(found.verdicts.get('a store adds')).toEqual({ kind: 'violated', steps: 4 });
});

const lock = setup({
  types: { events: {} as { type: 'lock.taken' | 'lock.released' }, tags: {} as 'rest' },
}).createMachine({
  id: 'lock',
  initial: 'free',
  states: {
    free: { tags: 'rest', on: { 'lock.taken': 'held' } },
    held: { on: { 'lock.released': 'free' } },
  },
});

const owner = setup({
  types: {
    events: {} as { type: 'enter' | 'leave' },
    emitted: {} as { type: 'lock.taken' | 'lock.released' },
    tags: {} as 'rest' | 'inside',
  },
  actions: { take: emit({ type: 'lock.taken' }), release: emit({ type: 'lock.released' }) },
}).createMachine({
  id: 'owner',
  initial: 'outside',
  states: {
    outside: { tags: 'rest', on: { enter: { target: 'inside', actions: 'take' } } },
    inside: { tags: 'inside', on: { leave: { target: 'outside', actions: 'release' } } },
  },
});

type Locked = { readonly owner: readonly Peer<typeof owner>[] };

function twoOwners(taken: 'lock' | { readonly rendezvous: 'lock' }): Composition {
  const inside = sometimes<Locked>('one inside', ({ owner }) => owner.some((each) => each.hasTag('inside')));
  return compose(
    { lock: start(lock), owner: replicate(owner, 2) },
    {
      wires: { owner: { 'lock.taken': taken, 'lock.released': 'lock' } },
      spontaneous: { owner: ['enter', 'leave'] },
      properties: [
        never<Locked>('both inside', ({ owner }) => owner.every((each) => each.hasTag('inside')), { witness: inside }),
      ],
    },
  );
}

test('a rendezvous with a lock that is held makes the step not enabled', () => {
  // Nobody inside, one inside, the other inside: two ways in, one way out of each.
  const found = reference(twoOwners({ rendezvous: 'lock' }));
  expect(counts(found)).toEqual({ states: 3, transitions: 4, deadlocks: 0, unhandled: 0, depth: 1 });
  expect(found.verdicts.get('both inside')).toEqual({ kind: 'holds' });
  expect(found.verdicts.get('one inside')).toEqual({ kind: 'holds', steps: 1 });
});

test('a call of a lock that is held is unhandled, and has no successor', () => {
  // As above; and in each of the states with one inside, the other's way in is a verdict.
  const found = reference(twoOwners('lock'));
  expect(counts(found)).toEqual({ states: 3, transitions: 4, deadlocks: 0, unhandled: 2, depth: 1 });
  expect(found.verdicts.get('unhandled')).toEqual({ kind: 'violated', steps: 2 });
});

function overflowing(item: Wire<'sink', { type: 'item' }>): Composition {
  return compose(
    { fountain: start(fountain), sink: start(sink) },
    {
      wires: { fountain: { item } },
      mailboxes: { sink: { capacity: 1 } },
      spontaneous: { fountain: ['send'] },
      properties: [],
    },
  );
}

test('a full mailbox blocks its sender, or swallows the message, or is a verdict', () => {
  // The mailbox is empty or full. Sending fills it, taking empties it, and sending into the full one is: nothing;
  const blocked = reference(overflowing({ queue: 'sink' }));
  expect(counts(blocked)).toEqual({ states: 2, transitions: 2, deadlocks: 0, unhandled: 0, depth: 1 });
  // a step that changes nothing;
  const dropped = reference(overflowing({ queue: 'sink', full: 'drop' }));
  expect(counts(dropped)).toEqual({ states: 2, transitions: 3, deadlocks: 0, unhandled: 0, depth: 1 });
  // a verdict, one step beyond.
  const failed = reference(overflowing({ queue: 'sink', full: 'fail' }));
  expect(counts(failed)).toEqual({ states: 2, transitions: 2, deadlocks: 0, unhandled: 1, depth: 1 });
  expect(failed.verdicts.get('unhandled')).toEqual({ kind: 'violated', steps: 2 });
});

function mailed(
  item: Wire<'receiver', { type: 'item' }>,
  {
    times = 1,
    receiver = sink as typeof sink | typeof sleeper,
    capacity = 2,
    order = 'fifo' as 'fifo' | 'unordered',
  } = {},
): Composition {
  return compose(
    { sender: start(sender, { times }), receiver: start(receiver as typeof sink) },
    {
      wires: { sender: { item } },
      mailboxes: { receiver: { capacity, order } },
      spontaneous: { sender: ['send'] },
      properties: [],
    },
  );
}

test('a message is lost at the send or while it waits', () => {
  // Before; sent and waiting; sent and gone. Delivered, lost, and taken lead from one to the other;
  const atSend = reference(mailed({ queue: 'receiver', lose: true }));
  expect(counts(atSend)).toEqual({ states: 3, transitions: 3, deadlocks: 0, unhandled: 0, depth: 1 });
  // or delivered, taken and lost.
  const later = reference(mailed({ queue: 'receiver', lose: 'later' }));
  expect(counts(later)).toEqual({ states: 3, transitions: 3, deadlocks: 0, unhandled: 0, depth: 2 });
});

test('a loss is the environment doing, and does not excuse mail that nobody reads', () => {
  // The same three states; the receiver never looks, so with the message waiting only its loss is enabled.
  const found = reference(mailed({ queue: 'receiver', lose: 'later' }, { receiver: sleeper }));
  expect(counts(found)).toEqual({ states: 3, transitions: 2, deadlocks: 1, unhandled: 0, depth: 2 });
  expect(found.verdicts.get('deadlock')).toEqual({ kind: 'violated', steps: 1 });
});

test('each place in a sequence is a loss of its own', () => {
  // Sent 0, 1, 2 times with 0, 0-1, 0-2 waiting: 6 states. 1 + 2 × 1 sends, 3 takings, and losses as many as wait: 1 + 1 + 2.
  const found = reference(mailed({ queue: 'receiver', lose: 'later' }, { times: 2 }));
  expect(counts(found)).toEqual({ states: 6, transitions: 10, deadlocks: 0, unhandled: 0, depth: 4 });
  // Of a multiset only distinct messages count: one loss fewer where two wait.
  const unordered = reference(mailed({ queue: 'receiver', lose: 'later' }, { times: 2, order: 'unordered' }));
  expect(counts(unordered)).toEqual({ states: 6, transitions: 9, deadlocks: 0, unhandled: 0, depth: 4 });
});

test('a message sent twice needs room twice', () => {
  // Before; sent with 2, 1, 0 waiting. Delivered leads to 1, twice to 2, and each taking to one fewer.
  const roomy = reference(mailed({ queue: 'receiver', duplicate: true }));
  expect(counts(roomy)).toEqual({ states: 4, transitions: 4, deadlocks: 0, unhandled: 0, depth: 2 });
  // With room for one only, twice is not enabled.
  const narrow = reference(mailed({ queue: 'receiver', duplicate: true }, { capacity: 1 }));
  expect(counts(narrow)).toEqual({ states: 3, transitions: 2, deadlocks: 0, unhandled: 0, depth: 2 });
});

test('an unordered mailbox of messages that may stay is a set', () => {
  // Sent 0, 1, 2 times with the message there or gone, but nothing is there before the first: 5 states. 1 first send;
  // 1 second send from each of 2 states; and where it is there (2 states) it leaves or stays.
  const later = mailed({ queue: 'receiver', duplicate: 'later' }, { times: 2, order: 'unordered' });
  expect(counts(reference(later))).toEqual({ states: 5, transitions: 7, deadlocks: 0, unhandled: 0, depth: 3 });
  // For ever: it is never gone again. 3 states, 2 sends, and 2 takings that change nothing.
  const forever = mailed({ queue: 'receiver', duplicate: 'forever' }, { times: 2, order: 'unordered' });
  expect(counts(reference(forever))).toEqual({ states: 3, transitions: 4, deadlocks: 0, unhandled: 0, depth: 2 });
});

test('senders share a sequence, or have one each', () => {
  const two = (order: 'fifo' | 'perSender', capacity: number) =>
    compose(
      { sender: replicate(sender, 2, () => ({ times: 1 })), sink: start(sink) },
      {
        wires: { sender: { item: { queue: 'sink' } } },
        mailboxes: { sink: { capacity, order } },
        spontaneous: { sender: ['send'] },
        properties: [],
      },
    );
  // In one sequence it is unknown whose message waits: nobody has sent; one or the other has, with 0-1 waiting; both, with 0-2.
  // Sends: 2 + 4 × 1; takings: 2 + 2.
  expect(counts(reference(two('fifo', 2)))).toEqual({
    states: 8,
    transitions: 10,
    deadlocks: 0,
    unhandled: 0,
    depth: 4,
  });
  // Each to himself: not sent, waiting, taken, in every pair; 2 steps for one, in each of the 3 states of the other.
  expect(counts(reference(two('perSender', 1)))).toEqual({
    states: 9,
    transitions: 12,
    deadlocks: 0,
    unhandled: 0,
    depth: 4,
  });
});

const client = setup({
  types: { events: {} as { type: 'answer' }, tags: {} as 'rest' | 'late' },
}).createMachine({
  id: 'client',
  initial: 'waiting',
  states: {
    waiting: { on: { answer: 'served' }, after: { 100: 'expired' } },
    served: { tags: 'rest' },
    expired: { tags: ['rest', 'late'], on: { answer: {} } },
  },
});

const server = setup({
  types: { events: {} as { type: 'serve' }, emitted: {} as { type: 'answer' }, tags: {} as 'rest' },
  actions: { answer: emit({ type: 'answer' }) },
}).createMachine({
  id: 'server',
  initial: 'asked',
  states: { asked: { on: { serve: { target: 'idle', actions: 'answer' } } }, idle: { tags: 'rest' } },
});

test('an armed delay may fire at any moment, and a state that is left disarms it', () => {
  type Served = { readonly client: Peer<typeof client> };
  const composition = compose(
    { client: start(client), server: start(server) },
    {
      wires: { server: { answer: 'client' } },
      spontaneous: { server: ['serve'] },
      properties: [
        order<Served>('nobody is late before the answer', ['client', 'answer'], ({ client }) => client.hasTag('late')),
      ],
    },
  );
  // Waiting and asked; expired and asked; served and idle, where nothing is armed; expired and idle. 2 steps, 1, 0, 0.
  const found = reference(composition);
  expect(counts(found)).toEqual({ states: 4, transitions: 3, deadlocks: 0, unhandled: 0, depth: 2 });
  expect(found.verdicts.get('nobody is late before the answer')).toEqual({ kind: 'violated', steps: 1 });
});

test('a delay that fires where nothing is enabled is spent', () => {
  const sulking = setup({
    types: { events: {} as { type: 'ring' }, tags: {} as 'rest' },
    actions: { arm: raise({ type: 'ring' }, { delay: 10, id: 'alarm' }) },
  }).createMachine({ id: 'sulking', tags: 'rest', entry: 'arm' });
  // Armed, and not armed.
  const found = reference(compose({ sulking: start(sulking) }, { properties: [] }));
  expect(counts(found)).toEqual({ states: 2, transitions: 1, deadlocks: 0, unhandled: 0, depth: 1 });
});

test('what a history state remembers is part of the state', () => {
  const rider = setup({
    types: { events: {} as { type: 'shift' | 'dismount' | 'mount' }, tags: {} as 'rest' },
  }).createMachine({
    id: 'rider',
    initial: 'riding',
    states: {
      riding: {
        initial: 'slow',
        states: { slow: { on: { shift: 'fast' } }, fast: {}, again: { type: 'history' } },
        on: { dismount: 'resting' },
      },
      resting: { tags: 'rest', on: { mount: 'riding.again' } },
    },
  });
  const room = { rider: start(rider) };
  // Slow, fast, resting after slow, resting after fast: 4, where the names of states tell 3. One shift, two dismountings.
  const away = reference(compose(room, { spontaneous: { rider: ['shift', 'dismount'] }, properties: [] }));
  expect(counts(away)).toEqual({ states: 4, transitions: 3, deadlocks: 0, unhandled: 0, depth: 2 });
  // Back in the saddle it still remembers: slow after slow, fast after fast, and fast after slow by a shift.
  // Slow (2 of them): shift and dismount; fast (3) dismount; resting (2) mount.
  const back = reference(compose(room, { spontaneous: { rider: ['shift', 'dismount', 'mount'] }, properties: [] }));
  expect(counts(back)).toEqual({ states: 7, transitions: 9, deadlocks: 0, unhandled: 0, depth: 3 });
});

test('who waits for the environment alone is in a deadlock', () => {
  const waiter = setup({
    types: { events: {} as { type: 'go' }, tags: {} as 'rest' },
  }).createMachine({
    id: 'waiter',
    initial: 'waiting',
    states: { waiting: { on: { go: 'gone' } }, gone: { type: 'final' } },
  });
  const room = { waiter: start(waiter) };
  const own = reference(compose(room, { spontaneous: { waiter: ['go'] }, properties: [] }));
  expect(counts(own)).toEqual({ states: 2, transitions: 1, deadlocks: 0, unhandled: 0, depth: 1 });
  const outside = reference(
    compose(room, { spontaneous: { waiter: [{ type: 'go', environment: true }] }, properties: [] }),
  );
  expect(counts(outside)).toEqual({ states: 2, transitions: 1, deadlocks: 1, unhandled: 0, depth: 1 });
  expect(outside.verdicts.get('deadlock')).toEqual({ kind: 'violated', steps: 0 });
});

test('a finished actor is still offered its mail, and does not take it', () => {
  const once = setup({ types: { events: {} as { type: 'item' } } }).createMachine({
    id: 'once',
    initial: 'open',
    states: { open: { on: { item: 'closed' } }, closed: { type: 'final' } },
  });
  const composition = compose(
    { sender: start(sender, { times: 2 }), once: start(once) },
    {
      wires: { sender: { item: { queue: 'once' } } },
      mailboxes: { once: { capacity: 2 } },
      spontaneous: { sender: ['send'] },
      properties: [],
    },
  );
  // Open with 0 sent, 1 and 2 waiting; closed with nothing, one waiting after 2 sent; closed, 1 sent, 0 waiting leads there
  // by another send. 5 states: 2 + 1 sends, 2 takings. In the last the second message is a verdict.
  const found = reference(composition);
  expect(counts(found)).toEqual({ states: 5, transitions: 5, deadlocks: 0, unhandled: 1, depth: 3 });
  // send, take, send, take.
  expect(found.verdicts.get('unhandled')).toEqual({ kind: 'violated', steps: 4 });
});

test('what an emission causes comes before the next emission', () => {
  const caller = setup({
    types: {
      context: {} as { heard: string },
      events: {} as { type: 'begin' } | { type: 'answer'; word: string },
      emitted: {} as { type: 'ask'; word: string },
      tags: {} as 'rest',
    },
    actions: { hear: assign({ heard: ({ context, event }) => context.heard + ('word' in event ? event.word : '') }) },
  }).createMachine({
    id: 'caller',
    context: { heard: '' },
    initial: 'idle',
    states: {
      idle: {
        on: {
          begin: { target: 'asking', actions: [emit({ type: 'ask', word: 'a' }), emit({ type: 'ask', word: 'b' })] },
        },
      },
      asking: { tags: 'rest', on: { answer: { actions: 'hear' } } },
    },
  });
  const echo = setup({
    types: {
      events: {} as { type: 'ask'; word: string },
      emitted: {} as { type: 'answer'; word: string },
      tags: {} as 'rest',
    },
    actions: {
      once: emit(({ event }) => ({ type: 'answer', word: event.word })),
      again: emit(({ event }) => ({ type: 'answer', word: event.word.toUpperCase() })),
    },
  }).createMachine({ id: 'echo', tags: 'rest', on: { ask: { actions: ['once', 'again'] } } });
  type Call = { readonly caller: Peer<typeof caller> };
  const composition = compose(
    { caller: start(caller), echo: replicate(echo, 2) },
    {
      wires: { caller: { ask: ['echo', ['echo', 0]] }, echo: { answer: 'caller' } },
      spontaneous: { caller: ['begin'] },
      properties: [sometimes<Call>('in order', ({ caller }) => caller.context.heard === 'aAaAaAbBbBbB')],
    },
  );
  // All of it is one step: `a` to both replicas and to the first again, each answered twice, then `b`.
  const found = reference(composition);
  expect(counts(found)).toEqual({ states: 2, transitions: 1, deadlocks: 0, unhandled: 0, depth: 1 });
  expect(found.verdicts.get('in order')).toEqual({ kind: 'holds', steps: 1 });
});

test('a claim that nothing could break is vacuous', () => {
  type Owners = { readonly owner: Peer<typeof owner> };
  const inside = sometimes<Owners>('inside', ({ owner }) => owner.hasTag('inside'));
  const nowhere = sometimes<Owners>('nowhere', () => false);
  const composition = compose(
    { lock: start(lock), owner: start(owner) },
    {
      wires: { owner: { 'lock.taken': 'lock', 'lock.released': 'lock' } },
      spontaneous: { owner: ['enter'] },
      properties: [
        always<Owners>('good witness', () => true, { witness: inside }),
        always<Owners>('no witness', () => true, { witness: nowhere }),
        always<Owners>('no premise', () => false, { witness: inside, when: () => false }),
        always<Owners>('violated all the same', ({ owner }) => !owner.hasTag('inside'), { witness: nowhere }),
        step<Owners>('no such step', () => false, { when: ({ taken }) => taken.length > 2 }),
        order<Owners>('never comes', () => false, ['owner', 'leave']),
        order<Owners>('together is early enough', ['owner', 'enter'], ({ owner }) => owner.hasTag('inside')),
        order<Owners>('the step comes before its state', ({ owner }) => owner.hasTag('inside'), ['owner', 'enter']),
        order<Owners>('from the beginning', ['owner', 'enter'], ({ owner }) => owner.hasTag('rest')),
      ],
    },
  );
  expect(Object.fromEntries(reference(composition).verdicts)).toEqual({
    inside: { kind: 'holds', steps: 1 },
    nowhere: { kind: 'unreached' },
    'good witness': { kind: 'holds' },
    'no witness': { kind: 'vacuous' },
    'no premise': { kind: 'vacuous' },
    'violated all the same': { kind: 'violated', steps: 1 },
    'no such step': { kind: 'vacuous' },
    'never comes': { kind: 'vacuous' },
    'together is early enough': { kind: 'holds' },
    'the step comes before its state': { kind: 'violated', steps: 1 },
    'from the beginning': { kind: 'violated', steps: 0 },
    // The owner inside is not at rest, and nothing lets it out.
    deadlock: { kind: 'violated', steps: 1 },
    unhandled: { kind: 'holds' },
  });
});

test('`when` and `read` are asked only where the machine has a transition for the message', () => {
  let asked = 0;
  const composition = compose(
    { lock: start(lock), owner: start(owner) },
    {
      wires: { owner: { 'lock.taken': 'lock', 'lock.released': 'lock' } },
      spontaneous: { owner: ['enter', { type: 'leave', when: () => ++asked > 0 }] },
      properties: [],
    },
  );
  // Outside, where it is not asked; inside, where it is, once.
  expect(counts(reference(composition))).toMatchObject({ states: 2, transitions: 2 });
  expect(asked).toBe(1);
});

test('a transition for `door.*` is one for `door.opened`', () => {
  const porter = setup({
    types: { events: {} as { type: 'door.opened' | 'bell' }, tags: {} as 'rest' },
  }).createMachine({
    id: 'porter',
    initial: 'inside',
    states: { inside: { on: { 'door.*': 'outside' } }, outside: { tags: 'rest' } },
  });
  // Inside, and outside, where the door means nothing; the bell is for nobody.
  const found = reference(
    compose({ porter: start(porter) }, { spontaneous: { porter: ['door.opened', 'bell'] }, properties: [] }),
  );
  expect(counts(found)).toEqual({ states: 2, transitions: 1, deadlocks: 0, unhandled: 0, depth: 1 });
});

test('a search that was given up claims only what it has seen', () => {
  const found = reference(mailed({ queue: 'receiver' }, { times: 9, capacity: 9, receiver: sleeper }), { states: 3 });
  expect(found.finished).toBe(false);
  expect(found.verdicts.get('deadlock')).toEqual({ kind: 'unknown' });
});

test('an emission on being started and an endless cascade are malformed', () => {
  const eager = setup({
    types: { events: {} as { type: 'item' }, emitted: {} as { type: 'item' } },
    actions: { tell: emit({ type: 'item' }) },
  });
  const loud = eager.createMachine({ id: 'loud', entry: 'tell', on: { item: {} } });
  const endless = eager.createMachine({ id: 'endless', on: { item: { actions: 'tell' } } });
  expect(() =>
    reference(compose({ loud: start(loud) }, { wires: { loud: { item: 'loud' } }, properties: [] })),
  ).toThrow('on being started');
  const circle = compose(
    { endless: start(endless) },
    { wires: { endless: { item: 'endless' } }, spontaneous: { endless: ['item'] }, properties: [] },
  );
  expect(() => reference(circle)).toThrow('does not end');
});
