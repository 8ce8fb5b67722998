import type { EmittedOf, EventsOf } from '../../src/explore/model.ts';
import type { notifierMachine } from '../../src/machines/notifier.ts';
import type { Dax, Steps, WireOf } from './threads.ts';

/** N2 to N4: the two fields of the device, one load each, and the second once more. */
export const notifierSteps: Steps<EventsOf<typeof notifierMachine>, Dax> = [
  { type: 'alive.read', read: ({ dax }) => ({ alive: dax.context.alive }) },
  { type: 'ops.read', read: ({ dax }) => ({ set: dax.context.ops }) },
  { type: 'ops.called', read: ({ dax }) => ({ set: dax.context.ops }) },
  'thread.ended',
];

export const notifierWires = <const H extends string, const C extends string>(handler: H, caller: C) =>
  ({
    'failure.notified': handler,
    'notification.answered': caller,
    'thread.died': caller,
  }) as const satisfies WireOf<EmittedOf<typeof notifierMachine>>;
