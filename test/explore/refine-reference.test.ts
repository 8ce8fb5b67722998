import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Composition } from '../../src/explore/model.ts';
import { defineModel } from '../../src/explore/model.ts';
import { type Observe, type Observed, type Refinement, refine, type SeenEvent } from '../../src/explore/refine.ts';
import { SpecError } from '../../src/explore/spec-error.ts';
import { build, type SystemSpec, systems } from '../random-system.ts';
import { graph, type Node } from '../reference.ts';
import { tries } from './kit.ts';

// ------------------------------------------------------------------------------------------------------------- the oracle

interface SeenStep {
  readonly word: readonly string[];
  /** Absent where the step is a verdict. */
  readonly to?: Node;
}
/** Of a state, what is seen of each of its steps. */
type Looks = (node: Node) => readonly SeenStep[];

function looking(hidden: ReadonlySet<string>): Looks {
  const known = new Map<Node, readonly SeenStep[]>();
  return (node) => {
    if (!known.has(node)) known.set(node, stepsOf(node, hidden));
    return known.get(node)!;
  };
}

function stepsOf({ steps, unhandled }: Node, hidden: ReadonlySet<string>): SeenStep[] {
  const told = (events: readonly SeenEvent[]) =>
    events.flatMap(({ seen, fate }) =>
      typeof seen === 'string' || hidden.has(seen.message.type) ? [] : [JSON.stringify([seen, fate])],
    );
  const taken = (all: Node['steps'][number]['taken']) => all.map((seen): SeenEvent => ({ seen, fate: 'taken' }));
  return [
    ...steps.map((step) => ({ word: told(taken(step.taken)), to: step.to })),
    ...unhandled.map(({ taken: all, missed: { who, message, why } }) => ({
      word: told([...taken(all), { seen: { ...who, message }, fate: why }]),
    })),
  ];
}

/** Whether all of this can be seen from a state on: tries every way. */
function canDo(from: Node, events: readonly string[], looks: Looks): boolean {
  const tried = new Set<string>();
  const numbers = new Map<Node, number>();
  const goesOn = (node: Node, rest: readonly string[]): boolean => {
    if (!numbers.has(node)) numbers.set(node, numbers.size);
    const key = `${numbers.get(node)} ${rest.length}`;
    if (tried.has(key)) return false;
    tried.add(key);
    return looks(node).some(({ word, to }) => {
      if (!rest.every((event, i) => i >= word.length || event === word[i])) return false;
      return word.length >= rest.length || (to !== undefined && goesOn(to, rest.slice(word.length)));
    });
  };
  return events.length === 0 || goesOn(from, events);
}

/** Enumerates what is seen of all runs of one, step by step, and asks whether the other can do it too. */
function enumerated(
  own: Node,
  other: Node,
  looks: Looks,
  most: number,
): { readonly steps?: number; readonly upTo: number } {
  let level = new Map<string, { node: Node; events: readonly string[] }>([['', { node: own, events: [] }]]);
  const numbers = new Map<Node, number>();
  const met = new Set<string>();
  const answers = new Map<string, boolean>();
  for (let steps = 1; ; steps++) {
    const next: typeof level = new Map();
    for (const { node, events } of level.values()) {
      for (const { word, to } of looks(node)) {
        const longer = [...events, ...word];
        const text = longer.join();
        if (!answers.has(text)) answers.set(text, canDo(other, longer, looks));
        if (!answers.get(text)) return { steps, upTo: steps };
        if (to === undefined) continue;
        if (!numbers.has(to)) numbers.set(to, numbers.size);
        const key = `${numbers.get(to)} ${text}`;
        if (!met.has(key)) next.set(key, { node: to, events: longer });
        met.add(key);
      }
    }
    level = next;
    if (level.size === 0) return { upTo: Number.POSITIVE_INFINITY };
    if (level.size > most || steps === 12) return { upTo: steps };
  }
}

// ------------------------------------------------------------------------------------------------------ systems and variants

const observed = (composition: Composition, observe?: Observe): Observed => {
  const model = defineModel({ name: 'test', build: () => composition });
  return { model, variant: model.variants[0]!, ...(observe && { observe }) };
};

type Actor = SystemSpec['actors'][number];
type Wire = Actor['wires'][string];
const alterations = [
  'less done',
  'lossy',
  'repeating',
  'dropping',
  'another order',
  'more room',
  'deaf',
  'unheard',
] as const;
type Alteration = { readonly what: (typeof alterations)[number]; readonly at: number };

/** The same system in which one thing is otherwise. */
function altered(spec: SystemSpec, { what, at }: Alteration): SystemSpec {
  const actors = (edit: (actor: Actor) => Actor): SystemSpec => ({
    ...spec,
    actors: spec.actors.map((actor, i) => (i === at % spec.actors.length ? edit(actor) : actor)),
  });
  const queues = (edit: (rules: Wire['rules']) => Wire['rules']): SystemSpec =>
    actors((actor) => ({ ...actor, wires: mapped(actor.wires, (wire) => ({ ...wire, rules: edit(wire.rules) })) }));
  const box = (edit: (rules: NonNullable<Actor['mailbox']>) => object): SystemSpec =>
    actors((actor) => (actor.mailbox ? { ...actor, mailbox: { ...actor.mailbox, ...edit(actor.mailbox) } } : actor));
  switch (what) {
    case 'less done':
      return actors((actor) => ({ ...actor, spontaneous: actor.spontaneous.slice(1) }));
    case 'lossy':
      return queues((rules) => ({ lose: true, ...rules }));
    case 'repeating':
      return queues((rules) => ({ duplicate: true, ...rules }));
    case 'dropping':
      return queues((rules) => (rules.full === 'fail' ? rules : { ...rules, full: 'drop' }));
    case 'another order':
      return box(({ order }) => ({ order: order === 'unordered' ? 'fifo' : 'unordered' }));
    case 'more room':
      return box(({ capacity }) => ({ capacity: capacity + 1 }));
    case 'deaf': {
      const states = (all: SystemSpec['machines'][number]['states']) =>
        all.map((state, i) =>
          i === at % 3 ? { ...state, on: Object.fromEntries(Object.entries(state.on).slice(1)) } : state,
        );
      return { ...spec, machines: spec.machines.map((machine) => ({ ...machine, states: states(machine.states) })) };
    }
    case 'unheard':
      return actors((actor) => ({
        ...actor,
        wires: mapped(actor.wires, (wire) => ({ ...wire, route: { by: 'list', to: [] } })),
      }));
  }
}

const mapped = <T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

const drawnSystem = systems.map((spec): SystemSpec => ({ ...spec, properties: [] }));
const alteration = fc.record({ what: fc.constantFrom(...alterations), at: fc.nat({ max: 5 }) });
const hiding = fc.uniqueArray(fc.constantFrom('m0', 'm1', 'm2', 'm3', 'm4', 'r', 't'), { maxLength: 3 });
const without =
  (names: readonly string[]): Observe =>
  (taken) =>
    names.includes(taken.message.type) ? null : taken;
const everything = without([]);

/** `null` where it is too large for this, or where a cascade does not end. */
function smallGraph(composition: Composition): readonly Node[] | null {
  let work = 0;
  const tooMuch = new Error('too much');
  const notice = () => {
    work += 1;
    if (work > 4_000) throw tooMuch;
  };
  return unlessRefused(() => graph(composition, { states: 100, notice }), tooMuch);
}

/** Altered systems may be malformed. */
function unlessRefused<T>(run: () => T, other?: Error): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof SpecError || error === other) return null;
    throw error;
  }
}

const refining = (own: SystemSpec, other: SystemSpec, observe: Observe = everything): Refinement['kind'] | null =>
  unlessRefused(
    () => refine(observed(build(own), observe), observed(build(other)), { limits: { states: 3_000 } }).kind,
  );

// ------------------------------------------------------------------------------------------------------------- properties

test('one refines another exactly where all that is enumerated of the one can be seen of the other', () => {
  const counts = { refuted: 0, later: 0, refines: 0 };
  fc.assert(
    fc.property(drawnSystem, alteration, hiding, (spec, change, names) => {
      const [one, two] = [spec, altered(spec, change)].map((each) => build(each)) as [Composition, Composition];
      const graphs = [one, two].map(smallGraph);
      if (graphs[0] == null || graphs[1] == null) return;
      const looks = looking(new Set(names));
      for (const [own, mine, other, theirs] of [
        [one, graphs[0], two, graphs[1]],
        [two, graphs[1], one, graphs[0]],
      ] as const) {
        const found = unlessRefused(() => refine(observed(own, without(names)), observed(other)));
        if (found === null) return;
        const { steps, upTo } = enumerated(mine[0]!, theirs[0]!, looks, 300);
        const length = found.kind === 'refuted' ? found.run.steps.length : undefined;
        expect(length !== undefined && length <= upTo ? length : undefined).toBe(steps);
        counts[length === undefined ? 'refines' : length < 3 ? 'refuted' : 'later']++;
      }
    }),
    tries(200),
  );
  // it would be no test where nothing is ever refuted
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
});

test('everything refines itself, and everything refines everything where nothing is observed', () => {
  fc.assert(
    fc.property(drawnSystem, drawnSystem, (spec, other) => {
      expect([null, 'refines', 'vacuous', 'unknown']).toContain(refining(spec, spec));
      expect([null, 'vacuous', 'unknown']).toContain(refining(spec, other, () => null));
    }),
    tries(60),
  );
});

test('what refines something that refines a third refines the third', () => {
  const chains = fc.tuple(drawnSystem, alteration, alteration).map(([spec, one, two]) => {
    const first = altered(spec, one);
    return fc.sample(fc.shuffledSubarray([spec, first, altered(first, two)], { minLength: 3 }), {
      numRuns: 1,
      seed: 1,
    })[0]!;
  });
  fc.assert(
    fc.property(chains, ([a, b, c]) => {
      const good = ['refines', 'vacuous'];
      if (!good.includes(refining(a!, b!) ?? '') || !good.includes(refining(b!, c!) ?? '')) return;
      expect([...good, null, 'unknown']).toContain(refining(a!, c!));
    }),
    tries(80),
  );
});

test('a system refines itself with a fault more', () => {
  const faults = fc.record({ what: fc.constantFrom('lossy', 'repeating', 'dropping'), at: fc.nat({ max: 5 }) });
  fc.assert(
    fc.property(drawnSystem, faults, (spec, fault) => {
      expect([null, 'refines', 'vacuous', 'unknown']).toContain(refining(spec, altered(spec, fault as Alteration)));
    }),
    tries(80),
  );
});
