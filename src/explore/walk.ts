import type { LocalId } from './behaviour.ts';
import type { Unhandled } from './cascade.ts';
import type { Composition } from './model.ts';
import type { Taken } from './property.ts';
import { type PlainState, plainStart, plainStep } from './replay.ts';
import { type LearnedStep, writeInto } from './steps.ts';
import { compile, instanceOf, type System } from './system.ts';
import type { RunStep } from './verdict.ts';

/** A global state that was walked to: as the search numbers it, and as plain XState has it. */
export interface Place {
  /** The same for two places exactly where they are one state. */
  readonly key: string;
  readonly vector: Uint32Array;
  readonly state: PlainState;
}

/** A step that can be taken in a place. */
export interface Ahead {
  readonly step: RunStep;
  readonly taken: readonly Taken[];
  /** The transitions of machines that it takes, in order: which actor (its slot), which of its machine's transitions. */
  readonly moves: readonly { readonly slot: number; readonly transition: number }[];
  readonly environment: boolean;
  /** Set where the step is a verdict: then `to` is where it went wrong, which is no state of the model. */
  readonly unhandled: Unhandled | null;
  readonly to: Place;
}

/**
 * A model walked by hand, one step after the other, for whoever asks what else could have happened.
 *
 * Which steps there are is asked of the same tables that the search asks; what a step does is told by plain XState, as in
 * every run that is printed. Nothing is kept: who walks far must remember where he has been.
 */
export class Walker {
  readonly composition: Composition;
  readonly system: System;

  /** @param composition one that `check` accepts */
  constructor(composition: Composition) {
    this.composition = composition;
    this.system = compile(composition);
  }

  start(): Place {
    return place(this.system.initial, plainStart(this.composition));
  }

  /** Every step that is enabled here, in the order of the search. */
  steps({ vector, state }: Place): Ahead[] {
    return this.#enabled(vector).map((learned) => {
      const { step, taken, after, unhandled } = plainStep(this.composition, state, learned.label);
      const next = vector.slice();
      if (learned.writes !== null) writeInto(this.system, learned.writes, next);
      const { environment } = learned;
      return { step, taken, unhandled, environment, moves: this.#moves(vector, learned), to: place(next, after) };
    });
  }

  /** Whether only the environment can move here, and somebody waits for more: docs/semantics.md. */
  isDeadlock({ vector, state }: Place): boolean {
    const isStuck = state.actors.some(
      ({ snapshot, mail }) => mail.length > 0 || !(snapshot.tags.has('rest') || snapshot.status === 'done'),
    );
    return isStuck && this.#enabled(vector).every(({ environment }) => environment);
  }

  #enabled(vector: Uint32Array): LearnedStep[] {
    const { instances, sources } = this.system;
    return instances.flatMap(({ slot }) => sources(slot, vector[slot]!).flatMap(({ steps }) => steps.at(vector)));
  }

  /** Goes once more through the rows of the tables that the step is made of. */
  #moves(vector: Uint32Array, { label, taken }: LearnedStep): Ahead['moves'] {
    const { instances, messages } = this.system;
    const locals = new Map<number, LocalId>();
    return taken.flatMap(({ actor, self, message }, i) => {
      const { slot, behaviour } = instanceOf(instances, { actor, self });
      let local = locals.get(slot) ?? vector[slot]!;
      if (i === 0 && label.cause === 'delay')
        local = behaviour.fire(local, [...behaviour.locals.value(local).armed.keys()][label.position!]!).spent;
      const row = behaviour.row(local, messages.id(message, actor))!;
      locals.set(slot, row.next);
      return row.transitions.map((transition) => ({ slot, transition }));
    });
  }
}

const place = (vector: Uint32Array, state: PlainState): Place => ({ key: vector.join(), vector, state });
