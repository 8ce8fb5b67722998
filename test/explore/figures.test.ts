import { describe, expect, test } from 'vitest';
import { assign, emit } from 'xstate';
import { check, type Settings } from '../../src/explore/check.ts';
import type { SearchFigures } from '../../src/explore/figures.ts';
import { start } from '../../src/explore/model.ts';
import { lostUpdate } from '../cli-fixtures/lost-update.ts';
import { checked, loose, machine } from './kit.ts';

const model = lostUpdate('clerks', { three: { option: { clerks: 3 } } });

function figuresOf(settings: Settings = {}): SearchFigures & { readonly states: number; readonly depth: number } {
  const { figures, stats } = check(model, model.variants[0]!, { ...settings, figures: true });
  return { ...figures!, states: stats.states, depth: stats.depth };
}

describe('the figures of a search', () => {
  test('are told where they are asked for', () => {
    expect(check(model, model.variants[0]!).figures).toBeUndefined();
    expect(check(model, model.variants[0]!).coverage).toBeUndefined();
  });

  const ways: readonly (readonly [string, Settings])[] = [
    ['whole vectors', {}],
    ['halves', { tuning: { divideAt: 1 } }],
    ['fingerprints', { approximate: true }],
  ];
  test.each(ways)('count the states of each level: with %s', (_, settings) => {
    const { levels, states, depth } = figuresOf(settings);
    expect(levels).toEqual([1, 3, 6, 13, 21, 24, 16]);
    expect(levels.reduce((sum, level) => sum + level)).toBe(states);
    expect(levels).toHaveLength(depth + 1);
  });

  test('count the level in which a search was stopped', () => {
    expect(figuresOf({ limits: { states: 10 } }).levels.reduce((sum, level) => sum + level)).toBeGreaterThanOrEqual(10);
    expect(figuresOf({ limits: { depth: 2 } }).levels).toEqual([1, 3, 6]);
  });

  test.each(ways)('say what the local states of an actor are many by: with %s', (_, settings) => {
    expect(figuresOf(settings).slots).toEqual([
      expect.objectContaining({ slot: 'clerk', distinct: 7, values: 3, fields: [{ field: 'seen', values: 3 }] }),
      expect.objectContaining({ slot: 'counter', distinct: 4, values: 1, fields: [{ field: 'value', values: 4 }] }),
    ]);
  });

  test.each(ways)('count steps once that are taken many times: with %s', (_, settings) => {
    const { learned, messages } = figuresOf(settings);
    expect(learned.steps).toBeGreaterThan(20);
    expect(learned.transitions).toBeGreaterThan(2 * learned.steps);
    expect(messages).toBe(7);
  });

  test('say how the states are kept', () => {
    const [whole, halves, fingerprints] = ways.map(([, settings]) => figuresOf(settings).keeping);
    expect(whole).toMatchObject({ as: 'vectors', undivided: 'few states' });
    expect(fingerprints).toMatchObject({ as: 'fingerprints' });
    expect(halves).toMatchObject({ as: 'halves', pairs: 'bit matrix' });
    if (halves?.as !== 'halves') return;
    expect([...halves.left, ...halves.right].sort()).toEqual(['clerk[0]', 'clerk[1]', 'clerk[2]', 'counter']);
    expect(halves.halves.every((count) => count > 1)).toBe(true);
    expect(halves.joints).toBeGreaterThan(0);
    expect(halves.answers).toBeGreaterThanOrEqual(halves.joints);
    for (const { bytes } of [whole!, halves, fingerprints!]) expect(bytes).toBeGreaterThan(0);
  });

  test('say why the state vector was not divided', () => {
    const alone = loose(
      { one: start(machine({ tags: 'rest', on: { rung: {} } })) },
      { spontaneous: { one: ['rung'] } },
    );
    const undivided = (settings: Settings) => {
      const { keeping } = checked(alone, { ...settings, figures: true }).figures!;
      return keeping.as === 'vectors' && keeping.undivided;
    };
    expect(undivided({})).toBe('few states');
    expect(undivided({ limits: { depth: 5 }, tuning: { divideAt: 1 } })).toBe('bound on the depth');
    const { keeping, divided, levels } = figuresOf({ tuning: { divideAt: 1, mustPayAt: 1, mostHalves: 0 } });
    expect(keeping).toMatchObject({ as: 'vectors', undivided: 'does not pay' });
    expect(divided?.states).toBe(4);
    expect(levels).toEqual(figuresOf().levels);
  });

  test('name mailboxes beside actors', () => {
    const post = machine({ id: 'post', initial: 'ready', states: { ready: { tags: 'rest', on: { rung: {} } } } });
    const sender = machine({
      tags: 'rest',
      context: { n: 0 },
      on: { sent: { actions: [assign({ n: 1 } as never)] } },
    });
    const composition = loose(
      { post: start(post), sender: start(sender) },
      { mailboxes: { post: { capacity: 1 } }, spontaneous: { sender: ['sent'] } },
    );
    const { keeping, slots } = checked(composition, { figures: true, tuning: { divideAt: 1 } }).figures!;
    expect(slots.map(({ slot }) => slot)).toContain('mailbox of post');
    const all = keeping.as === 'halves' ? [...keeping.left, ...keeping.right] : [];
    expect(all.sort()).toEqual(['mailbox of post', 'post', 'sender']);
  });
});

describe('coverage', () => {
  const coverageOf = (settings: Settings) => check(model, model.variants[0]!, { ...settings, coverage: true }).coverage;

  test.each([
    ['plainly', {}],
    ['in halves', { tuning: { divideAt: 1 } }],
    ['approximately', { approximate: true }],
  ] as const)('says in how many local states and on how many messages each transition was taken: %s', (_, settings) => {
    expect(coverageOf(settings)).toEqual([
      { actor: 'counter', transitions: [{ transition: 'ready on value.stored', locals: 3, messages: 3 }] },
      {
        actor: 'clerk',
        transitions: [
          { transition: 'idle on value.read', locals: 1, messages: 3 },
          { transition: 'loaded on value.written', locals: 3, messages: 1 },
        ],
      },
    ]);
  });

  test('is of what was seen where a search was stopped', () => {
    const [, clerk] = coverageOf({ limits: { depth: 0 } })!;
    expect(clerk?.transitions.map(({ locals }) => locals)).toEqual([1, 0]);
  });

  test('does not count what a step would have done that was refused', () => {
    const door = machine(
      { tags: 'rest', on: { opened: { guard: 'isUnlocked' } } },
      { guards: { isUnlocked: () => false } },
    );
    const visitor = machine({
      tags: 'rest',
      on: { came: {}, knocked: { actions: emit({ type: 'opened' }) } },
    });
    const composition = loose(
      { visitor: start(visitor), door: start(door) },
      { spontaneous: { visitor: ['came', 'knocked'] }, wires: { visitor: { opened: { rendezvous: 'door' } } } },
    );
    const [of] = checked(composition, { coverage: true }).coverage!;
    expect(of?.transitions).toEqual([
      { transition: '(any state) on came', locals: 1, messages: 1 },
      { transition: '(any state) on knocked', locals: 0, messages: 0 },
    ]);
  });
});
