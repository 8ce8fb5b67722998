/**
 * Matchers for vitest, over models. Importing this file adds them to vitest's `expect`.
 *
 * ```ts
 * import 'holdfast/vitest';
 * import { expect, test } from 'vitest';
 * import race from './race.ts';
 *
 * test('a lock keeps every update', () => expect(race).toHold({ option: { lock: true } }));
 * test('without it one is lost', () => expect(race).toViolate('no update is lost', { option: { lock: false }, within: 4 }));
 * ```
 *
 * Without a variant and without options a matcher speaks of every variant of the model. What a model `expect`s of a variant is
 * for `holdfast check`; here the test says it. What a search that was stopped leaves `unknown` passes no matcher, `not` included.
 */

import { expect } from 'vitest';
import type { Model } from '../explore/model.ts';
import type { Property, Sometimes } from '../explore/property.ts';
import { type Checking, holding, type Judgement, reaching, takingAll, violating } from './judgement.ts';
import { type Refining, refines } from './refining.ts';

export type { Choice } from '../explore/choose.ts';
export type { Observe, Seen } from '../explore/refine.ts';
export type { Checking } from './judgement.ts';
export type { Refining } from './refining.ts';

/** The matchers, of which `R` is what they return and `T` what `expect` was given: a model, or they cannot be called. */
export interface ModelMatchers<R, T> {
  /** Every property holds, exhaustively and not vacuously, and every witness is reached. */
  readonly toHold: T extends Model
    ? (checking?: Checking & { readonly property?: string | readonly string[] }) => R
    : never;
  /** The property is violated, in at most `within` steps. `deadlock` and `unhandled` are properties too. */
  readonly toViolate: T extends Model
    ? (
        property: string | Exclude<Property<never>, Sometimes<never>>,
        checking?: Checking & { readonly within?: number },
      ) => R
    : never;
  /** Some reachable state satisfies the witness. */
  readonly toReach: T extends Model ? (witness: string | Sometimes<never>, checking?: Checking) => R : never;
  /** Every transition of every machine is taken, in one variant at least of those that are meant; `except` names those that are not. */
  readonly toTakeEveryTransition: T extends Model
    ? (checking?: Checking & { readonly except?: readonly string[] }) => R
    : never;
  /** All that can be seen of it can be seen of the specification too: messages that are taken, in their order. */
  readonly toRefine: T extends Model ? (specification: Model, refining?: Refining) => R : never;
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends ModelMatchers<R, T> {}
}

/** A vitest matcher: what cannot be said passes neither way. */
const matcher = <A extends readonly unknown[]>(judge: (model: Model, ...rest: A) => Judgement) =>
  function matches(this: { readonly isNot?: boolean }, model: Model, ...rest: A) {
    const { answer, message } = judge(model, ...rest);
    return { pass: answer === 'unknown' ? this.isNot === true : answer === 'yes', message };
  };

expect.extend({
  toHold: matcher(holding),
  toViolate: matcher(violating),
  toReach: matcher(reaching),
  toTakeEveryTransition: matcher(takingAll),
  toRefine: matcher(refines),
});
