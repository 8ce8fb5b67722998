import { behavioursOf, built } from './check.ts';
import type { Composition, Model, Variant } from './model.ts';
import { Alphabet, type Observe, Observer, sightOf } from './refine-events.ts';
import { Effort, type Escape, Pursuit, type Side, Stopped } from './refine-pursuit.ts';
import { Whereabouts } from './refine-whereabouts.ts';
import { type Counterexample, counterexample } from './refine-witness.ts';
import type { Limits, Progress, Reason } from './search.ts';
import { checkShape } from './shape.ts';
import { StoreFull } from './store.ts';
import { compile } from './system.ts';
import { validate } from './validate.ts';
import type { LimitReached } from './verdict.ts';

export type { Observe, Seen, SeenEvent } from './refine-events.ts';
export type { Counterexample, Stood } from './refine-witness.ts';

/** One variant, and what is observed of it. */
export interface Observed {
  readonly model: Model;
  readonly variant: Variant;
  /** Where only one of the two says so, it is said of both; where neither does, it is all messages that both know. */
  readonly observe?: Observe;
}

export interface Refining {
  /** Of `states`: pairs of a state and of where the specification may be then, or states of the specification. */
  readonly limits?: Limits;
  /** Its `states` are such pairs. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Whether every behaviour of an implementation is one of its specification. Only a search that has finished says `refines`. */
export type Refinement = { readonly stats: RefinementStats } & (
  | { readonly kind: 'refines' }
  /** Nothing that is observed ever happens in the implementation: it refines whatever there is. */
  | { readonly kind: 'vacuous' }
  | ({ readonly kind: 'refuted' } & Counterexample)
  /** Every run of up to `covered` steps of the implementation is a behaviour of the specification. */
  | { readonly kind: 'unknown'; readonly limit: Omit<LimitReached, 'grew'> }
);

export interface RefinementStats {
  /** Pairs of a state of the implementation and of where the specification may be then. */
  readonly pairs: number;
  /** States of the implementation, and of the specification, that were met. */
  readonly states: number;
  readonly specification: number;
  readonly milliseconds: number;
}

/**
 * Whether one variant refines another: whether all that can be seen of the first can be seen of the second.
 *
 * What is seen of a run is the sequence of the messages that its actors take, of those that are observed, and where it ends with
 * one that is `unhandled`, this. Where a step ends and the next begins is not seen. Whatever is seen of a run of the first, to its end or
 * not, must be what is seen of some run of the second, to its end or not. Nothing is said of what must happen: a
 * variant that does nothing refines every other.
 *
 * @throws SpecError where a specification is malformed or impure, or where a message is observed that is not known
 * @throws ReplayFault where plain XState does not do what the search says: a fault of Holdfast
 */
export function refine(
  implementation: Observed,
  specification: Observed,
  { limits = {}, onProgress = () => {} }: Refining = {},
): Refinement {
  const started = Date.now();
  const alphabet = new Alphabet();
  const sides = sidesOf(implementation, specification, alphabet);
  const effort = new Effort(limits, onProgress);
  const { pursuit, found } = pursued(sides, alphabet, effort);
  for (const { system } of sides) for (const behaviour of behavioursOf(system)) behaviour.audit();
  const stats: RefinementStats = {
    pairs: pursuit?.pairs.size ?? 0,
    states: pursuit?.states ?? 0,
    specification: pursuit?.whereabouts.states ?? 0,
    milliseconds: Date.now() - started,
  };
  if (found !== null && 'limit' in found) return { kind: 'unknown', limit: { ...found, covered: effort.depth }, stats };
  if (found === null) return { kind: pursuit!.sees ? 'refines' : 'vacuous', stats };
  effort.end();
  return { kind: 'refuted', ...counterexample(pursuit!, found, sides[1], alphabet), stats };
}

type Sides = readonly [implementation: Side, specification: Side];

/** Looks for a step that the specification does not follow, as far as the limits allow. */
function pursued(
  [implementation, specification]: Sides,
  alphabet: Alphabet,
  effort: Effort,
): { readonly pursuit?: Pursuit; readonly found: Escape | Reason | null } {
  let pursuit: Pursuit | undefined;
  try {
    const { system, observer } = specification;
    const whereabouts = new Whereabouts(system, observer, alphabet, () => effort.looking());
    pursuit = new Pursuit(implementation, whereabouts, effort);
    return { pursuit, found: pursuit.run() };
  } catch (error) {
    const found = reasonOf(error);
    if (found === undefined) throw error;
    return { found, ...(pursuit && { pursuit }) };
  }
}

function reasonOf(error: unknown): Reason | undefined {
  if (error instanceof Stopped) return error.reason;
  return error instanceof StoreFull ? { limit: 'memory', value: process.memoryUsage.rss() } : undefined;
}

function sidesOf(implementation: Observed, specification: Observed, alphabet: Alphabet): Sides {
  const [own, other] = [implementation, specification].map(composed) as [Composition, Composition];
  const side = (composition: Composition, to: Composition, observe: Observe | undefined): Side => ({
    system: compile(composition),
    observer: new Observer(alphabet, sightOf(observe, composition, to)),
  });
  return [
    side(own, other, implementation.observe ?? specification.observe),
    side(other, own, specification.observe ?? implementation.observe),
  ];
}

/** @throws SpecError where it is malformed */
export function composed({ model, variant }: Pick<Observed, 'model' | 'variant'>): Composition {
  const composition = built(model, variant);
  checkShape(model.name, composition);
  validate(composition);
  return composition;
}
