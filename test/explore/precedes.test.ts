import { describe, expect, test } from 'vitest';
import { assign, emit, enqueueActions } from 'xstate';
import { type Composition, replicate, start } from '../../src/explore/model.ts';
import { checked, loose, machine, order, verdictsOf } from './kit.ts';

/** Says in each step, one after the other, what its script says for that step: `f`, `t`, or both. */
const speaker = machine({
  id: 'speaker',
  tags: 'rest',
  context: ({ input }: { input: readonly string[] }) => ({ script: input }),
  on: {
    spoke: {
      guard: ({ context }: { context: { script: readonly string[] } }) => context.script.length > 0,
      actions: enqueueActions(({ context, enqueue }) => {
        for (const type of context.script[0]) enqueue.emit({ type } as never);
        enqueue.assign({ script: context.script.slice(1) });
      }),
    },
  },
});

interface Heard {
  readonly listener: { readonly context: { readonly f: boolean; readonly t: boolean } };
}

const listener = machine({
  id: 'listener',
  tags: 'rest',
  context: ({ input }: { input: string }) => ({ f: input.includes('f'), t: input.includes('t') }),
  on: { f: { actions: assign({ f: true }) }, t: { actions: assign({ t: true }) } },
});

const occurrences = {
  'first by message': ['listener', 'f'],
  'first by state': ({ listener }: Heard) => listener.context.f,
  'then by message': ['listener', 't'],
  'then by state': ({ listener }: Heard) => listener.context.t,
};

/** Everything is said twice over: by the message that comes, and by the state that it leads to. */
function told(script: readonly string[], from = ''): Composition {
  const { f, t } = { f: ['first by message', 'first by state'], t: ['then by message', 'then by state'] } as const;
  const properties = f.flatMap((first) =>
    t.map((then) => order(`${first}, ${then}`, occurrences[first], occurrences[then])),
  );
  return loose(
    { speaker: start(speaker, script), listener: start(listener, from) },
    { wires: { speaker: { f: 'listener', t: 'listener' } }, spontaneous: { speaker: ['spoke'] }, properties },
  );
}

const verdicts = (script: readonly string[], from = ''): readonly (string | undefined)[] => {
  const of = verdictsOf(checked(told(script, from)));
  return [
    of['first by message, then by message'],
    of['first by message, then by state'],
    of['first by state, then by message'],
    of['first by state, then by state'],
  ];
};

describe('"first" precedes "then": by messages, by message and state, by state and message, by states', () => {
  test.each<[what: string, script: readonly string[], expected: readonly string[]]>([
    ['first comes a step earlier', ['f', 't'], ['holds', 'holds', 'holds', 'holds']],
    ['first comes many steps earlier', ['f', 'f', '', 't', 't'], ['holds', 'holds', 'holds', 'holds']],
    // a step counts its messages before the state that it leads to: that state comes too late for the message
    ['they come in one step', ['ft'], ['holds', 'holds', 'violated 1', 'holds']],
    ['they come in one step, the other way round', ['tf'], ['holds', 'holds', 'violated 1', 'holds']],
    ['first comes a step later', ['t', 'f'], ['violated 1', 'violated 1', 'violated 1', 'violated 1']],
    [
      'first comes later, and "then" again',
      ['', 't', 'f', 't'],
      ['violated 2', 'violated 2', 'violated 2', 'violated 2'],
    ],
    ['first never comes', ['t'], ['violated 1', 'violated 1', 'violated 1', 'violated 1']],
    ['"then" never comes', ['f'], ['vacuous', 'vacuous', 'vacuous', 'vacuous']],
    ['neither comes', [''], ['vacuous', 'vacuous', 'vacuous', 'vacuous']],
  ])('where %s', (_, script, expected) => {
    expect(verdicts(script)).toEqual(expected);
  });

  test.each<[what: string, script: readonly string[], from: string, expected: readonly string[]]>([
    ['first is so from the start', ['t'], 'f', ['violated 1', 'violated 1', 'holds', 'holds']],
    ['"then" is so from the start', ['f', 't'], 't', ['holds', 'violated 0', 'holds', 'violated 0']],
    ['both are so from the start', ['f', 't'], 'ft', ['holds', 'violated 0', 'holds', 'holds']],
    ['both are so from the start, and nothing comes', [], 'ft', ['vacuous', 'violated 0', 'vacuous', 'holds']],
  ])('where %s', (_, script, from, expected) => {
    expect(verdicts(script, from)).toEqual(expected);
  });
});

test('a run around "first" is found, however many there are through it', () => {
  const states = {
    home: { on: { gate: 'garden', window: 'roof' } },
    roof: { on: { climbed: 'wall' } },
    wall: { on: { jumped: 'garden' } },
    garden: { tags: ['rest', 'garden'], on: { gate: 'home', window: 'roof' } },
  };
  const cat = machine({ id: 'cat', initial: 'home', states });
  type Room = { readonly cat: { readonly hasTag: (tag: string) => boolean } };
  const claims = [
    order('only through the gate', ['cat', 'gate'], ({ cat }: Room) => cat.hasTag('garden')),
    order('only off the wall', ['cat', 'jumped'], ({ cat }: Room) => cat.hasTag('garden')),
    order('the window first', ['cat', 'window'], ['cat', 'jumped']),
  ];
  const all = ['gate', 'window', 'climbed', 'jumped'];
  const report = checked(loose({ cat: start(cat) }, { spontaneous: { cat: all }, properties: claims }));
  expect(verdictsOf(report)).toMatchObject({
    'only through the gate': 'violated 3',
    'only off the wall': 'violated 1',
    'the window first': 'holds',
  });
  const run = report.verdicts[0]!.run!;
  expect(run.steps.map(({ label }) => label.message.type)).toEqual(['window', 'climbed', 'jumped']);
});

test('a message counts whichever replica takes it, and in whatever way', () => {
  const bell = machine({ id: 'bell', tags: 'rest', on: { pressed: { actions: emit({ type: 'rung' } as never) } } });
  const guest = machine({ id: 'guest', tags: 'rest', on: { rung: {}, left: {} } });
  const claim = order('rung before left', ['guest', 'rung'], ['guest', 'left']);
  const wired = (rung: unknown) =>
    verdictsOf(
      checked(
        loose(
          { bell: start(bell), guest: replicate(guest, 2) },
          {
            wires: { bell: { rung } },
            mailboxes: { guest: { capacity: 1 } },
            spontaneous: { bell: ['pressed'], guest: [{ type: 'left', when: () => true }] },
            properties: [claim, order('pressed before rung', ['bell', 'pressed'], ['guest', 'rung'])],
          },
        ),
      ),
    );
  for (const rung of [['guest', 1], 'guest', { queue: 'guest' }, { rendezvous: ['guest', 0] }]) {
    expect(wired(rung)).toMatchObject({ 'rung before left': 'violated 1', 'pressed before rung': 'holds' });
  }
});
