import { Answers } from './answers.ts';
import type { Half, HalfId } from './half.ts';
import { Joint } from './joint.ts';
import type { NumberedSteps } from './numbered-steps.ts';
import type { LearnedStep, Source } from './steps.ts';
import { allocateSigned } from './store.ts';

/** In the place of what a step does to the left half, where it is a verdict. */
export const noStep = -1;
/** Numbers of a step among effects: what it does to the left half, what to the right one, and its own number. */
export const effectSize = 3;

/**
 * What the sources do that concern both halves: a joint for each, or for several of one actor that look at the same.
 *
 * What a joint answers is where its *effects* are: whether a step is the actor's own, the number of steps, and then each step.
 */
export class Joints {
  /** What joints have answered, for the loop that looks there first. */
  readonly answers: Answers;
  effects = new Int32Array(1 << 12);
  readonly #left: Half;
  readonly #right: Half;
  readonly #mostCells: number;
  readonly #steps: NumberedSteps;
  readonly #tellsSteps: boolean;
  /** By number, joints and the sources of each. */
  readonly #joints: Joint[] = [];
  readonly #sources: (readonly Source[])[] = [];
  readonly #numbers = new Map<string, number>();
  #effectsEnd = 1;
  readonly #effectsKnown = new Map<string, number>();
  readonly #vector: Uint32Array;

  /**
   * @param width of the state vector
   * @param mostCells of a table that are always worth their memory
   * @param tellsSteps whether all steps have numbers, or only those that are verdicts
   */
  constructor(left: Half, right: Half, width: number, mostCells: number, steps: NumberedSteps, tellsSteps: boolean) {
    this.#left = left;
    this.#right = right;
    this.#mostCells = mostCells;
    this.#steps = steps;
    this.#tellsSteps = tellsSteps;
    this.#vector = new Uint32Array(width);
    this.answers = new Answers(mostCells);
  }

  get bytes(): number {
    return this.answers.bytes + this.effects.byteLength;
  }

  /** How many have been asked, and how many answers they have given. */
  figures(): { readonly joints: number; readonly answers: number } {
    const asked = this.#joints.filter(({ answers }) => answers > 0);
    return { joints: asked.length, answers: asked.reduce((sum, { answers }) => sum + answers, 0) };
  }

  /**
   * The number of the joint of some sources.
   *
   * @param code that these sources have, and no others
   */
  id(code: string, sources: readonly Source[]): number {
    const known = this.#numbers.get(code);
    if (known !== undefined) return known;
    const number = this.#joints.push(new Joint(this.#left, this.#right, this.#mostCells)) - 1;
    this.#numbers.set(code, number);
    this.#sources.push(sources);
    this.answers.makeRoom(number + 1);
    return number;
  }

  /** Where the effects are that a joint has in a state with these halves. */
  ask(number: number, left: HalfId, right: HalfId): number {
    const joint = this.#joints[number]!;
    const effects = joint.answer(left, right) || this.#work(number, left, right);
    const { leftColumn, rightColumn } = joint;
    const row = this.#left.shown(left, leftColumn);
    const column = this.#right.shown(right, rightColumn);
    this.answers.keep(number, leftColumn, rightColumn, row, column, effects);
    return effects;
  }

  /** Works out a cell of a joint. */
  #work(number: number, left: HalfId, right: HalfId): number {
    const vector = this.#vector;
    this.#left.load(left, vector);
    this.#right.load(right, vector);
    const sources = this.#sources[number]!;
    const effects = this.#keep(sources.flatMap(({ steps }) => steps.at(vector)));
    const looks = sources.flatMap(({ steps }) => steps.looks(vector));
    this.#joints[number]!.learn(left, right, looks, effects);
    return effects;
  }

  /** Where what these steps do to the halves is; written where it is new. */
  #keep(steps: readonly LearnedStep[]): number {
    const isOwn = steps.some(({ environment }) => !environment);
    const effects = steps.flatMap((step) =>
      step.writes === null
        ? [noStep, 0, this.#steps.id(step)]
        : [
            this.#left.effect(step.writes),
            this.#right.effect(step.writes),
            this.#tellsSteps ? this.#steps.id(step) : 0,
          ],
    );
    const all = [isOwn ? 1 : 0, steps.length, ...effects];
    const code = all.join();
    const known = this.#effectsKnown.get(code);
    if (known !== undefined) return known;
    const at = this.#effectsEnd;
    this.#effectsEnd += all.length;
    if (this.#effectsEnd > this.effects.length) {
      const room = allocateSigned(Math.max(this.#effectsEnd, this.effects.length * 2));
      room.set(this.effects);
      this.effects = room;
    }
    this.effects.set(all, at);
    this.#effectsKnown.set(code, at);
    return at;
  }
}
