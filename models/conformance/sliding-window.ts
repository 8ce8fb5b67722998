import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, start } from '../../src/explore/model.ts';
import { never, sometimes } from '../../src/explore/property.ts';

/**
 * The sliding window protocol over two lossy bounded channels. SPIN, Rumur, Stateright and TLC agree on 6,648 states
 * and 23,562 transitions for a window of 2 and channels of 3, and 317,624 and 1,204,104 for a window of 3 and channels of 4.
 *
 * A state is the sender's oldest unacknowledged frame and how many are under way, the frame that the receiver expects,
 * and the two channels, which are the mailboxes. The protocol sends numbers modulo window + 1. Frames are numbered
 * modulo twice that here, so that a receiver which takes an old frame for a new one can be seen to do so.
 *
 * A channel loses at the send. To lose the first sending of a frame is a step (the sender counts the frame as sent); to
 * lose a repeated one would change nothing, and is left out. An acknowledgement is lost or delivered.
 */

interface Sending {
  readonly window: number;
  /** The oldest frame that is not acknowledged. */
  readonly base: number;
  /** How many frames have been sent from there on. */
  readonly sent: number;
}

const sequenceNumbers = (window: number) => window + 1;
const frameNumbers = (window: number) => 2 * sequenceNumbers(window);

/** How many frames an acknowledgement acknowledges. */
const acknowledged = ({ window, base }: Sending, { next }: { readonly next: number }) =>
  (next + frameNumbers(window) - base) % sequenceNumbers(window);

const sender = setup({
  types: {
    context: {} as Sending,
    input: {} as { window: number },
    events: {} as
      | { type: 'frame.due' | 'frame.swallowed' }
      | { type: 'frame.overdue'; nth: number }
      | { type: 'frames.acknowledged'; next: number },
    emitted: {} as { type: 'frame.sent'; frame: number },
    tags: {} as 'rest',
  },
  guards: {
    isWindowOpen: ({ context }) => context.sent < context.window,
    isUnderWay: ({ context, event }) => 'nth' in event && event.nth < context.sent,
    isNews: ({ context, event }) => {
      if (!('next' in event)) return false;
      const count = acknowledged(context, event);
      return count >= 1 && count <= context.sent;
    },
  },
  actions: {
    sendNext: emit(({ context }) => ({
      type: 'frame.sent',
      frame: (context.base + context.sent) % frameNumbers(context.window),
    })),
    sendAgain: emit(({ context, event }) => ({
      type: 'frame.sent',
      frame: (context.base + ('nth' in event ? event.nth : 0)) % frameNumbers(context.window),
    })),
    countNext: assign({ sent: ({ context }) => context.sent + 1 }),
    slide: assign(({ context, event }) => {
      const count = 'next' in event ? acknowledged(context, event) : 0;
      return { base: (context.base + count) % frameNumbers(context.window), sent: context.sent - count };
    }),
  },
}).createMachine({
  id: 'sender',
  context: ({ input }) => ({ window: input.window, base: 0, sent: 0 }),
  initial: 'sending',
  states: {
    sending: {
      tags: 'rest',
      on: {
        'frame.due': { guard: 'isWindowOpen', actions: ['sendNext', 'countNext'] },
        'frame.swallowed': { guard: 'isWindowOpen', actions: 'countNext' },
        'frame.overdue': { guard: 'isUnderWay', actions: 'sendAgain' },
        'frames.acknowledged': [{ guard: 'isNews', actions: 'slide' }, {}],
      },
    },
  },
});

const receiver = setup({
  types: {
    context: {} as { window: number; expected: number },
    input: {} as { window: number },
    events: {} as { type: 'frame.sent'; frame: number },
    emitted: {} as { type: 'frames.acknowledged'; next: number },
    tags: {} as 'rest' | 'misled',
  },
  guards: {
    isExpected: ({ context, event }) => event.frame === context.expected,
    looksExpected: ({ context, event }) => (event.frame - context.expected) % sequenceNumbers(context.window) === 0,
  },
  actions: {
    accept: assign({ expected: ({ context }) => (context.expected + 1) % frameNumbers(context.window) }),
    acknowledge: emit(({ context }) => ({
      type: 'frames.acknowledged',
      next: context.expected % sequenceNumbers(context.window),
    })),
  },
}).createMachine({
  id: 'receiver',
  context: ({ input }) => ({ window: input.window, expected: 0 }),
  initial: 'receiving',
  states: {
    receiving: {
      tags: 'rest',
      on: {
        'frame.sent': [
          { guard: 'isExpected', actions: ['accept', 'acknowledge'] },
          { guard: 'looksExpected', target: 'misled', actions: 'acknowledge' },
          { actions: 'acknowledge' },
        ],
      },
    },
    misled: {
      tags: ['rest', 'misled'],
      on: { 'frame.sent': {} },
    },
  },
});

interface Ends {
  readonly sender: Peer<typeof sender>;
  readonly receiver: Peer<typeof receiver>;
}

const numbersUsedUp = sometimes<Ends>(
  'every frame number has been received',
  ({ receiver }) => receiver.context.expected === frameNumbers(receiver.context.window) - 1,
);

const misled = never<Ends>(
  'the receiver takes an old frame for a new one',
  ({ receiver }) => receiver.hasTag('misled'),
  {
    witness: numbersUsedUp,
  },
);

export default defineModel({
  name: 'sliding-window',
  about: 'Are window + 1 sequence numbers enough over channels that lose but do not reorder?',
  options: { window: [2, 3], capacity: [3, 4] },
  variants: {
    'window-2-capacity-3': {
      option: { window: 2, capacity: 3 },
      figures: { states: 6_648, transitions: 23_562, deadlocks: 0, depth: 28 },
    },
    'window-3-capacity-4': {
      option: { window: 3, capacity: 4 },
      figures: { states: 317_624, transitions: 1_204_104, deadlocks: 0, depth: 39 },
    },
  },
  build: ({ window, capacity }) =>
    compose(
      { sender: start(sender, { window }), receiver: start(receiver, { window }) },
      {
        wires: {
          sender: { 'frame.sent': { queue: 'receiver' } },
          receiver: { 'frames.acknowledged': { queue: 'sender', lose: true } },
        },
        mailboxes: { sender: { capacity }, receiver: { capacity } },
        spontaneous: {
          sender: [
            'frame.due',
            'frame.swallowed',
            { type: 'frame.overdue', oneOf: Array.from({ length: window }, (_, nth) => ({ nth })) },
          ],
        },
        properties: [numbersUsedUp, misled],
      },
    ),
});
