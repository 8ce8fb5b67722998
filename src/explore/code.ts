import { grown } from './store.ts';

/** Bits of a key that say of what kind an instruction is; the others are the number of its source. */
export const kindBits = 2;
export const kinds = 3;
/** A step within one half: the value is the half that it leads to. */
export const local = 0;
/** The value is the number of a joint. */
export const joint = 1;
/** The value is the number of a step that is a verdict. */
export const verdict = 2;
/** The last key of every program. */
export const end = 0x7fff_ffff;

/** Something that an actor of a half does in it. Keys ascend within a program. */
export interface Instruction {
  readonly key: number;
  readonly value: number;
  /** The number of the step, where it is one. */
  readonly step: number;
}

/** The programs of both halves of a state vector, in one array that one loop goes through. */
export class Code {
  numbers = new Int32Array(1 << 14);
  /** Where a program has a step, its number. */
  steps: Int32Array<ArrayBuffer>;
  readonly #keepsSteps: boolean;
  #end = 0;

  constructor(keepsSteps: boolean) {
    this.#keepsSteps = keepsSteps;
    this.steps = new Int32Array(keepsSteps ? this.numbers.length : 0);
  }

  get bytes(): number {
    return this.numbers.byteLength + this.steps.byteLength;
  }

  /** Writes a program. Returns where it begins, which is never 0; `header` stands right before that. */
  write(header: number, instructions: readonly Instruction[]): number {
    const at = this.#end + 1;
    this.#end = at + instructions.length * 2;
    if (this.#end > this.numbers.length) {
      const length = Math.max(this.#end, this.numbers.length + (this.numbers.length >>> 1));
      this.numbers = grown(this.numbers, length);
      if (this.#keepsSteps) this.steps = grown(this.steps, length);
    }
    this.numbers[at - 1] = header;
    let next = at;
    for (const { key, value, step } of instructions) {
      this.numbers[next] = key;
      this.numbers[next + 1] = value;
      if (this.#keepsSteps) this.steps[next] = step;
      next += 2;
    }
    return at;
  }
}
