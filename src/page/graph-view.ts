import { decode } from '../explore/decode.ts';
import type { Message } from '../explore/model.ts';
import type { ActorView, Cause, Sent } from '../explore/verdict.ts';
import type {
  ActorData,
  ExpandedRow,
  GraphData,
  GraphState,
  LampData,
  SentRow,
  StateRow,
  StepRow,
  VariantData,
} from '../report/html/page-data.ts';

/** A step as it is shown. */
export interface StepView {
  /** Whose: the slot of the actor. */
  readonly slot: number;
  readonly cause: Cause;
  readonly message: Message;
  /** Whose sequence the message stood in, where an actor has one for each sender. */
  readonly from: number | undefined;
  readonly position: number | undefined;
  readonly outcomes: readonly string[];
  readonly to: GraphState;
  readonly sent: readonly SentView[];
  /** The transitions that machines take, in order. */
  readonly moves: readonly { readonly slot: number; readonly transition: number }[];
  readonly environment: boolean;
  readonly lights: string;
  /** Where the step is a verdict: it has no successor, and `to` is where it went wrong. */
  readonly unhandled: { readonly who: number; readonly message: Message; readonly why: string } | undefined;
}

export interface SentView {
  readonly from: number;
  readonly to: number;
  readonly message: Message;
  readonly how: Sent['how'];
  readonly outcome: string;
}

export type GraphLengths = Record<Exclude<keyof GraphData, 'expanded'>, number>;

/** A part of a state graph, read from its tables: what a state is, and what can happen in it. */
export class GraphView {
  readonly actors: readonly ActorData[];
  readonly lamps: readonly LampData[];
  readonly #tables: { -readonly [K in keyof GraphData]: GraphData[K][number][] };
  readonly #expanded = new Map<GraphState, ExpandedRow>();
  readonly #decoded: unknown[] = [];
  readonly #vectors: Int32Array[] = [];
  readonly #steps = new Map<GraphState, readonly StepView[]>();

  constructor({ actors, lamps, graph }: Pick<VariantData, 'actors' | 'lamps' | 'graph'>) {
    this.actors = actors;
    this.lamps = lamps;
    this.#tables = {
      codes: [],
      locals: [],
      mails: [],
      labels: [],
      sends: [],
      moves: [],
      lights: [],
      states: [],
      expanded: [],
    };
    this.append(graph);
  }

  /** How many rows of each table are here: what comes is what comes after these. */
  get lengths(): GraphLengths {
    const { expanded: _, ...tables } = this.#tables;
    return Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.length])) as GraphLengths;
  }

  get size(): number {
    return this.#tables.states.length;
  }

  append(part: GraphData): void {
    for (const name of Object.keys(this.#tables) as (keyof GraphData)[]) {
      const rows: unknown[] = this.#tables[name];
      for (const row of part[name]) rows.push(row);
    }
    for (const row of part.expanded) this.#expanded.set(row[0], row);
  }

  // ------------------------------------------------------------------------------------------------------------ steps

  /** What can happen in a state; undefined where nobody has looked. */
  steps(state: GraphState): readonly StepView[] | undefined {
    const row = this.#expanded.get(state);
    if (row === undefined) return undefined;
    const known = this.#steps.get(state) ?? row[1].map((step) => this.#step(step));
    this.#steps.set(state, known);
    return known;
  }

  /** How many more steps there are than the graph has. */
  leftOut(state: GraphState): number {
    return this.#expanded.get(state)?.[2] ?? 0;
  }

  #step([label, to, sends, moves, lights, environment, who, message, why]: StepRow): StepView {
    const { labels, sends: sent, moves: moved, lights: lit } = this.#tables;
    const [slot, cause, of, from, position, outcomes] = labels[label]!;
    const pairs = moved[moves]!;
    return {
      slot,
      cause: cause as Cause,
      message: this.#message(of),
      from: from === -1 ? undefined : from,
      position: position === -1 ? undefined : position,
      outcomes: outcomes === '' ? [] : outcomes.split(','),
      to,
      sent: sent[sends]!.map((row) => this.#sent(row)),
      moves: pairs.flatMap((each, i) => (i % 2 === 0 ? [{ slot: each, transition: pairs[i + 1]! }] : [])),
      environment: environment === 1,
      lights: lit[lights]!,
      unhandled: who === undefined ? undefined : { who, message: this.#message(message!), why: why! },
    };
  }

  #sent([from, message, to, how, outcome]: SentRow): SentView {
    return { from, to, message: this.#message(message), how: how as Sent['how'], outcome };
  }

  // ----------------------------------------------------------------------------------------------------------- states

  lights(state: GraphState): string {
    return this.#tables.lights[this.#tables.states[state]![1]]!;
  }

  /** An actor in a state. */
  view(state: GraphState, slot: number): ActorView {
    const vector = this.#vector(state);
    const [value, context, tags, armed, done] = this.#tables.locals[vector[2 * slot]!]!;
    const { actor, self } = this.actors[slot]!;
    return {
      actor,
      self,
      value: this.#data(value),
      context: this.#data(context),
      tags: this.#data(tags) as string[],
      armed: this.#data(armed) as string[],
      done: done === 1,
      mailbox: this.#tables.mails[vector[2 * slot + 1]!]!.map((code) => this.#message(code)),
    };
  }

  /** The actors that are not the same in two states. */
  changed(before: GraphState, after: GraphState): number[] {
    const [was, is] = [this.#vector(before), this.#vector(after)];
    return this.actors.flatMap((_, slot) => {
      const isSame = was[2 * slot] === is[2 * slot] && was[2 * slot + 1] === is[2 * slot + 1];
      return isSame ? [] : [slot];
    });
  }

  /** Every slot's local state and mail. A state is told by what it has changed of one before it. */
  #vector(state: GraphState): Int32Array {
    const way: [GraphState, StateRow][] = [];
    let at = state;
    while (this.#vectors[at] === undefined) {
      const row = this.#tables.states[at]!;
      way.push([at, row]);
      if (at === 0) break;
      at = row[0];
    }
    for (const [id, [parent, , ...changed]] of way.reverse()) {
      const vector = id === 0 ? new Int32Array(2 * this.actors.length) : this.#vectors[parent]!.slice();
      for (let i = 0; i < changed.length; i += 3) vector.set([changed[i + 1]!, changed[i + 2]!], 2 * changed[i]!);
      this.#vectors[id] = vector;
    }
    return this.#vectors[state]!;
  }

  #message(code: number): Message {
    return this.#data(code) as Message;
  }

  #data(code: number): unknown {
    if (!(code in this.#decoded)) this.#decoded[code] = decode(this.#tables.codes[code]!);
    return this.#decoded[code];
  }
}

/** How an actor is called: `counter`, or `clerk[1]` where there are several. */
export const actorName = ({ actor, self, several }: ActorData): string => (several ? `${actor}[${self}]` : actor);
