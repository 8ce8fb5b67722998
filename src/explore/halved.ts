import { placeSize } from './answers.ts';
import { end, kinds, local, verdict } from './code.ts';
import type { Division } from './divide.ts';
import type { Engine } from './engine.ts';
import type { Keeping } from './figures.ts';
import { Half, type HalfId } from './half.ts';
import { Joint } from './joint.ts';
import { effectSize, Joints, noStep } from './joints.ts';
import type { Look } from './learned.ts';
import { NumberedSteps } from './numbered-steps.ts';
import { type Batch, PairStore, type Pairs } from './pair-store.ts';
import { Programs } from './programs.ts';
import type { Visitor } from './search.ts';
import { writeInto } from './steps.ts';
import { noParent, type StateId, type States } from './store.ts';
import type { System } from './system.ts';
import type { Tuning } from './tuning.ts';

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
  readonly #programs: Programs;
  readonly #joints: Joints;
  /** Steps that are verdicts, and, where the visitor wants to be told of steps, all. */
  readonly #steps = new NumberedSteps();
  /** What the visitor looks at in a state; a cell is 1 where it has seen such a state. */
  readonly #seen: Joint;
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
    this.store = storeFor(this.#left, this.#right);
    this.#vector = new Uint32Array(system.width);
    this.#after = new Uint32Array(system.width);
    this.#joints = new Joints(this.#left, this.#right, system.width, tuning.smallTable, this.#steps, this.#tellsSteps);
    this.#programs = new Programs(system, this.#joints, this.#steps, this.#tellsSteps);
    this.#seen = this.#joint();
  }

  /** Different halves, left and right. */
  get halves(): readonly [number, number] {
    return [this.#left.size, this.#right.size];
  }

  get bytes(): number {
    return this.store.bytes + this.#left.bytes + this.#right.bytes + this.#programs.code.bytes + this.#joints.bytes;
  }

  figures(): Keeping {
    return {
      as: 'halves',
      left: this.#left.slots,
      right: this.#right.slots,
      halves: this.halves,
      ...this.#joints.figures(),
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
    const joints = this.#joints;
    const { answers } = joints;
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
      const { places } = answers;
      let { columns: ofLeft, columnRoom: leftRoom } = this.#left;
      let { columns: ofRight, columnRoom: rightRoom } = this.#right;
      const code = this.#programs.code.numbers;
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
          if (tellsSteps) this.#tellStep(this.#programs.code.steps[at]!, left, right, id);
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
          this.#visitor.unhandled(id, this.#steps.value(value));
        } else {
          // what the two columns of the joint show, from 1 on, and what is kept of that: see Answers
          const place = value * placeSize;
          const row = ofLeft[left * leftRoom + places[place + 3]!]!;
          const column = ofRight[right * rightRoom + places[place + 4]!]!;
          const isKept = row < places[place + 1]! && column < places[place + 2]!;
          let effects = isKept ? answers.cells[places[place]! + row * places[place + 2]! + column]! : 0;
          if (effects === 0) {
            effects = joints.ask(value, left, right);
            ({ columns: ofLeft, columnRoom: leftRoom } = this.#left);
            ({ columns: ofRight, columnRoom: rightRoom } = this.#right);
          }
          const all = joints.effects;
          own |= all[effects]!;
          const until = effects + 2 + all[effects + 1]! * effectSize;
          for (let k = effects + 2; k < until; k += effectSize) {
            const toDo = all[k]!;
            if (toDo === noStep) {
              this.#visitor.unhandled(id, this.#steps.value(all[k + 2]!));
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

  /** Writes the program of a half that a state has. */
  #begin(half: Half, of: HalfId, id: StateId): number {
    this.store.load(id, this.#vector);
    return this.#programs.write(half, of, this.#vector);
  }

  #settled(id: StateId): void {
    this.store.load(id, this.#vector);
    this.#visitor.expanded(id, this.#vector, true);
  }

  /** As {@link Halved.#tell}, of a step. */
  #tellStep(number: number, left: number, right: number, from: StateId): void {
    this.#seenSteps[number] ??= this.#joint();
    const seen = this.#seenSteps[number];
    if (seen.answer(left, right) === 1) return;
    const step = this.#steps.value(number);
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

const batchSize = 4096;

/** A bit for each pair, in rows of so many words, that is 1 only if the store has the pair; of pairs of so many halves. */
interface Known {
  readonly words: Int32Array;
  readonly rowWords: number;
  readonly halves: number;
}

const nothingKnown: Known = { words: new Int32Array(1), rowWords: 0, halves: -1 };

function batchOf(size: number): Batch {
  return {
    lefts: new Uint32Array(size),
    rights: new Uint32Array(size),
    parents: new Uint32Array(size),
    places: new Int32Array(size),
  };
}
