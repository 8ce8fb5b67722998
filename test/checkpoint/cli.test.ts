import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Reader } from '../../src/checkpoint/reader.ts';
import type { CheckFlags } from '../../src/cli/flags.ts';
import { checkerFor } from '../../src/cli/long.ts';
import { Refused } from '../../src/explore/kept.ts';
import type { Subject } from '../../src/report/outcome.ts';
import { tries } from '../explore/kit.ts';

const soak = Number(process.env.HOLDFAST_SOAK ?? 1);
const temporary = mkdtempSync(join(tmpdir(), 'holdfast-checkpoint-'));
afterAll(() => rmSync(temporary, { recursive: true }));
const newFolder = (): string => join(mkdtempSync(join(temporary, 'of-')), 'checkpoint');

const { NO_COLOR: _, FORCE_COLOR: __, ...environment } = process.env;

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `holdfast check` as a user does, and may do something to it before it has ended. */
async function check(
  args: readonly string[],
  meanwhile: (kill: (signal: NodeJS.Signals) => void) => unknown = () => {},
) {
  const child = spawn(process.execPath, ['src/main.ts', 'check', ...args], { env: environment });
  const texts = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  }) as [() => string, () => string];
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out: texts[0](), err: texts[1]() }));
  });
  await Promise.race([ended, meanwhile((signal) => child.kill(signal))]);
  return ended;
}

/** Until it has written a checkpoint. */
const written = async (folder: string): Promise<void> => {
  while (!existsSync(join(folder, 'manifest'))) await after(5);
};

const timeless = (json: string): string => json.replace(/"milliseconds": \d+/g, '"milliseconds": 0');

const MODEL = 'models/conformance/two-phase-commit.ts';
/** 296,448 states, which are halved; of them the first 60,000; and 8,832 states, which are not halved. */
const large = [MODEL, '--variant', '7-managers', '--json'];
const medium = [...large, '--max-states', '60k'];
const small = [MODEL, '--variant', '5-managers', '--json'];
/** 6,560 states, and a run to the one in which all starve, with its explanation. */
const violated = ['models/conformance/dining-philosophers.ts', '--variant', '8-seats', '--json'];
const often = ['--checkpoint-every', '1ms'];

const results = new Map<string, Promise<string>>();
/** What is said where nobody interferes. */
function atOnce(args: readonly string[]): Promise<string> {
  const key = args.join(' ');
  const known = results.get(key) ?? check(args).then(({ out }) => timeless(out));
  results.set(key, known);
  return known;
}

describe.concurrent('a search that is killed goes on to the same result, to the letter', () => {
  test.each([
    ['a large one', large, 2],
    ['a small one', violated, 3],
  ] as const)('%s', async (_name, args, perSearch) => {
    const began = performance.now();
    const expected = await atOnce(args);
    let usually = performance.now() - began;
    for (let killed = 0; killed < perSearch * soak; ) {
      const folder = newFolder();
      const [before, anew] = [killed, ['--checkpoint', folder]];
      const again = () => [...args, ...often, ...(existsSync(join(folder, 'manifest')) ? ['--resume', folder] : anew)];
      // where it is done before it is killed, the next search is
      for (let signal: string | null = 'SIGKILL'; signal !== null && killed < before + perSearch; ) {
        const started = performance.now();
        ({ signal } = await check(again(), async (kill) => {
          await after((0.2 + 0.8 * Math.random()) * usually);
          kill('SIGKILL');
        }));
        if (signal !== null) killed++;
        else usually = Math.min(usually, performance.now() - started); // at first others may have been at work beside it
      }
      const { code, out } = await check(again());
      expect({ code, out: timeless(out) }).toEqual({ code: 0, out: expected });
    }
  });
});

describe.concurrent('a search that is interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s says so, exits with 130, and goes on where it was',
    async (signal) => {
      const folder = newFolder();
      const { code, out, err } = await check([...large, '--checkpoint', folder, ...often], async (kill) => {
        await written(folder);
        kill(signal);
      });
      expect(code).toBe(130);
      expect(err).toBe(`holdfast: interrupted; the same command with --resume ${folder} goes on\n`);
      expect(JSON.parse(out)).toMatchObject({ exit: 130, models: [], errors: [{ fault: 'interrupted' }] });
      expect(timeless((await check([...medium, '--resume', folder])).out)).toBe(await atOnce(medium));
    },
  );
});

describe.concurrent('a search that a limit has stopped', () => {
  test('goes on where the limit is a larger one, and says the same again where it is not', async () => {
    const folder = newFolder();
    const upTo = (states: string, ...args: string[]) => check([...large, '--max-states', states, ...args]);
    const stopped = await upTo('20k', '--checkpoint', folder);
    expect(stopped.code).toBe(3);
    expect(timeless((await upTo('20k', '--resume', folder)).out)).toBe(timeless(stopped.out));
    expect(timeless((await upTo('60k', '--resume', folder)).out)).toBe(await atOnce(medium));
  });

  test('and where there is none it comes to its end, as often as it is asked', async () => {
    const folder = newFolder();
    await check([...small, '--max-states', '5k', '--checkpoint', folder]);
    for (let times = 0; times < 2; times++)
      expect(timeless((await check([...small, '--resume', folder])).out)).toBe(await atOnce(small));
  });
});

describe.concurrent('a checkpoint', () => {
  const folder = newFolder();
  const made = check([...small, '--checkpoint', folder, '--max-states', '5k', ...often]);

  test.each<[what: string, args: readonly string[], why: RegExp]>([
    [
      'another option',
      [MODEL, '--option', 'managers=7', '--json'],
      /options was \{"managers":5\} and is \{"managers":7\}/,
    ],
    [
      'another model',
      ['models/conformance/die-hard.ts'],
      /file die-hard\.ts was not there; .*model was two-phase-commit and is die-hard/,
    ],
  ])('of %s is refused', async (_, args, why) => {
    await made;
    const { code, out, err } = await check([...args, '--resume', folder]);
    expect(code).toBe(2);
    expect(err).toMatch(why);
    expect(err).toMatch(/^ {2}instead {2}\S/m);
    if (args.includes('--json')) expect(JSON.parse(out)).toMatchObject({ exit: 2, errors: [{ fault: 'usage' }] });
  });

  const flags: CheckFlags = { variant: [], property: [], option: [], color: false };
  test.each<[what: string, flags: Partial<CheckFlags>, subjects: number, says: string]>([
    ['a folder that has one', { checkpoint: folder }, 1, 'there is a checkpoint already'],
    ['a folder that has none', { resume: temporary }, 1, 'no checkpoint'],
    ['a folder that cannot be', { checkpoint: 'package.json' }, 1, 'no folder for a checkpoint'],
    ['a folder in one that is not there', { checkpoint: '/proc/nowhere/x' }, 1, 'no folder for a checkpoint'],
    ['two folders', { resume: folder, checkpoint: temporary }, 1, 'two folders for one checkpoint'],
    ['no folder', { checkpointEvery: 5 }, 1, 'an interval without a checkpoint'],
    [
      'an approximate search',
      { checkpoint: newFolder(), approximate: true },
      1,
      'an approximate search cannot be kept',
    ],
    ['no variant', { checkpoint: newFolder() }, 0, 'there are 0 to be checked'],
    ['two variants', { checkpoint: newFolder() }, 2, 'there are 2 to be checked'],
  ])('is not for %s', async (_, asked, subjects, says) => {
    await made;
    const file = { file: MODEL } as Subject;
    const begin = () => checkerFor({ ...flags, ...asked }, '0')(Array.from({ length: subjects }, () => file));
    expect(begin).toThrow(says);
    expect(begin).toThrow(/^ {2}why {6}\S/m);
  });

  test('is refused where any file has changed that the model comes from', async () => {
    const home = mkdtempSync(join(temporary, 'model-'));
    const local = (path: string): string => JSON.stringify(pathToFileURL(path).href);
    symlinkSync(resolve('node_modules'), join(home, 'node_modules'));
    writeFileSync(join(home, 'most.ts'), 'export const most = 3000;\n');
    writeFileSync(
      join(home, 'model.ts'),
      `import { assign, setup } from 'xstate';
      import { compose, defineModel, start } from ${local('src/explore/model.ts')};
      import { most } from './most.ts';
      const counter = setup({ actions: { add: assign({ n: ({ context }) => context.n + 1 }) }, guards: { isBelow: ({ context }) => context.n < most } })
        .createMachine({ context: { n: 0 }, tags: 'rest', on: { counted: { guard: 'isBelow', actions: 'add' } } });
      export default defineModel({ name: 'm', build: () => compose({ a: start(counter) }, { spontaneous: { a: ['counted'] }, properties: [] }) });\n`,
    );
    const kept = newFolder();
    const command = [join(home, 'model.ts'), '--json'];
    const stopped = await check([...command, '--checkpoint', kept, '--max-states', '500']);
    expect(stopped).toMatchObject({ code: 3, err: '' });
    writeFileSync(join(home, 'most.ts'), 'export const most = 2000;\n');
    const changed = await check([...command, '--resume', kept]);
    expect(changed.code).toBe(2);
    expect(changed.err).toMatch(/why {6}file most\.ts has changed\n/);
    writeFileSync(join(home, 'most.ts'), 'export const most = 3000;\n');
    const same = await check([...command, '--resume', kept]);
    expect(JSON.parse(same.out)).toMatchObject({ exit: 0, models: [{ variants: [{ stats: { states: 3001 } }] }] });
  });

  test('that is damaged is refused, wherever it is', async () => {
    await made;
    const files = readdirSync(folder);
    const copy = newFolder();
    const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...files), where, fc.nat(7), fc.boolean(), (file, place, bit, isCut) => {
        cpSync(folder, copy, { recursive: true });
        const bytes = readFileSync(join(folder, file));
        const at = Math.floor(place * bytes.length);
        if (isCut) truncateSync(join(copy, file), at);
        else {
          bytes[at]! ^= 1 << bit;
          writeFileSync(join(copy, file), bytes);
        }
        expect(() => new Reader(copy, {})).toThrow(Refused);
      }),
      tries(60),
    );
    rmSync(join(copy, 'segment-000001'));
    const { code, err } = await check([...small, '--resume', copy]);
    expect(code).toBe(2);
    expect(err).toMatch(/^holdfast: a damaged checkpoint\n {2}where/);
  });

  test('that cannot be written is said, and the search goes on', async () => {
    const lost = newFolder();
    const { code, out, err } = await check([...medium, '--checkpoint', lost, ...often], async () => {
      await written(lost);
      // at once, as it is being written to
      renameSync(lost, `${lost}-gone`);
    });
    expect(err).toMatch(/^holdfast: no checkpoint could be written, and nothing is lost yet: Error: ENOENT/);
    expect({ code, out: timeless(out) }).toEqual({ code: 3, out: await atOnce(medium) });
  });
});
