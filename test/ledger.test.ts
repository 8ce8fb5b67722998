import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import { check } from '../src/explore/check.ts';
import { compose, defineModel, type Peer, start } from '../src/explore/model.ts';
import { always, sometimes } from '../src/explore/property.ts';
import { documents } from '../src/ledger/documents.ts';
import { audit, type Checked } from '../src/ledger/evidence.ts';
import { gather } from '../src/ledger/gather.ts';
import type { Decision, Ledgers } from '../src/ledger/rows.ts';

const numbered = (prefix: string, last: number) =>
  Array.from({ length: last }, (_, i) => `${prefix}-${String(i + 1).padStart(2, '0')}`);

const { claims, bugs, hazards, decisions, survivors } = await gather(resolve(import.meta.dirname, '..'));

describe('the ledgers', () => {
  test('have every claim of the five mails once, and in order', () => {
    const mails = [31, 28, 16, 33, 30].flatMap((rows, mail) => numbered(`S00${mail}`, rows));
    expect(claims.map(({ id }) => id)).toEqual(mails);
  });

  test('have every bug and every hazard once, and in order', () => {
    expect(bugs.map(({ id }) => id)).toEqual(numbered('KB', 39));
    expect(hazards.map(({ id }) => id)).toEqual(numbered('H', 27));
  });

  test('say of 34 claims why no search decides them, and of these alone that nothing is expected', () => {
    expect(claims.filter(({ undecidable }) => undecidable !== undefined)).toHaveLength(34);
    for (const { id, undecidable, expects } of claims) {
      expect(expects === '–', id).toBe(undecidable !== undefined);
    }
  });

  test('say nothing twice', () => {
    const texts = [...claims.map(({ claim }) => claim), ...[...bugs, ...hazards].map(({ title }) => title)];
    expect(new Set(texts).size).toBe(texts.length);
    const said = decisions.map(({ row, model, property, unsafe, safe }) =>
      [row, model, property, unsafe, safe].join(' | '),
    );
    expect(new Set(said).size).toBe(said.length);
  });

  test('explain no mutant twice', () => {
    const names = survivors.flatMap(({ mutants }) => mutants);
    expect(new Set(names).size).toBe(names.length);
  });
});

// A door that may be opened. The lock on it is an option.
const door = setup({
  types: { events: {} as { type: 'open' | 'ring' }, tags: {} as 'rest' | 'open' | 'rung' },
}).createMachine({
  id: 'door',
  initial: 'closed',
  states: {
    closed: { tags: 'rest', on: { open: 'open', ring: 'rung' } },
    open: { tags: ['rest', 'open'] },
    rung: { tags: ['rest', 'rung'] },
  },
});
const bellRings = sometimes<{ readonly door: Peer<typeof door> }>('the bell rings', (room) => room.door.hasTag('rung'));
const staysClosed = always<{ readonly door: Peer<typeof door> }>(
  'the door stays closed',
  (room) => !room.door.hasTag('open'),
  { witness: bellRings },
);
const model = defineModel({
  name: 'door',
  about: 'Does it stay closed?',
  options: { locked: [true, false], bell: [true, false] },
  variants: {
    locked: {},
    P0: { option: { locked: false }, expect: { 'the door stays closed': 'violated' } },
    silent: { option: { bell: false }, expect: { 'the door stays closed': 'vacuous', 'the bell rings': 'unreached' } },
  },
  build: ({ locked, bell }) =>
    compose(
      { door: start(door) },
      {
        spontaneous: {
          door: [
            { type: 'open', when: () => !locked },
            { type: 'ring', when: () => bell },
          ],
        },
        properties: [staysClosed],
      },
    ),
});
const checked: Checked[] = [
  {
    file: 'models/door.ts',
    model,
    reports: new Map(model.variants.map((variant) => [variant.name, check(model, variant)])),
  },
];
const decision: Decision = {
  row: 'D-01',
  model: 'door',
  property: 'the door stays closed',
  unsafe: 'P0',
  safe: 'locked',
};
const ledgersOf = (...all: Decision[]): Ledgers => ({
  mails: { D: 'letters to a landlord' },
  claims: [
    { id: 'D-01', who: 'the landlord', claim: 'A lock is enough.', expects: 'True.' },
    { id: 'D-02', who: 'the tenant', claim: 'Doors are nice.', expects: '–', undecidable: 'a matter of taste' },
    { id: 'D-03', who: 'the guest', claim: 'Windows too.', expects: 'True.', awaits: 'stacks' },
  ],
  bugs: [{ id: 'DB-01', title: 'The lock was missing', rule: 'Have one.', breaks: ['I1'] }],
  hazards: [{ id: 'DH-01', title: 'The key is under the mat', rule: 'Keep it.', breaks: ['I1'] }],
  decisions: all,
});
const problems = (...all: Decision[]) => audit(ledgersOf(...all), checked).problems;

describe('a decision', () => {
  test('stands where an invariant is violated in one variant and holds, not vacuously, in the other', () => {
    const { evidence, problems } = audit(ledgersOf(decision), checked);
    expect(problems).toEqual([]);
    expect(evidence.get('D-01')).toMatchObject([
      {
        unsafe: { variant: 'P0', verdict: { kind: 'violated', steps: 1 } },
        safe: { variant: 'locked', verdict: { kind: 'holds' }, witness: { name: 'the bell rings', steps: 1 } },
      },
    ]);
  });

  test('stands where a witness is reached in one variant and not in the other', () => {
    expect(problems({ ...decision, property: 'the bell rings', unsafe: 'locked', safe: 'silent' })).toEqual([]);
    expect(problems({ ...decision, property: 'the bell rings', unsafe: 'silent', safe: 'locked' })).toEqual([]);
  });

  test('falls where the safe side holds for want of anything to constrain, or nothing changes', () => {
    const decidesNothing = (found: string) => [
      `D-01, decided by door: "the door stays closed" is ${found}, which decides nothing`,
    ];
    expect(problems({ ...decision, safe: 'silent' })).toEqual(decidesNothing('violated and vacuous in P0 and silent'));
    expect(problems({ ...decision, unsafe: 'locked', safe: 'P0' })).toEqual(
      decidesNothing('holds and violated in locked and P0'),
    );
  });

  test('names what there is', () => {
    expect(problems({ ...decision, row: 'D-09' })).toEqual(['D-09, decided by door: there is no such row']);
    expect(problems({ ...decision, model: 'gate' })).toEqual(['D-01, decided by gate: there is no such model']);
    expect(problems({ ...decision, safe: 'open' })).toEqual(['D-01, decided by door: there is no variant "open"']);
    expect(problems({ ...decision, property: 'it rains' })).toEqual([
      'D-01, decided by door: there is no property "it rains" in P0',
    ]);
    expect(problems({ ...decision, safe: 'P0' })).toEqual([
      'D-01, decided by door: a verdict changes between two variants, and it names one',
    ]);
  });

  test('decides what can be decided, and says who is right where it was not expected', () => {
    expect(problems({ ...decision, row: 'D-02' })).toEqual([
      'D-02, decided by door: the row says that no search can decide it',
    ]);
    expect(problems({ ...decision, differs: true })).toEqual([
      'D-01, decided by door: differs from the ledger, and no note says who is right',
    ]);
    expect(problems({ ...decision, hazard: 'refuted' })).toEqual([
      'D-01, decided by door: is no hazard that could be refuted',
    ]);
  });
});

describe('the pages', () => {
  const gathered = {
    ...ledgersOf(decision, { ...decision, row: 'DB-01' }, { ...decision, row: 'DH-01', hazard: 'refuted' }),
    models: [{ file: 'models/door.ts', model }],
    presets: ['P0', 'P1'],
    survivors: [],
  };
  const { files } = documents(gathered, checked);
  const found =
    '`door`, **the door stays closed**: violated in `P0` (1 step), holds in `locked` (where the bell rings, after 1 step).';

  test('tell claims with what was found, what they wait for, and why they cannot be decided', () => {
    const page = files['docs/claims.md'];
    expect(page).toContain(`| D-01 | the landlord | A lock is enough. | True. | ${found} |`);
    expect(page).toContain('| D-02 | the tenant | Doors are nice. | – | Not decidable: a matter of taste. |');
    expect(page).toContain('| D-03 | the guest | Windows too. | True. | Open: waits for stacks. |');
    expect(page).toContain('| all | 3 | 1 | 1 | 1 |');
    expect(page).toContain('## D: letters to a landlord');
  });

  test('tell bugs with their rules, and of hazards whether P6 has them', () => {
    const page = files['docs/bugs.md'];
    expect(page).toContain(`| DB-01 | The lock was missing | Have one. | I1 | ${found} |`);
    expect(page).toContain(`| DH-01 | The key is under the mat | refuted | Keep it. | I1 | ${found} |`);
  });

  test('put presets into columns, and other variants below', () => {
    const page = files['docs/matrix.md'];
    expect(page).toContain('|  | P0 |');
    expect(page).toContain('| the door stays closed | **violated** 1 |');
    expect(page).toContain('| `silent` |  | the door stays closed: vacuous<br>the bell rings: unreached |');
  });
});
