import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, type Family, parameters } from './cases.ts';
import type { Count, Search } from './holdfast.ts';
import { BenchError, type Ran } from './measure.ts';

/**
 * The other checkers: SPIN and Rumur, both of which make a C program that searches one model. Making and compiling
 * it is not measured; running it is. `bench/spin/` and `bench/rumur/` hold their models, of the same states and steps.
 *
 * Both are asked for what Holdfast does: one thread, every state kept whole, no reduction, invariants checked, deadlocks
 * passed over.
 */
export interface Peer {
  readonly name: 'SPIN' | 'Rumur';
  readonly version: string;
  /** The manners in which it can search. The faster one counts. */
  readonly manners: readonly Manner[];
}

export interface Manner {
  readonly name: string;
  /** Makes the program for one case, in a folder of its own. */
  readonly searchOf: (one: Case, folder: string) => Search;
}

/** What gcc is told; counts do not depend on it. */
export type Speed = 'fast' | 'quick to compile';
const optimisation = { fast: ['-O3', '-march=native'], 'quick to compile': ['-O0'] } as const;

/** The peers that are here. Both need a C compiler. */
export function installedPeers(speed: Speed): Peer[] {
  if (versionOf('gcc', '--version') === null) return [];
  const peers: Peer[] = [];
  const spin = versionOf('spin', '-V');
  if (spin !== null) {
    peers.push({ name: 'SPIN', version: spin, manners: [depthFirst(speed), breadthFirst(speed)] });
  }
  const rumur = versionOf('rumur', '--version');
  if (rumur !== null) {
    peers.push({ name: 'Rumur', version: rumur, manners: [murphi('packed', speed), murphi('unpacked', speed)] });
  }
  return peers;
}

/** What a program says of its version, or null where it is not installed. */
export function versionOf(program: string, flag: string): string | null {
  const { status, stdout } = spawnSync(program, [flag], { encoding: 'utf8' });
  return status === 0 ? (/\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'of unknown version') : null;
}

// ------------------------------------------------------------------------------------------------------------------- SPIN

/**
 * How deep pan's stack must be for a depth-first search: a stack too small loses states, which the counts show, and one too
 * large costs memory that the search does not need. No path is longer than there are states.
 */
const stack: Readonly<Record<Family, number>> = {
  twophase: 100_000,
  phils: Number.POSITIVE_INFINITY,
  window: 500_000,
  kernel: 2_000_000,
  ring: 100_000,
};

/** log2 of the slots of pan's hash table, which does not grow. */
const slots = ({ states }: Case): number => (states > 1_000_000 ? 24 : 22);

const depthFirst = (speed: Speed): Manner => ({
  name: 'depth first',
  searchOf: (one, folder) => {
    const depth = Math.min(stack[one.family], one.states + 1);
    const program = pan(one, folder, 'pan-dfs', [...optimisation[speed], '-DNOFAIR']);
    return { argv: [program, '-E', `-m${depth}`, `-w${slots(one)}`], read: readPan };
  },
});

const breadthFirst = (speed: Speed): Manner => ({
  name: 'breadth first',
  searchOf: (one, folder) => {
    const program = pan(one, folder, 'pan-bfs', [...optimisation[speed], '-DBFS']);
    return { argv: [program, '-E', `-w${slots(one)}`], read: readPan };
  },
});

/** -DSAFETY: no cycles are looked for. -DNOREDUCE: no partial-order reduction. -DMEMLIM: MiB that it may use. */
function pan({ family, size }: Case, folder: string, name: string, flags: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'spin', `${family}.pml`), join(folder, `${family}.pml`));
  const sizes = parameters[family].map((parameter, i) => `-D${parameter}=${size[i]}`);
  make(folder, ['spin', '-a', ...sizes, `${family}.pml`]);
  countInFull(join(folder, 'pan.c'));
  make(folder, ['gcc', '-w', '-DSAFETY', '-DNOREDUCE', '-DMEMLIM=16000', ...flags, '-o', name, 'pan.c']);
  return join(folder, name);
}

/** pan prints eight digits of what it has counted, which is too few from 10^8 on. Nothing but the printing is changed. */
function countInFull(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('%9.8g', '%9.15g'));
}

/** SPIN counts the initial state as a transition. */
export function readPan({ code, output, complaints }: Ran): Count {
  const states = /^ *(\d+) states, stored/m.exec(output)?.[1];
  const transitions = /^ *(\d+) transitions \(/m.exec(output)?.[1];
  const isClean = code === 0 && /errors: 0\b/.test(output) && !/search not completed|too small/i.test(output);
  if (!isClean || states === undefined || transitions === undefined)
    throw new BenchError(`SPIN: ${output}${complaints}`);
  return { states: Number(states), transitions: Number(transitions) - 1 };
}

// ------------------------------------------------------------------------------------------------------------------ Rumur

const murphi = (states: 'packed' | 'unpacked', speed: Speed): Manner => ({
  name: states,
  searchOf: ({ family, size }, folder) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${family}.m`), sizedMurphi(family, size));
    const packing = states === 'packed' ? 'on' : 'off';
    const [source, program] = [`${states}.c`, `rumur-${states}`];
    const flags = ['--threads', '1', '--deadlock-detection', 'off', '--pack-state', packing, '--output', source];
    make(folder, ['rumur', ...flags, `${family}.m`]);
    const libraries = ['-lpthread', '-latomic'];
    make(folder, ['gcc', '-w', '-std=c11', '-mcx16', ...optimisation[speed], '-o', program, source, ...libraries]);
    return { argv: [join(folder, program)], read: readRumur };
  },
});

/** Murphi has no parameters; the constants at the head of a model are given other values. */
export function sizedMurphi(family: Family, size: readonly number[]): string {
  let text = readFileSync(join(import.meta.dirname, 'rumur', `${family}.m`), 'utf8');
  for (const [i, parameter] of parameters[family].entries()) {
    const constant = new RegExp(`^  ${parameter}: \\d+;$`, 'm');
    if (!constant.test(text)) throw new BenchError(`bench/rumur/${family}.m has no constant ${parameter}`);
    text = text.replace(constant, `  ${parameter}: ${size[i]};`);
  }
  return text;
}

export function readRumur({ code, output, complaints }: Ran): Count {
  const [, states, fired] = /(\d+) states, (\d+) rules fired/.exec(output) ?? [];
  const isClean = code === 0 && /No error found/i.test(output);
  if (!isClean || states === undefined) throw new BenchError(`Rumur: ${output}${complaints}`);
  return { states: Number(states), transitions: Number(fired) };
}

function make(folder: string, [command, ...args]: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command!, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new BenchError(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
}
