import { StateMachine } from 'xstate';
import { z } from 'zod';
import type { Composition } from './model.ts';
import { SpecError } from './spec-error.ts';

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
  z.object({
    type: z.string(),
    when: predicate.optional(),
    read: predicate.optional(),
    oneOf: z.array(z.looseObject({})).optional(),
    environment: z.literal(true).optional(),
  }),
]);
const property = z.discriminatedUnion(
  'kind',
  [
    z.looseObject({ kind: z.literal('always'), name: z.string().min(1), holds: predicate, witness: z.looseObject({}) }),
    z.looseObject({ kind: z.literal('sometimes'), name: z.string().min(1), holds: predicate }),
    z.looseObject({ kind: z.literal('step'), name: z.string().min(1), holds: predicate }),
    z.looseObject({ kind: z.literal('precedes'), name: z.string().min(1) }),
  ],
  'expected a property made by always(), never(), sometimes(), step() or precedes()',
);
const composition = z.object({
  actors: z.record(z.string(), placed),
  wires: z.record(z.string(), z.record(z.string(), z.unknown())),
  mailboxes: z.record(z.string(), z.looseObject({})),
  spontaneous: z.record(z.string(), z.array(spontaneous)),
  properties: z.array(property),
});

/** @throws SpecError where it is not what compose() returns */
export function checkShape(model: string, built: unknown): asserts built is Composition {
  const { error } = composition.safeParse(built);
  if (error === undefined) return;
  throw new SpecError(`${model}: build() does not return a composition`, {
    where: 'build()',
    why: z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' '),
    instead: 'return compose({ name: start(machine), … }, { wires, spontaneous, properties })',
  });
}
