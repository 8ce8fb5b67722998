import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Case, type Programme, type Subject, subjectOf } from './cases.ts';
import { type Count, everything, hasOption, type Search, searchOf } from './holdfast.ts';
import { BenchError, geometricMean, median, medians, type Stopwatch, type Usage } from './measure.ts';
import type { Peer } from './peers.ts';

/** The questions that the benchmark asks, each with its answer as data. */

/** Where the measurements take place. */
export interface Place {
  readonly watch: Stopwatch;
  readonly folder: string;
  readonly rounds: number;
  /** Says what is being done. */
  readonly say: (text: string) => void;
}

/** One manner of searching one model: what it took, of several rounds the median. */
export interface Measured extends Usage {
  readonly by: 'Holdfast' | Peer['name'];
  readonly manner: string;
}

// ---------------------------------------------------------------------------------------------------------------- search

/** All that was searched for one model: every manner of every checker, counts equal. */
export interface SearchRow extends Count {
  readonly name: string;
  readonly measured: readonly Measured[];
  /** Holdfast's CPU time divided by that of the faster manner of each peer. */
  readonly ratios: Readonly<Partial<Record<Peer['name'], number>>>;
}

export interface SearchPart {
  readonly rows: readonly SearchRow[];
  /** Geometric means of the ratios of all rows. */
  readonly ratios: SearchRow['ratios'];
}

interface Contestant {
  readonly by: Measured['by'];
  readonly manner: string;
  readonly search: Search;
}

/**
 * The same models, by Holdfast and by the peers, all in turn in each round, so that whatever else the machine is busy with
 * falls on all of them. Nothing is said of time before every count of every round has been found equal.
 */
export async function searchPart({ search }: Programme, peers: readonly Peer[], place: Place): Promise<SearchPart> {
  const entries = search.map((one) => ({ one, contestants: contestantsOf(one, peers, place) }));
  const runs = new Map<Contestant, Usage[]>();
  for (let round = 0; round < place.rounds; round++) {
    for (const { one, contestants } of entries) {
      for (const contestant of rotated(contestants, round)) {
        place.say(`${one.name}: ${contestant.by} ${contestant.manner}`);
        const ran = await place.watch(contestant.search.argv);
        expectEqual(one, contestant, contestant.search.read(ran));
        runs.set(contestant, [...(runs.get(contestant) ?? []), ran]);
      }
    }
  }
  const rows = entries.map(({ one, contestants }) => rowOf(one, contestants, runs));
  const names = peers.map(({ name }) => name);
  return {
    rows,
    ratios: Object.fromEntries(names.map((name) => [name, geometricMean(rows.map(({ ratios }) => ratios[name]!))])),
  };
}

function contestantsOf(one: Case, peers: readonly Peer[], { folder, say }: Place): Contestant[] {
  if (peers.length > 0) say(`${one.name}: compiling`);
  return [
    { by: 'Holdfast', manner: '', search: searchOf(subjectOf(one)) },
    ...peers.flatMap(({ name, manners }) =>
      manners.map((manner): Contestant => {
        const search = manner.searchOf(one, join(folder, `${name}-${one.name}`));
        return { by: name, manner: manner.name, search };
      }),
    ),
  ];
}

function expectEqual(one: Case, { by, manner }: Contestant, { states, transitions }: Count): void {
  if (states === one.states && transitions === one.transitions) return;
  throw new BenchError(
    `${one.name}: ${by} ${manner} counts ${states} states and ${transitions} transitions, ` +
      `not ${one.states} and ${one.transitions}`,
  );
}

function rowOf(
  one: Case,
  contestants: readonly Contestant[],
  runs: ReadonlyMap<Contestant, readonly Usage[]>,
): SearchRow {
  const all = contestants.map(
    (contestant): Measured => ({ by: contestant.by, manner: contestant.manner, ...medians(runs.get(contestant)!) }),
  );
  const own = fastest(all, 'Holdfast')!.cpu;
  const peers = [...new Set(all.map(({ by }) => by))].filter((by) => by !== 'Holdfast');
  const ratios = Object.fromEntries(peers.map((by) => [by, own / fastest(all, by)!.cpu]));
  return { ...countOf(one), measured: all, ratios };
}

/** Of one checker's manners the one that took the least CPU time. */
export const fastest = (measured: readonly Measured[], by: Measured['by']): Measured | undefined =>
  measured.filter((one) => one.by === by).toSorted((a, b) => a.cpu - b.cpu)[0];

/** Whoever comes first in one round comes last in the next. */
const rotated = <T>(items: readonly T[], by: number): readonly T[] => {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
};

// ----------------------------------------------------------------------------------------------------------------- world

export interface WorldPart extends Count, Usage {
  readonly variant: string;
}

/** The shipped model, which no peer has. */
export async function worldPart({ world }: Programme, place: Place): Promise<WorldPart> {
  const runs: (Count & Usage)[] = [];
  for (let round = 0; round < place.rounds; round++) runs.push(await alone(world, place));
  const { states, transitions } = runs[0]!;
  return { variant: world.variant, states, transitions, ...medians(runs) };
}

/** One search by Holdfast and nobody else, which must be as its variant says. */
async function alone(subject: Subject, { watch, say }: Place, args: readonly string[] = []): Promise<Count & Usage> {
  say([subject.variant, ...args].join(' '));
  const search = searchOf(subject, args);
  const ran = await watch(search.argv);
  const { wall, cpu, bytes } = ran;
  return { ...search.read(ran), wall, cpu, bytes };
}

// ----------------------------------------------------------------------------------------------------------------- scale

/** One model at one size, with the start-up (the same command on a model of about ten states) taken off. */
export interface ScaleRow extends Count, Usage {
  readonly name: string;
  readonly nanosecondsPerTransition: number;
  readonly bytesPerState: number;
}

export interface ScalePart {
  readonly name: string;
  /** The model whose search is all start-up. */
  readonly start: { readonly name: string } & Count & Usage;
  readonly rows: readonly ScaleRow[];
}

/** What a transition and a state cost as a model grows. */
export async function scalePart({ scale }: Programme, place: Place): Promise<ScalePart[]> {
  const taken = new Map<Case, Usage[]>();
  for (let round = 0; round < place.rounds; round++) {
    for (const one of scale.flat()) taken.set(one, [...(taken.get(one) ?? []), await alone(subjectOf(one), place)]);
  }
  return scale.map(([first, ...others]) => {
    const start = medians(taken.get(first!)!);
    return {
      name: first!.family,
      start: { ...countOf(first!), ...start },
      rows: others.map((one) => {
        const usage = medians(taken.get(one)!);
        return {
          ...countOf(one),
          ...usage,
          nanosecondsPerTransition: ((usage.cpu - start.cpu) * 1e9) / one.transitions,
          bytesPerState: (usage.bytes - start.bytes) / one.states,
        };
      }),
    };
  });
}

const countOf = ({ name, states, transitions }: Case) => ({ name, states, transitions });

// --------------------------------------------------------------------------------------------------------------- workers

export interface WorkersRow extends Count {
  readonly name: string;
  readonly one: Usage;
  readonly two: Usage;
  /** How many times faster two workers are, on the clock. */
  readonly speedUp: number;
  /** How many times as much two searches of one worker get done, started together: what the machine has to give. */
  readonly yardstick: number;
}

/** Rows, or why there are none. */
export type WorkersPart = { readonly rows: readonly WorkersRow[] } | { readonly skipped: string };

const OPTION = '--workers';

export async function workersPart({ workers }: Programme, place: Place): Promise<WorkersPart> {
  if (!hasOption(OPTION)) return { skipped: `holdfast check has no option ${OPTION}` };
  if (availableParallelism() < 2) return { skipped: 'this machine has one core' };
  const rows: WorkersRow[] = [];
  for (const one of workers) {
    const runs: { one: Usage; two: Usage; together: number }[] = [];
    for (let round = 0; round < place.rounds; round++) runs.push(await oneAndTwo(subjectOf(one), place));
    const [single, double] = [medians(runs.map((run) => run.one)), medians(runs.map((run) => run.two))];
    rows.push({
      ...countOf(one),
      one: single,
      two: double,
      speedUp: single.wall / double.wall,
      yardstick: (2 * single.wall) / median(runs.map(({ together }) => together)),
    });
  }
  return { rows };
}

async function oneAndTwo(subject: Subject, place: Place): Promise<{ one: Usage; two: Usage; together: number }> {
  const single = () => alone(subject, place, [OPTION, '1']);
  const one = await single();
  const two = await alone(subject, place, [OPTION, '2']);
  const pair = await Promise.all([single(), single()]);
  return { one, two, together: Math.max(...pair.map(({ wall }) => wall)) };
}

// -------------------------------------------------------------------------------------------------------------- everyday

export interface EverydayPart {
  /** The command line on a model of a few states, from its start to its end. */
  readonly start: { readonly name: string } & Usage;
  /** `npm run check`. */
  readonly check: Usage & { readonly code: number };
}

/** What somebody waits for who uses it every day. */
export async function everydayPart({ scale }: Programme, place: Place): Promise<EverydayPart> {
  const [smallest] = scale.at(-1)!;
  const starts: Usage[] = [];
  for (let round = 0; round < place.rounds; round++) starts.push(await alone(subjectOf(smallest!), place));
  place.say('all shipped models');
  const { wall, cpu, bytes, code } = await place.watch(everything);
  return { start: { name: smallest!.name, ...medians(starts) }, check: { wall, cpu, bytes, code } };
}
