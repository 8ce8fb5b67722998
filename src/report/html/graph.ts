import { encode } from '../../explore/encode.ts';
import { Interner } from '../../explore/interner.ts';
import { type Lamp, type Light, lampsOf } from '../../explore/lamps.ts';
import type { Composition, Message } from '../../explore/model.ts';
import { type PlainActor, ReplayFault, viewsOf } from '../../explore/replay.ts';
import type { ActorRef, ActorView, Sent, StepLabel } from '../../explore/verdict.ts';
import { type Ahead, type Place, Walker } from '../../explore/walk.ts';
import {
  type ExpandedRow,
  type GraphData,
  type GraphState,
  type LabelRow,
  type LampData,
  LIGHTS,
  type LocalRow,
  type SentRow,
  type StateRow,
  type StepRow,
} from './page-data.ts';

/** How many of a state's steps are kept: a message that may be lost in many places has thousands of outcomes. */
const MOST_STEPS = 200;

/**
 * Writes down a part of a state graph for the page, as far as it is asked to go. Each state is written once, and what was
 * written is never changed: what comes later is only appended.
 */
export class Graph {
  /** The properties that its lights are of. */
  readonly lamps: readonly LampData[];
  readonly #walker: Walker;
  readonly #lamps: readonly Lamp[];
  readonly #slots: ReadonlyMap<string, number>;
  readonly #codes = new Interner<string>();
  readonly #locals = new Interner<LocalRow>();
  readonly #mails = new Interner<readonly number[]>();
  readonly #labels = new Interner<LabelRow>();
  readonly #sends = new Interner<readonly SentRow[]>();
  readonly #moves = new Interner<readonly number[]>();
  readonly #lights = new Interner<string>();
  readonly #known = new Map<string, GraphState>();
  readonly #places: Place[] = [];
  /** Each state's local states and mails, slot by slot. */
  readonly #contents: (readonly number[])[] = [];
  readonly #contentOf = new WeakMap<PlainActor, readonly [local: number, mail: number]>();
  readonly #rows: StateRow[] = [];
  readonly #expanded = new Map<GraphState, ExpandedRow>();

  /** @param composition one that `check` accepts */
  constructor(composition: Composition) {
    this.#walker = new Walker(composition);
    this.#lamps = lampsOf(this.#walker);
    this.lamps = this.#lamps.map(({ name, of }) => ({ name, of }));
    this.#slots = new Map(this.#walker.system.instances.map(({ ref, slot }) => [keyOf(ref), slot]));
    this.#mail([]);
    const begin = this.#walker.start();
    this.#known.set(begin.key, 0);
    this.#write(begin, 0);
  }

  /** How many states it has written down. */
  get size(): number {
    return this.#rows.length;
  }

  /** All that was written from these lengths of the tables on, and what can happen in the states that are asked for. */
  since(known: GraphLengths, states: readonly GraphState[]): GraphData {
    return {
      codes: rowsFrom(this.#codes, known.codes),
      locals: rowsFrom(this.#locals, known.locals),
      mails: rowsFrom(this.#mails, known.mails),
      labels: rowsFrom(this.#labels, known.labels),
      sends: rowsFrom(this.#sends, known.sends),
      moves: rowsFrom(this.#moves, known.moves),
      lights: rowsFrom(this.#lights, known.lights),
      states: this.#rows.slice(known.states),
      expanded: states.map((state) => this.#expanded.get(state)).filter((row) => row !== undefined),
    };
  }

  data(): GraphData {
    return this.since(nothing, [...this.#expanded.keys()]);
  }

  /** Writes down what can happen in a state, and what comes of it. */
  expand(state: GraphState, wanted?: number): ExpandedRow {
    const known = this.#expanded.get(state);
    const has = (row: ExpandedRow) => wanted === undefined || row[1].some(([label]) => label === wanted);
    if (known !== undefined && has(known)) return known;
    const from = this.#places[state]!;
    const ahead = this.#walker.steps(from);
    const kept = ahead.slice(0, MOST_STEPS);
    const sought = ahead.slice(MOST_STEPS).find(({ step }) => this.#label(step.label) === wanted);
    if (sought !== undefined) kept.push(sought);
    const row: ExpandedRow = [state, kept.map((each) => this.#step(state, from, each)), ahead.length - kept.length];
    this.#expanded.set(state, row);
    return row;
  }

  /**
   * Writes down a run with all that could have happened instead of each step.
   *
   * @returns the number of the step that it takes in each state
   */
  follow(labels: readonly StepLabel[]): number[] {
    let state: GraphState = 0;
    const run = labels.map((label) => {
      const wanted = this.#label(label);
      const [, steps] = this.expand(state, wanted);
      const at = steps.findIndex(([known]) => known === wanted);
      if (at === -1) throw new Error(`a run takes a step that is not there: ${label.actor}, ${label.message.type}`);
      state = steps[at]![1];
      return at;
    });
    this.#tryExpand(state);
    return run;
  }

  /** Goes on from what is written, the first states first, until so many states have been looked at. */
  grow(most: number): void {
    for (let state = 0; state < this.size && this.#expanded.size < most; state++) this.#tryExpand(state);
  }

  /**
   * A search that was stopped has not seen everything, and here the specification may throw: what it can do there is then
   * not known, as where nobody has looked.
   */
  #tryExpand(state: GraphState): void {
    try {
      this.expand(state);
    } catch (error) {
      if (error instanceof ReplayFault) throw error;
    }
  }

  // ------------------------------------------------------------------------------------------------------------ rows

  #step(state: GraphState, from: Place, ahead: Ahead): StepRow {
    const { step, environment, unhandled, moves, to } = ahead;
    const row = [
      this.#label(step.label),
      this.#state(to, state, unhandled !== null),
      this.#sent(step.sent),
      this.#interned(
        this.#moves,
        moves.flatMap(({ slot, transition }) => [slot, transition]),
      ),
      this.#light((lamp) => lamp.step(from, ahead)),
      environment ? 1 : 0,
    ] as const;
    return unhandled === null ? row : [...row, this.#slot(unhandled.who), this.#code(unhandled.message), unhandled.why];
  }

  /** Where a step that is a verdict has gone wrong is no state: it has no number that anybody else could come to. */
  #state(place: Place, parent: GraphState, isNone: boolean): GraphState {
    const known = isNone ? undefined : this.#known.get(place.key);
    if (known !== undefined) return known;
    const state = this.size;
    if (!isNone) this.#known.set(place.key, state);
    this.#write(place, parent);
    if (isNone) this.#expanded.set(state, [state, [], 0]);
    return state;
  }

  #write(place: Place, parent: GraphState): void {
    const contents = place.state.actors.flatMap((actor) => this.#content(actor));
    const before = this.#contents[parent] ?? [];
    const changed = contents.flatMap((_, i): number[] => {
      if (i % 2 === 1) return [];
      const isSame = contents[i] === before[i] && contents[i + 1] === before[i + 1];
      return isSame ? [] : [i / 2, contents[i]!, contents[i + 1]!];
    });
    this.#places.push(place);
    this.#contents.push(contents);
    this.#rows.push([parent, this.#light((lamp) => lamp.state(place)), ...changed]);
  }

  /** An actor that a step does not touch is the same object afterwards. */
  #content(actor: PlainActor): readonly [local: number, mail: number] {
    const known = this.#contentOf.get(actor);
    if (known !== undefined) return known;
    const [view] = viewsOf({ actors: [actor] });
    const content = [this.#local(view!), this.#mail(view!.mailbox)] as const;
    this.#contentOf.set(actor, content);
    return content;
  }

  #local({ value, context, tags, armed, done }: ActorView): number {
    const row: LocalRow = [this.#code(value), this.#code(context), this.#code(tags), this.#code(armed), done ? 1 : 0];
    return this.#interned(this.#locals, row);
  }

  #mail(messages: readonly Message[]): number {
    return this.#interned(
      this.#mails,
      messages.map((message) => this.#code(message)),
    );
  }

  #label({ actor, self, cause, message, from, position = -1, outcomes }: StepLabel): number {
    const row: LabelRow = [
      this.#slot({ actor, self }),
      cause,
      this.#code(message),
      from === undefined ? -1 : this.#slot(from),
      position,
      outcomes.join(),
    ];
    return this.#interned(this.#labels, row);
  }

  #sent(sent: readonly Sent[]): number {
    const rows = sent.map(
      ({ from, message, to, how, outcome = '' }): SentRow => [
        this.#slot(from),
        this.#code(message),
        this.#slot(to),
        how,
        outcome,
      ],
    );
    return this.#interned(this.#sends, rows);
  }

  #light(of: (lamp: Lamp) => Light): number {
    const text = this.#lamps.map((lamp) => LIGHTS[of(lamp)]).join('');
    return this.#lights.id(text, () => text);
  }

  #code(value: unknown): number {
    const code = encode(value, 'a report');
    return this.#codes.id(code, () => code);
  }

  #slot(ref: ActorRef): number {
    return this.#slots.get(keyOf(ref))!;
  }

  #interned<T>(rows: Interner<T>, row: T): number {
    return rows.id(JSON.stringify(row), () => row);
  }
}

/** How many rows of each table somebody has. */
export type GraphLengths = Readonly<Record<Exclude<keyof GraphData, 'expanded'>, number>>;

export const nothing: GraphLengths = {
  codes: 0,
  locals: 0,
  mails: 0,
  labels: 0,
  sends: 0,
  moves: 0,
  lights: 0,
  states: 0,
};

const rowsFrom = <T>(rows: Interner<T>, from: number): T[] =>
  Array.from({ length: Math.max(0, rows.size - from) }, (_, i) => rows.value(from + i));

const keyOf = ({ actor, self }: ActorRef): string => `${self} ${actor}`;
