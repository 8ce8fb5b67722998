import { Answers, placeSize } from './answers.ts';
import { Code, type Instruction } from './code.ts';
import type { Division } from './divide.ts';
import type { Engine } from './engine.ts';
import type { Keeping } from './figures.ts';
import { Half, type HalfId } from './half.ts';
import { Joint } from './joint.ts';
import type { Look } from './learned.ts';
import { type Batch, PairStore, type Pairs } from './pair-store.ts';
import type { Visitor } from './search.ts';
import { type LearnedStep, type Source, writeInto } from './steps.ts';
import { allocateSigned, noParent, type StateId, type States } from './store.ts';
import type { System } from './system.ts';

/**
 * Explores a system whose state vector has been divided into two halves: integers go in, integers come out.
 *
 * Every half has a *program*: what the sources of its actors do in it. A source that looks at this half alone, and writes into
 * it alone, has been worked out: its steps lead to other halves, whatever the other half of the state is. One that goes
 * beyond is a *joint*: a table over what its cascades look at in either half (a column of each), of effects on either half.
 *
 * Sound for the same reason as {@link Learned}: what a source does depends on what it looks at and on nothing else. A program
 * is worked out in one state that has the half, and the looks say that it is the same in all; a cell of a joint's table is worked
 * out in one state, and holds wherever both columns show the same, as they hold every look that the joint has ever taken
 * (where it takes a new one, its table is begun again).
 *
 * States are found, numbered and told to the visitor in the order of the plain search, which it equals:
 * `test/explore/halved.test.ts`.
 */
export class Halved implements Engine {
  readonly store: Pairs;
  readonly stride = 1024;
  readonly cut = false;
  readonly division: Division;
  transitions = 0;
  readonly #tuning: Tuning;
  readonly #system: System;
  readonly #visitor: HalvedVisitor;
  readonly #left: Half;
  readonly #right: Half;
  /** The programs of both. */
  readonly #code: Code;
  /** All sources, in the order of the search. */
  readonly #numbers: ReadonlyMap<Source, number>;
  /** By number, the joints that programs have met, and the numbers of the sources of each. */
  readonly #joints: Joint[] = [];
  readonly #jointSources: (readonly Source[])[] = [];
  readonly #jointNumbers = new Map<string, number>();
  readonly #answers: Answers;
  /** What the visitor looks at in a state; a cell is 1 where it has seen such a state. */
  readonly #seen: Joint;
  /** What cells of joints point into: for each its number of steps, and of each step what it does to either half. */
  #effects = new Int32Array(1 << 12);
  #effectsEnd = 1;
  readonly #effectsKnown = new Map<string, number>();
  /** Steps by number: those that are verdicts, and, where the visitor wants to be told of steps, all. */
  readonly #steps: LearnedStep[] = [];
  readonly #stepNumbers = new Map<LearnedStep, number>();
  /** Of each step, what the visitor looks at in it; a cell is 1 where it has seen such a step. */
  readonly #seenSteps: Joint[] = [];
  readonly #tellsSteps: boolean;
  readonly #vector: Uint32Array;
  readonly #after: Uint32Array;
  readonly #batch: Batch = batchOf(batchSize);
  #depth = 0;

  /** @param storeFor where the pairs are to be kept, if not in a store of its own */
  constructor(
    system: System,
    visitor: HalvedVisitor,
    slots: Division,
    tuning: Tuning,
    storeFor: (left: Half, right: Half) => Pairs = (left, right) => new PairStore(left, right, tuning.smallMatrix),
  ) {
    this.#tuning = tuning;
    this.division = slots;
    this.#system = system;
    this.#visitor = visitor;
    this.#tellsSteps = visitor.step !== undefined;
    this.#left = new Half(system, slots[0]);
    this.#right = new Half(system, slots[1]);
    this.#code = new Code(this.#tellsSteps);
    this.store = storeFor(this.#left, this.#right);
    this.#vector = new Uint32Array(system.width);
    this.#after = new Uint32Array(system.width);
    this.#numbers = new Map(system.allSources.flat().map((source, i) => [source, i]));
    this.#answers = new Answers(tuning.smallTable);
    this.#seen = this.#joint();
  }

  /** Different halves, left and right. */
  get halves(): readonly [number, number] {
    return [this.#left.size, this.#right.size];
  }

  get bytes(): number {
    return this.store.bytes + this.#left.bytes + this.#right.bytes + this.#code.bytes + this.#answers.bytes;
  }

  figures(): Keeping {
    const joints = this.#joints.filter(({ answers }) => answers > 0);
    return {
      as: 'halves',
      left: this.#left.slots,
      right: this.#right.slots,
      halves: this.halves,
      joints: joints.length,
      answers: joints.reduce((sum, { answers }) => sum + answers, 0),
      pairs: this.store.kind,
      bytes: this.bytes,
    };
  }

  /** Takes over the states that a search has found, which the visitor knows already. */
  adopt(states: States, transitions: number): void {
    const { lefts, rights, parents } = this.#batch;
    for (let id = 0; id < states.size; id++) {
      states.load(id, this.#vector);
      lefts[0] = this.#left.id(this.#vector);
      rights[0] = this.#right.id(this.#vector);
      parents[0] = states.parent(id) ?? noParent;
      this.store.add(this.#batch, 1);
    }
    this.transitions = transitions;
  }

  /** The halves, left and right. */
  get sides(): readonly [Half, Half] {
    return [this.#left, this.#right];
  }

  /** Takes over states that such an engine has found before: of each its halves and its parent. */
  adoptPairs(rows: Uint32Array): void {
    const { lefts, rights, parents } = this.#batch;
    for (let at = 0; at < rows.length; ) {
      let count = 0;
      for (; count < batchSize && at < rows.length; count++) {
        lefts[count] = rows[at++]!;
        rights[count] = rows[at++]!;
        parents[count] = rows[at++]!;
      }
      this.store.add(this.#batch, count);
    }
  }

  /**
   * Expands the states from one id up to another: afterwards everything that they lead to is there.
   *
   * The loop that all the time goes into: the two programs of a state are gone through together, in the order of their keys.
   * Which of them comes next is as good as random, so it is chosen without a branch: `m` is all ones where it is the left one,
   * and 0 where it is the right one. What the loop needs again and again it keeps in variables; whatever is worked out anew
   * may have moved them.
   *
   * @param depth of these states
   */
  expand(from: StateId, to: StateId, depth: number): void {
    this.#depth = depth;
    const { lefts, rights, parents } = this.#batch;
    const tellsSteps = this.#tellsSteps;
    let known = this.#known();
    let found = 0;
    let waiting = 0;
    for (let id = from; id < to; id++) {
      const left = this.store.left(id);
      const right = this.store.right(id);
      let i = this.#left.programs[left]! || this.#begin(this.#left, left, id);
      let j = this.#right.programs[right]! || this.#begin(this.#right, right, id);
      if (known.halves !== this.#left.size + this.#right.size) known = this.#known();
      const { words, rowWords } = known;
      const { places } = this.#answers;
      let { columns: ofLeft, columnRoom: leftRoom } = this.#left;
      let { columns: ofRight, columnRoom: rightRoom } = this.#right;
      const code = this.#code.numbers;
      let own = code[i - 1]! | code[j - 1]!;
      let x = code[i]!;
      let y = code[j]!;
      for (;;) {
        const m = (x - y) >> 31;
        const key = (x & m) | (y & ~m);
        if (key === end) break;
        const at = (i & m) | (j & ~m);
        const value = code[at + 1]!;
        if ((key & kinds) === local) {
          if (tellsSteps) this.#tellStep(this.#code.steps[at]!, left, right, id);
          const toLeft = (value & m) | (left & ~m);
          const toRight = (right & m) | (value & ~m);
          found++;
          // a half that is new may lie beyond the matrix
          const word = toRight >>> 5;
          if (word >= rowWords || (words[toLeft * rowWords + word]! & (1 << (toRight & 31))) === 0) {
            if (waiting === batchSize) waiting = this.#flush(waiting);
            lefts[waiting] = toLeft;
            rights[waiting] = toRight;
            parents[waiting++] = id;
          }
        } else if ((key & kinds) === verdict) {
          this.#visitor.unhandled(id, this.#steps[value]!);
        } else {
          // what the two columns of the joint show, from 1 on, and what is kept of that: see Answers
          const place = value * placeSize;
          const row = ofLeft[left * leftRoom + places[place + 3]!]!;
          const column = ofRight[right * rightRoom + places[place + 4]!]!;
          const isKept = row < places[place + 1]! && column < places[place + 2]!;
          let effects = isKept ? this.#answers.cells[places[place]! + row * places[place + 2]! + column]! : 0;
          if (effects === 0) {
            effects = this.#ask(value, left, right);
            ({ columns: ofLeft, columnRoom: leftRoom } = this.#left);
            ({ columns: ofRight, columnRoom: rightRoom } = this.#right);
          }
          const all = this.#effects;
          own |= all[effects]!;
          const until = effects + 2 + all[effects + 1]! * 3;
          for (let k = effects + 2; k < until; k += 3) {
            const toDo = all[k]!;
            if (toDo === -1) {
              this.#visitor.unhandled(id, this.#steps[all[k + 2]!]!);
              continue;
            }
            if (tellsSteps) this.#tellStep(all[k + 2]!, left, right, id);
            const toLeft = this.#left.after(left, toDo);
            const toRight = this.#right.after(right, all[k + 1]!);
            found++;
            const word = toRight >>> 5;
            if (word < rowWords && (words[toLeft * rowWords + word]! & (1 << (toRight & 31))) !== 0) continue;
            if (waiting === batchSize) waiting = this.#flush(waiting);
            lefts[waiting] = toLeft;
            rights[waiting] = toRight;
            parents[waiting++] = id;
          }
        }
        i += 2 & m;
        j += 2 & ~m;
        x = code[i]!;
        y = code[j]!;
      }
      if (own === 0) this.#settled(id);
    }
    this.transitions += found;
    this.#flush(waiting);
  }

  /** What the store can say at once of pairs of the halves that there are now. */
  #known(): Known {
    const matrix = this.store.matrix();
    return matrix === null
      ? { ...nothingKnown, halves: this.#left.size + this.#right.size }
      : { words: matrix.words, rowWords: matrix.rowWords, halves: this.#left.size + this.#right.size };
  }

  /** Tells the visitor of states that a store has found to be new by itself, from one id up to another. */
  tell(from: StateId, to: StateId, depth: number): void {
    this.#depth = depth;
    for (let id = from; id < to; id++) this.#tell(id);
  }

  /** Adds what waits to the store, and tells the visitor what is new. */
  #flush(waiting: number): number {
    const { store } = this;
    const from = store.size;
    store.add(this.#batch, waiting);
    for (let id = from; id < store.size; id++) this.#tell(id);
    return 0;
  }

  /** What the visitor makes of a state depends on what it looks at: of states that look the same the first is enough. */
  #tell(id: StateId): void {
    const left = this.store.left(id);
    const right = this.store.right(id);
    const seen = this.#seen;
    if (seen.answer(left, right) === 1) return;
    this.store.load(id, this.#vector);
    this.#visitor.state(id, this.#vector, this.#depth + 1);
    seen.learn(left, right, this.#visitor.looks(this.#vector), 1);
  }

  #settled(id: StateId): void {
    this.store.load(id, this.#vector);
    this.#visitor.expanded(id, this.#vector, true);
  }

  /** Writes the program of a half, with the help of a state that has it. */
  #begin(half: Half, of: number, id: StateId): number {
    const vector = this.#vector;
    this.store.load(id, vector);
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
          if (beyond !== null) found.push(this.#together(beyond));
          beyond = { sources: [source], looks };
          continue;
        }
        if (steps.length === 0) continue;
        if (beyond !== null) found.push(this.#together(beyond));
        beyond = null;
        const number = this.#numbers.get(source)!;
        for (const step of steps) {
          if (!step.environment) own = 1;
          const isVerdict = step.writes === null;
          found.push({
            key: (number << kindBits) | (isVerdict ? verdict : local),
            value: isVerdict ? this.#numberOf(step) : half.after(of, half.effect(step.writes)),
            step: this.#tellsSteps ? this.#numberOf(step) : 0,
          });
        }
      }
      if (beyond !== null) found.push(this.#together(beyond));
    }
    const at = this.#code.write(own, [...found, { key: end, value: 0, step: 0 }]);
    half.programs[of] = at;
    return at;
  }

  /** The instruction for sources of one actor that come one after the other. */
  #together({ sources }: Beyond): Instruction {
    const numbers = sources.map((source) => this.#numbers.get(source)!);
    const code = numbers.join();
    let value = this.#jointNumbers.get(code);
    if (value === undefined) {
      value = this.#joints.push(this.#joint()) - 1;
      this.#jointNumbers.set(code, value);
      this.#jointSources.push(sources);
      this.#answers.makeRoom(value + 1);
    }
    return { key: (numbers[0]! << kindBits) | joint, value, step: 0 };
  }

  #ask(number: number, left: HalfId, right: HalfId): number {
    const joint = this.#joints[number]!;
    const effects = joint.answer(left, right) || this.#work(number, left, right);
    const { leftColumn, rightColumn } = joint;
    const row = this.#left.shown(left, leftColumn);
    const column = this.#right.shown(right, rightColumn);
    this.#answers.keep(number, leftColumn, rightColumn, row, column, effects);
    return effects;
  }

  /** Works out a cell of a joint. */
  #work(number: number, left: number, right: number): number {
    const vector = this.#vector;
    this.#left.load(left, vector);
    this.#right.load(right, vector);
    const sources = this.#jointSources[number]!;
    const at = this.#keep(sources.flatMap(({ steps }) => steps.at(vector)));
    this.#joints[number]!.learn(
      left,
      right,
      sources.flatMap(({ steps }) => steps.looks(vector)),
      at,
    );
    return at;
  }

  /** Where what these steps do to the halves is; written where it is new. */
  #keep(steps: readonly LearnedStep[]): number {
    const isOwn = steps.some(({ environment }) => !environment);
    const effects = steps.flatMap((step) =>
      step.writes === null
        ? [-1, 0, this.#numberOf(step)]
        : [
            this.#left.effect(step.writes),
            this.#right.effect(step.writes),
            this.#tellsSteps ? this.#numberOf(step) : 0,
          ],
    );
    const all = [isOwn ? 1 : 0, steps.length, ...effects];
    const known = this.#effectsKnown.get(all.join());
    if (known !== undefined) return known;
    const at = this.#effectsEnd;
    this.#effectsEnd += all.length;
    if (this.#effectsEnd > this.#effects.length) {
      const room = allocateSigned(Math.max(this.#effectsEnd, this.#effects.length * 2));
      room.set(this.#effects);
      this.#effects = room;
    }
    this.#effects.set(all, at);
    this.#effectsKnown.set(all.join(), at);
    return at;
  }

  /** As {@link Halved.#tell}, of a step. */
  #tellStep(number: number, left: number, right: number, from: StateId): void {
    this.#seenSteps[number] ??= this.#joint();
    const seen = this.#seenSteps[number];
    if (seen.answer(left, right) === 1) return;
    const step = this.#steps[number]!;
    const before = this.#vector;
    const after = this.#after;
    this.store.load(from, before);
    after.set(before);
    writeInto(this.#system, step.writes!, after);
    this.#visitor.step!(from, step, before, after);
    const looks = this.#visitor.stepLooks!(step, before, after);
    seen.learn(
      left,
      right,
      looks.flatMap((look) => lookBefore(look, step.writes!, before.length)),
      1,
    );
  }

  #joint(): Joint {
    return new Joint(this.#left, this.#right, this.#tuning.smallTable);
  }

  #numberOf(step: LearnedStep): number {
    const number = this.#stepNumbers.get(step) ?? this.#steps.push(step) - 1;
    this.#stepNumbers.set(step, number);
    return number;
  }
}

/** What has to be looked at before a step to know what a look at the states before and after it will see. */
function lookBefore({ slot, projection }: Look, writes: readonly number[], width: number): Look[] {
  if (slot < width) return [{ slot, projection }];
  const written = writes.findIndex((to, i) => i % 2 === 0 && to === slot - width);
  if (written === -1) return [{ slot: slot - width, projection }];
  // what is written is known with the step, but of a change only with what is changed
  return writes[written + 1]! >= 0 ? [] : [{ slot: slot - width, projection: null }];
}

/** What the search is for, where states and steps that look the same to it need not be told twice. */
export type HalvedVisitor = Visitor & Required<Pick<Visitor, 'looks'>>;

/** Where one way of computing gives way to another. It makes a difference to speed and memory alone. */
export interface Tuning {
  /** States after which the state vector is divided. */
  readonly divideAt: number;
  /** States after which it must have paid. */
  readonly mustPayAt: number;
  /** How many halves there may then be for each state. */
  readonly mostHalves: number;
  /** Cells of a joint's table that are always worth their memory. */
  readonly smallTable: number;
  /** Bytes of a store's matrix of bits that are always worth it. */
  readonly smallMatrix: number;
  /** States that are expanded between two moments at which a search can be kept, at least. */
  readonly part: number;
  /** States after which other threads may go on with a search in halves; none may where it is infinite. */
  readonly shareAt: number;
  /** States that threads share out before they agree on what is new; and those that one takes at a time, at most. */
  readonly round: number;
  readonly chunk: number;
}

export const defaultTuning: Tuning = {
  divideAt: 2 ** 14,
  mustPayAt: 2 ** 18,
  mostHalves: 0.5,
  smallTable: 2 ** 16,
  smallMatrix: 2 ** 27,
  part: 512,
  shareAt: Number.POSITIVE_INFINITY,
  round: 2 ** 16,
  chunk: 512,
};

const batchSize = 4096;

/** A bit for each pair, in rows of so many words, that is 1 only if the store has the pair; of pairs of so many halves. */
interface Known {
  readonly words: Int32Array;
  readonly rowWords: number;
  readonly halves: number;
}

const nothingKnown: Known = { words: new Int32Array(1), rowWords: 0, halves: -1 };

/**
 * An instruction is a key and a value. Keys ascend; their low bits say what the value is.
 */
const kindBits = 2;
const kinds = 3;
const local = 0;
const joint = 1;
const verdict = 2;
const end = 0x7fff_ffff;

/** Sources whose steps are not of one half alone, and what each of them looks at. */
interface Beyond {
  readonly sources: Source[];
  readonly looks: readonly Look[];
}

const isSame = (looks: readonly Look[], others: readonly Look[]): boolean =>
  looks.length === others.length &&
  looks.every(({ slot, projection }, i) => slot === others[i]!.slot && projection === others[i]!.projection);

const staysIn = (half: Half, looks: readonly Look[], steps: readonly LearnedStep[]): boolean =>
  looks.every(({ slot }) => half.owns(slot)) &&
  steps.every(({ writes }) => writes === null || writesOnly(half, writes));

const writesOnly = (half: Half, writes: readonly number[]): boolean =>
  writes.every((slot, i) => i % 2 === 1 || half.owns(slot));

function batchOf(size: number): Batch {
  return {
    lefts: new Uint32Array(size),
    rights: new Uint32Array(size),
    parents: new Uint32Array(size),
    places: new Int32Array(size),
  };
}
