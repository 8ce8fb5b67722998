import { barsOf } from './bars.ts';
import type { Size } from './cases.ts';
import type { Machine } from './machine.ts';
import type { Usage } from './measure.ts';
import type { PagePart } from './page.ts';
import {
  type EverydayPart,
  fastest,
  type Measured,
  type ScalePart,
  type SearchPart,
  type WorkersPart,
  type WorldPart,
} from './parts.ts';
import type { Results } from './results.ts';

/** The results as Markdown, to be put into a document as they are. */
export function markdownOf(results: Results): string {
  const { machine, size, rounds, search, world, scale, workers, everyday, page } = results;
  return [
    machineText(machine, size, rounds),
    ...(search ? [searchText(search)] : []),
    ...(world ? [worldText(world)] : []),
    ...(scale ? [scaleText(scale)] : []),
    ...(workers ? [workersText(workers)] : []),
    ...(everyday ? [everydayText(everyday)] : []),
    ...(page ? [pageText(page)] : []),
    ...barsText(results),
  ].join('\n\n');
}

const machineText = (
  { processor, cores, bytes, system, load, versions, commit }: Machine,
  size: Size,
  rounds: number,
) =>
  `${processor}, ${cores} cores, ${Math.round(bytes / 2 ** 30)} GiB, ${system}, load ${load.toFixed(2)} before. ` +
  `${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}; commit ${commit}. ` +
  `Medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, size ${size}.`;

// ---------------------------------------------------------------------------------------------------------------- search

function searchText({ rows, ratios }: SearchPart): string {
  const manners = rows[0]!.measured.map(({ by, manner }) => ({ by, manner }));
  const peers = Object.keys(ratios) as (keyof typeof ratios)[];
  const checkers: readonly Measured['by'][] = ['Holdfast', ...peers];
  const head = [
    'model',
    'states',
    'transitions',
    ...manners.map(({ by, manner }) => `${by} ${manner}`.trim()),
    ...peers.map((peer) => `Holdfast ÷ ${peer}`),
    ...checkers.map((checker) => `MB, ${checker}`),
  ];
  const body = rows.map(({ name, states, transitions, measured, ratios: own }) => [
    name,
    count(states),
    count(transitions),
    ...manners.map((wanted) => seconds(measured.find((one) => one.by === wanted.by && one.manner === wanted.manner))),
    ...peers.map((peer) => ratio(own[peer])),
    ...checkers.map((checker) => megabytes(fastest(measured, checker))),
  ]);
  const mean = ['geometric mean', '', '', ...manners.map(() => ''), ...peers.map((peer) => ratio(ratios[peer]))];
  return [
    'CPU seconds (user and system) of a whole search. A peer counts with the manner that is the faster one here, also for its',
    'peak of resident memory:',
    '',
    table(head, peers.length > 0 ? [...body, [...mean, ...checkers.map(() => '')]] : body),
  ].join('\n');
}

const worldText = (world: WorldPart): string =>
  `The shipped model \`world\` (${world.variant}): ${count(world.states)} states, ${count(world.transitions)} transitions, ` +
  `CPU ${seconds(world)} s, ${megabytes(world)} MB.`;

// ----------------------------------------------------------------------------------------------------------------- scale

/** Below this many states all is start-up. */
const TELLING = 100_000;

function scaleText(families: readonly ScalePart[]): string {
  const head = ['model', 'states', 'transitions', 'CPU s', 'ns per transition', 'MB', 'bytes per state'];
  const body = families.flatMap(({ start, rows }) => [
    [start.name, count(start.states), count(start.transitions), seconds(start), '', megabytes(start), ''],
    ...rows.map((row) => [
      row.name,
      count(row.states),
      count(row.transitions),
      seconds(row),
      row.states < TELLING ? '' : row.nanosecondsPerTransition.toFixed(0),
      megabytes(row),
      row.states < TELLING ? '' : row.bytesPerState.toFixed(1),
    ]),
  ]);
  return [
    'What a transition and a state cost as a model grows. The first of each family is taken off the others:',
    '',
    table(head, body),
  ].join('\n');
}

// -------------------------------------------------------------------------------------------------- workers and everyday

function workersText(workers: WorkersPart): string {
  if ('skipped' in workers) return `Two workers: not measured, ${workers.skipped}.`;
  const head = ['model', 'states', 'one worker, s', 'two workers, s', 'times faster', 'two searches at once'];
  const body = workers.rows.map(({ name, states, one, two, speedUp, yardstick }) => [
    name,
    count(states),
    one.wall.toFixed(2),
    two.wall.toFixed(2),
    speedUp.toFixed(2),
    yardstick.toFixed(2),
  ]);
  return [
    'Two workers, seconds on the clock; the last column is what two searches of one worker get done at once:',
    '',
    table(head, body),
  ].join('\n');
}

const everydayText = ({ start, check }: EverydayPart): string =>
  [
    `- \`holdfast check\` of ${start.name}, from start to end: ${start.wall.toFixed(2)} s (CPU ${start.cpu.toFixed(2)} s)`,
    `- \`npm run check\`, all shipped models: ${check.wall.toFixed(1)} s (CPU ${check.cpu.toFixed(1)} s)` +
      (check.code === 0 ? '' : `, ended with ${check.code}`),
  ].join('\n');

const pageText = (page: PagePart): string =>
  'skipped' in page
    ? `The page: not measured, ${page.skipped}.`
    : `- The report of the largest model, ${(page.bytes / 1e6).toFixed(2)} MB, opened from disk: ${page.opened.toFixed(2)} s; ` +
      `${page.stepsPerSecond.toFixed(0)} steps of its counterexample in a second`;

function barsText(results: Results): string[] {
  const bars = barsOf(results);
  if (bars.length === 0) return [];
  const body = bars.map(({ what, bar, reached, isMet }) => [what, bar, reached, isMet ? 'yes' : 'no']);
  return [table(['what', 'bar', 'measured', 'met'], body)];
}

// ----------------------------------------------------------------------------------------------------------------- cells

/** Columns but the first are figures. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const count = (value: number): string => value.toLocaleString('en-US');
const seconds = (usage: Usage | undefined): string => usage?.cpu.toFixed(2) ?? '';
const megabytes = (usage: Usage | undefined): string => (usage ? (usage.bytes / 1e6).toFixed(0) : '');
const ratio = (value: number | undefined): string => value?.toFixed(2) ?? '';
