import type { PropertyCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const properties: Readonly<Record<PropertyCode, ErrorPage>> = {
  'E-EXCEPTION': {
    means: 'A test excepts a transition from toTakeEveryTransition() that is taken after all, or that no machine has.',
    example: "expect(race).toTakeEveryTransition({ except: ['lock: held on taken'] })",
    remedy: 'Leave it out, or write it as the failing test prints it: "actor: state on message".',
  },
  'E-EXPECTATION': {
    means:
      'A variant expects a verdict, or a number of steps, of a property that the model does not have. Anything would fulfil it.',
    example: "expect: { 'no updates are lost': 'violated' }    // it is called 'no update is lost'",
    remedy:
      'Use the name of a property, or "deadlock" or "unhandled". A property that an option leaves out may not be expected there.',
  },
  'E-NAMESAKE': {
    means:
      'Two properties of a model have one name, or one is called "deadlock" or "unhandled", which every model has.',
    example: "[always('safe', …), always('safe', …)]",
    remedy: 'Give it another name: verdicts, expectations and --property go by it.',
  },
  'E-NOT-WITNESS': {
    means: 'toReach() was given a claim. A claim holds or is violated; only a witness is reached.',
    example: "expect(race).toReach('no update is lost')",
    remedy: 'toReach() takes the name of a sometimes(); for claims there are toHold() and toViolate().',
  },
  'E-PEER': {
    means:
      'A condition or a property asks an actor for something that is not shown: its state, or a member of an array of replicas.',
    example: "({ lock }) => lock.matches('free')",
    remedy:
      "Tag the state and ask lock.hasTag('free'). Shown are hasTag(tag), context and mailbox; of replicas the array: thread[0].",
  },
  'E-PREDICATE': {
    means:
      'A condition or a property returned something other than true or false. A promise would always count as true.',
    example: '({ lock }) => lock.context.owner    // a number, or nothing',
    remedy: 'Return a comparison: lock.context.owner !== null.',
  },
  'E-PROPERTY': {
    means: 'A property is asked for that the model, or none of the models found, has.',
    example: 'holdfast check models --property "no updat is lost"',
    remedy:
      'holdfast list FILE shows the properties of a model; its witnesses, "deadlock" and "unhandled" are among them.',
  },
  'E-STALE-PEER': {
    means: 'A function kept an actor that it was shown and read it later, when it would have told of another state.',
    example: 'let lock; always(…, (room) => { lock ??= room.lock; return lock.hasTag(…); }, …)',
    remedy: 'Read the room that the function is given, each time it is called.',
  },
  'E-TAG': {
    means: 'A condition or a property asks for a tag that no state of the machine has. The answer would always be no.',
    example: "thread.hasTag('inisde')",
    remedy: 'Correct the name, or tag the state. A tag that is declared in types.tags is also checked by the compiler.',
  },
  'E-UNHEARD': {
    means: 'precedes() waits for a message that its actor never takes, so it would say nothing.',
    example: "precedes('order', { first: ['lock', 'takn'], then: … })",
    remedy: 'Name an actor of the model and a message that its machine has a transition for.',
  },
  'E-WITNESS': {
    means:
      'An always() has no witness. An invariant whose premise never comes about holds for nothing, and the witness says that it does come about.',
    example: "always('safe', isSafe, {})",
    remedy: "{ witness: sometimes('both are inside', …) }: the situation in which the invariant could be broken.",
  },
};
