import { getHeapStatistics } from 'node:v8';
import { chorus } from '../check.ts';
import { encode } from '../encode.ts';
import { Halved, type HalvedVisitor } from '../halved.ts';
import { deadlockJudge, type Judge, judgesOf, unhandledJudge } from '../judge.ts';
import { answersOf, coveredOf, restoreSystem } from '../keep-system.ts';
import type { Composition } from '../model.ts';
import { mostMatrix } from '../pair-store.ts';
import { compile, type System } from '../system.ts';
import { Agreement } from './agreement.ts';
import { Candidates, candidateSize, notNew } from './candidates.ts';
import type { Done, Opening, Order, WorkerReport } from './protocol.ts';
import { SharedPairs } from './shared-pairs.ts';

type OrderOf<K extends Order['order']> = Order & { readonly order: K };

/** A worker's share in one search: its own system, its own engine and its own judges. */
export class Share {
  readonly #worker: number;
  readonly #system: System;
  readonly #agreement: Agreement;
  readonly #judges: readonly Judge[];
  readonly #halved: Halved;
  readonly #pairs: SharedPairs;
  /** What each worker finds; its own is what it fills. */
  readonly #boxes: readonly Candidates[];
  #depth = 0;

  constructor(opening: Opening, composition: Composition) {
    const { worker, workers, texts, tuning, division, halves } = opening;
    this.#worker = worker;
    this.#system = compile(composition);
    restoreSystem(this.#system, { where: 'another thread', texts: (name) => texts.get(name) ?? [] });
    this.#agreement = new Agreement(this.#system, opening.agreement);
    const counting = [deadlockJudge(this.#system), unhandledJudge()];
    const all = [...judgesOf(this.#system, {}), ...counting];
    const told = opening.judges.map((i) => all[i]!);
    this.#judges = all;
    const visitor = chorus(told, counting, null) as HalvedVisitor;
    let pairs: SharedPairs | undefined;
    this.#halved = new Halved(this.#system, visitor, division, tuning, (left, right) => {
      pairs = new SharedPairs(left, right, workers);
      return pairs;
    });
    this.#pairs = pairs!;
    this.#pairs.segments.adopt(opening.segments);
    for (const [side, half] of this.#halved.sides.entries()) half.share(halves[side]!);
    this.#sync();
    this.#pairs.mostBytes = opening.mostBytes;
    this.#pairs.noteStates(opening.size);
    this.#boxes = Array.from({ length: workers }, (_, finder) =>
      finder === worker ? this.#pairs.box : new Candidates(),
    );
  }

  /** Expands this worker's part of a round. */
  expand({ from, to, depth, mostBytes }: OrderOf<'expand'>): Done {
    this.#depth = depth;
    this.#sync();
    const before = this.#halved.transitions;
    this.#pairs.mostBytes = mostBytes;
    this.#pairs.begin();
    this.#halved.expand(from, to, depth);
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    return {
      done: 'expand',
      candidates: this.#pairs.box.length,
      owned: this.#pairs.candidates(),
      buffers: this.#pairs.box.made(),
      hasMatrix: this.#pairs.matrix() !== null,
      transitions: this.#halved.transitions - before,
      heap: used / limit,
    };
  }

  /** Marks candidates that are not new. */
  sift({ size, tables, boxes }: OrderOf<'sift'>): Done {
    for (const [finder, { candidates, buffers }] of boxes.entries()) {
      if (finder !== this.#worker) this.#boxes[finder]!.adopt(candidates, buffers);
    }
    this.#sync(); // the others may have met halves that are new
    const pairs = this.#pairs;
    if (tables === null) {
      pairs.mostBytes = mostMatrix; // it has been found to be small enough
      return { done: 'sift', marked: pairs.merge(this.#boxes), owned: 0 };
    }
    pairs.changeTables(tables, size, this.#worker);
    return { done: 'sift', marked: pairs.sift(this.#boxes), owned: pairs.owned(this.#worker) };
  }

  /** Numbers those of its own candidates that are new, in the order in which they were met. */
  number({ from, to, segments }: OrderOf<'number'>): Done {
    this.#pairs.segments.adopt(segments);
    let id = from;
    for (const { numbers, count } of this.#pairs.box.pieces()) {
      for (let at = 0; at < count * candidateSize; at += candidateSize) {
        const parent = numbers[at + 2]!;
        if (parent !== notNew) this.#pairs.segments.set(id++, numbers[at]!, numbers[at + 1]!, parent);
      }
    }
    if (id !== to) throw new Error(`states up to ${to} were to be numbered, and there are some up to ${id}`);
    this.#halved.tell(from, to, this.#depth);
    return { done: 'number' };
  }

  report(): WorkerReport {
    const keeping = this.#halved.figures();
    return {
      memories: encode(
        this.#judges.map(({ memory }) => memory),
        'judges',
      ),
      answers: answersOf(this.#system),
      covered: coveredOf(this.#system),
      joints: keeping.as === 'halves' ? keeping.joints : 0,
      jointAnswers: keeping.as === 'halves' ? keeping.answers : 0,
      bytes: this.#halved.sides.reduce((sum, { bytes }) => sum + bytes, this.#pairs.ownBytes),
    };
  }

  #sync(): void {
    this.#agreement.sync();
    for (const half of this.#halved.sides) half.sync();
  }
}
