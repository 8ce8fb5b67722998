import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import fc from 'fast-check';
import { check } from '../src/explore/check.ts';
import { defineModel } from '../src/explore/model.ts';
import { SpecError } from '../src/explore/spec-error.ts';
import type { Tuning } from '../src/explore/tuning.ts';
import type { VerdictKind } from '../src/explore/verdict.ts';
import { build, type SystemSpec, systems } from './random-system.ts';
import { reference } from './reference.ts';

/**
 * Random models, checked by the explorer and by the reference: `node test/fuzz.ts --systems 3000 --seed 1`.
 *
 * They are drawn in batches, and batch `b` is drawn from seed + b: a difference is told by the seed of its batch alone,
 * and two processes that begin at different seeds do different work.
 */
const batchSize = 500;

/** Models larger than this, or with more to do, are left out: the reference is slow. */
const mostStates = 2_000;
const mostWork = 40_000;
/** Models smaller than this are compared, but count for nothing: in them too little happens. */
const fewestStates = 8;

// --------------------------------------------------------------------------------------------------------- comparison

/** What both checkers say of a model, in a form that can be printed. */
type Said =
  | { readonly error: string; readonly why: string }
  | {
      readonly states: number;
      readonly transitions: number;
      readonly deadlocks: number;
      readonly unhandled: number;
      readonly depth: number;
      readonly verdicts: Readonly<Record<string, string>>;
    };

interface Comparison {
  /** `undefined` where the model is too large for the reference. */
  readonly expected: Said | undefined;
  readonly found: Said | undefined;
  /** What happened in it, among the {@link features} and other things. */
  readonly met: ReadonlySet<string>;
}

/** Told by the reference's observer when it has had enough. */
const tooLarge = new Error('too large');

export function compare(spec: SystemSpec): Comparison {
  const met = new Set<string>();
  const expected = saidBy(() => sayReference(spec, met));
  return { expected, met, found: expected && saidBy(() => sayExplorer(spec)) };
}

/** A malformed model is malformed to both, in whatever words. Any other error is a fault. */
function differs({ expected, found }: Comparison): boolean {
  if (!expected || !found || !('error' in expected)) return !isDeepStrictEqual(expected, found);
  return expected.error !== 'malformed' || !('error' in found) || found.error !== 'malformed';
}

function saidBy(say: () => Said | undefined): Said | undefined {
  try {
    return say();
  } catch (error) {
    if (error === tooLarge) return undefined;
    return { error: error instanceof SpecError ? 'malformed' : 'fault', why: `${(error as Error).stack}` };
  }
}

function sayReference(spec: SystemSpec, met: Set<string>): Said | undefined {
  let work = 0;
  const notice = (what: string) => {
    met.add(what);
    work += 1;
    if (work > mostWork) throw tooLarge;
  };
  const { states, transitions, deadlocks, unhandled, depth, verdicts, finished } = reference(build(spec), {
    states: mostStates,
    notice,
  });
  if (!finished) return undefined;
  if (deadlocks > 0) met.add('deadlock');
  if (unhandled > 0) met.add('unhandled');
  for (const { name } of spec.properties) met.add(verdicts.get(name)!.kind);
  const told = [...verdicts].map(([name, { kind, steps }]) => [name, words(kind, steps)]);
  return { states, transitions, deadlocks, unhandled, depth, verdicts: Object.fromEntries(told) };
}

/**
 * The explorer searches twice: plainly, and with the state vector in two halves from the beginning, in every other system with tables so
 * small that they are hashed.
 */
function sayExplorer(spec: SystemSpec): Said {
  const hashed = JSON.stringify(spec).length % 2 === 0 ? { smallTable: 0, smallMatrix: 0 } : {};
  const [plainly, halved] = [{ divideAt: Number.POSITIVE_INFINITY }, { divideAt: 1, ...hashed }].map((tuning) =>
    saidBy(() => saySearch(spec, tuning)),
  );
  if (!differs({ expected: plainly, found: halved, met: new Set() })) return halved!;
  return { error: 'halves', why: JSON.stringify({ plainly, halved }, null, 2) };
}

function saySearch(spec: SystemSpec, tuning: Partial<Tuning>): Said {
  const model = defineModel({ name: 'random', build: () => build(spec) });
  const { stats, verdicts, limit } = check(model, model.variants[0]!, {
    limits: { states: 2 * mostStates },
    runs: false,
    tuning,
  });
  const { states, transitions, deadlocks, unhandled, depth } = stats;
  const told = verdicts.map(({ property, kind, steps }) => [property, words(kind, steps)]);
  if (limit) return { error: 'stopped', why: JSON.stringify(limit) };
  return { states, transitions, deadlocks, unhandled, depth, verdicts: Object.fromEntries(told) };
}

const words = (kind: VerdictKind, steps?: number): string => (steps === undefined ? kind : `${kind} after ${steps}`);

// ------------------------------------------------------------------------------------------------------- distribution

/** What must occur often enough among the models for their agreement to mean something, by the names in `met`. */
export const features: Readonly<Record<string, readonly string[]>> = {
  'a call': ['call'],
  'a rendezvous': ['rendezvous'],
  'a queue': ['queue'],
  'full: block, and it was full': ['full: block'],
  'full: drop, and it was full': ['full: drop'],
  'full: fail, and it was full': ['full: fail'],
  'lose: true': ['lost'],
  'lose: later': ['loss'],
  'duplicate: true': ['twice'],
  'duplicate: later, taken': ['duplicate: later'],
  'duplicate: forever, taken': ['duplicate: forever'],
  'a peer was read': ['when', 'read'],
  'a delay fired': ['delay'],
  'a deadlock': ['deadlock'],
  'something unhandled': ['unhandled'],
  'a violated property': ['violated'],
};

/** What came of a number of models. It is plain data, so that processes can send it. */
interface Tally {
  drawn: number;
  tooLarge: number;
  tooSmall: number;
  /** Whose cascades do not end. */
  malformed: number;
  /** Of the models that count, their numbers of states. */
  readonly sizes: number[];
  readonly met: Record<string, number>;
}

const emptyTally = (): Tally => ({ drawn: 0, tooLarge: 0, tooSmall: 0, malformed: 0, sizes: [], met: {} });

function add(tally: Tally, { expected, met }: Comparison): void {
  tally.drawn += 1;
  if (!expected) tally.tooLarge += 1;
  else if ('error' in expected) tally.malformed += 1;
  else if (expected.states < fewestStates) tally.tooSmall += 1;
  else {
    tally.sizes.push(expected.states);
    for (const [feature, signs] of Object.entries(features)) {
      if (signs.some((sign) => met.has(sign))) tally.met[feature] = (tally.met[feature] ?? 0) + 1;
    }
  }
}

function join(tallies: readonly Tally[]): Tally {
  const all = emptyTally();
  for (const { drawn, tooLarge, tooSmall, malformed, sizes, met } of tallies) {
    all.drawn += drawn;
    all.tooLarge += tooLarge;
    all.tooSmall += tooSmall;
    all.malformed += malformed;
    all.sizes.push(...sizes);
    for (const [feature, count] of Object.entries(met)) all.met[feature] = (all.met[feature] ?? 0) + count;
  }
  return all;
}

export function median(sizes: readonly number[]): number {
  return sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
}

/** In how many of a hundred models that count a feature occurs. */
export function share({ met, sizes }: Tally, feature: string): number {
  return (100 * (met[feature] ?? 0)) / Math.max(1, sizes.length);
}

export function table(tally: Tally): string {
  const { drawn, tooLarge, tooSmall, malformed, sizes } = tally;
  return [
    `${drawn} systems: ${drawn - tooLarge} compared, ${tooLarge} too large to compare`,
    `of those compared ${malformed} are malformed, ${tooSmall} have fewer than ${fewestStates} states, and ${sizes.length} count:`,
    `half of these have ${median(sizes)} states or more, and of a hundred have`,
    ...Object.keys(features).map((feature) => `  ${share(tally, feature).toFixed(1).padStart(5)} %  ${feature}`),
  ].join('\n');
}

// --------------------------------------------------------------------------------------------------------------- runs

/** Compares so many models. Gives up at the first difference, with all that is needed to look at it. */
export function fuzz(
  count: number,
  seed: number,
  told: (tally: Tally) => void = () => {},
): Tally & { difference?: string } {
  const tally = emptyTally();
  for (let batch = 0; tally.drawn < count; batch++) {
    const numRuns = Math.min(batchSize, count - tally.drawn);
    const drawn = fc.sample(agreement, { seed: seed + batch, numRuns }) as [SystemSpec][];
    for (const [index, [spec]] of drawn.entries()) {
      const comparison = compare(spec);
      if (differs(comparison)) return { ...tally, difference: explain(seed + batch, index) };
      add(tally, comparison);
      told(tally);
    }
  }
  return tally;
}

const agreement = fc.property(systems, (spec) => !differs(compare(spec)));

/** Looks for a smaller model that the two differ on. */
function explain(seed: number, index: number): string {
  const shrunk = fc.check(agreement, { seed, path: `${index}`, numRuns: batchSize, interruptAfterTimeLimit: 60_000 });
  const spec = shrunk.counterexample![0];
  const { expected, found } = compare(spec);
  const print = (said: unknown) => JSON.stringify(said, null, 2);
  return [
    'The explorer and the reference differ on this model:',
    JSON.stringify(spec),
    `reference  ${print(expected)}`,
    `explorer   ${print(found)}`,
    `It is drawn and shrunk again by  node test/fuzz.ts --systems ${index + 1} --seed ${seed}`,
  ].join('\n');
}

/** Two processes or more share a large number of models; they begin at seeds so far apart that no batch is drawn twice. */
async function fuzzTogether(count: number, seed: number): Promise<number> {
  const processes = Math.min(availableParallelism(), Math.ceil(count / 5_000));
  const each = Math.ceil(count / processes / batchSize) * batchSize;
  const tallies: Tally[] = [];
  const drawn: number[] = [];
  const progress = setInterval(() => tell(drawn, count), 5_000);
  const codes = await Promise.all(
    Array.from({ length: processes }, (_, number) => {
      const systems = Math.min(each, count - number * each);
      const begin = seed + (number * each) / batchSize;
      const child = fork(fileURLToPath(import.meta.url), ['--systems', `${systems}`, '--seed', `${begin}`]);
      child.on('message', (message: Message) => {
        drawn[number] = message.drawn;
        if ('sizes' in message) tallies[number] = message;
      });
      return new Promise<number>((resolve) => {
        child.on('exit', (code, signal) => {
          if (signal) console.error(`a process was ended by ${signal}, somewhere after seed ${begin}`);
          resolve(code ?? 1);
        });
      });
    }),
  );
  clearInterval(progress);
  console.log(table(join(tallies.filter(Boolean))));
  const worst = Math.max(...codes);
  if (worst === 0) console.log(`seed ${seed}: no mismatch`);
  return worst;
}

/**
 * What a process says of itself: how far it is, and at the end all. It never gets back to its event loop before the end, so what
 * it says on the way must be small enough to be written at once.
 */
type Message = Pick<Tally, 'drawn'> | Tally;

function tell(drawn: readonly number[], count: number): void {
  console.error(`${drawn.reduce((sum, each) => sum + each, 0)} of ${count}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { systems: { type: 'string' }, seed: { type: 'string' } } });
  const count = Number(values.systems ?? 3_000);
  const seed = Number(values.seed ?? 1);
  if (count > 5_000 && process.send === undefined) return fuzzTogether(count, seed);

  let next = Date.now() + 5_000;
  const { difference, ...tally } = fuzz(count, seed, (soFar) => {
    if (Date.now() < next) return;
    next = Date.now() + 5_000;
    if (process.send) process.send({ drawn: soFar.drawn } satisfies Message);
    else tell([soFar.drawn], count);
  });
  if (process.send) process.send(tally satisfies Message);
  else console.log(table(tally));
  if (difference !== undefined) console.log(difference);
  else if (!process.send) console.log(`seed ${seed}: no mismatch`);
  return difference === undefined ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
