import { StateMachine } from 'xstate';
import { z } from 'zod';
import type { Composition } from './model.ts';
import { didYouMean, SpecError } from './spec-error.ts';

/**
 * The outer shape of what build() returned. The compiler sees to it in TypeScript; here it is seen to for models in plain
 * JavaScript, before anything relies on it.
 */
const predicate = z.custom((value) => typeof value === 'function', 'expected a function');
const placed = z.object(
  {
    kind: z.enum(['one', 'replicas']),
    machine: z.custom((value) => value instanceof StateMachine, 'expected a machine made by setup().createMachine()'),
    inputs: z.array(z.unknown()),
  },
  'expected start(machine, input) or replicate(machine, count)',
);
const spontaneous = z.union([
  z.string(),
  z.strictObject({
    type: z.string(),
    when: predicate.optional(),
    read: predicate.optional(),
    oneOf: z.array(z.looseObject({})).optional(),
    environment: z.literal(true).optional(),
  }),
]);
const occurrence = z.union([predicate, z.tuple([z.string(), z.string()])], 'expected a predicate or [actor, message]');
const property = z.discriminatedUnion(
  'kind',
  [
    z.looseObject({
      kind: z.literal('always'),
      name: z.string().min(1),
      holds: predicate,
      when: predicate.optional(),
      witness: z.looseObject({}, 'expected { witness: sometimes(…) }: the state without which it would say nothing'),
    }),
    z.looseObject({ kind: z.literal('sometimes'), name: z.string().min(1), holds: predicate }),
    z.looseObject({
      kind: z.literal('step'),
      name: z.string().min(1),
      holds: predicate,
      when: predicate.optional(),
    }),
    // biome-ignore lint/suspicious/noThenProperty: it is the other half of a precedence, and nothing awaits it
    z.looseObject({ kind: z.literal('precedes'), name: z.string().min(1), first: occurrence, then: occurrence }),
  ],
  'expected a property made by always(), never(), sometimes(), step() or precedes()',
);
const composition = z.object({
  actors: z.record(z.string(), placed),
  wires: z.record(z.string(), z.record(z.string(), z.unknown())),
  mailboxes: z.record(z.string(), z.strictObject({ capacity: z.unknown(), order: z.unknown().optional() })),
  spontaneous: z.record(z.string(), z.array(spontaneous)),
  properties: z.array(property),
});

/** @throws SpecError where it is not what compose() returns */
export function checkShape(model: string, built: unknown): asserts built is Composition {
  const { error, data } = composition.safeParse(built);
  if (data !== undefined) {
    for (const [actor, wires] of Object.entries(data.wires)) {
      for (const [type, wire] of Object.entries(wires)) checkWire(wire, `wires.${actor}["${type}"]`);
    }
    return;
  }
  throw new SpecError(`${model}: build() returns no sound composition`, {
    code: 'E-COMPOSITION',
    where: 'build()',
    why: z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' '),
    instead: 'return compose({ name: start(machine), … }, { wires, spontaneous, properties })',
  });
}

const queueKeys = ['queue', 'full', 'lose', 'duplicate'];

/** A rule that is misspelt, or that belongs to another kind of wire, would be a fault that never strikes. */
function checkWire(wire: unknown, where: string): void {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) return;
  if (!('rendezvous' in wire) && !('queue' in wire)) return; // no wire at all: told where routes are resolved
  const known = 'rendezvous' in wire ? ['rendezvous'] : queueKeys;
  for (const key of Object.keys(wire)) {
    if (known.includes(key)) continue;
    const isQueues = queueKeys.includes(key);
    throw new SpecError(`no wire has "${key}"${isQueues ? ' beside "rendezvous"' : ''}`, {
      code: 'E-WIRE',
      where,
      why: isQueues
        ? 'only what is queued can be lost, repeated or find no room'
        : `a wire knows ${['rendezvous', ...queueKeys].join(', ')}`,
      instead: isQueues
        ? 'either { rendezvous } or { queue, … }'
        : `one of them${didYouMean(key, ['rendezvous', ...queueKeys])}`,
    });
  }
}
