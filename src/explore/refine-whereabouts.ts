import { type Alphabet, type EventId, nothing, type Observer, type WordId } from './refine-events.ts';
import { type LearnedStep, writeInto } from './steps.ts';
import { type StateId, StateStore, StoreFull } from './store.ts';
import type { System } from './system.ts';

/** The number of a place: a state, or the midst of a step of which not all has been seen yet. */
type PlaceId = number;
/** The number of a set of places. */
export type SetId = number;
/** There is no place in which it could be: it does not do what was seen. */
export const nowhere: SetId = -1;

/** Of a step some events have been seen (of a state: of none), and it leads to a state. */
interface Place {
  /** `dead` after a step that is a verdict. */
  readonly state: StateId;
  readonly word: WordId;
  readonly seen: number;
}

const dead: StateId = 0xffff_fff0;
/** The initial state. */
export const firstPlace: PlaceId = 0;
/** In place of an event: a step of which nothing is seen. */
export const unseen: EventId = -1;
/** A `Set` takes 2^24, and a state has no more steps than are left. */
const mostPlaces = 2 ** 24 - 2 ** 20;

/**
 * Where a specification may be once it has done all that was seen: the subset construction, as far as it is asked for.
 *
 * Where it may be is a set of places, closed under steps of which nothing is seen. Of these only the places are kept from which
 * something can be seen at once: whatever comes next goes out from one of them, so the others make no difference.
 */
export class Whereabouts {
  readonly start: SetId;
  readonly #system: System;
  readonly #observer: Observer;
  readonly #alphabet: Alphabet;
  readonly #tick: () => void;
  readonly #states: StateStore;
  readonly #places = new StateStore(3);
  readonly #edges: (Int32Array | undefined)[] = [];
  readonly #sets: Uint32Array[] = [];
  readonly #byHash = new Map<number, SetId[]>();
  /** Pairs of a set and an event, and where it may be after that. */
  readonly #asked = new StateStore(2);
  readonly #next: SetId[] = [];
  readonly #before: Uint32Array;
  readonly #to: Uint32Array;
  readonly #loaded = new Uint32Array(3);

  /** @param tick called for every state that is looked at; where it throws, this is of no more use */
  constructor(system: System, observer: Observer, alphabet: Alphabet, tick: () => void) {
    this.#system = system;
    this.#observer = observer;
    this.#alphabet = alphabet;
    this.#tick = tick;
    this.#states = new StateStore(system.width);
    this.#before = new Uint32Array(system.width);
    this.#to = new Uint32Array(system.width);
    this.start = this.#closed([this.#placeOf(this.#states.add(system.initial, null), nothing, 0)]);
  }

  /** How many states of the specification were met. */
  get states(): number {
    return this.#states.size;
  }

  /** Where it may be once all of a step has been seen. */
  after(set: SetId, word: WordId): SetId {
    let after = set;
    for (const event of this.#alphabet.events(word)) {
      if (after !== nowhere) after = this.next(after, event);
    }
    return after;
  }

  /** Where it may be once one more event has been seen. */
  next(set: SetId, event: EventId): SetId {
    const known = this.#asked.size;
    const asked = this.#asked.add([set, event], null);
    if (asked === known) this.#next.push(this.#following(set, event));
    return this.#next[asked]!;
  }

  #following(set: SetId, event: EventId): SetId {
    const places: PlaceId[] = [];
    for (const place of this.#sets[set]!) {
      const edges = this.edges(place);
      for (let i = 0; i < edges.length; i += 2) if (edges[i] === event) places.push(edges[i + 1]!);
    }
    return places.length === 0 ? nowhere : this.#closed(places);
  }

  /** What may be seen next. */
  eventsFrom(set: SetId): EventId[] {
    const events = new Set<EventId>();
    for (const place of this.#sets[set]!) {
      const edges = this.edges(place);
      for (let i = 0; i < edges.length; i += 2) if (edges[i] !== unseen) events.add(edges[i]!);
    }
    return [...events];
  }

  /** What a place leads to: what is seen ({@link unseen}: nothing), place, what is seen, place … */
  edges(place: PlaceId): Int32Array {
    this.#edges[place] ??= this.#looked(this.#place(place));
    return this.#edges[place];
  }

  /** The step that an edge is, or is the beginning of; none where it is the midst or the end of one. */
  stepBetween(from: PlaceId, seen: EventId, to: PlaceId): LearnedStep | undefined {
    const { state, word } = this.#place(from);
    if (word !== nothing) return undefined;
    for (const step of this.#stepsOf(state)) {
      const [event, place] = this.#edgeOf(step);
      if (event === seen && place === to) return step;
    }
    throw new Error('a place has lost the step by which it was found');
  }

  #place(id: PlaceId): Place {
    this.#places.load(id, this.#loaded);
    return { state: this.#loaded[0]!, word: this.#loaded[1]!, seen: this.#loaded[2]! };
  }

  #looked({ state, word, seen }: Place): Int32Array {
    if (word !== nothing) {
      const [event, ...rest] = this.#alphabet.events(word).slice(seen);
      return Int32Array.of(
        event!,
        this.#placeOf(state, rest.length > 0 ? word : nothing, rest.length > 0 ? seen + 1 : 0),
      );
    }
    if (state === dead) return new Int32Array(0);
    this.#tick();
    return Int32Array.from(this.#stepsOf(state).flatMap((step) => this.#edgeOf(step)));
  }

  /** The state is the one before until the next is asked for. */
  #stepsOf(state: StateId): LearnedStep[] {
    const { instances, sources } = this.#system;
    const before = this.#before;
    this.#states.load(state, before);
    return instances.flatMap(({ slot }) => sources(slot, before[slot]!).flatMap(({ steps }) => steps.at(before)));
  }

  #edgeOf(step: LearnedStep): [seen: EventId, to: PlaceId] {
    const word = this.#observer.word(step);
    const [event = unseen, ...rest] = this.#alphabet.events(word);
    const to = this.#reached(step);
    return [event, rest.length > 0 ? this.#placeOf(to, word, 1) : this.#placeOf(to, nothing, 0)];
  }

  #reached({ writes }: LearnedStep): StateId {
    if (writes === null) return dead;
    this.#to.set(this.#before);
    writeInto(this.#system, writes, this.#to);
    return this.#states.add(this.#to, null);
  }

  #placeOf(state: StateId, word: WordId, seen: number): PlaceId {
    return this.#places.add([state, word, seen], null);
  }

  #closed(from: readonly PlaceId[]): SetId {
    const found = new Set(from);
    const telling: PlaceId[] = [];
    for (const place of found) {
      if (found.size > mostPlaces) throw new StoreFull(`a set of more than ${mostPlaces} places`);
      const edges = this.edges(place);
      let tells = false;
      for (let i = 0; i < edges.length; i += 2) {
        if (edges[i] === unseen) found.add(edges[i + 1]!);
        else tells = true;
      }
      if (tells) telling.push(place);
    }
    return this.#setOf(Uint32Array.from(telling).sort());
  }

  /** Equal sets have one number. */
  #setOf(places: Uint32Array): SetId {
    const hash = hashOf(places);
    const alike = this.#byHash.get(hash) ?? [];
    const known = alike.find((set) => isEqual(this.#sets[set]!, places));
    if (known !== undefined) return known;
    const set = this.#sets.push(places) - 1;
    this.#byHash.set(hash, [...alike, set]);
    return set;
  }
}

/** Only where a set is looked for depends on it, never which one it is. */
function hashOf(places: Uint32Array): number {
  let hash = places.length;
  for (const place of places) hash = Math.imul(hash ^ place, 0x85eb_ca6b) ^ (hash >>> 15);
  return hash;
}

const isEqual = (a: Uint32Array, b: Uint32Array): boolean =>
  a.length === b.length && a.every((place, i) => place === b[i]);
