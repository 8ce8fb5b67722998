/**
 * The models that are measured, at the sizes that are measured, and what a complete search of each must count.
 *
 * The counts are those on which SPIN, Rumur, Stateright and TLC agree. They are stated here and nowhere else in this folder:
 * `bench/models/` expects them of Holdfast, `peers.ts` of the others, and no time is looked at before they are met.
 */

export type Family = 'twophase' | 'phils' | 'window' | 'kernel' | 'ring';

/** One model at one size. */
export interface Case {
  /** `twophase(9)`; also the name of the variant in `bench/models/`. */
  readonly name: string;
  readonly family: Family;
  /** In the order of {@link parameters}. */
  readonly size: readonly number[];
  readonly states: number;
  /** Pairs of a state and a step, self-loops included. */
  readonly transitions: number;
  readonly deadlocks: number;
}

/** What the sizes of a family are called in the peers' models. */
export const parameters: Readonly<Record<Family, readonly string[]>> = {
  twophase: ['N'],
  phils: ['N'],
  window: ['W', 'C'],
  kernel: ['T', 'P', 'C'],
  ring: ['N', 'C'],
};

const twophase = (n: number, states: number, transitions: number): Case =>
  sized('twophase', [n], states, transitions, 0);

/** All sizes on which the peers agree are of this form. */
const phils = (n: number): Case => sized('phils', [n], 3 ** n - 1, 2 * n * 3 ** (n - 1) - n, 1);

const window = (w: number, c: number, states: number, transitions: number): Case =>
  sized('window', [w, c], states, transitions, 0);

const kernel = (t: number, p: number, c: number, states: number, transitions: number): Case =>
  sized('kernel', [t, p, c], states, transitions, 0);

const ring = (n: number, c: number, states: number, transitions: number): Case =>
  sized('ring', [n, c], states, transitions, 1);

function sized(family: Family, size: readonly number[], states: number, transitions: number, deadlocks: number): Case {
  return { name: `${family}(${size.join(',')})`, family, size, states, transitions, deadlocks };
}

export const cases: readonly Case[] = [
  twophase(1, 12, 19),
  twophase(3, 288, 1_145),
  twophase(5, 8_832, 58_145),
  twophase(7, 296_448, 2_744_705),
  twophase(8, 1_745_408, 18_507_777),
  twophase(9, 10_340_352, 123_558_401),
  ...[2, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map(phils),
  window(2, 3, 6_648, 23_562),
  window(3, 4, 317_624, 1_204_104),
  window(4, 4, 2_440_990, 9_399_650),
  kernel(2, 2, 2, 10_178, 32_872),
  kernel(3, 3, 3, 145_395, 597_371),
  kernel(4, 3, 3, 733_275, 3_629_668),
  kernel(5, 3, 3, 3_831_030, 22_265_746),
  ring(8, 2, 4_442, 23_434),
  ring(11, 2, 81_626, 601_759),
  ring(14, 2, 1_473_887, 14_024_664),
];

export function caseOf(name: string): Case {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`bench/cases.ts has no ${name}`);
  return found;
}

/** What `holdfast check` is given. */
export interface Subject {
  readonly file: string;
  readonly variant: string;
}

export const subjectOf = ({ family, name }: Case): Subject => ({ file: `bench/models/${family}.ts`, variant: name });

/** What one run of the benchmark looks at. */
export interface Programme {
  /** Against the peers. */
  readonly search: readonly Case[];
  /** The shipped model that is searched beside them; no peer has it. */
  readonly world: Subject;
  /** By itself, as it grows; the first of each family is the start-up, which is taken off the others. */
  readonly scale: readonly (readonly Case[])[];
  /** One worker and two. */
  readonly workers: readonly Case[];
}

const programme = (search: string, world: Subject, scale: readonly string[], workers: string): Programme => ({
  search: search.split(' ').map(caseOf),
  world,
  scale: scale.map((family) => family.split(' ').map(caseOf)),
  workers: workers.split(' ').map(caseOf),
});

const SHIPPED = 'models/world.ts';

/** `full` is what the bars are about; the others are for trying a change, and `small` for the counts alone. */
export const programmes = {
  small: programme(
    'twophase(5) phils(8) window(2,3) kernel(2,2,2) ring(8,2)',
    { file: SHIPPED, variant: 'repaired-without-unplug' },
    ['twophase(1) twophase(3) twophase(5)', 'phils(2) phils(8) phils(9)'],
    'twophase(5)',
  ),
  medium: programme(
    'twophase(7) phils(12) window(3,4) kernel(4,3,3) ring(11,2)',
    { file: SHIPPED, variant: 'repaired-without-second' },
    ['twophase(1) twophase(5) twophase(7)', 'phils(2) phils(10) phils(12)'],
    'twophase(7)',
  ),
  full: programme(
    'twophase(9) phils(14) window(4,4) kernel(5,3,3) ring(14,2)',
    { file: 'bench/models/world.ts', variant: 'uncut' },
    ['twophase(1) twophase(7) twophase(8) twophase(9)', 'phils(2) phils(11) phils(13) phils(15) phils(16) phils(17)'],
    'twophase(9) phils(15)',
  ),
} as const satisfies Record<string, Programme>;

export type Size = keyof typeof programmes;
