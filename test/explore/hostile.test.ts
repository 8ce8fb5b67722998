import { describe, expect, test } from 'vitest';
import { emit } from 'xstate';
import { start } from '../../src/explore/model.ts';
import { sometimes } from '../../src/explore/property.ts';
import { checked, loose, machine, sizeOf, verdictsOf } from './kit.ts';

/** Names that an object has before anybody gave it one, and names that look like something else. */
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'deadlock', 'a.b', '', '0', '*', ' '];

describe('a name is a name', () => {
  test.each(names)('of an actor: %j', (name) => {
    const asked = machine({
      id: 'asked',
      tags: 'rest',
      initial: 'no',
      states: { no: { on: { asked: 'yes' } }, yes: { tags: 'yes', on: { asked: {} } } },
    });
    const asking = machine({ id: 'asking', tags: 'rest', on: { begun: { actions: emit({ type: 'asked' }) } } });
    type Room = Readonly<Record<string, { hasTag: (tag: string) => boolean }>>;
    const report = checked(
      loose(
        { [name]: start(asked), asking: start(asking) },
        {
          wires: { asking: { asked: { queue: name } } },
          mailboxes: { [name]: { capacity: 1 } },
          spontaneous: { asking: ['begun'] },
          properties: [sometimes<Room>('asked', (room) => room[name]!.hasTag('yes'))],
        },
      ),
    );
    // no or yes, with or without mail
    expect(sizeOf(report)).toEqual([4, 4, 0, 0, 3]);
    expect(verdictsOf(report)).toEqual({ asked: 'holds 2', deadlock: 'holds', unhandled: 'holds' });
  });

  test.each(names)('of an actor that says nothing by itself and has no wires: %j', (name) => {
    const report = checked(loose({ [name]: start(machine({ tags: 'rest', on: { asked: {} } })) }));
    expect(sizeOf(report)).toEqual([1, 0, 0, 0, 0]);
  });

  test.each(names.filter((name) => name !== '' && name !== '*'))('of a message: %j', (type) => {
    const states = { no: { on: { [type]: 'yes' } }, yes: { on: { [type]: {} } } };
    const asked = machine({ id: 'asked', tags: 'rest', initial: 'no', states });
    const asking = machine({ id: 'asking', tags: 'rest', on: { begun: { actions: emit({ type }) } } });
    const wiring = { wires: { asking: { [type]: 'asked' } }, spontaneous: { asking: ['begun'], asked: [type] } };
    expect(sizeOf(checked(loose({ asked: start(asked), asking: start(asking) }, wiring)))).toEqual([2, 4, 0, 0, 1]);
  });

  test.each(names.filter((name) => name !== 'deadlock'))('of a property: %j', (name) => {
    const report = checked(
      loose({ a: start(machine({ tags: 'rest' })) }, { properties: [sometimes(name || ' ', () => true)] }),
    );
    expect(Object.entries(verdictsOf(report))[0]).toEqual([name || ' ', 'holds 0']);
  });

  test.each(names.filter((name) => name !== ''))('of a tag: %j', (tag) => {
    type Room = { a: { hasTag: (tag: string) => boolean } };
    const properties = [sometimes<Room>('tagged', ({ a }) => a.hasTag(tag))];
    const report = checked(loose({ a: start(machine({ tags: ['rest', tag] })) }, { properties }));
    expect(verdictsOf(report).tagged).toBe('holds 0');
  });
});
