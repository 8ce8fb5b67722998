import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Programme, programmes, type Size } from './cases.ts';
import { machineOf } from './machine.ts';
import { BenchError, scratch, stopwatch, withoutClock } from './measure.ts';
import { pagePart } from './page.ts';
import { everydayPart, type Place, scalePart, searchPart, workersPart, worldPart } from './parts.ts';
import { installedPeers, type Peer } from './peers.ts';
import type { Results } from './results.ts';
import { markdownOf } from './table.ts';

/** `npm run bench`: the measurements behind every figure that the documents have of speed and memory. */
const HELP = `npm run bench -- [options]

Searches the models of bench/models/ with Holdfast, and with SPIN and Rumur where they are installed (Debian: spin, rumur,
gcc), and prints Markdown. No time is printed before all counts are equal.

  --smoke            small sizes, counts only, nothing measured: takes seconds
  --size SIZE        small, medium or full (the default, which is what the bars are about: about half an hour and 2 GB)
  --rounds N         how often each is measured; the median counts (default 3)
  --only PARTS       of search,world,scale,workers,everyday,page those that are named; page asks for Chromium
  --json             print the results as JSON
  --save             write them to bench/results.json too
`;

const PARTS = ['search', 'world', 'scale', 'workers', 'everyday', 'page'] as const;
type Part = (typeof PARTS)[number];

const say = (text: string): void => void process.stderr.write(`${text}\n`);

try {
  await main();
} catch (error) {
  fail(error);
}

function fail(error: unknown): void {
  if (!(error instanceof BenchError)) throw error;
  say(`bench: ${error.message}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const values = valuesOf(process.argv.slice(2));
  if (values.help) return void process.stdout.write(HELP);
  if (values.smoke) return smoke();

  const size = named<Size>('--size', values.size, Object.keys(programmes) as Size[]);
  const parts = values.only.split(',').map((part) => named<Part>('--only', part, PARTS));
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new BenchError('--rounds: a whole number from 1 on');

  const folder = scratch();
  const peers = installedPeers('fast');
  const place: Place = { watch: stopwatch(folder), folder, rounds, say };
  const head = { machine: machineOf(peers), size, rounds };
  const results = await measure(programmes[size], peers, parts, place, head);
  const json = `${JSON.stringify(results, null, 2)}\n`;
  if (values.save) writeFileSync(join(import.meta.dirname, 'results.json'), json);
  process.stdout.write(values.json ? json : `${markdownOf(results)}\n`);
}

function valuesOf(args: string[]) {
  const options = {
    help: { type: 'boolean' },
    smoke: { type: 'boolean' },
    size: { type: 'string', default: 'full' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: PARTS.join() },
    json: { type: 'boolean' },
    save: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new BenchError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

/** A part that fails takes nothing from the others: the measurements take long. */
async function measure(
  programme: Programme,
  peers: readonly Peer[],
  parts: readonly Part[],
  place: Place,
  head: Results,
): Promise<Results> {
  sayWhoIsMissing(peers);
  const answers = {
    search: () => searchPart(programme, peers, place),
    world: () => worldPart(programme, place),
    scale: () => scalePart(programme, place),
    workers: () => workersPart(programme, place),
    everyday: () => everydayPart(programme, place),
    page: () => pagePart(place),
  } satisfies Record<Part, unknown>;
  let results = head;
  for (const part of parts) {
    try {
      results = { ...results, [part]: await answers[part]() };
    } catch (error) {
      fail(error);
    }
  }
  return results;
}

/** Whether everybody counts the same, at sizes that take no time. */
async function smoke(): Promise<void> {
  const peers = installedPeers('quick to compile');
  sayWhoIsMissing(peers);
  const place: Place = { watch: withoutClock, folder: scratch(), rounds: 1, say: () => {} };
  const { rows } = await searchPart(programmes.small, peers, place);
  for (const { name, states, transitions, measured } of rows) {
    const who = measured.map(({ by, manner }) => `${by} ${manner}`.trim()).join(', ');
    say(`${name}: ${states} states, ${transitions} transitions (${who})`);
  }
  const { variant, states, transitions } = await worldPart(programmes.small, place);
  say(`world, ${variant}: ${states} states, ${transitions} transitions (Holdfast)`);
  say('all counts are equal');
}

function sayWhoIsMissing(peers: readonly Peer[]): void {
  for (const name of ['SPIN', 'Rumur'] as const) {
    if (!peers.some((peer) => peer.name === name)) say(`${name} (or gcc) is not installed: left out`);
  }
}

function named<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((name) => name === text);
  if (found === undefined) throw new BenchError(`${option} ${text}: there are ${known.join(', ')}`);
  return found;
}
