/**
 * Holdfast checks what compositions of XState machines can do: every interleaving, every property, the shortest run to
 * every violation. A model file imports from here what it says with; a program also what it checks with.
 *
 * ```ts
 * const report = check(model, model.variants[0]!);
 * for (const { property, kind, steps } of report.verdicts) console.log(property, kind, steps);
 * ```
 */

export type { Limits, Progress, Settings, Surprise } from './explore/check.ts';
export { check, surprises } from './explore/check.ts';
export type { Explanation, Instead, LeftOut, Order, Reason } from './explore/explain/explanation.ts';
export type { Halves, Keeping, Phases, SearchFigures, SlotFigures, Undivided } from './explore/figures.ts';
export type {
  Actors,
  Address,
  Assignment,
  Composition,
  EmittedOf,
  EventsOf,
  Figures,
  MailboxRules,
  Message,
  Model,
  ModelSpec,
  One,
  Options,
  OptionValue,
  Peer,
  Placed,
  QueueRules,
  Receivers,
  Replicas,
  Room,
  Route,
  Spontaneous,
  Variant,
  VariantSpec,
  Wire,
  Wires,
} from './explore/model.ts';
export { compose, defineModel, replicate, start } from './explore/model.ts';
export type { Always, Change, Occurrence, Precedes, Property, Sometimes, Step, Taken } from './explore/property.ts';
export { always, never, precedes, sometimes, step } from './explore/property.ts';
export type {
  Counterexample,
  Observe,
  Observed,
  Refinement,
  RefinementStats,
  Refining,
  Seen,
  SeenEvent,
  Stood,
} from './explore/refine.ts';
export { refine } from './explore/refine.ts';
export type { Retaken, TakenStep, Taking } from './explore/retake.ts';
export { retake } from './explore/retake.ts';
export type { Simulating, Simulation } from './explore/simulate/simulate.ts';
export { simulate } from './explore/simulate/simulate.ts';
export { SpecError } from './explore/spec-error.ts';
export type {
  ActorCoverage,
  ActorRef,
  ActorView,
  Cause,
  Growth,
  LimitReached,
  NeverTaken,
  Outcome,
  PropertyKind,
  Report,
  Run,
  RunStep,
  Sent,
  Stats,
  StepLabel,
  TransitionCoverage,
  Verdict,
  VerdictKind,
} from './explore/verdict.ts';
