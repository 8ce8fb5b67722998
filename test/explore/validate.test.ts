import { describe, expect, test } from 'vitest';
import { emit, enqueueActions, raise, sendTo, spawnChild } from 'xstate';
import { check } from '../../src/explore/check.ts';
import { assignmentOf, type Composition, defineModel, replicate, start } from '../../src/explore/model.ts';
import { always, sometimes, step } from '../../src/explore/property.ts';
import type { Located } from '../../src/explore/spec-error.ts';
import { checked, loose, machine, order, refusalOf } from './kit.ts';

/** Speaks when it is told to, and is never in the way. */
const bell = machine({ id: 'bell', tags: 'rest', on: { pressed: { actions: emit({ type: 'rung' }) } } });
const guest = machine({ id: 'guest', tags: 'rest', on: { rung: {} } });
const hotel = { bell: start(bell), guest: replicate(guest, 2) };
const rung = (wire: unknown, wiring: object = {}) => loose(hotel, { wires: { bell: { rung: wire } }, ...wiring });
const alone = (config: object, implementations: object = {}) =>
  loose({ a: start(machine({ id: 'm', tags: 'rest', ...config }, implementations)) });

type Refusal = Partial<Located> & { readonly headline: string };

/** Every part that is given must be a part of what is said. */
function expectRefusal(run: () => unknown, { headline, ...parts }: Refusal): void {
  const refusal = refusalOf(run);
  expect(refusal.headline).toBe(headline);
  for (const [part, text] of Object.entries(parts)) expect(refusal[part as keyof Located]).toContain(text);
}

describe('a wire', () => {
  test('of an emission must be there', () => {
    expectRefusal(() => checked(loose(hotel, { wires: { bell: { rang: [] } } })), {
      headline: 'bell: emits "rung", which has no wire',
      where: 'bell, state bell',
      why: 'nobody is said to receive it',
      instead: 'did you mean "rang"?',
    });
    expectRefusal(() => checked(loose(hotel)), {
      headline: 'bell: emits "rung", which has no wire',
      why: 'there are no wires for "bell"',
      instead: 'types.emitted',
    });
  });

  test('must be there where an emission is only known when it comes', () => {
    const late = machine({ tags: 'rest', on: { pressed: { actions: emit(() => ({ type: 'rung' })) } } });
    const composition = loose({ bell: start(late) }, { wires: { bell: {} }, spontaneous: { bell: ['pressed'] } });
    expectRefusal(() => checked(composition), {
      headline: 'bell: emits "rung", which has no wire',
      where: 'wires.bell',
      instead: 'or [] where nobody listens',
    });
  });

  test('belongs to an actor that is there', () => {
    expectRefusal(() => checked(rung([], { wires: { bel: { rung: [] }, bell: { rung: [] } } })), {
      headline: 'no actor "bel"',
      where: 'wires.bel',
      why: 'the actors are bell, guest',
      instead: 'did you mean "bell"?',
    });
  });

  test.each<[what: string, wire: unknown]>([
    ['fixed', 'gest'],
    ['as a rendezvous', { rendezvous: ['gest', 0] }],
    ['as a queue', { queue: ['bell', 'gest'] }],
  ])('leads to an actor that is there, %s', (_, wire) => {
    const mailboxes = { bell: { capacity: 1 } };
    expectRefusal(() => checked(rung(wire, { mailboxes })), {
      headline: wire instanceof Object && 'queue' in wire ? 'bell: no state takes "rung"' : 'no actor "gest"',
      where: 'wires.bell["rung"]',
    });
  });

  test('leads to an actor that is there, computed', () => {
    const computed = (route: unknown) => rung(() => route, { spontaneous: { bell: ['pressed'] } });
    expectRefusal(() => checked(computed('gest')), {
      headline: 'no actor "gest"',
      where: 'wires.bell["rung"]',
      instead: 'did you mean "guest"?',
    });
    expectRefusal(() => checked(computed(['guest', 2])), {
      headline: 'no actor guest[2]',
      why: 'there are 2 of "guest"',
    });
  });

  test.each([-1, 2, 0.5, Number.NaN])('leads to a replica that is there, and %d is not', (self) => {
    expectRefusal(() => checked(rung(['guest', self])), {
      headline: `no actor guest[${self}]`,
      where: 'wires.bell["rung"]',
      why: 'there are 2 of "guest", numbered from 0',
    });
  });

  test('to a machine without an id is told with the name of its actor', () => {
    const nameless = machine({ tags: 'rest', on: { pressed: { actions: emit({ type: 'rung' }) } } });
    expectRefusal(() => checked(loose({ bell: start(nameless) }, { wires: { bell: { rung: 'bell' } } })), {
      headline: 'bell: no state takes "rung"',
      why: 'the machine "bell" has it in no "on"',
    });
    expectRefusal(() => replicate(nameless, -1), { headline: 'machine: -1 replicas' });
  });

  test('leads to an actor that some state of takes the message', () => {
    expectRefusal(() => checked(rung('bell')), {
      headline: 'bell: no state takes "rung"',
      why: 'the machine "bell" has it in no "on"',
      instead: "on: { 'rung': {} }",
    });
  });

  test('with a queue leads to a mailbox', () => {
    expectRefusal(() => checked(rung({ queue: 'guest' })), {
      headline: 'guest: a mailbox without bound',
      where: 'wires.bell["rung"]',
      why: '"rung" is queued for "guest"',
      instead: 'mailboxes: { guest: { capacity: 1 } }',
    });
  });

  test.each<[what: string, route: unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['a number of nobody', [0]],
    ['an address with a name for a number', [['guest', '0']]],
    ['an address of three', ['guest', 0, 0]],
    ['an address in an address', [['guest', 0], 0]],
    ['nothing in a list', ['guest', null]],
    ['an empty address', [[]]],
    ['a bigint', 1n],
    ['an object', { call: 'guest' }],
    ['a promise', Promise.resolve('guest')],
  ])('leads somewhere: %s does not', (_, route) => {
    const headline = 'a wire that leads nowhere';
    const where = 'wires.bell["rung"]';
    const instead = 'or [] where nobody listens';
    expectRefusal(() => checked(rung(route)), { headline, where, instead });
    expectRefusal(() => checked(rung({ rendezvous: route })), { headline, where, instead });
    const spontaneous = { bell: ['pressed'] };
    expectRefusal(() => checked(rung(() => route, { spontaneous })), { headline, where, instead });
  });

  test("knows nothing but its own rules: one that is misspelt or another kind of wire's would never strike", () => {
    expectRefusal(() => checked(rung({ queue: 'guest', loose: true } as never)), {
      headline: 'no wire has "loose"',
      instead: 'did you mean "lose"?',
    });
    expectRefusal(() => checked(rung({ rendezvous: 'guest', lose: true } as never)), {
      headline: 'no wire has "lose" beside "rendezvous"',
      instead: 'either { rendezvous } or { queue',
    });
    expectRefusal(() => checked(rung({ rendezvous: 'guest', queue: 'guest' } as never)), {
      headline: 'no wire has "queue" beside "rendezvous"',
    });
  });

  test.each<[rule: string, rules: object, instead: string]>([
    ['full: discard', { full: 'discard' }, 'one of them, or nothing'],
    ['full: blocks', { full: 'blocks' }, 'did you mean "block"?'],
    ['lose: latter', { lose: 'latter' }, 'did you mean "later"?'],
    ['lose: false', { lose: false }, 'or nothing'],
    ['duplicate: for ever', { duplicate: 'for ever' }, 'did you mean "forever"?'],
  ])('is no queue with "%s"', (rule, rules, instead) => {
    const wire = { queue: 'guest', ...rules };
    expectRefusal(() => checked(rung(wire, { mailboxes: { guest: { capacity: 1 } } })), {
      headline: `no queue is "${rule}"`,
      where: 'wires.bell["rung"]',
      instead,
    });
  });
});

describe('a message', () => {
  test.each(['xstate.init', 'xstate.stop', 'xstate.after.10.m', '*'])('cannot be called %j', (type) => {
    const teller = machine({ id: 'm', tags: 'rest', on: { go: { actions: emit({ type }) }, [type]: {} } });
    expectRefusal(() => checked(loose({ a: start(teller) }, { wires: { a: { [type]: 'a' } } })), {
      headline: `no message can be called "${type}"`,
      where: `wires.a["${type}"]`,
      instead: 'another name',
    });
    expectRefusal(
      () => checked(loose({ a: start(teller) }, { wires: { a: { [type]: [] } }, spontaneous: { a: [type] } })),
      {
        headline: `no message can be called "${type}"`,
      },
    );
  });

  test.each([null, 'rung', {}, { type: 5 }, { type: null }])('has a type: %j is none', (event) => {
    const wiring = { wires: { a: {} }, spontaneous: { a: ['go'] } };
    const teller = (action: unknown) =>
      loose({ a: start(machine({ id: 'm', tags: 'rest', on: { go: { actions: action } } })) }, wiring);
    const refusal = { headline: 'what is emitted is no message', instead: "emit({ type: 'door.opened' })" };
    expectRefusal(() => checked(teller(emit(() => event as never))), { ...refusal, where: 'a, in {}, on go' });
    if (typeof event !== 'string')
      expectRefusal(() => checked(teller(emit(event as never))), { ...refusal, where: 'a, state m' });
  });
});

describe('a machine', () => {
  test('has its actions and guards implemented', () => {
    const implementations = { actions: { ring: emit({ type: 'rung' }) }, guards: { isOpen: () => true } };
    const named = (transition: object) =>
      alone({ initial: 'on', states: { on: { on: { pressed: transition } } } }, implementations);
    expectRefusal(() => checked(named({ actions: 'rang' })), {
      headline: 'a: action "rang" is not implemented',
      where: 'a, state on',
      why: 'setup() of "m" names the actions ring',
      instead: 'did you mean "ring"?',
    });
    expectRefusal(() => checked(named({ guard: 'isOpn' })), {
      headline: 'm: guard "isOpn" is not implemented',
      where: 'a, state on',
      why: 'setup() names the guards isOpen',
      instead: 'did you mean "isOpen"?',
    });
    expectRefusal(() => checked(named({ actions: { type: 'rang', params: {} } })), {
      headline: 'a: action "rang" is not implemented',
    });
    expectRefusal(() => checked(alone({ on: { pressed: { guard: { type: 'is' } } } })), {
      why: 'names the guards none',
      headline: 'm: guard "is" is not implemented',
    });
  });

  test('has its delays implemented, which XState would let pass at once', () => {
    const delays = { short: 10 };
    const waiting = { initial: 'on', states: { on: { after: { shrt: 'off' } }, off: {} } };
    expectRefusal(() => checked(alone(waiting, { delays })), {
      headline: 'm: delay "shrt" is not implemented',
      where: 'a, state on',
      why: 'setup() names the delays short',
      instead: 'did you mean "short"?',
    });
    const raising = { entry: raise({ type: 'rung' }, { delay: 'long' as never, id: 'long' }), on: { rung: {} } };
    expectRefusal(() => checked(alone(raising, { delays })), { headline: 'm: delay "long" is not implemented' });
    const right = { initial: 'on', states: { on: { after: { short: 'off', 10: {} } }, off: {} } };
    expect(checked(alone(right, { delays })).stats.states).toBeGreaterThan(1);
  });

  test.each<[what: string, node: object]>([
    ['an entry', { entry: sendTo('b', { type: 'x' }) }],
    ['an exit', { exit: () => {} }],
    ['a transition', { on: { pressed: { actions: sendTo('b', { type: 'x' }) } } }],
    ['an always', { always: { guard: () => false, actions: spawnChild(bell) } }],
    ['a delayed transition', { after: { 10: { actions: () => {} } } }],
    ['an onDone', { initial: 'in', states: { in: { type: 'final' } }, onDone: { actions: () => {} } }],
  ])('acts by emit() alone, in %s', (_, node) => {
    const { where } = refusalOf(() => checked(alone({ initial: 'on', states: { on: node } })));
    expect(where).toBe('a, state on');
  });

  test('is looked at before anything is explored, and the rest as it comes', () => {
    const hidden = enqueueActions(({ enqueue }) => enqueue(() => {}));
    const on = { pressed: { actions: hidden } };
    expect(
      refusalOf(() =>
        checked(loose({ a: start(machine({ id: 'm', tags: 'rest', on })) }, { spontaneous: { a: ['pressed'] } })),
      ).where,
    ).toBe('a, in {}, on pressed');
    expect(checked(alone({ on })).stats.states).toBe(1);
  });
});

describe('a mailbox', () => {
  test('belongs to an actor that is there', () => {
    expectRefusal(() => checked(rung([], { mailboxes: { guests: { capacity: 1 } } })), {
      headline: 'no actor "guests"',
      where: 'mailboxes.guests',
      instead: 'did you mean "guest"?',
    });
  });

  test.each([undefined, 0, -1, 1.5, Number.POSITIVE_INFINITY, Number.NaN, '1'])(
    'has a capacity: %s is none',
    (capacity) => {
      expectRefusal(() => checked(rung([], { mailboxes: { guest: { capacity } } })), {
        headline: 'guest: a mailbox without bound',
        where: 'mailboxes.guest',
        why: `its capacity is ${capacity}`,
        instead: '{ capacity: 1 }',
      });
    },
  );

  test('has one of three orders', () => {
    expectRefusal(() => checked(rung([], { mailboxes: { guest: { capacity: 1, order: 'fifi' } } })), {
      headline: 'guest: no mailbox order "fifi"',
      why: 'fifo, perSender and unordered',
      instead: 'did you mean "fifo"?',
    });
  });
});

describe('a spontaneous message', () => {
  const pressed = (...rules: unknown[]) => rung([], { spontaneous: { bell: rules } });

  test('belongs to an actor that is there', () => {
    expectRefusal(() => checked(rung([], { spontaneous: { ball: ['pressed'] } })), {
      headline: 'no actor "ball"',
      where: 'spontaneous.ball',
      instead: 'did you mean "bell"?',
    });
  });

  test('is one that some state takes', () => {
    expectRefusal(() => checked(pressed('presed')), {
      headline: 'bell: no state takes the spontaneous "presed"',
      where: 'spontaneous.bell',
      why: 'the machine "bell" has it in no "on"',
      instead: 'did you mean "pressed"?',
    });
  });

  test('is listed once', () => {
    expectRefusal(() => checked(pressed('pressed', { type: 'pressed', environment: true })), {
      headline: 'bell: spontaneous "pressed" is listed twice',
      where: 'spontaneous.bell',
      instead: 'one entry',
    });
  });

  test.each<[what: string, oneOf: readonly object[], how: string]>([
    ['none', [], 'is empty'],
    ['one twice', [{ n: 0 }, { n: 1 }, { n: 0 }], 'has a payload twice'],
    [
      'one in two orders of keys',
      [
        { n: 0, m: 0 },
        { m: 0, n: 0 },
      ],
      'has a payload twice',
    ],
    ['one with and without a type of its own', [{ n: 0 }, { n: 0, type: 'other' }], 'has a payload twice'],
    [
      'one with and without a prototype',
      [{ n: 0 }, Object.assign(Object.create(null), { n: 0 })],
      'has a payload twice',
    ],
  ])('has every payload once: not %s', (_, oneOf, how) => {
    expectRefusal(() => checked(pressed({ type: 'pressed', oneOf })), {
      headline: `bell: "oneOf" of "pressed" ${how}`,
      where: 'spontaneous.bell',
      instead: 'every payload once, and at least one',
    });
  });

  test('has payloads that differ in more than they seem to', () => {
    const oneOf = [{ n: 0 }, { n: -0 }, { n: undefined }, {}];
    expect(checked(pressed({ type: 'pressed', oneOf })).stats.transitions).toBe(4);
  });

  test('has a payload of plain data', () => {
    expectRefusal(() => checked(pressed({ type: 'pressed', oneOf: [{ at: new Map() }] })), {
      headline: 'spontaneous.bell "pressed": not plain data',
      where: 'at at',
      why: 'an instance of Map',
    });
    expectRefusal(() => checked(pressed({ type: 'pressed', read: () => ({ at: () => 1 }) })), {
      headline: 'spontaneous "pressed" of bell, read: not plain data',
      where: 'at at',
    });
  });

  test.each<[what: string, left: object, right: object]>([
    ['by name', { pressed: {} }, { pressed: {} }],
    ['by name and by wildcard', { pressed: {} }, { '*': {} }],
  ])('is not taken by two regions, %s', (_, left, right) => {
    const states = { left: { initial: 'in', states: { in: { on: left } } }, right: { on: right } };
    const double = machine({ id: 'm', tags: 'rest', type: 'parallel', states });
    expectRefusal(() => checked(loose({ a: start(double) }, { spontaneous: { a: ['pressed'] } })), {
      headline: 'a: two parallel regions take the spontaneous "pressed"',
      where: 'left and right',
      instead: 'an actor of its own',
    });
  });
});

describe('a property', () => {
  const claiming = (...properties: unknown[]) => rung([], { properties });
  const reached = sometimes('reached', () => true);

  test('has a name of its own', () => {
    const other = sometimes('reached', () => false);
    for (const properties of [
      [reached, other],
      [always('reached', () => true, { witness: reached })],
      [sometimes('deadlock', () => true)],
      [sometimes('unhandled', () => true)],
    ]) {
      const name = properties.at(-1)!.name;
      expectRefusal(() => checked(claiming(...properties)), {
        headline: `two properties are called "${name}"`,
        where: 'properties',
        instead: 'another name',
      });
    }
  });

  test('may name a witness that is listed, or that others name', () => {
    const claims = ['one', 'two'].map((name) => always(name, () => true, { witness: reached }));
    expect(checked(claiming(reached, ...claims)).verdicts).toHaveLength(5);
  });

  test.each([undefined, {}, 'reached', { ...always('x', () => true, { witness: reached }), name: 'y' }])(
    'has a witness, and %j is none',
    (witness) => {
      const invariant = always('p', () => true, { witness: witness as never });
      if (typeof witness === 'object') {
        expectRefusal(() => checked(claiming(invariant)), {
          headline: '"p" has no witness',
          where: 'properties',
          instead: 'sometimes(name',
        });
      } else {
        expect(refusalOf(() => checked(claiming(invariant))).why).toContain('witness');
      }
    },
  );

  test('waits for a message that its actor takes', () => {
    const is = () => true;
    expectRefusal(() => checked(claiming(order('p', ['bell', 'rung'], is))), {
      headline: '"p" waits for "rung" of "bell"',
      where: 'properties',
      why: 'no state of the machine "bell" takes it',
    });
    expectRefusal(() => checked(claiming(order('p', is, ['gest', 'rung']))), {
      headline: '"p" waits for "rung" of "gest"',
      why: 'the actors are bell, guest',
      instead: 'did you mean "guest"?',
    });
  });

  test('asks for tags that some state carries', () => {
    type Room = { bell: { hasTag: (tag: string) => boolean } };
    expectRefusal(() => checked(claiming(sometimes<Room>('p', ({ bell }) => bell.hasTag('rset')))), {
      headline: 'bell: no state is tagged "rset"',
      where: "hasTag('rset') of bell",
      why: "its machine's tags are rest",
      instead: 'did you mean "rest"?',
    });
  });

  test.each<[what: string, answer: unknown, why: string]>([
    ['a promise', Promise.resolve(false), 'a promise'],
    ['nothing', undefined, 'the type undefined'],
    ['a number', 1, 'the type number'],
  ])('answers true or false, and not %s', (_, answer, why) => {
    const asked = () => answer as boolean;
    const headline = 'a predicate answers neither true nor false';
    for (const claim of [sometimes('p', asked), always('p', asked, { witness: reached }), step('p', asked)]) {
      expectRefusal(() => checked(rung([], { properties: [claim], spontaneous: { bell: ['pressed'] } })), {
        headline,
        where: 'property "p"',
        why,
      });
    }
    expectRefusal(() => checked(rung([], { spontaneous: { bell: [{ type: 'pressed', when: asked }] } })), {
      headline,
      where: 'spontaneous "pressed" of bell, when',
      why,
    });
  });

  test('answers without an error', () => {
    type Room = { nobody: { context: unknown } };
    expectRefusal(() => checked(claiming(sometimes<Room>('p', ({ nobody }) => nobody.context === 1))), {
      headline: 'no actor "nobody"',
      where: 'property "p"',
      why: 'the actors are',
    });
    type Blank = { bell: { context: { list?: unknown[] } } };
    expectRefusal(() => checked(claiming(sometimes<Blank>('p', ({ bell }) => bell.context.list!.length === 1))), {
      headline: 'the specification threw an error',
      where: 'property "p"',
      why: "reading 'length'",
    });
    type Chart = { bell: { value: unknown } };
    expectRefusal(() => checked(claiming(sometimes<Chart>('p', ({ bell }) => bell.value === 'on'))), {
      headline: 'a peer has no "value"',
      why: 'hasTag(tag), context and mailbox',
      instead: 'a tag',
    });
  });
});

describe('a model', () => {
  const build = (): Composition => rung([]);

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2'])('has a number of replicas: %s is none', (count) => {
    expectRefusal(() => replicate(guest, count as number), {
      headline: `guest: ${count} replicas`,
      where: `replicate(guest, ${count})`,
      instead: 'a whole number, 0 included',
    });
  });

  test('has options with values, each once', () => {
    expectRefusal(() => defineModel({ name: 'm', options: { a: [] }, build }), {
      headline: 'm: option "a" has no values',
      where: 'options',
    });
    expectRefusal(() => defineModel({ name: 'm', options: { a: [1, 2, 1] }, build }), {
      headline: 'm: option "a" has a value twice',
    });
  });

  test('has a variant', () => {
    expectRefusal(() => defineModel({ name: 'm', variants: {}, build }), {
      headline: 'm: no variants',
      where: 'variants',
    });
    expect(defineModel({ name: 'm', build }).variants).toHaveLength(1);
  });

  test('has variants that choose among its options', () => {
    const options = { order: ['fifo', 'unordered'] };
    const variant = (option: object) => () => defineModel({ name: 'm', options, variants: { v: { option } }, build });
    expectRefusal(variant({ ordr: 'fifo' }), {
      headline: 'm: no option "ordr"',
      where: 'variant "v"',
      why: "the model's options are order",
      instead: 'did you mean "order"?',
    });
    expectRefusal(variant({ order: 'filo' }), {
      headline: 'm: option "order" has no value "filo"',
      where: 'variant "v"',
      why: 'its values are fifo, unordered',
      instead: 'did you mean "fifo"?',
    });
    expectRefusal(variant({ constructor: 'x' }), { headline: 'm: no option "constructor"' });
  });

  test('may have options that are called as nobody would call them', () => {
    const model = { name: 'm', options: { constructor: [1, 2], toString: ['a'] } };
    expect(assignmentOf(model, {}, 'here')).toEqual({ constructor: 1, toString: 'a' });
    expect(assignmentOf(model, { constructor: 2 }, 'here')).toEqual({ constructor: 2, toString: 'a' });
  });

  test('is made of words that mean something', () => {
    expectRefusal(() => defineModel({ name: 'm', varaints: {}, build } as never), {
      headline: 'm: "varaints" means nothing here',
      instead: 'did you mean "variants"?',
    });
    expectRefusal(() => defineModel({ name: 'm', variants: { one: { expects: {} } }, build } as never), {
      headline: 'm: "expects" means nothing here',
      where: 'variant "one"',
    });
    expectRefusal(() => defineModel({ name: 'm', variants: { one: { expect: { p: 'fails' } } }, build } as never), {
      headline: 'm: no verdict is "fails"',
      where: 'variant "one", what it expects of "p"',
    });
  });

  test('has a build that builds', () => {
    const failing = defineModel({
      name: 'm',
      build: () => {
        throw new TypeError('no such machine');
      },
    });
    expectRefusal(() => check(failing, failing.variants[0]!), {
      headline: 'm: build() threw an error',
      where: 'variant "default"',
      why: 'no such machine',
    });
    const empty = defineModel({ name: 'm', build: () => ({}) as never });
    expectRefusal(() => check(empty, empty.variants[0]!), { headline: 'm: build() returns no sound composition' });
  });

  test('expects something of properties that it has', () => {
    const variants = { v: { expect: { deadlok: 'violated' } as const } };
    const expecting = defineModel({ name: 'm', variants, build });
    expectRefusal(() => check(expecting, expecting.variants[0]!), {
      headline: 'm: expects something of "deadlok", which is no property',
      where: 'variant "v"',
      instead: 'did you mean "deadlock"?',
    });
    const counting = defineModel({ name: 'm', variants: { v: { figures: { steps: { x: 1 } } } }, build });
    expectRefusal(() => check(counting, counting.variants[0]!), {
      headline: 'm: expects something of "x", which is no property',
    });
  });

  test('is asked for properties that it has', () => {
    expectRefusal(() => checked(build(), { properties: ['unhandeld'] }), {
      headline: 'no property "unhandeld"',
      where: 'the properties asked for',
      instead: 'did you mean "unhandled"?',
    });
  });
});
