import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import { check } from '../src/explore/check.ts';
import { compose, defineModel, type Peer, start } from '../src/explore/model.ts';
import { always, never, sometimes } from '../src/explore/property.ts';
import { alternativesPage } from '../src/ledger/alternatives-page.ts';
import { documents } from '../src/ledger/documents.ts';
import { audit, type Checked } from '../src/ledger/evidence.ts';
import { gather } from '../src/ledger/gather.ts';
import { debtsOf } from '../src/ledger/promises.ts';
import type { Decision, Ledgers, Rule, Trial } from '../src/ledger/rows.ts';
import { weighRules } from '../src/ledger/rulebook.ts';

const numbered = (prefix: string, last: number) =>
  Array.from({ length: last }, (_, i) => `${prefix}-${String(i + 1).padStart(2, '0')}`);

const { claims, bugs, hazards, alternatives, decisions, trials, survivors } = await gather(
  resolve(import.meta.dirname, '..'),
);

describe('the ledgers', () => {
  test('have every claim of the five mails once, and in order', () => {
    const mails = [31, 28, 16, 33, 30].flatMap((rows, mail) => numbered(`S00${mail}`, rows));
    expect(claims.map(({ id }) => id)).toEqual(mails);
  });

  test('have every bug and every hazard once, and in order', () => {
    expect(bugs.map(({ id }) => id)).toEqual(numbered('KB', 39));
    expect(hazards.map(({ id }) => id)).toEqual(numbered('H', 27));
  });

  test('have every alternative once, and in order', () => {
    expect(alternatives.map(({ id }) => id)).toEqual(Array.from({ length: 24 }, (_, i) => `V${i + 1}`));
  });

  test('place every alternative: it is tried in some model, or it is said why no search decides it', () => {
    const placed = new Set([...decisions, ...trials].map(({ row }) => row));
    const unplaced = alternatives.filter(({ id, undecidable }) => placed.has(id) === (undecidable !== undefined));
    expect(unplaced.map(({ id }) => id)).toEqual([]);
  });

  test('say of 34 claims why no search decides them, and of these alone that nothing is expected', () => {
    expect(claims.filter(({ undecidable }) => undecidable !== undefined)).toHaveLength(34);
    for (const { id, undecidable, expects } of claims) {
      expect(expects === '–', id).toBe(undecidable !== undefined);
    }
  });

  test('say nothing twice', () => {
    const texts = [
      ...claims.map(({ claim }) => claim),
      ...[...bugs, ...hazards, ...alternatives].map(({ title }) => title),
      ...alternatives.flatMap(({ proposed, instead }) => [proposed, instead]),
    ];
    expect(new Set(texts).size).toBe(texts.length);
    const said = decisions.map(({ row, model, property, unsafe, safe }) =>
      [row, model, property, unsafe, safe].join(' | '),
    );
    expect(new Set(said).size).toBe(said.length);
    const alone = trials.map(({ row, model, property, variant }) => [row, model, property, variant].join(' | '));
    expect(new Set(alone).size).toBe(alone.length);
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
  alternatives: [],
  trials: [],
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

describe('an alternative', () => {
  const row = { id: 'DV-1', title: 'No lock', proposed: 'Trust people.', instead: 'A lock.' };
  const without = { ...decision, row: 'DV-1', alternative: 'unsafe' } as const;
  const trial: Trial = { row: 'DV-1', model: 'door', property: 'the bell rings', variant: 'P0' };
  const ledgers = (decisions: readonly Decision[], trials: readonly Trial[] = [], more = {}): Ledgers => ({
    ...ledgersOf(...decisions),
    alternatives: [{ ...row, ...more }],
    trials,
  });
  const problems = (...all: Parameters<typeof ledgers>) => audit(ledgers(...all), checked).problems;

  test('is decided by a variant that is one of the two, or by one that does no harm', () => {
    expect(problems([without])).toEqual([]);
    expect(problems([], [trial])).toEqual([]);
    expect(problems([], [{ ...trial, variant: 'silent' }])[0]).toBe(
      'DV-1, decided by door: "the bell rings" is unreached in silent: a decision says beside what',
    );
    const { alternative: _, ...unplaced } = without;
    expect(problems([unplaced])).toEqual([
      'DV-1, decided by door: does not say which of the two variants is the alternative',
    ]);
    expect(problems([without, { ...without, row: 'D-01' }], [{ ...trial, row: 'D-01' }])).toEqual([
      'D-01, decided by door: is no alternative',
      'D-01, decided by door: is no alternative',
    ]);
  });

  test('is decided, or it is said why it cannot be, and not both', () => {
    const why = { undecidable: 'a matter of trust' };
    expect(problems([])).toEqual(['DV-1: nothing decides it, and no reason is given']);
    expect(problems([], [], why)).toEqual([]);
    expect(problems([], [trial], why)).toEqual(['DV-1, decided by door: the row says that no search can decide it']);
  });

  test('is told with what it breaks and what it keeps', () => {
    const found = (of: Ledgers) => alternativesPage(of, audit(of, checked));
    const both = found(ledgers([without], [trial]));
    expect(both).toContain('| [DV-1](#dv-1-no-lock) | No lock | depends | the door stays closed | the bell rings |');
    expect(both).toContain('Trust people.\n\n*What became of it:* A lock.');
    expect(both).toContain(
      '| [`door`](models/door.md) | **the door stays closed** | violated in `P0` (1 step) | holds in `locked` (where the bell rings, after 1 step) |  |',
    );
    expect(both).toContain('| [`door`](models/door.md) | **the bell rings** | reached in `P0` (1 step) |  |  |');
    expect(found(ledgers([without]))).toContain('| No lock | unsafe | the door stays closed |  |');
    expect(found(ledgers([{ ...without, alternative: 'safe' }]))).toContain('| No lock | safe |  |');
    expect(found(ledgers([], [], { undecidable: 'a matter of trust' }))).toContain(
      'No search decides it: a matter of trust.',
    );
  });
});

describe('the pages', () => {
  const gathered = {
    ...ledgersOf(decision, { ...decision, row: 'DB-01' }, { ...decision, row: 'DH-01', hazard: 'refuted' }),
    models: [{ file: 'models/door.ts', model }],
    presets: ['P0', 'P1'],
    kernels: {},
    survivors: [],
    rules: [],
  };
  const { files } = documents(gathered, checked, (model, variant) => check(model, variant));
  const found =
    '[`door`](models/door.md), **the door stays closed**: violated in `P0` (1 step), holds in `locked` (where the bell rings, after 1 step).';

  test('tell claims with what was found, what they wait for, and why they cannot be decided', () => {
    const page = files['docs/claims.md'];
    expect(page).toContain(`| <a id="D-01"></a>D-01 | the landlord | A lock is enough. | True. | ${found} |`);
    expect(page).toContain(
      '| <a id="D-02"></a>D-02 | the tenant | Doors are nice. | – | Not decidable: a matter of taste. |',
    );
    expect(page).toContain('| <a id="D-03"></a>D-03 | the guest | Windows too. | True. | Open: waits for stacks. |');
    expect(page).toContain('| all | 3 | 1 | 1 | 1 |');
    expect(page).toContain('## D: letters to a landlord');
  });

  test('tell bugs with their rules, and of hazards whether P6 has them', () => {
    const page = files['docs/bugs.md'];
    expect(page).toContain(`| <a id="DB-01"></a>DB-01 | The lock was missing | Have one. | I1 | ${found} |`);
    expect(page).toContain(
      `| <a id="DH-01"></a>DH-01 | The key is under the mat | refuted | Keep it. | I1 | ${found} |`,
    );
  });

  test('put presets into columns, and other variants below', () => {
    const page = files['docs/matrix.md'];
    expect(page).toContain('|  | P0 |');
    expect(page).toContain('| the door stays closed | **violated** 1 |');
    expect(page).toContain('| `silent` |  | the door stays closed: vacuous<br>the bell rings: unreached |');
  });
});

// A gate that has a lock and a chain, each of them enough, and a bell, whose ringing is a promise of its own.
type Street = { readonly door: Peer<typeof door> };
const isThere = sometimes<Street>('there is a door', (room) => room.door.hasTag('rest'));
const isSilent = never<Street>('it is silent', (room) => room.door.hasTag('rung'), { witness: isThere });
const isClosed = never<Street>('it stays closed', (room) => room.door.hasTag('open'), { witness: isThere });
const gate = defineModel({
  name: 'gate',
  options: { lock: [true, false], chain: [true, false], bell: [false, true] },
  variants: {
    P6: { option: { lock: false, chain: false, bell: true } },
    repaired: {},
  },
  build: ({ lock, chain, bell }) =>
    compose(
      { door: start(door) },
      {
        spontaneous: {
          door: [
            { type: 'open', when: () => !lock && !chain },
            { type: 'ring', when: () => bell },
          ],
        },
        properties: [isClosed, isSilent, bellRings],
      },
    ),
});

describe('a rule', () => {
  const kernels = {
    P6: { lock: false, chain: false, bell: true },
    repaired: { lock: true, chain: true, bell: false },
  };
  const gates: Checked[] = [
    {
      file: 'models/gate.ts',
      model: gate,
      reports: new Map(gate.variants.map((variant) => [variant.name, check(gate, variant)])),
    },
  ];
  const ruleOf = (option: string, more: Partial<Rule> = {}): Rule => ({
    option,
    rule: `Mind the ${option}.`,
    concerns: ['open()'],
    answers: ['DH-01'],
    ...more,
  });
  const gathered = (...rules: Rule[]) => ({
    ...ledgersOf(),
    models: [{ file: 'models/gate.ts', model: gate }],
    presets: ['P6', 'repaired'],
    kernels,
    survivors: [],
    rules,
    told: { model: 'gate', variant: 'repaired', option: 'bell', property: 'it is silent' },
  });
  const checkOnce = (one: typeof gate, variant: (typeof gate.variants)[number]) => check(one, variant);
  const weigh = (...rules: Rule[]) => weighRules(gathered(...rules), gates, checkOnce);
  const locked = ruleOf('lock', { beside: 'chain' });
  const chained = ruleOf('chain', { beside: 'lock' });

  test('is worth what breaks when it alone is dropped', () => {
    const { weighed, problems } = weigh(locked, chained, ruleOf('bell'));
    expect(problems).toEqual([]);
    expect(weighed[2]).toMatchObject({
      values: { before: true, after: false },
      tried: { variants: 1, models: 1 },
      ablations: [{ variant: 'repaired', back: { bell: true }, broken: [{ property: 'it is silent', steps: 1 }] }],
    });
  });

  test('that another covers is worth what neither lets through alone', () => {
    expect(weigh(locked, chained, ruleOf('bell')).weighed[0]).toMatchObject({
      tried: { variants: 1, models: 1 },
      ablations: [{ back: { lock: false, chain: false }, broken: [{ property: 'it stays closed', steps: 1 }] }],
    });
    expect(weigh(ruleOf('lock'), chained, ruleOf('bell')).problems).toEqual([
      'the rule of lock: nothing breaks without it',
    ]);
    expect(weigh(locked, chained, ruleOf('bell', { beside: 'lock' })).problems).toContain(
      'the rule of bell: something breaks without it, lock or not',
    );
  });

  test('is there for every option that differs, and for no other', () => {
    expect(weigh(locked, chained).problems).toEqual(['bell: no rule says why it differs']);
    expect(weigh(locked, chained, ruleOf('bell'), ruleOf('bell')).problems).toEqual([
      'bell: there is more than one rule',
    ]);
    expect(weigh(locked, chained, ruleOf('bell', { answers: ['DH-09'] }), ruleOf('key')).problems).toEqual([
      'the rule of bell: there is no row DH-09',
      'the rule of key: repaired does not differ from P6 there',
    ]);
  });

  test('may not be kept by doing nothing: what P6 reaches is reached', () => {
    expect(debtsOf(gates, kernels)).toEqual(['gate repaired: "the bell rings" is not reached, and P6 reaches it']);
    const [one] = gates as [Checked];
    const unrepaired = { ...one, reports: new Map(one.reports).set('repaired', one.reports.get('P6')!) };
    expect(debtsOf([unrepaired], kernels)).toEqual([
      'gate repaired: "it stays closed" is violated',
      'gate repaired: "it is silent" is violated',
    ]);
  });

  test('is told with its run, and one run in full', () => {
    const { files } = documents(gathered(locked, chained, ruleOf('bell')), gates, checkOnce);
    const page = files['docs/rules.md'];
    expect(page).toContain(
      '| [`gate`](models/gate.md) | it is silent (1 step) | `npm run holdfast -- check models/gate.ts --variant repaired --option bell=true` |',
    );
    expect(page).toContain('<- "it is silent" is false here');
    expect(page).toContain('the bell rings (1 → not reached)');
  });
});
