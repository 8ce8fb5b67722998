import { Code, end, type Instruction, joint, kindBits, local, verdict } from './code.ts';
import type { Half, HalfId } from './half.ts';
import type { Joints } from './joints.ts';
import type { Look } from './learned.ts';
import type { NumberedSteps } from './numbered-steps.ts';
import type { LearnedStep, Source } from './steps.ts';
import type { System } from './system.ts';

/** Sources of one actor, one after the other, whose steps are not of one half alone, and what each of them looks at. */
interface Beyond {
  readonly sources: Source[];
  readonly looks: readonly Look[];
}

/**
 * Joints of several sources that an actor may have. Which of its sources go beyond its half may differ from state to state, so that there
 * could be as many as there are sets of them, each with a table of its own.
 */
const mostTogether = 16;

/** Writes for every half what its actors do in it. */
export class Programs {
  readonly code: Code;
  readonly #system: System;
  readonly #joints: Joints;
  readonly #steps: NumberedSteps;
  readonly #tellsSteps: boolean;
  /** All sources, in the order of the search. */
  readonly #numbers: ReadonlyMap<Source, number>;
  /** By slot, the joints of several sources. */
  readonly #together: Set<string>[] = [];

  /** @param tellsSteps whether all steps have numbers, or only those that are verdicts */
  constructor(system: System, joints: Joints, steps: NumberedSteps, tellsSteps: boolean) {
    this.#system = system;
    this.#joints = joints;
    this.#steps = steps;
    this.#tellsSteps = tellsSteps;
    this.#numbers = new Map(system.allSources.flat().map((source, i) => [source, i]));
    this.code = new Code(tellsSteps);
  }

  /**
   * Writes the program of a half.
   *
   * @param vector of a state that has it; of the other half anything may be in it
   * @returns where the program begins
   */
  write(half: Half, of: HalfId, vector: Uint32Array): number {
    const found: Instruction[] = [];
    let own = 0;
    for (const slot of half.slots) {
      if (slot >= this.#system.instances.length) continue;
      let beyond: Beyond | null = null;
      for (const source of this.#system.sources(slot, vector[slot]!)) {
        const looks = source.steps.looks(vector);
        const steps = source.steps.at(vector);
        if (!staysIn(half, looks, steps)) {
          if (beyond !== null && isSame(beyond.looks, looks)) {
            beyond.sources.push(source);
            continue;
          }
          if (beyond !== null) found.push(...this.#beyond(slot, beyond));
          beyond = { sources: [source], looks };
        } else if (steps.length > 0) {
          if (beyond !== null) found.push(...this.#beyond(slot, beyond));
          beyond = null;
          if (steps.some(({ environment }) => !environment)) own = 1;
          this.#spellOut(half, of, source, steps, found);
        }
      }
      if (beyond !== null) found.push(...this.#beyond(slot, beyond));
    }
    found.push({ key: end, value: 0, step: 0 });
    const at = this.code.write(own, found);
    half.programs[of] = at;
    return at;
  }

  /** The instructions for a source that concerns one half alone. */
  #spellOut(half: Half, of: HalfId, source: Source, steps: readonly LearnedStep[], into: Instruction[]): void {
    const key = this.#numbers.get(source)! << kindBits;
    for (const step of steps) {
      if (step.writes === null) {
        into.push({ key: key | verdict, value: this.#steps.id(step), step: 0 });
      } else {
        const value = half.after(of, half.effect(step.writes));
        into.push({ key: key | local, value, step: this.#tellsSteps ? this.#steps.id(step) : 0 });
      }
    }
  }

  /** The instructions for sources that concern both: one for all, or where there are too many such, one for each. */
  #beyond(slot: number, { sources }: Beyond): Instruction[] {
    if (sources.length === 1) return [this.#joint(sources)];
    this.#together[slot] ??= new Set();
    const known = this.#together[slot];
    const code = this.#codeOf(sources);
    if (!known.has(code) && known.size === mostTogether) return sources.map((source) => this.#joint([source]));
    known.add(code);
    return [this.#joint(sources)];
  }

  #joint(sources: readonly Source[]): Instruction {
    const key = (this.#numbers.get(sources[0]!)! << kindBits) | joint;
    return { key, value: this.#joints.id(this.#codeOf(sources), sources), step: 0 };
  }

  #codeOf(sources: readonly Source[]): string {
    return sources.map((source) => this.#numbers.get(source)!).join();
  }
}

const isSame = (looks: readonly Look[], others: readonly Look[]): boolean =>
  looks.length === others.length &&
  looks.every(({ slot, projection }, i) => slot === others[i]!.slot && projection === others[i]!.projection);

const staysIn = (half: Half, looks: readonly Look[], steps: readonly LearnedStep[]): boolean =>
  looks.every(({ slot }) => half.owns(slot)) &&
  steps.every(({ writes }) => writes === null || writesOnly(half, writes));

const writesOnly = (half: Half, writes: readonly number[]): boolean =>
  writes.every((slot, i) => i % 2 === 1 || half.owns(slot));
