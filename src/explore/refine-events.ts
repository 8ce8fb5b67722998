import { eventsAndDelaysOf, eventsOf, everHandles } from './anatomy.ts';
import type { Unhandled } from './cascade.ts';
import { encode } from './encode.ts';
import { Interner } from './interner.ts';
import type { Composition } from './model.ts';
import type { Taken } from './property.ts';
import { twice } from './purity.ts';
import { didYouMean, SpecError } from './spec-error.ts';
import type { LearnedStep } from './steps.ts';

/** What is seen of a message that an actor takes: the message as it is, the message under other names, or a name alone. */
export type Seen = Taken | string;

/**
 * What is observed: messages by their actors and types (of replicas those of all), or a function that says what is seen of a
 * message that an actor takes, and `null` where nothing is.
 */
export type Observe = readonly (readonly [actor: string, message: string])[] | ((taken: Taken) => Seen | null);

/** Something that is seen: a message that is taken, or one that should have been and is the verdict `unhandled`. */
export interface SeenEvent {
  readonly seen: Seen;
  readonly fate: 'taken' | Unhandled['why'];
}

export type EventId = number;
/** The number of a sequence of events: all that is seen of one step. */
export type WordId = number;
/** Of a step of which nothing is seen. */
export const nothing: WordId = 0;

/** The events of two systems, and the sequences of them that steps are, numbered alike: equal events are one. */
export class Alphabet {
  readonly #events = new Interner<SeenEvent>();
  readonly #words = new Interner<readonly EventId[]>();

  constructor() {
    this.word([]);
  }

  id(event: SeenEvent): EventId {
    return this.#events.id(encode([event.seen, event.fate], 'what is observed'), () => event);
  }

  event(id: EventId): SeenEvent {
    return this.#events.value(id);
  }

  word(events: readonly EventId[]): WordId {
    return this.#words.id(events.join(), () => events);
  }

  events(word: WordId): readonly EventId[] {
    return this.#words.value(word);
  }
}

type Sight = (taken: Taken) => Seen | null;

/** What is seen of the steps of one system. */
export class Observer {
  readonly #alphabet: Alphabet;
  readonly #sight: Sight;
  readonly #words = new Map<LearnedStep, WordId>();

  constructor(alphabet: Alphabet, sight: Sight) {
    this.#alphabet = alphabet;
    this.#sight = sight;
  }

  /** All that is seen of a step, in order. */
  word(step: LearnedStep): WordId {
    let word = this.#words.get(step);
    if (word === undefined) {
      word = this.#alphabet.word(this.events(step.taken, step.unhandled));
      this.#words.set(step, word);
    }
    return word;
  }

  /** The messages that are taken, in order, and after them the one that is not. */
  events(taken: readonly Taken[], unhandled: Unhandled | null): EventId[] {
    const wrong = unhandled && [{ ...unhandled.who, message: unhandled.message, fate: unhandled.why }];
    const all = [...taken.map((one) => ({ ...one, fate: 'taken' as const })), ...(wrong ?? [])];
    return all.flatMap(({ fate, actor, self, message }) => {
      const seen = this.#sight({ actor, self, message });
      return seen === null ? [] : [this.#alphabet.id({ seen, fate })];
    });
  }
}

/**
 * How a composition is looked at: by default as the messages that the other one knows too.
 *
 * @throws SpecError where a message is named that the composition does not know
 */
export function sightOf(observe: Observe | undefined, own: Composition, other: Composition): Sight {
  if (typeof observe === 'function') return called(observe);
  if (observe !== undefined) for (const [actor, type] of observe) checkKnown(own, actor, type);
  const isSeen = (actor: string, type: string): boolean =>
    observe === undefined
      ? knows(own, actor, type) && knows(other, actor, type)
      : observe.some(([name, message]) => name === actor && message === type);
  const known = new Map<string, boolean>();
  return (taken) => {
    const { actor, message } = taken;
    const key = JSON.stringify([actor, message.type]);
    const seen = known.get(key) ?? isSeen(actor, message.type);
    known.set(key, seen);
    return seen ? taken : null;
  };
}

const called =
  (observe: (taken: Taken) => Seen | null): Sight =>
  (taken) =>
    twice(
      '"observe"',
      () => observe(taken) ?? null,
      (seen) => encode(seen, '"observe"'),
    );

/** Whether it has an actor that may ever take such a message. */
export function knows({ actors }: Composition, actor: string, type: string): boolean {
  return Object.hasOwn(actors, actor) && everHandles(actors[actor]!.machine, type);
}

/** The messages of these actors that both compositions know. */
export const knownToBoth = (
  own: Composition,
  other: Composition,
  actors: readonly string[],
): (readonly [actor: string, message: string])[] =>
  actors.flatMap((actor) =>
    Object.hasOwn(own.actors, actor)
      ? eventsAndDelaysOf(own.actors[actor]!.machine)
          .filter((message) => knows(other, actor, message))
          .map((message) => [actor, message] as const)
      : [],
  );

/** The messages that actors of a composition may take and that the other does not know: by default they are not observed. */
export function knownOnlyTo(own: Composition, other: Composition): { actor: string; message: string }[] {
  return Object.entries(own.actors).flatMap(([actor, { machine }]) =>
    eventsAndDelaysOf(machine)
      .filter((message) => !knows(other, actor, message))
      .map((message) => ({ actor, message })),
  );
}

function checkKnown(composition: Composition, actor: string, type: string): void {
  if (knows(composition, actor, type)) return;
  const { actors } = composition;
  const isActor = Object.hasOwn(actors, actor);
  const known = isActor ? eventsOf(actors[actor]!.machine) : Object.keys(actors);
  throw new SpecError(`nothing is observed of "${type}" of ${actor}`, {
    code: 'E-OBSERVE',
    where: '"observe"',
    why: `${isActor ? `the messages that ${actor} may take` : 'the actors'} are ${known.join(', ') || 'none'}`,
    instead: `one of them${didYouMean(isActor ? type : actor, known)}`,
  });
}
