import { describe, expect, test } from 'vitest';
import { assign, emit } from 'xstate';
import type { Reason } from '../../../src/explore/explain/explanation.ts';
import { replicate, start } from '../../../src/explore/model.ts';
import { always, type Property, precedes, sometimes, step } from '../../../src/explore/property.ts';
import { checked, loose, machine } from '../kit.ts';

/** Goes from step to step, and counts; a second of its kind does the same. */
const walker = machine({
  id: 'walker',
  tags: 'rest',
  context: { n: 0, seen: { far: false, marks: [] as string[] }, fixed: 'always' },
  initial: 'home',
  states: {
    home: { tags: 'safe', on: { went: { target: 'away', actions: assign({ n: 1 }) } } },
    away: {
      on: { went: { target: 'lost', actions: assign({ n: 2, seen: { far: true, marks: ['a'] } }) } },
    },
    lost: { tags: 'lost' },
  },
});

interface Walker {
  readonly hasTag: (tag: string) => boolean;
  readonly context: { readonly n: number; readonly seen: { readonly far: boolean; readonly marks: readonly string[] } };
  readonly mailbox: readonly unknown[];
}
interface Room {
  readonly one: Walker;
  readonly two: readonly Walker[];
}

const witness = sometimes<Room>('somebody is there', () => true);
const holds = (predicate: (room: Room) => boolean, when?: (room: Room) => boolean) =>
  always<Room>('p', predicate, { witness, ...(when && { when }) });

/** What is said of the property `p`, in words. */
function said(property: Property<never>): string[] {
  const composition = loose(
    { one: start(walker), two: replicate(walker, 2) },
    { spontaneous: { one: ['went'], two: ['went'] }, properties: [property] },
  );
  const { verdicts } = checked(composition, { explain: true });
  const { explanation } = verdicts.find(({ property }) => property === 'p')!;
  return explanation!.reasons.map(inWords);
}

function inWords({ actor, self, in: moment, tag, path, value, since }: Reason): string {
  const what = tag ?? path?.join('.') ?? 'mailbox';
  return `${moment === undefined ? '' : `${moment} `}${actor}[${self}] ${what} ${JSON.stringify(value)} since ${since}`;
}

describe('why a predicate is broken', () => {
  test('is what it was told of tags and fields, and since which step that is so', () => {
    expect(said(holds(({ one }) => !one.hasTag('lost')))).toEqual(['one[0] lost true since 2']);
    expect(said(holds(({ one }) => one.context.n < 2))).toEqual(['one[0] n 2 since 2']);
    expect(said(holds(({ one }) => !one.context.seen.far))).toEqual(['one[0] seen.far true since 2']);
    expect(said(holds(({ one }) => one.context.seen.marks[0] !== 'a'))).toEqual(['one[0] seen.marks.0 "a" since 2']);
  });

  test('leaves out what makes no difference: others of whom the same is asked, and what stays as it was', () => {
    expect(said(holds(({ two }) => !two.some((each) => each.hasTag('lost'))))).toEqual(['two[0] lost true since 2']);
    expect(said(holds(({ one, two }) => !(one.hasTag('lost') && two[0]!.context.n >= 0)))).toEqual([
      'one[0] lost true since 2',
    ]);
  });

  test('keeps one of two things that each would do, and both of two that are needed', () => {
    expect(said(holds(({ one }) => !(one.hasTag('lost') || one.context.seen.far)))).toEqual([
      'one[0] lost true since 2',
    ]);
    expect(said(holds(({ one, two }) => !(one.hasTag('lost') && two[1]!.hasTag('lost'))))).toEqual([
      'one[0] lost true since 2',
      'two[1] lost true since 4',
    ]);
  });

  test('has what has been so from the start, where a yes or no could be otherwise', () => {
    expect(said(holds(({ one, two }) => !one.hasTag('lost') || !two[0]!.hasTag('safe')))).toEqual([
      'one[0] lost true since 2',
      'two[0] safe true since 0',
    ]);
  });

  test('has the premise too', () => {
    expect(
      said(
        holds(
          ({ two }) => two[0]!.hasTag('safe'),
          ({ one }) => one.hasTag('lost'),
        ),
      ),
    ).toEqual(['one[0] lost true since 2', 'two[0] safe false since 3']);
  });

  test('says of a step in which of its two states', () => {
    const property = step<Room>('p', ({ before, after }) => before.one.hasTag('safe') || !after.one.hasTag('lost'));
    expect(said(property as Property<never>)).toEqual([
      'before one[0] safe false since 1',
      'after one[0] lost true since 2',
    ]);
  });

  test('is, of an order of two events, what makes the second', () => {
    const property = precedes<Room>('p', {
      first: ({ two }) => two[0]!.hasTag('lost'),
      // biome-ignore lint/suspicious/noThenProperty: it is the other half of a precedence, and nothing awaits it
      then: ({ one }) => one.hasTag('lost'),
    });
    expect(said(property as Property<never>)).toEqual(['one[0] lost true since 2']);
  });

  test('is not told of deadlocks, of messages, and of predicates that ask for more than data', () => {
    const composition = loose(
      { one: start(machine({ id: 'm', initial: 'a', states: { a: { on: { x: 'b' } }, b: {} } })) },
      { spontaneous: { one: ['x'] } },
    );
    const { verdicts } = checked(composition, { explain: true });
    expect(verdicts.find(({ property }) => property === 'deadlock')!.explanation).toMatchObject({ reasons: [] });
    // one object, asked for twice, is another when it asks
    const isItself = (peer: Walker): boolean => [peer.context.seen].includes(peer.context.seen);
    expect(said(holds(({ one }) => !(one.hasTag('lost') && isItself(one))))).toEqual([]);
  });

  test('is found where data are frozen, and where a list is gone through', () => {
    expect(said(holds(({ one }) => one.context.seen.marks.every((mark) => mark !== 'a')))).toEqual([
      'one[0] seen.marks.0 "a" since 2',
    ]);
    expect(said(holds(({ one }) => !JSON.stringify(one.context).includes('"n":2')))).toEqual(['one[0] n 2 since 2']);
  });

  test('has a mailbox where there is one', () => {
    const writer = machine({ id: 'w', tags: 'rest', on: { wrote: { actions: emit({ type: 'letter' }) } } });
    const reader = machine({ id: 'r', tags: ['rest', 'busy'], on: { letter: {} } });
    const composition = loose(
      { writer: start(writer), reader: start(reader) },
      {
        wires: { writer: { letter: { queue: 'reader' } } },
        mailboxes: { reader: { capacity: 1 } },
        spontaneous: { writer: ['wrote'] },
        properties: [
          always<{ readonly reader: Walker }>('p', ({ reader }) => reader.mailbox.length === 0, {
            witness: witness as never,
          }),
        ],
      },
    );
    const { explanation } = checked(composition, { explain: true }).verdicts[0]!;
    expect(explanation!.reasons.map(inWords)).toEqual(['reader[0] mailbox [{"type":"letter"}] since 1']);
  });
});
