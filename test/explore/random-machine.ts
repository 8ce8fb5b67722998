import fc from 'fast-check';
import { type AnyStateMachine, and, assign, cancel, emit, enqueueActions, not, or, raise, stateIn } from 'xstate';
import { machine } from './kit.ts';

/** What the machines hear. `tick` is also what their delays bring. */
export const heard = ['a', 'b', 'c.d', 'tick'] as const;

interface Edge {
  readonly on: string;
  readonly guard: number;
  /** The number of a state, counted over the whole machine; `null` is no target. */
  readonly target: number | null;
  readonly actions: readonly number[];
  readonly reenter: boolean;
}

interface Shape {
  readonly kind: 'atomic' | 'compound' | 'parallel';
  readonly history: 'none' | 'shallow' | 'deep';
  readonly hasFinal: boolean;
  readonly edges: readonly Edge[];
  readonly entry: readonly number[];
  readonly exit: readonly number[];
  readonly after: readonly Edge[];
  readonly always: readonly Edge[];
  readonly onDone: readonly Edge[];
  readonly below: readonly Shape[];
}

const guards = [
  undefined,
  undefined,
  'isZero',
  { type: 'isAtLeast', params: { least: 1 } },
  not('isZero'),
  and(['isOdd', { type: 'isAtLeast', params: { least: 1 } }] as never),
  or(['isZero', 'isEven']),
  stateIn('#s1'),
  'saysOne',
];

const actions = [
  'count',
  'count',
  'remember',
  emit({ type: 'told' }),
  'tellCount',
  raise({ type: 'a' }),
  raise({ type: 'b' }),
  raise({ type: 'tick' }, { delay: 10, id: 'first' }),
  raise(({ context }: Told) => ({ type: 'tick', n: context.n }), { delay: 20, id: 'second' }),
  cancel('first'),
  cancel('second'),
  'ponder',
];

interface Told {
  readonly context: { readonly n: number; readonly last?: unknown };
  readonly event: { readonly type: string; readonly n?: number };
}

const implementations = {
  guards: {
    isZero: ({ context }: Told) => context.n === 0,
    isOdd: ({ context }: Told) => context.n % 2 === 1,
    isEven: ({ context }: Told) => context.n % 2 === 0,
    isAtLeast: ({ context }: Told, { least }: { least: number }) => context.n >= least,
    saysOne: ({ event }: Told) => event.n === 1,
  },
  actions: {
    count: assign({ n: ({ context }: Told) => (context.n + 1) % 3 }),
    remember: assign({ last: ({ event }: Told) => event.n }),
    tellCount: emit(({ context }: Told) => ({ type: 'told', n: context.n })),
    ponder: enqueueActions(({ enqueue, check }) => {
      if (check('isZero' as never)) enqueue('count' as never);
      else enqueue.emit({ type: 'told', n: -1 } as never);
    }),
  },
};

const numbersBelow = (count: number, most: number) => fc.array(fc.nat({ max: count - 1 }), { maxLength: most });

const edge = (on: fc.Arbitrary<string>): fc.Arbitrary<Edge> =>
  fc.record({
    on,
    guard: fc.nat({ max: guards.length - 1 }),
    target: fc.option(fc.nat({ max: 11 }), { freq: 4 }),
    actions: numbersBelow(actions.length, 2),
    reenter: fc.boolean(),
  });

const rarely = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.oneof({ arbitrary: fc.constant([]), weight: 4 }, { arbitrary: of.map((one) => [one]), weight: 1 });

const shape = (depth: number): fc.Arbitrary<Shape> =>
  fc.record({
    kind: depth === 0 ? fc.constant('atomic') : fc.constantFrom('atomic', 'compound', 'compound', 'parallel'),
    history: fc.constantFrom('none', 'none', 'shallow', 'deep'),
    hasFinal: fc.boolean(),
    edges: fc.array(edge(fc.constantFrom(...heard, 'a', 'b', '*', 'c.*')), { maxLength: 3 }),
    entry: rarely(fc.nat({ max: actions.length - 1 })),
    exit: rarely(fc.nat({ max: actions.length - 1 })),
    after: rarely(edge(fc.constantFrom('10', '20'))),
    always: rarely(edge(fc.constant(''))),
    onDone: rarely(edge(fc.constant(''))),
    below: depth === 0 ? fc.constant([]) : fc.array(shape(depth - 1), { minLength: 1, maxLength: 3 }),
  }) as fc.Arbitrary<Shape>;

/**
 * Statecharts with everything that a statechart has: regions, both kinds of history, final states and `onDone`, `always`,
 * delays of both kinds, guards of every kind, wildcards, transitions with and without re-entry.
 */
export const anyShape: fc.Arbitrary<Shape> = fc
  .tuple(
    fc.constantFrom('compound', 'compound', 'parallel'),
    shape(2),
    fc.array(shape(1), { minLength: 1, maxLength: 3 }),
  )
  .map(([kind, root, below]) => ({ ...root, kind, below }) as Shape);

/** The machine of that shape. It may run in circles; XState is told to give up after 50 turns. */
export function machineOf(root: Shape): AnyStateMachine {
  const config = { ...configOf(root, { next: 0 }, countOf(root)), context: { n: 0 }, options: { maxIterations: 50 } };
  return machine(config, implementations);
}

/** How many states there are below this one. */
function countOf({ kind, below, hasFinal, history }: Shape): number {
  if (kind === 'atomic') return 0;
  const own = below.length + (kind === 'compound' && hasFinal ? 1 : 0) + (history === 'none' ? 0 : 1);
  return below.reduce((sum, child) => sum + countOf(child), own);
}

/** The states are called s0, s1, … in the order in which they are written, and known by these names everywhere. */
function configOf(shape: Shape, counter: { next: number }, count: number): object {
  const { kind, below, hasFinal, history } = shape;
  const states: Record<string, object> = {};
  const place = (make: () => object): void => {
    const id = `s${counter.next++}`;
    states[id] = { id, ...make() };
  };
  if (kind !== 'atomic') {
    for (const child of below) place(() => configOf(child, counter, count));
    if (kind === 'compound' && hasFinal) place(() => ({ type: 'final' }));
    if (history !== 'none') place(() => ({ type: 'history', history }));
  }
  const transition = (edge: Edge): object => transitionOf(edge, count);
  const byMessage = Map.groupBy(shape.edges, ({ on }) => on);
  return {
    ...(kind === 'parallel' && { type: 'parallel' }),
    ...(kind === 'compound' && { initial: Object.keys(states)[0] }),
    ...(kind !== 'atomic' && { states, onDone: shape.onDone.map(transition) }),
    on: Object.fromEntries([...byMessage].map(([type, edges]) => [type, edges.map(transition)])),
    entry: actionsOf(shape.entry),
    exit: actionsOf(shape.exit),
    after: Object.fromEntries(shape.after.map((edge) => [edge.on, transition(edge)])),
    always: shape.always.map(transition),
  };
}

function transitionOf({ guard, target, reenter, actions }: Edge, count: number): object {
  return {
    guard: guards[guard],
    actions: actionsOf(actions),
    ...(target !== null && { target: `#s${target % count}`, reenter }),
  };
}

const actionsOf = (numbers: readonly number[]): unknown[] => numbers.map((each) => actions[each]);
