import { SpecError } from './spec-error.ts';

/** A global state as the search sees it: one small number for each slot (an actor's local state, a mailbox). */
export type Vector = ArrayLike<number>;

/** A part of a slot's content that can be read by itself, as a number: whether it has a tag, its context. */
export class Projection {
  readonly #compute: (content: number) => number;
  readonly #known: number[] = [];

  constructor(compute: (content: number) => number) {
    this.#compute = compute;
  }

  of(content: number): number {
    this.#known[content] ??= this.#compute(content);
    return this.#known[content];
  }
}

/** What is looked at: a slot's content, or a projection of it. */
export interface Look {
  readonly slot: number;
  readonly projection: Projection | null;
}

interface Read extends Look {
  readonly value: number;
}

/** What an evaluation may look at, and the record of what it did look at. */
export class Trace {
  readonly reads: Read[] = [];
  readonly #vector: Vector;
  readonly #name: string;
  #closed = false;

  /** @param name what is evaluated, for errors */
  constructor(vector: Vector, name: string) {
    this.#vector = vector;
    this.#name = name;
  }

  /** After this nothing can be read: a peer that a predicate has kept is of no use. */
  close(): void {
    this.#closed = true;
  }

  /** The content of a slot, or a projection of it. */
  read(slot: number, projection: Projection | null = null): number {
    if (this.#closed) throw keptPeer(this.#name);
    const known = this.reads.find(
      (read) => read.slot === slot && (read.projection === null || read.projection === projection),
    );
    if (known) return known.projection === projection ? known.value : projection!.of(known.value);
    const content = this.#vector[slot]!;
    const value = projection === null ? content : projection.of(content);
    this.reads.push({ slot, projection, value });
    return value;
  }
}

interface Node<T> {
  /** The slot read here, or -1 at a leaf. */
  slot: number;
  projection: Projection | null;
  readonly children: Node<T>[];
  /** At a leaf, the answer, and all that has been read on the way to it. */
  leaf: T | undefined;
  looks: readonly Look[];
}

/**
 * A function of the global state that remembers its results by what it read: an adaptive read trie.
 *
 * Equal to evaluating it on every state. Sound because evaluation is deterministic (see purity.ts) and every read goes
 * through the trace: what is read next is then a function of what was read before, so a path of the trie is exactly what
 * an answer depends on. (As LTSmin caches transition groups by the slots they read; here the slots are found out.)
 */
export class Learned<T> {
  readonly #name: string;
  readonly #evaluate: (trace: Trace) => T;
  #root: Node<T> | undefined;

  /** @param name what is evaluated, for errors */
  constructor(name: string, evaluate: (trace: Trace) => T) {
    this.#name = name;
    this.#evaluate = evaluate;
  }

  at(vector: Vector): T {
    return this.#leaf(vector).leaf!;
  }

  /** What it looks at in this state, in order: all that its answer depends on. */
  looks(vector: Vector): readonly Look[] {
    return this.#leaf(vector).looks;
  }

  #leaf(vector: Vector): Node<T> {
    let node = this.#root;
    while (node !== undefined) {
      if (node.slot < 0) return node;
      const content = vector[node.slot]!;
      node = node.children[node.projection === null ? content : node.projection.of(content)];
    }
    return this.#learn(vector);
  }

  /** Everything that it remembers. */
  *answers(): Generator<T, undefined> {
    const open = this.#root === undefined ? [] : [this.#root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.slot < 0) yield node.leaf!;
      node.children.forEach((child) => {
        open.push(child);
      });
    }
  }

  #learn(vector: Vector): Node<T> {
    const trace = new Trace(vector, this.#name);
    const result = this.#evaluate(trace);
    trace.close();
    const empty = (): Node<T> => ({ slot: -1, projection: null, children: [], leaf: undefined, looks: [] });
    const root = this.#root;
    let node = root ?? empty();
    this.#root ??= node;
    const isNew = (at: Node<T>): boolean => at.slot < 0 && at.leaf === undefined;
    for (const { slot, projection, value } of trace.reads) {
      if (isNew(node)) {
        node.slot = slot;
        node.projection = projection;
      } else if (node.slot !== slot || node.projection !== projection) {
        throw this.#wandered();
      }
      node = node.children[value] ??= empty();
    }
    if (!isNew(node)) throw this.#wandered();
    node.leaf = result;
    node.looks = trace.reads.map(({ slot, projection }) => ({ slot, projection }));
    return node;
  }

  /** The same answers so far, and yet another question: something but the state decides what it looks at. */
  #wandered(): SpecError {
    return new SpecError(`${this.#name} is impure`, {
      code: 'E-IMPURE',
      where: this.#name,
      why: 'having read the same values it went on to read something else than before',
      instead: 'a function of the room alone',
    });
  }
}

const keptPeer = (name: string): SpecError =>
  new SpecError('a peer was read after the evaluation that it was handed to', {
    code: 'E-STALE-PEER',
    where: `the one that ${name} was given`,
    why: 'what it would answer belongs to another state',
    instead: 'reading the room that the function is given, each time',
  });
