import type { WireCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const wires: Readonly<Record<WireCode, ErrorPage>> = {
  'E-ACTOR': {
    means:
      'An actor is named that is not in the room: by a wire, by a mailbox, by a property, or by a route for a payload that came up.',
    example: "wires: { thread: { taken: 'lok' } }",
    remedy: "Use a name of compose({ … }). Replicas are numbered from 0: ['task', 1] is the second.",
  },
  'E-CASCADE': {
    means:
      'A step never ends: calls lead to calls without end, since a call is delivered within the step of its sender.',
    example: "wires: { a: { ping: 'b' }, b: { pong: 'a' } }    // each answers the other for ever",
    remedy:
      "Let one of them be queued, { queue: 'a' }, so that it is taken by a later step, or let a state on the way answer no more.",
  },
  'E-ONE-OF': {
    means:
      'The payloads listed for a spontaneous message are none, or one of them is there twice. Each is a step of its own.',
    example: "{ type: 'tossed', oneOf: [] }",
    remedy: 'List every payload once.',
  },
  'E-ORDER': {
    means: 'A mailbox has an order that is none.',
    example: "mailboxes: { server: { capacity: 2, order: 'lifo' } }",
    remedy: 'fifo takes messages as they came, perSender those of each sender as they came, unordered any of them.',
  },
  'E-OUTCOMES': {
    means:
      'One step sends so many messages, each of which may be lost or come twice, that it can go more than 16,384 ways.',
    example: "{ queue: ['a', 'b', 'c', …], lose: true }    // 15 receivers",
    remedy: "lose: 'later' makes losing a message a step of its own; or send fewer such messages in one step.",
  },
  'E-QUEUE': {
    means: 'A queued wire has a rule with a value that it does not know.',
    example: "{ queue: 'server', full: 'wait' }",
    remedy: "full: 'block', 'drop' or 'fail'; lose: true or 'later'; duplicate: true, 'later' or 'forever'.",
  },
  'E-REGIONS': {
    means:
      'Two parallel regions of a machine take the same spontaneous message, so both would move in one step whatever the other does.',
    example: 'regions: { a: { on: { next: … } }, b: { on: { next: … } } }',
    remedy: 'Keep the fact of the second region in an actor of its own that is written by a call, or use raise().',
  },
  'E-RESERVED': {
    means: 'A message has a name that belongs to XState: one that begins with "xstate.", or "*".',
    example: "spontaneous: { thread: ['xstate.init'] }",
    remedy: 'Give it another name, one with a dot and a participle of its own: log.recovered.',
  },
  'E-ROUTE': {
    means: 'A wire names no receiver in any of the ways that are known.',
    example: "wires: { thread: { taken: { to: 'lock' } } }",
    remedy:
      "'lock', ['task', 1] for one replica, ['lock', 'mount'] for several in order, [] where nobody listens, or a function that returns one of these.",
  },
  'E-SPONTANEOUS-TWICE': {
    means: 'An actor has two entries for the same spontaneous message.',
    example: "spontaneous: { thread: ['load', { type: 'load', when: … }] }",
    remedy: 'Keep one, with a "when" that says when. For several payloads there is oneOf.',
  },
  'E-UNBOUNDED': {
    means: 'An actor is sent queued messages, and nothing says how many may wait. Such a space has no end.',
    example: "wires: { client: { asked: { queue: 'server' } } }    // and no mailboxes",
    remedy: 'mailboxes: { server: { capacity: 2 } }. What happens when it is full is a rule of the wire.',
  },
  'E-UNTAKEN': {
    means:
      'A message is wired to an actor, or said to be taken by it, and no state of its machine has a transition for it.',
    example: "wires: { thread: { taken: 'lock' } }    // the lock knows only released",
    remedy: 'Add a transition. Where it is to be ignored, say so: on: { taken: {} }.',
  },
  'E-UNWIRED': {
    means: 'A machine emits a message, and the model does not say who receives it.',
    example: "actions: emit({ type: 'released' })    // and no wires: { thread: { released: … } }",
    remedy:
      'Name the receiver under wires, or [] where nobody listens. Declare the message in types.emitted, and the compiler finds the next one.',
  },
  'E-WIRE': {
    means: 'A wire has a word that it does not know, or one that is only for queues.',
    example: "{ rendezvous: 'lock', lose: true }    // only what is queued can be lost",
    remedy: '{ rendezvous } stands alone; { queue, full, lose, duplicate } belong together.',
  },
};
