import { describe, expect, test } from 'vitest';
import { assign, emit, enqueueActions, fromCallback, raise, sendParent, sendTo, spawnChild } from 'xstate';
import { start } from '../../src/explore/model.ts';
import { checked, loose, machine, refusalOf } from './kit.ts';

describe('what a machine remembers is plain data, or refused', () => {
  const ring: { self?: unknown } = {};
  ring.self = ring;
  // XState copies the uppermost object itself
  const held = (context: object, input?: unknown) =>
    loose({ a: start(machine({ context: ({ input }: { input?: object }) => input ?? context, tags: 'rest' }), input) });

  test.each<[what: string, context: object, at: string]>([
    ['a Map', { table: new Map() }, 'table'],
    ['a Date', { at: new Date(0) }, 'at'],
    ['a cycle', { ring }, 'ring.self'],
    ['a symbol for a key', { deep: { [Symbol('s')]: 1 } }, 'deep'],
    ['a getter', { deep: Object.defineProperty({}, 'n', { get: () => 1, enumerable: true }) }, 'deep.n'],
    ['a hidden property', { deep: Object.defineProperty({}, 'n', { value: 1 }) }, 'deep.n'],
    ['an array with a name', { list: Object.assign([1], { name: 'x' }) }, 'list'],
    ['an array with holes', { list: new Array(2) }, 'list'],
    ['a function', { f: () => 1 }, 'f'],
  ])('%s in its context', (_, context, at) => {
    const { headline, where } = refusalOf(() => checked(held(context)));
    expect(headline).toBe('a, as it starts: context: not plain data');
    expect(where).toBe(`a, as it starts: context, at ${at}`);
  });

  test.each<[what: string, input: object, at: string]>([
    ['a Map', new Map([['x', 1]]), ''],
    ['a cycle', ring, ', at self'],
    ['a function', { pick: () => 1 }, ', at pick'],
  ])('%s in its input', (_, input, at) => {
    expect(refusalOf(() => checked(held({}, input))).where).toBe(`a, as it starts: input${at}`);
  });

  test('a Set in an output', () => {
    const states = { open: { on: { ended: 'shut' } }, shut: { type: 'final' } };
    const ending = machine({ initial: 'open', states, output: { all: new Set() } });
    const refusal = refusalOf(() => checked(loose({ a: start(ending) }, { spontaneous: { a: ['ended'] } })));
    expect(refusal.where).toBe('a, in "open", on ended: output, at all');
  });

  test('a class in a message', () => {
    class Point {}
    const tells = machine({
      tags: 'rest',
      on: { poked: { actions: emit(() => ({ type: 'told', at: new Point() })) } },
    });
    const wiring = { wires: { a: { told: [] } }, spontaneous: { a: ['poked'] } };
    const { where, why } = refusalOf(() => checked(loose({ a: start(tells) }, wiring)));
    expect(where).toBe('a, in {}, on poked: message "told", at at');
    expect(why).toContain('an instance of Point');
  });
});

describe('what would leave a machine by another way than emit() is refused', () => {
  const child = machine({ id: 'child' });
  const acting = (action: unknown, implementations: object = {}) => {
    const actor = machine({ id: 'a', tags: 'rest', on: { poked: { actions: action } } }, implementations);
    return refusalOf(() => checked(loose({ a: start(actor) }, { spontaneous: { a: ['poked'] } })));
  };
  const inside = (run: (enqueue: never) => void) => enqueueActions(({ enqueue }) => run(enqueue as never));
  type Enqueue = ((action: unknown) => void) &
    Record<'sendTo' | 'sendParent' | 'spawnChild', (...args: unknown[]) => void>;

  test.each<[what: string, action: unknown, called: string]>([
    ['a function', () => {}, 'an inline function'],
    ['a function with a name', function ring() {}, 'ring'],
    ['an action that is a function', 'ring', 'ring'],
    ['sendTo', sendTo('b', { type: 'told' }), 'sendTo'],
    ['sendTo itself', sendTo(({ self }) => self, { type: 'told' }), 'sendTo'],
    ['sendParent', sendParent({ type: 'told' }), 'sendTo'],
    ['a function inside enqueueActions', inside((enqueue: Enqueue) => enqueue(() => {})), '(anonymous)'],
    ['an action inside enqueueActions', inside((enqueue: Enqueue) => enqueue('ring')), 'ring'],
    ['sendTo inside enqueueActions', inside(({ sendTo }: Enqueue) => sendTo('b', { type: 'told' })), 'sendTo'],
    [
      'sendParent inside enqueueActions',
      inside(({ sendParent }: Enqueue) => sendParent({ type: 'told' })),
      'sendParent',
    ],
  ])('%s', (_, action, called) => {
    const refusal = acting(action, { actions: { ring: () => {} } });
    expect(refusal.headline).toBe(`action "${called}" cannot be explored`);
    expect(refusal.where).toMatch(/^a, (state a|in \{\}, on poked)$/);
    expect(refusal.instead).toMatch(/emit\(.*one line under "wires"/);
  });

  test.each<[what: string, action: unknown]>([
    ['spawnChild', spawnChild(child)],
    ['spawn in an assign', assign({ child: ({ spawn }) => spawn(child) })],
    ['spawn in an assign that keeps nothing', assign(({ spawn }) => ({ ...(spawn(child) && {}) }))],
    ['spawn by name', assign({ child: ({ spawn }) => spawn('child' as never) })],
    ['spawn of a callback', assign({ child: ({ spawn }) => spawn(fromCallback(() => {})) })],
    ['spawnChild inside enqueueActions', inside(({ spawnChild }: Enqueue) => spawnChild(child))],
  ])('%s', (_, action) => {
    const refusal = acting(action, { actors: { child } });
    expect(refusal.headline).toBe('an actor that is spawned or invoked cannot be explored yet');
    expect(refusal.instead).toMatch(/start\(machine\).*emit\(\) and a wire/);
  });

  test('invoke, and spawn as it starts', () => {
    const invoking = machine({ id: 'a', initial: 'calling', states: { calling: { invoke: { src: 'child' } } } });
    const spawning = machine({
      id: 'a',
      context: ({ spawn }: { spawn: (of: unknown) => unknown }) => ({ b: spawn(child) }),
    });
    expect(refusalOf(() => checked(loose({ a: start(invoking) })))).toMatchObject({ where: 'a, state calling' });
    expect(refusalOf(() => checked(loose({ a: start(spawning) })))).toMatchObject({
      headline: 'an actor that is spawned or invoked cannot be explored yet',
      where: 'a, as it starts',
    });
  });

  test('"self", by which all replicas would be one', () => {
    for (const read of [({ self }: Own) => self.id, ({ self }: Own) => self.getSnapshot()]) {
      expect(acting(assign({ n: read as never }))).toMatchObject({ headline: '"self" cannot be read' });
    }
    expect(acting(assign({ n: (({ self }: Own) => self) as never })).why).toContain('a function');
  });
  interface Own {
    readonly self: { readonly id: string; readonly getSnapshot: () => unknown };
  }
});

describe('a machine that does not come to rest is refused', () => {
  test.each<[what: string, states: object]>([
    ['two states that lead to each other', { to: { always: 'fro' }, fro: { always: 'to' } }],
    [
      'a state that raises what it takes',
      { to: { entry: raise({ type: 'again' }), on: { again: { target: 'to', reenter: true } } } },
    ],
  ])('%s', (_, turning) => {
    const spinner = machine({ id: 'a', initial: 'ready', states: { ready: { on: { begun: 'to' } }, ...turning } });
    expect(refusalOf(() => checked(loose({ a: start(spinner) }, { spontaneous: { a: ['begun'] } })))).toMatchObject({
      headline: 'endless "always" or "raise"',
      where: 'a, in "ready", on begun',
      why: expect.stringContaining('1000'),
    });
    const atOnce = machine({ id: 'a', initial: 'to', states: turning });
    expect(refusalOf(() => checked(loose({ a: start(atOnce) })))).toMatchObject({ where: 'a, as it starts' });
  });
});

test('a machine that emits as it starts is refused', () => {
  for (const config of [
    { entry: emit({ type: 'told' }) },
    { initial: 'one', states: { one: { always: { target: 'two', actions: emit({ type: 'told' }) } }, two: {} } },
  ]) {
    const eager = machine({ id: 'a', ...config });
    expect(refusalOf(() => checked(loose({ a: start(eager) }, { wires: { a: { told: [] } } })))).toMatchObject({
      headline: 'a: emits "told" before its first step',
      where: 'a, as it starts',
    });
  }
});
