import { getHeapStatistics } from 'node:v8';
import { chorus } from '../check.ts';
import { encode } from '../encode.ts';
import { Halved, type HalvedVisitor } from '../halved.ts';
import { deadlockJudge, type Judge, judgesOf, unhandledJudge } from '../judge.ts';
import { answersOf, coveredOf, restoreSystem } from '../keep-system.ts';
import type { Composition } from '../model.ts';
import { compile, type System } from '../system.ts';
import { Agreement } from './agreement.ts';
import { Candidates, Chunks, Merge } from './candidates.ts';
import { KnownMatrix, KnownTable, knownAfter } from './known-pairs.ts';
import type { Done, Opening, Order, Round, WorkerReport } from './protocol.ts';
import { SharedPairs } from './shared-pairs.ts';

type OrderOf<K extends Order['order']> = Order & { readonly order: K };

/** A worker's share in one search: its own system, its own engine and its own judges. */
export class Share {
  readonly #opening: Opening;
  readonly #system: System;
  readonly #agreement: Agreement;
  readonly #judges: readonly Judge[];
  readonly #halved: Halved;
  readonly #pairs: SharedPairs;
  readonly #chunks: Chunks;
  /** Counts chunks that are handed out. */
  readonly #control: Int32Array;
  /** Of the boxes that it owns, by finder; of all boxes, by finder and owner. */
  readonly #sifting: Merge;
  readonly #numbering: Merge;
  /** The boxes of all finders, by finder and owner; its own are those that it fills. */
  readonly #boxes: readonly (readonly Candidates[])[];
  #round: Round = { first: 0, end: 0, chunk: 1, chunks: 0, depth: 0 };

  constructor(opening: Opening, composition: Composition) {
    const { worker, workers, texts, tuning, division, halves } = opening;
    this.#opening = opening;
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
      pairs = new SharedPairs(left, right, workers, opening.known);
      return pairs;
    });
    this.#pairs = pairs!;
    this.#pairs.segments.adopt(opening.segments);
    for (const [side, half] of this.#halved.sides.entries()) half.share(halves[side]!);
    this.#halved.takeShare(opening.side, worker, workers);
    this.#chunks = new Chunks(opening.chunks, workers);
    this.#control = new Int32Array(opening.control);
    this.#boxes = Array.from({ length: workers }, (_, finder) =>
      finder === worker ? this.#pairs.boxes : Array.from({ length: workers }, () => new Candidates()),
    );
    this.#sifting = new Merge(this.#boxes.map((ofFinder) => ofFinder[worker]!));
    this.#numbering = new Merge(this.#boxes.flat());
  }

  expand(round: Round): Done {
    this.#round = round;
    this.#sync();
    const { boxes } = this.#pairs;
    const before = this.#halved.transitions;
    this.#pairs.begin();
    for (let chunk = 0; chunk < round.chunks; chunk++) {
      const from = round.first + chunk * round.chunk;
      this.#chunks.begin(chunk, this.#opening.worker, boxes);
      this.#halved.expand(from, Math.min(round.end, from + round.chunk), round.depth);
      this.#chunks.end(chunk, this.#opening.worker, boxes);
    }
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    return {
      done: 'expand',
      candidates: boxes.map(({ length }) => length),
      buffers: boxes.map((box) => box.made()),
      transitions: this.#halved.transitions - before,
      heap: used / limit,
    };
  }

  sift({ size, known, buffers }: OrderOf<'sift'>): Done {
    const { worker, workers } = this.#opening;
    for (const [finder, made] of buffers.entries()) {
      if (finder === worker) continue;
      for (const [owner, each] of made.entries()) this.#boxes[finder]![owner]!.adopt(each);
    }
    if (known !== null) {
      this.#pairs.known = knownAfter(known, this.#pairs.known);
    }
    const own = this.#own();
    if (own instanceof KnownTable && known?.kind === 'tables' && known.tables[worker] !== null)
      own.fill(this.#pairs.segments, size, worker, workers);
    let fresh = 0;
    for (let chunk = 0; chunk < this.#round.chunks; chunk++) fresh += this.#siftChunk(chunk, own);
    return { done: 'sift', fresh };
  }

  #own(): KnownMatrix | KnownTable {
    const { known } = this.#pairs;
    return known instanceof KnownMatrix ? known : known[this.#opening.worker]!;
  }

  #siftChunk(chunk: number, own: { add(left: number, right: number): boolean }): number {
    const { worker, workers } = this.#opening;
    const ends: number[] = [];
    for (let finder = 0; finder < workers; finder++) {
      const from = this.#chunks.from(chunk, finder, worker);
      this.#sifting.begin(finder, from, this.#chunks.to(chunk, finder, worker), this.#round.first);
      ends.push(from);
    }
    let fresh = 0;
    while (this.#sifting.next()) {
      const { box, at, numbers, offset } = this.#sifting;
      if (!own.add(numbers[offset]!, numbers[offset + 1]!)) continue;
      this.#boxes[box]![worker]!.move(at, ends[box]!++);
      fresh++;
    }
    for (const [finder, end] of ends.entries())
      this.#chunks.setFresh(chunk, finder, worker, end - this.#chunks.from(chunk, finder, worker));
    return fresh;
  }

  /** Numbers the new states of a chunk in the order in which they were met, whoever owns them. */
  number({ size, until, segments }: OrderOf<'number'>): Done {
    const { chunks, depth } = this.#round;
    this.#pairs.segments.adopt(segments);
    this.#sync();
    let next = Atomics.add(this.#control, 0, 1);
    let id = size;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const fresh = this.#chunks.allFresh(chunk);
      if (chunk === next) {
        this.#numberChunk(chunk, id);
        this.#halved.tell(id, id + fresh, depth);
        next = Atomics.add(this.#control, 0, 1);
      }
      id += fresh;
    }
    if (id !== until) throw new Error(`there are ${id} states, and the threads have found ${until}`);
    return { done: 'number' };
  }

  #numberChunk(chunk: number, first: number): void {
    const { workers } = this.#opening;
    for (let finder = 0; finder < workers; finder++) {
      for (let owner = 0; owner < workers; owner++) {
        const from = this.#chunks.from(chunk, finder, owner);
        const to = from + this.#chunks.fresh(chunk, finder, owner);
        this.#numbering.begin(finder * workers + owner, from, to, this.#round.first);
      }
    }
    for (let id = first; this.#numbering.next(); id++) {
      const { numbers, offset } = this.#numbering;
      this.#pairs.segments.set(id, numbers[offset]!, numbers[offset + 1]!, numbers[offset + 2]!);
    }
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
      bytes: this.#halved.sides.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  #sync(): void {
    this.#agreement.sync();
    for (const half of this.#halved.sides) half.sync();
  }
}
