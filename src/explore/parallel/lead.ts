import type { LargeCheck } from '../check.ts';
import { decode } from '../decode.ts';
import { checkSteps } from '../keep-search.ts';
import { takeOver, textsOf } from '../keep-system.ts';
import { mostMatrix } from '../pair-store.ts';
import type { GoneOn, Reason } from '../search.ts';
import { StoreFull } from '../store.ts';
import type { Tuning } from '../tuning.ts';
import { Agreement, agreementMemory, Disagreement } from './agreement.ts';
import { Done as DoneEngine, FoundStates } from './found.ts';
import { ownerOf, type TableChange, TableMaker } from './known-tables.ts';
import { mergeMemories } from './merge.ts';
import { type Pool, ThreadLost } from './pool.ts';
import type { Done, Order, Origin, WorkerReport } from './protocol.ts';
import { Segments } from './segments.ts';
import { logMemory, SharedLog } from './shared-log.ts';

/** A worker could not do what it was told; whether for want of memory. */
class Failed extends Error {
  readonly isFull: boolean;

  constructor(message: string, isFull: boolean) {
    super(message);
    this.isFull = isFull;
  }
}

/**
 * Goes on with a search on several threads, breadth first and level by level, in the order of the search on one thread, which it
 * equals to the number of every state: `test/explore/parallel.test.ts`.
 *
 * A level is worked off in rounds. In each the workers *expand* its states, the first worker the first part of them and so on; they
 * *sift* what they have found, so that of equal pairs the first one is left; and they *number* what is new in that order. The thread
 * that leads waits meanwhile, and makes room between them. Judges are told by the worker that has expanded, or numbered, a state; in
 * the end what they know is put together.
 *
 * Where a worker fails, what all have found is forgotten, and the search goes on on this thread from where it began to be shared: it
 * will say what is wrong as it always would. So it does where there is no memory to hand it over. Where a worker ends before its time,
 * what its judges knew is lost: the search ends where it began to be shared, and what was not decided there is unknown.
 */
export async function goOn(check: LargeCheck, pool: Pool, origin: Origin, tuning: Tuning): Promise<void> {
  const lead = await opened(check, pool, origin, tuning);
  if (lead === null) return;
  try {
    const end = await lead.search();
    await lead.report(end);
    await pool.all(() => ({ order: 'close' }));
  } catch (error) {
    if (error instanceof ThreadLost) giveUp(check, pool, error);
    else if (!(error instanceof Failed || error instanceof Disagreement)) throw error;
    else await pool.all(() => ({ order: 'close' }));
  } finally {
    lead.close();
  }
}

/** Hands a search over; null where there is no memory for that, or a worker fails. */
async function opened(check: LargeCheck, pool: Pool, origin: Origin, tuning: Tuning): Promise<Lead | null> {
  let lead: Lead | undefined;
  try {
    lead = new Lead(check, pool, tuning);
    await lead.open(origin);
    return lead;
  } catch (error) {
    lead?.close();
    if (error instanceof StoreFull || (error instanceof ThreadLost && error.isFull)) return null;
    if (error instanceof ThreadLost) giveUp(check, pool, error);
    else if (error instanceof Failed || error instanceof Disagreement) await pool.all(() => ({ order: 'close' }));
    else throw error;
    return null;
  }
}

/** Leaves the search where it began to be shared. */
function giveUp({ search }: LargeCheck, { size }: Pool, { isFull }: ThreadLost): void {
  const { engine, standing } = search;
  const end: Reason = isFull ? { limit: 'memory', value: process.memoryUsage.rss() } : { limit: 'worker', value: size };
  search.goneOn = { engine, standing, end };
}

class Lead {
  readonly #check: LargeCheck;
  readonly #pool: Pool;
  readonly #tuning: Tuning;
  readonly #agreement: Agreement;
  readonly #shared = agreementMemory();
  readonly #halves = [logMemory(), logMemory()] as const;
  readonly #logs = this.#halves.map((memory) => new SharedLog(memory));
  readonly #segments = new Segments();
  /** What knows the pairs where the workers have no matrix of bits. */
  #tables: TableMaker | null = null;
  /** How many pairs each owner has in these. */
  readonly #owned: number[];
  readonly #levels: number[];
  #size: number;
  #transitions: number;
  #next: number;
  #depth: number;
  #levelEnd: number;

  constructor(check: LargeCheck, pool: Pool, tuning: Tuning) {
    this.#check = check;
    this.#pool = pool;
    this.#tuning = tuning;
    const { engine, standing } = check.search;
    this.#agreement = new Agreement(check.system, this.#shared);
    this.#owned = Array.from({ length: pool.size }, () => 0);
    this.#levels = [...standing.levels];
    this.#size = engine.store.size;
    this.#transitions = engine.transitions;
    this.#next = standing.next;
    this.#depth = standing.depth;
    this.#levelEnd = standing.levelEnd;
  }

  /** Hands over what has been found. */
  async open(origin: Origin): Promise<void> {
    const { system, judges, told, search } = this.#check;
    const { engine } = search;
    const texts = new Map(
      textsOf(system).map(({ name, size, text }) => [name, Array.from({ length: size }, (_, i) => text(i))]),
    );
    this.#handOver();
    const opening = {
      origin,
      workers: this.#pool.size,
      texts,
      judges: told.map((judge) => judges.indexOf(judge)),
      agreement: this.#shared,
      halves: this.#halves,
      division: engine.division,
      tuning: this.#tuning,
      segments: this.#segments.buffers,
      size: this.#size,
      mostBytes: this.#mostBytes() * slack,
    };
    await this.#all((worker) => ({ order: 'open', opening: { ...opening, worker } }));
  }

  #handOver(): void {
    const { engine } = this.#check.search;
    const { store } = engine;
    const vector = new Uint32Array(this.#check.system.width);
    for (const [side, half] of engine.sides.entries()) {
      this.#logs[side]!.locked(() => {
        for (let id = 0; id < half.size; id++) {
          half.load(id, vector);
          this.#logs[side]!.append(half.slots.map((slot) => vector[slot]!));
        }
      });
    }
    this.#segments.makeRoom(store.size);
    for (let id = 0; id < store.size; id++) {
      this.#segments.set(id, store.left(id), store.right(id), store.parent(id) ?? 0xffff_ffff);
    }
  }

  #halfCounts(): readonly [number, number] {
    const [left, right] = this.#check.search.engine.division.map(
      (slots, side) => this.#logs[side]!.length / slots.length,
    );
    return [left!, right!];
  }

  /** Searches to the end, to a limit, or until halves do not pay. */
  async search(): Promise<GoneOn['end']> {
    try {
      for (;;) {
        while (this.#next < this.#levelEnd) {
          const reason = await this.#round();
          if (reason) return reason;
        }
        if (this.#size === this.#levelEnd) return 'finished';
        if (this.#isVain()) return 'vain';
        this.#levels.push(this.#size - this.#levelEnd);
        this.#levelEnd = this.#size;
        this.#depth++;
        this.#agreement.sync();
        this.#check.search.nextLevel();
      }
    } catch (error) {
      if (error instanceof StoreFull || (error instanceof Failed && error.isFull))
        return { limit: 'memory', value: this.#segments.bytes + (this.#tables?.bytes ?? 0) };
      throw error;
    }
  }

  async #round(): Promise<Reason | undefined> {
    const first = this.#next;
    const end = Math.min(this.#levelEnd, first + this.#tuning.round);
    const mostBytes = this.#mostBytes();
    const partEnd = (worker: number) => first + Math.ceil(((end - first) * worker) / this.#pool.size);
    const found = await this.#all(
      (worker) => ({
        order: 'expand',
        from: partEnd(worker),
        to: partEnd(worker + 1),
        depth: this.#depth,
        mostBytes: mostBytes * slack,
      }),
      'expand',
    );
    for (const { transitions } of found) this.#transitions += transitions;
    const starts = await this.#sift(found, mostBytes);
    const size = starts.at(-1)!;
    if (size >= mostStates) throw new StoreFull(`no more than ${mostStates} states have a number`);
    const segments = this.#segments.makeRoom(size);
    await this.#all(
      (worker) => ({ order: 'number', from: starts[worker]!, to: starts[worker + 1]!, segments }),
      'number',
    );
    this.#size = size;
    this.#next = end;
    const reason = this.#check.search.watch(
      { states: size, transitions: this.#transitions, depth: this.#depth, waiting: size - end },
      end - first,
    );
    const heap = Math.max(...found.map((each) => each.heap));
    return reason ?? (heap > 0.85 ? { limit: 'memory', value: process.memoryUsage.rss() } : undefined);
  }

  /** Has the workers find out what is new. Returns for each of them the number of its first new state, and for none that of the next. */
  async #sift(found: readonly (Done & { readonly done: 'expand' })[], mostBytes: number): Promise<number[]> {
    const isSmall = this.#matrixBytes() <= mostBytes && found.every(({ hasMatrix }) => hasMatrix);
    const tables = this.#tables === null && isSmall ? null : this.#roomInTables(found);
    const boxes = found.map(({ candidates, buffers }) => ({ candidates, buffers }));
    const order = { order: 'sift', size: this.#size, tables, boxes } as const;
    const sifted = await this.#all(() => order, 'sift');
    for (const [owner, { owned }] of sifted.entries()) this.#owned[owner] = owned;
    const starts = [this.#size];
    for (const [finder, { candidates }] of found.entries()) {
      const marked = sifted.reduce((sum, each) => sum + each.marked[finder]!, 0);
      starts.push(starts[finder]! + candidates - marked);
    }
    return starts;
  }

  /** Bytes that a matrix of bits may have. */
  #mostBytes(): number {
    return Math.min(mostMatrix / slack, Math.max(this.#tuning.smallMatrix, this.#size * matrixBytesPerState));
  }

  /** Bytes that a matrix of bits has at least. */
  #matrixBytes(): number {
    const [lefts, rights] = this.#halfCounts();
    return lefts * Math.ceil(rights / 32) * 4;
  }

  /** Tables with room for what has been found. */
  #roomInTables(found: readonly { readonly owned: readonly number[] }[]): TableChange {
    if (this.#tables === null) {
      this.#tables = new TableMaker();
      for (let id = 0; id < this.#size; id++) this.#owned[ownerOf(this.#segments.left(id), this.#pool.size)]!++;
    }
    const wanted = this.#owned.map((own, i) => found.reduce((sum, { owned }) => sum + owned[i]!, own));
    return this.#tables.makeRoom(wanted);
  }

  #isVain(): boolean {
    const [lefts, rights] = this.#halfCounts();
    return this.#size >= this.#tuning.mustPayAt && lefts + rights > this.#size * this.#tuning.mostHalves;
  }

  /** Gathers what the workers know, and leaves the search where it is. */
  async report(end: GoneOn['end']): Promise<void> {
    const { system, judges } = this.#check;
    const reports = (await this.#all(() => ({ order: 'report' }), 'report')).map(({ report }) => report);
    this.#agreement.sync();
    for (const { answers, covered } of reports) {
      const differs = takeOver(system, answers, covered);
      if (differs !== null) throw new Disagreement(`another thread was answered ${differs}`);
    }
    const engine = this.#engine(reports);
    try {
      checkSteps(system, engine.store, this.#next, 'the search of several threads');
    } catch (error) {
      throw new Disagreement('a state was found by no step', { cause: error });
    }
    for (const { memories } of reports) {
      for (const [i, memory] of (decode(memories) as object[]).entries()) mergeMemories(judges[i]!.memory, memory);
    }
    this.#leave(engine, end);
  }

  close(): void {
    this.#agreement.end();
  }

  #leave(engine: DoneEngine, end: GoneOn['end']): void {
    const standing = { next: this.#next, depth: this.#depth, levelEnd: this.#levelEnd, levels: this.#levels };
    this.#check.search.goneOn = { engine, standing, end };
  }

  #engine(reports: readonly WorkerReport[]): DoneEngine {
    const { division } = this.#check.search.engine;
    const store = new FoundStates(this.#size, this.#segments, division, this.#halves);
    return new DoneEngine(store, this.#transitions, {
      as: 'halves',
      left: division[0],
      right: division[1],
      halves: this.#halfCounts(),
      joints: Math.max(0, ...reports.map(({ joints }) => joints)),
      answers: reports.reduce((sum, { jointAnswers }) => sum + jointAnswers, 0),
      pairs: this.#tables === null ? 'bit matrix' : 'hash table',
      bytes: store.bytes + (this.#tables?.bytes ?? 0) + reports.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }

  async #all<K extends Done['done']>(
    orderOf: (worker: number) => Order,
    _done?: K,
  ): Promise<(Done & { readonly done: K })[]> {
    const all = await this.#pool.all(orderOf);
    const failed = all.filter((each) => each.done === 'failed');
    if (failed.length > 0)
      throw new Failed(
        failed.map(({ message }) => message).join('\n'),
        failed.every(({ isFull }) => isFull),
      );
    return all as (Done & { readonly done: K })[];
  }
}

/** Above the size that is always worth its memory, a matrix of bits may have so many bytes for each state. */
const matrixBytesPerState = 8;
/** A matrix may be so many times as large, as it has room for more halves, and these are met within a round. */
const slack = 3;
/** Numbers that states may have. */
const mostStates = 0xffff_fffe;
