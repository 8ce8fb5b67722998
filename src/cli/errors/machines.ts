import type { MachineCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const machines: Readonly<Record<MachineCode, ErrorPage>> = {
  'E-ACTION': {
    means:
      'A machine has an action whose effect cannot be explored: sendTo(), sendParent(), log() with a function, or a plain function.',
    example: "entry: sendTo('mount', { type: 'told' })",
    remedy:
      "Say it with emit({ type: 'told' }) and let a wire of the model say who hears it. What the machine is to remember goes into assign().",
  },
  'E-DATA': {
    means:
      'A context, a message or an input holds something that has no value to compare: a function, a Map, a Date, a class instance, a cycle.',
    example: 'context: { waiting: new Set() }',
    remedy:
      'Use null, booleans, numbers, strings, bigints, arrays and plain objects. A sorted array serves for a set, an object for a map.',
  },
  'E-DELAY-ID': {
    means: 'A machine raises an event after a delay and gives the delay no id, so two of them could not be told apart.',
    example: "raise({ type: 'timeout' }, { delay: 1000 })",
    remedy: "raise({ type: 'timeout' }, { delay: 1000, id: 'timeout' }), or \"after\" on the state.",
  },
  'E-EMITS-AT-START': {
    means:
      'A machine emits on entering its first state. To start is no step, so there is nobody yet who could take it.',
    example: "initial: 'ready', states: { ready: { entry: emit({ type: 'born' }) } }",
    remedy: 'Begin in a state that a spontaneous message leaves, and emit on that transition.',
  },
  'E-ENDLESS': {
    means:
      'A machine goes on by itself and never comes to rest: "always" transitions or raised events that lead back to where they began.',
    example: "a: { always: 'b' }, b: { always: 'a' }",
    remedy: 'Let a guard become false on the way, or make each turn a step of its own with a spontaneous message.',
  },
  'E-IMPURE': {
    means:
      'A guard, an action, a condition or a property was asked the same twice and did not answer the same, or it read a clock or random numbers. ' +
      'Holdfast asks everything twice, the second time with the keys of all objects in another order.',
    example: 'guards: { isLucky: () => Math.random() < 0.5 }',
    remedy:
      "Let it depend on its arguments alone. A choice that comes from outside is a spontaneous message: { type: 'tossed', oneOf: [{ heads: true }, { heads: false }] }.",
  },
  'E-NO-MESSAGE': {
    means:
      'A machine emits something that has no "type", or one that is not a string, so that no wire could be named for it.',
    example: 'emit({ kind: "opened" })',
    remedy: "emit({ type: 'door.opened' }), and the payload beside the type.",
  },
  'E-SELF': {
    means:
      'A machine asks for "self". Replicas of a machine share what is known of it, so it may not depend on which of them it is.',
    example: "emit(({ self }) => ({ type: 'asked', by: self.id }))",
    remedy: 'Hand it what it has to know of itself as input: replicate(task, 2, (self) => ({ self })).',
  },
  'E-SPAWN': {
    means:
      'A machine spawns or invokes another. Who is in the room is fixed by the model, so that its states can be compared.',
    example: 'invoke: { src: loader }',
    remedy:
      'Put the other actor into the model with start(loader), waiting in a state tagged "rest", and wake it by emit() and a wire.',
  },
  'E-THROWS': {
    means:
      'A guard, an action, a condition or a property threw an error in a state that can be reached. Data that is handed to them is frozen.',
    example: 'assign({ list: ({ context }) => context.list.push(1) })    // changes what it was given',
    remedy: 'Return for every context and message that can occur, and build new data: [...context.list, 1].',
  },
  'E-UNIMPLEMENTED': {
    means:
      'A machine names an action, a guard or a delay that setup() does not have. XState would say so only when it comes to it.',
    example: "on: { asked: { guard: 'isFree' } }    // setup({ guards: {} })",
    remedy: 'Implement it in setup({ actions, guards, delays }), or correct its name.',
  },
};
