import { getHeapStatistics } from 'node:v8';
import { chorus } from '../check.ts';
import { encode } from '../encode.ts';
import { Halved, type HalvedVisitor } from '../halved.ts';
import { deadlockJudge, type Judge, judgesOf, unhandledJudge } from '../judge.ts';
import { answersOf, coveredOf, restoreSystem } from '../keep-system.ts';
import type { Composition } from '../model.ts';
import { compile, type System } from '../system.ts';
import { Agreement } from './agreement.ts';
import { Candidates, Chunks, candidateSize, notNew } from './candidates.ts';
import { KnownMatrix, KnownTable, knownAfter, ownerOf } from './known-pairs.ts';
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
  /** What each worker finds; its own is what it fills. */
  readonly #boxes: readonly Candidates[];
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
      pairs = new SharedPairs(left, right, workers, opening.known, tuning.smallMatrix);
      return pairs;
    });
    this.#pairs = pairs!;
    this.#pairs.segments.adopt(opening.segments);
    for (const [side, half] of this.#halved.sides.entries()) half.share(halves[side]!);
    this.#sync();
    this.#pairs.noteStates(opening.size);
    this.#chunks = new Chunks(opening.chunks, workers);
    this.#control = new Int32Array(opening.control);
    this.#boxes = Array.from({ length: workers }, (_, finder) =>
      finder === worker ? this.#pairs.box : new Candidates(),
    );
  }

  /** Expands chunks of the round, one after the other, while there are any that nobody has. */
  expand(round: Round): Done {
    this.#round = round;
    this.#sync();
    const { box } = this.#pairs;
    const before = this.#halved.transitions;
    this.#pairs.begin();
    for (let chunk = this.#next(); chunk < round.chunks; chunk = this.#next()) {
      const from = round.first + chunk * round.chunk;
      const begin = box.length;
      this.#halved.expand(from, Math.min(round.end, from + round.chunk), round.depth);
      this.#chunks.found(chunk, this.#opening.worker, begin, box.length);
    }
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    return {
      done: 'expand',
      candidates: this.#pairs.candidates(),
      buffers: box.made(),
      transitions: this.#halved.transitions - before,
      heap: used / limit,
    };
  }

  #next(): number {
    return Atomics.add(this.#control, 0, 1);
  }

  /** Marks those candidates of which it is the owner, and which are not new, in the order in which one thread would find them. */
  sift({ size, known, buffers }: OrderOf<'sift'>): Done {
    const { worker, workers } = this.#opening;
    for (const [finder, made] of buffers.entries()) if (finder !== worker) this.#boxes[finder]!.adopt(made);
    if (known !== null) this.#pairs.known = knownAfter(known, this.#pairs.known);
    this.#sync(); // the others may have met halves that are new
    const own = this.#own();
    if (own instanceof KnownTable && known?.kind === 'tables' && known.tables[worker] !== null)
      own.fill(this.#pairs.segments, size, worker, workers);
    let all = 0;
    for (let chunk = 0; chunk < this.#round.chunks; chunk++) {
      const fresh = this.#siftChunk(chunk, own);
      this.#chunks.setFresh(chunk, worker, fresh);
      all += fresh;
    }
    return { done: 'sift', fresh: all };
  }

  #own(): KnownMatrix | KnownTable {
    const { known } = this.#pairs;
    return known instanceof KnownMatrix ? known : known[this.#opening.worker]!;
  }

  #siftChunk(chunk: number, own: { add(left: number, right: number): boolean }): number {
    const { worker, workers } = this.#opening;
    const finder = this.#chunks.finder(chunk);
    const box = this.#boxes[finder]!;
    const to = this.#chunks.to(chunk);
    const foreign = finder === worker ? null : this.#pairs.matrix();
    let fresh = 0;
    for (let at = this.#chunks.from(chunk); at < to; ) {
      const numbers = box.buffer(at);
      let offset = box.offset(at);
      const until = Math.min(to, at + box.following(at));
      for (; at < until; at++, offset += candidateSize) {
        const left = numbers[offset]!;
        if (foreign !== null) foreign.set(left, numbers[offset + 1]!);
        if (ownerOf(left, workers) !== worker) continue;
        if (own.add(left, numbers[offset + 1]!)) fresh++;
        else numbers[offset + 2] = notNew;
      }
    }
    return fresh;
  }

  /** Numbers the new states of chunks in the order in which they were met, whoever owns them. */
  number({ size, until, segments }: OrderOf<'number'>): Done {
    const { chunks, depth } = this.#round;
    this.#pairs.segments.adopt(segments);
    this.#sync();
    let next = this.#next();
    let id = size;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const fresh = this.#chunks.fresh(chunk);
      if (chunk === next) {
        this.#numberChunk(chunk, id);
        this.#halved.tell(id, id + fresh, depth);
        next = this.#next();
      }
      id += fresh;
    }
    if (id !== until) throw new Error(`there are ${id} states, and the threads have found ${until}`);
    return { done: 'number' };
  }

  #numberChunk(chunk: number, first: number): void {
    const box = this.#boxes[this.#chunks.finder(chunk)]!;
    const to = this.#chunks.to(chunk);
    const { segments } = this.#pairs;
    let id = first;
    for (let at = this.#chunks.from(chunk); at < to; ) {
      const numbers = box.buffer(at);
      let offset = box.offset(at);
      const until = Math.min(to, at + box.following(at));
      for (; at < until; at++, offset += candidateSize) {
        const parent = numbers[offset + 2]!;
        if (parent !== notNew) segments.set(id++, numbers[offset]!, numbers[offset + 1]!, parent);
      }
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
      bytes: this.#halved.sides.reduce((sum, { bytes }) => sum + bytes, this.#pairs.ownBytes),
    };
  }

  #sync(): void {
    this.#agreement.sync();
    for (const half of this.#halved.sides) half.sync();
  }
}
